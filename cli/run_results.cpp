// Measures, verdicts and the record.
#include "cli/run_results.hpp"

#include "cli/remarks.hpp"
#include "models/measures/summary.hpp"

namespace trunklab::cli {
namespace {

std::vector<Measure> measures_of(const Directory& directory, std::span<const Tally> tallies, std::span<const std::vector<FaultImpact>> impacts) {
  std::vector<Measure> measures;
  if (!tallies.empty()) measures = summarise(tallies, directory);  // stopped early enough there is none
  const auto faults = summarise_impacts(impacts, directory);
  measures.insert(measures.end(), faults.begin(), faults.end());
  return measures;
}

}  // namespace

RunResults results_of(const Scenario& scenario, const Directory& directory, const Replications& replications) {
  RunResults results{.measures = measures_of(directory, replications.tallies, replications.impacts), .verdicts = {}, .advice = {}};
  if (replications.complete) {
    results.verdicts = judge(scenario.objectives, directory, results.measures, run_start + scenario.horizon.duration);
  } else {
    for (Measure& measure : results.measures) measure.low = measure.high = std::nullopt;  // part of a run has no batches to judge by
  }
  return results;
}

void write_results(RunRecordWriter& record, const Scenario& scenario, const Directory& directory, const Replications& replications,
                   const RunResults& results) {
  record.measures(results.measures);
  // What each replication alone would say: paired comparisons of two runs need it.
  for (std::uint32_t i = 0; replications.tallies.size() > 1 && i < replications.tallies.size(); ++i) {
    const auto impacts = i < replications.impacts.size() ? replications.impacts.subspan(i, 1) : replications.impacts.first(0);
    record.replication_measures(i, measures_of(directory, replications.tallies.subspan(i, 1), impacts));
  }
  record.verdicts(results.verdicts);
  record.remarks(remarks_of(scenario));
  for (std::uint32_t i = 0; i < replications.impacts.size(); ++i) record.impacts(i, replications.impacts[i]);
  record.advice(results.advice);
}

}  // namespace trunklab::cli
