// Tables of a plan.
#include "cli/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/time_text.hpp"

namespace trunklab::cli {
namespace {

using Align = TextTable::Align;

std::string share_text(double share) {
  return fmt::format("{:.3g} %", share * 100);
}

std::string when_text(const Scenario& scenario, const SitePlan& site) {
  if (!site.varies) return "always";
  const auto into = std::chrono::floor<std::chrono::minutes>(site.busiest - run_start);
  return iso8601(scenario.horizon.start_unix_ns + Span(into).count(), scenario.horizon.utc_offset_s);
}

const ConfirmedSite* confirmed_of(const PlanFigures& figures, std::uint16_t site) {
  const auto found = std::ranges::find(figures.confirmed, site, &ConfirmedSite::site);
  return found == figures.confirmed.end() ? nullptr : &*found;
}

std::string heading(const Scenario& scenario, const PlanFigures& figures) {
  const PlanRequest& request = figures.plan.request;
  constexpr const char* words[]{"in normal hours", "with any one edge gone", "with any one zone gone", "with any one region gone"};
  return fmt::format("{}: enough for at most {} blocked, {}\n\n", scenario.name, share_text(request.blocking.value()),
                     words[static_cast<std::size_t>(request.survive)]);
}

std::string traffic_table(const Scenario& scenario, const PlanFigures& figures, Colour colour) {
  TextTable table({{"traffic of site"},
                   {"calls/s", Align::right},
                   {"held s", Align::right},
                   {"hunting", Align::right},
                   {"delay", Align::right},
                   {"ringing", Align::right},
                   {"talk", Align::right},
                   {"Erlangs", Align::right},
                   {"busiest"}});
  for (const SitePlan& site : figures.plan.sites) {
    const Seizure& held = site.seizure;
    table.add({scenario.sites[site.site].name, fmt::format("{:.3f}", site.peak.calls_per_s), fmt::format("{:.1f}", held.total_s()),
               fmt::format("{:.2f}", held.hunting_s), fmt::format("{:.2f}", held.delay_s), fmt::format("{:.2f}", held.ringing_s),
               fmt::format("{:.1f}", held.talk_s), fmt::format("{:.1f}", site.peak.erlangs), when_text(scenario, site)});
  }
  return table.text(colour);
}

/// What one channel less does, or why the formula and the simulation differ.
std::string remark(const ConfirmedSite& confirmed) {
  if (!confirmed.less) return "";
  const Tried& less = *confirmed.less;
  if (less.verdict == Tried::Verdict::open) return fmt::format("{} cannot be told apart ({})", less.channels, share_text(less.blocking.mean));
  return fmt::format("{} block {}", less.channels, share_text(less.blocking.mean));
}

std::string channels_table(const Scenario& scenario, const PlanFigures& figures, Colour colour) {
  const bool media = std::ranges::any_of(figures.plan.sites, [](const SitePlan& site) { return site.mbit_per_s > 0; });
  std::vector<TextTable::Column> columns{{"channels of site"}, {"has", Align::right}, {"formula", Align::right}};
  if (!figures.confirmed.empty()) columns.insert(columns.end(), {{"simulated", Align::right}, {"blocking", Align::right}});
  if (media) columns.insert(columns.end(), {{"Mbit/s", Align::right}, {"packets/s", Align::right}});
  columns.push_back({"worst case"});
  if (!figures.confirmed.empty()) columns.push_back({"one less"});
  TextTable table(columns);
  for (const SitePlan& site : figures.plan.sites) {
    const ConfirmedSite* confirmed = confirmed_of(figures, site.site);
    std::vector<std::string> cells{scenario.sites[site.site].name, site.has ? std::to_string(*site.has) : "any", std::to_string(site.channels)};
    if (!figures.confirmed.empty()) {
      cells.push_back(confirmed ? std::to_string(confirmed->enough.channels) : "-");
      cells.push_back(confirmed ? fmt::format("{} ({:.3g} .. {:.3g})", share_text(confirmed->enough.blocking.mean),
                                              confirmed->enough.blocking.low * 100, confirmed->enough.blocking.high * 100)
                                : "-");
    }
    if (media) cells.insert(cells.end(), {fmt::format("{:.1f}", site.mbit_per_s), fmt::format("{:.0f}", site.packets_per_s)});
    cells.push_back(figures.plan.cases[site.peak.erlangs_case].title);
    if (!figures.confirmed.empty()) cells.push_back(confirmed ? remark(*confirmed) : "");
    table.add(std::move(cells));
  }
  return table.text(colour, 140);
}

std::string has_text(const std::optional<std::uint32_t>& value) {
  return value ? std::to_string(*value) : "-";
}

std::string scopes_table(const PlanFigures& figures, Colour colour) {
  const bool media = std::ranges::any_of(figures.plan.scopes, [](const ScopePlan& scope) { return scope.media_addresses > 0; });
  std::vector<TextTable::Column> columns{
      {"to contract for"}, {"has", Align::right}, {"calls at once", Align::right}, {"has", Align::right}, {"calls/s", Align::right}};
  if (media) columns.push_back({"media addresses", Align::right});
  columns.push_back({"worst case"});
  TextTable table(columns);
  for (const ScopePlan& scope : figures.plan.scopes) {
    std::vector<std::string> cells{scope.name, has_text(scope.has_sessions), std::to_string(scope.sessions),
                                   scope.has_cps ? fmt::format("{:g}", *scope.has_cps) : "-", std::to_string(scope.cps)};
    if (media) cells.push_back(scope.media_addresses > 0 ? std::to_string(scope.media_addresses) : "");
    cells.push_back(figures.plan.cases[scope.peak.erlangs_case].title);
    table.add(std::move(cells));
  }
  return table.text(colour);
}

std::string outlook_text(const PlanFigures& figures) {
  if (!figures.growth) return "";
  std::string text = fmt::format("\nGrowing by {}:\n", *figures.growth);
  for (const RunsOut& each : figures.runs_out) {
    text += each.month == 0 ? fmt::format("  now       {}: {:g}, needed {:g}\n", each.what, each.has, each.needs)
                            : fmt::format("  month {:<3} {}: {:g}, needed {:g}\n", each.month, each.what, each.has, each.needs);
  }
  if (figures.runs_out.empty()) text += fmt::format("  nothing that the scenario limits runs out within {} months\n", figures.months);
  return text;
}

void note(const std::string& what, double has, double needs, std::uint32_t month, std::vector<RunsOut>& list) {
  if (needs <= has || std::ranges::find(list, what, &RunsOut::what) != list.end()) return;
  list.push_back({.what = what, .has = has, .needs = needs, .month = month});
}

nlohmann::ordered_json tried_json(const Tried& tried) {
  constexpr const char* words[]{"meets", "fails", "cannot be told apart"};
  return {{"channels", tried.channels},  {"blocking", tried.blocking.mean},    {"low", tried.blocking.low},
          {"high", tried.blocking.high}, {"replications", tried.replications}, {"verdict", words[static_cast<std::size_t>(tried.verdict)]}};
}

nlohmann::ordered_json site_json(const Scenario& scenario, const PlanFigures& figures, const SitePlan& site) {
  const Seizure& held = site.seizure;
  nlohmann::ordered_json json{
      {"site", scenario.sites[site.site].name},
      {"calls_per_s", site.peak.calls_per_s},
      {"erlangs", site.peak.erlangs},
      {"worst_case", figures.plan.cases[site.peak.erlangs_case].title},
      {"busiest", when_text(scenario, site)},
      {"seizure_s",
       {{"total", held.total_s()}, {"hunting", held.hunting_s}, {"delay", held.delay_s}, {"ringing", held.ringing_s}, {"talk", held.talk_s}}},
      {"channels", site.channels},
      {"mbit_per_s", site.mbit_per_s},
      {"packets_per_s", site.packets_per_s}};
  if (site.has) json["has_channels"] = *site.has;
  if (const ConfirmedSite* confirmed = confirmed_of(figures, site.site)) {
    json["simulated"] = tried_json(confirmed->enough);
    if (confirmed->less) json["one_less"] = tried_json(*confirmed->less);
  }
  return json;
}

}  // namespace

void add_shortages(const Scenario& scenario, const CapacityPlan& plan, std::uint32_t month, std::vector<RunsOut>& list) {
  for (const SitePlan& site : plan.sites) {
    if (site.has) note("channels of site " + scenario.sites[site.site].name, *site.has, site.channels, month, list);
  }
  for (const ScopePlan& scope : plan.scopes) {
    if (scope.has_sessions) note("calls at once of " + scope.name, *scope.has_sessions, scope.sessions, month, list);
    if (scope.has_cps) note("calls per second of " + scope.name, *scope.has_cps, scope.cps, month, list);
  }
}

std::string plan_text(const Scenario& scenario, const PlanFigures& figures, Colour colour) {
  std::string text = heading(scenario, figures);
  text += traffic_table(scenario, figures, colour) + '\n' + channels_table(scenario, figures, colour) + '\n' + scopes_table(figures, colour);
  for (const std::string& each : figures.plan.without_way_out) text += fmt::format("no way out for calls of {}: nothing is planned for them\n", each);
  text += outlook_text(figures);
  text +=
      fmt::format("\nChannels hold the objective; calls at once and calls per second may each refuse a tenth of it (ours).\nFormulas took {:.2f} s",
                  figures.formulas_s);
  text += figures.confirmed.empty() ? ".\n" : fmt::format(", the simulation {:.1f} s.\n", figures.simulation_s);
  return text;
}

std::string plan_json(const Scenario& scenario, const PlanFigures& figures) {
  nlohmann::ordered_json sites = nlohmann::ordered_json::array();
  for (const SitePlan& site : figures.plan.sites) sites.push_back(site_json(scenario, figures, site));
  nlohmann::ordered_json scopes = nlohmann::ordered_json::array();
  for (const ScopePlan& scope : figures.plan.scopes) {
    scopes.push_back({{"scope", scope.name},
                      {"erlangs", scope.peak.erlangs},
                      {"sessions", scope.sessions},
                      {"calls_per_s", scope.peak.calls_per_s},
                      {"cps", scope.cps},
                      {"media_addresses", scope.media_addresses},
                      {"worst_case", figures.plan.cases[scope.peak.erlangs_case].title}});
  }
  nlohmann::ordered_json runs_out = nlohmann::ordered_json::array();
  for (const RunsOut& each : figures.runs_out) {
    runs_out.push_back({{"what", each.what}, {"has", each.has}, {"needs", each.needs}, {"month", each.month}});
  }
  return nlohmann::ordered_json{{"command", "plan"},
                                {"scenario", scenario.name},
                                {"blocking", figures.plan.request.blocking.value()},
                                {"sites", sites},
                                {"scopes", scopes},
                                {"without_way_out", figures.plan.without_way_out},
                                {"runs_out", runs_out},
                                {"formulas_s", figures.formulas_s},
                                {"simulation_s", figures.simulation_s}}
             .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
         '\n';
}

}  // namespace trunklab::cli
