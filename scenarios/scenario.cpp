// The names that records of a scenario refer to.
#include "scenarios/scenario.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "scenarios/media_plans.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab {
namespace {

std::string_view scope_text(CapScope scope) {
  switch (scope) {
    case CapScope::edge: return "edge";
    case CapScope::region: return "region";
    case CapScope::account: return "account";
    case CapScope::source_address: return "source address";
  }
  return "";
}

/// "account cap of 10/s", "edge cap of 200 sessions", "region cap of 10/s and 200 sessions".
std::string cap_text(const CapSpec& cap) {
  std::string text = fmt::format("{} cap of ", scope_text(cap.scope));
  if (cap.cps) text += rate_text(*cap.cps);
  if (cap.cps && cap.sessions) text += " and ";
  if (cap.sessions) text += fmt::format("{} session{}", *cap.sessions, *cap.sessions == 1 ? "" : "s");
  return text;
}

/// Faults of edges and paths may be seen by probes and health checks; those of names, credentials, callback and SBC are not looked for.
bool is_looked_for(FaultKind kind) {
  switch (kind) {
    case FaultKind::crash:
    case FaultKind::drain:
    case FaultKind::overload:
    case FaultKind::grey:
    case FaultKind::path_down:
    case FaultKind::path_loss: return true;
    case FaultKind::dns:
    case FaultKind::callback:
    case FaultKind::destination:
    case FaultKind::secret:
    case FaultKind::site_down:
    case FaultKind::media: return false;
  }
  return false;
}

bool concerns(const FaultSpec& fault, std::uint16_t site, const std::vector<EdgeIndex>& targets) {
  if (!is_looked_for(fault.kind)) return false;
  if (!fault.sites.empty() && std::ranges::find(fault.sites, site) == fault.sites.end()) return false;
  return fault.edges.empty() || std::ranges::find_first_of(fault.edges, targets) != fault.edges.end();
}

/// A flapping fault is one, from its first begin to its last repair.
Directory::Fault fault_entry(const FaultSpec& fault, const Scenario& scenario) {
  const Instant last = later(fault.at, fault.every * (fault.times - 1));
  const Instant end = fault.duration ? later(last, *fault.duration) : never;
  std::vector<EdgeIndex> edges = fault.edges;
  if (fault.kind == FaultKind::media) edges = scenario.service.regions[fault.regions.front()].edges;  // of the calls that it may touch
  return {.text = fault.name,
          .from = fault.at,
          .until = end < run_start + scenario.horizon.duration ? end : never,
          .edges = std::move(edges),
          .watchers = watchers_of(scenario, fault)};
}

Directory::SiteSettings settings_of(const Site& site) {
  return {.channels = site.channels,
          .probes = site.routing.hunting.probe.has_value(),
          .no_response = site.routing.hunting.no_response,
          .names = site.routing.target == TargetKind::fqdn ? site.routing.regions : std::vector<std::uint16_t>{}};
}

}  // namespace

bool has_media(const Scenario& scenario) {
  return std::ranges::any_of(scenario.demands, [](const DemandSpec& demand) { return !demand.codecs.empty(); });
}

std::vector<std::vector<EdgeIndex>> target_groups_of(const Service& service, const Routing& routing) {
  if (routing.target == TargetKind::single_address) return {{routing.edge}};
  std::vector<std::vector<EdgeIndex>> groups;
  for (const std::uint16_t region : routing.regions) groups.push_back(service.regions[region].edges);
  if (!routing.hunting.across || routing.target == TargetKind::fqdn) return groups;
  std::vector<std::vector<EdgeIndex>> ranks;
  for (const auto& group : groups) {
    ranks.resize(std::max(ranks.size(), group.size()));
    for (std::size_t rank = 0; rank < group.size(); ++rank) ranks[rank].push_back(group[rank]);
  }
  return ranks;
}

std::vector<EdgeIndex> targets_of(const Scenario& scenario, const Site& site) {
  std::vector<EdgeIndex> edges;
  for (const auto& group : target_groups_of(scenario.service, site.routing)) edges.insert(edges.end(), group.begin(), group.end());
  return edges;
}

std::vector<std::uint16_t> watchers_of(const Scenario& scenario, const FaultSpec& fault) {
  std::vector<std::uint16_t> sites;
  for (std::uint16_t site = 0; site < scenario.sites.size(); ++site) {
    if (concerns(fault, site, targets_of(scenario, scenario.sites[site]))) sites.push_back(site);
  }
  return sites;
}

Span series_step(const Scenario& scenario) {
  if (scenario.series_every) return *scenario.series_every;
  return std::max<Span>(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(scenario.horizon.duration / 86400));
}

Directory directory_of(const Scenario& scenario) {
  const Service& service = scenario.service;
  Directory directory;
  for (const Site& site : scenario.sites) {
    directory.sites.push_back(site.name);
    directory.site_settings.push_back(settings_of(site));
  }
  for (const RegionSpec& region : service.regions) directory.regions.push_back(region.name);
  for (std::size_t i = 0; i < service.edges.size(); ++i) {
    directory.edges.push_back({.name = service.edges[i].name, .region = service.region_of_edge[i]});
  }
  for (const DemandSpec& demand : scenario.demands) directory.demands.push_back({.name = demand.name, .site = demand.site});
  for (const FaultSpec& fault : scenario.faults) directory.faults.push_back(fault_entry(fault, scenario));
  for (const FaultSpec& fault : scenario.random_faults) directory.random_faults.push_back(fault.name);
  for (const CapSpec& cap : service.caps) {
    const std::optional<double> cps = cap.cps ? std::optional{cap.cps->value()} : std::nullopt;
    directory.caps.push_back({.text = cap_text(cap), .scope = cap.scope, .cps = cps, .sessions = cap.sessions});
  }
  directory.codecs = codec_names(scenario);
  return directory;
}

}  // namespace trunklab
