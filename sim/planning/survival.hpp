// What a plan has to survive, and where the calls go then.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/scenario.hpp"

namespace trunklab {

/// Of which kind of thing any single one may be gone.
enum class Survive : std::uint8_t { none, edge, zone, region, site };

/// Something that is gone, for the whole time that is planned for.
struct SurvivalCase {
  std::string title;                    ///< "without euc1/1"; "all is well"
  std::vector<EdgeIndex> edges;         ///< that are gone
  std::optional<std::uint16_t> site{};  ///< of the customer's, that is gone: the others take its calls
};

/// All is well, then each of what some site, or an origination demand, uses; or each site with calls, if there are others.
std::vector<SurvivalCase> survival_cases(const Scenario& scenario, Survive survive);

/// Where a site's calls to the service go in such a case.
struct WayOut {
  std::optional<std::uint16_t> region;  ///< nullopt = nowhere: every target is gone
  std::vector<EdgeIndex> edges;         ///< of it, that may get calls
  bool one_at_a_time = false;           ///< all calls go to one of them at a time (a cached answer of a name), so each has to take them all
  Span hunting{};                       ///< mean wait at targets that are gone, once everybody knows as much as they will
};

/// Hunting in the long run (with `order: rotate` or random the mean over where calls begin): with OPTIONS probes, or a hold-down that no call has to
/// end, only the calls that try a target again wait for it; without either, every call waits `no_response` at each dead target. A name's health check
/// takes sick edges out of its answers, so that they cost nothing where the region has another edge.
WayOut way_out(const Scenario& scenario, const Site& site, const SurvivalCase& gone);

/// The scenario with these edges gone from `from` to the end, instead of its own faults.
Scenario with_gone(const Scenario& scenario, const SurvivalCase& gone, Instant from);

/// The same demand with all its rates times `factor` >= 0.
DemandSpec scaled(DemandSpec demand, double factor);

/// A demand, or the part of one that another site takes over.
struct CaseDemand {
  DemandSpec spec;
  std::size_t origin = 0;  ///< index of the scenario's demand
  double share = 1;        ///< of that one's calls
};

/// The calls of each site as one that is gone leaves them: its demands go to the other sites with calls, in equal parts (ours), and take over their
/// way to the service. Without such a site the scenario's own.
std::vector<CaseDemand> demands_in(const Scenario& scenario, const SurvivalCase& gone);

/// Indices of the sites with calls, ascending.
std::vector<std::uint16_t> sites_with_calls(const Scenario& scenario);

/// Each site that has calls of both directions as two, each with its own: trunks of one direction. The site keeps the calls to the service, "NAME
/// inbound" gets those from it. The channels that the site has are nobody's then.
Scenario with_separate_trunks(const Scenario& scenario);

}  // namespace trunklab
