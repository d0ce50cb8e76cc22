// The course of a run: series on the grid, states as stretches, what happened when.
#include <gmock/gmock.h>

#include <cmath>

#include "reports/sections/sections.hpp"
#include "reports/sections/time_chart.hpp"
#include "tests/reports/tiny_run.hpp"

namespace trunklab {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr Span seconds(std::int64_t count) {
  return std::chrono::seconds{count};
}

const Series* series_of(const TimeChart& chart, std::string_view panel, std::string_view name) {
  for (const Panel& each : chart.panels) {
    if (!each.title.starts_with(panel)) continue;
    for (const Series& series : each.series) {
      if (series.name == name) return &series;
    }
  }
  return nullptr;
}

TEST(TimeChart, OfARunThatWasStoppedKnowsNothingOfTheRest) {
  const example::Folder folder;
  tiny::write(folder / "run.db", RunRecordWriter::End::incomplete);
  const TimeChart chart = time_chart(RunRecord(folder / "run.db"));
  const Series* held = series_of(chart, "Channels held", "stockholm");
  ASSERT_NE(held, nullptr);
  EXPECT_FLOAT_EQ(held->values[7199], 500);
  EXPECT_TRUE(std::isnan(held->values[14399]));
  EXPECT_TRUE(std::isnan(series_of(chart, "Calls per second", "offered")->values[14399]));
}

TEST(TimeChart, HoldsGaugesAndLeavesGapsOfCountsAtZero) {
  const example::Folder folder;
  tiny::write(folder / "run.db", RunRecordWriter::End::complete);
  const TimeChart chart = time_chart(RunRecord(folder / "run.db"));
  EXPECT_EQ(chart.step, seconds(1));
  const Series* held = series_of(chart, "Channels held", "stockholm");
  ASSERT_NE(held, nullptr);
  ASSERT_THAT(held->values, SizeIs(14400));
  EXPECT_FLOAT_EQ(held->values[58], 0);
  EXPECT_FLOAT_EQ(held->values[59], 10) << "the sample at 60 s tells of the second that ends with it";
  EXPECT_FLOAT_EQ(held->values[7198], 10) << "held until it changes";
  EXPECT_FLOAT_EQ(held->values[7199], 500);
  EXPECT_FLOAT_EQ(held->values[14399], 10);
  const Series* offered = series_of(chart, "Calls per second", "offered");
  ASSERT_NE(offered, nullptr);
  EXPECT_FLOAT_EQ(offered->values[100], 3);
  EXPECT_FLOAT_EQ(offered->values[101], 0);
  EXPECT_EQ(series_of(chart, "Calls at the same time", "use1/1"), nullptr) << "never used";
}

TEST(TimeChart, JoinsStepsOfALongRun) {
  const example::Folder folder;
  RunInfo info = tiny::info();
  info.horizon = std::chrono::hours{240};
  tiny::write(folder / "run.db", RunRecordWriter::End::complete, info);
  const TimeChart chart = time_chart(RunRecord(folder / "run.db"));
  EXPECT_EQ(chart.step, seconds(10)) << "864000 s in 86400 steps";
  const Series* offered = series_of(chart, "Calls per second", "offered");
  ASSERT_NE(offered, nullptr);
  ASSERT_THAT(offered->values, SizeIs(86'400));
  EXPECT_FLOAT_EQ(offered->values[10], 0.3F) << "3 calls in 10 s";
}

TEST(TimeChart, ShowsSetUpDelaysOfMeasuredCallsOnly) {
  const example::Folder folder;
  tiny::write(folder / "run.db", RunRecordWriter::End::complete);
  const TimeChart chart = time_chart(RunRecord(folder / "run.db"));
  const Series* median = series_of(chart, "Set-up delay", "median");
  ASSERT_NE(median, nullptr);
  for (const float value : median->values) EXPECT_TRUE(std::isnan(value) || value > 0);
}

TEST(TimeChart, ShowsStatesAsStretches) {
  const example::Folder folder;
  tiny::write(folder / "run.db", RunRecordWriter::End::complete);
  const TimeChart chart = time_chart(RunRecord(folder / "run.db"));
  ASSERT_THAT(chart.lanes, SizeIs(2));
  EXPECT_EQ(chart.lanes[0].name, "edge euc1/1");
  ASSERT_THAT(chart.lanes[0].stretches, SizeIs(1));
  EXPECT_EQ(chart.lanes[0].stretches[0].from, seconds(7200));
  EXPECT_EQ(chart.lanes[0].stretches[0].until, seconds(8100));
  EXPECT_EQ(chart.lanes[1].name, "probe stockholm euc1/1");
  ASSERT_THAT(chart.lanes[1].stretches, SizeIs(1));
  EXPECT_EQ(chart.lanes[1].stretches[0].until, seconds(14400)) << "never seen up again";
  ASSERT_THAT(chart.shaded, SizeIs(1));
  EXPECT_EQ(chart.shaded[0].text, "euc1/1 crash");
}

TEST(TimelineSection, TellsWhatHappenedWhen) {
  const example::Folder folder;
  tiny::write(folder / "run.db", RunRecordWriter::End::complete);
  const auto steps = tiny::blocks_of<Steps>(timeline_section(RunRecord(folder / "run.db")).blocks);
  ASSERT_THAT(steps, SizeIs(1));
  ASSERT_THAT(steps[0].steps, SizeIs(3));
  EXPECT_THAT(steps[0].steps[0].when, StartsWith("11:00:00"));
  EXPECT_EQ(steps[0].steps[0].tone, Tone::bad);
  EXPECT_THAT(steps[0].steps[1].what, HasSubstr("stockholm"));
  EXPECT_EQ(steps[0].steps[2].tone, Tone::good);
}

}  // namespace
}  // namespace trunklab
