// A sweep for scripts.
#include "reports/json_parts.hpp"
#include "reports/sweep_store.hpp"

namespace trunklab {

std::string sweep_json(const SweepInfo& info, std::span<const SweepResult> results) {
  std::string text = line_of(Json{{"command", "sweep"}, {"scenario", info.scenario_name}, {"seed", info.seed}, {"replications", info.replications}});
  text.pop_back();
  const auto point_of = [&](const SweepResult& result) {
    Json settings;
    for (std::size_t key = 0; key < info.keys.size(); ++key) settings[info.keys[key]] = info.points[result.point][key];
    Json objectives = Json::array();
    for (const Verdict& verdict : result.verdicts) objectives.push_back(json_of(verdict));
    Json measures = Json::array();
    for (const Measure& measure : result.measures) measures.push_back(json_of(measure));
    return Json{{"point", result.point},
                {"settings", std::move(settings)},
                {"calls", result.calls},
                {"objectives", std::move(objectives)},
                {"measures", std::move(measures)}};
  };
  return text + ",\n \"points\": " + list_of(results, point_of) + "}\n";
}

}  // namespace trunklab
