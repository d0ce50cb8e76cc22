// Capacity by simulation: the fewest channels that meet the objective when the calls are run, beside what the formula says.
#pragma once

#include <atomic>
#include <functional>

#include "models/statistics/intervals.hpp"
#include "sim/planning/plan.hpp"

namespace trunklab {

/// What a number of channels came to in simulation.
struct Tried {
  std::uint32_t channels = 0;
  Interval blocking;  ///< 95 %, over replications
  std::uint32_t replications = 0;
  enum class Verdict : std::uint8_t {
    meets,  ///< the mean is no more than the objective, and the interval no higher than a twentieth above it (the indifference zone)
    fails,  ///< the interval lies above the objective
    open    ///< neither, after all replications: counts as failing, so that the larger number is taken
  };
  Verdict verdict = Verdict::open;
};

struct ConfirmedSite {
  std::uint16_t site = 0;
  std::size_t gone = 0;         ///< the case: index into CapacityPlan::cases
  Tried enough;                 ///< the fewest that meet the objective
  std::optional<Tried> less{};  ///< one channel less; nullopt if `enough` is 1
  std::uint32_t tried = 0;      ///< numbers of channels that were simulated
  Span measured{};              ///< of each replication
};

struct ConfirmOptions {
  const std::atomic<bool>* stop = nullptr;
  std::function<void(double share)> on_progress = {};
};

/// Runs the site's own calls, in its worst case, with no limit but its channels: the same calls for each number of channels. 8 replications first,
/// then 8 more at a time until the verdict is clear, 64 at most. Measured is the hour around the busiest instant if the rate varies, else a window of
/// 2000 mean seizures or the horizon, whichever is longer; what is gone goes when measuring begins, so the surge of hunting calls counts. nullopt:
/// stopped. Problems: a trace that cannot be read.
Result<std::optional<ConfirmedSite>> confirm_site(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site,
                                                  const ConfirmOptions& options);

}  // namespace trunklab
