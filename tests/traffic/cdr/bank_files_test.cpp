// Real call files: busy hours against counts made here row by row, the burst of 3 February 1999, the hold-out.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "scenarios/csv.hpp"
#include "scenarios/time_text.hpp"
#include "traffic/cdr/call_fit.hpp"

namespace trunklab {
namespace {

const std::string folder = std::string(TRUNKLAB_SOURCE_DIR) + "/../shared/data/";

class RealFile : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the bank's call files are not on this machine";
  }
  static CallTallies tallied(const std::string& name, bool counts) {
    TallyWishes wishes;
    wishes.file.path = folder + name;
    wishes.file.columns.counts = counts;
    auto tallies = tally_calls(wishes);
    if (!tallies) throw std::runtime_error(tallies.problems().front().text());
    return std::move(tallies).value();
  }
};

/// The file's rows, read here by themselves: seconds since 1970 as written, and the second column.
std::vector<std::pair<std::int64_t, std::int64_t>> rows_of(const std::string& name) {
  std::vector<std::pair<std::int64_t, std::int64_t>> rows;
  auto csv = CsvReader::open(folder + name);
  if (!csv) return rows;
  std::vector<std::string_view> fields;
  while (csv.value().next(fields)) rows.emplace_back(parse_iso8601_ns(fields[0]).value() / 1'000'000'000, std::stoll(std::string(fields[1])));
  return rows;
}

TEST_F(RealFile, BusyHoursOfTheCallsAreThoseOfADirectCount) {
  const CallTallies tallies = tallied("bank-1999-02.csv", false);
  EXPECT_EQ(tallies.kept, 33'066U);
  EXPECT_EQ(tallies.answered, 27'162U);
  const std::int64_t begin = parse_iso8601_ns("1999-02-01T00:00:00").value() / 1'000'000'000;
  constexpr std::int64_t span_s = 28 * 86'400;
  std::vector<int> calls(span_s);
  std::vector<int> changes(span_s + 1);
  for (const auto& [at, holding] : rows_of("bank-1999-02.csv")) {
    ++calls[static_cast<std::size_t>(at - begin)];
    ++changes[static_cast<std::size_t>(at - begin)];
    --changes[static_cast<std::size_t>(std::min(span_s, at - begin + holding))];
  }
  // Sums of calls and of seconds in progress for each quarter of an hour, second by second.
  std::vector<double> quarter_calls(28 * 96);
  std::vector<double> quarter_seconds(28 * 96);
  int in_progress = 0;
  for (std::size_t s = 0; s < span_s; ++s) {
    in_progress += changes[s];
    quarter_calls[s / 900] += calls[s];
    quarter_seconds[s / 900] += in_progress;
  }
  const auto hour_of = [](const std::vector<double>& of, std::size_t first) { return of[first] + of[first + 1] + of[first + 2] + of[first + 3]; };
  const auto best_of = [&](std::size_t step) {
    std::pair<double, std::size_t> best{-1, 0};
    for (std::size_t q = 0; q + 4 <= 96; q += step) {
      double sum = 0;
      for (std::size_t day = 0; day < 28; ++day) sum += hour_of(quarter_seconds, day * 96 + q);
      best = std::max(best, {sum, q});
    }
    return best;
  };
  const auto busy = busy_hours(tallies.days, std::nullopt);
  ASSERT_TRUE(busy);
  EXPECT_EQ(busy->fixed.first_quarter, best_of(4).second);
  EXPECT_NEAR(busy->fixed.erlangs, best_of(4).first / 3600 / 28, 1e-9);
  EXPECT_EQ(busy->consistent.first_quarter, best_of(1).second);
  EXPECT_NEAR(busy->consistent.erlangs, best_of(1).first / 3600 / 28, 1e-9);
  double peaks = 0;
  double peak_calls = 0;
  for (std::size_t day = 0; day < 28; ++day) {
    std::size_t best = day * 96;
    for (std::size_t q = day * 96; q < day * 96 + 96; q += 4) {
      if (hour_of(quarter_seconds, q) > hour_of(quarter_seconds, best)) best = q;
    }
    peaks += hour_of(quarter_seconds, best) / 3600 / 28;
    peak_calls += hour_of(quarter_calls, best) / 28;
  }
  EXPECT_NEAR(busy->peaks.erlangs, peaks, 1e-9);
  EXPECT_NEAR(busy->peaks.calls, peak_calls, 1e-9);
  EXPECT_EQ(busy->peaks.days, 28U);
}

TEST_F(RealFile, BusyHoursOfTheCountsAreThoseOfADirectCount) {
  const CallTallies tallies = tallied("bank-calls-5min-2003.csv", true);
  EXPECT_EQ(tallies.every_s, 300);
  std::map<std::int64_t, std::map<std::int64_t, double>> by_day;  // calls by quarter of each day
  double all = 0;
  for (const auto& [at, count] : rows_of("bank-calls-5min-2003.csv")) {
    by_day[at / 86'400][at % 86'400 / 900] += static_cast<double>(count);
    all += static_cast<double>(count);
  }
  EXPECT_EQ(tallies.calls, all);
  const auto hour_of = [](std::map<std::int64_t, double>& day, std::int64_t q) { return day[q] + day[q + 1] + day[q + 2] + day[q + 3]; };
  // Recorded from 07:00 to 21:05, so that the last whole hour begins at 20:00.
  const auto best_of = [&](std::int64_t step) {
    std::pair<double, std::size_t> best{-1, 0};
    for (std::int64_t q = 28; q <= 80; q += step) {
      double sum = 0;
      for (auto& [date, day] : by_day) sum += hour_of(day, q);
      best = std::max(best, {sum / static_cast<double>(by_day.size()), static_cast<std::size_t>(q)});
    }
    return best;
  };
  double peaks = 0;
  for (auto& [date, day] : by_day) {
    double most = 0;
    for (std::int64_t q = 28; q <= 80; q += 4) most = std::max(most, hour_of(day, q));
    peaks += most / static_cast<double>(by_day.size());
  }
  const auto busy = busy_hours(tallies.days, std::nullopt);
  ASSERT_TRUE(busy);
  EXPECT_EQ(busy->peaks.days, by_day.size());
  EXPECT_EQ(busy->fixed.first_quarter, best_of(4).second);
  EXPECT_NEAR(busy->fixed.calls, best_of(4).first, 1e-6);
  EXPECT_EQ(busy->consistent.first_quarter, best_of(1).second);
  EXPECT_NEAR(busy->consistent.calls, best_of(1).first, 1e-6);
  EXPECT_NEAR(busy->peaks.calls, peaks, 1e-6);
}

TEST_F(RealFile, TheBurstIsFlaggedAndTheFitIsExamined) {
  const CallTallies tallies = tallied("bank-1999-02.csv", false);
  const CallFit fit = fit_calls(tallies, {});
  ASSERT_FALSE(fit.profile.bursts.empty());
  const Burst& burst = fit.profile.bursts.front();
  EXPECT_EQ(date_text(burst.date), "1999-02-03");
  EXPECT_EQ(burst.first_quarter, 13U * 4);
  EXPECT_EQ(burst.last_quarter, 14U * 4);
  EXPECT_EQ(burst.calls, 494);
  EXPECT_LE(fit.profile.bursts.size(), 3U);
  ASSERT_TRUE(fit.held_out && fit.gaps && fit.holding && fit.trend);
  EXPECT_EQ(date_text(fit.held_out->from_date), "1999-02-22");
  EXPECT_EQ(fit.held_out->hours, 168U);
  EXPECT_GT(fit.held_out->share(), 0.8);
  EXPECT_EQ(fit.gaps->gaps, 33'065U);
  EXPECT_FALSE(fit.gaps->p);
  EXPECT_EQ(name_of(fit.holding->laws[fit.holding->best]), "lognormal mixture of 3");
  EXPECT_EQ(fit.trend->weeks.size(), 4U);
}

}  // namespace
}  // namespace trunklab
