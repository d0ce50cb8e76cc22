// Mixtures of lognormal laws: what talk times of real calls look like, fitted by expectation-maximisation.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace trunklab {

/// P(Z <= z) of a standard normal variable.
double normal_cdf(double z);

/// A part of the mixture: ln X is normal.
struct LognormalPart {
  double weight = 1;  ///< share of the values; the weights of a mixture sum to 1
  double mu = 0;      ///< mean of ln X
  double sigma = 1;   ///< standard deviation of ln X, > 0
};

struct LognormalMixture {
  std::vector<LognormalPart> parts;  ///< by ascending mu
  double log_likelihood = 0;         ///< of ln X, at the fitted values
  double bic = 0;                    ///< (3 k - 1) ln n - 2 log_likelihood; smaller is better. Source: G. Schwarz, Annals of Statistics 6 (1978) 461
  /// P(X <= x). 0 for x <= 0.
  [[nodiscard]] double cdf(double x) const;
  /// The mean of X, in its unit.
  [[nodiscard]] double mean() const;
};

struct MixtureEffort {
  int steps_most = 400;
  double gain_least = 1e-7;  ///< of the log-likelihood per value and step: less, and the fit is done
};

/// Maximum likelihood by expectation-maximisation of `parts` >= 1 lognormals. `values` > 0, at least 2 * parts of them, not all the same.
/// Starts from `parts` equal groups of the sorted values, or from `start`. No sigma falls below 0.02, so that no part collapses on one value.
/// Source: A. P. Dempster, N. M. Laird, D. B. Rubin, Journal of the Royal Statistical Society B 39 (1977) 1.
LognormalMixture fit_lognormal_mixture(std::span<const double> values, std::size_t parts, const MixtureEffort& effort = {},
                                       const LognormalMixture* start = nullptr);

}  // namespace trunklab
