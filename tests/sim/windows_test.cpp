// A horizon of which only the time around faults is simulated says what the whole of it says.
#include "sim/windows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/measures/summary.hpp"
#include "scenarios/reader.hpp"
#include "sim/fault_course.hpp"
#include "sim/sinks.hpp"
#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

Scenario scenario_of(const std::string& text) {
  auto read = parse_scenario(text, "windows.yaml");
  if (!read) throw std::runtime_error(read.problems().front().text());
  return std::move(read).value();
}

constexpr const char* site = "sites:\n  pbx: { channels: 95, routing: { target: addresses, regions: [euc1, use1], probe: never } }\n";
constexpr const char* calls =
    "holding: { distribution: exponential, mean: 180s }, post_dial_delay: 2s, ring_time: 6s, answer: { answered: 70%, busy: 10%, no_answer: 20% }";
constexpr const char* crashes =
    "faults:\n  - { edge: euc1/1, kind: crash, random: { mtbf: 2d, mttr: 20min } }\n"
    "  - { edge: use1/1, kind: crash, random: { mtbf: 4d, mttr: 10min } }\n";

Scenario month(const std::string& arrivals) {
  return scenario_of(std::string("horizon: { duration: 30d }\nseries_every: 1h\nseed: 4\n") + site + "demand:\n  d: { arrivals: " + arrivals + ", " +
                     calls + " }\n" + crashes);
}

class Begins : public NoSink {
 public:
  void events(std::span<const RunEvent> rows) override {
    for (const RunEvent& row : rows) {
      if (row.kind == EventKind::edge_crashed) instants.push_back(row.at);
    }
  }
  std::vector<Instant> instants;
};

TEST(FaultsOfRun, AreThoseThatTheRunHas) {
  const Scenario scenario = month("{ process: poisson, rate: 1/h }");
  Begins begins;
  ASSERT_TRUE(run_once(scenario, {.replication = 3}, begins));
  std::vector<Instant> expected;
  for (const FaultSpec& fault : faults_of_run(scenario, 3)) expected.push_back(fault.at);
  std::ranges::sort(expected);
  ASSERT_EQ(begins.instants.size(), expected.size());
  EXPECT_GT(expected.size(), 10U);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_LE(std::chrono::abs(begins.instants[i] - expected[i]), 1us);
}

TEST(FaultWindows, HoldEveryFaultWithRoomBehindIt) {
  const Scenario scenario = month("{ process: poisson, rate: 1/s }");
  const auto windows = fault_windows(scenario, 0);
  std::size_t faults = 0;
  Instant before = run_start;
  for (const FaultWindow& window : windows) {
    EXPECT_LE(before, window.from);
    before = window.until;
    for (const FaultSpec& fault : window.faults) {
      ++faults;
      EXPECT_GE(fault.at, window.from);
      EXPECT_TRUE(window.until >= fault.at + *fault.duration + 15min || window.until == run_start + 30 * 24h);
    }
  }
  EXPECT_EQ(faults, faults_of_run(scenario, 0).size());
  EXPECT_LT(windows.size(), faults + 1);
}

/// Every measure's interval meets that of the full run, but for as many as 95 % intervals may miss; and the faults' own harm is there.
void meets_the_full_run(const Scenario& scenario) {
  WindowsSeen seen;
  const auto parts = run_windows(scenario, {}, seen);
  NoSink nobody;
  const auto whole = run_study(scenario, {}, nobody);
  ASSERT_TRUE(parts && whole);
  EXPECT_LT(parts.value().calls * 2, whole.value().calls) << "less was simulated: much less, if the horizon is longer";
  const Directory directory = directory_of(scenario);
  const auto from_parts = summarise(parts.value().tallies, directory);
  const auto from_whole = summarise(whole.value().tallies, directory);
  int compared = 0;
  int apart = 0;
  for (const Measure& full : from_whole) {
    const Measure* part = find_measure(from_parts, full.name, full.entity);
    ASSERT_NE(part, nullptr) << full.entity << ' ' << full.name;
    if (!full.low || !full.note.empty() || *full.low == *full.high || !part->low) continue;
    ++compared;
    if (*part->high >= *full.low && *part->low <= *full.high) continue;
    ++apart;
    SCOPED_TRACE(full.entity + " " + full.name);
    EXPECT_NEAR(part->mean, full.mean, std::max(4 * (*full.high - *full.low), 0.05 * full.mean));
  }
  EXPECT_GT(compared, 60);
  EXPECT_LE(apart * 20, compared);
  const auto value = [](const std::vector<Measure>& measures, const char* name) { return find_measure(measures, name)->mean; };
  for (const char* name : {"offered", "answered", "concurrent_mean", "blocking", "dropped", "orphaned"}) {
    const double tolerance = std::string(name) == "offered" || std::string(name) == "answered" ? 0.005 : 0.25;
    EXPECT_NEAR(value(from_parts, name), value(from_whole, name), tolerance * value(from_whole, name) + 5) << name;
  }
  EXPECT_GT(value(from_whole, "orphaned") + value(from_whole, "dropped"), 100);
}

TEST(RunWindows, MeetsTheFullRunAtAConstantRate) {
  meets_the_full_run(month("{ process: poisson, rate: 35/min }"));
}

TEST(RunWindows, MeetsTheFullRunWhereRatesVary) {
  std::string table = "{ process: varying, table: [";
  for (int day = 0; day < 30; ++day) {
    table += std::string(day == 0 ? " " : ", ") + "{ from: " + std::to_string(day * 24) +
             "h, rate: 5/min }, { from: " + std::to_string(day * 24 + 8) + "h, rate: 38/min }, { from: " + std::to_string(day * 24 + 18) +
             "h, rate: 12/min }";
  }
  meets_the_full_run(month(table + " ] }"));
}

TEST(RunWindows, HasNoneOfTracesAndMedia) {
  Scenario scenario = month("{ process: poisson, rate: 1/s }");
  EXPECT_FALSE(no_windows(scenario));
  scenario.demands[0].arrivals = TraceArrivals{};
  EXPECT_THAT(no_windows(scenario)->text(), ::testing::HasSubstr("demand d, which plays a trace"));
  scenario.demands[0].arrivals = PoissonArrivals{CallsPerSecond{1}};
  scenario.demands[0].codecs = {{.share = Probability{1}, .formats = {{.codec = Codec::pcma}}}};
  EXPECT_TRUE(no_windows(scenario));
}

TEST(RunWindows, EndsWhenItIsStopped) {
  const std::atomic<bool> stop = true;
  WindowsSeen seen;
  const auto stopped = run_windows(month("{ process: poisson, rate: 1/s }"), {.stop = &stop}, seen);
  ASSERT_TRUE(stopped);
  EXPECT_FALSE(stopped.value().complete);
}

}  // namespace
}  // namespace trunklab
