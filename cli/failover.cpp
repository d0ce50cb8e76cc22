// trunklab failover.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "cli/failover_rows.hpp"
#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "cli/remarks.hpp"
#include "cli/run_results.hpp"
#include "cli/study_command.hpp"
#include "cli/terminal.hpp"
#include "reports/document/html_page.hpp"
#include "reports/finding.hpp"
#include "reports/json.hpp"
#include "reports/run_record.hpp"
#include "reports/sections/failover_document.hpp"
#include "reports/text.hpp"
#include "scenarios/reader.hpp"
#include "sim/sinks.hpp"

namespace trunklab::cli {

namespace po = boost::program_options;

namespace {

struct Request {
  std::uint32_t replications = 1;
  bool json = false;
  bool advice = true;
  bool details = false;
  std::optional<std::filesystem::path> record;
  std::optional<std::filesystem::path> page;
};

/// The cases that the words choose: each an id, or the first words of several.
std::vector<FaultCase> chosen_of(const std::vector<FaultCase>& catalogue, const std::string& words) {
  std::vector<FaultCase> chosen;
  std::size_t begin = 0;
  while (begin <= words.size()) {
    const std::size_t end = std::min(words.find(',', begin), words.size());
    const std::string word = words.substr(begin, end - begin);
    const std::size_t before = chosen.size();
    const auto exact = std::ranges::find(catalogue, word, &FaultCase::id);
    if (exact != catalogue.end()) chosen.push_back(*exact);
    if (exact == catalogue.end() && !word.empty()) {
      std::ranges::copy_if(catalogue, std::back_inserter(chosen), [&](const FaultCase& each) { return each.id.starts_with(word + '-'); });
    }
    if (chosen.size() == before) {
      throw Misuse("--faults: found '" + word + "', expected names of faults, or how they begin, with commas between; --list shows them");
    }
    begin = end + 1;
  }
  return chosen;
}

void print_list(const std::vector<FaultCase>& catalogue) {
  TextTable table({{"fault"}, {"what goes wrong"}});
  for (const FaultCase& each : catalogue) table.add({each.id, each.title});
  std::cout << table.text();
}

/// Tells whether the objective was met, where there is one.
bool judge(const std::vector<FailoverRow>& rows, const std::optional<Span>& longest, std::ostream& out) {
  if (!longest) return true;
  const auto missed = std::ranges::count_if(rows, [&](const FailoverRow& row) { return misses(row, *longest); });
  const std::string limit = duration_text(in_seconds(*longest));
  if (missed == 0) {
    out << fmt::format("objective met:    failover of every fault at most {}\n", limit);
  } else {
    out << fmt::format("objective missed: failover of {} of {} faults longer than {}\n", missed, rows.size(), limit);
  }
  return missed == 0;
}

std::vector<AdviceRow> advice_of(const FailoverStudy& study, const CaseOutcome& outcome) {
  if (outcome.tried.empty()) return {};
  std::vector<AdviceRow> advice{advice_row(outcome.impacts.front())};
  advice.front().setting = "as it is";
  for (const SettingTried& tried : outcome.tried) {
    AdviceRow& row = advice.emplace_back(advice_row({&tried.impact, 1}));
    row.setting = study.variants[tried.variant].setting;
    row.text = study.variants[tried.variant].text;
  }
  return advice;
}

void print_details(const Scenario& scenario, const std::vector<FaultCase>& cases, const FailoverStudy& study, const std::vector<FailoverRow>& rows) {
  const RunInfo info = run_info(scenario, study.cases.front().notice.replications);
  for (std::size_t place = 0; place < cases.size(); ++place) {
    const CaseOutcome& outcome = study.cases[place];
    const Directory directory = directory_of(with_case(scenario, cases[place]));
    const std::string title = fmt::format("{}: {}", cases[place].id, cases[place].title);
    std::cout << '\n' << title << '\n' << std::string(title.size(), '-') << '\n';
    std::cout << finding_text(info, directory, outcome.impacts, {});
    std::cout << failover_details(rows[place], directory);
    const bool harmless = std::ranges::all_of(rows[place].impacts, [](const FaultImpact& impact) { return impact.all().hit == 0; });
    const std::string advice = harmless ? "" : advice_text(advice_of(study, outcome));
    if (!advice.empty()) std::cout << '\n' << advice;
    if (const auto best = best_of(outcome)) std::cout << configuration_text(scenario, study.variants[best->variant]);
  }
}

/// Which of the files is the page and which the record.
void take_outputs(const Options& options, Request& request) {
  for (const std::string& file : options.files("output")) {
    const bool page = std::filesystem::path(file).extension() == ".html";
    auto& target = page ? request.page : request.record;
    if (target) throw Misuse("--output: found '" + target->string() + "' and '" + file + "', expected one " + (page ? "page" : "run record"));
    target = file;
  }
}

class FailoverCommand {
 public:
  FailoverCommand(const Scenario& scenario, const std::vector<FaultCase>& cases, const Request& request)
      : scenario_(scenario), cases_(cases), request_(request), begun_(std::chrono::steady_clock::now()), started_(utc_now()) {}

