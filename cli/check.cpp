// trunklab check.
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/options.hpp"
#include "scenarios/lint.hpp"
#include "scenarios/reader.hpp"
#include "sim/study.hpp"
#include "traffic/demand/timetable.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

Problems problems_of(const Result<Scenario>& scenario) {
  if (!scenario) return scenario.problems();
  if (const auto refused = too_large(scenario.value())) return {*refused};
  const auto timetable = Timetable::open(scenario.value(), 0);  // reads the traces
  return timetable ? Problems{} : timetable.problems();
}

void print_json(const std::string& name, const Problems& problems, const std::vector<Advice>& advice, std::size_t silenced) {
  nlohmann::ordered_json document{{"command", "check"}, {"scenario", name}, {"valid", problems.empty()}};
  document["problems"] = nlohmann::ordered_json::array();
  for (const Problem& problem : problems)
    document["problems"].push_back({{"where", problem.where}, {"found", problem.found}, {"expected", problem.expected}});
  document["advice"] = nlohmann::ordered_json::array();
  for (const Advice& item : advice) {
    document["advice"].push_back({{"id", item.id},
                                  {"where", item.where},
                                  {"what", item.what},
                                  {"why", item.why},
                                  {"fix", item.fix},
                                  {"origin", item.origin == Advice::Origin::seed ? "seed" : "ours"}});
  }
  document["silenced"] = silenced;
  std::cout << document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

std::string counted(std::size_t number, std::string_view word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

/// How many calls to expect. What a trace adds stands in its file.
std::string traffic(const Scenario& scenario) {
  const std::string calls = counted(static_cast<std::size_t>(std::lround(expected_calls(scenario))), "call");
  const auto traces = static_cast<std::size_t>(
      std::ranges::count_if(scenario.demands, [](const DemandSpec& each) { return std::holds_alternative<TraceArrivals>(each.arrivals); }));
  if (traces == 0) return fmt::format("about {}, at most about {} at the same time", calls, std::lround(expected_concurrency(scenario)));
  const std::string played = "the calls of " + counted(traces, "trace");
  return traces == scenario.demands.size() ? played : fmt::format("about {} and {}", calls, played);
}

std::string summary(const Scenario& scenario, std::size_t silenced) {
  std::string text = fmt::format("{}, {}, {}, {}, {}", counted(scenario.sites.size(), "site"), counted(scenario.demands.size(), "demand"),
                                 counted(scenario.service.edges.size(), "edge"),
                                 counted(scenario.faults.size() + scenario.random_faults.size(), "fault"), traffic(scenario));
  if (silenced > 0) text += fmt::format("; {} of advice silenced", counted(silenced, "piece"));
  return text;
}

}  // namespace

int check(const std::vector<std::string>& arguments) {
  Options options("check SCENARIO [options]",
                  "Reads a scenario and the files that it names, reports every mistake, and says what the service's own document\n"
                  "recommends and the scenario does not follow. Advice alone does not change the exit code.",
                  "  trunklab check scenarios/library/single-address.yaml\n  trunklab check busy-hour.yaml --json\n");
  options.positional("scenario");
  options.add()("json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  const std::string path = options.required("scenario", "scenario");
  const auto scenario = read_scenario(path);
  const Problems problems = problems_of(scenario);
  const std::vector<Advice> all = problems.empty() ? lint(scenario.value()) : std::vector<Advice>{};
  const std::vector<Advice> advice = problems.empty() ? heard(scenario.value(), all) : all;
  const std::size_t silenced = all.size() - advice.size();
  if (options.flag("json")) print_json(path, problems, advice, silenced);
  if (!problems.empty()) return options.flag("json") ? static_cast<int>(misused) : refuse(problems);
  if (options.flag("json")) return done;
  for (const Advice& item : advice) std::cout << fmt::format("advice: {} [{}]\n  fix: {}\n", item.text(), item.id, item.fix);
  std::cout << path << ": sound; " << summary(scenario.value(), silenced) << '\n';
  return done;
}

}  // namespace trunklab::cli
