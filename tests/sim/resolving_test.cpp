// Names: which addresses an answer holds, how long it is used, by whom, and what becomes of calls when names are not served as they should be.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/names.hpp"
#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::Parts;
using testing::run;
using testing::scenario_of;
using testing::stories;
using testing::stories_of;
using testing::story;
using namespace std::chrono_literals;

const std::string by_name = "target: fqdn, regions: [euc1], hold_down: never, probe: never";

struct Fault {
  const char* why;
  const char* routing;
  const char* fault;
  const char* expected;
};

TEST(Resolving, ACallMeetsANameServerInTrouble) {
  const Fault table[] = {
      {"no answer: given up after 5 s", "", "at: 5s, effect: no-answer", "10: => failed name_not_resolved @15"},
      {"no answer: given up after 2 s", ", resolver_timeout: 2s", "at: 5s, effect: no-answer", "10: => failed name_not_resolved @12"},
      {"no name server of one region, then the next region", ", regions: [euc1, use1]", "at: 5s, region: euc1, effect: no-answer",
       "10: use1/1 15 15 17 answered 200 @21 => answered normal @41"},
      {"SERVFAIL: at once", "", "at: 5s, effect: servfail", "10: => failed name_not_resolved @10"},
      {"slow by 2 s", "", "at: 5s, effect: slow, delay: 2s", "10: euc1/1 12 12.1 14.1 answered 200 @18.1 => answered normal @38.1"},
      {"slower than it is waited for", "", "at: 5s, effect: slow, delay: 5s", "10: => failed name_not_resolved @15"},
      {"frozen: as it was", "", "at: 5s, effect: frozen", "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered normal @36.1"},
      {"another region's", "", "at: 5s, region: use1, effect: no-answer", "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered normal @36.1"},
  };
  for (const Fault& row : table) {
    std::string routing = by_name + row.routing;
    if (std::string(row.routing).starts_with(", regions")) routing = "target: fqdn, regions: [euc1, use1], hold_down: never, probe: never";
    EXPECT_EQ(story({.routing = routing, .faults = std::string("{ kind: dns, ") + row.fault + " }"}), row.expected) << row.why;
  }
}

/// A caller who gives up while the name is resolved has not tried anything.
TEST(Resolving, ACallerDoesNotWaitForEver) {
  EXPECT_EQ(story({.routing = by_name, .demand = "patience: 3s", .faults = "{ at: 5s, kind: dns, effect: no-answer }"}), "10: => abandoned @13");
}

struct Cached {
  const char* why;
  const char* service;
  const char* routing;
  const char* faults;
  std::vector<int> failed;  ///< calls dialled at 5, 15, 25, .., 95 s that fail
};

/// One call every 10 s from 5 s on; something is wrong with the name from 20 s to 50 s.
TEST(Resolving, HowLongAnAnswerIsUsed) {
  const char* const servfail = "{ at: 20s, for: 30s, kind: dns, effect: servfail }";
  const Cached table[] = {
      {"60 s: 5 .. 65", "names: { ttl: 60s }", "", servfail, {}},
      {"35 s: expires at 40; SERVFAIL at 45 holds for 30 s", "names: { ttl: 35s }", "", servfail, {45, 55, 65}},
      {"the same, remembered for 8 s only", "names: { ttl: 35s, negative_ttl: 8s }", "", servfail, {45}},
      {"ttl: exactly over at 25", "names: { ttl: 20s, negative_ttl: 8s }", "", servfail, {25, 35, 45}},
      {"the client's own least", "names: { ttl: 1s, negative_ttl: 8s }", ", ttl_min: 35s", servfail, {45}},
      {"the client's own most", "names: { ttl: 1h, negative_ttl: 8s }", ", ttl_max: 12s", servfail, {25, 35, 45}},
      {"resolved once", "names: { ttl: 1s }", ", cache: forever", servfail, {}},
      {"resolved at the start", "names: { ttl: 1s }", ", cache: start", "{ at: 2s, kind: dns, effect: servfail }", {}},
      {"resolved at the first call", "names: { ttl: 1s }", ", cache: forever", "{ at: 2s, for: 20s, kind: dns, effect: servfail }", {5, 15, 25}},
  };
  for (const Cached& row : table) {
    SCOPED_TRACE(row.why);
    const auto rows = run(scenario_of(testing::text_of({.service = row.service,
                                                        .routing = by_name + row.routing,
                                                        .arrivals = "process: deterministic, every: 10s, offset: 5s",
                                                        .faults = row.faults,
                                                        .duration = "99s"})))
                          .rows;
    std::vector<int> failed;
    for (const CallRecord& call : rows.call_rows) {
      if (call.reason == Reason::name_not_resolved) failed.push_back(static_cast<int>(in_seconds(call.offered)));
    }
    std::ranges::sort(failed);
    EXPECT_EQ(failed, row.failed);
  }
}

