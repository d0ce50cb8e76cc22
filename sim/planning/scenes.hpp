// What a plan simulates: parts of a scenario, at the time that matters, for as long as it takes.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <vector>

#include "models/measures/summary.hpp"
#include "models/statistics/intervals.hpp"
#include "sim/planning/plan.hpp"

namespace trunklab {

/// A run of a scene has about so many calls at most (ours), and is at least so many mean seizures long: fewer would not show blocking.
inline constexpr double scene_calls_max = 5e5;
inline constexpr double scene_seizures_min = 20;

/// Intervals are looked at after so many replications, and each time that these have been doubled: looks_min times, but more often where runs are so
/// short that all of them together have no more than scene_calls_in_all, looks_max times at most (all of these ours).
inline constexpr std::uint32_t replications_first = 8;
inline constexpr std::uint32_t looks_min = 4;
inline constexpr std::uint32_t looks_max = 7;
inline constexpr double scene_calls_in_all = 2e6;

/// A stretch of time that is measured.
struct MeasuredPart {
  Instant from;
  Instant until;
  [[nodiscard]] Span length() const { return until - from; }
};

/// A scenario to run, and what of it to measure.
struct Scene {
  Scenario scenario;
  std::vector<MeasuredPart> parts;        ///< at least one
  std::uint32_t looks = 0;                ///< at the intervals, at most
  std::vector<std::size_t> part_of_site;  ///< of each of the plan's sites: the part that has its busiest time
  [[nodiscard]] std::uint32_t replications_max() const { return replications_first << (looks - 1); }
};

/// One site's calls alone in one case, with no limit but its channels, which are still to be set. Measured is the hour around the busiest instant if
/// the rate varies (as much of it as the scenario has, any warm-up left out), else 2000 mean seizures, or fewer if that would be more calls than
/// scene_calls_max. What is gone goes when measuring begins, so that the surge of hunting calls counts. nullopt: even the shortest would have more
/// than 40 times scene_calls_max.
std::optional<Scene> scene_of(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site, std::size_t gone);

/// All sites in one case, with the channels, sessions and calls per second that the plan orders (channels kept free are not used). Measured likewise,
/// each site in the hour that has its own busiest time, to a quarter of an hour; what is gone goes when the first of these begins. A cap on calls per
/// second lets a second's worth of them come at once; regions share one figure, the largest, and so do edges and source addresses, as caps of
/// scenarios do. nullopt: likewise.
std::optional<Scene> whole_scene(const Scenario& scenario, const CapacityPlan& plan, std::size_t gone);

/// One replication, each part counted apart. nullopt: stopped. Problems: a trace that cannot be read.
Result<std::optional<std::vector<Tally>>> run_scene(const Scene& scene, const Directory& directory, std::uint32_t replication,
                                                    const std::atomic<bool>* stop);

/// Failing calls by offered calls of replications, by the jackknife, but with fewer than events_min failing calls no lower than Poisson's bound. 95 %
/// for all looks together (of four each has 98.75 %, by Bonferroni's inequality), so that stopping at the first clear one does not make it shorter
/// than it says. At least two terms, and calls in them; looks >= 1.
Interval failing_interval(std::span<const RatioTerm> terms, std::uint32_t looks);

/// Some calls are recorded: these are the same in every replication, so that intervals over replications say too little.
bool has_recordings(const Scenario& scenario);

}  // namespace trunklab
