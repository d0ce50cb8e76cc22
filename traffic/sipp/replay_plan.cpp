// Streaming the timetable's calls with what SIPp needs of each.
#include "traffic/sipp/replay_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace trunklab {

Result<ReplayPlan> ReplayPlan::open(const Scenario& scenario, std::uint32_t replication) {
  auto timetable = Timetable::open(scenario, replication);
  if (!timetable) return timetable.problems();
  return ReplayPlan(scenario, std::move(timetable).value(), replication);
}

ReplayPlan::ReplayPlan(const Scenario& scenario, Timetable timetable, std::uint32_t replication)
    : scenario_(&scenario), timetable_(std::move(timetable)), groups_(replay_groups(scenario)), placed_(groups_.size()) {
  for (const DemandSpec& demand : scenario.demands) {
    luck_.push_back(demand_luck(scenario, demand, replication));
    const auto mine = [&](const ReplayGroup& group) { return group.site == demand.site && group.direction == demand.direction; };
    group_of_demand_.push_back(static_cast<std::uint16_t>(std::ranges::find_if(groups_, mine) - groups_.begin()));
  }
}

/// As the simulator draws it.
const CodecOffer* ReplayPlan::offer_of(const PlannedCall& call) const {
  const DemandSpec& demand = scenario_->demands[call.id.demand];
  if (demand.codecs.empty()) return nullptr;
  double u = unit_interval(luck_[call.id.demand].block(Purpose::port, index_of(call.id))[0]);
  std::size_t offer = 0;
  while (offer + 1 < demand.codecs.size() && u >= demand.codecs[offer].share.value()) u -= demand.codecs[offer++].share.value();
  return &demand.codecs[offer];
}

bool ReplayPlan::next(ReplayCall& call) {
  const PlannedCall* head = timetable_.peek();
  if (head == nullptr) return false;
  call.planned = *head;
  const std::uint16_t demand = head->id.demand;
  call.group = group_of_demand_[demand];
  const ReplayGroup& group = groups_[call.group];
  call.place = placed_[call.group]++;
  call.part = part_of(*head, group, scenario_->service.number_format_code, scenario_->sites[group.site].contact_centre.has_value());
  call.fate = fate_of(*head, call.part, group);
  call.first_target = 0;
  if (group.order == TargetOrder::rotate) call.first_target = call.place;
  if (group.order == TargetOrder::random) {
    call.first_target = static_cast<std::uint32_t>(luck_[demand].block(Purpose::attempt, index_of(head->id))[2] >> 32U);
  }
  call.offer = offer_of(*head);
  timetable_.pop();
  return true;
}

std::string call_name(const Scenario& scenario, const CallId& id) {
  return fmt::format("{}.{}.{}", scenario.demands[id.demand].name, id.window, id.number);
}

}  // namespace trunklab
