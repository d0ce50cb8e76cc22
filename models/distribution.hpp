// Distributions of durations as a scenario names them: by mean and coefficient of variation, not by shape parameters.
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "models/quantiles.hpp"
#include "models/units.hpp"

namespace trunklab {

/// Memoryless. mean > 0.
struct Exponential {
  Span mean{};
  bool operator==(const Exponential&) const = default;
};
/// Lognormal with the given mean (> 0) and coefficient of variation (> 0): sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2.
struct Lognormal {
  Span mean{};
  double cv = 1;
  bool operator==(const Lognormal&) const = default;
};
/// Gamma with the given mean (> 0) and coefficient of variation (> 0): shape 1/cv^2, scale mean * cv^2.
struct Gamma {
  Span mean{};
  double cv = 1;
  bool operator==(const Gamma&) const = default;
};
/// Always the same. value >= 0.
struct Fixed {
  Span value{};
  bool operator==(const Fixed&) const = default;
};
/// One of the observed values, each equally likely. At least one value; all >= 0.
struct Empirical {
  std::shared_ptr<const std::vector<Span>> sorted_values;
  bool operator==(const Empirical&) const = default;
};

using Distribution = std::variant<Fixed, Exponential, Lognormal, Gamma, Empirical>;

/// The mean of the distribution.
Span mean_of(const Distribution& distribution);

/// No drawn duration is longer (ours): a call's instants are kept in 48 bits of nanoseconds, 78 hours.
inline constexpr Span longest_duration = std::chrono::hours{48};

/// A distribution made ready for drawing: its parameters are worked out once. Draws are cut at longest_duration.
class DurationLaw {
 public:
  explicit DurationLaw(const Distribution& distribution);

  /// Needs no luck: every draw gives the same.
  [[nodiscard]] bool fixed() const { return kind_ == Kind::fixed; }

  /// The value below which a share `u` of all durations lies (inverse transform). 0 < u < 1. No law costs more than a
  /// normal quantile and an exponential.
  [[nodiscard]] Span quantile(double u) const;

  /// The length-biased law: the duration of the one that an outside observer meets in progress (density x f(x) / mean), its value at `u`.
  /// Whatever is left of it is a uniformly distributed part. 0 < u < 1, mean > 0. Source: Cox, Renewal Theory (1962), section 5.4.
  [[nodiscard]] Span length_biased_quantile(double u) const;

 private:
  enum class Kind : std::uint8_t { fixed, exponential, lognormal, gamma, empirical };
  Kind kind_ = Kind::fixed;
  double scale_ = 0;  ///< fixed: value; exponential: mean; lognormal: exp(mu); gamma: scale; in nanoseconds
  double shape_ = 0;  ///< lognormal: sigma; gamma: shape
  std::shared_ptr<const std::vector<Span>> values_;
  std::shared_ptr<const GammaQuantileTable> gamma_table_;
};

}  // namespace trunklab
