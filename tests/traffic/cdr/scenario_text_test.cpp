// Scenarios made of fits are read back by the scenario reader, and say what was fitted.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "scenarios/reader.hpp"
#include "tests/traffic/cdr/support.hpp"
#include "traffic/cdr/scenario_text.hpp"

namespace trunklab {
namespace {

using testing::plain_calls;

class ScenarioText : public testing::CallFiles {
 protected:
  /// Tallies, fits, writes what there is to be written, and reads the scenario.
  Scenario read_back(const TallyWishes& wishes, const FitWishes& fit_wishes = {}, bool trace = false) {
    auto tallies = tally_calls(wishes);
    if (!tallies) throw std::runtime_error(text_of(tallies.problems()));
    const CallFit fit = fit_calls(tallies.value(), fit_wishes);
    const ScenarioWishes names{.call_file = "calls.csv", .quantiles_file = "quantiles.csv"};
    auto files = trace ? trace_scenario(tallies.value(), fit, names) : Result<ScenarioFiles>(fitted_scenario(tallies.value(), fit, names));
    if (!files) throw std::runtime_error(text_of(files.problems()));
    yaml_ = files.value().yaml;
    quantiles_ = files.value().quantiles;
    if (!quantiles_.empty()) write_file(folder() / "quantiles.csv", quantiles_);
    const auto scenario = parse_scenario(yaml_, "fitted.yaml");
    if (!scenario) throw std::runtime_error(text_of(scenario.problems()) + yaml_);
    return scenario.value();
  }
  /// Three weeks, by day 15 calls an hour; holding times by `holding(draws)`.
  template <class Holding>
  static std::string weeks(Holding holding, const std::string& heading = "arrival,holding") {
    Draws draws(1);
    std::string text = heading + "\n";
    for (int hour = 0; hour < 21 * 24; ++hour) {
      if (hour % 24 < 8 || hour % 24 >= 18) continue;
      for (int i = 0; i < 15; ++i) text += fmt::format("{},{}\n", testing::local_text("2024-03-04T00:00:00", hour * 3600 + i * 240), holding(draws));
    }
    return text;
  }
  std::string yaml_;
  std::string quantiles_;
};

TEST_F(ScenarioText, HasTheWeekAsARateTable) {
  const Scenario scenario = read_back(wishes_for(weeks([](Draws& draws) { return fmt::format("{:.3f}", 180 * draws.exponential()); })));
  EXPECT_EQ(scenario.horizon.duration, std::chrono::hours{168});
  EXPECT_EQ(iso8601(scenario.horizon.start_unix_ns, 0), "2024-03-25T00:00:00Z") << "the Monday after";
  const auto& arrivals = std::get<VaryingArrivals>(scenario.demands.at(0).arrivals);
  EXPECT_EQ(arrivals.between, VaryingArrivals::Between::step);
  ASSERT_EQ(arrivals.table.size(), 15U) << "night and day, seven times, equal rates in one row";
  EXPECT_EQ(arrivals.table[1].from, run_start + std::chrono::hours{8});
  EXPECT_NEAR(arrivals.table[1].rate.value() * 3600, 15, 0.01);
  EXPECT_EQ(arrivals.table[0].rate.value(), 0);
  EXPECT_NEAR(in_seconds(std::get<Exponential>(scenario.demands[0].holding).mean), 180, 13) << "four standard errors";
  EXPECT_EQ(quantiles_, "");
  EXPECT_GE(scenario.sites.at(0).channels, 4U) << "0.75 Erlang; at 1 % three channels carry 0.455 (Erlang's table)";
  EXPECT_LE(scenario.sites.at(0).channels, 6U) << "1.909: twice as much is in no hour";
  EXPECT_TRUE(yaml_.starts_with(scenario_opening));
}

TEST_F(ScenarioText, NamesALognormalThatFits) {
  const Scenario scenario = read_back(wishes_for(weeks([](Draws& draws) { return fmt::format("{:.3f}", std::exp(4.5 + 0.8 * draws.normal())); })));
  const auto& law = std::get<Lognormal>(scenario.demands.at(0).holding);
  EXPECT_NEAR(in_seconds(law.mean), std::exp(4.82), 9);
  EXPECT_NEAR(law.cv, std::sqrt(std::exp(0.64) - 1), 0.1);
}

TEST_F(ScenarioText, PlaysTheQuantilesOfAMixture) {
  const Scenario scenario = read_back(
      wishes_for(weeks([](Draws& draws) { return fmt::format("{:.3f}", std::exp((draws.uniform() < 0.4 ? 2.0 : 6.0) + 0.4 * draws.normal())); })));
  const auto& law = std::get<Empirical>(scenario.demands.at(0).holding);
  EXPECT_EQ(law.sorted_values->size(), 1000U);
  EXPECT_NEAR(in_seconds(mean_of(law)), 0.4 * std::exp(2.08) + 0.6 * std::exp(6.08), 17);
  EXPECT_TRUE(quantiles_.starts_with(quantiles_opening));
  EXPECT_NE(yaml_.find("lognormal mixture of 2"), std::string::npos);
}

TEST_F(ScenarioText, HasTheAnswerMixWhereOnlyTalkTimesAreKnown) {
  const Scenario scenario =
      read_back(wishes_for(weeks([](Draws& draws) { return draws.uniform() < 0.75 ? "60,answered" : "0,busy"; }, "arrival,talk,outcome")));
  const AnswerMix& mix = scenario.demands.at(0).answer;
  EXPECT_NEAR(mix.answered.value(), 0.75, 0.02);
  EXPECT_NEAR(mix.busy.value(), 0.25, 0.02);
  EXPECT_NEAR(mix.answered.value() + mix.busy.value(), 1, 1e-9);
  const auto& law = scenario.demands[0].holding;
  EXPECT_NEAR(in_seconds(mean_of(law)), 60, 0.5) << "of answered calls only";
}

TEST_F(ScenarioText, HalfHoursAndCountsWork) {
  std::string text = "time,count\n";
  for (int i = 0; i < 48 * 14; ++i) text += fmt::format("{},{}\n", testing::local_text("2024-03-04T00:00:00", i * 1800), i % 48);
  TallyWishes wishes = wishes_for(text);
  wishes.file.columns.counts = true;
  const Scenario scenario = read_back(wishes, {.slots_a_day = 48, .fixed_hour = std::nullopt});
  const auto& arrivals = std::get<VaryingArrivals>(scenario.demands.at(0).arrivals);
  EXPECT_EQ(arrivals.table.size(), 48U * 7);
  EXPECT_NEAR(arrivals.table[47].rate.value() * 3600, 94, 0.01);
  EXPECT_NE(yaml_.find("ours: the file does not tell"), std::string::npos);
}

TEST_F(ScenarioText, OfATracePlaysTheFile) {
  TallyWishes wishes = wishes_for("arrival,holding\n" + plain_calls("2024-03-04T10:00:00", 200));
  const Scenario scenario = read_back(wishes, {}, true);
  const auto& trace = std::get<TraceArrivals>(scenario.demands.at(0).arrivals);
  EXPECT_EQ(trace.arrival_column, "arrival");
  EXPECT_EQ(iso8601(trace.from_unix_ns, 0), "2024-03-04T00:00:00Z");
  EXPECT_EQ(iso8601(trace.to_unix_ns, 0), "2024-03-05T00:00:00Z");
}

TEST_F(ScenarioText, OfATraceSaysWhatCannotBePlayed) {
  for (const char* row : {"1709546400,60", "2024-03-04 10:00,60", "2024-03-04T10:00:00+0100,60", "2024-03-04T10:00:00,0:01:00"}) {
    std::string text = "arrival,holding\n";
    for (int i = 0; i < 100; ++i) text += std::string(row) + "\n";
    EXPECT_THROW(read_back(wishes_for(text), {}, true), std::runtime_error) << row;
  }
  EXPECT_THROW(read_back(wishes_for("arrival,talk\n" + plain_calls("2024-03-04T10:00:00", 200) + "2024-03-04T20:00:00,\n"), {}, true),
               std::runtime_error);
  EXPECT_THROW(read_back(wishes_for("arrival,holding\n" + plain_calls("2024-03-04T10:00:00", 200) + "2024-03-04T20:00:00,-1\n"), {}, true),
               std::runtime_error);
}

TEST_F(ScenarioText, SurvivesNamesThatYamlWouldRead) {
  TallyWishes wishes = wishes_for("\"a: \"\"b\"\" #c\",d\\e\n" + plain_calls("2024-03-04T10:00:00", 200));
  wishes.file.columns.arrival = "a: \"b\" #c";
  wishes.file.columns.holding = "d\\e";
  const Scenario scenario = read_back(wishes, {}, true);
  const auto& trace = std::get<TraceArrivals>(scenario.demands.at(0).arrivals);
  EXPECT_EQ(trace.arrival_column, "a: \"b\" #c");
  EXPECT_EQ(trace.holding_column, "d\\e");
}

}  // namespace
}  // namespace trunklab
