// The two planes together: call events wake the control plane at their exact instant, and every actor of it matters.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/record/words.hpp"
#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::ledger_of;
using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

const std::string capped = R"(
service: { preset: sinch, caps: [ { scope: account, sessions: 50 } ] }
horizon: { duration: 20min }
warmup: 0s
sites:
  pbx: { routing: { target: addresses, regions: [euc1] } }
demand:
  d: { arrivals: { process: poisson, rate: 30/min }, holding: { distribution: exponential, mean: 80s } }
)";

/// Instants at which the number of sessions reaches `alarm`, having been at most `calm` since the time before; from the calls alone.
std::vector<Instant> crossings(const std::vector<CallRecord>& calls, std::uint32_t alarm, std::uint32_t calm) {
  std::vector<std::pair<Instant, int>> changes;
  for (const CallRecord& call : calls) {
    if (call.answered == never) continue;
    changes.emplace_back(call.answered, +1);
    if (call.ended != never) changes.emplace_back(call.ended, -1);
  }
  std::ranges::sort(changes);
  std::vector<Instant> crossings;
  std::uint32_t sessions = 0;
  bool armed = true;
  for (const auto& [at, change] : changes) {
    sessions = change > 0 ? sessions + 1 : sessions - 1;
    if (armed && sessions >= alarm) {
      armed = false;
      crossings.push_back(at);
    } else if (!armed && sessions <= calm) {
      armed = true;
    }
  }
  return crossings;
}

std::vector<Instant> triggers(const std::vector<RunEvent>& events) {
  std::vector<Instant> at;
  for (const RunEvent& event : events) {
    if (event.kind == EventKind::trigger) at.push_back(event.at);
  }
  return at;
}

TEST(Coupling, ASessionCapAtEightyPercentWakesItsActorAtTheCrossingInstantToTheTick) {
  const Scenario scenario = scenario_of(capped);
  EXPECT_EQ(alarm_level(50), 40U);
  EXPECT_EQ(calm_level(50), 35U);
  const auto rows = run(scenario).rows;
  EXPECT_EQ(triggers(rows.event_rows), crossings(rows.call_rows, 40, 35));
  EXPECT_GE(triggers(rows.event_rows).size(), 3U);
}

TEST(Coupling, ControlEventsTenSecondsOrOneMillisecondApartGiveTheSameLedger) {
  const Scenario scenario = scenario_of(capped);
  const auto rare = run(scenario, {.heartbeat = 10s});
  const auto often = run(scenario, {.heartbeat = 1ms});
  EXPECT_TRUE(rare.rows == often.rows);
  EXPECT_EQ(ledger_of(scenario, rare.rows), ledger_of(scenario, often.rows));
}

TEST(Coupling, TheHeartbeatSeesWholeMultiplesOfItsInterval) {
  std::vector<Instant> seen;
  const auto on_heartbeat = [&](Instant now, std::uint64_t) { seen.push_back(now); };
  run(scenario_of(capped), {.heartbeat = 7ms, .on_heartbeat = on_heartbeat});
  ASSERT_GT(seen.size(), 100'000U);
  for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], run_start + 7ms * static_cast<int>(i + 1));
}

/// One call every 10 s over addresses and one over a name; one edge dies; a cap fills up.
const std::string whole = R"(
service: { preset: sinch, names: { ttl: 5s, check: { every: 5s, timeout: 1s, fail_after: 2 } }, caps: [ { scope: region, sessions: 5 } ] }
horizon: { duration: 150s }
warmup: 0s
sites:
  direct: { rtt: { euc1: 20ms }, routing: { target: addresses, regions: [euc1], hold_down: never, probe: { every: 10s, timeout: 2s, fail_after: 2 } } }
  by-name: { rtt: { euc1: 20ms }, routing: { target: fqdn, regions: [euc1], hold_down: never, probe: never } }
demand:
  d: { site: direct, arrivals: { process: deterministic, every: 10s, offset: 3s }, holding: 15s, ring_time: 1s }
  n: { site: by-name, arrivals: { process: deterministic, every: 10s, offset: 7s }, holding: 15s, ring_time: 1s }
faults:
  - { at: 42s, for: 60s, edge: euc1/1, kind: crash }
)";

TEST(Coupling, RemovingAnyOneActorChangesTheGoldenLedger) {
  const Scenario scenario = scenario_of(whole);
  const std::string all = ledger_of(scenario, run(scenario).rows);
  testing::expect_golden("control_plane.txt", all);
  for (const Role role : {Role::fault_injector, Role::health_check, Role::prober, Role::cap_watch}) {
    EXPECT_NE(ledger_of(scenario, run(scenario, {.left_out = {role}}).rows), all) << "role " << static_cast<int>(role);
  }
}

TEST(Coupling, WhatAnActorThrowsEndsTheRunCleanlyAndTheNextRunIsSound) {
  const Scenario scenario = scenario_of(capped);
  const auto before = run(scenario).rows;
  const auto on_heartbeat = [](Instant now, std::uint64_t) {
    if (now >= run_start + 5min) throw std::runtime_error("thrown in an actor");
  };
  EXPECT_THROW(run(scenario, {.heartbeat = 1s, .on_heartbeat = on_heartbeat}), std::runtime_error);
  EXPECT_TRUE(run(scenario).rows == before);
}

struct FullDisk : testing::MemorySink {
  void calls(std::span<const CallRecord>) override { throw std::runtime_error("writing calls: disk full"); }
};

TEST(Coupling, WhatTheSinkThrowsEndsTheRunCleanlyAndTheNextRunIsSound) {
  Scenario scenario = scenario_of(capped);
  scenario.horizon.duration = 10h;
  FullDisk sink;
  EXPECT_THROW(static_cast<void>(run_once(scenario, {}, sink)), std::runtime_error);
  EXPECT_TRUE(run(scenario).rows == run(scenario).rows);
}

TEST(Coupling, ARunThatWouldBlurTheClockIsRefused) {
  Scenario scenario = scenario_of(capped);
  scenario.horizon.duration = std::chrono::years{140};
  EXPECT_THROW(run(scenario), std::runtime_error);
  scenario.horizon.duration = 20min;
  EXPECT_TRUE(run(scenario).end.complete);
}

TEST(Coupling, AStopInTheMiddleLeavesRecordsUpToThere) {
  Scenario scenario = scenario_of(capped);
  scenario.horizon.duration = 1000h;
  std::atomic<bool> stop{false};
  const auto on_heartbeat = [&](Instant now, std::uint64_t) { stop = now >= run_start + 100h; };
  const auto ran = run(scenario, {.stop = &stop, .heartbeat = 1h, .on_heartbeat = on_heartbeat});
  EXPECT_FALSE(ran.end.complete);
  EXPECT_GE(ran.end.reached, run_start + 100h);
  EXPECT_LT(ran.end.reached, run_start + 101h);
  EXPECT_EQ(ran.rows.call_rows.size(), ran.end.offered);
}

}  // namespace
}  // namespace trunklab
