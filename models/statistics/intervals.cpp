// Student t, jackknife and Poisson intervals.
#include "models/statistics/intervals.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/statistics/special.hpp"

namespace trunklab {

void Moments::add(double value) {
  ++count_;
  const double before = value - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (value - mean_);
}

double Moments::variance() const {
  return count_ < 2 ? 0 : squares_ / static_cast<double>(count_ - 1);
}

Interval t_interval(std::span<const double> values, double level) {
  assert(values.size() >= 2 && level > 0 && level < 1);
  Moments moments;
  for (const double value : values) moments.add(value);
  const auto n = static_cast<double>(values.size());
  const double half = student_t_quantile((1 + level) / 2, n - 1) * std::sqrt(moments.variance() / n);
  return {moments.mean(), moments.mean() - half, moments.mean() + half};
}

Interval jackknife_ratio(std::span<const RatioTerm> terms, double level) {
  assert(terms.size() >= 2);
  RatioTerm sum;
  for (const RatioTerm& term : terms) {
    sum.numerator += term.numerator;
    sum.denominator += term.denominator;
  }
  const double ratio = sum.numerator / sum.denominator;
  const auto n = static_cast<double>(terms.size());
  std::vector<double> pseudo;
  for (const RatioTerm& term : terms) {
    assert(sum.denominator - term.denominator > 0);
    pseudo.push_back(n * ratio - (n - 1) * (sum.numerator - term.numerator) / (sum.denominator - term.denominator));
  }
  const Interval around = t_interval(pseudo, level);
  return {ratio, std::min(around.low, ratio), std::max(around.high, ratio)};
}

std::vector<double> batch_means(std::span<const double> values, std::size_t batches) {
  assert(batches >= 1 && batches <= values.size());
  const std::size_t size = values.size() / batches;
  std::vector<double> means;
  for (std::size_t batch = 0; batch < batches; ++batch) {
    Moments moments;
    for (const double value : values.subspan(batch * size, size)) moments.add(value);
    means.push_back(moments.mean());
  }
  return means;
}

double poisson_upper_bound(std::uint64_t events, double level) {
  assert(level > 0 && level < 1);
  const double k = static_cast<double>(events) + 1;
  double low = 0;
  double high = k;
  while (upper_gamma(k, high) > 1 - level) high *= 2;
  for (int step = 0; step < 200 && high - low > 1e-14 * high; ++step) {
    const double middle = (low + high) / 2;
    (upper_gamma(k, middle) > 1 - level ? low : high) = middle;
  }
  return (low + high) / 2;
}

double kolmogorov_smirnov(std::span<const double> sorted_probabilities) {
  assert(!sorted_probabilities.empty() && std::ranges::is_sorted(sorted_probabilities));
  const auto n = static_cast<double>(sorted_probabilities.size());
  double distance = 0;
  double below = 0;
  for (const double u : sorted_probabilities) {
    distance = std::max({distance, u - below / n, (below + 1) / n - u});
    ++below;
  }
  return distance;
}

}  // namespace trunklab
