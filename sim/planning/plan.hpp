// Capacity on paper: what a scenario's traffic needs, in normal hours and with any one thing gone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
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
  Probability blocking{0.01};   ///< of a site's calls: at the busiest instant by formula, in the hour around it in simulation; > 0
  double scale = 1;             ///< all rates times this, > 0
  std::uint32_t kept_free = 0;  ///< channels of each site that ordinary calls may not use, besides those that they need
};

/// Refusals by all caps that a call meets may together take this share of the blocking objective (ours): less than the indifference zone of the
/// search by simulation, so that caps are not what calls meet first.
inline constexpr double caps_share = 1.0 / 50;
/// A call meets the caps of its site's source address, its edge, its region and the account, each on sessions and on calls per second.
inline constexpr int caps_of_call = 8;

/// All traffic is this many times what was forecast with confidence `confidence` at most, if the forecast is right on average and its error has a
/// lognormal law with this coefficient of variation. cv >= 0, 0 < confidence < 1.
double traffic_factor(double cv, double confidence);

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
  Seizure seizure;                      ///< in the worst case, of the mean call at the busiest time
  std::vector<CallsPerSecond> rates{};  ///< of each of its demands: coming all the time they would make the traffic of the busiest time; scaled
  std::uint32_t channels = 0;           ///< by the formula; those kept free come on top
  std::optional<std::uint32_t> has{};   ///< as the scenario has it
  std::uint32_t ordered = 0;            ///< what to have in the end: by simulation where there is one, with those kept free
  std::uint32_t raised = 0;             ///< of these: added since the proof of all sites together was not clear without them
  std::uint32_t cps = 0;                ///< calls a second, counted in whole seconds
  double mbit_per_s = 0;                ///< RTP each way with all ordered channels in use; 0 without codecs
  double packets_per_s = 0;
  std::uint32_t rtp_ports = 0;  ///< of its own, with all ordered channels in use; 0 without codecs
};

/// What a cap's scope has to take in one case.
struct ScopeUse {
  double erlangs = 0;
  std::vector<std::uint16_t> sites{};  ///< whose calls may be here
};

/// What to order for a cap's scope.
struct ScopePlan {
  CapScope scope = CapScope::account;
  std::uint16_t index = 0;  ///< of the region, edge or site
  std::string name;         ///< "account", "region/euc1", "edge/euc1/1", "source address of oslo"
  Worst peak;
  std::vector<ScopeUse> by_case{};  ///< one a case
  std::uint32_t sessions = 0;
  std::size_t sessions_case = 0;      ///< that needs them
  std::uint32_t sessions_raised = 0;  ///< added to the formula's since caps refused too many in the proof (redials, queues)
  double tokens = 1;                  ///< that a call takes of a cap on calls per second: 2 if challenged INVITEs count too
  std::uint32_t cps = 0;              ///< tokens a second, counted in whole seconds; as many have to pass at once (a bucket as deep as that)
  std::uint32_t cps_raised = 0;       ///< of these: added since caps refused too many in the proof
  std::optional<std::uint32_t> has_sessions{};  ///< the tightest of the scenario's caps
  std::optional<CapSpec> has_cps{};             ///< likewise, of those on calls per second
  std::uint32_t media_addresses = 0;            ///< of a region with media: with ports for all its sessions
};

struct CapacityPlan {
  PlanRequest request;
  std::vector<SurvivalCase> cases;
  std::vector<SitePlan> sites;               ///< those with calls
  std::vector<ScopePlan> scopes;             ///< account, regions, edges, and sites if the scenario has caps by source address: those with calls
  std::vector<std::string> without_way_out;  ///< "oslo without euc1": its calls have nowhere to go
  [[nodiscard]] Probability share_of_cap() const { return Probability{request.blocking.value() * caps_share / caps_of_call}; }
};

/// Channels: Erlang B of the traffic at its largest (Mt/G/infinity, modified offered load) once any warm-up is over; traffic is the mean seizure
/// times the rate. Sessions of a scope: Erlang B of all its traffic at each cap's share of the objective, as if channels blocked none of it, and the
/// channels kept free; but no more than its sites have channels, those that call there in the same case. Calls a second: the fewest of which Poisson
/// arrivals of the largest rate have no more than that share above, counted in whole seconds, times the tokens that a call takes. A region's calls
/// may all be at one of its edges while names are cached. Problems: a trace that cannot be read.
Result<CapacityPlan> capacity_plan(const Scenario& scenario, const PlanRequest& request);

/// Orders so many channels (without those kept free) for this site of the plan, and the media that follow from it.
void order_channels(const Scenario& scenario, CapacityPlan& plan, std::uint16_t site, std::uint32_t channels);

/// Orders sessions and media addresses of all scopes, when all sites have their channels.
void order_sessions(const Scenario& scenario, CapacityPlan& plan);

/// Tokens that each call takes of this cap: 2 where it counts every INVITE and every call is challenged, else 1. Nonces that are remembered make
/// challenges rare: they are left to the simulation.
double tokens_of_call(const Scenario& scenario, const CapSpec& cap);

/// The fewest calls in a second, `c`, with E[(N - c)+] <= share * rate for N Poisson of mean `rate`. rate >= 0, 0 < share < 1.
std::uint32_t cps_for(CallsPerSecond rate, Probability share);

/// Something that the scenario limits, and how far it reaches.
struct Headroom {
  std::string what;  ///< "channels of site oslo"
  double has = 0;
  double needs = 0;
  double factor = 0;  ///< so many times the planned traffic would just fit; below 1: too little now; 0: none would
  std::string worst;  ///< case
};

/// All that is limited, the tightest first.
std::vector<Headroom> headroom_of(const Scenario& scenario, const CapacityPlan& plan);

/// The first whole month in which growth by `monthly` (1.1 = 10 %) exceeds the headroom: 0 = now, nullopt = not within `months`. monthly > 1.
std::optional<std::uint32_t> month_of_shortage(const Headroom& headroom, double monthly, std::uint32_t months);

}  // namespace trunklab
