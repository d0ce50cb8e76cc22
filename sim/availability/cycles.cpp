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
constexpr Span shortest = std::chrono::microseconds{1};

}  // namespace

CycleSource::CycleSource(const Scenario& scenario, FaultSet relevant, std::vector<Site> sites) : scenario_(scenario), sites_(std::move(sites)) {
  double all_per_s = 0;
  double all_well = 1;
  for (std::size_t place = 0; place < scenario.random_faults.size(); ++place) {
    if ((relevant >> place & 1U) == 0) continue;
    const FaultSpec::Random& law = *scenario.random_faults[place].random;
    components_.push_back({.place = place, .per_s = 1 / in_seconds(law.up.mean), .repairs_per_s = 1 / in_seconds(law.down.mean)});
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
  const double rates = rate_of(among, &Component::per_s);
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

/// One of these components, which is repaired next.
std::size_t CycleSource::repaired(const std::vector<std::size_t>& among, Draws& draws) const {
  double left = draws.uniform() * rate_of(among, &Component::repairs_per_s);
  for (const std::size_t each : among) {
    left -= components_[each].repairs_per_s;
    if (left < 0) return each;
  }
  return among.back();
}

double CycleSource::rate_of(const std::vector<std::size_t>& among, double Component::*which) const {
  double rate = 0;
  for (const std::size_t each : among) rate += components_[each].*which;
  return rate;
}

FaultCycle CycleSource::draw(Draws& draws) const {
  FaultCycle cycle;
  FaultSet now = 0;
  double now_s = 0;
  std::vector<std::size_t> row(components_.size());  // of a component: its place among the cycle's faults
  std::vector<std::size_t> gone;
  std::vector<std::size_t> well(components_.size());
  std::iota(well.begin(), well.end(), std::size_t{0});
  const auto fail = [&](std::size_t which) {
    row[which] = cycle.faults.size();
    FaultSpec& fault = cycle.faults.emplace_back(scenario_.random_faults[components_[which].place]);
    fault.random.reset();
    fault.at = run_start + from_seconds(now_s);
    std::erase(well, which);
    gone.push_back(which);
    now |= FaultSet{1} << components_[which].place;
    cycle.there |= now;
    if (std::popcount(now) > std::popcount(cycle.worst)) cycle.worst = now;
  };
  const auto repair = [&](std::size_t which) {
    FaultSpec& fault = cycle.faults[row[which]];
    fault.duration = std::max<Span>(shortest, run_start + from_seconds(now_s) - fault.at);
    std::erase(gone, which);
    well.push_back(which);
    now &= ~(FaultSet{1} << components_[which].place);
  };
  fail(choose(well, draws, cycle.weight));
  while (!gone.empty()) {
    const double faults_per_s = rate_of(well, &Component::per_s);
    const double repairs_per_s = rate_of(gone, &Component::repairs_per_s);
    const double stays_s = -std::log1p(-draws.uniform()) / (faults_per_s + repairs_per_s);
    for (const Site& site : sites_) {
      if (site.structure.down(now)) cycle.calls_down += stays_s * site.calls_per_s;
    }
    now_s += stays_s;
    const double natural = faults_per_s / (faults_per_s + repairs_per_s);
    const double chance = anybody_down(now) || well.empty() ? natural : std::max(natural, forced);
    if (draws.uniform() < chance) {
      cycle.weight *= natural / chance;
      fail(choose(well, draws, cycle.weight));
    } else {
      cycle.weight *= (1 - natural) / (1 - chance);
      repair(repaired(gone, draws));
    }
  }
  cycle.length = from_seconds(now_s);
  return cycle;
}

}  // namespace trunklab
