// The measures of RFC 6076 as one JSON document.
#include "reports/json_parts.hpp"
#include "reports/rfc6076/measures.hpp"
#include "reports/rfc6076/rows.hpp"

namespace trunklab {
namespace {

using namespace rfc6076;

constexpr Scope scopes[]{Scope::call, Scope::attempt};

Json share_json(const ShareRow& row, const Rfc6076::Entity& entity, Scope scope, bool over_replications) {
  const SessionSeries& series = series_of(entity, scope);
  const Share share = row.measure(series.sum());
  const auto made = estimate(series, row.measure);
  Json json{{"name", row.name},
            {"entity", entity.name},
            {"unit", "probability"},
            {"mean", made ? Json(made->interval.mean) : Json(nullptr)},
            {"low", made ? Json(made->interval.low) : Json(nullptr)},
            {"high", made ? Json(made->interval.high) : Json(nullptr)},
            {"n", made && made->basis == ShareEstimate::Basis::parts ? series.parts.size() : 1},
            {"section", row.section},
            {"scope", word(scope)},
            {"numerator", share.hits},
            {"denominator", share.of}};
  if (made) json["interval_over"] = basis_text(*made, series, over_replications);
  return json;
}

Json delay_json(const DelayRow& row, const Rfc6076::Entity& entity, Scope scope) {
  const DelaySeen seen_here = seen(row, series_of(entity, scope));
  const Delays* delays = seen_here.delays;
  Json json{{"name", row.name},
            {"entity", entity.name},
            {"unit", "s"},
            {"mean", delays ? Json(delays->mean_s()) : Json(nullptr)},
            {"low", nullptr},
            {"high", nullptr},
            {"n", 1},
            {"section", row.section},
            {"scope", word(scope)},
            {"counted", seen_here.counted},
            {"p50", delays ? Json(delays->percentile_s(0.5)) : Json(nullptr)},
            {"p95", delays ? Json(delays->percentile_s(0.95)) : Json(nullptr)},
            {"max", delays ? Json(delays->max_s()) : Json(nullptr)}};
  if (row.delays == nullptr) json["note"] = "not kept in the record";
  return json;
}

Json counts_json(const Rfc6076::Entity& entity, Scope scope) {
  const SessionCounts counts = series_of(entity, scope).sum();
  Json json{{"entity", entity.name}, {"scope", word(scope)}};
  for (const CountRow& row : count_rows()) {
    if (scope == Scope::call ? row.of_calls : row.of_attempts) json[std::string(row.name)] = row.count(counts);
  }
  return json;
}

}  // namespace

std::string rfc6076_json(const RunRecord& record, const Rfc6076& counted) {
  const RunInfo& info = record.info();
  std::vector<Json> measures;
  std::vector<Json> counts;
  for (const Rfc6076::Entity& entity : counted.entities()) {
    for (const ShareRow& row : share_rows) {
      for (const Scope scope : scopes) measures.push_back(share_json(row, entity, scope, counted.over_replications()));
    }
    for (const DelayRow& row : delay_rows) {
      measures.push_back(delay_json(row, entity, Scope::call));
      if (row.of_attempts) measures.push_back(delay_json(row, entity, Scope::attempt));
    }
    for (const Scope scope : scopes) counts.push_back(counts_json(entity, scope));
  }
  const auto as_it_is = [](const Json& json) { return json; };
  std::string text = line_of(Json{{"command", "measures"},
                                  {"scenario", info.scenario_name},
                                  {"who", info.who},
                                  {"seed", info.seed},
                                  {"replications", info.replications},
                                  {"simulated_s", in_seconds(info.horizon)},
                                  {"complete", record.complete()},
                                  {"standard", "RFC 6076"}});
  text.pop_back();
  return text + ",\n \"measures\": " + list_of(measures, as_it_is) + ",\n \"counts\": " + list_of(counts, as_it_is) +
         ",\n \"not_in_record\": " + list_of(not_in_record(counted, record.directory()), [](const std::string& each) { return Json(each); }) + "}\n";
}

}  // namespace trunklab
