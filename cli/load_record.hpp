// What a replay came to: printed, and written as a run record.
#pragma once

#include <optional>
#include <string>

#include "cli/load_request.hpp"
#include "cli/run_results.hpp"
#include "models/record/record.hpp"
#include "reports/run_info.hpp"
#include "traffic/load/measured_run.hpp"

namespace trunklab::cli {

/// A replay that is over.
struct Played {
  bool complete = true;
  Instant end;          ///< of what was measured
  double epoch_ms = 0;  ///< the replay's start, milliseconds since 1970
};

/// Closes the run's rows and works out the measures; writes the record if one is wanted, and prints what is in it.
class LoadOutcome {
 public:
  LoadOutcome(const OpenBundle& bundle, const Directory& directory, const std::string& who, MeasuredRun& run, const Played& played);
  void write(const std::filesystem::path& record, const WallClock& wall) const;
  void print_text() const;
  void print_json(double wall_s) const;

 private:
  const OpenBundle& bundle_;
  const Directory& directory_;
  const MeasuredRun& run_;
  Played played_;
  Scenario measured_;
  RunInfo info_;
  std::vector<Tally> tallies_;
  RunResults results_;
};

}  // namespace trunklab::cli
