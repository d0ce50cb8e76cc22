// A plan for scripts.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/plan_figures.hpp"
#include "scenarios/time_text.hpp"

namespace trunklab::cli {
namespace {

using Json = nlohmann::ordered_json;

Json tried_json(const Tried& tried) {
  constexpr const char* words[]{"meets", "fails", "cannot be told apart", "too rare"};
  return {{"channels", tried.channels},  {"blocking", tried.blocking.mean},    {"low", tried.blocking.low},
          {"high", tried.blocking.high}, {"replications", tried.replications}, {"verdict", words[static_cast<std::size_t>(tried.verdict)]}};
}

Json site_json(const Scenario& scenario, const PlanFigures& figures, const SitePlan& site) {
  const Seizure& held = site.seizure;
  Json json{{"site", scenario.sites[site.site].name},
            {"calls_per_s", site.peak.calls_per_s},
            {"erlangs", site.peak.erlangs},
            {"worst_case", figures.plan.cases[site.peak.erlangs_case].title},
            {"busiest_s", site.varies ? Json(in_seconds(site.busiest - run_start)) : Json()},
            {"seizure_s",
             {{"total", held.total_s()}, {"hunting", held.hunting_s}, {"delay", held.delay_s}, {"ringing", held.ringing_s}, {"talk", held.talk_s}}},
            {"has_channels", site.has ? Json(*site.has) : Json()},
            {"channels", site.channels},
            {"ordered", site.ordered},
            {"raised", site.raised},
            {"cps", site.cps},
            {"mbit_per_s", site.mbit_per_s},
            {"packets_per_s", site.packets_per_s},
            {"rtp_ports", site.rtp_ports}};
  const auto confirmed = std::ranges::find(figures.confirmed, site.site, &ConfirmedSite::site);
  if (confirmed == figures.confirmed.end() || confirmed->too_large) return json;
  json["simulated"] = tried_json(confirmed->enough);
  if (confirmed->in_vain) json["more_channels_help"] = false;
  if (confirmed->less) json["one_less"] = tried_json(*confirmed->less);
  if (confirmed->too_few) json["too_few"] = tried_json(*confirmed->too_few);
  if (const std::string cause = cause_text(*confirmed, site); !cause.empty()) json["cause"] = cause;
  return json;
}

Json scope_json(const PlanFigures& figures, const ScopePlan& scope) {
  return {{"scope", scope.name},
          {"erlangs", scope.peak.erlangs},
          {"has_sessions", scope.has_sessions ? Json(*scope.has_sessions) : Json()},
          {"sessions", scope.sessions},
          {"calls_per_s", scope.peak.calls_per_s},
          {"has_cps", scope.has_cps ? Json(scope.has_cps->cps->value()) : Json()},
          {"cps", scope.cps},
          {"media_addresses", scope.media_addresses},
          {"cps_raised", scope.cps_raised},
          {"sessions_raised", scope.sessions_raised},
          {"burst", scope.cps},
          {"worst_case", figures.plan.cases[scope.sessions_case].title}};
}

Json headroom_json(const Scenario& scenario, const PlanFigures& figures) {
  Json list = Json::array();
  for (const Headroom& each : headroom_of(scenario, figures.plan)) {
    Json json{{"what", each.what}, {"has", each.has}, {"needs", each.needs}, {"factor", each.factor}, {"worst_case", each.worst}};
    if (figures.growth) {
      const auto shortage = shortage_of(scenario, *figures.growth, each);
      json["month"] = shortage ? Json(shortage->month) : Json();
      json["date"] = shortage && scenario.horizon.start_unix_ns != 0 ? Json(shortage->when) : Json();
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json proof_json(const Scenario& scenario, const PlanFigures& figures, const Proof& proof) {
  Json json{{"case", figures.plan.cases[proof.gone].title}, {"simulated", !proof.too_large}};
  if (proof.too_large) return json;
  json["calls"] = proof.calls;
  json["worst_site"] = scenario.sites[proof.worst_site].name;
  json["blocking"] = proof.blocking.mean;
  json["low"] = proof.blocking.low;
  json["high"] = proof.blocking.high;
  json["by_channels"] = proof.by_channels;
  json["by_caps"] = proof.by_caps;
  json["failing"] = proof.failing.mean;
  json["failing_site"] = scenario.sites[proof.failing_site].name;
  json["failing_most"] = proof.failing_most;
  json["setup_delay_s"] = proof.setup_delay_s;
  json["mos"] = proof.mos ? Json(*proof.mos) : Json();
  json["holds"] = proof.holds();
  json["misses"] = proof.misses();
  json["replications"] = proof.replications;
  return json;
}

Json alternative_json(const Alternative& each) {
  return {{"what", each.what},
          {"channels", each.channels},
          {"sessions", each.sessions},
          {"cps", each.cps},
          {"edge_sessions", each.edge_sessions},
          {"mbit_per_s", each.mbit_per_s},
          {"hunting_s", each.hunting_s},
          {"without_way_out", each.without_way_out},
          {"monthly", each.monthly ? Json(*each.monthly) : Json()}};
}

template <class List, class Set>
Json list_of(const List& list, const Set& set) {
  Json json = Json::array();
  for (const auto& each : list) json.push_back(set(each));
  return json;
}

}  // namespace

std::string plan_json(const Scenario& scenario, const PlanFigures& figures) {
  const PlanRequest& request = figures.plan.request;
  const Json json{{"command", "plan"},
                  {"scenario", scenario.name},
                  {"blocking", request.blocking.value()},
                  {"scale", request.scale},
                  {"kept_free", request.kept_free},
                  {"sites", list_of(figures.plan.sites, [&](const SitePlan& site) { return site_json(scenario, figures, site); })},
                  {"scopes", list_of(figures.plan.scopes, [&](const ScopePlan& scope) { return scope_json(figures, scope); })},
                  {"without_way_out", figures.plan.without_way_out},
                  {"headroom", headroom_json(scenario, figures)},
                  {"proofs", list_of(figures.proofs, [&](const Proof& proof) { return proof_json(scenario, figures, proof); })},
                  {"alternatives", list_of(figures.alternatives, alternative_json)},
                  {"formulas_s", figures.formulas_s},
                  {"simulation_s", figures.simulation_s ? Json(*figures.simulation_s) : Json()}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace trunklab::cli
