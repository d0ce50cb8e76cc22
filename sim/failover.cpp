// Cases, replications and settings, one run after the other.
#include "sim/failover.hpp"

#include <algorithm>
#include <tuple>

#include "sim/run.hpp"
#include "sim/sinks.hpp"
#include "sim/study.hpp"

namespace trunklab {

namespace {

Instant end_of(const Scenario& scenario) {
  return run_start + scenario.horizon.duration;
}

/// One case in one replication after the other.
class CaseRunner {
 public:
  CaseRunner(const Scenario& scenario, const FaultCase& fault_case)
      : scenario_(with_case(scenario, fault_case)), directory_(directory_of(scenario_)), watched_(watched(directory_, directory_.faults)) {}

  /// Adds to `outcome` unless it is stopped, and its curve if one is begun there and the replication is the first. `run` tells the replication.
  Result<RunEnd> run(const TwinTable& twin, const RunOptions& run, RunSink& next, CaseOutcome& outcome) const {
    TwinComparison comparison(directory_, twin);
    FaultWatch watch(directory_, watched_, end_of(scenario_));
    Watching watching(next, comparison, watch);
    const bool draws = outcome.curve && run.replication == 0;
    std::optional<Drawing> drawing;
    if (draws) drawing.emplace(watching, *outcome.curve);
    auto end = run_once(scenario_, run, draws ? static_cast<RunSink&>(*drawing) : watching);
    if (draws) outcome.curve->close();
    if (!end || !end.value().complete) return end;
    watch.finish(outcome.notice);
    outcome.impacts.push_back(comparison.result());
    return end;
  }
  [[nodiscard]] const Directory& directory() const { return directory_; }

 private:
  Scenario scenario_;
  Directory directory_;
  WatchedFault watched_;
};

class FailoverRun {
 public:
  FailoverRun(const Scenario& scenario, std::span<const FaultCase> cases, const FailoverOptions& options, RunSink& first_case)
      : scenario_(scenario), cases_(cases), options_(options), first_case_(first_case) {
    if (options.other_settings) study_.variants = variants_of(with_case(scenario, cases.front()));
    study_.cases.resize(cases.size());
    if (options.curves) {
      study_.undisturbed = new_curve();
      for (CaseOutcome& outcome : study_.cases) outcome.curve = new_curve();
    }
    for (const FaultCase& each : cases) runners_.emplace_back(scenario, each);
    const std::size_t runs = options.replications * (1 + cases.size()) + cases.size() * study_.variants.size();
    progress_.emplace(scenario, options.on_progress, runs);
  }

  Result<FailoverStudy> all() {
    for (std::uint32_t replication = 0; replication < options_.replications && study_.complete; ++replication) {
      if (auto problems = replicate(replication)) return std::move(*problems);
    }
    return std::move(study_);
  }

 private:
  /// A few thousand steps, each at least as long as the samples' grid.
  [[nodiscard]] LoadCurve new_curve() const {
    constexpr int steps = 3600;
    const Span sampled = series_step(scenario_);
    const Span wanted = std::max<Span>(scenario_.horizon.duration / steps, sampled);
    return {sampled * ((wanted + sampled - Span{1}) / sampled), scenario_.horizon.duration, scenario_.service.edges.size()};
  }

  [[nodiscard]] RunOptions options_of(std::uint32_t replication) {
    RunOptions run{.replication = replication, .stop = options_.stop};
    progress_->watch(run);
    return run;
  }

  void is_over(const RunEnd& end) {
    progress_->run_is_over(end.offered);
    study_.calls += end.offered;
    study_.complete = study_.complete && end.complete;
  }

