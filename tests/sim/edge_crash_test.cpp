// A silent edge, group by group: new calls, calls in set-up, talking calls; each against what a person works out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::ledger_of;
using testing::MemorySink;
using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

/// One way 50 ms; 18x 2 s after the INVITE, 200 another 4 s later; 20 s of talk; the caller waits for 30 s. euc1/1 is silent from 40 s to 80 s.
const std::string by_hand = R"(
horizon: { duration: 300s }
warmup: 0s
sites:
  pbx:
    rtt: { euc1: 100ms }
    routing: { target: addresses, regions: [euc1], probe: never, hold_down: never }
demand:
  steady: { arrivals: { process: deterministic, every: 10s, offset: 5s }, holding: 20s, post_dial_delay: 2s, ring_time: 4s, patience: 30s, caller_hangs_up: 100% }
  callee: { arrivals: { process: deterministic, every: 9s, offset: 12s }, holding: 20s, post_dial_delay: 2s, ring_time: 4s, patience: 30s, caller_hangs_up: 0% }
  single: { arrivals: { process: deterministic, every: 39s, offset: 39s }, holding: 20s, post_dial_delay: 2s, ring_time: 4s, patience: 30s, caller_hangs_up: 100% }
faults:
  - { at: 40s, for: 40s, edge: euc1/1, kind: crash }
)";

struct Row {
  const char* demand;
  int dialled_ms;
  Outcome outcome;
  Ending ending;
  int answered_ms;  ///< -1: never
  int ended_ms;
  int stuck_site_ms;
  int stuck_carrier_ms;
  int attempts;
  const char* why;
};

Instant at_ms(int ms) {
  return ms < 0 ? never : run_start + std::chrono::milliseconds{ms};
}

TEST(EdgeCrash, ADozenCallsEndAsWorkedOutByHand) {
  const Scenario scenario = scenario_of(by_hand);
  const auto rows = run(scenario).rows;
  using enum Outcome;
  constexpr auto normal = Ending::normal;
  const Row table[] = {
      {"steady", 5000, answered, normal, 11100, 31100, 0, 0, 1, "over before the crash"},
      {"steady", 15000, answered, Ending::orphaned, 21100, 41100, 0, 60000, 1,
       "BYE at 41.1 and its repetitions up to 72.6 meet silence; media time-out after 60 s"},
      {"steady", 25000, answered, normal, 31100, 51100, 0, 31550, 1, "the BYE's last repetition, 31.5 s after the hang-up, passes the edge at 82.65"},
      {"steady", 35000, lost_in_setup, Ending::none, -1, 65000, 0, 0, 1, "rang at 37.1, its 200 at 41.05 is lost, the caller gives up after 30 s"},
      {"steady", 45000, answered, normal, 55100, 75100, 0, 0, 2, "4 s of silence, then the other edge"},
      {"steady", 55000, answered, normal, 65100, 85100, 0, 0, 2, "4 s of silence, then the other edge"},
      {"steady", 75000, answered, normal, 85100, 105100, 0, 0, 2, "its INVITEs reach the edge up to 78.55, before the repair"},
      {"steady", 85000, answered, normal, 91100, 111100, 0, 0, 1, "after the repair"},
      {"callee", 12000, answered, normal, 18100, 38050, 0, 0, 1, "the callee hangs up before the crash"},
      {"callee", 21000, answered, Ending::orphaned, 27100, 47050, 60000, 0, 1,
       "the callee's BYE is repeated up to 78.55, in vain: the site's channel is stuck"},
      {"callee", 30000, answered, normal, 36100, 56050, 27550, 0, 1, "the callee's BYE gets through at 83.55, 27.5 s after the hang-up"},
      {"callee", 39000, lost_in_setup, Ending::none, -1, 69000, 0, 0, 1, "accepted at 39.05, but its 18x at 41.05 and its 200 are lost"},
      {"single", 39000, lost_in_setup, Ending::none, -1, 69000, 0, 0, 1, "the same"},
      {"single", 78000, answered, normal, 87600, 107600, 0, 0, 1, "the INVITE sent again after 3.5 s finds the edge repaired: no hunting"},
  };
  std::map<std::pair<std::string, Instant>, CallRecord> calls;
  for (const CallRecord& call : rows.call_rows) calls.emplace(std::pair(scenario.demands[call.id.demand].name, call.offered), call);
  for (const Row& row : table) {
    SCOPED_TRACE(std::string(row.demand) + " " + std::to_string(row.dialled_ms) + " ms: " + row.why);
    const CallRecord& call = calls.at({row.demand, at_ms(row.dialled_ms)});
    EXPECT_EQ(call.outcome, row.outcome);
    EXPECT_EQ(call.ending, row.ending);
    EXPECT_EQ(call.answered, at_ms(row.answered_ms));
    EXPECT_EQ(call.ended, at_ms(row.ended_ms));
    EXPECT_EQ(call.stuck_site, std::chrono::milliseconds{row.stuck_site_ms});
    EXPECT_EQ(call.stuck_carrier, std::chrono::milliseconds{row.stuck_carrier_ms});
    EXPECT_EQ(call.attempts, row.attempts);
  }
  testing::expect_golden("edge_crash.txt", ledger_of(scenario, rows));
}

