// trunklab generate.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "models/record/words.hpp"
#include "scenarios/reader.hpp"
#include "traffic/sipp/bundle.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

std::uint64_t calls_of(const BundleSummary& summary) {
  std::uint64_t calls = 0;
  for (const GroupSurvey& group : summary.surveys) calls += group.calls;
  return calls;
}

void print_json(const Scenario& scenario, const std::string& folder, const BundleSummary& summary) {
  nlohmann::ordered_json document{
      {"command", "generate"}, {"scenario", scenario.name}, {"seed", scenario.seed}, {"bundle", folder}, {"calls", calls_of(summary)}};
  document["groups"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < summary.groups.size(); ++i) {
    const GroupSurvey& survey = summary.surveys[i];
    nlohmann::ordered_json expected = nlohmann::ordered_json::object();
    for (const auto& [outcome, calls] : survey.outcomes) expected[word(outcome)] = calls;
    document["groups"].push_back({{"name", summary.groups[i].name},
                                  {"calls", survey.calls},
                                  {"peak_calls_a_second", survey.peak_a_second},
                                  {"concurrent_max", survey.concurrent},
                                  {"processes", survey.shards},
                                  {"expected", expected}});
  }
  document["not_played"] = nlohmann::ordered_json::array();
  for (const NotPlayed& each : summary.left_out) document["not_played"].push_back({{"what", each.what}, {"why", each.why}});
  std::cout << document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

void print_text(const Scenario& scenario, const std::string& folder, const BundleSummary& summary) {
  std::cout << fmt::format("{}, seed {}: {} calls\n\n", scenario.name, scenario.seed, calls_of(summary));
  std::cout << fmt::format("{:<20} {:>10} {:>16} {:>12} {:>9}  expected\n", "group", "calls", "most in a second", "most at once", "processes");
  for (std::size_t i = 0; i < summary.groups.size(); ++i) {
    const GroupSurvey& survey = summary.surveys[i];
    std::string expected;
    for (const auto& [outcome, calls] : survey.outcomes) expected += fmt::format("{}{} {}", expected.empty() ? "" : ", ", word(outcome), calls);
    std::cout << fmt::format("{:<20} {:>10} {:>16} {:>12} {:>9}  {}\n", summary.groups[i].name, survey.calls, survey.peak_a_second, survey.concurrent,
                             survey.shards, expected);
  }
  std::cout << "\nnot played:\n";
  for (const NotPlayed& each : summary.left_out) std::cout << "  " << each.what << ": " << each.why << '\n';
  std::cout << "\nto play it: " << (std::filesystem::path(folder) / "run.sh").string() << " --seconds 60\n";
}

}  // namespace

int generate(const std::vector<std::string>& arguments) {
  Options options("generate SCENARIO -o BUNDLE [options]",
                  "Writes the calls of a scenario, the very same that simulate plays, as a folder for SIPp 3.6.1: scenario files, call files, a\n"
                  "script that plays them on loopback, and what SIPp cannot play. Nothing is sent.",
                  "  trunklab generate scenarios/library/euc1-edge-loss.yaml -o bundle\n"
                  "  bundle/run.sh --seconds 60\n");
  options.positional("scenario");
  options.add()("output,o", po::value<std::string>()->value_name("BUNDLE"), "the folder; a bundle that is there is replaced, nothing else is")(
      "seed", po::value<std::string>()->value_name("S"), "instead of the scenario's")(
      "replication", po::value<std::string>()->default_value("0")->value_name("N"), "which one of simulate --replications, from 0")(
      "json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  const std::string file = options.required("scenario", "scenario");
  const auto folder = options.file_if("output");
  if (!folder) throw Misuse("--output: found nothing, expected a folder for the bundle: -o BUNDLE");
  auto scenario = read_scenario(file);
  if (!scenario) return refuse(scenario.problems());
  if (options.has("seed")) scenario.value().seed = options.whole("seed", 0, (std::uint64_t{1} << 63) - 1);

  const StopSignals signals;
  ProgressLine progress;
  BundleWishes wishes{.replication = static_cast<std::uint32_t>(options.whole("replication", 0, 99'999)),
                      .limits = {},
                      .made_by = std::string("trunklab ") + TRUNKLAB_VERSION,
                      .stop = &signals.stop(),
                      .progress = [&progress](double share, std::uint64_t calls) { progress.show(share, calls); }};
  const auto summary = write_bundle(scenario.value(), *folder, wishes);
  progress.clear();
  if (!summary) return refuse(summary.problems());
  if (summary.value().stopped) {
    std::cerr << "stopped: nothing was written\n";
    return signals.exit_code().value_or(failed);
  }
  if (options.flag("json")) {
    print_json(scenario.value(), *folder, summary.value());
  } else {
    print_text(scenario.value(), *folder, summary.value());
  }
  return done;
}

}  // namespace trunklab::cli
