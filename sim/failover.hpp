// A failover study: each fault of a list on its own, against one undisturbed twin, and which other setting would have helped.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/measures/fault_impact.hpp"
#include "models/measures/fault_watch.hpp"
#include "models/measures/load_curve.hpp"
#include "models/measures/tally.hpp"
#include "models/result.hpp"
#include "sim/catalogue.hpp"
#include "sim/progress.hpp"
#include "sim/study.hpp"

namespace trunklab {

struct FailoverOptions {
  std::uint32_t replications = 1;
  bool other_settings = true;  ///< also try variants_of(), with replication 0
  bool curves = false;         ///< also draw the load of replication 0
  const std::atomic<bool>* stop = nullptr;
  OnProgress on_progress = {};
};

/// What another setting makes of a case in replication 0.
struct SettingTried {
  std::size_t variant = 0;  ///< into FailoverStudy::variants
  FaultImpact impact;       ///< the case's faults taken together
};

struct CaseOutcome {
  std::vector<std::vector<FaultImpact>> impacts;  ///< a whole replication's, one for each of the case's faults
  FaultNotice notice;                             ///< of the whole replications
  std::vector<SettingTried> tried;                ///< in the order of the variants; empty if not asked for, or stopped
  std::optional<LoadCurve> curve{};               ///< of replication 0, if curves were asked for
};

struct FailoverStudy {
  bool complete = true;     ///< false: stopped by the user; replications, or settings, are missing
  std::uint64_t calls = 0;  ///< offered, in all runs
  std::vector<Variant> variants;
  std::vector<CaseOutcome> cases;          ///< in the order of those asked for
  std::vector<Tally> tallies;              ///< of the first case, one a replication
  std::optional<LoadCurve> undisturbed{};  ///< of replication 0's twin, if curves were asked for
};

/// Runs each case in every replication; the records of the first one's runs go to `first_case` too. One twin is held at a time, 24 bytes a call.
/// Problems: a trace that cannot be read, a scenario that is too large. At least one case.
Result<FailoverStudy> run_failover(const Scenario& scenario, std::span<const FaultCase> cases, const FailoverOptions& options, RunSink& first_case);

/// The setting that would have lost the fewest calls (gained ones set off), then been normal soonest, then hit the fewest. nullopt: none is better
/// than what there is.
std::optional<SettingTried> best_of(const CaseOutcome& outcome);

}  // namespace trunklab
