// What a plan simulates: parts of a scenario, at the time that matters, for as long as it takes.
#pragma once

#include <atomic>
#include <optional>
#include <span>

#include "models/measures/summary.hpp"
#include "models/statistics/intervals.hpp"
#include "sim/planning/plan.hpp"

namespace trunklab {

/// A run of a scene has about so many calls at most (ours), and is at least so many mean seizures long: fewer would not show blocking.
inline constexpr double scene_calls_max = 5e5;
inline constexpr double scene_seizures_min = 20;

/// One site's calls alone in one case, with no limit but its channels, which are still to be set. Measured is the hour around the busiest instant if
/// the rate varies (less of it if the scenario, which begins with no calls, has less of it), else 2000 mean seizures, or fewer if that would be more
/// calls than scene_calls_max. What is gone goes when measuring begins, so that the surge of hunting calls counts. nullopt: even the shortest would
/// have more than 40 times scene_calls_max.
std::optional<Scenario> scene_of(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site, std::size_t gone);

/// All sites in one case, with the channels, sessions and calls per second that the plan orders (channels kept free are not used). Measured likewise,
/// at the busiest instant of the site that has the most traffic. A cap on calls per second lets a second's worth of them come at once; regions share
/// one figure, the largest, and edges too, as caps of scenarios do. nullopt: likewise.
std::optional<Scenario> whole_scene(const Scenario& scenario, const CapacityPlan& plan, std::size_t gone);

/// Length of what a scene measures.
Span measured_of(const Scenario& scene);

/// One replication, counted. nullopt: stopped. Problems: a trace that cannot be read.
Result<std::optional<Tally>> run_scene(const Scenario& scene, const Directory& directory, std::uint32_t replication, const std::atomic<bool>* stop);

/// Blocked by offered calls of replications, 95 %: by the jackknife, but with fewer than events_min blocked calls no lower than Poisson's bound. At
/// least two terms, and calls in them.
Interval blocking_interval(std::span<const RatioTerm> terms);

}  // namespace trunklab
