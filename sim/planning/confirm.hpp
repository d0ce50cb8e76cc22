// Capacity by simulation: the fewest channels that meet the objective when the calls are run, beside what the formula says, and why they differ.
#pragma once

#include <atomic>
#include <functional>

#include "models/statistics/intervals.hpp"
#include "sim/planning/plan.hpp"

namespace trunklab {

/// What a number of channels came to in simulation.
struct Tried {
  std::uint32_t channels = 0;
  Interval blocking;              ///< 95 %, over replications; its upper end is no lower than Poisson's bound of so few events
  std::uint64_t blocked = 0;      ///< calls, all replications
  std::uint64_t by_channels = 0;  ///< of these: for want of channels
  std::uint32_t replications = 0;
  enum class Verdict : std::uint8_t {
    meets,  ///< the interval lies within the objective
    fails,  ///< the interval lies above the objective
    open,   ///< neither, though the interval is shorter than the indifference zone, or after all replications: counts as failing
    rare    ///< neither, and fewer than 30 calls were blocked: too rare to be told by simulation, counts as meeting
  };
  Verdict verdict = Verdict::open;
};

/// The indifference zone: a twentieth of the objective (ours).
inline constexpr double indifference = 0.05;

/// Why more, or fewer, channels are needed than the formula says: what was left out of the simulation, and what the formula's number then blocked.
struct Cause {
  enum class What : std::uint8_t {
    none,      ///< the formula's number blocks what the formula says, within the indifference zone
    redials,   ///< blocked callers dial again
    failure,   ///< the surge when something goes: waits for targets that are gone, channels held by calls that are cut off
    arrivals,  ///< calls that do not come one by one at a constant rate: in bursts, evenly, or with the time of day
    unknown    ///< none of these explains half of it
  };
  What what = What::none;
  double formula = 0;     ///< blocking of the formula's number by the formula
  Interval as_it_is{};    ///< in simulation
  Interval without_it{};  ///< in simulation without the cause
};

struct ConfirmedSite {
  std::uint16_t site = 0;
  std::size_t gone = 0;            ///< the case: index into CapacityPlan::cases
  bool too_large = false;          ///< not simulated: it would be too many calls
  bool in_vain = false;            ///< no number of channels meets the objective: something else blocks; `enough` is the formula's number
  Tried enough{};                  ///< the fewest that meet the objective; the formula's number if that is too rare to be told
  std::optional<Tried> less{};     ///< one channel less; nullopt if `enough` is 1, or is the formula's and too rare
  std::optional<Tried> too_few{};  ///< the most that certainly fail
  std::uint32_t tried = 0;         ///< numbers of channels that were simulated
  Span measured{};                 ///< of each replication
  Cause cause;
};

struct ConfirmOptions {
  const std::atomic<bool>* stop = nullptr;
  std::function<void(double share)> on_progress = {};
};

/// Runs the site's own calls, in its worst case (scene_of): the same calls for each number of channels. 8 replications first, then 8 more at a time
/// until the verdict is clear, 64 at most. Channels are added as long as some call is blocked for want of one. If what comes out is not the formula's
/// number, that number is run again without each of the things that the formula does not know of. nullopt: stopped. Problems: a trace that cannot be
/// read.
Result<std::optional<ConfirmedSite>> confirm_site(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site,
                                                  const ConfirmOptions& options);

/// All sites together in one case, with all that the plan orders: does it hold?
struct Proof {
  std::size_t gone = 0;     ///< index into CapacityPlan::cases
  bool too_large = false;   ///< not simulated
  std::uint64_t calls = 0;  ///< offered, all replications; 0: nothing to judge by
  std::uint16_t worst_site = 0;
  Interval blocking{};        ///< of the worst site's calls, for want of channels or by caps; 95 %
  double by_caps = 0;         ///< the part of all calls that caps refused
  double setup_delay_s = 0;   ///< of 95 % of the calls that were set up
  std::optional<double> mos;  ///< of 95 % of the talks; nullopt: none has one
  enum class Blocking : std::uint8_t {
    holds,   ///< the mean is within the objective and its indifference zone, and the interval says no more than twice the zone; or no call came
    misses,  ///< the interval lies above the objective and its indifference zone
    open     ///< neither, after all replications
  };
  Blocking blocking_verdict = Blocking::holds;
  bool delay_holds = true;
  bool quality_holds = true;
  std::uint32_t replications = 0;
  [[nodiscard]] bool holds() const { return blocking_verdict == Blocking::holds && delay_holds && quality_holds; }
  [[nodiscard]] bool misses() const { return blocking_verdict == Blocking::misses || !delay_holds || !quality_holds; }
};

/// Every case (whole_scene) in 4 replications, then 4 more at a time until the verdict is clear, 64 at most: other calls than those of the search.
/// Judged against the plan's blocking objective and the scenario's for set-up delay and quality. nullopt: stopped. Problems: a trace that cannot be
/// read.
Result<std::optional<std::vector<Proof>>> prove(const Scenario& scenario, const CapacityPlan& plan, const ConfirmOptions& options);

}  // namespace trunklab
