// Distributions of durations as a scenario names them: by mean and coefficient of variation, not by shape parameters.
#pragma once

#include <memory>
#include <variant>
#include <vector>

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

/// The value below which a share `u` of all durations lies (inverse transform). 0 < u < 1.
Span quantile(const Distribution& distribution, double u);

/// The length-biased law: the duration of the one that an outside observer meets in progress (density x f(x) / mean).
/// Its value at `u`. A uniformly distributed part of it is left. 0 < u < 1, mean > 0. Source: Cox, Renewal Theory, section 5.
Span length_biased_quantile(const Distribution& distribution, double u);

}  // namespace trunklab
