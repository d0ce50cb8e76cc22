// What becomes of dialogues: an edge that forgets them (481), session timers, callers who give up, and ghosts. Worked out by hand.
#include <gtest/gtest.h>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::Parts;
using testing::run;
using testing::scenario_of;
using testing::stories;
using testing::stories_of;
using testing::story;

struct Row {
  const char* why;
  const char* fault;
  const char* proxy;
  const char* b2bua;
};

TEST(Dialogue, AB2buaForgetsInACrashWhatAProxyNeverKnew) {
  const std::string up_to = "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered ";
  const Row table[] = {
      {"crash and back while they talk: the BYE of 36.1", "at: 20s, for: 5s", "normal @36.1", "orphaned @36.1, carrier stuck 60"},
      {"back at 38: proxy by the BYE of 39.6", "at: 30s, for: 8s", "normal @36.1, carrier stuck 3.55", "orphaned @36.1, carrier stuck 60"},
      {"over before", "at: 50s, for: 5s", "normal @36.1", "normal @36.1"},
      {"over before the call", "at: 2s, for: 5s", "normal @36.1", "normal @36.1"},
  };
  for (const Row& row : table) {
    const Parts parts{.faults = std::string("{ edge: euc1/1, kind: crash, ") + row.fault + " }"};
    EXPECT_EQ(story(parts), up_to + row.proxy) << row.why;
    Parts forgetful = parts;
    forgetful.service = "role: b2bua";
    EXPECT_EQ(story(forgetful), up_to + row.b2bua) << row.why;
  }
}

TEST(Dialogue, ACallInSetUpIsForgottenToo) {
  Parts parts{.demand = "patience: 40s", .faults = "{ at: 11s, for: 30ms, edge: euc1/1, kind: crash }"};
  EXPECT_EQ(story(parts), "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered normal @36.1");
  parts.service = "role: b2bua";
  EXPECT_EQ(story(parts).substr(0, 67), "10: euc1/1 10 10.1 - lost_in_setup 0 @50 => lost_in_setup @50");
}

/// Session-Expires 90 s, answered at 16.1: refreshes at 61.1, 106.1, ..; an edge that does not answer one for 32 s loses the call.
TEST(Dialogue, ASessionTimerDropsACallWhoseRefreshIsNotAnswered) {
  const std::string up_to = "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered ";
  const auto with = [](const std::string& fault, const std::string& service = "") {
    return story({.service = service,
                  .site = "session_expires: 90s",
                  .life = "holding: 150s, post_dial_delay: 2s, ring_time: 4s, caller_hangs_up: 100%",
                  .faults = "{ edge: euc1/1, kind: crash, " + fault + " }"});
  };
  EXPECT_EQ(with("at: 70s"), up_to + "dropped @138.1, carrier stuck 60");
  EXPECT_EQ(with("at: 70s, for: 30s"), up_to + "normal @166.1");                        // between two refreshes
  EXPECT_EQ(with("at: 100s, for: 20s"), up_to + "normal @166.1");                       // a repetition of the refresh gets through
  EXPECT_EQ(with("at: 70s, for: 80s"), up_to + "dropped @138.1, carrier stuck 15.55");  // BYE of 138.1 + 15.5, at the edge .05 later: 150 is before
  EXPECT_EQ(with("at: 70s, for: 10s", "role: b2bua"), up_to + "dropped @138.1, carrier stuck 60");
  EXPECT_EQ(with("at: 170s"), up_to + "normal @166.1");
}

TEST(Dialogue, ACallerWhoGivesUpCancels) {
  EXPECT_EQ(story({.demand = "patience: 3s"}), "10: euc1/1 10 10.1 12.1 abandoned 487 @13 => abandoned 487 @13");
  EXPECT_EQ(story({.demand = "patience: 1s"}), "10: euc1/1 10 10.1 - abandoned 487 @11 => abandoned 487 @11");
}

/// The 200 passes the edge at 16.05. A CANCEL that is there at 16.04 ends the call; one at 16.07 comes too late, and the 200 that the site
/// hears at 16.1 is acknowledged and ended: BYE at the edge at 16.15. So it is when the site gives up between 16.05 and 16.1.
TEST(Dialogue, ACancelThatCrossesThe200LeavesAGhost) {
  const std::string ghost = ", ghost 0 of euc1/1 given up ";
  EXPECT_EQ(story({.demand = "patience: 5990ms"}), "10: euc1/1 10 10.1 12.1 abandoned 487 @15.99 => abandoned 487 @15.99");
  EXPECT_EQ(story({.demand = "patience: 6020ms"}),
            "10: euc1/1 10 10.1 12.1 abandoned 487 @16.02 => abandoned 487 @16.02" + ghost + "16.02 rang - answered 16.05 ended 16.15");
  EXPECT_EQ(story({.demand = "patience: 6070ms"}),
            "10: euc1/1 10 10.1 12.1 abandoned 487 @16.07 => abandoned 487 @16.07" + ghost + "16.07 rang - answered 16.05 ended 16.15");
}

/// Slow by 6 s: the site is gone at 14, the called side rings at 16.05, the CANCEL of 16.1 and its repetitions meet a dead edge, and so does the 200
/// of 20.05, which the called side repeats for 32 s.
TEST(Dialogue, AGhostThatNobodyCancelsEndsWhenThe200IsGivenUp) {
  const auto text =
      story({.life = "holding: 20s, post_dial_delay: 0s, ring_time: 4s, caller_hangs_up: 100%",
             .faults = "{ at: 5s, edge: euc1/1, kind: grey, share: 100%, effect: slow, delay: 6s }, { at: 16060ms, edge: euc1/1, kind: crash }"});
  EXPECT_EQ(text.substr(text.find(", ghost")), ", ghost 0 of euc1/1 given up 14 rang 16.05 answered - ended 52.05");
}

}  // namespace
}  // namespace trunklab
