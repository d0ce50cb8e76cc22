// What a study comes to: measures, verdicts, advice, and how they get into the run record.
#pragma once

#include <span>
#include <vector>

#include "models/measures/fault_impact.hpp"
#include "models/measures/tally.hpp"
#include "reports/objectives.hpp"
#include "reports/run_info.hpp"
#include "reports/run_record.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab::cli {

/// What is known of each replication.
struct Replications {
  std::span<const Tally> tallies;
  std::span<const std::vector<FaultImpact>> impacts;
  bool complete = true;  ///< false: stopped by the user
};

struct RunResults {
  std::vector<Measure> measures;
  std::vector<Verdict> verdicts;  ///< empty if the run was stopped
  std::vector<AdviceRow> advice;
};

/// Measures and verdicts; the advice is left to the caller.
RunResults results_of(const Scenario& scenario, const Directory& directory, const Replications& replications);

/// Adds everything but the rows of calls, which are there already.
void write_results(RunRecordWriter& record, const Scenario& scenario, const Directory& directory, const Replications& replications,
                   const RunResults& results);

}  // namespace trunklab::cli
