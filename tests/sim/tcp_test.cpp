// A dead edge over UDP, over UDP with ICMP seen, and over TCP: who notices what, and when. Worked out by hand.
#include <gtest/gtest.h>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::Parts;
using testing::stories;
using testing::story;

struct Row {
  const char* why;
  const char* site;
  const char* fault;
  const char* expected;
};

/// One call, dialled at 10 s.
TEST(Transport, AFirstCallMeetsADeadEdge) {
  const Row table[] = {
      {"UDP, host", "", "at: 5s, mode: host", "10: euc1/1 10 - - no_response 0 @14; euc1/2 14 14.1 16.1 answered 200 @20.1 => answered normal @40.1"},
      {"UDP, process, ICMP not seen", "", "at: 5s, mode: process",
       "10: euc1/1 10 - - no_response 0 @14; euc1/2 14 14.1 16.1 answered 200 @20.1 => answered normal @40.1"},
      {"UDP, process, ICMP seen", "icmp_seen: true", "at: 5s, mode: process",
       "10: euc1/1 10 - - transport_error 0 @10.1; euc1/2 10.1 10.2 12.2 answered 200 @16.2 => answered normal @36.2"},
      {"UDP, host, nobody sends ICMP", "icmp_seen: true", "at: 5s, mode: host",
       "10: euc1/1 10 - - no_response 0 @14; euc1/2 14 14.1 16.1 answered 200 @20.1 => answered normal @40.1"},
      {"TCP, nothing wrong: SYN, SYN-ACK, INVITE", "transport: tcp", "at: 250s",
       "10: euc1/1 10 10.2 12.2 answered 200 @16.2 => answered normal @36.2"},
      {"TCP, process: RST to the SYN", "transport: tcp", "at: 5s, mode: process",
       "10: euc1/1 10 - - transport_error 0 @10.1; euc1/2 10.1 10.3 12.3 answered 200 @16.3 => answered normal @36.3"},
      {"TCP, host: SYNs at 10, 11, 13", "transport: tcp", "at: 5s",
       "10: euc1/1 10 - - no_response 0 @14; euc1/2 14 14.2 16.2 answered 200 @20.2 => answered normal @40.2"},
      {"TCP, host, back at 12: the SYN of 13", "transport: tcp", "at: 5s, for: 7s",
       "10: euc1/1 10 13.2 15.2 answered 200 @19.2 => answered normal @39.2"},
      {"TCP, host, back at 10.5: the SYN of 11", "transport: tcp", "at: 5s, for: 5500ms",
       "10: euc1/1 10 11.2 13.2 answered 200 @17.2 => answered normal @37.2"},
      {"TCP, process dies at 10.07, after the SYN-ACK: RST to the INVITE of 10.15", "transport: tcp", "at: 10070ms, mode: process",
       "10: euc1/1 10 - - transport_error 0 @10.2; euc1/2 10.2 10.4 12.4 answered 200 @16.4 => answered normal @36.4"},
  };
  for (const Row& row : table) {
    EXPECT_EQ(story({.site = row.site, .faults = std::string("{ edge: euc1/1, kind: crash, ") + row.fault + " }"}), row.expected) << row.why;
  }
}

