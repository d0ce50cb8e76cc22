// Port pools: what a range holds, why a call gets no port, quarantines and leaks to the nanosecond, other programs, and books that balance.
#include "models/media/port_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <set>

#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array allocators{PortAllocator::rtpengine, PortAllocator::freeswitch, PortAllocator::asterisk, PortAllocator::rtpproxy,
                                PortAllocator::lowest_first};

Instant at(Span span) {
  return run_start + span;
}

/// Takes until refused; an instant and a luck of its own for each.
std::vector<std::uint16_t> take_all(PortPool& pool, PortNeed need, PortGrant& refused, std::uint64_t luck = 0) {
  std::vector<std::uint16_t> ports;
  for (std::uint64_t call = 1;; ++call) {
    refused = pool.take(at(milliseconds{100} * call), need, luck + call);
    if (!refused) return ports;
    ports.push_back(refused.port);
  }
}

// ---- What a range holds

struct CapacityRow {
  PortAllocator allocator;
  std::uint32_t pairs;
  std::uint32_t singles;
};
class PortCapacity : public testing::TestWithParam<CapacityRow> {};

TEST_P(PortCapacity, OfTheSeedsRange) {
  for (const PortNeed need : {PortNeed::pair, PortNeed::single}) {
    PortPool pool({.allocator = GetParam().allocator}, 1);
    PortGrant refused;
    const auto ports = take_all(pool, need, refused);
    EXPECT_EQ(refused.refusal, PortRefusal::exhausted);
    EXPECT_EQ(ports.size(), need == PortNeed::pair ? GetParam().pairs : GetParam().singles);
    EXPECT_EQ(std::set(ports.begin(), ports.end()).size(), ports.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Table, PortCapacity,
                         testing::Values(CapacityRow{PortAllocator::rtpengine, 5000, 10'001}, CapacityRow{PortAllocator::lowest_first, 5000, 10'001},
                                         CapacityRow{PortAllocator::freeswitch, 5001, 5001}, CapacityRow{PortAllocator::asterisk, 5001, 5001}));

TEST(PortPool, RtpproxyMayGiveUpBesideItsLastFreePort) {
  // Of four slots it looks at three, which may be the same one twice: the last free one is often not found.
  int gave_up = 0;
  for (std::uint64_t luck = 1; luck <= 1000; ++luck) {
    PortPool pool({.first = 10, .last = 17, .allocator = PortAllocator::rtpproxy}, luck);
    PortGrant refused;
    const std::size_t got = take_all(pool, PortNeed::pair, refused, 10 * luck).size();
    EXPECT_EQ(refused.refusal, got == 4 ? PortRefusal::exhausted : PortRefusal::fragmented);
    EXPECT_EQ(refused.probes, 3U);
    gave_up += got < 4 ? 1 : 0;
  }
  EXPECT_GT(gave_up, 100);
  EXPECT_LT(gave_up, 900);
}

TEST(PortPool, AsteriskNeverStartsAtTheEvenEndOfItsRange) {
  // It draws from first .. last - 1: 10, 12 or 14; 16 comes only after 14.
  std::array<int, 4> starts{};
  for (std::uint64_t luck = 1; luck <= 3000; ++luck) {
    PortPool pool({.first = 10, .last = 16, .allocator = PortAllocator::asterisk}, 1);
    ++starts.at((pool.take(run_start, PortNeed::pair, luck).port - 10U) / 2);
  }
  for (const int start : {starts[0], starts[1], starts[2]}) EXPECT_NEAR(start, 1000, tolerance::standard_errors * std::sqrt(3000 * 2.0 / 9));
  EXPECT_EQ(starts[3], 0);
}

TEST(PortPool, FreeswitchStartsAtTheSameSlotForAWholeSecond) {
  PortPool pool({.first = 10'000, .last = 19'999, .allocator = PortAllocator::freeswitch}, 1);
  std::set<std::uint16_t> starts;
  for (int second = 0; second < 100; ++second) {
    std::vector<std::uint16_t> ports;
    for (int call = 0; call < 10; ++call) {
      const PortGrant grant = pool.take(at(seconds{second} + milliseconds{call * 100 + 99}), PortNeed::pair, std::uint64_t(call));
      EXPECT_EQ(grant.probes, 1U + unsigned(call)) << "each walks past those of the second before it";
      ports.push_back(grant.port);
    }
    for (std::size_t call = 1; call < 10; ++call) EXPECT_EQ((ports[call] - 10'000 + 10'000 - (ports[call - 1] - 10'000)) % 10'000, 2);
    starts.insert(ports.front());
    for (const std::uint16_t port : ports) pool.give(at(seconds{second} + milliseconds{999}), port);
  }
  EXPECT_GT(starts.size(), 95U) << "5000 slots, 100 seconds: hardly two alike";
}

// ---- Why a call gets nothing

PortPool full(PortPoolSpec spec, PortNeed need, PortGrant& refused, std::vector<std::uint16_t>& ports) {
  spec.first = 10;
  spec.last = 15;
  PortPool pool(spec, 1);
  ports = take_all(pool, need, refused);
  return pool;
}

TEST(PortRefusals, AreEachMadeByHand) {
  PortGrant refused;
  std::vector<std::uint16_t> ports;
  for (const PortAllocator allocator : allocators) {
    if (allocator == PortAllocator::rtpproxy) continue;  // may leave its last pair behind
    SCOPED_TRACE(int(allocator));
    PortPool pool = full({.allocator = allocator, .quarantine = seconds{5}}, PortNeed::pair, refused, ports);
    ASSERT_EQ(ports.size(), 3U);
    EXPECT_EQ(refused.refusal, PortRefusal::exhausted);
    pool.leak(at(seconds{1}), ports[0], std::nullopt);
    EXPECT_EQ(pool.take(at(seconds{1}), PortNeed::pair, 1).refusal, PortRefusal::leaked);
    pool.give(at(seconds{2}), ports[1]);
    EXPECT_EQ(pool.take(at(seconds{2}), PortNeed::pair, 1).refusal, PortRefusal::quarantined) << "before leaked";
    EXPECT_EQ(pool.take(at(seconds{7}), PortNeed::pair, 1).port, ports[1]);
  }
}

TEST(PortRefusals, FragmentedWhereFreePortsMakeNoPair) {
  PortGrant refused;
  std::vector<std::uint16_t> ports;
  PortPool pool = full({.allocator = PortAllocator::lowest_first}, PortNeed::single, refused, ports);
  EXPECT_EQ(refused.refusal, PortRefusal::exhausted);
  pool.give(at(seconds{1}), 11);
  EXPECT_EQ(pool.take(at(seconds{1}), PortNeed::pair, 1).refusal, PortRefusal::exhausted) << "one free port is not enough for a pair";
  pool.give(at(seconds{1}), 12);
  EXPECT_EQ(pool.take(at(seconds{1}), PortNeed::pair, 1).refusal, PortRefusal::fragmented) << "12 would be RTCP's, and is even";
  pool.give(at(seconds{1}), 13);
  EXPECT_EQ(pool.take(at(seconds{1}), PortNeed::pair, 1).port, 12);
}

TEST(PortRefusals, LooseEndsOfARangeDoNotCountAsFragments) {
  for (const PortAllocator allocator : {PortAllocator::rtpengine, PortAllocator::lowest_first}) {
    PortPool pool({.first = 9, .last = 12, .allocator = allocator}, 1);
    EXPECT_EQ(pool.take(run_start, PortNeed::pair, 1).port, 10);
    EXPECT_EQ(pool.count(PortState::free), 2U);
    EXPECT_EQ(pool.take(run_start, PortNeed::pair, 1).refusal, PortRefusal::exhausted) << "9 and 12 have no partners";
  }
}

TEST(PortRefusals, ForeignWhereOthersHoldWhatIsLeft) {
  PortPoolSpec spec{.first = 10, .last = 15, .foreign = ForeignUse{.rate = CallsPerSecond{1}, .holding = hours{1000}}};
  for (const PortAllocator allocator : allocators) {
    SCOPED_TRACE(int(allocator));
    spec.allocator = allocator;
    PortPool pool(spec, 1);
    const Instant late = at(seconds{100});
    pool.advance(late);
    EXPECT_EQ(pool.count(PortState::foreign), 6U) << "100 tries at 6 ports";
    for (const PortNeed need : {PortNeed::single, PortNeed::pair}) {
      const PortGrant grant = pool.take(late, need, 1);
      EXPECT_EQ(grant.refusal, PortRefusal::foreign);
      EXPECT_EQ(grant.port, 0);
    }
  }
}

/// r = 1/s * 1000 s / 1000 ports = 1: half of the ports, from the first and for ever. Four standard deviations of 16.
TEST(PortPool, OthersHaveBeenAtWorkForEver) {
  PortPool pool({.first = 1000, .last = 1999, .foreign = ForeignUse{.rate = CallsPerSecond{1}, .holding = seconds{1000}}}, 1, at(seconds{50}));
  for (const int second : {50, 60, 5000, 20'000}) {
    pool.advance(at(seconds{second}));
    EXPECT_NEAR(pool.count(PortState::foreign), 500, 64) << second;
  }
}

TEST(PortRefusals, FreeswitchRunsIntoAForeignPortWhereOthersWalkPast) {
  const PortPoolSpec spec{.first = 10, .last = 1009, .foreign = ForeignUse{.rate = CallsPerSecond{1}, .holding = hours{1}}};
  for (const PortAllocator allocator : allocators) {
    PortPoolSpec own = spec;
    own.allocator = allocator;
    PortPool pool(own, 1);
    int refused = 0;
    for (int second = 300; second < 600; ++second) {
      const PortGrant grant = pool.take(at(seconds{second}), PortNeed::pair, std::uint64_t(second));
      refused += grant.refusal == PortRefusal::foreign ? 1 : 0;
      if (grant) pool.give(at(seconds{second}), grant.port);
    }
    // Others hold 3600 / (1000 + 3600) of the ports, so that 95 % of the slots have one or two of them.
    if (allocator == PortAllocator::freeswitch) {
      EXPECT_NEAR(refused, 285, 15);
    } else {
      EXPECT_EQ(refused, 0) << int(allocator);
    }
  }
}

// ---- Time

TEST(PortPool, QuarantineEndsToTheNanosecond) {
  for (const PortAllocator allocator : allocators) {
    PortPool pool({.first = 10, .last = 13, .allocator = allocator, .quarantine = seconds{5}}, 1);
    const PortGrant first = pool.take(at(Span{7}), PortNeed::pair, 1);
    pool.give(at(Span{11}), first.port);
    EXPECT_EQ(pool.count(PortState::quarantined), 2U);
    pool.advance(at(seconds{5} + Span{10}));
    EXPECT_EQ(pool.state(first.port), PortState::quarantined);
    pool.advance(at(seconds{5} + Span{11}));
    EXPECT_EQ(pool.state(first.port), PortState::free);
    EXPECT_EQ(pool.state(static_cast<std::uint16_t>(first.port + 1)), PortState::free);
  }
}

TEST(PortPool, ATimedLeakEndsAndThenItsQuarantine) {
  for (const PortAllocator allocator : allocators) {
    PortPool pool({.first = 10, .last = 13, .allocator = allocator, .quarantine = seconds{5}}, 1);
    const std::uint16_t port = pool.take(run_start, PortNeed::pair, 1).port;
    pool.leak(at(seconds{1}), port, seconds{3600});
    pool.advance(at(seconds{3601} - Span{1}));
    EXPECT_EQ(pool.count(PortState::leaked), 2U);
    pool.advance(at(seconds{3601}));
    EXPECT_EQ(pool.count(PortState::quarantined), 2U);
    pool.advance(at(seconds{3606}));
    EXPECT_EQ(pool.count(PortState::free), 4U);
    // Both ends passed at once, in one step that was late.
    const std::uint16_t again = pool.take(at(seconds{4000}), PortNeed::single, 2).port;
    pool.leak(at(seconds{4000}), again, seconds{3600});
    pool.advance(at(seconds{9000}));
    EXPECT_EQ(pool.count(PortState::free), 4U);
  }
}

TEST(PortPool, ALeakForEverStays) {
  PortPool pool({}, 1);
  pool.leak(run_start, pool.take(run_start, PortNeed::pair, 1).port, std::nullopt);
  pool.advance(at(hours{100'000}));
  EXPECT_EQ(pool.count(PortState::leaked), 2U);
}

TEST(PortPool, SaysWhenLatePacketsMayStillCome) {
  PortPool pool({.first = 10, .last = 13, .allocator = PortAllocator::lowest_first, .late_packets = milliseconds{200}}, 1);
  const PortGrant fresh = pool.take(run_start, PortNeed::pair, 1);
  EXPECT_FALSE(fresh.collision);
  EXPECT_FALSE(fresh.reuse_after.has_value()) << "never used before";
  pool.give(at(seconds{1}), 10);
  const PortGrant early = pool.take(at(milliseconds{1199}), PortNeed::single, 2);
  EXPECT_TRUE(early.collision);
  EXPECT_GE(*early.reuse_after, milliseconds{199});
  EXPECT_LT(*early.reuse_after, milliseconds{199} + Span{1 << 16});
  const PortGrant either = pool.take(at(milliseconds{1199}), PortNeed::single, 3);
  EXPECT_EQ(either.port, 11);
  EXPECT_TRUE(either.collision) << "the RTCP port of a pair that was given back";
  pool.give(at(seconds{2}), 11);
  pool.give(at(seconds{3}), 10);
  const PortGrant pair = pool.take(at(milliseconds{3150}), PortNeed::pair, 4);
  EXPECT_TRUE(pair.collision) << "its RTP port was given back just now, its RTCP port long ago";
  pool.give(at(seconds{5}), pair.port);
  EXPECT_FALSE(pool.take(at(milliseconds{5200}), PortNeed::pair, 5).collision) << "exactly as long as packets may be late";
}

TEST(PortPool, PacketsAreLateForLessThanTheirTime) {
  PortPool pool({.first = 10, .last = 11, .late_packets = milliseconds{200}}, 1);
  pool.give(run_start, pool.take(run_start, PortNeed::pair, 1).port);
  const PortGrant grant = pool.take(at(milliseconds{200}), PortNeed::pair, 2);
  EXPECT_EQ(grant.reuse_after, milliseconds{200}) << "exact where the port was given back on a multiple of 2^16 ns";
  EXPECT_FALSE(grant.collision);
}

TEST(PortPool, RemembersForAYearWhenAPortWasGivenBack) {
  PortPool pool({.first = 10, .last = 11}, 1);
  pool.give(at(hours{1000}), pool.take(run_start, PortNeed::pair, 1).port);
  const Span since = pool.take(at(hours{1000 + 8760}), PortNeed::pair, 1).reuse_after.value();
  EXPECT_GE(since, hours{8760});
  EXPECT_LT(since, hours{8760} + Span{1 << 16});
}

// ---- Other programs

TEST(PortPool, OthersHoldWhatAnInfiniteServerWould) {
  // Each free port is taken with rate 2/s / 1000 and kept for 100 s: in the long run a share of 0.2 / 1.2 of the ports, independently.
  const PortPoolSpec spec{.first = 10'000, .last = 10'999, .foreign = ForeignUse{.rate = CallsPerSecond{2}, .holding = seconds{100}}};
  constexpr int samples = 400;
  double sum = 0;
  double squares = 0;
  PortPool pool(spec, 1);
  for (int sample = 1; sample <= samples; ++sample) {
    // Ten relaxation times of 100 s / 1.2 apart: as good as independent.
    pool.advance(at(seconds{1000} * sample));
    const double foreign = pool.count(PortState::foreign);
    sum += foreign;
    squares += foreign * foreign;
  }
  const double share = 0.2 / 1.2;
  const double mean = 1000 * share;
  const double variance = 1000 * share * (1 - share);
  EXPECT_NEAR(sum / samples, mean, tolerance::standard_errors * std::sqrt(variance / samples));
  // The variance of a sample variance of nearly normal counts is 2 variance^2 / samples.
  EXPECT_NEAR(squares / samples - sum / samples * (sum / samples), variance, tolerance::standard_errors * variance * std::sqrt(2.0 / samples));
}

TEST(PortPool, OthersComeAsTheyComeHoweverOftenOneLooks) {
  const PortPoolSpec spec{.first = 10'000, .last = 10'099, .foreign = ForeignUse{.rate = CallsPerSecond{1}, .holding = seconds{30}}};
  PortPool often(spec, 1);
  PortPool once(spec, 1);
  for (int second = 1; second <= 500; ++second) often.advance(at(seconds{second}));
  once.advance(at(seconds{500}));
  for (std::uint16_t port = 10'000; port < 10'100; ++port) EXPECT_EQ(often.state(port), once.state(port));
}

// ---- Books

class PortBooks : public testing::TestWithParam<PortAllocator> {};

/// What the calls of a long random history hold, kept apart from the pool.
struct Held {
  explicit Held(std::size_t size) : used(size) {}
  std::vector<PortGrant> calls;
  std::vector<bool> used;
  std::uint32_t ports = 0;
  void put(std::size_t index, bool value) {
    ASSERT_NE(used.at(index), value) << "port " << index;
    used[index] = value;
    ports += value ? 1U : std::uint32_t(-1);
  }
};

TEST_P(PortBooks, BalanceOverMillionsOfRandomOperations) {
#ifdef TRUNKLAB_SANITIZED
  constexpr int operations = 1'000'000 / allocators.size();
#else
  constexpr int operations = 10'000'000 / allocators.size();
#endif
  const PortPoolSpec spec{.first = 10'000,
                          .last = 10'600,
                          .allocator = GetParam(),
                          .quarantine = milliseconds{300},
                          .foreign = ForeignUse{.rate = CallsPerSecond{5}, .holding = seconds{2}}};
  PortPool pool(spec, 1);
  std::mt19937_64 random(1);
  Held held(pool.size());
  Instant now = run_start;
  std::array<int, 6> refusals{};
  for (int operation = 1; operation <= operations && !HasFailure(); ++operation) {
    now += Span{static_cast<Span::rep>(random() % 5'000'000)};
    const std::uint64_t luck = random();
    const bool pair = luck % 2 == 0;
    if (luck % 512 / 2 < (operation / 4000 % 2 == 0 ? 150U : 110U)) {
      PortGrant grant = pool.take(now, pair ? PortNeed::pair : PortNeed::single, luck);
      ++refusals.at(static_cast<std::size_t>(grant.refusal));
      ASSERT_EQ(bool(grant), grant.refusal == PortRefusal::none);
      if (!grant) continue;
      const std::size_t index = grant.port - spec.first;
      held.put(index, true);
      const bool tracked = pair && grant.port < spec.last;
      if (tracked) held.put(index + 1, true);
      grant.probes = tracked ? 2 : 1;  // from here on: the ports that it holds
      held.calls.push_back(grant);
    } else if (!held.calls.empty()) {
      std::swap(held.calls[luck / 512 % held.calls.size()], held.calls.back());
      const PortGrant call = held.calls.back();
      held.calls.pop_back();
      if (luck >> 60U == 0) {
        pool.leak(now, call.port, seconds{1});
      } else {
        pool.give(now, call.port);
      }
      for (std::size_t port = 0; port < call.probes; ++port) held.put(call.port - spec.first + port, false);
    }
    ASSERT_EQ(pool.in_use(), held.ports);
    if (operation % 10'000 != 0) continue;
    std::array<std::uint32_t, port_states> counts{};
    for (std::uint32_t index = 0; index < pool.size(); ++index) {
      const PortState state = pool.state(static_cast<std::uint16_t>(spec.first + index));
      ++counts.at(static_cast<std::size_t>(state));
      ASSERT_EQ(state == PortState::rtp || state == PortState::rtcp, held.used[index]);
    }
    for (std::size_t state = 0; state < port_states; ++state) ASSERT_EQ(pool.count(static_cast<PortState>(state)), counts.at(state));
  }
  EXPECT_GT(refusals[0], operations / 10);
  EXPECT_GT(refusals[static_cast<std::size_t>(PortRefusal::quarantined)], 0) << "the pool was full at times";
  for (const PortGrant& call : held.calls) pool.give(now, call.port);
  pool.advance(now + seconds{10});
  EXPECT_EQ(pool.count(PortState::free) + pool.count(PortState::foreign), pool.size());
}

INSTANTIATE_TEST_SUITE_P(Allocators, PortBooks, testing::ValuesIn(allocators));

TEST(PortPool, TakesNoMoreThanTenBytesAPort) {
  for (const PortAllocator allocator : allocators) {
    const PortPool pool({.allocator = allocator}, 1);
    EXPECT_LT(double(pool.bytes()) / pool.size(), allocator == PortAllocator::rtpengine ? 10.1 : 7.1);
  }
}

}  // namespace
}  // namespace trunklab