  int run() {
    const StopSignals signals;
    if (request_.page) check_report_target(*request_.page, html_opening);
    if (request_.record) record_.emplace(*request_.record, record_info(), first_directory());
    NoSink nobody;
    ProgressLine progress;
    const FailoverOptions options{.replications = request_.replications,
                                  .other_settings = request_.advice,
                                  .curves = request_.page.has_value(),
                                  .stop = &signals.stop(),
                                  .on_progress = [&progress](double share, std::uint64_t calls) { progress.show(share, calls); }};
    const auto studied = run_failover(scenario_, cases_, options, record_ ? static_cast<RunSink&>(*record_) : nobody);
    progress.clear();
    if (!studied) return refuse(studied.problems());
    const FailoverStudy& study = studied.value();
    finish_record(study);
    if (!study.complete) {
      std::cerr << "stopped by the user" << (record_ ? "; " + request_.record->string() + " is readable and marked incomplete" : std::string())
                << '\n';
      return signals.exit_code().value_or(failed);
    }
    const auto rows = rows_of(scenario_, cases_, study);
    if (request_.page) write_page(study, rows);
    return print(study, rows);
  }

 private:
  [[nodiscard]] Directory first_directory() const { return directory_of(with_case(scenario_, cases_.front())); }

  [[nodiscard]] RunInfo record_info() const {
    RunInfo info = run_info(scenario_, request_.replications);
    info.scenario_name += ", " + cases_.front().id;
    return info;
  }

  [[nodiscard]] double wall_s() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count(); }

  void finish_record(const FailoverStudy& study) {
    if (!record_) return;
    const CaseOutcome& first = study.cases.front();
    const Scenario scenario = with_case(scenario_, cases_.front());
    const Replications replications{.tallies = study.tallies, .impacts = first.impacts, .complete = study.complete};
    RunResults results = results_of(scenario, first_directory(), replications);
    results.advice = advice_of(study, first);
    write_results(*record_, scenario, first_directory(), replications, results);
    record_->finish(study.complete ? RunRecordWriter::End::complete : RunRecordWriter::End::incomplete,
                    {.started = started_, .finished = utc_now(), .wall_s = wall_s()});
  }

  void write_page(const FailoverStudy& study, const std::vector<FailoverRow>& rows) const {
    std::vector<FailoverCase> cases;
    for (std::size_t place = 0; place < rows.size(); ++place) {
      const CaseOutcome& outcome = study.cases[place];
      FailoverCase& each = cases.emplace_back(FailoverCase{.row = rows[place],
                                                           .directory = directory_of(with_case(scenario_, cases_[place])),
                                                           .advice = advice_of(study, outcome),
                                                           .configuration = {},
                                                           .curve = outcome.curve ? &*outcome.curve : nullptr});
      if (const auto best = best_of(outcome)) each.configuration = configuration_text(scenario_, study.variants[best->variant]);
    }
    const auto remarks = remarks_of(scenario_);
    const Document document = failover_document({.info = run_info(scenario_, request_.replications),
                                                 .cases = cases,
                                                 .longest = scenario_.objectives.failover,
                                                 .undisturbed = study.undisturbed ? &*study.undisturbed : nullptr,
                                                 .remarks = remarks});
    write_report(*request_.page, html_opening, [&](std::ostream& out) { out << html_page(document); });
  }

