// What another trunk, codec or setting would make of a plan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/planning/plan.hpp"

namespace trunklab {

/// One way to build it, and what it takes, by the formulas.
struct Alternative {
  std::string what;         ///< "as it is", "one more edge in euc1"
  std::uint32_t sites = 0;  ///< with calls
  std::uint32_t channels = 0;
  std::uint32_t sessions = 0;       ///< of the account
  std::uint32_t cps = 0;            ///< likewise
  std::uint32_t edge_sessions = 0;  ///< of the edge with most
  double mbit_per_s = 0;            ///< all sites, each way
  double hunting_s = 0;             ///< wait for targets that are gone, mean call of the site that waits longest
  std::size_t without_way_out = 0;  ///< cases of sites
  std::optional<double> monthly{};  ///< cost, at the scenario's prices
};

/// First the scenario as it is, then each change that would be one for it: one more edge in its first region, one more region behind for sites that
/// have one only, another codec, probes, trunks of each direction apart. Problems: a trace that cannot be read.
Result<std::vector<Alternative>> alternatives_of(const Scenario& scenario, const PlanRequest& request);

/// What a plan costs in a month; nullopt if the scenario has no such prices.
std::optional<double> monthly_cost(const Prices& prices, const CapacityPlan& plan);

}  // namespace trunklab
