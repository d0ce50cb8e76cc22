// Use of channels and caps against a run worked out by hand.
#include <gmock/gmock.h>

#include "reports/sections/sections.hpp"
#include "reports/sections/use_of.hpp"
#include "tests/reports/tiny_run.hpp"

namespace trunklab {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

constexpr Span seconds(std::int64_t count) {
  return std::chrono::seconds{count};
}

TEST(Periods, NormalTimeBeginsTwoMinutesAfterARepair) {
  const example::Folder folder;
  tiny::write(folder / "run.db", RunRecordWriter::End::complete);
  const auto periods = periods_of(RunRecord(folder / "run.db"));
  ASSERT_THAT(periods, SizeIs(2));
  EXPECT_THAT(periods[0].stretches, ElementsAre(Pair(seconds(60), seconds(7200)), Pair(seconds(8220), seconds(14400))));
  EXPECT_THAT(periods[1].stretches, ElementsAre(Pair(seconds(7200), seconds(8100))));
}

TEST(Use, WeighsValuesByTheirTime) {
  const std::vector<Period> periods{{"first", {{seconds(0), seconds(100)}}}, {"later", {{seconds(100), seconds(120)}, {seconds(140), seconds(200)}}}};
  Use use(periods);
  use.add(seconds(90), seconds(110), 5);
  use.add(seconds(110), seconds(150), 8);
  EXPECT_DOUBLE_EQ(use.mean(0), 0.5) << "10 s of 5 in 100 s";
  EXPECT_DOUBLE_EQ(use.mean(1), (10 * 5 + 20 * 8) / 80.0) << "what lies between the stretches does not count";
  EXPECT_DOUBLE_EQ(use.percentile(0, 0.90), 0) << "nothing was there for 90 of 100 s";
  EXPECT_DOUBLE_EQ(use.percentile(0, 0.91), 5);
  EXPECT_DOUBLE_EQ(use.percentile(1, 0.95), 8);
  EXPECT_DOUBLE_EQ(use.most(), 8);
  EXPECT_DOUBLE_EQ(use.most(0), 5);
}

TEST(CapacitySection, HoldsUseAgainstLimits) {
  const example::Folder folder;
  tiny::write(folder / "run.db", RunRecordWriter::End::complete);
  const Section section = capacity_section(RunRecord(folder / "run.db"));
  const Table calls = tiny::table_of(section.blocks, "Calls at the same time");
  const auto rows = tiny::texts_of(calls);
  ASSERT_THAT(rows, SizeIs(testing::Ge(2U)));
  EXPECT_EQ(rows[0], "channels of stockholm|600|normal|10.0|10|10|1.67 %");
  EXPECT_EQ(rows[1], "channels of stockholm|600|while it lasted: euc1/1 crash|500.0|500|500|83.33 %");
  EXPECT_EQ(calls.rows[0].cells.back().tone, Tone::plain);
  EXPECT_EQ(calls.rows[1].cells.back().tone, Tone::bad) << "above 80 %";
  EXPECT_THAT(rows, Contains("site stockholm: site cap|200|while it lasted: euc1/1 crash|500.0|500|500|250.00 %"));
  for (const std::string& row : rows) EXPECT_FALSE(row.starts_with("edge use1/1")) << "never used";
}

TEST(CapacitySection, CountsInvitesBySecond) {
  const example::Folder folder;
  tiny::write(folder / "run.db", RunRecordWriter::End::complete);
  const auto rows = tiny::texts_of(tiny::table_of(capacity_section(RunRecord(folder / "run.db")).blocks, "INVITEs in a second"));
  EXPECT_THAT(rows, Contains("edge euc1/2|none|while it lasted: euc1/1 crash|0.0|0|1|-"));
  EXPECT_THAT(rows, Contains("account: account cap, 10/s|10|normal|0.0|0|1|10.00 %"));
}

TEST(CapacitySection, AveragesHoursOfTheWeekOnTheSitesClock) {
  const example::Folder folder;
  tiny::write(folder / "run.db", RunRecordWriter::End::complete);
  const auto maps = tiny::blocks_of<HeatMap>(capacity_section(RunRecord(folder / "run.db")).blocks);
  ASSERT_THAT(maps, SizeIs(1));
  EXPECT_THAT(maps[0].rows, ElementsAre("Monday"));
  const auto& hours = maps[0].values.at(0);
  EXPECT_FALSE(hours.at(8).has_value());
  EXPECT_DOUBLE_EQ(hours.at(9).value(), 10 * 3540 / 3600.0);
  EXPECT_DOUBLE_EQ(hours.at(10).value(), 10);
  EXPECT_DOUBLE_EQ(hours.at(11).value(), (500 * 900 + 10 * 2700) / 3600.0);
  EXPECT_FALSE(hours.at(13).has_value());
}

TEST(CapacitySection, OfAShortRunHasNoHours) {
  const example::Folder folder;
  RunInfo info = tiny::info();
  info.horizon = std::chrono::hours{3} - seconds(1);
  tiny::write(folder / "run.db", RunRecordWriter::End::complete, info);
  EXPECT_THAT(tiny::blocks_of<HeatMap>(capacity_section(RunRecord(folder / "run.db")).blocks), testing::IsEmpty());
}

}  // namespace
}  // namespace trunklab
