// Capacity by simulation: the fewest channels that meet the objective when the calls are run, beside what the formula says, and why they differ.
#pragma once

#include <atomic>
#include <functional>

#include "models/measures/tally.hpp"
#include "models/statistics/intervals.hpp"
#include "sim/planning/plan.hpp"

namespace trunklab {

/// What a number of channels came to in simulation.
struct Tried {
  std::uint32_t channels = 0;
  Interval blocking;              ///< failing_interval
  Interval failing{};             ///< likewise: calls that failed for other reasons (failed_otherwise)
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
    agents,    ///< callers wait for agents, and hold a channel meanwhile
    failure,   ///< the surge when something goes: waits for targets that are gone, channels held by calls that are cut off
    arrivals,  ///< calls that do not come one by one at a constant rate: in bursts, evenly, or with the time of day
    several,   ///< none of these alone explains half of it, but all of them together do
    failing,   ///< more calls than the objective fail otherwise, and hold no channel
    unknown    ///< nothing of this
  };
  What what = What::none;
  double formula = 0;     ///< blocking of the formula's number by the formula
  Interval as_it_is{};    ///< in simulation
  Interval without_it{};  ///< in simulation without the cause
};

/// Why no fewer channels are ordered than the formula's, though fewer met the objective.
enum class Floor : std::uint8_t {
  none,
  recording,  ///< a trace is the same in every replication: what was enough for it need not be for another day
  failing     ///< more calls than the objective failed otherwise: what made room will not last
};

struct ConfirmedSite {
  std::uint16_t site = 0;
  std::size_t gone = 0;        ///< the case: index into CapacityPlan::cases
  bool too_large = false;      ///< not simulated: it would be too many calls
  bool in_vain = false;        ///< no number of channels meets the objective: something else blocks; `enough` is the formula's number
  Tried enough{};              ///< the fewest that meet the objective; the formula's number if that is too rare to be told
  std::uint32_t to_order = 0;  ///< enough.channels, or the formula's number if there is a floor
  Floor floor = Floor::none;
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

/// Calls of this entity that failed though there was a channel, a port and no cap in the way, or in which somebody heard nothing.
double failed_otherwise(const Counts& counts);

/// Runs the site's own calls, in its worst case (scene_of): the same calls for each number of channels, in replications_first replications, then
/// twice as many until the verdict is clear, Scene::replications_max at most. Channels are added as long as some call is blocked for want of one. If
/// what comes out is not the formula's number, that number is run again without each of the things that the formula does not know of. nullopt:
/// stopped. Problems: a trace that cannot be read.
Result<std::optional<ConfirmedSite>> confirm_site(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site,
                                                  const ConfirmOptions& options);

/// All sites together in one case, with all that the plan orders: does it hold?
struct Proof {
  std::size_t gone = 0;     ///< index into CapacityPlan::cases
  bool too_large = false;   ///< not simulated
  std::uint64_t calls = 0;  ///< offered, all replications; 0: nothing to judge by
  std::uint16_t worst_site = 0;
  Interval blocking{};     ///< of the worst site's calls, each site in its own busiest time, for want of channels, ports or by caps; failing_interval
  double by_channels = 0;  ///< of the worst site's calls
  double by_caps = 0;      ///< likewise
  double by_cps = 0;       ///< of these: by those on calls per second
  std::uint16_t failing_site = 0;  ///< the one of whose calls most fail otherwise
  Interval failing{};              ///< that share: failed_otherwise
  std::string failing_most{};      ///< the commonest kind: "no response", "firewall"
  double setup_delay_s = 0;        ///< of 95 % of the calls that were set up, in the part that has the longest
  std::optional<double> mos{};     ///< of 95 % of the talks, in the part that has the lowest; nullopt: none has one
  enum class Blocking : std::uint8_t {
    holds,   ///< the mean is within the objective and its indifference zone, and the interval says no more than twice the zone; or no call came
    misses,  ///< the interval lies above the objective and its indifference zone
    open     ///< neither, after all replications
  };
  Blocking blocking_verdict = Blocking::holds;
  bool calls_work = true;  ///< false: the interval of failing ones lies above the blocking objective
  bool delay_holds = true;
  bool quality_holds = true;
  std::uint32_t replications = 0;
  [[nodiscard]] bool holds() const { return blocking_verdict == Blocking::holds && calls_work && delay_holds && quality_holds; }
  [[nodiscard]] bool misses() const { return blocking_verdict == Blocking::misses || !calls_work || !delay_holds || !quality_holds; }
};

/// Every case (whole_scene) in as many replications as the search has, until the verdict is clear: other calls than those of the search. Judged
/// against the plan's blocking objective and the scenario's for set-up delay and quality. Where a site is not shown to hold, and that for want of
/// channels, it gets more of them (SitePlan::raised; a hundredth at first, then twice as many, 8 times at most) until it is; likewise all scopes
/// more calls per second (ScopePlan::cps_raised; a tenth at first) where caps on these refused the calls. nullopt: stopped. Problems: a trace that
/// cannot be read.
Result<std::optional<std::vector<Proof>>> prove(const Scenario& scenario, CapacityPlan& plan, const ConfirmOptions& options);

}  // namespace trunklab
