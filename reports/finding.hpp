// What a fault did, in plain words for the engineer on duty, and which setting would have helped.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/measures/fault_impact.hpp"
#include "models/record/record.hpp"
#include "reports/run_info.hpp"

namespace trunklab {

/// A paragraph for each fault of the directory, then a table of the advice; lines of at most 80 columns where there is a space to break them at.
/// `replications`: one vector each, as TwinComparison gives them; figures are means over them. The first advice row is the scenario as it is; fewer
/// than two rows give no table. Times are those of the run, and on the site's clock. No faults, or no replication: an empty text.
std::string finding_text(const RunInfo& info, const Directory& directory, std::span<const std::vector<FaultImpact>> replications,
                         std::span<const AdviceRow> advice);

/// What the settings tried come to.
struct BestSetting {
  std::string headline;         ///< "What would have helped most: probe every 10 s", or that none would; empty for fewer than two rows
  std::string gain{};           ///< "27 lost all the same; new calls normal after 4.6 s instead of 72 s"; empty if none would have helped
  bool table_says_more = true;  ///< some setting makes a difference
};
BestSetting best_setting(std::span<const AdviceRow> advice);

/// The table of the advice alone, after the sentence that names the best of them; only a sentence if none changes anything; empty for fewer than
/// two rows.
std::string advice_text(std::span<const AdviceRow> advice);

}  // namespace trunklab
