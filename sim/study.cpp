// Replications and twins.
#include "sim/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "models/rate_table.hpp"

namespace trunklab {

namespace {

Instant measured_from(const Scenario& scenario) {
  return run_start + scenario.warmup.value_or(Span::zero());
}
Instant end_of(const Scenario& scenario) {
  return run_start + scenario.horizon.duration;
}

/// Counts and compares what passes, and hands it on.
class Listening : public RunSink {
 public:
  Listening(RunSink& next, Tally& tally, TwinComparison* comparison) : next_(next), tally_(tally), comparison_(comparison) {}
  void begin_replication(std::uint32_t replication) override { next_.begin_replication(replication); }
  void calls(std::span<const CallRecord> rows) override {
    tally_.calls(rows);
    if (comparison_ != nullptr) comparison_->disturbed(rows);
    next_.calls(rows);
  }
  void attempts(std::span<const Attempt> rows) override {
    tally_.attempts(rows);
    next_.attempts(rows);
  }
  void events(std::span<const RunEvent> rows) override { next_.events(rows); }
  void samples(std::span<const Sample> rows) override { next_.samples(rows); }
  void ghosts(std::span<const Ghost> rows) override {
    tally_.ghosts(rows);
    next_.ghosts(rows);
  }

 private:
  RunSink& next_;
  Tally& tally_;
  TwinComparison* comparison_;
};

/// Gives calls to the twin's table or to the comparison with it; nothing else matters there.
template <class Take>
class CallsOnly : public RunSink {
 public:
  explicit CallsOnly(Take take) : take_(std::move(take)) {}
  void begin_replication(std::uint32_t /*replication*/) override {}
  void calls(std::span<const CallRecord> rows) override { take_(rows); }
  void attempts(std::span<const Attempt> /*rows*/) override {}
  void events(std::span<const RunEvent> /*rows*/) override {}
  void samples(std::span<const Sample> /*rows*/) override {}

 private:
  Take take_;
};

/// Tells how far the whole study is: runs of equal length, one after the other.
class Progress {
 public:
  Progress(const Scenario& scenario, const StudyOptions& options, std::uint32_t runs)
      : options_(options), horizon_s_(in_seconds(scenario.horizon.duration)), runs_(runs) {}

  void watch(RunOptions& run) {
    if (!options_.on_progress) return;
    run.heartbeat = std::max<Span>(std::chrono::seconds{1}, from_seconds(horizon_s_ / 200));
    run.on_heartbeat = [this](Instant now, std::uint64_t offered) {
      options_.on_progress((done_ + in_seconds(now) / horizon_s_) / runs_, calls_ + offered);
    };
  }
  void run_is_over(std::uint64_t offered) {
    ++done_;
    calls_ += offered;
    if (options_.on_progress) options_.on_progress(done_ / runs_, calls_);
  }

