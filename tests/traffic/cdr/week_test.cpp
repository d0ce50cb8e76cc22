// The week: profile, spread, bursts, busy hours, trend, hold-out.
#include <gtest/gtest.h>

#include "tests/tolerances.hpp"
#include "tests/traffic/cdr/support.hpp"
#include "traffic/cdr/busy_hour.hpp"
#include "traffic/cdr/hold_out.hpp"
#include "traffic/cdr/week_profile.hpp"

namespace trunklab {
namespace {

using testing::random_days;

double office(int weekday, std::size_t hour) {
  return weekday < 5 && hour >= 8 && hour < 18 ? 200 : 20;
}

TEST(WeekProfile, OfPoissonCallsHasNoExcess) {
  Draws draws(1);
  const auto days = random_days(70, 0, 0, draws, office);
  const WeekProfile profile = fit_week(days, 24);
  EXPECT_EQ(profile.slots.size(), 168U);
  EXPECT_LT(profile.day_excess, 0.0005);
  EXPECT_LT(profile.hour_excess, 0.0005);
  EXPECT_NEAR(profile.day_dispersion, 1, 0.7);
  EXPECT_TRUE(profile.bursts.empty());
  EXPECT_NEAR(profile.at(0, 10).calls_per_hour, 200, tolerance::standard_errors * std::sqrt(200 / 10.0));
  EXPECT_NEAR(profile.at(6, 10).calls_per_hour, 20, tolerance::standard_errors * std::sqrt(20 / 10.0));
  EXPECT_DOUBLE_EQ(profile.at(0, 10).recorded_h, 10);
}

TEST(WeekProfile, FindsTheFactorsOfDaysAndHours) {
  double day_excess = 0;
  double hour_excess = 0;
  constexpr int repeats = 20;
  for (std::uint64_t seed = 1; seed <= repeats; ++seed) {
    Draws draws(seed);
    const WeekProfile profile = fit_week(random_days(70, 0.04, 0.01, draws, office), 24);
    day_excess += profile.day_excess / repeats;
    hour_excess += profile.hour_excess / repeats;
  }
  EXPECT_NEAR(day_excess, 0.04, 0.006);
  EXPECT_NEAR(hour_excess, 0.01, 0.002);
}

TEST(WeekProfile, FlagsABurstAndLeavesItOut) {
  Draws draws(1);
  auto days = random_days(28, 0.01, 0.01, draws, office);
  const double before = fit_week(days, 24).at(2, 13).calls_per_hour;
  for (std::size_t q = 52; q < 56; ++q) days[9].calls[q] += 200;  // Wednesday of the second week, 13:00
  for (const std::size_t slots : {24U, 48U}) {
    const WeekProfile profile = fit_week(days, slots);
    ASSERT_EQ(profile.bursts.size(), 1U);
    EXPECT_EQ(profile.bursts[0].date, days[9].date);
    EXPECT_EQ(profile.bursts[0].first_quarter, 52U);
    EXPECT_EQ(profile.bursts[0].last_quarter, 56U);
    EXPECT_GT(profile.bursts[0].calls, 900);
    EXPECT_LT(profile.bursts[0].probability, 1e-6);
    EXPECT_NEAR(profile.at(2, slots == 24 ? 13 : 26).calls_per_hour, before, 0.2 * before);
  }
}

TEST(WeekProfile, HasFewFalseAlarms) {
  int files_with_bursts = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Draws draws(seed);
    if (!fit_week(random_days(28, 0.01, 0.02, draws, office), 24).bursts.empty()) ++files_with_bursts;
  }
  EXPECT_LE(files_with_bursts, 5);
}

TEST(WeekProfile, OfASingleWeekTellsNoBursts) {
  Draws draws(1);
  auto days = random_days(7, 0, 0, draws, office);
  days[2].calls[52] += 1000;
  EXPECT_TRUE(fit_week(days, 24).bursts.empty());
  EXPECT_EQ(fit_week(days, 24).day_excess, 0);
}

/// One day with so many calls in each quarter named; all of it recorded.
LocalDay day_with(std::int64_t date, std::initializer_list<std::pair<std::size_t, double>> calls) {
  LocalDay day{.date = date, .weekday = weekday_of(date)};
  day.recorded_s.fill(900);
  for (const auto& [quarter, count] : calls) day.calls[quarter] = count;
  return day;
}

TEST(BusyHours, AreThreeDifferentThings) {
  // Peaks at 9 on one day and at 14 on the other; the best hour common to both lies across the full hours.
  const std::vector<LocalDay> days{day_with(0, {{36, 100}, {41, 30}, {42, 30}, {43, 30}, {44, 30}}),
                                   day_with(1, {{56, 80}, {41, 30}, {42, 30}, {43, 30}, {44, 30}})};
  const auto busy = busy_hours(days, std::nullopt);
  ASSERT_TRUE(busy);
  EXPECT_EQ(busy->fixed.first_quarter, 40U) << "clock hours: 10:00 has 90 on both days, 9:00 has 50 on average";
  EXPECT_DOUBLE_EQ(busy->fixed.calls, 90);
  EXPECT_EQ(busy->consistent.first_quarter, 41U);
  EXPECT_DOUBLE_EQ(busy->consistent.calls, 120);
  EXPECT_DOUBLE_EQ(busy->peaks.calls, (100 + 90) / 2.0);
  EXPECT_EQ(busy->peaks.days, 2U);
  EXPECT_DOUBLE_EQ(busy_hours(days, 14)->fixed.calls, 40);
  EXPECT_FALSE(busy_hours({}, std::nullopt));
}

TEST(PeakTrend, IsTheSlopeOfWeeklyPeaks) {
  std::vector<LocalDay> days;
  for (int i = 0; i < 28; ++i) days.push_back(day_with(4 + i, {{40, 100.0 + 10.0 * (i / 7)}}));
  const auto trend = peak_trend(days);
  ASSERT_TRUE(trend);
  EXPECT_EQ(trend->weeks, (std::vector<double>{100, 110, 120, 130}));
  EXPECT_NEAR(trend->slope, 10 / 115.0, 1e-12);
  EXPECT_NEAR(trend->low, trend->slope, 1e-9) << "no scatter";
  EXPECT_FALSE(peak_trend(std::span(days).first(20)));
}

TEST(HoldOut, CoversNineTenthsOfASoundWeek) {
  double share = 0;
  constexpr int repeats = 8;
  for (std::uint64_t seed = 1; seed <= repeats; ++seed) {
    Draws draws(seed);
    const auto held_out = hold_out(random_days(56, 0.01, 0.01, draws, office));
    ASSERT_TRUE(held_out);
    EXPECT_EQ(held_out->hours, 168U);
    EXPECT_EQ(held_out->training_days, 49U);
    share += held_out->share() / repeats;
  }
  EXPECT_GT(share, 0.86);
  EXPECT_LT(share, 0.97);
}

TEST(HoldOut, NoticesThatTheLastWeekIsAnother) {
  Draws draws(1);
  auto days = random_days(28, 0, 0, draws, office);
  for (std::size_t i = 21; i < 28; ++i) {
    for (double& calls : days[i].calls) calls *= 1.6;
  }
  EXPECT_LT(hold_out(days)->share(), 0.7);
  EXPECT_FALSE(hold_out(std::span(days).first(20)));
}

}  // namespace
}  // namespace trunklab
