// The calls of a scenario's timetable as SIPp shall play them: group by group, in time order, streamed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/result.hpp"
#include "traffic/demand/timetable.hpp"
#include "traffic/sipp/replay_fate.hpp"

namespace trunklab {

/// A call of the timetable, ready to be written down.
struct ReplayCall {
  PlannedCall planned;
  std::uint16_t group = 0;  ///< index into ReplayPlan::groups()
  std::uint32_t place = 0;  ///< in its group, from 0
  ReplayPart part;
  ReplayFate fate;
  std::uint32_t first_target = 0;     ///< where its hunt begins, see hunting_order
  const CodecOffer* offer = nullptr;  ///< nullptr = media is not modelled
};

/// The very calls that the simulator plays for this scenario and replication, without the initial calls of a stationary start, and without redials.
class ReplayPlan {
 public:
  /// `scenario` must outlive the plan. Problems: those of Timetable::open.
  static Result<ReplayPlan> open(const Scenario& scenario, std::uint32_t replication);

  [[nodiscard]] const std::vector<ReplayGroup>& groups() const { return groups_; }
  /// false: there are no more.
  bool next(ReplayCall& call);

 private:
  ReplayPlan(const Scenario& scenario, Timetable timetable, std::uint32_t replication);
  [[nodiscard]] const CodecOffer* offer_of(const PlannedCall& call) const;

  const Scenario* scenario_;
  Timetable timetable_;
  std::vector<ReplayGroup> groups_;
  std::vector<std::uint16_t> group_of_demand_;
  std::vector<Luck> luck_;             ///< by demand
  std::vector<std::uint32_t> placed_;  ///< by group: calls so far
};

/// "retail.12.34": demand, window, number; the same in every run of the scenario (see call_id_text).
std::string call_name(const Scenario& scenario, const CallId& id);

}  // namespace trunklab
