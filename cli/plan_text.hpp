// A capacity plan for people and for scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/text.hpp"
#include "sim/planning/confirm.hpp"
#include "sim/planning/plan.hpp"

namespace trunklab::cli {

/// Something that the scenario limits, and when growth exceeds it.
struct RunsOut {
  std::string what;  ///< "channels of site oslo"
  double has = 0;
  double needs = 0;         ///< in that month
  std::uint32_t month = 0;  ///< 0 = now
};

struct PlanFigures {
  CapacityPlan plan;
  std::vector<ConfirmedSite> confirmed;  ///< empty: not simulated
  std::optional<std::string> growth;     ///< as it was given
  std::uint32_t months = 0;
  std::vector<RunsOut> runs_out;
  double formulas_s = 0;
  double simulation_s = 0;
};

/// Adds what is too small in this month and was not in an earlier one.
void add_shortages(const Scenario& scenario, const CapacityPlan& plan, std::uint32_t month, std::vector<RunsOut>& list);

std::string plan_text(const Scenario& scenario, const PlanFigures& figures, Colour colour);
std::string plan_json(const Scenario& scenario, const PlanFigures& figures);

}  // namespace trunklab::cli
