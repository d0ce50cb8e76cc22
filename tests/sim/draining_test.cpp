// Planned maintenance: a draining edge refuses new calls, keeps the others, and says so to probes.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::Parts;
using testing::run;
using testing::scenario_of;
using testing::stories;
using testing::story;

TEST(Draining, NewCallsAreRefusedAndCallsInProgressGoOn) {
  EXPECT_EQ(story({.faults = "{ at: 5s, edge: euc1/1, kind: drain }"}),
            "10: euc1/1 10 10.1 - refused 503 @10.1; euc1/2 10.1 10.2 12.2 answered 200 @16.2 => answered normal @36.2");
  EXPECT_EQ(story({.faults = "{ at: 11s, edge: euc1/1, kind: drain }"}), "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered normal @36.1");
  EXPECT_EQ(story({.service = "drain: { code: 480 }", .faults = "{ at: 5s, edge: euc1/1, kind: drain }"}),
            "10: euc1/1 10 10.1 - refused 480 @10.1 => failed refused 480 @10.1");
}

struct Row {
  const char* drain;
  const char* hold_down;
  std::vector<int> refused;  ///< calls dialled at 10, 20, .. that meet the draining edge
};

/// One call every 10 s, the edge drains from 5 s on. What is heard at 10.1 s decides where the later calls go.
TEST(Draining, RetryAfterHoldsTheEdgeDownWhereItIsHonoured) {
  const Row table[] = {
      {"retry_after: 25s", "60s", {10, 40, 70}},  // held until 35.1, 65.1, 95.1
      {"retry_after: 25s", "{ retry_after: false, on: [no_response] }", {10, 20, 30, 40, 50, 60, 70, 80, 90}},
      {"retry_after: 25s", "never", {10, 20, 30, 40, 50, 60, 70, 80, 90}},
      {"retry_after: 9800ms", "60s", {10, 20, 30, 40, 50, 60, 70, 80, 90}},          // held until 19.9
      {"code: 503", "60s", {10, 20, 30, 40, 50, 60, 70, 80, 90}},                    // 503 is no cause by default
      {"code: 503", "{ for: 15s, on: [503] }", {10, 30, 50, 70, 90}},                // held until 25.1, 45.1, ...
      {"code: 500, retry_after: 25s", "60s", {10, 20, 30, 40, 50, 60, 70, 80, 90}},  // RFC 3261 21.5.4 speaks of 503 only
  };
  for (const Row& row : table) {
    SCOPED_TRACE(std::string(row.drain) + ", hold_down: " + row.hold_down);
    const auto rows =
        run(scenario_of(testing::text_of({.service = std::string("drain: { ") + row.drain + " }",
                                          .routing = std::string("target: addresses, regions: [euc1], probe: never, hold_down: ") + row.hold_down,
                                          .arrivals = "process: deterministic, every: 10s, offset: 10s",
                                          .faults = "{ at: 5s, edge: euc1/1, kind: drain }",
                                          .duration = "95s"})))
            .rows;
    std::vector<int> refused;
    for (const Attempt& each : rows.attempt_rows) {
      if (each.edge == 0) refused.push_back(static_cast<int>(in_seconds(each.sent)));
    }
    std::ranges::sort(refused);
    EXPECT_EQ(refused, row.refused);
    for (const CallRecord& call : rows.call_rows) EXPECT_EQ(call.edge, 1);
  }
}

TEST(Draining, AProbeTakes503AsAliveOrNotAsItIsTold) {
  for (const auto& [alive, down] : {std::pair("any", false), std::pair("ok", true), std::pair("not_5xx", true)}) {
    const auto rows =
        run(scenario_of(testing::text_of({.routing = std::string("target: addresses, regions: [euc1], hold_down: never, probe: { every: 5s, "
                                                                 "timeout: 2s, fail_after: 2, alive: ") +
                                                     alive + " }",
                                          .faults = "{ at: 50s, for: 60s, edge: euc1/1, kind: drain }"})))
            .rows;
    const auto count = [&](EventKind kind) { return std::ranges::count(rows.event_rows, kind, &RunEvent::kind); };
    EXPECT_EQ(count(EventKind::probe_down), down ? 1 : 0) << alive;
    EXPECT_EQ(count(EventKind::probe_up), down ? 1 : 0) << alive;
    EXPECT_EQ(count(EventKind::health_down), 1);  // a name's check wants 2xx: within 10 s + 2 * 10 s
    EXPECT_EQ(count(EventKind::health_up), 1);
  }
  // Answers are heard: nothing waits for a time-out. Two probes 5 s apart, the first within 5 s.
  const auto rows =
      run(scenario_of(testing::text_of({.routing = "target: addresses, regions: [euc1], hold_down: never, probe: { every: 5s, timeout: 2s, "
                                                   "fail_after: 2, alive: ok }",
                                        .faults = "{ at: 50s, edge: euc1/1, kind: drain }"})))
          .rows;
  const auto down = std::ranges::find(rows.event_rows, EventKind::probe_down, &RunEvent::kind);
  ASSERT_NE(down, rows.event_rows.end());
  EXPECT_GT(down->at, run_start + std::chrono::seconds{55});
  EXPECT_LE(down->at, run_start + std::chrono::milliseconds{60050});
}

/// A TCP connect is answered by the host whatever its process thinks of calls.
TEST(Draining, AConnectSeesNothing) {
  const auto rows =
      run(scenario_of(testing::text_of({.site = "transport: tcp",
                                        .routing = "target: addresses, regions: [euc1], hold_down: never, probe: { every: 5s, timeout: 2s, "
                                                   "method: tcp_connect }",
                                        .faults = "{ at: 50s, edge: euc1/1, kind: drain }"})))
          .rows;
  for (const RunEvent& event : rows.event_rows) EXPECT_NE(event.kind, EventKind::probe_down);
}

}  // namespace
}  // namespace trunklab
