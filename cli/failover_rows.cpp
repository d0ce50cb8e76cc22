// Plain structs for the reports, which do not know the simulator.
#include "cli/failover_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/equipment_config.hpp"

namespace trunklab::cli {

namespace {

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

std::vector<std::uint16_t> concerned_sites(const Scenario& scenario, const FaultCase& fault_case) {
  std::vector<std::uint16_t> sites;
  for (std::uint16_t site = 0; site < scenario.sites.size(); ++site) {
    const std::vector<EdgeIndex> targets = targets_of(scenario, scenario.sites[site]);
    if (std::ranges::any_of(fault_case.faults, [&](const FaultSpec& fault) { return concerns(fault, site, targets); })) sites.push_back(site);
  }
  return sites;
}

EquipmentSettings settings_of(const Scenario& scenario, const Site& site) {
  EquipmentSettings settings{.site = site.name,
                             .equipment = site.equipment,
                             .tcp = site.transport == Transport::tcp,
                             .target = site.routing.target,
                             .regions = {},
                             .targets = {},
                             .hunting = site.routing.hunting};
  for (const std::uint16_t region : site.routing.regions) {
    settings.regions.push_back(scenario.service.regions[region].name);
    if (site.routing.target == TargetKind::fqdn) settings.targets.push_back(scenario.service.regions[region].host_name);
  }
  if (site.routing.target == TargetKind::fqdn) return settings;
  for (const EdgeIndex edge : targets_of(scenario, site)) settings.targets.push_back(scenario.service.edges[edge].address);
  return settings;
}

bool same(const Routing& left, const Routing& right) {
  return left.target == right.target && left.regions == right.regions && left.cache == right.cache && left.hunting == right.hunting;
}

}  // namespace

std::vector<FailoverRow> rows_of(const Scenario& scenario, const std::vector<FaultCase>& cases, const FailoverStudy& study) {
  std::vector<FailoverRow> rows;
  for (std::size_t place = 0; place < cases.size(); ++place) {
    const CaseOutcome& outcome = study.cases[place];
    FailoverRow& row = rows.emplace_back(FailoverRow{.id = cases[place].id,
                                                     .title = cases[place].title,
                                                     .faults = cases[place].faults,
                                                     .impacts = {},
                                                     .concerned = concerned_sites(scenario, cases[place]),
                                                     .notice = outcome.notice});
    for (const auto& impacts : outcome.impacts) row.impacts.push_back(taken_together(impacts));
    if (const auto best = best_of(outcome)) {
      const Variant& variant = study.variants[best->variant];
      row.best = BetterSetting{.setting = variant.setting, .key = variant.key, .as_it_is = row.impacts.front(), .better = best->impact};
    }
  }
  return rows;
}

std::vector<SiteSettings> site_settings(const Scenario& scenario) {
  std::vector<SiteSettings> settings;
  for (const Site& site : scenario.sites) {
    settings.push_back({.probes = site.routing.hunting.probe.has_value(),
                        .by_name = site.routing.target == TargetKind::fqdn,
                        .no_response = site.routing.hunting.no_response});
  }
  return settings;
}

std::vector<EdgeLimits> edge_limits(const Scenario& scenario) {
  EdgeLimits limits;
  for (const CapSpec& cap : scenario.service.caps) {
    if (cap.scope != CapScope::edge) continue;
    if (cap.cps) limits.cps = std::min(limits.cps.value_or(cap.cps->value()), cap.cps->value());
    if (cap.sessions) limits.sessions = std::min(limits.sessions.value_or(*cap.sessions), *cap.sessions);
  }
  return std::vector<EdgeLimits>(scenario.service.edges.size(), limits);
}

std::string configuration_text(const Scenario& scenario, const Variant& variant) {
  std::string text;
  for (std::size_t site = 0; site < scenario.sites.size(); ++site) {
    const Site& changed = variant.scenario.sites[site];
    if (same(scenario.sites[site].routing, changed.routing)) continue;
    const std::string equipment = changed.equipment.empty() ? "" : fmt::format(" ({})", changed.equipment);
    text += fmt::format("\n{} as configuration for {}{}:\n\n", variant.setting, changed.name, equipment);
    text += equipment_config(settings_of(variant.scenario, changed));
  }
  return text;
}

}  // namespace trunklab::cli
