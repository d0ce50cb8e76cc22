// The standard catalogue of faults: everything that may go wrong with a scenario, each tried on its own.
#pragma once

#include <string>
#include <vector>

#include "models/fault_spec.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab {

/// One entry of the catalogue. Its faults take the place of the scenario's own.
struct FaultCase {
  std::string id;     ///< stable and in kebab-case: "crash-euc1-1"
  std::string title;  ///< what goes wrong, in a few words
  std::vector<FaultSpec> faults;
};

/// Every case that can make a difference to this scenario, in a fixed order. Edges: those that some site's routing, or an origination
/// demand, uses; names only where a site resolves them; callback, credentials and overload only where the scenario has them; a dead process only
/// where somebody could tell it from a dead host (TCP, or ICMP seen).
///
/// Every figure is ours: a fault begins in the middle of the measured time and lasts 15 minutes or a quarter of that time, whichever is less;
/// a long one (fail-back) an hour or three eighths of it. Grey: 1, 10 and 50 % of INVITEs. Path loss: one message in ten. Flapping: a third of each
/// minute. A slow callback, an overloaded edge: ten times slower.
std::vector<FaultCase> catalogue_of(const Scenario& scenario);

/// The scenario with the faults of this case instead of its own.
Scenario with_case(const Scenario& scenario, const FaultCase& fault_case);

}  // namespace trunklab
