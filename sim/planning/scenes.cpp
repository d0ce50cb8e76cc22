// Cutting scenes out of a scenario.
#include "sim/planning/scenes.hpp"

#include <algorithm>

#include "sim/run.hpp"
#include "sim/sinks.hpp"

namespace trunklab {
namespace {

constexpr double too_many = 40;  // times scene_calls_max

/// The scenario's calls in this case, from the empty system on until enough has been measured. `busiest`: the site whose time it is.
std::optional<Scenario> cut(const Scenario& scenario, const CapacityPlan& plan, std::size_t gone, const SitePlan& busiest, double calls_per_s) {
  const Span mean = from_seconds(busiest.seizure.total_s());
  const Span settling = std::max<Span>(std::chrono::minutes{2}, 10 * mean);
  const Span shortest = from_seconds(scene_seizures_min * in_seconds(mean));
  Span length = std::max(shortest, std::min<Span>(2000 * mean, from_seconds(scene_calls_max / calls_per_s)));
  Span from = settling;
  if (busiest.varies) {
    constexpr Span half = std::chrono::minutes{30};
    const Span peak = busiest.busiest - run_start;
    from = std::max(peak - half, Span{});
    // Not beyond the end: nobody says what comes then.
    length = std::min(peak + half, scenario.horizon.duration) - from;
  }
  if (in_seconds(settling + length) * calls_per_s > too_many * scene_calls_max) return std::nullopt;
  Scenario scene = with_gone(scenario, plan.cases[gone], run_start + from);
  scene.demands = demands_in(scenario, plan.cases[gone]);
  for (DemandSpec& demand : scene.demands) demand = scaled(std::move(demand), plan.request.scale);
  scene.service.caps.clear();
  scene.warmup = from;
  scene.horizon.duration = from + length;
  return scene;
}

/// A scenario's cap of regions, or of edges, is the same for each of them: the largest that is ordered.
CapSpec cap_of(const CapacityPlan& plan, CapScope kind) {
  CapSpec cap;
  cap.scope = kind;
  cap.sessions = 0;
  for (const ScopePlan& scope : plan.scopes) {
    if (scope.scope != kind) continue;
    cap.sessions = std::max(*cap.sessions, scope.sessions);
    cap.burst = std::max(cap.burst, static_cast<double>(scope.cps));
  }
  cap.cps = CallsPerSecond{cap.burst};
  return cap;
}

}  // namespace

std::optional<Scenario> scene_of(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site, std::size_t gone) {
  auto scene = cut(scenario, plan, gone, site, site.peak.calls_per_s);
  if (scene) std::erase_if(scene->demands, [&](const DemandSpec& demand) { return demand.site != site.site; });
  return scene;
}

std::optional<Scenario> whole_scene(const Scenario& scenario, const CapacityPlan& plan, std::size_t gone) {
  const auto traffic = [](const SitePlan& site) { return site.peak.erlangs; };
  const SitePlan& busiest = *std::ranges::max_element(plan.sites, {}, traffic);
  double calls_per_s = 0;
  for (const SitePlan& site : plan.sites) calls_per_s += site.peak.calls_per_s;
  auto scene = cut(scenario, plan, gone, busiest, calls_per_s);
  if (!scene) return scene;
  for (const SitePlan& site : plan.sites) scene->sites[site.site].channels = site.ordered - plan.request.kept_free;
  for (const CapScope kind : {CapScope::account, CapScope::region, CapScope::edge}) scene->service.caps.push_back(cap_of(plan, kind));
  return scene;
}

Span measured_of(const Scenario& scene) {
  return scene.horizon.duration - *scene.warmup;
}

Result<std::optional<Tally>> run_scene(const Scenario& scene, const Directory& directory, std::uint32_t replication, const std::atomic<bool>* stop) {
  Tally tally(directory, run_start + *scene.warmup, run_start + scene.horizon.duration);
  NoSink nowhere;
  Counting counting(nowhere, tally);
  const auto end = run_once(scene, {.replication = replication, .stop = stop}, counting);
  if (!end) return end.problems();
  if (!end.value().complete) return std::optional<Tally>{};
  return std::optional(std::move(tally));
}

Interval blocking_interval(std::span<const RatioTerm> terms) {
  Interval interval = jackknife_ratio(terms, confidence);
  double blocked = 0;
  double offered = 0;
  for (const RatioTerm& term : terms) {
    blocked += term.numerator;
    offered += term.denominator;
  }
  interval.low = std::max(interval.low, 0.0);
  if (blocked < static_cast<double>(events_min)) {
    interval.high = std::max(interval.high, poisson_upper_bound(static_cast<std::uint64_t>(blocked), (1 + confidence) / 2) / offered);
  }
  return interval;
}

}  // namespace trunklab