TEST(EdgeCrash, EveryNewCallIsSetUpExactlyNoResponseLaterThanItsTwin) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 2h }
seed: 3
sites:
  pbx: { rtt: { euc1: 30ms }, routing: { target: addresses, regions: [euc1], probe: never, hold_down: never, no_response: 4s } }
demand:
  d: { arrivals: { process: poisson, rate: 2/s }, holding: { distribution: exponential, mean: 60s }, post_dial_delay: { distribution: gamma, mean: 2s, cv: 0.5 },
       ring_time: { distribution: exponential, mean: 5s }, patience: 10min }
faults:
  - { at: 1h, edge: euc1/1, kind: crash }
)");
  const auto disturbed = run(scenario).rows.by_id();
  const auto twins = run(scenario, {.with_faults = false}).rows.by_id();
  ASSERT_EQ(disturbed.size(), twins.size());
  const Instant crash = run_start + 1h;
  std::size_t compared = 0;
  for (const auto& [id, call] : disturbed) {
    const Instant invite_passes = call.offered + 15ms;
    if (invite_passes <= crash || call.answered == never) continue;
    ASSERT_EQ(call.answered - twins.at(id).answered, Span(4s));
    ASSERT_EQ(call.progressed - twins.at(id).progressed, Span(4s));
    ++compared;
  }
  EXPECT_GT(compared, 7000U);
}

TEST(EdgeCrash, OrphansAreThoseWhoHangUpDuringTheOutageLessTheLastRepetitionsReach) {
  // N calls talk at the crash; each hangs up within the outage D with 1 - e^(-D/h); a BYE first sent in the last 31.5 s of it gets through.
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 3h }
sites:
  pbx: { routing: { target: addresses, regions: [euc1], probe: never, hold_down: never } }
demand:
  d: { arrivals: { process: poisson, rate: 20/s }, holding: { distribution: exponential, mean: 180s } }
faults:
  - { at: 1h, for: 240s, edge: euc1/1, kind: crash }
)");
  double talking = 0;
  double orphans = 0;
  for (std::uint32_t replication = 0; replication < 10; ++replication) {
    const auto rows = run(scenario, {.replication = replication}).rows;
    for (const CallRecord& call : rows.call_rows) {
      const Instant crash = run_start + 1h;
      if (call.answered <= crash && (call.ended == never || call.ended > crash)) ++talking;
      if (call.ending != Ending::orphaned) continue;
      ++orphans;
      EXPECT_GT(call.ended, crash);
      EXPECT_LT(call.ended, crash + 240s - 31500ms);
    }
  }
  const double p = 1 - std::exp(-(240 - 31.5) / 180);
  EXPECT_GT(talking, 30000);
  EXPECT_NEAR(orphans, talking * p, 4 * std::sqrt(talking * p * (1 - p)));
}

/// The INVITE needs a connection: its SYN is sent again after 1 s and after 3 s, which is after the repair.
TEST(EdgeCrash, OverTcpTheSynIsSentAgain) {
  const std::string text = R"(
horizon: { duration: 300s }
warmup: 0s
sites:
  pbx: { transport: tcp, routing: { target: addresses, regions: [euc1], probe: never, hold_down: never } }
demand:
  d: { arrivals: { process: deterministic, every: 1000s, offset: 78s }, holding: 20s, caller_hangs_up: 100% }
faults:
  - { at: 40s, for: 40s, edge: euc1/1, kind: crash }
)";
  const auto rows = run(scenario_of(text)).rows;
  ASSERT_EQ(rows.call_rows.size(), 1U);
  EXPECT_EQ(rows.call_rows[0].attempts, 1);
  EXPECT_EQ(rows.call_rows[0].answered, run_start + 81s);
}

TEST(EdgeCrash, WithOneAddressOnlyEveryNewCallFails) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 600s }
warmup: 0s
sites:
  pbx: { routing: { target: single-address, edge: euc1/1 } }
demand:
  d: { arrivals: { process: deterministic, every: 10s, offset: 1s }, holding: 5s }
faults:
  - { at: 100s, for: 100s, edge: euc1/1, kind: crash }
)");
  for (const CallRecord& call : run(scenario).rows.call_rows) {
    const bool dead = call.offered > run_start + 100s && call.offered < run_start + 196s;
    EXPECT_EQ(call.outcome, dead ? Outcome::failed : Outcome::answered) << in_seconds(call.offered);
    if (dead) {
      EXPECT_EQ(call.reason, Reason::no_response);
      EXPECT_EQ(call.ended - call.offered, Span(4s));
    }
  }
}

}  // namespace
}  // namespace trunklab
