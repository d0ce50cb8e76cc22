// An edge that is grey: INVITEs go wrong in one of five ways while everything else is well. Worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::Parts;
using testing::run;
using testing::scenario_of;
using testing::stories;
using testing::story;

std::string grey(const std::string& how) {
  return "{ at: 5s, edge: euc1/1, kind: grey, share: 100%, effect: " + how + " }";
}

TEST(Grey, SilentBefore100IsLikeADeadEdge) {
  EXPECT_EQ(story({.faults = grey("silent-before-100")}),
            "10: euc1/1 10 - - no_response 0 @14; euc1/2 14 14.1 16.1 answered 200 @20.1 => answered normal @40.1");
}

TEST(Grey, SilentAfter100CostsTheLongerTimer) {
  EXPECT_EQ(
      story({.routing = "target: addresses, regions: [euc1], hold_down: never, probe: never, no_progress: 9s", .faults = grey("silent-after-100")}),
      "10: euc1/1 10 10.1 - no_progress 0 @19; euc1/2 19 19.1 21.1 answered 200 @25.1 => answered normal @45.1");
  EXPECT_EQ(story({.demand = "patience: 30s", .faults = grey("silent-after-100")}), "10: euc1/1 10 10.1 - abandoned 0 @40 => abandoned @40");
}

TEST(Grey, SilentAfterTheChallengeWaitsFromTheSecondInvite) {
  EXPECT_EQ(story({.service = "authentication: { code: 407 }", .faults = grey("silent-after-challenge")}),
            "10: euc1/1 10 10.1 - no_response 0 @14.1; euc1/2 14.1 14.2 16.3 answered 200 @20.3 => answered normal @40.3");
}

TEST(Grey, AnErrorMovesOnIfTheListSaysSo) {
  EXPECT_EQ(story({.faults = grey("error, code: 500")}),
            "10: euc1/1 10 10.1 - refused 500 @10.1; euc1/2 10.1 10.2 12.2 answered 200 @16.2 => answered normal @36.2");
  EXPECT_EQ(story({.faults = grey("error, code: 404")}), "10: euc1/1 10 10.1 - refused 404 @10.1 => failed refused 404 @10.1");
}

TEST(Grey, SlowIsLate) {
  EXPECT_EQ(story({.faults = grey("slow, delay: 2s")}), "10: euc1/1 10 12.1 14.1 answered 200 @18.1 => answered normal @38.1");
}

/// The INVITE is taken up at 16.05, when the site has long gone on; its 100, at the site at 16.1, brings the CANCEL there at 16.15.
TEST(Grey, SlowerThanTheSiteWaitsItLeavesAGhost) {
  const std::string first = "10: euc1/1 10 - - no_response 0 @14; euc1/2 14 14.1 ";
  const Parts slow{.faults = grey("slow, delay: 6s")};
  EXPECT_EQ(story(slow), first + "16.1 answered 200 @20.1 => answered normal @40.1");  // cancelled before it rings
  Parts rings = slow;
  rings.life = "holding: 20s, post_dial_delay: 0s, ring_time: 4s, caller_hangs_up: 100%";
  EXPECT_EQ(story(rings),
            first + "14.1 answered 200 @18.1 => answered normal @38.1, ghost 0 of euc1/1 given up 14 rang 16.05 answered - ended 16.15");
  Parts answers = slow;
  answers.life = "holding: 20s, post_dial_delay: 0s, ring_time: 0s, caller_hangs_up: 100%";
  EXPECT_EQ(story(answers), first + "- answered 200 @14.1 => answered normal @34.1, ghost 0 of euc1/1 given up 14 rang - answered 16.05 ended 16.15");
}

/// The first edge takes the INVITE up at 13.97; its 100 would be heard at 14.02, after the site has given it up. When the same transaction comes
/// by another way it meets the first one. One that is taken up only later has met nobody.
TEST(Grey, AMergedRequestIsRefusedUnlessItsCSeqIsNew) {
  const std::string first = "10: euc1/1 10 - - no_response 0 @14; euc1/2 14 14.1 ";
  Parts parts{.service = "merged_482: true", .faults = grey("slow, delay: 3920ms")};
  EXPECT_EQ(story(parts), first + "16.1 answered 200 @20.1 => answered normal @40.1");
  parts.routing += ", cseq_on_failover: same";
  EXPECT_EQ(story(parts), first + "- refused 482 @14.1 => failed refused 482 @14.1");
  parts.faults = grey("slow, delay: 6s");
  EXPECT_EQ(story(parts), first + "16.1 answered 200 @20.1 => answered normal @40.1");
  parts.faults = grey("slow, delay: 3920ms");
  parts.service = "merged_482: false";
  EXPECT_EQ(story(parts), first + "16.1 answered 200 @20.1 => answered normal @40.1");
  parts.service = "merged_482: true";
  parts.faults = grey("silent-before-100");  // swallowed for good: nothing to merge with
  EXPECT_EQ(story(parts), first + "16.1 answered 200 @20.1 => answered normal @40.1");
}

TEST(Grey, TheShareOfInvitesIsWhatTheFaultSays) {
  const auto rows = run(scenario_of(testing::text_of({.arrivals = "process: poisson, rate: 10/s",
                                                      .life = "holding: 1s",
                                                      .faults = "{ at: 0s, edge: euc1/1, kind: grey, share: 30%, effect: error }",
                                                      .duration = "1h"})))
                        .rows;
  double refused = 0;
  double all = 0;
  for (const Attempt& each : rows.attempt_rows) {
    if (each.edge != 0) continue;
    ++all;
    refused += each.end == AttemptEnd::refused ? 1 : 0;
  }
  EXPECT_GT(all, 30000);
  EXPECT_NEAR(refused, all * 0.3, 4 * std::sqrt(all * 0.3 * 0.7));
}

/// Probes are answered all the time: nobody ever marks the edge down. A hold-down after no response keeps the calls that follow away.
TEST(Grey, OptionsProbesNeverSeeItHoldDownDoes) {
  const std::string half = "{ at: 1min, edge: euc1/1, kind: grey, share: 50%, effect: silent-before-100 }";
  for (const bool hold : {false, true}) {
    const auto rows =
        run(scenario_of(testing::text_of(
                {.routing = std::string("target: addresses, regions: [euc1], probe: { every: 5s }, hold_down: ") + (hold ? "60s" : "never"),
                 .arrivals = "process: poisson, rate: 2/s",
                 .life = "holding: 1s",
                 .faults = half,
                 .duration = "1h"})))
            .rows;
    for (const RunEvent& event : rows.event_rows) EXPECT_NE(event.kind, EventKind::probe_down);
    std::size_t exposed = 0;
    std::vector<Instant> failures;
    for (const Attempt& each : rows.attempt_rows) {
      if (each.end == AttemptEnd::no_response) failures.push_back(each.finished);
      exposed += each.end == AttemptEnd::no_response ? 1U : 0U;
    }
    // Without hold-down half of 2/s. With it: at most what is dialled in 4 s, once in 64 s.
    if (!hold) {
      EXPECT_GT(exposed, 3200U);
      continue;
    }
    EXPECT_LT(exposed, 3540U / 64 * 2 * 4);
    EXPECT_GT(exposed, 3540U / 70);
    for (const Attempt& each : rows.attempt_rows) {
      if (each.edge != 0 || each.number != 0) continue;
      for (const Instant failed : failures) {
        const bool held = each.sent > failed && each.sent < failed + std::chrono::seconds{60};
        ASSERT_FALSE(held) << in_seconds(each.sent) << " after " << in_seconds(failed);
      }
    }
  }
}

}  // namespace
}  // namespace trunklab
