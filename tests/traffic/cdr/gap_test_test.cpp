// Rescaled gaps: Poisson's process passes, bunches do not, samples of hours lose no gap but at their edges.
#include <gtest/gtest.h>

#include <cmath>

#include "models/statistics/draws.hpp"
#include "tests/tolerances.hpp"
#include "traffic/cdr/gap_test.hpp"

namespace trunklab {
namespace {

constexpr std::int64_t monday = 19'723;  // 2024-01-01

/// Calls of so many days: 20 an hour at night, 60 by day; `bunch`: so many calls at each arrival, a second apart.
std::vector<std::int64_t> arrivals_of(int days, int bunch, bool whole_seconds, std::uint64_t seed) {
  Draws draws(seed);
  std::vector<std::int64_t> instants;
  for (int hour = 0; hour < days * 24; ++hour) {
    const double mean = hour % 24 >= 8 && hour % 24 < 18 ? 60 : 20;
    for (int i = static_cast<int>(draws.poisson(mean / bunch)); i > 0; --i) {
      const double at_s = (static_cast<double>(hour) + draws.uniform()) * 3600;
      for (int more = 0; more < bunch; ++more) {
        const auto ns = static_cast<std::int64_t>((at_s + more) * 1e9);
        instants.push_back(monday * seconds_a_day * 1'000'000'000 + (whole_seconds ? ns / 1'000'000'000 * 1'000'000'000 : ns));
      }
    }
  }
  return instants;
}

std::optional<GapTest> test_of(const std::vector<std::int64_t>& instants, bool whole_seconds, std::size_t most = 1'000'000) {
  HourSample sample(most);
  QuarterBins bins;
  for (const std::int64_t at : instants) {
    sample.add(at);
    bins.add_call(at, 60, 1);
  }
  const auto days = bins.local_days(TimeZone::fixed(0));
  return test_gaps(sample, days, fit_week(days, 24), TimeZone::fixed(0), whole_seconds);
}

TEST(GapTest, AcceptsPoissonsProcessInWholeSecondsToo) {
  for (const bool whole : {false, true}) {
    int rejected = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      const auto test = test_of(arrivals_of(3, 1, whole, seed), whole);
      ASSERT_TRUE(test && test->p);
      EXPECT_NEAR(test->variation, 1, 0.08);
      if (*test->p <= 0.05) ++rejected;
    }
    EXPECT_LE(rejected, 3);  // of ten at 5 %: more than three with probability 0.001
  }
}

TEST(GapTest, RejectsCallsInBunches) {
  const auto test = test_of(arrivals_of(7, 2, true, 1), true);
  ASSERT_TRUE(test && test->p);
  EXPECT_LE(*test->p, 0.011);
  EXPECT_GT(test->variation, 1.2);
}

TEST(GapTest, OfASampleOfHoursSaysTheSame) {
  const auto instants = arrivals_of(70, 1, false, 1);
  const auto all = test_of(instants, false);
  const auto some = test_of(instants, false, instants.size() / 3);
  ASSERT_TRUE(all && some);
  EXPECT_FALSE(all->p) << "above 10,000 gaps there is no p";
  EXPECT_LE(some->share_of_hours, 0.25);
  EXPECT_NEAR(static_cast<double>(some->gaps), static_cast<double>(all->gaps) * some->share_of_hours, 0.2 * static_cast<double>(some->gaps));
  EXPECT_LT(some->distance * std::sqrt(static_cast<double>(some->gaps)), tolerance::ks_limit);
}

}  // namespace
}  // namespace trunklab
