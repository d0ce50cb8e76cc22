// Drawing cycles of trouble.
#include "sim/availability/cycles.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace trunklab {
namespace {

constexpr double forced = 0.5;  ///< chance of another fault before the next repair
constexpr double fair = 0.5;    ///< part of the choice that is fair to all

}  // namespace

CycleSource::CycleSource(const Scenario& scenario, FaultSet relevant, std::vector<Site> sites) : scenario_(scenario), sites_(std::move(sites)) {
  double all_per_s = 0;
  double all_well = 1;
  for (std::size_t place = 0; place < scenario.random_faults.size(); ++place) {
    if ((relevant >> place & 1U) == 0) continue;
    const FaultSpec::Random& law = *scenario.random_faults[place].random;
    components_.push_back({.place = place, .per_s = 1 / in_seconds(law.up.mean), .repair_s = in_seconds(law.down.mean), .repair = law.down});
    all_per_s += components_.back().per_s;
    all_well *= 1 - odds_of(scenario.random_faults[place]).down;
  }
  if (all_per_s > 0) mean_length_s_ = 1 / (all_per_s * all_well);
}

bool CycleSource::anybody_down(FaultSet faults) const {
  return std::ranges::any_of(sites_, [faults](const Site& site) { return site.structure.down(faults); });
}

/// One of these components, which fails next; half by its rate, half by a fair draw.
std::size_t CycleSource::choose(const std::vector<std::size_t>& among, Draws& draws, double& weight) const {
  double rates = 0;
  for (const std::size_t each : among) rates += components_[each].per_s;
  const auto count = static_cast<double>(among.size());
  const auto chance = [&](std::size_t each) { return (1 - fair) * components_[each].per_s / rates + fair / count; };
  double left = draws.uniform();
  std::size_t chosen = among.back();
  for (const std::size_t each : among) {
    left -= chance(each);
    if (left >= 0) continue;
    chosen = each;
    break;
  }
  weight *= components_[chosen].per_s / rates / chance(chosen);
  return chosen;
}

FaultCycle CycleSource::draw(Draws& draws) const {
  FaultCycle cycle;
  FaultSet now = 0;
  double now_s = 0;
  std::vector<double> repaired_s(components_.size(), std::numeric_limits<double>::infinity());
  std::vector<std::size_t> well(components_.size());
  std::iota(well.begin(), well.end(), std::size_t{0});
  const auto fail = [&](std::size_t which) {
    const Component& component = components_[which];
    const Span lasts = component.repair.quantile(draws.uniform());
    FaultSpec& fault = cycle.faults.emplace_back(scenario_.random_faults[component.place]);
    fault.random.reset();
    fault.at = run_start + from_seconds(now_s);
    fault.duration = lasts;
    repaired_s[which] = now_s + in_seconds(lasts);
    std::erase(well, which);
    now |= FaultSet{1} << component.place;
    cycle.there |= now;
    if (std::popcount(now) > std::popcount(cycle.worst)) cycle.worst = now;
  };
  const auto pass_until = [&](double until_s) {
    for (const Site& site : sites_) {
      if (site.structure.down(now)) cycle.calls_down += (until_s - now_s) * site.calls_per_s;
    }
    now_s = until_s;
  };
  fail(choose(well, draws, cycle.weight));
  while (now != 0) {
    const auto next = static_cast<std::size_t>(std::ranges::min_element(repaired_s) - repaired_s.begin());
    const double until_repair_s = repaired_s[next] - now_s;
    double rates = 0;
    for (const std::size_t each : well) rates += components_[each].per_s;
    const double natural = -std::expm1(-rates * until_repair_s);
    const double chance = anybody_down(now) || well.empty() ? natural : std::max(natural, forced);
    if (draws.uniform() < chance) {
      // Before the repair, at an instant of the exponential law cut off there.
      pass_until(now_s - std::log1p(-draws.uniform() * natural) / rates);
      cycle.weight *= natural / chance;
      fail(choose(well, draws, cycle.weight));
      continue;
    }
    cycle.weight *= (1 - natural) / (1 - chance);
    pass_until(repaired_s[next]);
    repaired_s[next] = std::numeric_limits<double>::infinity();
    well.push_back(next);
    now &= ~(FaultSet{1} << components_[next].place);
  }
  cycle.length = from_seconds(now_s);
  return cycle;
}

}  // namespace trunklab