 private:
  const StudyOptions& options_;
  double horizon_s_;
  double runs_;
  double done_ = 0;
  std::uint64_t calls_ = 0;
};

double peak_rate(const Arrivals& arrivals) {
  if (const auto* poisson = std::get_if<PoissonArrivals>(&arrivals)) return poisson->rate.value();
  if (const auto* varying = std::get_if<VaryingArrivals>(&arrivals)) return std::ranges::max(varying->table, {}, &RatePoint::rate).rate.value();
  if (const auto* even = std::get_if<DeterministicArrivals>(&arrivals)) return 1 / in_seconds(even->every);
  return 0;
}

/// How long a call holds its channel, roughly: nobody waits longer than the patience.
Span channel_time(const DemandSpec& demand) {
  const Span set_up = std::min(mean_of(demand.post_dial_delay) + mean_of(demand.ring_time), mean_of(demand.patience));
  return set_up + from_seconds(in_seconds(mean_of(demand.holding)) * demand.answer.answered.value());
}

void take_occupancies(Tally& tally, const RunEnd& end) {
  if (!end.complete) return;  // integrals over a window that was not run to its end would mislead
  tally.occupancy(EntityKind::total, 0, end.total);
  for (std::uint16_t site = 0; site < end.sites.size(); ++site) tally.occupancy(EntityKind::site, site, end.sites[site]);
  for (std::uint16_t edge = 0; edge < end.edges.size(); ++edge) tally.occupancy(EntityKind::edge, edge, end.edges[edge]);
}

}  // namespace

double expected_calls(const Scenario& scenario) {
  double calls = 0;
  for (const DemandSpec& demand : scenario.demands) {
    if (const auto* poisson = std::get_if<PoissonArrivals>(&demand.arrivals)) calls += poisson->rate.value() * in_seconds(scenario.horizon.duration);
    if (const auto* varying = std::get_if<VaryingArrivals>(&demand.arrivals)) calls += RateTable(*varying).cumulative(end_of(scenario));
    if (const auto* even = std::get_if<DeterministicArrivals>(&demand.arrivals)) {
      calls += in_seconds(scenario.horizon.duration) / in_seconds(even->every);
    }
  }
  return calls;
}

double expected_concurrency(const Scenario& scenario) {
  double concurrent = 0;
  for (const Site& site : scenario.sites) {
    double offered = 0;
    for (const DemandSpec& demand : scenario.demands) {
      if (demand.site == &site - scenario.sites.data()) offered += peak_rate(demand.arrivals) * in_seconds(channel_time(demand));
    }
    concurrent += site.channels ? std::min(offered, static_cast<double>(*site.channels)) : offered;
  }
  return concurrent;
}

std::optional<Problem> too_large(const Scenario& scenario) {
  const double concurrent = expected_concurrency(scenario);
  if (concurrent <= concurrency_max) return std::nullopt;
  return Problem{scenario.path, fmt::format("about {:.0f} million calls at the same time", concurrent / 1e6),
                 fmt::format("at most {:.0f} million: lower rates, shorter calls, or fewer channels", concurrency_max / 1e6)};
}

Span batch_length(const Scenario& scenario, std::uint32_t replications) {
  if (replications > 1) return endless;
  Span longest{};
  for (const DemandSpec& demand : scenario.demands) {
    if (!std::holds_alternative<TraceArrivals>(demand.arrivals)) longest = std::max(longest, mean_of(demand.holding));
  }
  return longest > Span::zero() ? batch_holdings * longest : endless;
}

Result<Study> run_study(const Scenario& scenario, const StudyOptions& options, RunSink& sink) {
  if (const auto refused = too_large(scenario)) return *refused;
  Study study;
  const Directory directory = directory_of(scenario);
  const bool compares = !scenario.faults.empty() && expected_calls(scenario) <= twin_calls_max;
  study.twin_left_out = !scenario.faults.empty() && !compares;
  Progress progress(scenario, options, options.replications * (compares ? 2 : 1));
  for (std::uint32_t replication = 0; replication < options.replications && study.complete; ++replication) {
    RunOptions run{.replication = replication, .with_faults = false, .stop = options.stop};
    progress.watch(run);
    TwinTable twin(end_of(scenario));
    std::optional<TwinComparison> comparison;
    if (compares) {
      CallsOnly calls([&twin](std::span<const CallRecord> rows) { twin.calls(rows); });
      const auto end = run_once(scenario, run, calls);
      if (!end) return end.problems();
      progress.run_is_over(end.value().offered);
      study.complete = end.value().complete;
      if (!study.complete) break;
      twin.close();
      comparison.emplace(directory, twin);
    }
    run.with_faults = true;
    Tally& tally = study.tallies.emplace_back(directory, measured_from(scenario), end_of(scenario), batch_length(scenario, options.replications));
    sink.begin_replication(replication);
    Listening listening(sink, tally, comparison ? &*comparison : nullptr);
    const auto end = run_once(scenario, run, listening);
    if (!end) return end.problems();
    progress.run_is_over(end.value().offered);
    take_occupancies(tally, end.value());
    study.complete = end.value().complete;
    study.calls += end.value().offered;
    study.events += end.value().events;
    if (comparison && study.complete) study.impacts.push_back(comparison->result());
  }
  if (!study.complete && study.tallies.size() > 1) study.tallies.pop_back();  // whole replications say more than a part of one
  return study;
}

Result<TwinTable> twin_of(const Scenario& scenario, std::uint32_t replication, const std::atomic<bool>* stop) {
  TwinTable twin(end_of(scenario));
  CallsOnly calls([&twin](std::span<const CallRecord> rows) { twin.calls(rows); });
  const auto end = run_once(scenario, {.replication = replication, .with_faults = false, .stop = stop}, calls);
  if (!end) return end.problems();
  twin.close();
  return twin;
}

Result<std::vector<FaultImpact>> impacts_of(const Scenario& disturbed, const TwinTable& twin, std::uint32_t replication,
                                            const std::atomic<bool>* stop) {
  TwinComparison comparison(directory_of(disturbed), twin);
  CallsOnly calls([&comparison](std::span<const CallRecord> rows) { comparison.disturbed(rows); });
  const auto end = run_once(disturbed, {.replication = replication, .stop = stop}, calls);
  if (!end) return end.problems();
  return comparison.result();
}

}  // namespace trunklab
