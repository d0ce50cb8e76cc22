// A study from the scenario to the exit code.
#include "cli/study_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "cli/run_results.hpp"
#include "cli/terminal.hpp"
#include "reports/document/html_page.hpp"
#include "reports/finding.hpp"
#include "reports/json.hpp"
#include "reports/media_finding.hpp"
#include "reports/run_reader.hpp"
#include "reports/run_record.hpp"
#include "reports/sections/finding_sentences.hpp"
#include "reports/sections/sections.hpp"
#include "reports/text.hpp"
#include "scenarios/time_text.hpp"
#include "sim/study.hpp"
#include "sim/windows.hpp"

namespace trunklab::cli {

std::string utc_now() {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return iso8601(std::chrono::nanoseconds(now.time_since_epoch()).count(), 0);
}

RunInfo run_info(const Scenario& scenario, std::uint32_t replications) {
  RunInfo info;
  info.version = TRUNKLAB_VERSION;
  info.scenario_name = scenario.name;
  info.scenario_path = scenario.path;
  info.scenario_text = scenario.text;
  info.seed = scenario.seed;
  info.replications = replications;
  info.horizon_start_unix_ns = scenario.horizon.start_unix_ns;
  info.utc_offset_s = scenario.horizon.utc_offset_s;
  info.horizon = scenario.horizon.duration;
  info.measure_from = run_start + scenario.warmup.value_or(Span::zero());
  info.batch_length = batch_length(scenario, replications);
  info.series_step = series_step(scenario);
  info.prices = scenario.prices;
  return info;
}

AdviceRow advice_row(std::span<const FaultImpact> impacts) {
  AdviceRow row;
  for (const FaultImpact& impact : impacts) {
    row.calls_hit += static_cast<double>(impact.all().hit);
    row.calls_lost += static_cast<double>(impact.all().lost) - static_cast<double>(impact.all().gained);
    row.failover_s = std::max(row.failover_s, impact.failover_s);
  }
  return row;
}

namespace {

/// Hands on what the record shall hold: every row, those of calls that went wrong (and every ghost), or neither calls nor attempts.
class DetailSink : public RunSink {
 public:
  DetailSink(RunSink* record, CallDetail detail) : record_(record), detail_(detail) {}
  void begin_replication(std::uint32_t replication) override {
    if (record_ != nullptr) record_->begin_replication(replication);
  }
  void calls(std::span<const CallRecord> rows) override {
    const auto wanted = [](const CallRecord& call) {
      return call.outcome == Outcome::blocked || call.outcome == Outcome::failed || call.outcome == Outcome::lost_in_setup ||
             call.outcome == Outcome::abandoned || call.ending == Ending::dropped || call.ending == Ending::orphaned;
    };
    if (const auto kept = keep(rows, kept_calls_, wanted); !kept.empty()) record_->calls(kept);
  }
  void attempts(std::span<const Attempt> rows) override {
    const auto wanted = [](const Attempt& attempt) {
      const bool by_called_side = attempt.end == AttemptEnd::refused && attempt.cap == no_cap;
      return attempt.end != AttemptEnd::answered && attempt.end != AttemptEnd::none && !by_called_side;
    };
    if (const auto kept = keep(rows, kept_attempts_, wanted); !kept.empty()) record_->attempts(kept);
  }
  void events(std::span<const RunEvent> rows) override {
    if (record_ != nullptr) record_->events(rows);
  }
  void samples(std::span<const Sample> rows) override {
    if (record_ != nullptr) record_->samples(rows);
  }
  void ghosts(std::span<const Ghost> rows) override {
    if (record_ != nullptr && detail_ != CallDetail::none) record_->ghosts(rows);
  }
  void hits(std::span<const Hit> rows) override {
    if (record_ != nullptr && detail_ != CallDetail::none) record_->hits(rows);
  }

