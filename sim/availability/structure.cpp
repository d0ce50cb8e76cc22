// States, enumerated.
#include "sim/availability/structure.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace trunklab {
namespace {

FaultSet bit(std::size_t place) {
  return FaultSet{1} << place;
}

bool concerns(const std::vector<std::uint16_t>& sites, std::uint16_t site) {
  return sites.empty() || std::ranges::find(sites, site) != sites.end();
}

/// The edges that the site's calls can use, in both directions.
std::vector<EdgeIndex> ways_of(const Scenario& scenario, std::uint16_t site) {
  std::vector<EdgeIndex> ways;
  const auto add = [&](const std::vector<EdgeIndex>& edges) {
    for (const EdgeIndex edge : edges) {
      if (std::ranges::find(ways, edge) == ways.end()) ways.push_back(edge);
    }
  };
  for (const DemandSpec& demand : scenario.demands) {
    if (demand.site != site) continue;
    if (demand.direction == Direction::termination)
      add(targets_of(scenario, scenario.sites[site]));
    else
      add(scenario.service.regions[demand.region].edges);
  }
  return ways;
}

}  // namespace

FaultOdds odds_of(const FaultSpec& fault) {
  const double up = in_seconds(fault.random->up.mean);
  const double down = in_seconds(fault.random->down.mean);
  return {.down = down / (up + down), .per_s = 1 / (up + down)};
}

SiteStructure::SiteStructure(const Scenario& scenario, std::uint16_t site) {
  const std::vector<EdgeIndex> ways = ways_of(scenario, site);
  per_edge_.resize(ways.size(), 0);
  for (std::size_t place = 0; place < scenario.random_faults.size(); ++place) {
    const FaultSpec& fault = scenario.random_faults[place];
    const bool edges = fault.kind == FaultKind::crash || fault.kind == FaultKind::drain;
    const bool path = fault.kind == FaultKind::path_down && concerns(fault.sites, site);
    const bool whole = (fault.kind == FaultKind::site_down || fault.kind == FaultKind::secret) && concerns(fault.sites, site);
    if (whole) all_ |= bit(place);
    for (std::size_t way = 0; way < ways.size() && (edges || path); ++way) {
      const bool hit = (path && fault.edges.empty()) || std::ranges::find(fault.edges, ways[way]) != fault.edges.end();
      if (hit) per_edge_[way] |= bit(place);
    }
  }
  relevant_ = all_;
  for (const FaultSet each : per_edge_) relevant_ |= each;
}

bool SiteStructure::down(FaultSet faults) const {
  if ((faults & all_) != 0) return true;
  return !per_edge_.empty() && std::ranges::all_of(per_edge_, [&](FaultSet each) { return (faults & each) != 0; });
}

Unavailability chain_of(const Scenario& scenario, const SiteStructure& structure) {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < scenario.random_faults.size(); ++place) {
    if ((structure.relevant() & bit(place)) != 0) places.push_back(place);
  }
  assert(places.size() <= static_cast<std::size_t>(relevant_max));
  Unavailability found;
  double down = 0;
  double begins_per_s = 0;
  for (FaultSet state = 0; state < bit(places.size()); ++state) {
    FaultSet faults = 0;
    double probability = 1;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const FaultOdds odds = odds_of(scenario.random_faults[places[i]]);
      const bool there = (state & bit(i)) != 0;
      probability *= there ? odds.down : 1 - odds.down;
      if (there) faults |= bit(places[i]);
    }
    if (structure.down(faults)) {
      down += probability;
      continue;
    }
    for (const std::size_t place : places) {
      if ((faults & bit(place)) != 0 || !structure.down(faults | bit(place))) continue;
      const FaultOdds odds = odds_of(scenario.random_faults[place]);
      begins_per_s += probability * odds.per_s / (1 - odds.down);
    }
  }
  constexpr double year_s = 8760.0 * 3600;
  found.down = Probability{down};
  found.outages_per_year = begins_per_s * year_s;
  if (begins_per_s > 0) found.mean_outage = from_seconds(std::min(down / begins_per_s, 1e9));
  return found;
}

}  // namespace trunklab
