// Confidence intervals: over replications, over batches, for ratios, and bounds for few events.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace trunklab {

/// Mean and variance in one pass, without cancellation. Source: B. P. Welford, Technometrics 4 (1962) 419.
class Moments {
 public:
  void add(double value);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// 0 if nothing was added.
  [[nodiscard]] double mean() const { return mean_; }
  /// Unbiased (n - 1). 0 for fewer than two values.
  [[nodiscard]] double variance() const;

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

struct Interval {
  double mean = 0;
  double low = 0;
  double high = 0;
};

/// Two-sided Student t interval for the mean of independent, roughly normal values. At least two values; 0 < level < 1.
Interval t_interval(std::span<const double> values, double level);

/// One observation of a ratio: e.g. blocked and offered calls of one replication.
struct RatioTerm {
  double numerator = 0;
  double denominator = 0;
};

/// Two-sided interval for sum(numerators) / sum(denominators) by the jackknife, with Student t on n - 1 degrees. Its mean is the plain ratio
/// of sums; the interval is centred on the bias-corrected jackknife mean and widened, where necessary, to contain it.
/// At least two terms; leaving out any one of them must leave a positive denominator. 0 < level < 1.
/// Source: R. G. Miller, "The jackknife - a review", Biometrika 61 (1974) 1.
Interval jackknife_ratio(std::span<const RatioTerm> terms, double level);

/// Means of `batches` successive groups of equal size; values left over at the end go unused. batches >= 1, at most values.size().
std::vector<double> batch_means(std::span<const double> values, std::size_t batches);

/// One-sided exact upper bound of a Poisson mean of which `events` were counted: the mean at which so few or fewer have probability
/// 1 - level. 0 events at 95 %: 2.9957. 0 < level < 1. Source: F. Garwood, Biometrika 28 (1936) 437.
double poisson_upper_bound(std::uint64_t events, double level);

/// Kolmogorov-Smirnov distance D between the values' empirical distribution and the given probabilities u_i = F(x_i), sorted ascending.
/// At least one value. D * sqrt(n) > 1.628 rejects F at 1 % for large n.
double kolmogorov_smirnov(std::span<const double> sorted_probabilities);

}  // namespace trunklab
