// The birth-death chain of failed units.
#include "models/teletraffic/availability.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/teletraffic/root.hpp"

namespace trunklab {

namespace {

constexpr double hours_per_year = 8760;
constexpr std::int64_t longest_ns = std::int64_t{200} * 8760 * 3600 * 1'000'000'000;

struct Weights {
  double up = 0;
  double down = 0;
  double outages = 0;  ///< per second, times the weight of all
};

/// Weights of the states, relative to the first one or to whatever made them too large.
Weights weights_of(const RedundantUnits& system) {
  constexpr double large = 1e200;
  const double failing = 1 / in_seconds(system.mtbf);
  const double repaired = 1 / in_seconds(system.mttr);
  const double uncovered = 1 - system.coverage.value();
  const std::uint32_t spare = system.units - system.needed;
  Weights sum;
  double weight = 1;
  for (std::uint32_t failed = 0; failed <= system.units; ++failed) {
    (failed <= spare ? sum.up : sum.down) += weight;
    const double fails = (system.units - failed) * failing * weight;
    if (failed == spare) sum.outages += fails;
    if (failed < spare) {
      sum.outages += uncovered * fails;
      sum.down += uncovered * fails * in_seconds(system.takeover);
    }
    weight = fails / (std::min(failed + 1, system.crews) * repaired);
    if (weight > large) {
      weight /= large;
      sum = {sum.up / large, sum.down / large, sum.outages / large};
    }
  }
  return sum;
}

void check(const RedundantUnits& system) {
  assert(system.units >= 1 && system.needed >= 1 && system.needed <= system.units && system.crews >= 1);
  assert(system.mtbf > Span{0} && system.mttr > Span{0} && system.takeover >= Span{0});
  assert(system.coverage.value() >= 0 && system.coverage.value() <= 1);
}

/// The time between 1 ns and 200 years at which the system is down just so much; nullopt: at no time.
template <class Set>
std::optional<Span> time_for(RedundantUnits system, Probability down, const Set& set) {
  assert(down.value() > 0 && down.value() < 1);
  const auto excess = [&](double log_ns) {
    set(system, Span{std::clamp(std::llround(std::exp(log_ns)), 1LL, static_cast<long long>(longest_ns))});
    return std::log(unavailability_of(system).down.value() / down.value());
  };
  const double longest = std::log(static_cast<double>(longest_ns));
  const bool below = excess(0) < 0;
  if (below == (excess(longest) < 0)) return std::nullopt;
  return Span{std::llround(std::exp(root_between(0, longest, excess)))};
}

}  // namespace

Unavailability unavailability_of(const RedundantUnits& system) {
  check(system);
  const Weights weights = weights_of(system);
  const double all = weights.up + weights.down;
  const double outage_s = weights.outages > 0 ? weights.down / weights.outages : 0;
  return {Probability{weights.down / all}, weights.outages / all * 3600 * hours_per_year,
          outage_s < in_seconds(Span{longest_ns}) ? from_seconds(outage_s) : endless};
}

double minutes_per_year(Probability share) {
  return share.value() * hours_per_year * 60;
}

Probability in_series(std::span<const Probability> down) {
  double log_up = 0;
  for (const Probability& each : down) log_up += std::log1p(-each.value());
  return Probability{-std::expm1(log_up)};
}

Probability in_parallel(std::span<const Probability> down) {
  double all = 1;
  for (const Probability& each : down) all *= each.value();
  return Probability{all};
}

std::optional<std::uint32_t> units_for(RedundantUnits system, Probability down) {
  assert(down.value() > 0 && down.value() < 1);
  for (system.units = system.needed; system.units <= 1000; ++system.units) {
    if (unavailability_of(system).down <= down) return system.units;
  }
  return std::nullopt;
}

std::optional<Span> mttr_for(RedundantUnits system, Probability down) {
  return time_for(system, down, [](RedundantUnits& each, Span time) { each.mttr = time; });
}

std::optional<Span> mtbf_for(RedundantUnits system, Probability down) {
  return time_for(system, down, [](RedundantUnits& each, Span time) { each.mtbf = time; });
}

}  // namespace trunklab
