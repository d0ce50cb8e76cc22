// The comparison for scripts.
#include <utility>
#include <vector>

#include "reports/json_parts.hpp"
#include "reports/sections/comparison.hpp"
#include "reports/sections/finding_sentences.hpp"

namespace trunklab {
namespace {

Json json_of(const RunRecord& record) {
  const RunInfo& info = record.info();
  Json objectives = Json::array();
  for (const Verdict& verdict : record.verdicts()) objectives.push_back(json_of(verdict));
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
  std::vector<std::pair<std::size_t, Difference>> found;
  for (std::size_t run = 1; run < records.size(); ++run) {
    for (Difference& difference : differences(*records[0], *records[run])) found.emplace_back(run, std::move(difference));
  }
  return "{\"command\":\"report\",\n \"runs\": " + list_of(records, [](const RunRecord* record) { return json_of(*record); }) +
         ",\n \"differences\": " + list_of(found, [](const auto& each) { return json_of(each.first, each.second); }) + "}\n";
}

}  // namespace trunklab
