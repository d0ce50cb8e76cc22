// Writing the JSON document.
#include "reports/json.hpp"

#include <cmath>
#include <initializer_list>
#include <stdexcept>

#include "reports/json_parts.hpp"

namespace trunklab {
std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json bound(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_of(const Measure& measure) {
  for (const double value : {measure.mean, measure.low.value_or(0), measure.high.value_or(0)}) {
    if (!std::isfinite(value)) throw std::runtime_error("cannot write JSON: " + measure.name + " of " + measure.entity + " is not finite");
  }
  Json json{{"name", measure.name},      {"entity", measure.entity},    {"unit", measure.unit}, {"mean", measure.mean},
            {"low", bound(measure.low)}, {"high", bound(measure.high)}, {"n", measure.n}};
  if (!measure.note.empty()) json["note"] = measure.note;
  return json;
}

Json json_of(const Verdict& verdict) {
  return {{"verdict", word(verdict.kind)}, {"name", verdict.name}, {"entity", verdict.entity}, {"text", verdict.text}};
}

std::string json_document(const JsonHeading& heading, std::span<const Measure> measures) {
  std::string text = line_of(Json{{"command", heading.command},
                                  {"scenario", heading.scenario},
                                  {"seed", heading.seed},
                                  {"replications", heading.replications},
                                  {"simulated_s", heading.simulated_s},
                                  {"wall_s", heading.wall_s},
                                  {"calls", heading.calls}});
  text.pop_back();
  if (heading.finding) text += ",\n \"finding\": " + list_of(*heading.finding, [](const std::string& sentence) { return Json(sentence); });
  if (heading.objectives) text += ",\n \"objectives\": " + list_of(*heading.objectives, [](const Verdict& verdict) { return json_of(verdict); });
  return text + ",\n \"measures\": " + list_of(measures, [](const Measure& measure) { return json_of(measure); }) + "}\n";
}

}  // namespace trunklab
