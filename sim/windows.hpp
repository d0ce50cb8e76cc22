// A long horizon of which only the time around faults is simulated, and samples of the rest.
#pragma once

#include <vector>

#include "sim/study.hpp"

namespace trunklab {

/// [from, until) of the horizon, with the faults in it.
struct FaultWindow {
  Instant from;
  Instant until;
  std::vector<FaultSpec> faults;
};

/// What a replication's horizon is cut into. Windows begin 2 min before a fault and end when a fault can no longer be felt: after hold-downs, probes
/// and cached names, and five mean talks more (all ours). Those that overlap are one.
std::vector<FaultWindow> fault_windows(const Scenario& scenario, std::uint32_t replication);

/// How much of it was simulated.
struct WindowsSeen {
  std::uint64_t windows = 0;  ///< all replications
  double simulated_s = 0;     ///< around faults
  double sampled_s = 0;       ///< of the quiet time
  double whole_s = 0;         ///< all replications' horizons
};

/// Why this scenario cannot be cut into windows, if so: a trace has no rate; media addresses that come and go remember what was.
std::optional<Problem> no_windows(const Scenario& scenario);

/// The scenario's measures without all of its calls. The faults are those of the full run with this seed. Each window is a run of its own from a
/// stationary start (an empty one and ten mean talks before, where rates vary). The rest of each batch stands on short undisturbed samples, eight a
/// batch, a fiftieth of it in all: calls offered are the integral of the rates, what becomes of them has the samples' shares. So counts of quiet time
/// have the error of samples, which the intervals (over batches, or replications) contain. There is no record of calls, and no comparison with
/// undisturbed twins. Problems: no_windows().
Result<Study> run_windows(const Scenario& scenario, const StudyOptions& options, WindowsSeen& seen);

}  // namespace trunklab
