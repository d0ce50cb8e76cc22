// Replications and twins.
#include "sim/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "models/rate_table.hpp"
#include "sim/progress.hpp"
#include "sim/sinks.hpp"

namespace trunklab {

namespace {

Instant measured_from(const Scenario& scenario) {
  return run_start + scenario.warmup.value_or(Span::zero());
}
Instant end_of(const Scenario& scenario) {
  return run_start + scenario.horizon.duration;
}

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

}  // namespace

void take_occupancies(Tally& tally, const RunEnd& end) {
  if (!end.complete) return;
  tally.occupancy(EntityKind::total, 0, end.total);
  for (std::uint16_t site = 0; site < end.sites.size(); ++site) tally.occupancy(EntityKind::site, site, end.sites[site]);
  for (std::uint16_t edge = 0; edge < end.edges.size(); ++edge) tally.occupancy(EntityKind::edge, edge, end.edges[edge]);
  tally.media(end.media);
}

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
  Progress progress(scenario, options.on_progress, std::size_t{options.replications} * (compares ? 2 : 1));
  for (std::uint32_t replication = 0; replication < options.replications && study.complete; ++replication) {
    RunOptions run{.replication = replication, .stop = options.stop};
    progress.watch(run);
    TwinTable twin(end_of(scenario));
    std::optional<TwinComparison> comparison;
    if (compares) {
      const auto end = run_twin(scenario, run, twin);
      if (!end) return end.problems();
      progress.run_is_over(end.value().offered);
      study.complete = end.value().complete;
      if (!study.complete) break;
      comparison.emplace(directory, twin);
    }
    Tally& tally = study.tallies.emplace_back(directory, measured_from(scenario), end_of(scenario), batch_length(scenario, options.replications));
    sink.begin_replication(replication);
    std::optional<Comparing> comparing;
    if (comparison) comparing.emplace(sink, *comparison);
    Counting counting(comparing ? *comparing : sink, tally);
    const auto end = run_once(scenario, run, counting);
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

Result<RunEnd> run_twin(const Scenario& scenario, RunOptions run, TwinTable& twin) {
  run.with_faults = false;
  CallsOnly calls([&twin](std::span<const CallRecord> rows) { twin.calls(rows); });
  auto end = run_once(scenario, run, calls);
  if (end) twin.close();
  return end;
}

Result<RunEnd> run_twin(const Scenario& scenario, RunOptions run, TwinTable& twin, LoadCurve& curve) {
  run.with_faults = false;
  CallsOnly calls([&twin](std::span<const CallRecord> rows) { twin.calls(rows); });
  Drawing drawing(calls, curve);
  auto end = run_once(scenario, run, drawing);
  if (end) twin.close();
  curve.close();
  return end;
}

Result<TwinTable> twin_of(const Scenario& scenario, std::uint32_t replication, const std::atomic<bool>* stop) {
  TwinTable twin(end_of(scenario));
  const auto end = run_twin(scenario, {.replication = replication, .stop = stop}, twin);
  if (!end) return end.problems();
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
