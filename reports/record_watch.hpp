// What was noticed of each planned fault, worked out from a run record: the same watch that a failover study keeps, fed from the tables.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/measures/fault_watch.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {

/// Calls that a fault hit, of those that were doing the same when it began. Sums over replications.
struct HitPhase {
  std::uint64_t hit = 0;
  std::uint64_t lost = 0;
  std::uint64_t stuck = 0;
  std::uint64_t late = 0;
  /// Mean over the replications in which any was hit: from the fault until the last of them was through, had ended, or held nothing any more.
  double over_s = 0;
};

struct FaultStory {
  FaultNotice notice;
  std::array<HitPhase, 3> phases{};  ///< by CallPhase
  double silence_s = 0;              ///< sum: attempts of the calls hit without any answer, as long as the site waited
  std::uint64_t silent_talks = 0;    ///< talks hit in which a side heard nothing
  std::uint32_t replications = 1;    ///< that were looked at, from the first on
  [[nodiscard]] const HitPhase& operator[](CallPhase phase) const { return phases[static_cast<std::size_t>(phase)]; }
};

/// One a planned fault, in the directory's order. Looks at as many replications as memory allows with ease (ours: faults times replications at most
/// 200). Empty if the record does not know which calls were hit: without a twin, or without a row for every call.
std::vector<FaultStory> fault_stories(const RunRecord& record);

}  // namespace trunklab
