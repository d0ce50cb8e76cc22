// Arrivals are Poisson: gaps, counts and dispersion, across the windows at which they restart, and for rates that vary with a known integral.
#include <gtest/gtest.h>

#include <functional>
#include <numbers>

#include "tests/scenarios/files.hpp"
#include "tests/tolerances.hpp"
#include "tests/traffic/demand/support.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using testing::demand_with;
using testing::Rows;
using testing::rows_of;

// ---- a constant rate

struct ConstantRow {
  double rate;
  Span horizon;
  const char* name;
};
class ConstantRate : public ::testing::TestWithParam<ConstantRow> {
 protected:
  static Rows rows(std::uint64_t seed) { return rows_of(demand_with(PoissonArrivals{CallsPerSecond{GetParam().rate}}), GetParam().horizon, seed); }
};

TEST_P(ConstantRate, GapsAreExponentialAcrossWindows) {
  std::vector<double> probabilities;
  for (std::uint64_t seed = 1; seed <= tolerance::seeds; ++seed) {
    Instant last = run_start;
    for (const PlannedCall& row : rows(seed)) {
      probabilities.push_back(1 - std::exp(-GetParam().rate * in_seconds(row.at - last)));
      last = row.at;
    }
  }
  EXPECT_LE(testing::ks_statistic(probabilities), tolerance::ks_limit) << probabilities.size() << " gaps";
}

TEST_P(ConstantRate, CallsAreAsManyAsExpectedAndAsScattered) {
  double calls = 0;
  std::vector<double> per_seed;
  for (std::uint64_t seed = 1; seed <= tolerance::seeds; ++seed) {
    per_seed.push_back(static_cast<double>(rows(seed).size()));
    calls += per_seed.back();
  }
  const double expected = GetParam().rate * in_seconds(GetParam().horizon) * static_cast<double>(tolerance::seeds);
  ASSERT_LE(1 / std::sqrt(expected), tolerance::relative_standard_error);
  EXPECT_LE(std::abs(calls - expected), tolerance::standard_errors * std::sqrt(expected));
  EXPECT_LE(std::abs(testing::dispersion_z(per_seed)), tolerance::standard_errors);
}

TEST_P(ConstantRate, CountsDisperseLikePoissonCountsHoweverTheyLieOnTheWindows) {
  const auto bins = static_cast<std::size_t>(GetParam().horizon / arrival_window) - 1;
  for (const Span shift : {0s, 17s, 30s}) {
    std::vector<double> counts;
    for (std::uint64_t seed = 1; seed <= tolerance::seeds; ++seed) {
      const auto more = testing::counts_in(rows(seed), run_start + shift, arrival_window, bins);
      counts.insert(counts.end(), more.begin(), more.end());
    }
    EXPECT_LE(std::abs(testing::dispersion_z(counts)), tolerance::standard_errors) << "bins begin " << shift.count() << " ns into a window";
    EXPECT_LE(std::abs(testing::neighbours_z(counts)), tolerance::standard_errors) << "bins begin " << shift.count() << " ns into a window";
  }
}

