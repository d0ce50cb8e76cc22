// trunklab reconcile.
#include <fmt/format.h>

#include <array>
#include <iostream>
#include <stdexcept>

#include "cli/call_file_options.hpp"
#include "cli/options.hpp"
#include "cli/reconcile_answer.hpp"
#include "cli/terminal.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

/// All of them ours.
struct Default {
  const char* name;
  const char* value;
  const char* help;
};
constexpr std::array defaults{
    Default{"match-within", "60s", "without Call-IDs: clocks, and then starts, differ by no more"},
    Default{"start-tolerance", "2s", "starts, less the clocks' offset, may differ by so much"},
    Default{"duration-tolerance", "1s", "talk times may differ by so much"},
    Default{"increment", "1s", "talk time is billed in whole multiples of this"},
};

Span span_option(const Options& options, const Default& option, Span least, const std::string& expected) {
  const std::string text = options.text_if(option.name).value_or(option.value);
  const auto value = parse_span(text);
  if (value && *value >= least && *value <= std::chrono::hours{24}) return *value;
  misuse(option.name, text, expected);
}

ReconcileRules read_rules(const Options& options) {
  const std::string up_to_a_day = "a duration up to 24h, such as 2s";
  ReconcileRules rules;
  rules.answered_only = options.flag("answered-only");
  rules.match_within = span_option(options, defaults[0], Span{0}, up_to_a_day);
  rules.start_tolerance = span_option(options, defaults[1], Span{0}, up_to_a_day);
  rules.duration_tolerance_s = in_seconds(span_option(options, defaults[2], Span{0}, up_to_a_day));
  rules.increment_s = in_seconds(span_option(options, defaults[3], std::chrono::milliseconds{1}, "a duration from 1ms to 24h, such as 60s"));
  constexpr std::uint64_t examples_max = 1'000'000;
  rules.examples = options.whole("examples", 0, examples_max);
  return rules;
}

void add_options(Options& options) {
  const auto add = [&options](const char* name, const char* value_name, const std::string& help) {
    options.add()(name, po::value<std::string>()->value_name(value_name), help.c_str());
  };
  add("call-id", "COLUMN", "the Call-ID: matches calls surely");
  add("called", "COLUMN", "else the called number: with the start, matches them by the nearest");
  add("numbers", "FILE", "CSV with columns call_id, number: the numbers that our calls called");
  add("arrival", "COLUMN", "when calls begin");
  add("talk", "COLUMN", "seconds billed, 0 or empty if not answered");
  add("holding", "COLUMN", "without these: how long calls take");
  add("outcome", "COLUMN", "SIP or Q.850 codes, or answered, busy, ...");
  add("date-format", "WORD", "iso, dmy, mdy, unix or unix-ms (default: found out)");
  add("timezone", "NAME", "where the clock hung: Europe/Berlin");
  options.add()("answered-only", po::bool_switch(), "the file has answered calls only");
  for (const Default& each : defaults) add(each.name, "TIME", fmt::format("{} (default {}: ours)", each.help, each.value));
  options.add()("examples", po::value<std::string>()->default_value("3")->value_name("N"), "calls shown of each difference")(
      "replication", po::value<std::string>()->default_value("0")->value_name("N"), "of the run")("json", po::bool_switch(),
                                                                                                  "one JSON document on stdout");
}

std::vector<BilledCall> read_here(const Options& options, std::uint32_t replication, const CalledNumbers& numbers, bool& complete) {
  const RunRecord record(options.required("run", "run record"));
  if (record.info().detail != CallDetail::all) {
    throw std::runtime_error(record.file().string() + ": cannot reconcile: the run record does not hold every call");
  }
  if (replication >= record.info().replications) {
    misuse("replication", std::to_string(replication), fmt::format("a whole number from 0 to {}", record.info().replications - 1));
  }
  complete = record.complete();
  try {
    return our_calls(record, replication, numbers);
  } catch (const std::logic_error&) {  // out of range: made or changed by somebody else
    throw std::runtime_error(record.file().string() + ": cannot read the run record: it is damaged: a row names something that is not there");
  }
}

}  // namespace

int reconcile(const std::vector<std::string>& arguments) {
  Options options("reconcile RUN CDR.csv [options]",
                  "Lays a run record beside the call records of an SBC or carrier: which calls are missing or doubled, answered on one side only,\n"
                  "released with another code, billed for another time. A CSV file with a heading; columns that are not named are guessed, and\n"
                  "the answer says so. A column that is not to be guessed: none. Exit code 3 if anything differs.",
                  "  trunklab reconcile run.sqlite carrier.csv\n"
                  "  trunklab reconcile run.sqlite carrier.csv --answered-only --increment 60s --timezone Europe/Berlin\n"
                  "  trunklab reconcile run.sqlite sbc.csv --call-id none --called dst --numbers numbers.csv\n");
  options.positional("run");
  options.positional("cdr");
  add_options(options);
  if (!options.parse(arguments)) return done;
  ReconcileAnswer answer;
  answer.record_file = options.required("run", "run record");
  const CallFileWishes wishes = call_file_wishes(options, "cdr");
  answer.call_file = wishes.path;
  answer.rules = read_rules(options);
  answer.replication = static_cast<std::uint32_t>(options.whole("replication", 0, UINT32_MAX));
  for (const Default& each : defaults) {
    if (!options.has(each.name)) answer.defaults.push_back(fmt::format("--{} {}", each.name, each.value));
  }
  CalledNumbers numbers;
  if (const auto file = options.file_if("numbers")) {
    auto read = read_called_numbers(*file);
    if (!read) return refuse(read.problems());
    numbers = std::move(read).value();
  }
  const StopSignals signals;
  auto there = read_their_calls(wishes, {.call_id = column_option(options, "call-id"), .called = column_option(options, "called")}, signals.stop());
  if (!there) return refuse(there.problems());
  answer.there = std::move(there).value();
  answer.rules.by_call_id = answer.there.key && answer.there.key->is_call_id;
  if (!signals.stop()) answer.here = read_here(options, answer.replication, numbers, answer.complete);
  if (!signals.stop()) answer.found = reconcile(answer.here, answer.there.calls, answer.rules, &signals.stop());
  if (signals.stop()) {
    std::cerr << "stopped by the user\n";
    return signals.exit_code().value_or(failed);
  }
  if (answer.found.end == Reconciliation::End::too_dense) {
    return refuse({{"--start-tolerance, --match-within", fmt::format("more than {} pairs of calls that start so near each other", pairs_max),
                    "shorter times, or --called and --numbers to tell calls apart"}});
  }
  std::cout << (options.flag("json") ? reconcile_json(answer) : reconcile_text(answer));
  return answer.found.all() > 0 ? objective_missed : done;
}

}  // namespace trunklab::cli