  [[nodiscard]] int print(const FailoverStudy& study, const std::vector<FailoverRow>& rows) const {
    const std::optional<Span>& longest = scenario_.objectives.failover;
    if (request_.json) {
      std::vector<Measure> measures;
      for (const FailoverRow& row : rows) {
        const auto more = failover_measures(row, directory_of(scenario_));
        measures.insert(measures.end(), more.begin(), more.end());
      }
      std::cout << json_document({.command = "failover",
                                  .scenario = scenario_.name,
                                  .seed = scenario_.seed,
                                  .replications = request_.replications,
                                  .simulated_s = in_seconds(scenario_.horizon.duration),
                                  .wall_s = wall_s(),
                                  .calls = study.calls},
                                 measures);
      return judge(rows, longest, std::cerr) ? done : objective_missed;
    }
    std::cout << failover_table(rows, longest);
    if (request_.details) print_details(scenario_, cases_, study, rows);
    std::cout << '\n';
    const bool met = judge(rows, longest, std::cout);
    if (record_) std::cout << fmt::format("run record of {}: {}\n", cases_.front().id, request_.record->string());
    if (request_.page) std::cout << fmt::format("report: {} (open it in a browser)\n", request_.page->string());
    std::cout << fmt::format("{} calls simulated in {}\n", study.calls, duration_text(wall_s()));
    return met ? done : objective_missed;
  }

  const Scenario& scenario_;
  const std::vector<FaultCase>& cases_;
  const Request& request_;
  std::chrono::steady_clock::time_point begun_;
  std::string started_;
  std::optional<RunRecordWriter> record_;
};

}  // namespace

int failover(const std::vector<std::string>& arguments) {
  Options options("failover SCENARIO [options]",
                  "Tries every fault of a standard catalogue against a scenario, each on its own and in place of the scenario's own faults,\n"
                  "and compares each call with its undisturbed twin. A fault begins in the middle of the measured time and lasts 15\n"
                  "minutes or a quarter of that time, whichever is less (ours). Then other settings are tried against it.",
                  "  trunklab failover trunk.yaml --list\n"
                  "  trunklab failover trunk.yaml -o failover.html\n"
                  "  trunklab failover trunk.yaml --faults crash-euc1-1,dns -n 5 -o crash.sqlite\n");
  options.positional("scenario");
  options.add()("faults", po::value<std::string>()->value_name("NAMES"), "only these, with details: names, or how they begin (crash), with commas")(
      "list", po::bool_switch(), "print the names of the faults, and run nothing")(
      "replications,n", po::value<std::string>()->default_value("1")->value_name("N"), "independent repetitions, 1 to 1000")(
      "seed", po::value<std::string>()->value_name("S"), "instead of the scenario's")(
      "output,o", po::value<std::vector<std::string>>()->composing()->value_name("FILE"),
      "FILE.html: write the report; any other name: write the run record of the first of these faults. Both may be given")(
      "no-advice", po::bool_switch(), "do not try other settings (much faster)")("json", po::bool_switch(), "one JSON document on stdout");
  if (!options.parse(arguments)) return done;
  Request request{.replications = static_cast<std::uint32_t>(options.whole("replications", 1, 1000)),
                  .json = options.flag("json"),
                  .advice = !options.flag("no-advice"),
                  .details = options.has("faults"),
                  .record = {},
                  .page = {}};
  take_outputs(options, request);
  auto scenario = read_scenario(options.required("scenario", "scenario"));
  if (!scenario) return refuse(scenario.problems());
  if (options.has("seed")) scenario.value().seed = options.whole("seed", 0, (std::uint64_t{1} << 63) - 1);
  std::vector<FaultCase> cases = catalogue_of(scenario.value());
  if (options.has("faults")) cases = chosen_of(cases, options.text("faults"));
  if (options.flag("list")) {
    print_list(cases);
    return done;
  }
  return FailoverCommand(scenario.value(), cases, request).run();
}

}  // namespace trunklab::cli
