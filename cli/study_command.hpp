// What demo and simulate share: run a study, write its record, print what it found, judge the objectives.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "models/measures/fault_impact.hpp"
#include "reports/run_info.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab::cli {

struct StudyRequest {
  std::string command;
  std::uint32_t replications = 1;
  CallDetail detail = CallDetail::all;
  std::optional<std::filesystem::path> record;  ///< nullopt: none is written
  bool json = false;
  bool advice = false;   ///< also try other settings
  bool page = false;     ///< also write the report as a page, beside the record
  bool windows = false;  ///< simulate only around faults, and samples of the rest; then there is no record
};

/// The heading of a run record that holds every call.
RunInfo run_info(const Scenario& scenario, std::uint32_t replications);

/// ISO 8601, to the second.
std::string utc_now();

/// What these faults of one replication cost, with lost calls set off against gained ones.
AdviceRow advice_row(std::span<const FaultImpact> impacts);

/// Returns the command's exit code. Human text goes to stdout, or nowhere with --json; progress to stderr.
int study(const Scenario& scenario, const StudyRequest& request);

}  // namespace trunklab::cli
