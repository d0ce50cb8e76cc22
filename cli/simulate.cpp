// trunklab simulate.
#include "cli/options.hpp"
#include "cli/study_command.hpp"
#include "scenarios/reader.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

CallDetail detail_of(const std::string& word) {
  if (word == "all") return CallDetail::all;
  if (word == "failed") return CallDetail::failed;
  if (word == "none") return CallDetail::none;
  throw Misuse("--cdr: found '" + word + "', expected all, failed or none");
}

bool windows_of(const Options& options) {
  const auto word = options.text_if("windows");
  if (!word) return false;
  if (*word != "faults") throw Misuse("--windows: found '" + *word + "', expected faults");
  if (options.has("output"))
    throw Misuse("--windows: found --output beside it, expected one of them: there is no record of calls that were not simulated");
  if (options.flag("advice")) throw Misuse("--windows: found --advice beside it, expected one of them: advice compares every call");
  return true;
}

}  // namespace

int simulate(const std::vector<std::string>& arguments) {
  Options options("simulate SCENARIO [options]",
                  "Runs a scenario and prints a summary with 95 % confidence intervals: over replications, or over batches of one\n"
                  "long run. With faults, each replication also runs undisturbed, and every call is compared with its twin.",
                  "  trunklab simulate scenarios/library/euc1-edge-loss.yaml -o loss.sqlite\n"
                  "  trunklab simulate busy-hour.yaml --replications 20 --json\n"
                  "  trunklab simulate year.yaml --cdr failed -o year.sqlite\n"
                  "  trunklab simulate year.yaml --windows faults\n");
  options.positional("scenario");
  options.add()("output,o", po::value<std::string>()->value_name("RUN"), "write the run record, one SQLite file")(
      "replications,n", po::value<std::string>()->default_value("1")->value_name("N"), "independent repetitions, 1 to 100000")(
      "seed", po::value<std::string>()->value_name("S"), "instead of the scenario's")(
      "cdr", po::value<std::string>()->default_value("all")->value_name("WHICH"), "calls in the record: all, failed or none")(
      "windows", po::value<std::string>()->value_name("faults"),
      "simulate only around faults, and samples of the time between: for long horizons; no run record")(
      "advice", po::bool_switch(), "also try other settings against the faults")("json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  StudyRequest request{.command = "simulate",
                       .replications = static_cast<std::uint32_t>(options.whole("replications", 1, 100'000)),
                       .detail = detail_of(options.text("cdr")),
                       .record = options.file_if("output"),
                       .json = options.flag("json"),
                       .advice = options.flag("advice"),
                       .windows = windows_of(options)};
  auto scenario = read_scenario(options.required("scenario", "scenario"));
  if (!scenario) return refuse(scenario.problems());
  if (options.has("seed")) scenario.value().seed = options.whole("seed", 0, (std::uint64_t{1} << 63) - 1);
  return study(scenario.value(), request);
}

}  // namespace trunklab::cli
