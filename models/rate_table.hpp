// A rate that varies with time, its integral and the inverse of that: what a time-varying Poisson process is drawn from.
#pragma once

#include <vector>

#include "models/demand_spec.hpp"

namespace trunklab {

/// Lambda(t) = expected number of arrivals in [0, t) for a table of rates (steps or straight lines; after the last point its rate holds).
class RateTable {
 public:
  explicit RateTable(const VaryingArrivals& arrivals);

  [[nodiscard]] double rate(Instant at) const;
  /// Expected arrivals before `at`. at >= run_start.
  [[nodiscard]] double cumulative(Instant at) const;
  /// The instant at which Lambda reaches `expected`, rounded down to the nanosecond; `never` if it never does. expected >= 0.
  [[nodiscard]] Instant inverse(double expected) const;

 private:
  struct Piece {
    double from;    ///< s
    double rate;    ///< 1/s at `from`
    double slope;   ///< 1/s^2
    double before;  ///< Lambda(from)
  };
  std::vector<Piece> pieces_;
};

}  // namespace trunklab
