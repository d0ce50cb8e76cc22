// What was noticed of each planned fault, worked out from a run record: the same watch that a failover study keeps, fed from the tables.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/measures/fault_watch.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {

struct FaultStory {
  FaultNotice notice;
  /// By CallPhase: mean over the replications in which any was hit: from the fault until the last of them was through, had ended, or held nothing
  /// any more; s, 0 if none was hit.
  std::array<double, 3> over_s{};
  double silence_s = 0;            ///< sum: attempts of the calls hit without any answer, as long as the site waited
  std::uint64_t silent_talks = 0;  ///< talks hit in which a side heard nothing
  [[nodiscard]] double over(CallPhase phase) const { return over_s[static_cast<std::size_t>(phase)]; }
};

/// One a planned fault, in the directory's order. Looks at as many replications as memory allows with ease (ours: faults times replications at most
/// 200). Empty if the record does not know which calls were hit: without a twin, or without a row for every call.
std::vector<FaultStory> fault_stories(const RunRecord& record);

}  // namespace trunklab
