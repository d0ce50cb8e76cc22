// Intervals against values by hand, and their promise: 99 % of them cover.
#include "models/statistics/intervals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>

#include "models/distribution.hpp"

namespace trunklab {
namespace {

TEST(Moments, AgreeWithTheDefinition) {
  Moments moments;
  EXPECT_EQ(moments.variance(), 0);
  for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) moments.add(value);
  EXPECT_EQ(moments.count(), 8U);
  EXPECT_DOUBLE_EQ(moments.mean(), 5);
  EXPECT_DOUBLE_EQ(moments.variance(), 32.0 / 7);
}

TEST(Moments, DoNotCancel) {
  Moments moments;
  for (const double value : {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}) moments.add(value);
  EXPECT_DOUBLE_EQ(moments.variance(), 30);
}

TEST(TInterval, ByHand) {
  const std::vector<double> values{1, 2, 3, 4, 5};
  const Interval interval = t_interval(values, 0.95);
  EXPECT_DOUBLE_EQ(interval.mean, 3);
  // t(0.975, 4) = 2.7764451 times sqrt(2.5 / 5)
  EXPECT_NEAR(interval.high - 3, 1.9632432, 1e-7);
  EXPECT_NEAR(interval.high - 3, 3 - interval.low, 1e-12);
}

TEST(JackknifeRatio, OfEqualDenominatorsIsTheTInterval) {
  const std::vector<RatioTerm> terms{{1, 10}, {2, 10}, {3, 10}, {4, 10}, {5, 10}};
  const Interval interval = jackknife_ratio(terms, 0.95);
  EXPECT_NEAR(interval.mean, 0.3, 1e-15);
  EXPECT_NEAR(interval.high, 0.3 + 0.19632432, 1e-8);
}

TEST(JackknifeRatio, ContainsThePlainRatio) {
  const std::vector<RatioTerm> terms{{0, 1}, {50, 60}, {1, 40}};
  const Interval interval = jackknife_ratio(terms, 0.5);
  EXPECT_DOUBLE_EQ(interval.mean, 51.0 / 101);
  EXPECT_LE(interval.low, interval.mean);
  EXPECT_GE(interval.high, interval.mean);
}

TEST(BatchMeans, LeaveTheRestOut) {
  EXPECT_EQ(batch_means(std::vector<double>{1, 3, 5, 7, 9}, 2), (std::vector<double>{2, 6}));
  EXPECT_EQ(batch_means(std::vector<double>{1, 3}, 2), (std::vector<double>{1, 3}));
}

struct PoissonRow {
  std::uint64_t events;
  double level, bound;
};
class PoissonBound : public testing::TestWithParam<PoissonRow> {};
TEST_P(PoissonBound, AgreesWithThePrintedTable) {
  EXPECT_NEAR(poisson_upper_bound(GetParam().events, GetParam().level), GetParam().bound, 5e-4);
}
INSTANTIATE_TEST_SUITE_P(Garwood, PoissonBound,
                         testing::Values(PoissonRow{0, 0.95, 2.9957}, PoissonRow{1, 0.95, 4.7439}, PoissonRow{2, 0.95, 6.2958},
                                         PoissonRow{10, 0.95, 16.9622}, PoissonRow{0, 0.975, 3.6889}, PoissonRow{1, 0.975, 5.5716},
                                         PoissonRow{10, 0.975, 18.3904}));

TEST(PoissonBound, GrowsWithEvents) {
  for (std::uint64_t events = 0; events < 100; ++events) EXPECT_GT(poisson_upper_bound(events + 1, 0.95), poisson_upper_bound(events, 0.95));
}

TEST(KolmogorovSmirnov, ByHand) {
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(std::vector<double>{0.5}), 0.5);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(std::vector<double>{0.25, 0.75}), 0.25);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(std::vector<double>{0.9, 0.95}), 0.9);
}

/// Uniform on (0, 1), the same on every machine.
double uniform(std::mt19937_64& luck) {
  return (static_cast<double>(luck() >> 12) + 0.5) * 0x1p-52;
}

constexpr int experiments = 400;
constexpr int covered_min = 388;  // of 396 expected; fewer has a probability below 0.0005

TEST(Coverage, TIntervalsCoverTheMeanOfNormalValues) {
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= experiments; ++seed) {
    std::mt19937_64 luck(seed);
    std::vector<double> values(10);
    for (double& value : values) value = 3 + normal_quantile(uniform(luck));
    const Interval interval = t_interval(values, 0.99);
    covered += interval.low <= 3 && 3 <= interval.high;
  }
  EXPECT_GE(covered, covered_min);
}

TEST(Coverage, JackknifeIntervalsCoverABlockingRatio) {
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= experiments; ++seed) {
    std::mt19937_64 luck(seed);
    std::vector<RatioTerm> terms(20);
    for (RatioTerm& term : terms) {
      // A random number of calls, each blocked with probability 0.1.
      term.denominator = 200 + std::floor(100 * uniform(luck));
      for (int call = 0; call < static_cast<int>(term.denominator); ++call) term.numerator += uniform(luck) < 0.1 ? 1 : 0;
    }
    const Interval interval = jackknife_ratio(terms, 0.99);
    covered += interval.low <= 0.1 && 0.1 <= interval.high;
  }
  EXPECT_GE(covered, covered_min);
}

TEST(Coverage, PoissonBoundsHold) {
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= experiments; ++seed) {
    std::mt19937_64 luck(seed);
    std::uint64_t events = 0;
    for (double at = -std::log(uniform(luck)); at < 4; at -= std::log(uniform(luck))) ++events;
    covered += poisson_upper_bound(events, 0.99) >= 4;
  }
  EXPECT_GE(covered, covered_min);
}

}  // namespace
}  // namespace trunklab
