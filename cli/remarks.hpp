// What the run record says of a scenario besides its results.
#pragma once

#include <vector>

#include "reports/run_info.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab::cli {

/// Defaults of ours that the scenario relies on, then the advice of `trunklab check` that it does not silence.
std::vector<Remark> remarks_of(const Scenario& scenario);

}  // namespace trunklab::cli
