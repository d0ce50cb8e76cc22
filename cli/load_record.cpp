// From a measured run to its record.
#include "cli/load_record.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/study_command.hpp"
#include "cli/terminal.hpp"
#include "reports/json.hpp"
#include "reports/run_record.hpp"
#include "reports/text.hpp"

namespace trunklab::cli {

namespace {

/// What was played: as long as it took, when it was.
Scenario measured_scenario(const OpenBundle& bundle, const Played& played) {
  constexpr double ns_in_ms = 1e6;
  Scenario measured = bundle.scenario;
  measured.horizon.duration = played.end - run_start;
  measured.horizon.start_unix_ns = std::llround(played.epoch_ms * ns_in_ms);
  measured.warmup = Span::zero();
  return measured;
}

}  // namespace

LoadOutcome::LoadOutcome(const OpenBundle& bundle, const Directory& directory, const std::string& who, MeasuredRun& run, const Played& played)
    : bundle_(bundle),
      directory_(directory),
      run_(run),
      played_(played),
      measured_(measured_scenario(bundle, played)),
      info_(run_info(measured_, 1)) {
  info_.who = who;
  run.close(played.end);
  tallies_.emplace_back(directory, run_start, played.end);
  run.write(tallies_.front(), played.end);
  results_ = results_of(measured_, directory, {.tallies = tallies_, .impacts = {}, .complete = played.complete});
}

void LoadOutcome::write(const std::filesystem::path& file, const WallClock& wall) const {
  RunRecordWriter record(file, info_, directory_);
  record.begin_replication(0);
  run_.write(record, info_.series_step, played_.end);
  write_results(record, measured_, directory_, {.tallies = tallies_, .impacts = {}, .complete = played_.complete}, results_);
  record.finish(played_.complete ? RunRecordWriter::End::complete : RunRecordWriter::End::incomplete, wall);
}

void LoadOutcome::print_text() const {
  const LoadCounts& counts = run_.counts();
  std::cout << fmt::format("{} of {} calls sent, {} over: {} answered, {} not as expected, {} tried more than one target\n", counts.sent,
                           bundle_.calls, counts.over, counts.answered, counts.otherwise, counts.hunted);
  std::cout << fmt::format("first INVITE against its due time: 99 % at most {:.1f} ms late, all at most {:.1f} ms\n\n", run_.lateness_ms(0.99),
                           counts.latest_ms);
  std::cout << summary_text(info_, results_.measures, stdout_has_colour() ? Colour::on : Colour::off, directory_.faults) << '\n';
}

void LoadOutcome::print_json(double wall_s) const {
  const LoadCounts& counts = run_.counts();
  auto document = nlohmann::ordered_json::parse(json_document({.command = "load",
                                                               .scenario = bundle_.scenario.name,
                                                               .seed = bundle_.scenario.seed,
                                                               .replications = 1,
                                                               .simulated_s = in_seconds(played_.end - run_start),
                                                               .wall_s = wall_s,
                                                               .calls = counts.sent,
                                                               .finding = {},
                                                               .objectives = results_.verdicts},
                                                              results_.measures));
  document["load"] = {{"complete", played_.complete}, {"calls", bundle_.calls},
                      {"sent", counts.sent},          {"over", counts.over},
                      {"answered", counts.answered},  {"not_as_expected", counts.otherwise},
                      {"hunted_on", counts.hunted},   {"late_p99_ms", run_.lateness_ms(0.99)},
                      {"latest_ms", counts.latest_ms}};
  std::cout << document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

}  // namespace trunklab::cli
