// Hold-down and hunting order: which call goes where, call by call.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::Parts;
using testing::run;
using testing::scenario_of;
using testing::stories;
using testing::story;
using namespace std::chrono_literals;

/// When INVITEs are sent to the first edge, in tenths of a second.
std::vector<int> sent_to_first(const Parts& parts) {
  std::vector<int> sent;
  for (const Attempt& each : run(scenario_of(testing::text_of(parts))).rows.attempt_rows) {
    if (each.edge == 0) sent.push_back(static_cast<int>(std::lround(in_seconds(each.sent) * 10)));
  }
  std::ranges::sort(sent);
  return sent;
}

struct Row {
  const char* hold_down;
  std::vector<int> sent;
  const char* why;
};

/// euc1/1 is dead from 5 s on, no_response 1 s; a call every half second from 10 s up to 40 s.
TEST(HoldDown, CallsThatMeetADeadEdge) {
  const Row table[] = {
      {"{ for: 15s }", {100, 105, 265, 270}, "10 fails at 11, 10.5 at 11.5: out until 26.5; 26.5, 27 fail at 27.5, 28: out until 43"},
      {"{ for: 15s, half_open: true }", {100, 105, 265}, "26.5 is the trial; the others wait; it fails at 27.5: out until 42.5"},
      {"{ for: 10s, half_open: true }", {100, 105, 215, 325}, "trials at 21.5 and 32.5 (out from 22.5 to 32.5)"},
      {"{ for: 15s, trip: { failures: 3, of: 5 } }",
       {100, 105, 110, 115, 270, 275, 280},
       "failures at 11, 11.5, 12: out until 27; the one of 11.5 s fails at 12.5, the first of a new count; 27, 27.5 fail at 28, 28.5: out until "
       "43.5"},
      {"{ for: 5s, on: [503] }", {}, "no response is no cause: every call"},
  };
  for (const Row& row : table) {
    const auto sent =
        sent_to_first({.routing = std::string("target: addresses, regions: [euc1], probe: never, no_response: 1s, hold_down: ") + row.hold_down,
                       .arrivals = "process: deterministic, every: 500ms, offset: 10s",
                       .faults = "{ at: 5s, edge: euc1/1, kind: crash }",
                       .duration = "40s"});
    if (row.sent.empty()) {
      EXPECT_EQ(sent.size(), 60U) << row.why;
    } else {
      EXPECT_EQ(sent, row.sent) << row.hold_down << ": " << row.why;
    }
  }
}

TEST(HoldDown, ATrialThatIsServedOpensTheEdgeForAll) {
  // Repaired at 20: the trial of 26.5 hears 100 at 26.6, but its end tells: 200 at 26.6 (no ringing). So 27 goes there again.
  const auto sent =
      sent_to_first({.routing = "target: addresses, regions: [euc1], probe: never, no_response: 1s, hold_down: { for: 15s, half_open: true }",
                     .arrivals = "process: deterministic, every: 500ms, offset: 10s",
                     .life = "holding: 1s",
                     .faults = "{ at: 5s, for: 15s, edge: euc1/1, kind: crash }",
                     .duration = "29s"});
  EXPECT_EQ(sent, (std::vector<int>{100, 105, 265, 270, 275, 280, 285}));
}

/// The trial's call rings until Timer C and is never answered: ringing is enough to let the others come back.
TEST(HoldDown, ATrialThatRingsIsOver) {
  const auto sent =
      sent_to_first({.routing = "target: addresses, regions: [euc1], probe: never, no_response: 1s, hold_down: { for: 15s, half_open: true }",
                     .arrivals = "process: deterministic, every: 500ms, offset: 10s",
                     .life = "holding: 1s, ring_time: 10min, patience: 20min",
                     .faults = "{ at: 5s, for: 15s, edge: euc1/1, kind: crash }",
                     .duration = "29s"});
  EXPECT_EQ(sent, (std::vector<int>{100, 105, 265, 270, 275, 280, 285}));
}

/// Out for 60 s, less up to half of it.
TEST(HoldDown, JitterShortensItByUpToItsShare) {
  const auto rows = run(scenario_of(testing::text_of({.routing = "target: addresses, regions: [euc1], probe: never, no_response: 1s, "
                                                                 "hold_down: { for: 60s, jitter: 50%, half_open: true }",
                                                      .arrivals = "process: deterministic, every: 100ms, offset: 10s",
                                                      .life = "holding: 1s",
                                                      .faults = "{ at: 5s, edge: euc1/1, kind: crash }",
                                                      .duration = "24h"})))
                        .rows;
  std::vector<Instant> trials;
  for (const Attempt& each : rows.attempt_rows) {
    if (each.edge == 0 && each.sent > run_start + 20s) trials.push_back(each.sent);
  }
  ASSERT_GT(trials.size(), 1500U);
  double sum = 0;
  for (std::size_t i = 1; i < trials.size(); ++i) {
    const Span out = trials[i] - trials[i - 1] - Span(1s);
    ASSERT_GE(out, Span(30s));
    ASSERT_LE(out, Span(60100ms));
    sum += in_seconds(out);
  }
  const auto n = static_cast<double>(trials.size() - 1);
  EXPECT_NEAR(sum / n, 45.05, 4 * 30 / std::sqrt(12 * n));  // uniform on 30..60, rounded up to the next call
}

