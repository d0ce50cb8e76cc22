// Digest authentication: one more round trip, nonces that are remembered, forgotten or stale, credentials that do not fit. Worked out by hand.
#include <gtest/gtest.h>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::Parts;
using testing::stories;
using testing::story;

TEST(Digest, AChallengedInviteIsSentAgainOneRoundTripLater) {
  EXPECT_EQ(story({.service = "authentication: { code: 407 }"}), "10: euc1/1 10 10.1 12.2 answered 200 @16.2 => answered normal @36.2");
}

TEST(Digest, TheWaitForAResponseBeginsAnewWithTheSecondInvite) {
  // 407 heard at 10.1; the second INVITE would arrive at 10.15 and again at 10.65, 11.65, 13.65: silence until 14.1.
  EXPECT_EQ(story({.service = "authentication: { code: 401 }", .faults = "{ at: 10120ms, edge: euc1/1, kind: crash }"}),
            "10: euc1/1 10 10.1 - no_response 0 @14.1; euc1/2 14.1 14.2 16.3 answered 200 @20.3 => answered normal @40.3");
  // Repaired at 13.6: the transmission of 13.6, at the edge at 13.65, gets through.
  EXPECT_EQ(story({.service = "authentication: { code: 401 }", .faults = "{ at: 10120ms, for: 3480ms, edge: euc1/1, kind: crash }"}),
            "10: euc1/1 10 10.1 15.7 answered 200 @19.7 => answered normal @39.7");
}

TEST(Digest, CredentialsThatDoNotFitAreRefused) {
  EXPECT_EQ(story({.service = "authentication: { code: 407 }", .faults = "{ at: 5s, kind: secret }"}),
            "10: euc1/1 10 10.1 - refused 403 @10.2 => failed unauthorized 403 @10.2");
  EXPECT_EQ(story({.service = "authentication: { code: 407, wrong_secret_code: 503 }", .faults = "{ at: 5s, kind: secret }"}),
            "10: euc1/1 10 10.1 - refused 503 @10.2; euc1/2 10.2 10.3 - refused 503 @10.4 => failed unauthorized 503 @10.4");
}

struct NonceRow {
  const char* what;
  const char* scope;
  const char* faults;
  bool third_is_challenged;  ///< the call of 70 s, with a nonce of 10.05 s
};

/// Calls at 10 s, 40 s and 70 s; the last one may be dialled when the nonce no longer holds.
TEST(Digest, ARememberedNonceSavesTheRoundTripAsLongAsItHolds) {
  const NonceRow table[] = {
      {"nothing happens", "scope: edge", "", false},
      {"just alive: the INVITE arrives at 70.05", "nonce_lifetime: 60001ms", "", false},
      {"just stale: now == issued + lifetime", "nonce_lifetime: 60s", "", true},
      {"the edge restarted", "scope: edge", "{ at: 62s, for: 2s, edge: euc1/1, kind: crash }", true},
      {"the edge restarted, its service did not", "scope: service", "{ at: 62s, for: 2s, edge: euc1/1, kind: crash }", false},
      {"another edge restarted", "scope: edge", "{ at: 62s, for: 2s, edge: euc1/2, kind: crash }", false},
  };
  for (const NonceRow& row : table) {
    SCOPED_TRACE(row.what);
    const auto calls = stories({.service = std::string("authentication: { code: 407, challenge: remembered, ") + row.scope + " }",
                                .arrivals = "process: deterministic, every: 30s, offset: 10s",
                                .faults = row.faults,
                                .duration = "95s"});
    ASSERT_EQ(calls.size(), 3U);
    EXPECT_EQ(calls[0], "10: euc1/1 10 10.1 12.2 answered 200 @16.2 => answered normal @36.2");
    EXPECT_EQ(calls[1], "40: euc1/1 40 40.1 42.1 answered 200 @46.1 => answered normal @66.1");
    EXPECT_EQ(calls[2], row.third_is_challenged ? "70: euc1/1 70 70.1 72.2 answered 200 @76.2 => answered in_progress @-"
                                                : "70: euc1/1 70 70.1 72.1 answered 200 @76.1 => answered in_progress @-");
  }
}

/// A nonce of one edge is worth nothing at another, unless they share it.
TEST(Digest, ANonceHoldsWithinItsScope) {
  for (const bool shared : {false, true}) {
    const auto calls =
        stories({.service = std::string("authentication: { code: 407, challenge: remembered, scope: ") + (shared ? "region" : "edge") + " }",
                 .arrivals = "process: deterministic, every: 30s, offset: 10s",
                 .faults = "{ at: 37s, edge: euc1/1, kind: drain }",
                 .duration = "65s"});
    ASSERT_EQ(calls.size(), 2U);
    // A draining edge refuses before it asks for credentials.
    EXPECT_EQ(calls[1], shared ? "40: euc1/1 40 40.1 - refused 503 @40.1; euc1/2 40.1 40.2 42.2 answered 200 @46.2 => answered in_progress @-"
                               : "40: euc1/1 40 40.1 - refused 503 @40.1; euc1/2 40.1 40.2 42.3 answered 200 @46.3 => answered in_progress @-");
  }
}

TEST(Digest, WhetherEveryInviteOrOnlyOneWithCredentialsTakesATokenIsTheCapsChoice) {
  // Five calls a second apart; two INVITEs each; 3 tokens at first, one more every 100 s.
  for (const bool every : {false, true}) {
    const auto calls =
        stories({.service = std::string("authentication: { code: 407 }, caps: [{ scope: account, cps: 36/h, burst: 3, code: 603, counts: ") +
                            (every ? "every_invite" : "authenticated") + " }]",
                 .arrivals = "process: deterministic, every: 1s, offset: 10s",
                 .duration = "14500ms"});
    ASSERT_EQ(calls.size(), 5U);
    // authenticated: calls 0, 1, 2 are let in. every_invite: 0 takes two tokens, 1 spends the last one on its challenge.
    EXPECT_EQ(calls[1],
              every ? "11: euc1/1 11 11.1 - refused 603 @11.2 => blocked cap_cps 603 @11.2" : "11: euc1/1 11 11.1 13.2 none 0 @- => in_progress @-");
    EXPECT_EQ(calls[3], "13: euc1/1 13 13.1 - refused 603 @13.2 => blocked cap_cps 603 @13.2");
  }
}

}  // namespace
}  // namespace trunklab