/// Both edges are dead from 20 s on, and the name's check knows by 43 s: what an answer then holds.
TEST(Resolving, AllSickIsAnsweredWithAllOrNone) {
  for (const bool none : {false, true}) {
    const auto calls =
        stories({.service = std::string("names: { ttl: 1s, negative_ttl: 5s, check: { every: 5s, timeout: 2s, fail_after: 1 }, all_sick: ") +
                            (none ? "answer_none" : "answer_all") + " }",
                 .routing = by_name,
                 .arrivals = "process: deterministic, every: 40s, offset: 10s",
                 .faults = "{ at: 20s, edges: [euc1/1, euc1/2], kind: crash }",
                 .duration = "89s"});
    ASSERT_EQ(calls.size(), 2U);
    EXPECT_EQ(calls[1], none ? "50: => failed name_not_resolved @50" : "50: euc1/1 50 - - no_response 0 @54 => failed no_response @54");
  }
}

TEST(Resolving, FrozenAnswersKeepAnEdgeThatHasDied) {
  // Without the fault the name leaves euc1/1 out from 27 s at the latest.
  for (const bool frozen : {false, true}) {
    const auto calls =
        stories({.service = "names: { ttl: 1s, check: { every: 5s, timeout: 2s, fail_after: 1 } }",
                 .routing = by_name,
                 .arrivals = "process: deterministic, every: 1000s, offset: 50s",
                 .faults = std::string("{ at: 20s, edge: euc1/1, kind: crash }") + (frozen ? ", { at: 15s, kind: dns, effect: frozen }" : ""),
                 .duration = "89s"});
    EXPECT_EQ(calls[0], frozen ? "50: euc1/1 50 - - no_response 0 @54 => failed no_response @54"
                               : "50: euc1/2 50 50.1 52.1 answered 200 @56.1 => answered normal @76.1");
  }
}

struct Choice {
  const char* names;
  const char* routing;
  std::vector<int> edges;  ///< where the calls of 5, 15, .. 75 s go
};

/// TTL 25 s: resolved at 5, 35, 65 s.
TEST(Resolving, WhichAddressStandsFirst) {
  const Choice table[] = {
      {"answer: one", "", {0, 0, 0, 0, 0, 0, 0, 0}},
      {"answer: one, order: rotate", "", {0, 0, 0, 1, 1, 1, 0, 0}},
      {"answer: all, order: rotate", "", {0, 0, 0, 1, 1, 1, 0, 0}},
      {"answer: all, order: rotate", ", choice: call", {0, 0, 0, 1, 1, 1, 0, 0}},  // the client takes the server's order
      {"answer: all", ", choice: call, order: rotate", {0, 1, 0, 1, 0, 1, 0, 1}},
      {"answer: all", ", choice: resolution, order: rotate", {0, 0, 0, 1, 1, 1, 0, 0}},
      {"answer: one", ", choice: call, order: rotate", {0, 0, 0, 0, 0, 0, 0, 0}},
  };
  for (const Choice& row : table) {
    const auto rows = run(scenario_of(testing::text_of({.service = std::string("names: { ttl: 25s, ") + row.names + " }",
                                                        .routing = by_name + row.routing,
                                                        .arrivals = "process: deterministic, every: 10s, offset: 5s",
                                                        .duration = "79s"})))
                          .rows;
    std::vector<int> edges;
    for (const auto& [id, call] : rows.by_id()) edges.push_back(call.edge);
    EXPECT_EQ(edges, row.edges) << row.names << row.routing;
  }
}