 private:
  template <class Row, class Wanted>
  std::span<const Row> keep(std::span<const Row> rows, std::vector<Row>& buffer, const Wanted& wanted) const {
    if (record_ == nullptr || detail_ == CallDetail::none) return {};
    if (detail_ == CallDetail::all) return rows;
    buffer.clear();
    std::ranges::copy_if(rows, std::back_inserter(buffer), wanted);
    return buffer;
  }
  RunSink* record_;
  CallDetail detail_;
  std::vector<CallRecord> kept_calls_;
  std::vector<Attempt> kept_attempts_;
};

/// Replication 0 with each other setting, call by call against the same undisturbed twin.
std::vector<AdviceRow> try_variants(const Scenario& scenario, const std::vector<FaultImpact>& as_it_is, const std::atomic<bool>& stop) {
  std::vector<AdviceRow> rows{advice_row(as_it_is)};
  rows.front().setting = "as it is";
  const auto twin = twin_of(scenario, 0, &stop);
  if (!twin || stop) return rows;
  for (const Variant& variant : variants_of(scenario)) {
    const auto impacts = impacts_of(variant.scenario, twin.value(), 0, &stop);
    if (!impacts || stop) break;
    AdviceRow& row = rows.emplace_back(advice_row(impacts.value()));
    row.setting = variant.setting;
    row.text = variant.text;
  }
  return rows;
}

/// Everything that is printed of a complete run.
struct Printed {
  const StudyRequest& request;
  const Scenario& scenario;
  const RunInfo& info;
  const Directory& directory;
  const Study& study;
  const RunResults& results;
  double wall_s = 0;
};

void print_json(const Printed& run) {
  const FoundFigures found{
      .info = run.info, .directory = run.directory, .measures = run.results.measures, .impacts = run.study.impacts, .verdicts = run.results.verdicts};
  std::cout << json_document({.command = run.request.command,
                              .scenario = run.scenario.name,
                              .seed = run.scenario.seed,
                              .replications = run.request.replications,
                              .simulated_s = in_seconds(run.scenario.horizon.duration),
                              .wall_s = run.wall_s,
                              .calls = run.study.calls,
                              .finding = texts_of(finding_sentences(found)),
                              .objectives = run.results.verdicts},
                             run.results.measures);
  std::cerr << verdicts_text(run.results.verdicts);
}

void print_text(const Printed& run) {
  const std::string finding = finding_text(run.info, run.directory, run.study.impacts, run.results.advice);
  if (!finding.empty()) std::cout << finding << '\n';
  const std::string media = media_finding_text(run.info, run.results.measures);
  if (!media.empty()) std::cout << media << '\n';
  std::cout << verdicts_text(run.results.verdicts) << '\n';
  std::cout << summary_text(run.info, run.results.measures, stdout_has_colour() ? Colour::on : Colour::off, run.directory.faults) << '\n';
}

/// The page beside the record: "trunklab-demo.html" of "trunklab-demo.sqlite".
std::filesystem::path page_of(const std::filesystem::path& record) {
  return std::filesystem::path(record).replace_extension(".html");
}

void check_page_target(const std::filesystem::path& record) {
  if (page_of(record) == record) {
    throw Misuse("--output: found '" + record.string() + "', expected a name that does not end in .html: that is the report's, beside it");
  }
  check_report_target(page_of(record), html_opening);
}

void write_page(const std::filesystem::path& record) {
  const std::filesystem::path page = page_of(record);
  write_report(page, html_opening, [&](std::ostream& out) { out << html_page(run_document(RunRecord(record))); });
  std::cout << "report:     " << page.string() << " (open it in a browser)\n";
}

/// What holds of samples does not quite hold of the whole: the largest of parts may not be the largest of all, and what was not seen in a fiftieth
/// may be fifty times as much.
void allow_for_samples(const WindowsSeen& seen, std::vector<Measure>& measures) {
  const double stands_for = seen.sampled_s > 0 ? (seen.whole_s - seen.simulated_s) / seen.sampled_s : 1;
  for (Measure& measure : measures) {
    if (measure.name == "concurrent_max" || measure.name == "cps_max") measure.note = "of what was simulated";
    const bool ratio = measure.unit == "probability";
    if (measure.note.starts_with("upper bound") && measure.high)
      measure.high = ratio ? std::min(1.0, *measure.high * stands_for) : *measure.high * stands_for;
    if (measure.note.starts_with("lower bound") && measure.low) measure.low = std::max(0.0, 1 - (1 - *measure.low) * stands_for);
  }
}

std::string windows_text(const WindowsSeen& seen) {
  return fmt::format("around faults: {} window{}, {} of {}; the rest stands on undisturbed samples of {}\n", seen.windows,
                     seen.windows == 1 ? "" : "s", duration_text(seen.simulated_s), duration_text(seen.whole_s), duration_text(seen.sampled_s));
}

}  // namespace

int study(const Scenario& scenario, const StudyRequest& request) {
  const auto begun = std::chrono::steady_clock::now();
  WallClock wall;
  wall.started = utc_now();
  const StopSignals signals;
  RunInfo info = run_info(scenario, request.replications);
  info.detail = request.detail;
  const Directory directory = directory_of(scenario);
  if (request.record && request.page) check_page_target(*request.record);
  std::optional<RunRecordWriter> record;
  if (request.record) record.emplace(*request.record, info, directory);
  DetailSink sink(record ? &*record : nullptr, request.detail);
  ProgressLine progress;
  const auto on_progress = [&progress](double share, std::uint64_t calls) { progress.show(share, calls); };
  const StudyOptions options{.replications = request.replications, .stop = &signals.stop(), .on_progress = on_progress};
  WindowsSeen windows;
  const auto studied = request.windows ? run_windows(scenario, options, windows) : run_study(scenario, options, sink);
  progress.clear();
  if (!studied) return refuse(studied.problems());
  const Study& study = studied.value();

  const Replications replications{.tallies = study.tallies, .impacts = study.impacts, .complete = study.complete};
  RunResults results = results_of(scenario, directory, replications);
  if (request.windows) allow_for_samples(windows, results.measures);
  if (request.advice && study.complete && !study.impacts.empty()) results.advice = try_variants(scenario, study.impacts.front(), signals.stop());
  if (signals.exit_code()) results.advice.clear();  // what was tried is not all
  wall.finished = utc_now();
  wall.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (record) {
    write_results(*record, scenario, directory, replications, results);
    record->finish(study.complete ? RunRecordWriter::End::complete : RunRecordWriter::End::incomplete, wall);
  }
  if (!study.complete) {
    std::cerr << "stopped by the user" << (record ? "; " + request.record->string() + " is readable and marked incomplete" : std::string()) << '\n';
    return signals.exit_code().value_or(failed);
  }
  if (study.twin_left_out) std::cerr << "what the faults did is not compared call by call: too many calls to hold the undisturbed twin\n";
  const Printed printed{request, scenario, info, directory, study, results, wall.wall_s};
  if (request.json) {
    print_json(printed);
  } else {
    print_text(printed);
    if (record) std::cout << "run record: " << request.record->string() << '\n';
    if (record && request.page) write_page(*request.record);
    if (request.windows) std::cout << windows_text(windows);
    std::cout << fmt::format("{} {} simulated in {}\n", study.calls, study.calls == 1 ? "call" : "calls", duration_text(wall.wall_s));
  }
  if (const auto code = signals.exit_code()) {
    std::cerr << "stopped by the user: other settings were not tried\n";
    return *code;
  }
  return all_met(results.verdicts) ? done : objective_missed;
}

}  // namespace trunklab::cli
