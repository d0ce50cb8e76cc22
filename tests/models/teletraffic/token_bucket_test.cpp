// A token bucket's refusals against the workload's formula, and against the bucket itself.
#include "models/teletraffic/token_bucket.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/caps.hpp"
#include "models/statistics/draws.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

double refusal(double load, double burst) {
  return token_bucket_refusal(CallsPerSecond{load}, CallsPerSecond{1}, burst).value();
}

TEST(TokenBucketRefusal, AgreesWithTheReference) {
  struct Row {
    double load, burst, refused;
  };
  // tests/oracles/token_bucket.py, section 5 of its README: another formula, with 60 digits.
  for (const Row& row :
       {Row{0.5, 1, 0.333333333333333}, Row{0.5, 3, 0.0272421555625586}, Row{0.8, 10, 0.00363923114025447}, Row{0.9, 20, 0.00185317568272937},
        Row{1, 10, 0.0508474576307288}, Row{1.2, 5, 0.19914669332882}, Row{2, 30, 0.5}, Row{0.3, 12, 4.92339089096003e-11}}) {
    EXPECT_NEAR(refusal(row.load, row.burst), row.refused, row.refused * 1e-9) << row.load << ' ' << row.burst;
  }
}

TEST(TokenBucketRefusal, IsSmoothAtFullLoad) {
  for (const double below : {1e-4, 1e-6, 1e-9}) EXPECT_NEAR(refusal(1 - below, 10), refusal(1, 10), 2 * below + 1e-12);
}

TEST(TokenBucketRefusal, OfASingleTokenIsThatOfASingleServer) {
  for (const double load : {1e-6, 0.1, 1.0, 20.0, 400.0}) EXPECT_NEAR(refusal(load, 1), load / (1 + load), 1e-12);
  EXPECT_EQ(refusal(0, 3), 0);
  EXPECT_EQ(refusal(0.5, 2.9), refusal(0.5, 2)) << "a fraction of a token is of no use";
}

TEST(TokenBucketRefusal, GrowsWithTheLoadAndFallsWithTheDepth) {
  double before = 0;
  for (double load = 0.05; load < 700; load *= 1.3) {
    const double now = refusal(load, 12);
    EXPECT_GE(now, before * (1 - 1e-12)) << load;
    before = now;
    EXPECT_LE(refusal(load, 13), now * (1 + 1e-12));
    EXPECT_GE(now, 1 - 1 / load - 1e-12) << "no more than the rate gets through";
  }
  EXPECT_NEAR(refusal(2, 10000), 0.5, 1e-9);
  EXPECT_LT(refusal(0.9, 10000), 1e-300);
}

TEST(TokenBucketRefusal, IsWhatTheBucketRefuses) {
  Draws draws(11);
  TokenBucket bucket(CallsPerSecond{2}, 5);
  constexpr int calls = 400'000;
  int refused = 0;
  Instant now = run_start;
  for (int call = 0; call < calls; ++call) {
    now += from_seconds(draws.exponential() / 1.8);
    if (!bucket.take(now)) ++refused;
  }
  const double expected = token_bucket_refusal(CallsPerSecond{1.8}, CallsPerSecond{2}, 5).value();
  // Refusals come in bursts: some ten times the variance of independent ones.
  EXPECT_NEAR(refused / static_cast<double>(calls), expected, 4 * std::sqrt(10 * expected / calls));
}

}  // namespace
}  // namespace trunklab