/// Over TCP: the call of 10 s opens the connection and ends at 36.2 s; the fault comes at 45 s or later; the story of the call of 50 s.
TEST(Transport, AnOpenConnectionMeetsADeadEdge) {
  const std::string over = "; euc1/2 ";
  const Row table[] = {
      {"nothing wrong: one round trip", "", "at: 88s", "50: euc1/1 50 50.1 52.1 answered 200 @56.1 => answered normal @76.1"},
      {"process gone: the host has closed the connection, and refuses a new one", "", "at: 45s, mode: process",
       "50: euc1/1 50 - - transport_error 0 @50.1; euc1/2 50.1 50.3 52.3 answered 200 @56.3 => answered normal @76.3"},
      {"process back: a new connection", "", "at: 45s, for: 2s, mode: process",
       "50: euc1/1 50 50.2 52.2 answered 200 @56.2 => answered normal @76.2"},
      {"process gone while the INVITE is on its way: RST", "", "at: 50020ms, mode: process",
       "50: euc1/1 50 - - transport_error 0 @50.1; euc1/2 50.1 50.3 52.3 answered 200 @56.3 => answered normal @76.3"},
      {"host gone: the INVITE waits unacknowledged", "", "at: 45s",
       "50: euc1/1 50 - - no_response 0 @54; euc1/2 54 54.2 56.2 answered 200 @60.2 => answered normal @80.2"},
      {"host back, connection forgotten: RST to the INVITE", "", "at: 45s, for: 2s",
       "50: euc1/1 50 - - transport_error 0 @50.1; euc1/2 50.1 50.3 52.3 answered 200 @56.3 => answered normal @76.3"},
      {"host back at 52: the segment of 50 + .2 + .4 + .8 + 1.6 = 53 brings the RST at 53.1", "", "at: 45s, for: 7s",
       "50: euc1/1 50 - - transport_error 0 @53.1; euc1/2 53.1 53.3 55.3 answered 200 @59.3 => answered normal @79.3"},
      {"a keepalive of 4 s has found out by 49", "tcp: { keepalive: 4s }", "at: 45s, for: 2s",
       "50: euc1/1 50 50.2 52.2 answered 200 @56.2 => answered normal @76.2"},
      {"a keepalive of 6 s has not", "tcp: { keepalive: 6s }", "at: 45s, for: 2s",
       "50: euc1/1 50 - - transport_error 0 @50.1; euc1/2 50.1 50.3 52.3 answered 200 @56.3 => answered normal @76.3"},
  };
  for (const Row& row : table) {
    const auto calls = stories({.site = std::string("transport: tcp") + (*row.site != 0 ? ", " : "") + row.site,
                                .arrivals = "process: deterministic, every: 40s, offset: 10s",
                                .faults = std::string("{ edge: euc1/1, kind: crash, ") + row.fault + " }",
                                .duration = "89s"});
    ASSERT_EQ(calls.size(), 2U) << row.why;
    EXPECT_EQ(calls[1], row.expected) << row.why;
  }
}

/// The host is gone for good; calls at 10, 50, 90 s. Unacknowledged since 50 s: after user_timeout the connection is broken, and a SYN is sent.
TEST(Transport, UnacknowledgedDataBreakTheConnection) {
  for (const bool soon : {false, true}) {
    const auto calls = stories({.site = std::string("transport: tcp, tcp: { user_timeout: ") + (soon ? "30s" : "45s") + " }",
                                .arrivals = "process: deterministic, every: 40s, offset: 10s",
                                .faults = "{ at: 45s, for: 46s, edge: euc1/1, kind: crash }",
                                .duration = "119s"});
    ASSERT_EQ(calls.size(), 3U);
    // Broken at 80: the SYN of 91, at the edge at 91.05, meets the host again. Else the INVITE waits in the old connection: 90.05 + .2 + .4 + .8
    // = 91.45 RST.
    EXPECT_EQ(calls[2], soon ? "90: euc1/1 90 91.2 93.2 answered 200 @97.2 => answered normal @117.2"
                             : "90: euc1/1 90 - - transport_error 0 @91.5; euc1/2 91.5 91.6 93.6 answered 200 @97.6 => answered normal @117.6");
  }
}

/// TCP keeps what it could not deliver: the INVITE comes to the called side although the site has gone on.
TEST(Transport, APathThatHealsDeliversTheInviteThatWaited) {
  const Parts parts{.site = "transport: tcp",
                    .arrivals = "process: deterministic, every: 40s, offset: 10s",
                    .life = "holding: 20s, post_dial_delay: 0s, ring_time: 4s, caller_hangs_up: 100%",
                    .faults = "{ at: 45s, for: 10s, edge: euc1/1, kind: path-down }",
                    .duration = "89s"};
  // Sent at 50, again .2, .4, .8, 1.6, 3.2 later each: 50.2, 50.6, 51.4, 53, 56.2. The path heals at 55: at the edge at 56.25, cancelled at 56.35.
  EXPECT_EQ(stories(parts)[1],
            "50: euc1/1 50 - - no_response 0 @54; euc1/2 54 54.2 54.2 answered 200 @58.2 => answered normal @78.2, "
            "ghost 0 of euc1/1 given up 54 rang 56.25 answered - ended 56.35");
  Parts sooner = parts;
  sooner.faults = "{ at: 45s, for: 7s, edge: euc1/1, kind: path-down }";  // the transmission of 53 gets through
  EXPECT_EQ(stories(sooner)[1], "50: euc1/1 50 53.1 53.1 answered 200 @57.1 => answered normal @77.1");
}

}  // namespace
}  // namespace trunklab
