// trunklab import.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "cli/call_file_options.hpp"
#include "cli/import_text.hpp"
#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "cli/terminal.hpp"
#include "models/clean_text.hpp"
#include "scenarios/quantity_text.hpp"
#include "traffic/cdr/scenario_text.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

TallyWishes read_wishes(const Options& options) {
  TallyWishes wishes;
  wishes.file = call_file_wishes(options, "file");
  ColumnWishes& columns = wishes.file.columns;
  columns.number = column_option(options, "number");
  columns.count = column_option(options, "count");
  columns.counts = options.flag("counts") || columns.count;
  if (const auto word = options.text_if("duplicates")) {
    if (*word != "drop" && *word != "keep") misuse("duplicates", *word, "drop or keep");
    wishes.drops_equal_rows = *word == "drop";
  }
  if (const auto word = options.text_if("every")) {
    const auto every = parse_span(*word);
    if (!every || *every < std::chrono::seconds{1} || *every > std::chrono::hours{24})
      misuse("every", *word, "a duration from 1s to 24h, such as 5min");
    if (!columns.counts) throw Misuse("found --every without --counts, expected both: calls have no interval");
    wishes.every_s = *every / std::chrono::seconds{1};
  }
  return wishes;
}

FitWishes read_fit(const Options& options) {
  FitWishes wishes{.slots_a_day = options.flag("half-hours") ? std::size_t{48} : std::size_t{24}, .fixed_hour = std::nullopt};
  if (options.has("hour")) wishes.fixed_hour = options.whole("hour", 0, 23);
  return wishes;
}

/// Where the scenario goes, and the quantiles beside it.
struct Targets {
  fs::path scenario;
  fs::path quantiles;
};

std::optional<Targets> read_targets(const Options& options) {
  const auto file = options.file_if("output");
  if (!file) {
    if (options.flag("trace")) throw Misuse("found --trace without --output, expected both: --trace writes another scenario");
    return std::nullopt;
  }
  Targets targets{.scenario = *file, .quantiles = {}};
  targets.quantiles = targets.scenario.parent_path() / (targets.scenario.stem().string() + "-holding.csv");
  check_report_target(targets.scenario, scenario_opening);
  if (!options.flag("trace")) check_report_target(targets.quantiles, quantiles_opening);
  return targets;
}

Result<ScenarioFiles> scenario_files(const Options& options, const Targets& targets, const CallTallies& tallies, const CallFit& fit) {
  const fs::path folder = targets.scenario.has_parent_path() ? targets.scenario.parent_path() : ".";
  const fs::path call_file = options.text("file");
  if (!options.flag("trace")) {
    return fitted_scenario(tallies, fit, {.call_file = call_file.filename().string(), .quantiles_file = targets.quantiles.filename().string()});
  }
  return trace_scenario(tallies, fit, {.call_file = fs::proximate(call_file, folder).generic_string(), .quantiles_file = ""});
}

void write_files(const Targets& targets, const ScenarioFiles& files) {
  // The quantiles first: a scenario that is there can be run.
  const bool new_quantiles = !files.quantiles.empty() && !fs::exists(targets.quantiles);
  if (!files.quantiles.empty()) write_report(targets.quantiles, quantiles_opening, [&](std::ostream& out) { out << files.quantiles; });
  try {
    write_report(targets.scenario, scenario_opening, [&](std::ostream& out) { out << files.yaml; });
  } catch (...) {
    std::error_code ignored;
    if (new_quantiles) fs::remove(targets.quantiles, ignored);
    throw;
  }
}

int stopped(const StopSignals& signals) {
  std::cerr << "stopped by the user; nothing was written\n";
  return signals.exit_code().value_or(failed);
}

void add_options(Options& options) {
  const auto add = [&options](const char* name, const char* value_name, const char* help) {
    options.add()(name, po::value<std::string>()->value_name(value_name), help);
  };
  add("output,o", "FILE", "write a scenario: a typical week, and what calls look like");
  options.add()("trace", po::bool_switch(), "the scenario plays the file's own calls instead");
  add("arrival", "COLUMN", "when calls begin");
  add("holding", "COLUMN", "how long they take, answered or not");
  add("talk", "COLUMN", "how long they talk, 0 or empty if not answered");
  add("outcome", "COLUMN", "answered, busy, ... or SIP and Q.850 codes");
  add("number", "COLUMN", "caller: tells redials and duplicates");
  options.add()("counts", po::bool_switch(), "the file has a count for each interval");
  add("count", "COLUMN", "of these (implies --counts)");
  add("every", "TIME", "of these: their length, such as 5min (default: found out)");
  add("date-format", "WORD", "iso, dmy, mdy, unix or unix-ms (default: found out)");
  add("timezone", "NAME", "where the clock hung: Europe/Berlin");
  add("hour", "0..23", "the fixed daily measurement hour (default: the busiest)");
  options.add()("half-hours", po::bool_switch(), "a week of half hours instead of hours");
  add("duplicates", "WORD", "rows equal to earlier ones: drop or keep (default: drop if the file has columns that tell calls apart)");
  options.add()("json", po::bool_switch(), "one JSON document on stdout");
}

}  // namespace

int import(const std::vector<std::string>& arguments) {
  Options options("import CALLS.csv [options]",
                  "Fits a scenario to recorded calls: a typical week with busy hours and bursts, holding times, answers. A CSV file with a heading;\n"
                  "columns that are not named are guessed, and the summary says so. A column that is not to be guessed: none.",
                  "  trunklab import calls.csv                             what the file tells\n"
                  "  trunklab import calls.csv -o demand.yaml              and a scenario to simulate\n"
                  "  trunklab import calls.csv --timezone Europe/Berlin --arrival calldate --holding duration --number src\n"
                  "  trunklab import counts.csv --counts                   calls per interval\n"
                  "  trunklab import calls.csv --trace -o replay.yaml      a scenario that plays the file\n");
  options.positional("file");
  add_options(options);
  if (!options.parse(arguments)) return done;
  TallyWishes wishes = read_wishes(options);
  const FitWishes fit_wishes = read_fit(options);
  const auto targets = read_targets(options);
  const StopSignals signals;
  wishes.stop = &signals.stop();
  const auto tallies = tally_calls(wishes);
  if (signals.stop()) return stopped(signals);
  if (!tallies) return refuse(tallies.problems());
  const CallFit fit = fit_calls(tallies.value(), fit_wishes);
  std::optional<ScenarioFiles> files;
  if (targets) {
    auto made = scenario_files(options, *targets, tallies.value(), fit);
    if (!made) return refuse(made.problems());
    files = std::move(made).value();
  }
  if (signals.stop()) return stopped(signals);
  if (files) write_files(*targets, *files);
  std::cout << (options.flag("json") ? import_json(wishes.file.path, tallies.value(), fit) : import_text(wishes.file.path, tallies.value(), fit));
  if (files && !options.flag("json")) {
    std::cout << fmt::format("\nwrote {}{}\n", targets->scenario.string(), files->quantiles.empty() ? "" : " and " + targets->quantiles.string());
  }
  return done;
}

}  // namespace trunklab::cli
