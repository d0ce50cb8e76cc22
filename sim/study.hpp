// A study of a scenario: replications, each beside its undisturbed twin where there are faults, and what other settings would have done.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "models/measures/fault_impact.hpp"
#include "models/measures/load_curve.hpp"
#include "models/measures/tally.hpp"
#include "models/record/record.hpp"
#include "models/result.hpp"
#include "scenarios/scenario.hpp"
#include "sim/progress.hpp"
#include "sim/run.hpp"

namespace trunklab {

struct StudyOptions {
  std::uint32_t replications = 1;
  const std::atomic<bool>* stop = nullptr;
  OnProgress on_progress = {};
};

struct Study {
  bool complete = true;                           ///< false: stopped by the user
  std::uint64_t calls = 0;                        ///< offered, all replications, twins not counted
  std::uint64_t events = 0;                       ///< handled by the call plane, likewise
  std::vector<Tally> tallies;                     ///< one a whole replication; of one that was stopped only if there is no other
  std::vector<std::vector<FaultImpact>> impacts;  ///< one a replication; empty without faults, or if twins would need too much memory
  bool twin_left_out = false;                     ///< faults, but more than twin_calls_max calls: impacts are not known
};

/// Above so many expected calls the comparison with the twin (24 bytes a call) is left out.
inline constexpr double twin_calls_max = 50e6;

/// The expected number of offered calls of one replication; traces count as 0.
double expected_calls(const Scenario& scenario);

/// The largest number of calls that the scenario is expected to hold at the same time; traces count as 0.
double expected_concurrency(const Scenario& scenario);
/// Above so many the run is refused: they would need 6 GB.
inline constexpr double concurrency_max = 100e6;

/// Why the scenario is too large to be run, if it is.
std::optional<Problem> too_large(const Scenario& scenario);

/// Length of the batches that a single replication is cut into; `endless` with several replications.
Span batch_length(const Scenario& scenario, std::uint32_t replications);

/// Adds how full everything was in a run; nothing if it was stopped: integrals over a part of the window would mislead.
void take_occupancies(Tally& tally, const RunEnd& end);

/// Runs all replications; their records go to `sink` in order. Problems: a trace that cannot be read.
Result<Study> run_study(const Scenario& scenario, const StudyOptions& options, RunSink& sink);

/// What another setting of the customer's would have made of the same calls and faults.
struct Variant {
  std::string key;      ///< in one word, for narrow columns: "probe-10s"
  std::string setting;  ///< "probe every 10 s"
  std::string text;     ///< what it means, in a sentence
  Scenario scenario;
};

/// The settings worth trying: those of a short list that differ from what every site has. Empty without faults.
std::vector<Variant> variants_of(const Scenario& scenario);

/// Runs a replication without the faults, into `twin`, which is ready to be compared with afterwards if the run is complete. `run` tells the
/// replication, who may stop it and who is told how far it is.
Result<RunEnd> run_twin(const Scenario& scenario, RunOptions run, TwinTable& twin);
/// The same; its samples go to `curve`, which is closed.
Result<RunEnd> run_twin(const Scenario& scenario, RunOptions run, TwinTable& twin, LoadCurve& curve);

/// What becomes of each call of one replication without the faults; it is the twin of every other setting and fault too. A stopped run's is
/// of no use.
Result<TwinTable> twin_of(const Scenario& scenario, std::uint32_t replication, const std::atomic<bool>* stop);

/// The impacts of the scenario's faults in one replication, each call compared with its undisturbed twin.
Result<std::vector<FaultImpact>> impacts_of(const Scenario& disturbed, const TwinTable& twin, std::uint32_t replication,
                                            const std::atomic<bool>* stop);

}  // namespace trunklab
