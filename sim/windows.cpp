// Cutting, simulating and adding up again.
#include "sim/windows.hpp"

#include <algorithm>
#include <cmath>

#include "models/rate_table.hpp"
#include "models/statistics/draws.hpp"
#include "sim/fault_course.hpp"
#include "sim/piece.hpp"
#include "sim/sinks.hpp"

namespace trunklab {
namespace {

constexpr std::size_t samples = 8;  ///< a batch
constexpr double sampled_share = 1.0 / 50;
/// Mean numbers of calls at the same time, weighted by the time that each piece stands for.
class Occupancies {
 public:
  void add(const RunEnd& end, double seconds) {
    add(total_, end.total, seconds);
    sites_.resize(end.sites.size());
    edges_.resize(end.edges.size());
    for (std::size_t site = 0; site < sites_.size(); ++site) add(sites_[site], end.sites[site], seconds);
    for (std::size_t edge = 0; edge < edges_.size(); ++edge) add(edges_[edge], end.edges[edge], seconds);
  }
  void give(Tally& tally) const {
    tally.occupancy(EntityKind::total, 0, total_);
    for (std::size_t site = 0; site < sites_.size(); ++site) tally.occupancy(EntityKind::site, static_cast<std::uint16_t>(site), sites_[site]);
    for (std::size_t edge = 0; edge < edges_.size(); ++edge) tally.occupancy(EntityKind::edge, static_cast<std::uint16_t>(edge), edges_[edge]);
  }

 private:
  static void add(Occupancy& sum, const Occupancy& seen, double seconds) {
    sum.call_seconds += seen.call_seconds / seen.observed_s * seconds;
    sum.observed_s += seconds;
    sum.max = std::max(sum.max, seen.max);
  }
  Occupancy total_;
  std::vector<Occupancy> sites_;
  std::vector<Occupancy> edges_;
};

/// Calls that a demand is expected to offer in [from, until).
double expected_between(const DemandSpec& demand, Instant from, Instant until) {
  if (const auto* poisson = std::get_if<PoissonArrivals>(&demand.arrivals)) return poisson->rate.value() * in_seconds(until - from);
  if (const auto* even = std::get_if<DeterministicArrivals>(&demand.arrivals)) return in_seconds(until - from) / in_seconds(even->every);
  const RateTable rates(std::get<VaryingArrivals>(demand.arrivals));
  return rates.cumulative(until) - rates.cumulative(from);
}

using Stretch = std::pair<Instant, Instant>;

/// One replication, piece by piece.
class Replication {
 public:
  Replication(const Scenario& scenario, const StudyOptions& options, std::uint32_t number, WindowsSeen& seen, Study& study)
      : scenario_(scenario),
        options_(options),
        number_(number),
        seen_(seen),
        study_(study),
        from_(run_start + scenario.warmup.value_or(Span{})),
        until_(run_start + scenario.horizon.duration),
        windows_(fault_windows(scenario, number)),
        whole_(directory_of(scenario), from_, until_, batch_length(scenario, options.replications)),
        places_(scenario.seed + number) {}

  /// false: stopped.
  Result<bool> run() {
    const std::vector<double> once(scenario_.demands.size(), 1);
    for (const FaultWindow& window : windows_) {
      auto piece = simulate(window.from, window.until, window.faults);
      if (!piece) return piece.problems();
      if (!piece.value()) return false;
      whole_.add(batch_at(window.from), piece.value()->tally, once);
      occupancies_.add(piece.value()->end, in_seconds(window.until - window.from));
      seen_.simulated_s += in_seconds(window.until - window.from);
      ++seen_.windows;
    }
    for (std::uint32_t batch = 0; batch < whole_.batches(); ++batch) {
      auto went = add_quiet(batch);
      if (!went || !went.value()) return went;
      if (options_.on_progress) options_.on_progress((number_ + (batch + 1.0) / whole_.batches()) / options_.replications, study_.calls);
    }
    occupancies_.give(whole_);
    study_.tallies.push_back(std::move(whole_));
    seen_.whole_s += in_seconds(until_ - from_);
    return true;
  }

 private:
  struct Piece {
    Tally tally;
    RunEnd end;
  };

  /// nullopt: stopped.
  Result<std::optional<Piece>> simulate(Instant from, Instant until, const std::vector<FaultSpec>& faults) {
    const Instant end = std::min(until + piece_tail, until_);
    const Scenario piece = piece_of(scenario_, from, end, faults, next_piece_++);
    const Instant measured = run_start + piece.warmup.value_or(Span{});
    Tally tally(directory_of(piece), measured, run_start + piece.horizon.duration);
    NoSink nowhere;
    Counting counting(nowhere, tally);
    Until part(counting, measured + (until - from), end < until_);
    auto run = run_once(piece, {.replication = number_, .stop = options_.stop}, part);
    if (!run) return run.problems();
    study_.calls += run.value().offered;
    study_.events += run.value().events;
    if (!run.value().complete) return std::optional<Piece>{};
    return std::optional(Piece{std::move(tally), std::move(run).value()});
  }

  [[nodiscard]] std::uint32_t batch_at(Instant at) const {
    for (std::uint32_t batch = 0; batch + 1 < whole_.batches(); ++batch) {
      if (at < whole_.span_of(batch).second) return batch;
    }
    return whole_.batches() - 1;
  }

  [[nodiscard]] std::vector<Stretch> quiet_of(std::uint32_t batch) const {
    const auto [from, until] = whole_.span_of(batch);
    std::vector<Stretch> quiet;
    Instant at = from;
    for (const FaultWindow& window : windows_) {
      if (window.until <= at || window.from >= until) continue;
      if (window.from > at) quiet.push_back({at, window.from});
      at = window.until;
    }
    if (at < until) quiet.push_back({at, until});
    return quiet;
  }

