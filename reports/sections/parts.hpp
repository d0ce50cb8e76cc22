// Parts that the report of a run and that of a failover study have in common.
#pragma once

#include <span>

#include "reports/document/document.hpp"
#include "reports/mean_impact.hpp"
#include "reports/objectives.hpp"
#include "reports/record_watch.hpp"
#include "reports/run_info.hpp"

namespace trunklab {

/// Puts `more` behind `blocks`.
void append(Blocks& blocks, Blocks more);

/// Met is good, missed is bad; what could not be judged is neither.
Tone tone_of(Verdict::Kind kind);

/// Which of the settings tried would have helped most, and the table of all. Nothing for fewer than two rows.
Blocks advice_blocks(std::span<const AdviceRow> advice);

/// A fold for each kind of remark: what is assumed, what the service's document recommends, what we would do.
Blocks remark_blocks(std::span<const Remark> remarks);

/// Everything that is known of an outage. What is referred to outlives this.
struct OutageFigures {
  const RunInfo& info;
  const Directory& directory;
  const Directory::Fault& fault;
  MeanImpact mean;
  const FaultStory* story = nullptr;  ///< nullptr: nobody watched
  bool grey = false;                  ///< OPTIONS are answered all along
};

/// Its course in words, its harm, what callers heard and SBCs logged, what it cost, the load of the edges.
Blocks outage_blocks(const OutageFigures& figures);

}  // namespace trunklab
