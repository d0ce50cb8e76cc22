// Trouble between one site and an edge: a path that is down, a path that loses messages. Worked out by hand, and the law of retransmissions.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/sip_timers.hpp"
#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::run;
using testing::scenario_of;
using testing::stories;
using testing::stories_of;
using testing::story;
using namespace std::chrono_literals;

TEST(Path, DownForOneSiteItIsThereForTheOtherAndForTheName) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 200s }
warmup: 0s
service: { preset: sinch, names: { ttl: 5s, check: { every: 5s, timeout: 2s, fail_after: 1 } } }
sites:
  a: { rtt: { euc1: 100ms }, routing: { target: fqdn, regions: [euc1], hold_down: never, probe: { every: 5s, timeout: 2s, fail_after: 1 } } }
  b: { rtt: { euc1: 100ms }, routing: { target: fqdn, regions: [euc1], hold_down: never, probe: { every: 5s, timeout: 2s, fail_after: 1 } } }
demand:
  from_a: { site: a, arrivals: { process: deterministic, every: 1000s, offset: 60s }, holding: 20s, caller_hangs_up: 100% }
  from_b: { site: b, arrivals: { process: deterministic, every: 1000s, offset: 61s }, holding: 20s, caller_hangs_up: 100% }
faults: [{ at: 40s, for: 60s, site: a, kind: path-down, edge: euc1/1 }]
)");
  const auto rows = run(scenario).rows;
  // The name gives euc1/1 only, which a's prober has marked down: a call is never given up without an attempt.
  EXPECT_EQ(stories_of(scenario, rows), (std::vector<std::string>{"60: euc1/1 60 - - no_response 0 @64 => failed no_response @64",
                                                                  "61: euc1/1 61 61.1 - answered 200 @61.1 => answered normal @81.1"}));
  for (const RunEvent& event : rows.event_rows) {
    EXPECT_NE(event.kind, EventKind::health_down);
    EXPECT_NE(event.kind, EventKind::edge_crashed);
    EXPECT_EQ(event.site, 0);
  }
  EXPECT_EQ(std::ranges::count(rows.event_rows, EventKind::probe_down, &RunEvent::kind), 1);
  EXPECT_EQ(std::ranges::count(rows.event_rows, EventKind::probe_up, &RunEvent::kind), 1);
}

TEST(Path, DownWhileACallIsThere) {
  const auto fault = [](const std::string& when) { return "{ " + when + ", kind: path-down, edge: euc1/1 }"; };
  // INVITEs at 10, 10.5, 11.5, 13.5, half a trip later at the edge; back at 11: the third one.
  EXPECT_EQ(story({.faults = fault("at: 5s, for: 6s")}), "10: euc1/1 10 11.6 13.6 answered 200 @17.6 => answered normal @37.6");
  // The 18x of 12.05 is lost for good; the 200 of 16.05 is sent again at 16.55, 17.55.
  EXPECT_EQ(story({.faults = fault("at: 12s, for: 1s")}), "10: euc1/1 10 10.1 - answered 200 @16.1 => answered normal @36.1");
  EXPECT_EQ(story({.faults = fault("at: 16s, for: 1s")}), "10: euc1/1 10 10.1 12.1 answered 200 @17.6 => answered normal @37.6");
  // The BYE of 36.1, at the edge at 36.15, again at .5, 1.5, 3.5 later: the session lasts 3.55 s longer.
  EXPECT_EQ(story({.faults = fault("at: 30s, for: 8s")}), "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered normal @36.1, carrier stuck 3.55");
  EXPECT_EQ(story({.demand = "patience: 9s", .faults = fault("at: 11s, for: 20s")}),
            "10: euc1/1 10 10.1 - lost_in_setup 0 @19 => lost_in_setup @19, ghost 0 of euc1/1 given up 19 rang - answered 31.55 ended 31.65");
}

struct Losses {
  double share;
  const char* text;
};

/// Each way each message is lost with probability p: a transmission is of use with q = (1 - p)^2, whichever way it fails. Timer A sends four in 4 s.
TEST(Path, HowManyTransmissionsTheFirstInviteNeedsIsGeometric) {
  for (const Losses& loss : {Losses{0.05, "5%"}, Losses{0.3, "30%"}}) {
    const auto rows = run(scenario_of(testing::text_of({.routing = "target: single-address, edge: euc1/1, hold_down: never, probe: never",
                                                        .arrivals = "process: poisson, rate: 5/s",
                                                        .life = "holding: 1s, post_dial_delay: 20s, ring_time: 1s",
                                                        .faults = std::string("{ at: 0s, kind: path-loss, share: ") + loss.text + " }",
                                                        .duration = "2h"})))
                          .rows;
    std::array<double, 5> seen{};
    double all = 0;
    for (const Attempt& each : rows.attempt_rows) {
      if (each.sent > run_start + 2h - 10s) continue;
      ++all;
      if (each.trying == never) {
        EXPECT_EQ(each.end, AttemptEnd::no_response);
        EXPECT_EQ(each.finished - each.sent, Span(4s));
        ++seen[4];
        continue;
      }
      const Span wait = each.trying - each.sent - Span(100ms);
      const auto send = std::ranges::find(sip::invite_sends, wait) - sip::invite_sends.begin();
      ASSERT_LT(send, 4) << wait.count();
      ++seen[static_cast<std::size_t>(send)];
    }
    EXPECT_GT(all, 30000);
    const double q = (1 - loss.share) * (1 - loss.share);
    for (unsigned n = 0; n <= 4; ++n) {
      const double p = n < 4 ? std::pow(1 - q, n) * q : std::pow(1 - q, 4);
      EXPECT_NEAR(seen[n], all * p, 4 * std::sqrt(all * p * (1 - p)) + 1) << loss.text << ' ' << n;
    }
  }
}

/// Over TCP nothing is lost, it is late: by 0.2, 0.6, 1.4, .. s with probabilities p, p^2, .. in each direction.
TEST(Path, OverTcpLossIsDelay) {
  const auto rows =
      run(scenario_of(testing::text_of({.site = "transport: tcp",
                                        .routing = "target: single-address, edge: euc1/1, hold_down: never, probe: never, no_response: 60s",
                                        .demand = "patience: 10min",
                                        .arrivals = "process: poisson, rate: 5/s",
                                        .life = "holding: 1s, post_dial_delay: 20s, ring_time: 1s",
                                        .faults = "{ at: 0s, kind: path-loss, share: 20% }",
                                        .duration = "2h"})))
          .rows;
  double at_once = 0;
  double all = 0;
  for (const Attempt& each : rows.attempt_rows) {
    if (each.trying == never || each.sent < run_start + 10s) continue;
    ++all;
    const Span late = each.trying - each.sent - Span(100ms);
    EXPECT_EQ(late % Span(200ms), Span(0)) << late.count();
    at_once += late == Span(0) ? 1 : 0;
  }
  const double p = 0.8 * 0.8;
  EXPECT_GT(all, 30000);
  EXPECT_NEAR(at_once, all * p, 4 * std::sqrt(all * p * (1 - p)));
  for (const CallRecord& call : rows.call_rows) EXPECT_TRUE(call.outcome == Outcome::answered || call.outcome == Outcome::in_progress);
}

}  // namespace
}  // namespace trunklab