  std::optional<Problems> replicate(std::uint32_t replication) {
    TwinTable twin(end_of(scenario_));
    const bool draws = study_.undisturbed && replication == 0;
    const auto end =
        draws ? run_twin(scenario_, options_of(replication), twin, *study_.undisturbed) : run_twin(scenario_, options_of(replication), twin);
    if (!end) return end.problems();
    is_over(end.value());
    for (std::size_t place = 0; place < cases_.size() && study_.complete; ++place) {
      auto problems = place == 0 ? run_first(twin, replication) : run_case(place, twin, replication);
      if (problems) return problems;
      if (replication == 0 && study_.complete) problems = try_settings(place, twin);
      if (problems) return problems;
    }
    return std::nullopt;
  }

  std::optional<Problems> run_case(std::size_t place, const TwinTable& twin, std::uint32_t replication) {
    NoSink nobody;
    const auto end = runners_[place].run(twin, options_of(replication), nobody, study_.cases[place]);
    if (!end) return end.problems();
    is_over(end.value());
    return std::nullopt;
  }

  /// The first case is counted as well, and its rows are handed on.
  std::optional<Problems> run_first(const TwinTable& twin, std::uint32_t replication) {
    const Instant measured_from = run_start + scenario_.warmup.value_or(Span::zero());
    Tally tally(runners_.front().directory(), measured_from, end_of(scenario_), batch_length(scenario_, options_.replications));
    first_case_.begin_replication(replication);
    Counting counting(first_case_, tally);
    const auto end = runners_.front().run(twin, options_of(replication), counting, study_.cases.front());
    if (!end) return end.problems();
    is_over(end.value());
    take_occupancies(tally, end.value());
    if (end.value().complete || study_.tallies.empty()) study_.tallies.push_back(std::move(tally));
    return std::nullopt;
  }

  std::optional<Problems> try_settings(std::size_t place, const TwinTable& twin) {
    CaseOutcome& outcome = study_.cases[place];
    for (std::size_t variant = 0; variant < study_.variants.size() && study_.complete; ++variant) {
      const Scenario changed = with_case(study_.variants[variant].scenario, cases_[place]);
      TwinComparison comparison(runners_[place].directory(), twin);
      CallsOnly compare([&comparison](std::span<const CallRecord> rows) { comparison.disturbed(rows); });
      const auto end = run_once(changed, options_of(0), compare);
      if (!end) return end.problems();
      is_over(end.value());
      outcome.tried.push_back({.variant = variant, .impact = taken_together(comparison.result())});
    }
    if (!study_.complete) outcome.tried.clear();  // what was tried is not all
    return std::nullopt;
  }

  const Scenario& scenario_;
  std::span<const FaultCase> cases_;
  const FailoverOptions& options_;
  RunSink& first_case_;
  FailoverStudy study_;
  std::vector<CaseRunner> runners_;
  std::optional<Progress> progress_;
};

auto rank_of(const FaultImpact& impact) {
  const ImpactGroup all = impact.all();
  return std::tuple{static_cast<std::int64_t>(all.lost) - static_cast<std::int64_t>(all.gained), impact.failover_s, all.hit};
}

}  // namespace

Result<FailoverStudy> run_failover(const Scenario& scenario, std::span<const FaultCase> cases, const FailoverOptions& options, RunSink& first_case) {
  if (const auto refused = too_large(scenario)) return *refused;
  if (const double calls = expected_calls(scenario); calls > twin_calls_max) {
    return Problem{scenario.path, "more calls than can be held to compare with", "a shorter horizon, or lower rates"};
  }
  return FailoverRun(scenario, cases, options, first_case).all();
}

std::optional<SettingTried> best_of(const CaseOutcome& outcome) {
  if (outcome.tried.empty() || outcome.impacts.empty()) return std::nullopt;
  const auto best = std::ranges::min_element(outcome.tried, {}, [](const SettingTried& tried) { return rank_of(tried.impact); });
  const FaultImpact as_it_is = taken_together(outcome.impacts.front());
  return rank_of(best->impact) < rank_of(as_it_is) ? std::optional{*best} : std::nullopt;
}

}  // namespace trunklab
