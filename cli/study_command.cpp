// A study from the scenario to the exit code.
#include "cli/study_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "cli/command.hpp"
#include "cli/remarks.hpp"
#include "cli/terminal.hpp"
#include "models/measures/summary.hpp"
#include "models/record/words.hpp"
#include "reports/finding.hpp"
#include "reports/json.hpp"
#include "reports/media_finding.hpp"
#include "reports/run_record.hpp"
#include "reports/text.hpp"
#include "scenarios/time_text.hpp"
#include "sim/study.hpp"

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

/// What each replication alone would say: paired comparisons of two runs need it.
void add_replications(RunRecordWriter& record, const Study& study, const Directory& directory) {
  if (study.tallies.size() < 2) return;
  for (std::uint32_t replication = 0; replication < study.tallies.size(); ++replication) {
    std::vector<Measure> measures = summarise({&study.tallies[replication], 1}, directory);
    if (replication < study.impacts.size()) {
      const auto impacts = summarise_impacts({&study.impacts[replication], 1}, directory);
      measures.insert(measures.end(), impacts.begin(), impacts.end());
    }
    record.replication_measures(replication, measures);
  }
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
  std::optional<RunRecordWriter> record;
  if (request.record) record.emplace(*request.record, info, directory);
  DetailSink sink(record ? &*record : nullptr, request.detail);
  ProgressLine progress;
  const auto on_progress = [&progress](double share, std::uint64_t calls) { progress.show(share, calls); };
  const auto studied = run_study(scenario, {.replications = request.replications, .stop = &signals.stop(), .on_progress = on_progress}, sink);
  progress.clear();
  if (!studied) return refuse(studied.problems());
  const Study& study = studied.value();

  std::vector<Measure> measures;
  if (!study.tallies.empty()) measures = summarise(study.tallies, directory);  // stopped early enough there is none
  const auto impacts = summarise_impacts(study.impacts, directory);
  measures.insert(measures.end(), impacts.begin(), impacts.end());
  std::vector<AdviceRow> advice;
  if (request.advice && study.complete && !study.impacts.empty()) advice = try_variants(scenario, study.impacts.front(), signals.stop());
  if (signals.exit_code()) advice.clear();  // what was tried is not all
  wall.finished = utc_now();
  wall.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (!study.complete) {
    for (Measure& measure : measures) measure.low = measure.high = std::nullopt;  // part of a run has no batches to judge by
  }
  const auto verdicts = study.complete ? judge(scenario.objectives, directory, measures, run_start + info.horizon) : std::vector<Verdict>{};
  if (record) {
    record->measures(measures);
    add_replications(*record, study, directory);
    record->verdicts(verdicts);
    record->remarks(remarks_of(scenario));
    for (std::uint32_t i = 0; i < study.impacts.size(); ++i) record->impacts(i, study.impacts[i]);
    record->advice(advice);
    record->finish(study.complete ? RunRecordWriter::End::complete : RunRecordWriter::End::incomplete, wall);
  }
  if (!study.complete) {
    std::cerr << "stopped by the user" << (record ? "; " + request.record->string() + " is readable and marked incomplete" : std::string()) << '\n';
    return signals.exit_code().value_or(failed);
  }

  if (study.twin_left_out) std::cerr << "what the faults did is not compared call by call: too many calls to hold the undisturbed twin\n";
  if (request.json) {
    std::cout << json_document({.command = request.command,
                                .scenario = scenario.name,
                                .seed = scenario.seed,
                                .replications = request.replications,
                                .simulated_s = in_seconds(scenario.horizon.duration),
                                .wall_s = wall.wall_s,
                                .calls = study.calls},
                               measures);
    std::cerr << verdicts_text(verdicts);
    return all_met(verdicts) ? done : objective_missed;
  }
  const std::string finding = finding_text(info, directory, study.impacts, advice);
  if (!finding.empty()) std::cout << finding << '\n';
  const std::string media = media_finding_text(info, measures);
  if (!media.empty()) std::cout << media << '\n';
  std::cout << verdicts_text(verdicts);
  std::cout << '\n' << summary_text(info, measures, stdout_has_colour() ? Colour::on : Colour::off, directory.faults) << '\n';
  if (record) std::cout << "run record: " << request.record->string() << '\n';
  std::cout << fmt::format("{} {} simulated in {}\n", study.calls, study.calls == 1 ? "call" : "calls", duration_text(wall.wall_s));
  if (const auto code = signals.exit_code()) {
    std::cerr << "stopped by the user: other settings were not tried\n";
    return *code;
  }
  return all_met(verdicts) ? done : objective_missed;
}

}  // namespace trunklab::cli
