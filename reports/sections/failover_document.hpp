// A failover study as a report: the catalogue as a table, then a section for each fault that hit anybody.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/measures/load_curve.hpp"
#include "reports/document/document.hpp"
#include "reports/failover_report.hpp"
#include "reports/run_info.hpp"

namespace trunklab {

/// One fault of the study, with what its section shows besides.
struct FailoverCase {
  const FailoverRow& row;
  Directory directory;               ///< of the scenario with this fault
  std::vector<AdviceRow> advice;     ///< as BestSetting has it; empty = no other settings were tried
  std::string configuration;         ///< of the best of them, for the sites' equipment; empty = none is better
  const LoadCurve* curve = nullptr;  ///< of replication 0; nullptr = not drawn
};

struct FailoverStudyFigures {
  RunInfo info;
  std::span<const FailoverCase> cases;
  std::optional<Span> longest;             ///< the objective for the failover
  const LoadCurve* undisturbed = nullptr;  ///< of replication 0's twin
  std::span<const Remark> remarks;
};

Document failover_document(const FailoverStudyFigures& study);

}  // namespace trunklab
