// What a demand offers in the course of time, on paper.
#pragma once

#include <optional>
#include <vector>

#include "models/result.hpp"
#include "models/teletraffic/time_varying.hpp"
#include "sim/planning/seizure.hpp"

namespace trunklab {

/// Calls a second of a demand over the horizon, as pieces. A trace is counted in pieces of five minutes; evenly spaced arrivals count as independent
/// ones of their rate, which needs more channels than they do. Problems: a trace that cannot be read.
struct DemandRate {
  CallsPerSecond before{0};
  std::vector<RatePiece> pieces;
  std::optional<double> talk_s{};  ///< mean talk time of a trace, which has its own
};
Result<DemandRate> rate_of(const Scenario& scenario, const DemandSpec& demand);

/// The traffic of one demand.
class DemandLoad {
 public:
  DemandLoad(const DemandSpec& demand, DemandRate rate, const Seizure& seizure);
  /// Mean calls at the same time if none is blocked: Mt/G/infinity.
  [[nodiscard]] double erlangs(Instant at) const;
  [[nodiscard]] double calls_per_s(Instant at) const;
  [[nodiscard]] bool constant() const { return constant_; }

 private:
  DemandRate rate_;
  HoldingLaw law_;
  double mean_s_;
  bool constant_;
};

}  // namespace trunklab
