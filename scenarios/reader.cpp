// Reads a whole scenario: the text's soundness first, then part by part.
#include "scenarios/reader.hpp"
#include "scenarios/overrides.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/clean_text.hpp"
#include "scenarios/file_text.hpp"
#include "scenarios/lint.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"
#include "scenarios/time_text.hpp"
#include "scenarios/utf8.hpp"

namespace trunklab {

using namespace std::chrono_literals;

Horizon read_horizon(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "a horizon", {"start", "duration"});
  Horizon horizon;
  if (const YamlNode* duration = fields.need("duration", "a duration such as 4h")) set(horizon.duration, reading.span(*duration, 1s, 11'640 * day));
  if (const YamlNode* start = fields.find("start")) {
    const std::optional<WrittenTime> written = parse_iso8601(start->text);
    if (written && written->utc_offset_s) {
      horizon.start_unix_ns = written->unix_ns;
      horizon.utc_offset_s = *written->utc_offset_s;
    } else {
      reading.mistake(start->place, described(*start),
                      expected_time(start->text, "a date and time with its offset, such as 2026-03-02T08:00:00Z or 2026-03-02T08:00:00+01:00"));
    }
  }
  return horizon;
}

namespace {

constexpr std::int64_t series_points_max = 1'000'000;

void read_run(Reading& reading, const Fields& fields, Scenario& scenario) {
  const Span duration = scenario.horizon.duration;
  if (const YamlNode* seed = fields.find("seed")) set(scenario.seed, reading.whole(*seed, 0, INT64_MAX));
  if (const YamlNode* warmup = fields.find("warmup")) {
    set(scenario.warmup, reading.span(*warmup, 0s, 11'640 * day));
    if (scenario.warmup && duration > Span{0} && *scenario.warmup >= duration) {
      reading.mistake(warmup->place, described(*warmup), "a warm-up below the horizon's " + span_text(duration));
    }
  }
  if (const YamlNode* every = fields.find("series_every")) {
    set(scenario.series_every, reading.span(*every, 1s, 11'640 * day));
    if (scenario.series_every && duration > Span{0} && *scenario.series_every > duration) {
      reading.mistake(every->place, described(*every), "at most the horizon's " + span_text(duration));
    } else if (scenario.series_every && duration / *scenario.series_every > series_points_max) {
      reading.mistake(every->place, fmt::format("{} points", duration / *scenario.series_every),
                      fmt::format("at most {} points in a series", series_points_max));
    }
  }
}

void read_silenced(Reading& reading, const YamlNode& node, std::vector<std::string>& silenced) {
  const Fields fields(reading, node, "lint", {"silence"});
  const YamlNode* const silence = fields.need("silence", "the list of rules that are not to be heard, such as [one-region]");
  if (!silence) return;
  std::vector<std::string_view> ids;
  for (const LintRule& rule : lint_rules()) ids.push_back(rule.id);
  for (const YamlNode& item : reading.list(*silence, "ids of rules such as one-region")) {
    const std::optional<std::size_t> index = reading.choice(item, ids);
    if (!index) continue;
    if (std::ranges::find(silenced, ids[*index]) != silenced.end())
      reading.mistake(item.place, described(item) + " a second time", "every rule once");
    silenced.emplace_back(ids[*index]);
  }
}

void read_parts(Reading& reading, const YamlNode& root, Scenario& scenario) {
  const Fields fields(reading, root, "a scenario",
                      {"service", "horizon", "seed", "warmup", "series_every", "sites", "demand", "faults", "objectives", "prices", "lint"});
  const YamlNode* const horizon = fields.need("horizon", "a horizon such as { start: 2026-03-02T08:00:00Z, duration: 4h }");
  const YamlNode* const sites = fields.need("sites", "the sites that calls come from");
  const YamlNode* const demand = fields.need("demand", "the demand: who calls");
  scenario.service = read_service(reading, fields.find("service"));
  if (horizon) scenario.horizon = read_horizon(reading, *horizon);
  read_run(reading, fields, scenario);
  if (sites) scenario.sites = read_sites(reading, *sites, scenario.service);
  if (demand) scenario.demands = read_demands(reading, *demand, scenario);
  if (const YamlNode* faults = fields.find("faults")) read_faults(reading, *faults, scenario);
  if (const YamlNode* objectives = fields.find("objectives")) scenario.objectives = read_objectives(reading, *objectives);
  if (const YamlNode* prices = fields.find("prices")) scenario.prices = read_prices(reading, *prices);
  if (const YamlNode* lint = fields.find("lint")) read_silenced(reading, *lint, scenario.silenced);
}

/// What makes a text no text at all.
std::optional<Problem> binary_problem(const std::string& text, const std::string& path) {
  const std::optional<TextFlaw> flaw = find_text_flaw(text);
  if (!flaw) return std::nullopt;
  return Problem{where_text(path, {flaw->line, flaw->column}), flaw->what, "a text file in UTF-8"};
}

/// Says of each problem what had been replaced.
Problems after(std::span<const Override> changes, Problems problems) {
  std::string with;
  for (const Override& change : changes) with += fmt::format("{}{}={}", with.empty() ? " with " : ", ", change.key, change.value);
  for (Problem& problem : problems) problem.where += with;
  return problems;
}

}  // namespace

Result<Scenario> parse_scenario(std::string text, std::string path) {
  return parse_scenario(std::move(text), std::move(path), {});
}

Result<Scenario> parse_scenario(std::string text, std::string path, std::span<const Override> changes) try {
  if (text.size() > scenario_bytes_max)
    return Problem{path, fmt::format("a text of {} bytes", text.size()), fmt::format("at most {} bytes", scenario_bytes_max)};
  if (const std::optional<Problem> problem = binary_problem(text, path)) return *problem;
  Result<YamlNode> root = parse_yaml(text, path);
  if (!root) return root.problems();
  for (const Override& change : changes) {
    if (const std::optional<Problem> problem = apply(change, root.value())) return *problem;
  }

  Reading reading(path);
  Scenario scenario;
  read_parts(reading, root.value(), scenario);
  if (!reading.clean()) return after(changes, reading.problems());
  scenario.assumptions = assumptions_of(root.value(), scenario);
  scenario.name = clean_line(std::filesystem::path(path).stem().string());
  scenario.path = std::move(path);
  scenario.text = std::move(text);
  return scenario;
} catch (const std::exception& error) {
  // Nothing above is meant to throw; a user's file must not end the program even so.
  return Problem{path, fmt::format("a scenario that cannot be read ({})", error.what()), "a scenario"};
}

Result<Scenario> read_scenario(const std::filesystem::path& file) {
  Result<std::string> text = read_text(file.string(), scenario_bytes_max);
  if (!text) return text.problems();
  return parse_scenario(std::move(text).value(), file.string());
}

}  // namespace trunklab
