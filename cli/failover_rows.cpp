// Plain structs for the reports, which do not know the simulator.
#include "cli/failover_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/equipment_config.hpp"

namespace trunklab::cli {

namespace {

std::vector<std::uint16_t> watchers_of(const Scenario& scenario, const FaultCase& fault_case) {
  std::set<std::uint16_t> sites;
  for (const FaultSpec& fault : fault_case.faults) {
    for (const std::uint16_t site : trunklab::watchers_of(scenario, fault)) sites.insert(site);
  }
  return {sites.begin(), sites.end()};
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
                                                     .concerned = watchers_of(scenario, cases[place]),
                                                     .notice = outcome.notice});
    for (const auto& impacts : outcome.impacts) row.impacts.push_back(taken_together(impacts));
    if (const auto best = best_of(outcome)) {
      const Variant& variant = study.variants[best->variant];
      row.best = BetterSetting{.setting = variant.setting, .key = variant.key, .as_it_is = row.impacts.front(), .better = best->impact};
    }
  }
  return rows;
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