/// Calls of 10.0 .. 10.3 s fail 0.4 s later, the edge is back at 10.9 s: out until 25.7 s, then over 20 s the share of calls that use it grows
/// from 0 to 1: of the calls k = 1..200 tenths of a second later, k / 200 each.
TEST(HoldDown, CallsReturnLittleByLittle) {
  double halves[2] = {0, 0};
  constexpr int replications = 40;
  const Scenario scenario = scenario_of(testing::text_of({.routing = "target: addresses, regions: [euc1], probe: never, no_response: 400ms, "
                                                                     "hold_down: { for: 15s, return_over: 20s }",
                                                          .arrivals = "process: deterministic, every: 100ms, offset: 10s",
                                                          .life = "holding: 1s",
                                                          .faults = "{ at: 5s, for: 5900ms, edge: euc1/1, kind: crash }",
                                                          .duration = "50s"}));
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    std::vector<Instant> sent;
    for (const Attempt& each : run(scenario, {.replication = replication}).rows.attempt_rows) {
      if (each.edge != 0) continue;
      sent.push_back(each.sent);
      if (each.sent > run_start + 25700ms && each.sent <= run_start + 45700ms) ++halves[each.sent > run_start + 35700ms ? 1 : 0];
    }
    EXPECT_EQ(std::ranges::count_if(sent, [](Instant at) { return at < run_start + 25750ms; }), 4);
    EXPECT_EQ(std::ranges::count_if(sent, [](Instant at) { return at > run_start + 45700ms; }), 42);  // all of 45.8 .. 49.9
  }
  const double expected[2] = {5050.0 / 200, 15050.0 / 200};
  for (const int half : {0, 1}) {
    double variance = 0;
    for (int k = 100 * half + 1; k <= 100 * half + 100; ++k) variance += k / 200.0 * (1 - k / 200.0) * replications;
    EXPECT_NEAR(halves[half], expected[half] * replications, 4 * std::sqrt(variance));
  }
}

TEST(Hunting, ACallThatIsTooOldIsGivenUp) {
  Parts parts{.routing = "target: addresses, regions: [euc1, use1], hold_down: never, probe: never",
              .faults = "{ at: 5s, edges: [euc1/1, euc1/2, use1/1, use1/2], kind: crash }"};
  const std::string two = "10: euc1/1 10 - - no_response 0 @14; euc1/2 14 - - no_response 0 @18";
  EXPECT_EQ(story(parts), two + "; use1/1 18 - - no_response 0 @22; use1/2 22 - - no_response 0 @26 => failed no_response @26");
  parts.routing += ", give_up_after: 5s";
  EXPECT_EQ(story(parts), two + " => failed no_response @18");
  parts.routing = "target: addresses, regions: [euc1, use1], hold_down: never, probe: never, give_up_after: 8s";
  EXPECT_EQ(story(parts), two + " => failed no_response @18");
}

struct Order {
  const char* keys;
  std::vector<std::vector<int>> edges;  ///< of each call, in the order tried
};

/// Four dead edges: euc1/1, euc1/2, use1/1, use1/2 are 0, 1, and those of use1.
TEST(Hunting, TheOrderOfTargets) {
  const Order table[] = {
      {"order: fixed", {{0, 1, 10, 11}, {0, 1, 10, 11}, {0, 1, 10, 11}}},
      {"order: rotate", {{0, 1, 10, 11}, {1, 0, 11, 10}, {0, 1, 10, 11}}},
      {"across: true", {{0, 10, 1, 11}, {0, 10, 1, 11}, {0, 10, 1, 11}}},
      {"across: true, order: rotate", {{0, 10, 1, 11}, {10, 0, 11, 1}, {0, 10, 1, 11}}},
  };
  for (const Order& row : table) {
    const Scenario scenario = scenario_of(testing::text_of(
        {.routing = std::string("target: addresses, regions: [euc1, use1], hold_down: never, probe: never, no_response: 1s, ") + row.keys,
         .arrivals = "process: deterministic, every: 10s, offset: 10s",
         .faults = "{ at: 5s, edges: [euc1/1, euc1/2, use1/1, use1/2], kind: crash }",
         .duration = "39s"}));
    const Directory directory = directory_of(scenario);
    std::map<CallId, std::vector<int>> tried;
    auto attempts = run(scenario).rows.attempt_rows;
    std::ranges::sort(attempts, {}, &Attempt::sent);
    for (const Attempt& each : attempts) {
      const std::string& name = directory.edges[each.edge].name;
      tried[each.call].push_back((name.starts_with("use1") ? 10 : 0) + name.back() - '1');
    }
    std::vector<std::vector<int>> edges;
    for (const auto& [id, list] : tried) edges.push_back(list);
    EXPECT_EQ(edges, row.edges) << row.keys;
  }
}

TEST(Hunting, RandomOrderSharesTheLoadAndTriesEveryTargetOnce) {
  const auto rows = run(scenario_of(testing::text_of({.routing = "target: addresses, regions: [euc1], hold_down: never, probe: never, order: random",
                                                      .arrivals = "process: poisson, rate: 5/s",
                                                      .life = "holding: 1s",
                                                      .faults = "{ at: 1h, edges: [euc1/1, euc1/2], kind: drain }",
                                                      .duration = "2h"})))
                        .rows;
  double first = 0;
  double all = 0;
  std::map<CallId, std::set<int>> tried;
  for (const Attempt& each : rows.attempt_rows) {
    EXPECT_TRUE(tried[each.call].insert(each.edge).second);
    if (each.number != 0) continue;
    ++all;
    first += each.edge == 0 ? 1 : 0;
  }
  EXPECT_GT(all, 30000);
  EXPECT_NEAR(first, all / 2, 4 * std::sqrt(all / 4));
  for (const CallRecord& call : rows.call_rows) {
    const bool hunts = call.offered > run_start + 1h && call.ended != never;
    if (hunts) {
      EXPECT_EQ(tried[call.id].size(), 2U);
    }
  }
}

}  // namespace
}  // namespace trunklab
