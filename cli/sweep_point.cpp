// Results travel as CBOR (RFC 8949), which keeps every bit of a figure.
#include "cli/sweep_point.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cli/run_results.hpp"
#include "reports/run_info.hpp"
#include "scenarios/reader.hpp"
#include "sim/sinks.hpp"
#include "sim/study.hpp"

namespace trunklab::cli {
namespace {

using nlohmann::json;

json optional_json(const std::optional<double>& value) {
  return value ? json(*value) : json();
}

std::optional<double> optional_of(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

std::vector<std::uint8_t> packed(const SweepResult& result, double wall_s) {
  json measures = json::array();
  for (const Measure& each : result.measures) {
    measures.push_back({each.name, each.entity, each.unit, each.mean, optional_json(each.low), optional_json(each.high), each.n, each.note});
  }
  json verdicts = json::array();
  for (const Verdict& each : result.verdicts) verdicts.push_back({static_cast<int>(each.kind), each.name, each.entity, each.text});
  return json::to_cbor(json::array({result.point, result.calls, wall_s, std::move(verdicts), std::move(measures)}));
}

}  // namespace

Result<Scenario> scenario_of(const SweepScenario& base, std::span<const Override> point) {
  auto read = parse_scenario(base.text, base.path, point);
  if (!read) return read;
  Scenario& scenario = read.value();
  const bool seed_varies = std::ranges::find(point, "seed", &Override::key) != point.end();
  if (!seed_varies) scenario.seed = base.seed;
  if (const auto problem = too_large(scenario)) return *problem;
  return read;
}

std::vector<std::uint8_t> run_point(const SweepScenario& base, std::span<const Override> point, std::uint32_t number, const Breath& breath) {
  const auto begun = std::chrono::steady_clock::now();
  const auto read = scenario_of(base, point);
  if (!read) throw std::runtime_error(read.problems().front().text());
  const Scenario& scenario = read.value();
  NoSink nowhere;
  const auto studied = run_study(
      scenario, {.replications = base.replications, .stop = breath.stop, .on_progress = [&](double, std::uint64_t) { breath.breathe(); }}, nowhere);
  if (!studied) throw std::runtime_error(studied.problems().front().text());
  const Study& study = studied.value();
  if (!study.complete) return {};
  RunResults results = results_of(scenario, directory_of(scenario), {.tallies = study.tallies, .impacts = study.impacts, .complete = true});
  const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return packed({.point = number, .calls = study.calls, .verdicts = std::move(results.verdicts), .measures = std::move(results.measures)}, wall_s);
}

std::pair<SweepResult, double> unpacked(std::span<const std::uint8_t> bytes) {
  const json all = json::from_cbor(bytes.begin(), bytes.end());
  SweepResult result{.point = all.at(0), .calls = all.at(1), .verdicts = {}, .measures = {}};
  for (const json& each : all.at(3)) {
    result.verdicts.push_back(
        {.kind = static_cast<Verdict::Kind>(each.at(0).get<int>()), .name = each.at(1), .entity = each.at(2), .text = each.at(3)});
  }
  for (const json& each : all.at(4)) {
    result.measures.push_back({.name = each.at(0),
                               .entity = each.at(1),
                               .unit = each.at(2),
                               .mean = each.at(3),
                               .low = optional_of(each.at(4)),
                               .high = optional_of(each.at(5)),
                               .n = each.at(6),
                               .note = each.at(7)});
  }
  return {std::move(result), all.at(2).get<double>()};
}

}  // namespace trunklab::cli
