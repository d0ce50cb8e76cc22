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

/// The edges that calls of the site can use: its targets, and those that call it from each region.
std::vector<std::vector<EdgeIndex>> ways_of(const Scenario& scenario, std::uint16_t site) {
  std::vector<std::vector<EdgeIndex>> ways;
  for (const DemandSpec& demand : scenario.demands) {
    if (demand.site != site) continue;
    const bool out = demand.direction == Direction::termination;
    auto edges = out ? targets_of(scenario, scenario.sites[site]) : scenario.service.regions[demand.region].edges;
    if (std::ranges::find(ways, edges) == ways.end()) ways.push_back(std::move(edges));
  }
  return ways;
}

bool takes_edges(FaultKind kind) {
  return kind == FaultKind::crash || kind == FaultKind::drain;
}

bool takes_site(FaultKind kind) {
  return kind == FaultKind::site_down || kind == FaultKind::secret;
}

/// Does the fault take the edge away from the site, as long as it is there?
bool takes_edge(const FaultSpec& fault, std::uint16_t site, EdgeIndex edge) {
  const bool here = std::ranges::find(fault.edges, edge) != fault.edges.end();
  if (fault.kind == FaultKind::path_down) return concerns(fault.sites, site) && (fault.edges.empty() || here);
  return here && takes_edges(fault.kind);
}

}  // namespace

FaultOdds odds_of(const FaultSpec& fault) {
  const double up = in_seconds(fault.random->up.mean);
  const double down = in_seconds(fault.random->down.mean);
  return {.down = down / (up + down), .per_s = 1 / (up + down)};
}

bool known_on_paper(FaultKind kind) {
  return takes_edges(kind) || takes_site(kind) || kind == FaultKind::path_down;
}

SiteStructure::SiteStructure(const Scenario& scenario, std::uint16_t site) {
  for (std::size_t place = 0; place < scenario.random_faults.size(); ++place) {
    const FaultSpec& fault = scenario.random_faults[place];
    if (takes_site(fault.kind) && concerns(fault.sites, site)) all_ |= bit(place);
  }
  relevant_ = all_;
  for (const std::vector<EdgeIndex>& edges : ways_of(scenario, site)) {
    std::vector<FaultSet>& taken = ways_.emplace_back(edges.size(), 0);
    for (std::size_t way = 0; way < edges.size(); ++way) {
      for (std::size_t place = 0; place < scenario.random_faults.size(); ++place) {
        if (takes_edge(scenario.random_faults[place], site, edges[way])) taken[way] |= bit(place);
      }
      relevant_ |= taken[way];
    }
  }
}

bool SiteStructure::down(FaultSet faults) const {
  if ((faults & all_) != 0) return true;
  return std::ranges::any_of(ways_, [faults](const std::vector<FaultSet>& edges) {
    return std::ranges::all_of(edges, [faults](FaultSet each) { return (faults & each) != 0; });
  });
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
