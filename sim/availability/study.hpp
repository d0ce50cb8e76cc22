// Nines of a site: on paper, and by simulating calls around faults that are drawn so that they matter.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/result.hpp"
#include "models/statistics/intervals.hpp"
#include "sim/availability/structure.hpp"

namespace trunklab {

struct AvailabilityRequest {
  double half_width = 0.2;  ///< wanted, of the 95 % interval of the share of calls that are not served, all sites together; relative. > 0
  std::uint32_t cycles_min = 200;
  std::uint32_t cycles_max = 1'000'000;
  const std::atomic<bool>* stop = nullptr;  ///< set by the user or the clock: it ends at once, and the cycle at hand does not count
  std::function<void(double share, std::uint64_t calls)> on_progress = {};
};

/// Of a site, or of all together. Shares are of the calls offered in the long run, redials left out.
struct ServedCalls {
  Interval
      not_served{};    ///< in the end blocked, failed, lost in set-up or given up by the caller (the last redial decides), more than without faults
  Interval cut_off{};  ///< dropped or hung up in vain, more than without faults
};

struct SiteAvailability {
  std::uint16_t site = 0;
  Unavailability chain;  ///< time without a way out
  ServedCalls calls;
};

/// What a combination of faults contributes.
struct Contribution {
  std::string faults;  ///< "euc1/1 crash + euc1/2 crash"
  double share = 0;    ///< of all calls that are not served
  double outages_per_year = 0;
};

struct Availability {
  bool cut_short = false;  ///< stopped: what cycles cost that take so long is missing
  bool precise = false;    ///< the wanted half-width was reached
  std::vector<SiteAvailability> sites;
  ServedCalls all;
  std::vector<Contribution> contributions;  ///< the largest first, five at most
  std::uint32_t cycles = 0;
  std::uint64_t harmless_cycles = 0;  ///< in which every site had a way out and no call was lost; 0 if some call was
  std::uint64_t calls = 0;            ///< simulated, twins included
};

/// What keeps a scenario from being simulated so, if anything: no random faults that concern a site with calls, more than random_faults_max of them,
/// times between faults that are not exponential, a trace.
std::optional<Problem> no_cycles(const Scenario& scenario);

/// The chain alone: no calls. Sites with calls. Problems: more than relevant_max faults of a site.
Result<std::vector<SiteAvailability>> chain_availability(const Scenario& scenario);

/// Every cycle is a short run of the call plane from a stationary start, at a random time of the horizon, beside its undisturbed twin (the same
/// calls, no faults): what is worse is the faults' doing. Unavailability is E[calls not served in a cycle] / E[calls offered from one cycle to the
/// next]: the first is estimated, the second known. Which cycles are simulated is chosen among many by what they may cost (importance resampling),
/// apart for those in which a site has no way out and the others (stratified), so that neither hides the other. Faults that come while another one is
/// still felt after its end are taken to be apart (CycleSource, piece_of). Scenario::faults are left out. Problems: no_cycles().
Result<Availability> simulate_availability(const Scenario& scenario, const AvailabilityRequest& request);

}  // namespace trunklab
