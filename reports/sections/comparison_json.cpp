// The comparison for scripts.
#include <nlohmann/json.hpp>

#include "reports/sections/comparison.hpp"
#include "reports/sections/finding_sentences.hpp"

namespace trunklab {
namespace {

using Json = nlohmann::ordered_json;

/// Text that is not UTF-8 (a scenario's name) is mended, not refused.
std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json bound(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_of(const RunRecord& record) {
  const RunInfo& info = record.info();
  Json objectives = Json::array();
  for (const Verdict& verdict : record.verdicts()) {
    objectives.push_back({{"verdict", word(verdict.kind)}, {"name", verdict.name}, {"entity", verdict.entity}, {"text", verdict.text}});
  }
  return {{"file", record.file().filename().string()}, {"scenario", info.scenario_name}, {"seed", info.seed},
          {"replications", info.replications},         {"complete", record.complete()},  {"finding", texts_of(finding_sentences(record))},
          {"objectives", std::move(objectives)}};
}

Json json_of(std::size_t run, const Difference& difference) {
  return {{"run", run},
          {"name", difference.name},
          {"entity", difference.entity},
          {"unit", difference.unit},
          {"first", difference.first},
          {"other", difference.other},
          {"difference", difference.difference()},
          {"low", bound(difference.low)},
          {"high", bound(difference.high)},
          {"basis", word(difference.basis)},
          {"differs", difference.differs()}};
}

}  // namespace

std::string comparison_json(std::span<const RunRecord* const> records) {
  std::string text = line_of(Json{{"command", "report"}});
  text.pop_back();
  text += ",\n \"runs\": [";
  const char* separator = "\n  ";
  for (const RunRecord* record : records) {
    text += separator + line_of(json_of(*record));
    separator = ",\n  ";
  }
  text += "],\n \"differences\": [";
  separator = "\n  ";
  for (std::size_t run = 1; run < records.size(); ++run) {
    for (const Difference& difference : differences(*records[0], *records[run])) {
      text += separator + line_of(json_of(run, difference));
      separator = ",\n  ";
    }
  }
  return text + "]}\n";
}

}  // namespace trunklab