// Slow: nearly every gap crosses the restart of a window. Fast: nearly none does.
INSTANTIATE_TEST_SUITE_P(Rates, ConstantRate,
                         ::testing::Values(ConstantRow{0.01, 200'000s, "slow"}, ConstantRow{0.5, 20'000s, "medium"}, ConstantRow{40, 600s, "fast"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(PoissonDemands, OfOneRunAreIndependent) {
  std::vector<double> products;
  for (std::uint64_t seed = 1; seed <= tolerance::seeds; ++seed) {
    const auto counts = [seed](const char* name) {
      return testing::counts_in(rows_of(demand_with(PoissonArrivals{CallsPerSecond{1}}, name), 6000s, seed), run_start, 60s, 100);
    };
    const auto left = counts("left");
    const auto right = counts("right");
    for (std::size_t bin = 0; bin < left.size(); ++bin) products.push_back((left[bin] - 60) * (right[bin] - 60) / 60);
  }
  Moments moments;
  for (const double product : products) moments.add(product);
  EXPECT_LE(std::abs(moments.mean()), tolerance::standard_errors / std::sqrt(static_cast<double>(products.size())));
}

// ---- rates that vary, each with an integral that the test works out by itself

struct VaryingRow {
  const char* name;
  std::function<Scenario(const std::filesystem::path& folder)> scenario;
  std::function<double(double t)> expected;  ///< calls before second t
};

const std::string sites = "sites:\n  stockholm: { routing: { regions: [euc1] } }\ndemand:\n  day:\n    holding: 3min\n    arrivals:\n";

// 10 + 8 sin(2 pi t / 2 h) calls a second, as straight lines between points 30 s apart: within 1e-4 of the curve. After the last point the rate
// holds, for a second.
constexpr double base = 10;
constexpr double swing = 8;
constexpr double period_s = 7200;

Scenario sinusoid(const std::filesystem::path&) {
  std::string text = "horizon: { duration: 14371s }\n" + sites + "      process: varying\n      between: linear\n      table:\n";
  for (int t = 0; t <= 14'370; t += 30) {
    const double rate = base + swing * std::sin(2 * std::numbers::pi * t / period_s);
    text += "        - { from: " + std::to_string(t) + "s, rate: " + std::to_string(rate) + "/s }\n";
  }
  return testing::scenario_of(text);
}
double sinusoid_expected(double t) {
  const double pulsation = 2 * std::numbers::pi / period_s;
  return base * t + swing / pulsation * (1 - std::cos(pulsation * t));
}

// Some of the steps lie within a window, one has no calls at all.
struct Step {
  double from, to, rate;
};
constexpr Step steps[]{{0, 1000, 4}, {1000, 1090, 60}, {1090, 3000, 0.5}, {3000, 4500, 0}, {4500, 4530, 100}, {4530, 14'400, 7}};

Scenario step_table(const std::filesystem::path&) {
  std::string text = "horizon: { duration: 4h }\n" + sites + "      process: varying\n      between: step\n      table:\n";
  for (const Step& step : steps) {
    text += "        - { from: " + std::to_string(static_cast<int>(step.from)) + "s, rate: " + std::to_string(step.rate) + "/s }\n";
  }
  return testing::scenario_of(text);
}
double step_expected(double t) {
  double calls = 0;
  for (const auto& [from, to, rate] : steps) calls += rate * std::max(0.0, std::min(t, to) - from);
  return calls;
}

// Five-minute counts, scaled by a tenth; one row is missing.
constexpr double counted[]{5000, 12'000, 20'000, 31'000, -1, 9000, 27'000, 18'000, 6000, 15'000, 22'000, 11'000};

Scenario counts_file(const std::filesystem::path& folder) {
  std::string csv = "DateTime,Calls\n";
  for (int bin = 0; bin < static_cast<int>(std::size(counted)); ++bin) {
    if (counted[bin] < 0) continue;
    const std::string minute = std::to_string(100 + 5 * bin).substr(1);
    csv += "2003-03-03T07:" + minute + ":00Z," + std::to_string(static_cast<int>(counted[bin])) + "\n";
  }
  write_file(folder / "counts.csv", csv);
  return testing::scenario_of("horizon: { start: 2003-03-03T07:00:00Z, duration: 1h }\n" + sites +
                                  "      process: counts\n      file: counts.csv\n      time_column: DateTime\n      count_column: Calls\n"
                                  "      every: 5min\n      from: 2003-03-03T07:00:00Z\n      scale: 10%\n",
                              (folder / "counts.yaml").string());
}
double counts_expected(double t) {
  double calls = 0;
  for (std::size_t bin = 0; bin < std::size(counted); ++bin) {
    calls += std::max(0.0, counted[bin]) * 0.1 * std::clamp(t / 300 - static_cast<double>(bin), 0.0, 1.0);
  }
  return calls;
}

class VaryingRate : public ::testing::TestWithParam<VaryingRow> {
 protected:
  /// Lambda at each arrival, one list a seed.
  std::vector<std::vector<double>> rescaled() const {
    Scenario scenario = GetParam().scenario(folder_.path());
    std::vector<std::vector<double>> runs;
    for (scenario.seed = 1; scenario.seed <= tolerance::seeds; ++scenario.seed) {
      auto& run = runs.emplace_back();
      for (const PlannedCall& row : rows_of(scenario)) run.push_back(GetParam().expected(in_seconds(row.at)));
    }
    return runs;
  }
  [[nodiscard]] double all_of_it() const { return GetParam().expected(in_seconds(GetParam().scenario(folder_.path()).horizon.duration)); }

 private:
  TemporaryFolder folder_;
};

// Time on the scale of Lambda turns arrivals at any rate into those of rate 1.
TEST_P(VaryingRate, RescaledGapsPassKolmogorovSmirnov) {
  std::vector<double> probabilities;
  for (const auto& run : rescaled()) {
    double last = 0;
    for (const double arrival : run) {
      probabilities.push_back(1 - std::exp(-(arrival - last)));
      last = arrival;
    }
  }
  const double statistic = testing::ks_statistic(probabilities);
  RecordProperty("ks", std::to_string(statistic));
  EXPECT_LE(statistic, tolerance::ks_limit) << probabilities.size() << " gaps";
}

TEST_P(VaryingRate, RescaledGapsOfASingleRunPassToo) {
  std::vector<double> probabilities;
  double last = 0;
  const auto runs = rescaled();
  for (const double arrival : runs.front()) {
    probabilities.push_back(1 - std::exp(-(arrival - last)));
    last = arrival;
  }
  EXPECT_LE(testing::ks_statistic(probabilities), tolerance::ks_limit) << probabilities.size() << " gaps";
}

TEST_P(VaryingRate, ArrivalsLieOverTheDayAsTheIntegralSays) {
  std::vector<double> probabilities;
  const double all = all_of_it();
  for (const auto& run : rescaled()) {
    for (const double arrival : run) probabilities.push_back(arrival / all);
  }
  EXPECT_LE(testing::ks_statistic(probabilities), tolerance::ks_limit) << probabilities.size() << " arrivals";
}

TEST_P(VaryingRate, CallsAreAsManyAsExpectedAndCountsDisperseLikePoissonCounts) {
  const auto bins = static_cast<std::size_t>(all_of_it() / 25);
  double calls = 0;
  std::vector<double> counts;
  for (const auto& run : rescaled()) {
    calls += static_cast<double>(run.size());
    std::vector<double> of_run(bins);
    for (const double arrival : run) {
      if (const auto bin = static_cast<std::size_t>(arrival / 25); bin < bins) ++of_run[bin];
    }
    counts.insert(counts.end(), of_run.begin(), of_run.end());
  }
  const double expected = all_of_it() * static_cast<double>(tolerance::seeds);
  ASSERT_LE(1 / std::sqrt(expected), tolerance::relative_standard_error);
  EXPECT_LE(std::abs(calls - expected), tolerance::standard_errors * std::sqrt(expected));
  EXPECT_LE(std::abs(testing::dispersion_z(counts)), tolerance::standard_errors);
  EXPECT_LE(std::abs(testing::neighbours_z(counts)), tolerance::standard_errors);
}

INSTANTIATE_TEST_SUITE_P(Tables, VaryingRate,
                         ::testing::Values(VaryingRow{"sinusoid_as_lines", sinusoid, sinusoid_expected},
                                           VaryingRow{"steps", step_table, step_expected}, VaryingRow{"counts_file", counts_file, counts_expected}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace trunklab
