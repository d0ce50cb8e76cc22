// Changes of the world.
#include "sim/world.hpp"

#include <algorithm>
#include <cassert>

namespace trunklab {

World::World(const Scenario& scenario)
    : scenario_(scenario),
      edges_(scenario.service.edges.size()),
      marked_down_(scenario.sites.size(), std::vector<bool>(scenario.service.edges.size(), false)) {
  for (const RegionSpec& region : scenario.service.regions) healthy_.push_back(static_cast<TargetSet>((1U << region.edges.size()) - 1U));
}

void World::apply(const RunEvent& event) {
  assert(log_.empty() || event.at >= log_.back().at);
  switch (event.kind) {
    case EventKind::edge_crashed: set_silent(event.edge, event.at, true); break;
    case EventKind::edge_recovered: set_silent(event.edge, event.at, false); break;
    case EventKind::health_down: set_healthy(event.edge, false); break;
    case EventKind::health_up: set_healthy(event.edge, true); break;
    case EventKind::probe_down:
    case EventKind::probe_up:
      marked_down_[event.site][event.edge] = event.kind == EventKind::probe_down;
      ++probe_version_;
      break;
    case EventKind::fault_began:
    case EventKind::fault_ended:
    case EventKind::trigger: break;
  }
  log_.push_back(event);
}

void World::set_silent(EdgeIndex edge, Instant at, bool silent) {
  assert(edges_[edge].silent != silent);
  edges_[edge].silent = silent;
  edges_[edge].changes.push_back(at);
}

void World::set_healthy(EdgeIndex edge, bool healthy) {
  const std::uint16_t region = scenario_.service.region_of_edge[edge];
  const auto& edges = scenario_.service.regions[region].edges;
  const auto place = static_cast<unsigned>(std::ranges::find(edges, edge) - edges.begin());
  const auto bit = static_cast<TargetSet>(1U << place);
  healthy_[region] = static_cast<TargetSet>(healthy ? healthy_[region] | bit : healthy_[region] & ~bit);
}

bool World::silent_at(EdgeIndex edge, Instant at) const {
  const auto& changes = edges_[edge].changes;
  return (std::ranges::lower_bound(changes, at) - changes.begin()) % 2 == 1;
}

Instant World::changed(EdgeIndex edge) const {
  const auto& changes = edges_[edge].changes;
  return changes.empty() ? run_start - Span{1} : changes.back();
}

}  // namespace trunklab
