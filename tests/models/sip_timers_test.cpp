// The tables of retransmissions follow the timers that RFC 3261 makes them from.
#include "models/sip_timers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace trunklab {
namespace {

using namespace std::chrono_literals;

TEST(SipTimers, HaveTheValuesOfRfc3261Table4) {
  EXPECT_EQ(sip::t1, 500ms);
  EXPECT_EQ(sip::t2, 4s);
  EXPECT_EQ(sip::timer_b, 32s);
  EXPECT_EQ(sip::timer_f, 32s);
  EXPECT_GT(sip::timer_c, 3min);
}

/// Sends from 0 until `limit`, the interval doubling from T1 up to `longest`.
std::vector<Span> sends(Span longest, Span limit) {
  std::vector<Span> instants;
  Span interval = sip::t1;
  for (Span at{}; at < limit; at += std::exchange(interval, std::min(2 * interval, longest))) instants.push_back(at);
  return instants;
}

TEST(SipTimers, InviteIsSentSevenTimesAtDoublingIntervals) {
  EXPECT_EQ(std::vector<Span>(sip::invite_sends.begin(), sip::invite_sends.end()), sends(endless / 4, sip::timer_b));
}

TEST(SipTimers, OtherRequestsAreSentElevenTimesAtIntervalsUpToT2) {
  EXPECT_EQ(std::vector<Span>(sip::other_sends.begin(), sip::other_sends.end()), sends(sip::t2, sip::timer_f));
}

}  // namespace
}  // namespace trunklab
