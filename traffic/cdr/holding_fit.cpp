// Laws fitted to a sample of holding times, and the bootstrap that says how well they fit.
#include "traffic/cdr/holding_fit.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "models/statistics/intervals.hpp"

namespace trunklab {
namespace {

constexpr std::size_t fitted_most = 20'000;  ///< more values do not change a parameter that anybody reads
constexpr std::uint64_t p_values_most = 10'000;
constexpr std::size_t groups_most = 1000;
constexpr double shortest_s = 0.001;
constexpr int bootstraps = 199;
constexpr int mixture_bootstraps = 99;  ///< each is a fit of its own

/// So many of the values, evenly spread over the order in which they came.
std::vector<double> thinned(const std::vector<double>& values, std::size_t most) {
  if (values.size() <= most) return values;
  std::vector<double> some;
  some.reserve(most);
  for (std::size_t i = 0; i < most; ++i) some.push_back(values[i * values.size() / most]);
  return some;
}

void dither(std::vector<double>& values, Draws& draws) {
  for (double& value : values) {
    const double whole = std::round(value);
    value = whole < 1 ? draws.uniform() / 2 : whole + draws.uniform() - 0.5;
  }
}

void lift_zeros(std::vector<double>& values) {
  for (double& value : values) value = std::max(value, shortest_s);
}

FittedLaw exponential_of(const std::vector<double>& values) {
  FittedLaw law;
  const auto n = static_cast<double>(values.size());
  law.mean_s = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double log_likelihood = 0;
  for (const double x : values) log_likelihood += std::log(x / law.mean_s) - x / law.mean_s;
  law.bic = std::log(n) - 2 * log_likelihood;
  return law;
}

FittedLaw lognormals_of(const std::vector<double>& values, std::size_t parts, const MixtureEffort& effort = {},
                        const LognormalMixture* start = nullptr) {
  FittedLaw law;
  law.kind = parts == 1 ? FittedLaw::Kind::lognormal : FittedLaw::Kind::mixture;
  law.mixture = fit_lognormal_mixture(values, parts, effort, start);
  law.bic = law.mixture.bic;
  law.mean_s = law.mixture.mean();
  double squares = 0;
  for (const LognormalPart& part : law.mixture.parts) squares += part.weight * std::exp(2 * part.mu + 2 * part.sigma * part.sigma);
  law.cv = std::sqrt(std::max(0.0, squares / (law.mean_s * law.mean_s) - 1));
  return law;
}

double distance_of(const FittedLaw& law, std::vector<double> values) {
  for (double& value : values) value = law.cdf(value);
  std::ranges::sort(values);
  return kolmogorov_smirnov(values);
}

double draw(const FittedLaw& law, Draws& draws) {
  if (law.kind == FittedLaw::Kind::exponential) return law.mean_s * draws.exponential();
  double left = draws.uniform();
  const LognormalPart* chosen = &law.mixture.parts.back();
  for (const LognormalPart& part : law.mixture.parts) {
    left -= part.weight;
    if (left >= 0) continue;
    chosen = &part;
    break;
  }
  return std::exp(chosen->mu + chosen->sigma * draws.normal());
}

/// Source: W. Stute, W. Gonzáles Manteiga, M. Presedo Quindimil, "Bootstrap based goodness-of-fit-tests", Metrika 40 (1993) 243.
double bootstrap_p(const FittedLaw& law, std::size_t count, bool whole_seconds, Draws& draws) {
  const std::size_t parts = law.mixture.parts.size();
  const int repeats = parts > 1 ? mixture_bootstraps : bootstraps;
  int beyond = 0;
  std::vector<double> values(count);
  for (int repeat = 0; repeat < repeats; ++repeat) {
    for (double& value : values) value = draw(law, draws);
    if (whole_seconds) dither(values, draws);
    lift_zeros(values);
    const FittedLaw again = parts == 0 ? exponential_of(values) : lognormals_of(values, parts, {.steps_most = 15, .gain_least = 1e-6}, &law.mixture);
    if (distance_of(again, values) >= law.distance) ++beyond;
  }
  return (beyond + 1.0) / (repeats + 1.0);
}

void describe(std::vector<double> values, HoldingFit& fit) {
  std::ranges::sort(values);
  const auto at = [&values](double share) {
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
  };
  fit.median_s = at(0.5);
  fit.p90_s = at(0.9);
  fit.p99_s = at(0.99);
  const std::size_t groups = std::min(groups_most, values.size());
  for (std::size_t group = 0; group < groups; ++group) {
    const std::size_t first = values.size() * group / groups;
    const std::size_t last = values.size() * (group + 1) / groups;
    double sum = 0;
    for (std::size_t i = first; i < last; ++i) sum += values[i];
    fit.group_means.push_back(sum / static_cast<double>(last - first));
  }
}

}  // namespace

double FittedLaw::cdf(double seconds) const {
  if (kind != Kind::exponential) return mixture.cdf(seconds);
  return seconds <= 0 ? 0 : 1 - std::exp(-seconds / mean_s);
}

std::string name_of(const FittedLaw& law) {
  if (law.kind == FittedLaw::Kind::exponential) return "exponential";
  if (law.kind == FittedLaw::Kind::lognormal) return "lognormal";
  return fmt::format("lognormal mixture of {}", law.mixture.parts.size());
}

std::optional<HoldingFit> fit_holding(const Reservoir& sample, double mean_s, double cv, bool whole_seconds) {
  if (sample.values().size() < 30 || cv <= 0) return std::nullopt;
  HoldingFit fit{.values = sample.seen(), .dithered = whole_seconds, .mean_s = mean_s, .cv = cv};
  describe(sample.values(), fit);
  Draws draws(1);
  std::vector<double> values = thinned(sample.values(), fitted_most);
  if (whole_seconds) dither(values, draws);
  lift_zeros(values);
  fit.sample = values.size();
  fit.laws.push_back(exponential_of(values));
  for (std::size_t parts = 1; parts <= 3; ++parts) fit.laws.push_back(lognormals_of(values, parts));
  fit.best = static_cast<std::size_t>(std::ranges::min_element(fit.laws, {}, &FittedLaw::bic) - fit.laws.begin());
  for (std::size_t i = 0; i < fit.laws.size(); ++i) {
    FittedLaw& law = fit.laws[i];
    law.distance = distance_of(law, values);
    const bool asked = i == fit.best || law.kind != FittedLaw::Kind::mixture;
    if (asked && sample.seen() <= p_values_most) law.p = bootstrap_p(law, values.size(), whole_seconds, draws);
  }
  return fit;
}

}  // namespace trunklab