/// A connection outlives the answer: calls stay on it until it breaks.
TEST(Resolving, OverTcpAConnectionMayKeepItsAddress) {
  for (const bool sticks : {false, true}) {
    const auto rows = run(scenario_of(testing::text_of({.service = "names: { ttl: 5s, order: rotate }",
                                                        .site = "transport: tcp",
                                                        .routing = by_name + ", choice: " + (sticks ? "connection" : "resolution"),
                                                        .arrivals = "process: deterministic, every: 10s, offset: 5s",
                                                        .faults = "{ at: 42s, for: 1s, edge: euc1/1, kind: crash, mode: process }",
                                                        .duration = "79s"})))
                          .rows;
    std::vector<int> edges;
    for (const auto& [id, call] : rows.by_id()) edges.push_back(call.edge);
    // The process dies at 42 s: at 45 s the name is resolved anew, the second answer.
    EXPECT_EQ(edges, sticks ? (std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1}) : (std::vector<int>{0, 1, 0, 1, 0, 1, 0, 1}));
  }
}

/// Two sites behind one resolver live with one answer; with resolvers of their own each has its own.
TEST(Resolving, ASharedResolverExpiresForAllAtOnce) {
  for (const bool shared : {false, true}) {
    const std::string resolver = shared ? ", resolver: r" : "";
    const Scenario scenario = scenario_of(R"(
horizon: { duration: 99s }
warmup: 0s
service: { preset: sinch, names: { ttl: 30s, order: rotate } }
sites:
  a: { routing: { target: fqdn, regions: [euc1], hold_down: never, probe: never)" +
                                          resolver + R"( } }
  b: { routing: { target: fqdn, regions: [euc1], hold_down: never, probe: never)" +
                                          resolver + R"( } }
demand:
  from_a: { site: a, arrivals: { process: deterministic, every: 20s, offset: 10s }, holding: 1s }
  from_b: { site: b, arrivals: { process: deterministic, every: 20s, offset: 15s }, holding: 1s }
)");
    std::vector<CallRecord> calls = run(scenario).rows.call_rows;
    std::ranges::sort(calls, {}, &CallRecord::offered);
    std::vector<int> edges;
    for (const CallRecord& call : calls) edges.push_back(call.edge);
    // Shared: asked at 10, 50, 90. Apart: a at 10, 50, 90, b at 15, 55, 95: answers 1, 3, 5 are a's.
    EXPECT_EQ(edges, shared ? (std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1, 0, 0}) : (std::vector<int>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1}));
  }
}

/// The rule itself: all subsets of three addresses that are healthy.
TEST(NameAnswerRule, HoldsOnlyHealthyAddressesAndOneAtLeast) {
  for (const auto order : {TargetOrder::fixed, TargetOrder::rotate, TargetOrder::random}) {
    for (const auto answer : {NameSpec::Answer::one, NameSpec::Answer::all}) {
      for (const auto all_sick : {NameSpec::AllSick::answer_all, NameSpec::AllSick::answer_none}) {
        for (unsigned healthy = 0; healthy < 8; ++healthy) {
          for (std::uint64_t turn = 0; turn < 6; ++turn) {
            const NameSpec name{.answer = answer, .order = order, .all_sick = all_sick};
            const NameAnswer given = name_answer(name, 3, static_cast<TargetSet>(healthy), turn);
            const unsigned able = healthy != 0 ? healthy : all_sick == NameSpec::AllSick::answer_all ? 7U : 0U;
            EXPECT_EQ(given.set == 0, able == 0);
            EXPECT_EQ(given.set & ~able, 0U);
            if (able == 0) continue;
            EXPECT_TRUE(given.set >> given.first & 1U);
            if (answer == NameSpec::Answer::all) {
              EXPECT_EQ(given.set, able);
            } else {
              EXPECT_EQ(given.set, 1U << given.first);
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace trunklab
