// Expectation-maximisation on logarithms.
#include "models/statistics/lognormal_mixture.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace trunklab {
namespace {

constexpr double sigma_least = 0.02;

/// What the values say of one part, weighted by how likely each belongs to it.
struct PartSums {
  double weight = 0;
  double sum = 0;
  double squares = 0;
};

/// Equal groups of the sorted logarithms, one a part.
std::vector<LognormalPart> first_guess(std::vector<double> logs, std::size_t parts) {
  std::ranges::sort(logs);
  std::vector<LognormalPart> guess(parts);
  const double whole_sigma = std::max(sigma_least, (logs.back() - logs.front()) / 6);
  for (std::size_t i = 0; i < parts; ++i) {
    const std::size_t first = logs.size() * i / parts;
    const std::size_t last = logs.size() * (i + 1) / parts;
    double mean = 0;
    for (std::size_t j = first; j < last; ++j) mean += logs[j];
    mean /= static_cast<double>(last - first);
    guess[i] = {.weight = 1.0 / static_cast<double>(parts), .mu = mean, .sigma = whole_sigma};
  }
  return guess;
}

/// One step: the log-likelihood of `parts`, and the sums from which better ones follow.
double expectation(std::span<const double> logs, const std::vector<LognormalPart>& parts, std::vector<PartSums>& sums) {
  std::ranges::fill(sums, PartSums{});
  std::vector<double> density(parts.size());
  std::vector<double> front(parts.size());
  for (std::size_t k = 0; k < parts.size(); ++k) front[k] = parts[k].weight / (parts[k].sigma * std::sqrt(2 * std::numbers::pi));
  double log_likelihood = 0;
  for (const double x : logs) {
    double total = 0;
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const double z = (x - parts[k].mu) / parts[k].sigma;
      density[k] = front[k] * std::exp(-0.5 * z * z);
      total += density[k];
    }
    if (total < 1e-300) continue;  // beyond the reach of every part: it moves none of them
    log_likelihood += std::log(total);
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const double share = density[k] / total;
      sums[k].weight += share;
      sums[k].sum += share * x;
      sums[k].squares += share * x * x;
    }
  }
  return log_likelihood;
}

void maximise(const std::vector<PartSums>& sums, double count, std::vector<LognormalPart>& parts) {
  for (std::size_t k = 0; k < parts.size(); ++k) {
    if (sums[k].weight < 1e-6 * count) continue;  // an empty part stays where it is
    const double mu = sums[k].sum / sums[k].weight;
    const double variance = std::max(0.0, sums[k].squares / sums[k].weight - mu * mu);
    parts[k] = {.weight = sums[k].weight / count, .mu = mu, .sigma = std::max(sigma_least, std::sqrt(variance))};
  }
}

}  // namespace

double normal_cdf(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double LognormalMixture::cdf(double x) const {
  if (x <= 0) return 0;
  const double log_x = std::log(x);
  double share = 0;
  for (const LognormalPart& part : parts) share += part.weight * normal_cdf((log_x - part.mu) / part.sigma);
  return share;
}

double LognormalMixture::mean() const {
  double mean = 0;
  for (const LognormalPart& part : parts) mean += part.weight * std::exp(part.mu + part.sigma * part.sigma / 2);
  return mean;
}

LognormalMixture fit_lognormal_mixture(std::span<const double> values, std::size_t parts, const MixtureEffort& effort,
                                       const LognormalMixture* start) {
  assert(parts >= 1 && values.size() >= 2 * parts);
  std::vector<double> logs;
  logs.reserve(values.size());
  for (const double value : values) {
    assert(value > 0);
    logs.push_back(std::log(value));
  }
  const auto count = static_cast<double>(logs.size());
  LognormalMixture fit;
  fit.parts = start ? start->parts : first_guess(logs, parts);
  std::vector<PartSums> sums(parts);
  double before = -HUGE_VAL;
  for (int step = 0; step < effort.steps_most; ++step) {
    fit.log_likelihood = expectation(logs, fit.parts, sums);
    if (step > 0 && fit.log_likelihood - before < effort.gain_least * count) break;
    before = fit.log_likelihood;
    maximise(sums, count, fit.parts);
  }
  std::ranges::sort(fit.parts, {}, &LognormalPart::mu);
  fit.bic = static_cast<double>(3 * parts - 1) * std::log(count) - 2 * fit.log_likelihood;
  return fit;
}

}  // namespace trunklab
