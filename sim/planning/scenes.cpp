// Cutting scenes out of a scenario.
#include "sim/planning/scenes.hpp"

#include <algorithm>

#include "sim/run.hpp"
#include "sim/sinks.hpp"

namespace trunklab {
namespace {

constexpr double too_many = 40;  // times scene_calls_max

/// Long enough for a system that begins empty to forget it.
Span settling_of(const SitePlan& site) {
  return std::max<Span>(std::chrono::minutes{2}, 10 * from_seconds(site.seizure.total_s()));
}

/// Of calls at a constant rate: a long stretch once the system has settled.
MeasuredPart stretch_of(const SitePlan& site, double calls_per_s) {
  const Span mean = from_seconds(site.seizure.total_s());
  const Span shortest = from_seconds(scene_seizures_min * in_seconds(mean));
  const Span length = std::max(shortest, std::min<Span>(2000 * mean, from_seconds(scene_calls_max / calls_per_s)));
  const Instant from = run_start + settling_of(site);
  return {from, from + length};
}

/// The hour around the site's busiest instant. Not beyond the end: nobody says what comes then.
MeasuredPart hour_of(const Scenario& scenario, const SitePlan& site) {
  constexpr Span half = std::chrono::minutes{30};
  const Instant first = run_start + scenario.warmup.value_or(Span{});
  return {std::max(site.busiest - half, first), std::min(site.busiest + half, run_start + scenario.horizon.duration)};
}

/// The scenario's calls in this case, from its beginning on until all parts have been measured.
std::optional<Scenario> cut(const Scenario& scenario, const CapacityPlan& plan, std::size_t gone, const std::vector<MeasuredPart>& parts,
                            double calls_per_s, bool varies) {
  const Instant begin = std::ranges::min_element(parts, {}, &MeasuredPart::from)->from;
  const Instant end = std::ranges::max_element(parts, {}, &MeasuredPart::until)->until;
  if (in_seconds(end - run_start) * calls_per_s > too_many * scene_calls_max) return std::nullopt;
  Scenario scene = with_gone(scenario, plan.cases[gone], begin);
  scene.demands.clear();
  for (CaseDemand& demand : demands_in(scenario, plan.cases[gone])) scene.demands.push_back(scaled(std::move(demand.spec), plan.request.scale));
  scene.service.caps.clear();
  if (!varies) scene.warmup = begin - run_start;  // redials and hunting settle too, which a stationary start knows nothing of
  scene.horizon.duration = end - run_start;
  return scene;
}

std::uint32_t looks_at(const Scenario& scene, double calls_per_s) {
  const double calls = std::max(1.0, in_seconds(scene.horizon.duration) * calls_per_s);
  std::uint32_t looks = looks_min;
  while (looks < looks_max && calls * (replications_first << looks) <= scene_calls_in_all) ++looks;
  return looks;
}

/// The part that has the site's busiest time; a new one if there is none yet.
std::size_t part_of(const Scenario& scenario, const SitePlan& site, std::vector<MeasuredPart>& parts) {
  constexpr Span near = std::chrono::minutes{15};
  const MeasuredPart own = hour_of(scenario, site);
  const auto alike = [&](const MeasuredPart& part) {
    return std::chrono::abs(part.from - own.from) <= near && std::chrono::abs(part.until - own.until) <= near;
  };
  const auto found = std::ranges::find_if(parts, alike);
  if (found != parts.end()) return static_cast<std::size_t>(found - parts.begin());
  parts.push_back(own);
  return parts.size() - 1;
}

/// Counts the calls offered in each part.
class CountingParts : public NoSink {
 public:
  CountingParts(const std::vector<MeasuredPart>& parts, const Directory& directory) : parts_(parts) {
    for (const MeasuredPart& part : parts) tallies_.emplace_back(directory, part.from, part.until);
  }

  void calls(std::span<const CallRecord> rows) override {
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      inside_.clear();
      const auto is_inside = [&](const CallRecord& call) { return call.offered >= parts_[part].from && call.offered < parts_[part].until; };
      std::ranges::copy_if(rows, std::back_inserter(inside_), is_inside);
      tallies_[part].calls(inside_);
    }
  }

  [[nodiscard]] std::vector<Tally> tallies() && { return std::move(tallies_); }

