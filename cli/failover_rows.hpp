// From what the simulator found to what the reports print: a failover study's rows, and a setting as configuration.
#pragma once

#include <string>
#include <vector>

#include "reports/failover_report.hpp"
#include "scenarios/scenario.hpp"
#include "sim/failover.hpp"

namespace trunklab::cli {

/// One row a case, in order. The study is complete.
std::vector<FailoverRow> rows_of(const Scenario& scenario, const std::vector<FaultCase>& cases, const FailoverStudy& study);

/// What the equipment of each site that this setting changes has to be told.
std::string configuration_text(const Scenario& scenario, const Variant& variant);

}  // namespace trunklab::cli
