// Capacity on paper: what a scenario's traffic needs, in normal hours and with any one thing gone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/caps.hpp"
#include "models/result.hpp"
#include "models/units.hpp"
#include "sim/planning/seizure.hpp"
#include "sim/planning/survival.hpp"

namespace trunklab {

struct PlanRequest {
  Survive survive = Survive::none;
  Probability blocking{0.01};  ///< of a site's calls, for want of channels, at the busiest time; > 0
  double growth = 1;           ///< all rates times this, > 0
};

/// Refusals by each cap may take this share of the blocking objective (ours): caps shall not be what calls meet first.
inline constexpr double cap_share = 0.1;

/// A need that depends on what is gone; that of the worst case.
struct Worst {
  double erlangs = 0;
  double calls_per_s = 0;
  std::size_t erlangs_case = 0;  ///< into CapacityPlan::cases
  std::size_t rate_case = 0;
};

struct SitePlan {
  std::uint16_t site = 0;
  Worst peak;
  Instant busiest;  ///< when the worst case's traffic is largest; run_start if it never changes
  bool varies = false;
  Seizure seizure;  ///< in the worst case, of the mean call at the busiest time
  std::uint32_t channels = 0;
  std::optional<std::uint32_t> has{};  ///< as the scenario has it
  double mbit_per_s = 0;               ///< RTP each way with all planned channels in use; 0 without codecs
  double packets_per_s = 0;
};

/// What to order for a cap's scope.
struct ScopePlan {
  CapScope scope = CapScope::account;
  std::string name;  ///< "account", "region/euc1", "edge/euc1/1"
  Worst peak;
  std::uint32_t sessions = 0;
  std::uint32_t cps = 0;                        ///< calls a second, counted in whole seconds
  std::optional<std::uint32_t> has_sessions{};  ///< the tightest of the scenario's caps
  std::optional<double> has_cps{};
  std::uint32_t media_addresses = 0;  ///< of a region with media: with ports for all its sessions
};

struct CapacityPlan {
  PlanRequest request;
  std::vector<SurvivalCase> cases;
  std::vector<SitePlan> sites;               ///< those with calls
  std::vector<ScopePlan> scopes;             ///< account, regions, edges: those with calls
  std::vector<std::string> without_way_out;  ///< "site oslo without euc1": its calls have nowhere to go
};

/// Channels: Erlang B of the traffic at its largest (Mt/G/infinity, modified offered load); traffic is the mean seizure times the rate. Sessions of a
/// scope: Erlang B of all its traffic at `cap_share` of the objective, as if channels blocked none of it. Calls a second: the fewest of which Poisson
/// arrivals of the largest rate have no more than that share above, counted in whole seconds. A region's calls may all be at one of its edges while
/// names are cached. Problems: a trace that cannot be read.
Result<CapacityPlan> capacity_plan(const Scenario& scenario, const PlanRequest& request);

/// The fewest calls in a second, `c`, with E[(N - c)+] <= share * rate for N Poisson of mean `rate`. rate >= 0, 0 < share < 1.
std::uint32_t cps_for(CallsPerSecond rate, Probability share);

}  // namespace trunklab