  /// false: stopped.
  Result<bool> add_quiet(std::uint32_t batch) {
    const std::vector<Stretch> quiet = quiet_of(batch);
    Span whole{};
    for (const auto& [from, until] : quiet) whole += until - from;
    if (whole <= Span{}) return true;
    const std::size_t pieces = samples * (batches_max / whole_.batches());
    const Span least = piece_talks * longest_talk(scenario_);
    const Span wanted = from_seconds(in_seconds(whole) * sampled_share / static_cast<double>(pieces));
    const Span length = std::min<Span>(std::max(wanted, least), whole / static_cast<std::int64_t>(pieces) + Span{1});
    std::vector<Piece> sampled;
    double sampled_s = 0;
    for (std::size_t place = 0; place < pieces; ++place) {
      const Stretch stretch = sample(quiet, whole, (static_cast<double>(place) + places_.uniform()) / static_cast<double>(pieces), length);
      auto piece = simulate(stretch.first, stretch.second, {});
      if (!piece) return piece.problems();
      if (!piece.value()) return false;
      sampled_s += in_seconds(stretch.second - stretch.first);
      sampled.push_back(std::move(*piece.value()));
    }
    stand_for(batch, quiet, in_seconds(whole), sampled, sampled_s);
    seen_.sampled_s += sampled_s;
    return true;
  }

  /// A sample about this share into the quiet time; within one stretch, so it may be shorter than `length`. Shares are random within equal parts: at
  /// fixed places samples would fall on the same hour of each day.
  static Stretch sample(const std::vector<Stretch>& quiet, Span whole, double share, Span length) {
    Span into = from_seconds(in_seconds(whole) * share);
    for (const auto& [from, until] : quiet) {
      if (into >= until - from) {
        into -= until - from;
        continue;
      }
      const Instant end = std::min(until, from + into + length);
      return {std::max(from, end - length), end};
    }
    return {quiet.back().second - std::min(length, quiet.back().second - quiet.back().first), quiet.back().second};
  }

  /// Adds the samples as if they were all of the batch's quiet time: calls as the rates expect them, the rest by time.
  void stand_for(std::uint32_t batch, const std::vector<Stretch>& quiet, double whole_s, const std::vector<Piece>& sampled, double sampled_s) {
    constexpr std::int64_t enough = 30;  // fewer calls say little of their number
    std::vector<double> weights(scenario_.demands.size(), whole_s / sampled_s);
    for (std::uint16_t demand = 0; demand < weights.size(); ++demand) {
      std::int64_t first_calls = 0;
      for (const Piece& piece : sampled) {
        const Counts counts = piece.tally.counts(EntityKind::demand, demand);
        first_calls += counts[Count::offered] - counts[Count::redials];
      }
      double expected = 0;
      for (const auto& [from, until] : quiet) expected += expected_between(scenario_.demands[demand], from, until);
      if (first_calls >= enough) weights[demand] = expected / static_cast<double>(first_calls);
    }
    for (const Piece& piece : sampled) {
      whole_.add(batch, piece.tally, weights);
      occupancies_.add(piece.end, whole_s / static_cast<double>(sampled.size()));
    }
  }

  const Scenario& scenario_;
  const StudyOptions& options_;
  std::uint32_t number_;
  WindowsSeen& seen_;
  Study& study_;
  Instant from_;
  Instant until_;
  std::vector<FaultWindow> windows_;
  Tally whole_;
  Occupancies occupancies_;
  std::uint64_t next_piece_ = 0;
  Draws places_;
};

}  // namespace

std::vector<FaultWindow> fault_windows(const Scenario& scenario, std::uint32_t replication) {
  const Instant first = run_start + scenario.warmup.value_or(Span{});
  const Instant end = run_start + scenario.horizon.duration;
  const Span settling = settling_of(scenario);
  std::vector<FaultWindow> windows;
  std::vector<FaultSpec> faults = faults_of_run(scenario, replication);
  std::ranges::stable_sort(faults, {}, &FaultSpec::at);
  for (FaultSpec& fault : faults) {
    const Instant last = later(fault.at, fault.every * (fault.times - 1));
    const Instant repaired = fault.duration ? later(last, *fault.duration) : end;
    const Instant from = std::max(first, fault.at - std::min<Span>(piece_lead, fault.at - run_start));
    const Instant until = std::min(end, later(repaired, settling));
    if (until <= from) continue;
    if (windows.empty() || windows.back().until < from) windows.push_back({from, until, {}});
    windows.back().until = std::max(windows.back().until, until);
    windows.back().faults.push_back(std::move(fault));
  }
  return windows;
}

std::optional<Problem> no_windows(const Scenario& scenario) {
  for (const DemandSpec& demand : scenario.demands) {
    if (std::holds_alternative<TraceArrivals>(demand.arrivals)) {
      return Problem{scenario.path, "--windows faults beside demand " + demand.name + ", which plays a trace",
                     "demands with rates: a trace has none"};
    }
  }
  if (has_media(scenario)) return Problem{scenario.path, "--windows faults beside codecs", "no codecs: ports and addresses remember what was before"};
  return std::nullopt;
}

Result<Study> run_windows(const Scenario& scenario, const StudyOptions& options, WindowsSeen& seen) {
  if (const auto refused = too_large(scenario)) return *refused;
  if (const auto refused = no_windows(scenario)) return *refused;
  Study study;
  for (std::uint32_t number = 0; number < options.replications && study.complete; ++number) {
    const auto whole = Replication(scenario, options, number, seen, study).run();
    if (!whole) return whole.problems();
    study.complete = whole.value();
  }
  return study;
}

}  // namespace trunklab
