// A run of trunklab as `simulate --cdr none` does it, with the time of its second half taken.
#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/measures/tally.hpp"
#include "scenarios/reader.hpp"
#include "sim/run.hpp"
#include "sim/study.hpp"
#include "tests/bench/loss_system.hpp"

namespace trunklab::bench {

/// Records go to the tally and nowhere else.
class CountingSink : public RunSink {
 public:
  explicit CountingSink(const Scenario& scenario)
      : tally_(directory_of(scenario), run_start, run_start + scenario.horizon.duration, batch_length(scenario, 1)) {}

  void begin_replication(std::uint32_t /*replication*/) override {}
  void calls(std::span<const CallRecord> rows) override { tally_.calls(rows); }
  void attempts(std::span<const Attempt> rows) override { tally_.attempts(rows); }
  void events(std::span<const RunEvent> /*rows*/) override {}
  void samples(std::span<const Sample> /*rows*/) override {}
  [[nodiscard]] Counts counts() const { return tally_.counts(EntityKind::total, 0); }

 private:
  Tally tally_;
};

struct TimedRun {
  RunEnd end;
  Counts counts;
  std::uint64_t timed_calls = 0;
  double seconds = 0;
};

/// A scenario's horizon for so many timed seconds: a little longer, so that writing out the calls in progress is not timed.
inline double horizon_s(double timed_s) {
  return std::ceil(timed_s * 1.05);
}

inline Scenario scenario_of(const std::string& text) {
  auto scenario = parse_scenario(text, "bench.yaml");
  if (!scenario) throw std::logic_error(scenario.problems().front().text());
  return std::move(scenario).value();
}

/// Times the second half of the first `timed_s` seconds. They must end before the horizon.
inline TimedRun run_timed(const Scenario& scenario, double timed_s) {
  CountingSink sink(scenario);
  std::vector<std::pair<std::uint64_t, double>> marks;
  RunOptions options;
  options.heartbeat = from_seconds(timed_s / 2);
  options.on_heartbeat = [&marks](Instant /*now*/, std::uint64_t offered) { marks.emplace_back(offered, processor_seconds()); };
  auto end = run_once(scenario, options, sink);
  if (!end) throw std::logic_error(end.problems().front().text());
  return {.end = std::move(end).value(),
          .counts = sink.counts(),
          .timed_calls = marks.at(1).first - marks.at(0).first,
          .seconds = marks.at(1).second - marks.at(0).second};
}

}  // namespace trunklab::bench
