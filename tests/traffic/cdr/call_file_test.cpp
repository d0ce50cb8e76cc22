// Reading call files: columns, forms, and every kind of broken line with its message.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/traffic/cdr/support.hpp"

namespace trunklab {
namespace {

using testing::CallFiles;
using testing::count_of;
using testing::plain_calls;

class CallFileTest : public CallFiles {
 protected:
  std::string problem_of(const std::string& text) {
    const auto tallies = tally_calls(wishes_for(text));
    return tallies ? "" : text_of(tallies.problems());
  }
};

TEST_F(CallFileTest, GuessesCommonNames) {
  struct Names {
    const char* heading;
    const char* row;
  };
  for (const auto& [heading, row] :
       {Names{"calldate,src,duration,billsec,disposition", "2024-03-04 10:00:{:02},4670{},75,60,ANSWERED"},
        Names{"start_stamp,caller_id_number,duration,billsec,hangup_cause", "2024-03-04 10:00:{:02},4670{},75,60,NORMAL_CLEARING"},
        Names{"Start Time,Caller,Duration (sec),Talk Time,Status", "2024-03-04T10:00:{:02}Z,4670{},75,60,200"}}) {
    std::string text = std::string(heading) + "\n";
    for (int i = 0; i < 120; ++i) text += fmt::format(fmt::runtime(row), i % 60, i) + "\n";
    const auto tallies = tally_calls(wishes_for(text));
    ASSERT_TRUE(tallies) << text_of(tallies.problems());
    EXPECT_EQ(tallies.value().kept, 120U) << heading;
    EXPECT_EQ(tallies.value().answered, 120U) << heading;
    EXPECT_DOUBLE_EQ(tallies.value().holding.mean(), 75) << heading;
    EXPECT_DOUBLE_EQ(tallies.value().talk_sum_s, 120 * 60) << heading;
    EXPECT_TRUE(tallies.value().shape.columns.arrival.guessed);
    ASSERT_EQ(tallies.value().prefixes.size(), 1U) << "only a prefix of a number is kept";
    EXPECT_EQ(tallies.value().prefixes.begin()->first, "467...");
  }
}

TEST_F(CallFileTest, TakesColumnsAsToldAndNoneForNone) {
  TallyWishes wishes = wishes_for("duration,when,time\n" + [] {
    std::string rows;
    for (int i = 0; i < 100; ++i) rows += fmt::format("0:01:{:02},{},9\n", i % 60, 1709546400 + i);
    return rows;
  }());
  wishes.file.columns.arrival = "when";
  wishes.file.columns.number = "";
  const auto tallies = tally_calls(wishes);
  ASSERT_TRUE(tallies) << text_of(tallies.problems());
  EXPECT_EQ(tallies.value().shape.form, DateForm::unix_s);
  EXPECT_FALSE(tallies.value().shape.columns.arrival.guessed);
  EXPECT_EQ(tallies.value().first_ns, 1709546400LL * 1'000'000'000);
}

TEST_F(CallFileTest, TakesMillisecondsByTheColumnsName) {
  std::string text = "arrival,duration_ms\n";
  for (int i = 0; i < 100; ++i) text += fmt::format("{},90500\n", 1709546400 + i);
  const auto tallies = tally_calls(wishes_for(text));
  ASSERT_TRUE(tallies);
  EXPECT_DOUBLE_EQ(tallies.value().holding.mean(), 90.5);
  EXPECT_FALSE(tallies.value().whole_second_holdings);
}

TEST_F(CallFileTest, SaysWhatIsWrongWithALine) {
  const std::string sound = "arrival,holding\n2024-03-04T10:00:00,60\n";
  struct Row {
    std::string text;
    const char* message;
  };
  for (const auto& [text, message] :
       {Row{sound + "2024-03-04T10:61:00,60\n",
            "calls.csv:3:1: found '2024-03-04T10:61:00', expected a date and time such as 2024-03-31T09:15:00, years 1970 to 2150\n"},
        Row{sound + "2024-03-04T10:01:00,sixty\n", "calls.csv:3:21: found 'sixty', expected seconds such as 182 or 0:03:02\n"},
        Row{sound + "2024-03-04T10:01:00,\n", "calls.csv:3:21: found '', expected seconds such as 182 or 0:03:02\n"},
        Row{sound + "2024-03-04T10:01:00,nan\n", "calls.csv:3:21: found 'nan', expected seconds such as 182 or 0:03:02\n"},
        Row{sound + "2024-03-04T10:01:00,1e300\n", "calls.csv:3:21: found '1e300', expected seconds up to 1000000000, such as 182 or 0:03:02\n"},
        Row{sound + "2024-03-04T10:01:00\n", "calls.csv:3:1: found 1 fields, expected 2 as in the heading\n"},
        Row{sound + "\"2024-03-04T10:01:00,60\n",
            "calls.csv:3:1: found a quote that is not closed, expected a closing quote before the end of the file\n"},
        Row{sound, "calls.csv: found 1 calls in 1 rows, expected at least 100 to fit anything\n"},
        Row{"arrival,holding\n", "calls.csv:2:1: found a heading and no rows, expected at least one row\n"},
        Row{"", "calls.csv:1:1: found an empty file, expected a heading line that names the columns\n"},
        Row{"arrival;holding\n1;2\n", "calls.csv:1:1: found 'arrival;holding', expected columns separated by commas\n"},
        Row{"foo,bar\n1,2\n", "calls.csv:1:1: found columns foo, bar, expected one with the time of each row: name it with --arrival\n"},
        Row{"arrival,bar\n1,2\n",
            "calls.csv:1:1: found columns arrival, bar, expected one with the seconds of each call: name it with --holding (counts per interval: "
            "--counts)\n"},
        Row{"arrival,holding\n03/04/2024 10:00:00,60\n",
            "calls.csv:2:1: found '03/04/2024 10:00:00', expected --date-format dmy or mdy: no day above 12 in the first rows tells which comes "
            "first\n"},
        Row{"arrival,holding\nyesterday,60\n",
            "calls.csv:2:1: found 'yesterday', expected a date and time: 2024-03-31T09:15:00, 31/03/2024 09:15:00, 03/31/2024 09:15:00, or seconds "
            "since 1970; years 1970 to 2150\n"},
        Row{"arrival,holding\n0001-01-01T00:00:00,60\n",
            "calls.csv:2:1: found '0001-01-01T00:00:00', expected a date and time: 2024-03-31T09:15:00, 31/03/2024 09:15:00, 03/31/2024 09:15:00, or "
            "seconds since 1970; years 1970 to 2150\n"}}) {
    EXPECT_EQ(problem_of(text), message) << text;
  }
}

TEST_F(CallFileTest, StopsAtTwentyMistakes) {
  std::string text = "arrival,holding\n" + plain_calls("2024-03-04T10:00:00", 5);
  for (int i = 0; i < 50; ++i) text += "never,60\n";
  const auto tallies = tally_calls(wishes_for(text));
  ASSERT_FALSE(tallies);
  EXPECT_EQ(tallies.problems().size(), 20U);
}

TEST_F(CallFileTest, NamesAColumnThatIsNotThere) {
  TallyWishes wishes = wishes_for("arrival,holding\n2024-03-04T10:00:00,60\n");
  wishes.file.columns.holding = "length";
  const auto tallies = tally_calls(wishes);
  ASSERT_FALSE(tallies);
  EXPECT_EQ(text_of(tallies.problems()), "--holding: found 'length', expected a column of the file: arrival, holding\n");
  wishes = wishes_for("arrival,holding\n2024-03-04T10:00:00,60\n");
  wishes.file.zone = "Mars/Olympus";
  EXPECT_FALSE(tally_calls(wishes));
}

TEST_F(CallFileTest, DoesNotGuessAColumnThatHasARole) {
  TallyWishes wishes = wishes_for("arrival,holding\n" + plain_calls("2024-03-04T10:00:00", 120));
  wishes.file.columns.talk = "holding";
  const auto tallies = tally_calls(wishes);
  ASSERT_TRUE(tallies) << text_of(tallies.problems());
  EXPECT_FALSE(tallies.value().shape.columns.holding);
  EXPECT_EQ(tallies.value().shape.columns.talk->name, "holding");
}

TEST_F(CallFileTest, TellsTheDoubledHoursApartByTheirOrder) {
  // 2024-10-27, clocks set back from 03:00 to 02:00: calls every 10 minutes from 01:30 to 03:30.
  std::string text = "arrival,holding\n";
  for (const char* hour : {"01:30", "01:40", "01:50", "02:00", "02:10", "02:20", "02:30", "02:40", "02:50", "02:00", "02:10", "02:20", "02:30",
                           "02:40", "02:50", "03:00", "03:10"}) {
    text += fmt::format("2024-10-27T{}:00,60\n", hour);
  }
  text += plain_calls("2024-10-27T03:20:00", 100);
  TallyWishes wishes = wishes_for(text);
  wishes.file.zone = "Europe/Berlin";
  const auto tallies = tally_calls(wishes);
  ASSERT_TRUE(tallies) << text_of(tallies.problems());
  EXPECT_EQ(count_of(tallies.value(), Oddity::doubled_hour).rows, 12U);
  EXPECT_EQ(count_of(tallies.value(), Oddity::out_of_order).rows, 0U);
  const LocalDay& day = tallies.value().days.front();
  EXPECT_EQ(day.recorded_s[8], 1800) << "two quarters past 02:00";
  EXPECT_EQ(day.calls[8], 4);
}

TEST_F(CallFileTest, DropsWhatSummerTimeSkips) {
  TallyWishes wishes = wishes_for("arrival,holding\n" + plain_calls("2024-03-31T01:00:00", 240));
  wishes.file.zone = "Europe/Berlin";
  const auto tallies = tally_calls(wishes);
  ASSERT_TRUE(tallies);
  EXPECT_EQ(count_of(tallies.value(), Oddity::skipped_hour).rows, 60U);
  EXPECT_EQ(count_of(tallies.value(), Oddity::skipped_hour).first_line, 62U);
  EXPECT_EQ(tallies.value().kept, 180U);
  EXPECT_EQ(tallies.value().days.front().recorded_s[8], 0) << "nobody can have called at 02:00";
}

TEST_F(CallFileTest, FindsTheIntervalOfCounts) {
  std::string text = "time,count\n";
  for (int i = 0; i < 48; ++i) text += fmt::format("{},{}\n", testing::local_text("2024-03-04T08:00:00", i * 1800), i);
  TallyWishes wishes = wishes_for(text);
  wishes.file.columns.counts = true;
  const auto tallies = tally_calls(wishes);
  ASSERT_TRUE(tallies) << text_of(tallies.problems());
  EXPECT_EQ(tallies.value().every_s, 1800);
  EXPECT_EQ(tallies.value().calls, 47 * 48 / 2);
  EXPECT_EQ(tallies.value().days.front().calls[34], 0.5) << "08:30 has one call in two quarters";
  EXPECT_EQ(tallies.value().days.front().recorded_s[31], 0) << "nothing is known before 08:00";
  wishes = wishes_for(text + "2024-03-06T00:00:00,-3\n");
  wishes.file.columns.counts = true;
  EXPECT_EQ(text_of(tally_calls(wishes).problems()), "calls.csv:50:21: found '-3', expected a count of calls from 0 to 1000000000\n");
}

}  // namespace
}  // namespace trunklab
