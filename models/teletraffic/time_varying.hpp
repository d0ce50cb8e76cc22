// Traffic that changes with the time of day: the mean number of calls lags behind the rate, and so does blocking.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "models/units.hpp"

namespace trunklab {

/// A law of holding times, by what the formulas need of it. Seconds.
class HoldingLaw {
 public:
  /// mean > 0.
  static HoldingLaw exponential(Span mean);
  static HoldingLaw constant(Span mean);
  /// cv = standard deviation / mean, > 0.
  static HoldingLaw lognormal(Span mean, double cv);
  /// Any law by P(holding > seconds), which falls from 1 to 0 and has this mean; integrated numerically to about 1e-10.
  static HoldingLaw of_survival(std::function<double(double seconds)> survival, Span mean);

  [[nodiscard]] double mean() const { return mean_; }
  /// E[min(holding, x)]: the integral of the survival function from 0 to x >= 0.
  [[nodiscard]] double limited_mean(double x) const { return limited_(x); }

 private:
  HoldingLaw(double mean, std::function<double(double)> limited) : mean_(mean), limited_(std::move(limited)) {}
  double mean_;
  std::function<double(double)> limited_;
};

/// Calls come at this rate for so long.
struct RatePiece {
  Span length{};           ///< > 0
  CallsPerSecond rate{0};  ///< >= 0
};

/// Poisson arrivals of piecewise constant rate. From run_start on the pieces, one after the other; the last rate goes on for ever.
struct RateProfile {
  CallsPerSecond before{0};  ///< for ever until run_start
  std::span<const RatePiece> pieces;
};

/// Mean number of calls at `at` if none were blocked (Mt/G/infinity): the traffic offered at that instant. at >= run_start, at least one piece.
/// Source: S. G. Eick, W. A. Massey and W. Whitt, "The physics of the Mt/G/infinity queue", Operations Research 41 (1993) 731, equation 2:
/// m(t) = integral of rate(t - u) P(S > u) du.
Erlangs offered_at(const RateProfile& profile, const HoldingLaw& holding, Instant at);

struct LoadPeak {
  Instant at{};
  Erlangs offered{0};
};

/// The largest such mean from run_start to the end of the last piece: the best of 200 instants a piece, made more precise between its
/// neighbours. O(200 * pieces * pieces) limited means.
LoadPeak peak_offered(const RateProfile& profile, const HoldingLaw& holding);

/// Chance to be blocked at `at` on so many channels, by modified offered load: Erlang B of the mean above. Good while blocking is small,
/// since it forgets that blocked calls free channels later.
/// Source: D. L. Jagerman, "Nonstationary blocking in telephone traffic", Bell System Technical Journal 54 (1975) 625.
Probability mol_blocking(const RateProfile& profile, const HoldingLaw& holding, Instant at, std::uint32_t channels);

/// The same at the peak, and the fewest channels at which it is no more than `blocking`. 0 < blocking <= 1.
Probability mol_peak_blocking(const RateProfile& profile, const HoldingLaw& holding, std::uint32_t channels);
std::uint32_t mol_channels_for(const RateProfile& profile, const HoldingLaw& holding, Probability blocking);

}  // namespace trunklab
