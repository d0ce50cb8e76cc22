// The token bucket instant by instant, over a long time, and against the other form of the generic cell rate algorithm.
#include "models/caps.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace trunklab {
namespace {

using namespace std::chrono_literals;

struct Offer {
  Span at;
  bool accepted;
};
struct BucketRow {
  double rate;
  double burst;
  std::vector<Offer> offers;
  const char* why;
};
class BucketTable : public testing::TestWithParam<BucketRow> {};

TEST_P(BucketTable, AcceptsAtTheseInstants) {
  const auto& [rate, burst, offers, why] = GetParam();
  TokenBucket bucket(CallsPerSecond{rate}, burst);
  for (const Offer& offer : offers) EXPECT_EQ(bucket.take(run_start + offer.at), offer.accepted) << why << ": at " << offer.at.count() << " ns";
}

INSTANTIATE_TEST_SUITE_P(
    ByHand, BucketTable,
    testing::Values(
        BucketRow{
            10, 1, {{0ms, true}, {0ms, false}, {100ms - 1ns, false}, {100ms, true}, {200ms - 1ns, false}, {200ms, true}}, "a token every 100 ms"},
        BucketRow{10, 1, {{5s, true}, {5s, false}, {5050ms, false}, {5100ms, true}}, "an idle bucket holds one, not fifty"},
        BucketRow{10, 1, {{0ms, true}, {150ms, true}, {249ms, false}, {250ms, true}}, "a late call moves the next token on"},
        BucketRow{10, 1, {{0ms, true}, {50ms, false}, {99ms, false}, {100ms, true}}, "a refused call costs nothing"},
        BucketRow{
            1, 3, {{0s, true}, {0s, true}, {0s, true}, {0s, false}, {1s - 1ns, false}, {1s, true}, {1s, false}}, "three at once, then one a second"},
        BucketRow{1, 3, {{0s, true}, {0s, true}, {0s, true}, {2s, true}, {2s, true}, {2s, false}}, "two seconds fill two"},
        BucketRow{1, 3, {{0s, true}, {100s, true}, {100s, true}, {100s, true}, {100s, false}}, "never more than three"},
        BucketRow{2, 1.5, {{0ms, true}, {249ms, false}, {250ms, true}, {749ms, false}, {750ms, true}}, "half a token of tolerance"},
        BucketRow{0.1, 1, {{0s, true}, {10s - 1ns, false}, {10s, true}}, "slower than one a second"}));

struct LongRow {
  double rate;
  double burst;
  Span every;             ///< between two offers
  std::int64_t accepted;  ///< of the offers in [0, 1000 s)
};

TEST(TokenBucket, AcceptsExactlyItsRateOverALongTime) {
  for (const auto& [rate, burst, every, accepted] : {LongRow{10, 1, 1ms, 10'000}, LongRow{10, 20, 1ms, 10'019}, LongRow{10, 1, 100ms, 10'000},
                                                     LongRow{10, 1, 7ms, 9524}, LongRow{1, 1, 10ms, 1000}, LongRow{1000, 1, 1ms, 1'000'000}}) {
    TokenBucket bucket(CallsPerSecond{rate}, burst);
    std::int64_t taken = 0;
    for (Instant at = run_start; at < run_start + 1000s; at += every) taken += bucket.take(at) ? 1 : 0;
    // Every 7 ms: the first offer at or after each 100 ms restarts the count there, so one call each 105 ms: ceil(1000 / 0.105).
    EXPECT_EQ(taken, accepted) << rate << "/s, burst " << burst << ", offered every " << every.count() << " ns";
  }
}

TEST(TokenBucket, RoundsItsIntervalOnceAndThenCountsExactly) {
  TokenBucket bucket(CallsPerSecond{3}, 1);
  constexpr Span interval = 333'333'333ns;
  for (int n = 0; n < 100'000; ++n) {
    const Instant due = run_start + n * interval;
    ASSERT_TRUE(n == 0 || !bucket.take(due - 1ns)) << n;
    ASSERT_TRUE(bucket.take(due)) << n;
  }
}

/// The continuous-state leaky bucket: a level that drains by one nanosecond a nanosecond. Equivalent to virtual scheduling (I.371 annex A).
class LeakyBucket {
 public:
  LeakyBucket(Span increment, Span limit) : increment_(increment), limit_(limit) {}
  bool take(Instant now) {
    const Span left = std::max(Span::zero(), level_ - (now - last_));
    if (left > limit_) return false;
    level_ = left + increment_;
    last_ = now;
    return true;
  }

 private:
  Span increment_;
  Span limit_;
  Span level_{};
  Instant last_ = run_start;
};

TEST(TokenBucket, ConformsToTheLeakyBucketFormOfTheAlgorithm) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 luck(seed);
    const Span interval{static_cast<Span::rep>(luck() % 200 + 1) * 1'000'000};
    const auto burst = static_cast<double>(luck() % 5 + 1);
    TokenBucket bucket(CallsPerSecond{1 / in_seconds(interval)}, burst);
    LeakyBucket reference(interval, from_seconds((burst - 1) * in_seconds(interval)));
    Instant now = run_start;
    int accepted = 0;
    for (int offer = 0; offer < 20'000; ++offer) {
      // On a grid of a quarter of the interval, so that offers often fall exactly on a token.
      now += static_cast<Span::rep>(luck() % 6) * (interval / 4);
      const bool expected = reference.take(now);
      ASSERT_EQ(bucket.take(now), expected) << "seed " << seed << ", offer " << offer;
      accepted += expected ? 1 : 0;
    }
    EXPECT_GT(accepted, 1000) << "seed " << seed;
    EXPECT_LT(accepted, 20'000) << "seed " << seed;
  }
}

TEST(TokenBucket, NeverLetsMoreThroughThanBurstAndRateAllow) {
  constexpr double rate = 50;
  constexpr double burst = 7;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    std::mt19937_64 luck(seed);
    TokenBucket bucket(CallsPerSecond{rate}, burst);
    std::vector<Instant> taken;
    for (Instant now = run_start; now < run_start + 60s; now += Span{static_cast<Span::rep>(luck() % 10'000'000)}) {
      if (bucket.take(now)) taken.push_back(now);
    }
    for (std::size_t first = 0; first < taken.size(); ++first) {
      for (std::size_t last = first; last < std::min(first + 100, taken.size()); ++last) {
        const double calls = static_cast<double>(last - first + 1);
        ASSERT_LE(calls, burst + rate * in_seconds(taken[last] - taken[first]) + 1e-9) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace trunklab
