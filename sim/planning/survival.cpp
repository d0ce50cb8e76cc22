// Cases, and the way out of each.
#include "sim/planning/survival.hpp"

#include <algorithm>

namespace trunklab {
namespace {

/// Edges that anybody uses.
std::vector<EdgeIndex> used_edges(const Scenario& scenario) {
  std::vector<EdgeIndex> used;
  const auto add = [&](const std::vector<EdgeIndex>& edges) {
    for (const EdgeIndex edge : edges) {
      if (std::ranges::find(used, edge) == used.end()) used.push_back(edge);
    }
  };
  for (const DemandSpec& demand : scenario.demands) {
    if (demand.direction == Direction::origination)
      add(scenario.service.regions[demand.region].edges);
    else
      add(targets_of(scenario, scenario.sites[demand.site]));
  }
  std::ranges::sort(used);
  return used;
}

/// What an edge is gone with, by name.
std::string group_of(const Service& service, EdgeIndex edge, Survive survive) {
  switch (survive) {
    case Survive::zone: return service.edges[edge].zone;
    case Survive::region: return service.regions[service.region_of_edge[edge]].name;
    case Survive::none:
    case Survive::site:
    case Survive::edge: break;
  }
  return service.edges[edge].name;
}

bool is_gone(const SurvivalCase& gone, EdgeIndex edge) {
  return std::ranges::find(gone.edges, edge) != gone.edges.end();
}

/// What a call waits on average at one target that is gone.
Span wait_at_dead_target(const HuntingPolicy& hunting) {
  if (hunting.probe) return {};
  if (!hunting.hold_down || !hunting.hold_down->no_response) return hunting.no_response;
  // After each hold-down all calls of the next `no_response` try again (or one alone, half open).
  if (hunting.hold_down->half_open) return {};
  const double share = in_seconds(hunting.no_response) / in_seconds(hunting.hold_down->span + hunting.no_response);
  return from_seconds(share * in_seconds(hunting.no_response));
}

/// Targets of a group that a call meets dead before it meets one that is there, or all: from the first one on, or (`spread`) the mean over where it
/// may begin.
double dead_before_live(const std::vector<EdgeIndex>& group, const SurvivalCase& gone, bool spread) {
  const std::size_t starts = spread ? group.size() : 1;
  std::size_t met = 0;
  for (std::size_t start = 0; start < starts; ++start) {
    for (std::size_t step = 0; step < group.size() && is_gone(gone, group[(start + step) % group.size()]); ++step) ++met;
  }
  return static_cast<double>(met) / static_cast<double>(starts);
}

}  // namespace

std::vector<std::uint16_t> sites_with_calls(const Scenario& scenario) {
  std::vector<std::uint16_t> sites;
  for (const DemandSpec& demand : scenario.demands) {
    if (std::ranges::find(sites, demand.site) == sites.end()) sites.push_back(demand.site);
  }
  std::ranges::sort(sites);
  return sites;
}

std::vector<SurvivalCase> survival_cases(const Scenario& scenario, Survive survive) {
  std::vector<SurvivalCase> cases{{.title = "all is well", .edges = {}}};
  if (survive == Survive::none) return cases;
  if (survive == Survive::site) {
    const auto sites = sites_with_calls(scenario);
    for (const std::uint16_t site : sites) {
      if (sites.size() > 1) cases.push_back({.title = "without " + scenario.sites[site].name, .edges = {}, .site = site});
    }
    return cases;
  }
  for (const EdgeIndex edge : used_edges(scenario)) {
    const std::string title = "without " + group_of(scenario.service, edge, survive);
    const auto same = std::ranges::find(cases, title, &SurvivalCase::title);
    if (same != cases.end())
      same->edges.push_back(edge);
    else
      cases.push_back({.title = title, .edges = {edge}});
  }
  return cases;
}

WayOut way_out(const Scenario& scenario, const Site& site, const SurvivalCase& gone) {
  const Service& service = scenario.service;
  const Routing& routing = site.routing;
  const bool by_name = routing.target == TargetKind::fqdn;
  const bool spread = !by_name && routing.hunting.order != TargetOrder::fixed;
  const double wait_s = in_seconds(wait_at_dead_target(routing.hunting));
  WayOut out;
  double dead_met = 0;
  for (const auto& group : target_groups_of(service, routing)) {
    for (const EdgeIndex edge : group) {
      if (is_gone(gone, edge)) continue;
      if (!out.region) out.region = service.region_of_edge[edge];
      if (*out.region == service.region_of_edge[edge]) out.edges.push_back(edge);
    }
    if (!by_name || !out.region) dead_met += dead_before_live(group, gone, spread);
    if (out.region) break;
  }
  out.hunting = from_seconds(wait_s * dead_met);
  out.one_at_a_time = by_name && routing.choice != DnsChoice::call;
  if (!by_name && !spread && !out.edges.empty()) out.edges.resize(1);
  return out;
}

Scenario with_gone(const Scenario& scenario, const SurvivalCase& gone, Instant from) {
  Scenario changed = scenario;
  changed.faults.clear();
  changed.random_faults.clear();
  if (!gone.edges.empty())
    changed.faults.push_back({.kind = FaultKind::crash, .at = from, .duration = std::nullopt, .edges = gone.edges, .name = gone.title});
  return changed;
}

DemandSpec scaled(DemandSpec demand, double factor) {
  const auto times = [factor](CallsPerSecond rate) { return CallsPerSecond{rate.value() * factor}; };
  if (auto* poisson = std::get_if<PoissonArrivals>(&demand.arrivals)) poisson->rate = times(poisson->rate);
  if (auto* varying = std::get_if<VaryingArrivals>(&demand.arrivals)) {
    for (RatePoint& point : varying->table) point.rate = times(point.rate);
  }
  if (auto* even = std::get_if<DeterministicArrivals>(&demand.arrivals)) even->every = from_seconds(in_seconds(even->every) / factor);
  if (auto* trace = std::get_if<TraceArrivals>(&demand.arrivals)) trace->scale *= factor;
  return demand;
}

std::vector<CaseDemand> demands_in(const Scenario& scenario, const SurvivalCase& gone) {
  std::vector<CaseDemand> demands;
  std::vector<std::uint16_t> others;
  if (gone.site) {
    others = sites_with_calls(scenario);
    std::erase(others, *gone.site);
  }
  const double part = 1.0 / static_cast<double>(others.size());
  for (std::size_t origin = 0; origin < scenario.demands.size(); ++origin) {
    const DemandSpec& demand = scenario.demands[origin];
    if (demand.site != gone.site) {
      demands.push_back({.spec = demand, .origin = origin});
      continue;
    }
    for (const std::uint16_t other : others) {
      CaseDemand moved{.spec = scaled(demand, part), .origin = origin, .share = part};
      moved.spec.site = other;
      moved.spec.name = demand.name + " at " + scenario.sites[other].name;
      demands.push_back(std::move(moved));
    }
  }
  return demands;
}

Scenario with_separate_trunks(const Scenario& scenario) {
  Scenario split = scenario;
  for (std::uint16_t site = 0; site < scenario.sites.size(); ++site) {
    const auto has = [&](Direction direction) {
      return std::ranges::any_of(scenario.demands, [&](const DemandSpec& demand) { return demand.site == site && demand.direction == direction; });
    };
    if (!has(Direction::termination) || !has(Direction::origination)) continue;
    const auto inbound = static_cast<std::uint16_t>(split.sites.size());
    split.sites[site].channels.reset();
    split.sites.push_back(split.sites[site]);
    split.sites.back().name += " inbound";
    for (DemandSpec& demand : split.demands) {
      if (demand.site == site && demand.direction == Direction::origination) demand.site = inbound;
    }
  }
  return split;
}

}  // namespace trunklab
