// Probing and hold-down: when a dead edge is noticed, and how many calls it slows down until then.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

std::optional<Instant> first(const std::vector<RunEvent>& events, EventKind kind) {
  for (const RunEvent& event : events) {
    if (event.kind == kind) return event.at;
  }
  return std::nullopt;
}

TEST(Prober, MarksTheEdgeDownAtPhasePlusKMinusOneIntervalsPlusTimeoutLessTheWayOut) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 1h }
sites:
  pbx: { rtt: { euc1: 40ms }, routing: { target: addresses, regions: [euc1], hold_down: never, probe: { every: 30s, timeout: 3s, fail_after: 3 } } }
demand:
  d: { arrivals: { process: poisson, rate: 1/min }, holding: 10s }
faults:
  - { at: 10min, for: 20min, edge: euc1/1, kind: crash }
)");
  constexpr std::uint32_t replications = 200;
  const Instant crash = run_start + 10min;
  const Span every = 30s;
  double sum_s = 0;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    const Instant arrival = run_start + probe_phase(scenario, replication, 0, 0) + 20ms;  // of the first probe at the edge
    const Span phase = every - (crash - arrival) % every;                                 // crash -> first probe that meets silence
    const auto ran = run(scenario, {.replication = replication});
    const auto down = first(ran.rows.event_rows, EventKind::probe_down);
    ASSERT_TRUE(down);
    EXPECT_EQ(*down, crash + phase + 2 * every + Span(3s) - Span(20ms)) << "replication " << replication;
    // The first transmission that passes the repaired edge is answered one way back later.
    const auto up = first(ran.rows.event_rows, EventKind::probe_up);
    ASSERT_TRUE(up);
    EXPECT_LE(*up, run_start + 30min + every + 40ms);
    sum_s += in_seconds(*down - crash);
  }
  // Uniform phase: mean (k - 1/2) I + time-out - way out.
  EXPECT_NEAR(sum_s / replications, 75 + 3 - 0.02, 4 * 30 / std::sqrt(12.0 * replications));
}

TEST(Prober, ARepetitionOfTheProbeFindsTheRepairedEdge) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 1h }
sites:
  pbx: { rtt: { euc1: 40ms }, routing: { target: addresses, regions: [euc1], probe: { every: 30s, timeout: 3s, fail_after: 1 } } }
demand:
  d: { arrivals: { process: poisson, rate: 1/min }, holding: 10s }
faults:
  - { at: 10min, for: 20min, edge: euc1/1, kind: crash }
)");
  const Instant repair = run_start + 30min;
  for (std::uint32_t replication = 0; replication < 100; ++replication) {
    // All transmissions of probes: n * 30 s + {0, 0.5, 1.5} s after the phase; the first that passes after the repair.
    Instant expected = never;
    for (Instant sent = run_start + probe_phase(scenario, replication, 0, 0); sent < repair + 60s; sent += 30s) {
      for (const Span offset : {Span(0s), Span(500ms), Span(1500ms)}) {
        if (sent + offset + 20ms > repair) expected = std::min(expected, sent + offset + 40ms);
      }
    }
    EXPECT_EQ(first(run(scenario, {.replication = replication}).rows.event_rows, EventKind::probe_up), expected) << replication;
  }
}

TEST(Prober, CallsGoToTheOtherEdgeAtOnceWhileTheFirstIsMarkedDown) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 1h }
sites:
  pbx: { routing: { target: addresses, regions: [euc1], hold_down: never } }
demand:
  d: { arrivals: { process: poisson, rate: 1/s }, holding: 10s }
faults:
  - { at: 10min, for: 20min, edge: euc1/1, kind: crash }
)");
  const auto rows = run(scenario).rows;
  const Instant down = *first(rows.event_rows, EventKind::probe_down);
  const Instant up = *first(rows.event_rows, EventKind::probe_up);
  for (const CallRecord& call : rows.call_rows) {
    if (call.offered <= down || call.offered > up) continue;
    ASSERT_EQ(call.attempts, 1);
    ASSERT_EQ(call.edge, 1);
  }
}

TEST(HoldDown, EachCycleExposesOneCallAndAPoissonNumberMore) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 24h }
sites:
  pbx: { routing: { target: addresses, regions: [euc1], probe: never, hold_down: 60s, no_response: 4s } }
demand:
  d: { arrivals: { process: poisson, rate: 2/s }, holding: 1s }
faults:
  - { at: 1min, edge: euc1/1, kind: crash }
)");
  std::vector<Instant> slow;
  for (const CallRecord& call : run(scenario).rows.call_rows) {
    if (call.attempts == 2) slow.push_back(call.offered);
  }
  std::ranges::sort(slow);
  std::vector<double> more_in_cycle;
  Instant cycle = slow.front() - 1h;
  for (const Instant at : slow) {
    if (at - cycle >= 4s) {
      if (cycle >= slow.front()) {
        EXPECT_GE(at - cycle, Span(64s));  // the edge is left out for hold_down after the time-out
      }
      cycle = at;
      more_in_cycle.push_back(0);
    } else {
      ++more_in_cycle.back();
    }
  }
  const auto cycles = static_cast<double>(more_in_cycle.size());
  double mean = 0;
  for (const double n : more_in_cycle) mean += n / cycles;
  double variance = 0;
  for (const double n : more_in_cycle) variance += (n - mean) * (n - mean) / (cycles - 1);
  constexpr double expected = 2 * 4;  // rate x no_response
  EXPECT_GT(cycles, 1000);
  EXPECT_NEAR(mean, expected, 4 * std::sqrt(expected / cycles));
  EXPECT_NEAR(variance / mean, 1, 4 * std::sqrt(2 / cycles));  // index of dispersion of a Poisson sample
}

}  // namespace
}  // namespace trunklab
