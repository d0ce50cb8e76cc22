// Who got through in the end.
#include "sim/availability/served.hpp"

namespace trunklab {

ServedCount::ServedCount(const Scenario& scenario, Instant from) : from_(from), last_(scenario.demands.size()), sites_(scenario.sites.size()) {
  for (const DemandSpec& demand : scenario.demands) redialled_.push_back(demand.redial.has_value());
}

void ServedCount::calls(std::span<const CallRecord> rows) {
  for (const CallRecord& call : rows) {
    Served& site = sites_.at(call.site);
    const bool counts = !call.initial() && call.offered >= from_;
    if (counts || call.ended >= from_) site.cut_off += call.ending == Ending::dropped || call.ending == Ending::orphaned;
    if (!counts) continue;
    site.callers += call.id.redial == 0;
    const bool lost = call.outcome == Outcome::blocked || call.outcome == Outcome::failed || call.outcome == Outcome::lost_in_setup ||
                      call.outcome == Outcome::abandoned;
    if (redialled_.at(call.id.demand))
      judge(call, lost);
    else
      site.not_served += lost;
  }
}

void ServedCount::judge(const CallRecord& call, bool lost) {
  auto& tries = last_.at(call.id.demand);
  const std::uint64_t caller = std::uint64_t{call.id.window} << 32U | call.id.number;
  const auto known = tries.find(caller);
  if (known == tries.end()) {
    if (lost || call.id.redial > 0) tries.emplace(caller, Try{call.id.redial, lost});
    sites_.at(call.site).not_served += lost;
    return;
  }
  if (call.id.redial < known->second.redial) return;
  sites_.at(call.site).not_served += std::int64_t{lost} - std::int64_t{known->second.lost};
  known->second = {call.id.redial, lost};
}

}  // namespace trunklab