 private:
  const std::vector<MeasuredPart>& parts_;
  std::vector<Tally> tallies_;
  std::vector<CallRecord> inside_;
};

/// A scenario's caps of regions, edges or source addresses are the same for each of them: the largest that is ordered.
std::optional<CapSpec> cap_of(const Scenario& scenario, const CapacityPlan& plan, CapScope kind) {
  CapSpec cap;
  cap.scope = kind;
  for (const CapSpec& each : scenario.service.caps) {
    if (each.scope == kind && each.cps) cap.counts = std::max(cap.counts, each.counts);  // one that counts every INVITE is the narrower
  }
  cap.sessions = 0;
  for (const ScopePlan& scope : plan.scopes) {
    if (scope.scope != kind) continue;
    cap.sessions = std::max(*cap.sessions, scope.sessions);
    cap.burst = std::max(cap.burst, static_cast<double>(scope.cps));
  }
  if (cap.sessions == 0) return std::nullopt;
  cap.cps = CallsPerSecond{cap.burst};
  return cap;
}

}  // namespace

std::optional<Scene> scene_of(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site, std::size_t gone) {
  const MeasuredPart part = site.varies ? hour_of(scenario, site) : stretch_of(site, site.peak.calls_per_s);
  auto cut_out = cut(scenario, plan, gone, {part}, site.peak.calls_per_s, site.varies);
  if (!cut_out) return std::nullopt;
  std::erase_if(cut_out->demands, [&](const DemandSpec& demand) { return demand.site != site.site; });
  const std::uint32_t looks = looks_at(*cut_out, site.peak.calls_per_s);
  return Scene{.scenario = std::move(*cut_out), .parts = {part}, .looks = looks, .part_of_site = std::vector<std::size_t>(plan.sites.size(), 0)};
}

std::optional<Scene> whole_scene(const Scenario& scenario, const CapacityPlan& plan, std::size_t gone) {
  const auto traffic = [](const SitePlan& site) { return site.peak.erlangs; };
  const SitePlan& busiest = *std::ranges::max_element(plan.sites, {}, traffic);
  const bool varies = std::ranges::any_of(plan.sites, &SitePlan::varies);
  double calls_per_s = 0;
  for (const SitePlan& site : plan.sites) calls_per_s += site.peak.calls_per_s;
  std::vector<MeasuredPart> parts;
  std::vector<std::size_t> part_of_site(plan.sites.size(), 0);
  if (!varies) parts.push_back(stretch_of(busiest, calls_per_s));
  for (std::size_t site = 0; site < plan.sites.size(); ++site) {
    if (plan.sites[site].varies) part_of_site[site] = part_of(scenario, plan.sites[site], parts);
  }
  auto cut_out = cut(scenario, plan, gone, parts, calls_per_s, varies);
  if (!cut_out) return std::nullopt;
  for (const SitePlan& site : plan.sites) cut_out->sites[site.site].channels = site.ordered - plan.request.kept_free;
  for (const CapScope kind : {CapScope::account, CapScope::region, CapScope::edge, CapScope::source_address}) {
    if (const auto cap = cap_of(scenario, plan, kind)) cut_out->service.caps.push_back(*cap);
  }
  const std::uint32_t looks = looks_at(*cut_out, calls_per_s);
  return Scene{.scenario = std::move(*cut_out), .parts = std::move(parts), .looks = looks, .part_of_site = std::move(part_of_site)};
}

Result<std::optional<std::vector<Tally>>> run_scene(const Scene& scene, const Directory& directory, std::uint32_t replication,
                                                    const std::atomic<bool>* stop) {
  CountingParts counting(scene.parts, directory);
  const auto end = run_once(scene.scenario, {.replication = replication, .stop = stop}, counting);
  if (!end) return end.problems();
  if (!end.value().complete) return std::optional<std::vector<Tally>>{};
  return std::optional(std::move(counting).tallies());
}

Interval failing_interval(std::span<const RatioTerm> terms, std::uint32_t looks) {
  const double each = 1 - (1 - confidence) / looks;
  Interval interval = jackknife_ratio(terms, each);
  double failing = 0;
  double offered = 0;
  for (const RatioTerm& term : terms) {
    failing += term.numerator;
    offered += term.denominator;
  }
  interval.low = std::max(interval.low, 0.0);
  if (failing < static_cast<double>(events_min)) {
    interval.high = std::max(interval.high, poisson_upper_bound(static_cast<std::uint64_t>(failing), (1 + each) / 2) / offered);
  }
  return interval;
}

bool has_recordings(const Scenario& scenario) {
  return std::ranges::any_of(scenario.demands, [](const DemandSpec& demand) { return std::holds_alternative<TraceArrivals>(demand.arrivals); });
}

}  // namespace trunklab
