// Figures, times and tables as people read them.
#include "reports/text.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "models/record/words.hpp"
#include "tests/reports/example.hpp"

namespace trunklab {
namespace {

struct DurationRow {
  double seconds;
  const char* text;
};
class DurationText : public testing::TestWithParam<DurationRow> {};
TEST_P(DurationText, IsReadable) {
  EXPECT_EQ(duration_text(GetParam().seconds), GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(Table, DurationText,
                         testing::Values(DurationRow{0, "0 s"}, DurationRow{0.35, "350 ms"}, DurationRow{0.9999, "1.0 s"}, DurationRow{8.2, "8.2 s"},
                                         DurationRow{9.97, "10 s"}, DurationRow{119.4, "119 s"}, DurationRow{120, "2 min"},
                                         DurationRow{123, "2 min 3 s"}, DurationRow{3599.7, "1 h"}, DurationRow{3900, "1 h 5 min"},
                                         DurationRow{86400, "24 h"}, DurationRow{273600, "3 d 4 h"}, DurationRow{31536000, "365 d"}));

struct MeasureRow {
  Measure measure;
  const char* text;
};
class MeasureText : public testing::TestWithParam<MeasureRow> {};
TEST_P(MeasureText, HasAsManyDigitsAsItsInterval) {
  EXPECT_EQ(measure_text(GetParam().measure), GetParam().text);
}
const char* const above = "upper bound: fewer than 30 events";
const char* const below = "lower bound: fewer than 30 misses";
INSTANTIATE_TEST_SUITE_P(Table, MeasureText,
                         testing::Values(MeasureRow{{"blocking", "total", "probability", 0.010234, 0.0095, 0.01103, 20, ""},
                                                    "1.023 % [0.950, 1.103]"},
                                         MeasureRow{{"blocking", "total", "probability", 0.0102, 0.0092, 0.0112, 20, ""}, "1.02 % [0.92, 1.12]"},
                                         MeasureRow{{"pdd", "total", "s", 12.312, 12.02, 12.604, 20, ""}, "12.31 s [12.02, 12.60]"},
                                         MeasureRow{{"offered", "total", "calls", 43210.4, 43100, 43320, 20, ""}, "43210 calls [43100, 43320]"},
                                         MeasureRow{{"offered", "total", "calls", 43210, {}, {}, 1, ""}, "43210 calls"},
                                         MeasureRow{{"asr", "total", "probability", 0.65432, {}, {}, 1, ""}, "65.4 %"},
                                         MeasureRow{{"blocking", "total", "probability", 0, 0, 0.000299573, 20, above}, "0 % (95 %: at most 0.0300)"},
                                         MeasureRow{{"lost", "total", "calls", 0.15, 0, 0.3877, 20, above}, "0.150 calls (95 %: at most 0.388)"},
                                         MeasureRow{{"asr", "total", "probability", 1, 0.9985, 1, 20, below}, "100.00 % (95 %: at least 99.85)"},
                                         MeasureRow{{"max", "site/a", "calls", 30, 30, 30, 5, ""}, "30 calls [30, 30]"}));

TEST(Times, AreThoseOfTheRunAndOfTheSite) {
  EXPECT_EQ(run_time_text(example::at(7263.9)), "02:01:03");
  EXPECT_EQ(run_time_text(example::at(200000)), "2 d 07:33:20");
  EXPECT_EQ(clock_text(example::info(), example::at(7200)), "11:00:00");
  EXPECT_EQ(date_and_clock_text(example::info(), example::at(0)), "2026-03-02 09:00:00 +01:00");
  EXPECT_EQ(utc_text(1772438400'250'000'000), "2026-03-02T08:00:00.250Z");
  EXPECT_EQ(utc_text(-1), "1969-12-31T23:59:59.999Z");
  RunInfo west = example::info();
  west.utc_offset_s = -12600;
  EXPECT_EQ(date_and_clock_text(west, example::at(0)), "2026-03-02 04:30:00 -03:30");
}

TEST(TextTable, AlignsWordsLeftAndNumbersRight) {
  TextTable table({{"setting"}, {"lost", TextTable::Align::right}, {"note"}});
  table.add({"as it is", "1234", "now"});
  table.add({"target: addresses", "7", ""});
  EXPECT_EQ(table.text(),
            "setting            lost  note\n"
            "as it is           1234  now\n"
            "target: addresses     7\n");
  EXPECT_TRUE(table.text(Colour::on).starts_with("\033[1msetting"));
}

TEST(TextTable, KeepsWithinItsWidth) {
  TextTable table({{"a"}, {"b"}});
  table.add({"key", "a long text that has to go on in the next line because there is no room for it, as everybody can see, and once more"});
  std::istringstream lines(table.text());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(Wrapped, GoesOnIndented) {
  EXPECT_EQ(wrapped("one two three", 2, 8), "one two\n  three\n");
  EXPECT_EQ(wrapped("one two", 2, 8), "one two\n");
  EXPECT_EQ(wrapped("  unbreakable", 2, 8), "  unbreakable\n");
}

const std::vector<Measure> measures{
    {"offered", "total", "calls", 43210, 43100, 43320, 20, ""},           {"isa", "total", "probability", 0.1, 0.09, 0.11, 20, ""},
    {"blocking", "total", "probability", 0.0102, 0.0092, 0.0112, 20, ""}, {"blocking", "site/oslo", "probability", 0, 0, 0.0003, 20, above},
    {"blocking", "edge/euc1/1", "probability", 0, 0, 0.0003, 20, above},  {"failover_s", "fault/0", "s", 8.2, 7.9, 8.5, 20, "not before repair"},
};

TEST(SummaryText, ShowsTotalsAndFaultsByName) {
  EXPECT_EQ(summary_text(example::info(), measures, Colour::off, example::directory().faults),
            "euc1-edge-loss: 4 h from 2026-03-02 09:00:00 +01:00, seed 18446744073709551615,\n"
            "  2 replications\n"
            "\n"
            "entity                  measure     value\n"
            "total                   offered     43210 calls [43100, 43320]\n"
            "total                   blocking    1.02 % [0.92, 1.12]\n"
            "fault/0 (euc1/1 crash)  failover_s  8.20 s [7.90, 8.50], not before repair\n");
}

TEST(SummaryText, ShowsSitesIfThereAreSeveral) {
  std::vector<Measure> more = measures;
  more.push_back({"blocking", "site/stockholm", "probability", 0, 0, 0.0003, 20, above});
  const std::string text = summary_text(example::info(), more);
  EXPECT_NE(text.find("\nsite/oslo       blocking    0 % (95 %: at most 0.0300)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nsite/stockholm  blocking"), std::string::npos) << text;
  EXPECT_NE(text.find("\nfault/0         failover_s"), std::string::npos) << text;
}

TEST(SummaryText, ShowsTheUnusualOnlyWhereItHappened) {
  std::vector<Measure> more = measures;
  more.push_back({"failed_callback", "total", "calls", 0, 0, 3, 20, above});
  more.push_back({"failed_unauthorized", "total", "calls", 7, 6, 8, 20, ""});
  more.push_back({"lost_minutes", "fault/0", "min", 0, {}, {}, 1, ""});
  const std::string text = summary_text(example::info(), more);
  EXPECT_EQ(text.find("failed_callback"), std::string::npos) << text;
  EXPECT_EQ(text.find("lost_minutes"), std::string::npos) << text;
  EXPECT_NE(text.find("total    failed_unauthorized  7.0 calls"), std::string::npos) << text;
}

TEST(SummaryText, HasARowForEveryOutcome) {
  std::vector<Measure> counts;
  for (int outcome = 0; outcome <= static_cast<int>(Outcome::abandoned); ++outcome) {
    counts.push_back({std::string{word(static_cast<Outcome>(outcome))}, "total", "calls", 5, {}, {}, 1, ""});
  }
  const std::string text = summary_text(example::info(), counts);
  for (const Measure& count : counts) EXPECT_NE(text.find("total   " + count.name + ' '), std::string::npos) << count.name << '\n' << text;
}

}  // namespace
}  // namespace trunklab
