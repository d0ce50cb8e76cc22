// Assumptions and advice as remarks.
#include "cli/remarks.hpp"

#include "scenarios/lint.hpp"

namespace trunklab::cli {

std::vector<Remark> remarks_of(const Scenario& scenario) {
  std::vector<Remark> remarks;
  for (const Assumption& assumption : scenario.assumptions) {
    remarks.push_back({.kind = Remark::Kind::assumed, .where = assumption.where, .text = assumption.what});
  }
  for (const Advice& advice : heard(scenario, lint(scenario))) {
    const auto kind = advice.origin == Advice::Origin::seed ? Remark::Kind::seed_advice : Remark::Kind::own_advice;
    remarks.push_back({.kind = kind, .where = advice.where, .text = advice.what + ": " + advice.why + ". Instead: " + advice.fix});
  }
  return remarks;
}

}  // namespace trunklab::cli
