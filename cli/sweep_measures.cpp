// Asks the summary itself, by a run of one call to which everything happened that a measure needs.
#include "cli/sweep_measures.hpp"

#include <array>

#include "models/measures/summary.hpp"

namespace trunklab::cli {

std::vector<std::string> measures_of_total() {
  constexpr Span second = std::chrono::seconds{1};
  Directory directory;
  directory.sites = {"site"};
  directory.regions = {"region"};
  directory.edges = {{.name = "edge", .region = 0}};
  directory.demands = {{.name = "demand", .site = 0}};
  directory.codecs = {"codec"};
  CallRecord call;
  call.offered = run_start;
  call.progressed = run_start + second;
  call.answered = run_start + 2 * second;
  call.ended = run_start + 3 * second;
  call.outcome = Outcome::answered;
  call.ending = Ending::normal;
  call.edge = 0;
  call.codecs = 0;
  call.r_factor = 90;
  Attempt attempt;
  attempt.edge = 0;
  attempt.end = AttemptEnd::answered;
  attempt.sent = call.offered;
  Tally tally(directory, run_start, run_start + 10 * second);
  tally.calls(std::array{call});
  tally.attempts(std::array{attempt});
  tally.occupancy(EntityKind::total, 0, {.call_seconds = 1, .observed_s = 10, .max = 1});
  std::vector<std::string> names;
  for (const Measure& measure : summarise(std::array{tally}, directory)) {
    if (measure.entity == "total") names.push_back(measure.name);
  }
  return names;
}

}  // namespace trunklab::cli
