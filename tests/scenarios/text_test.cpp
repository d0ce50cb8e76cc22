// The small languages of the scenario file: durations, rates, percentages, dates, words.
#include <gtest/gtest.h>

#include <array>

#include "scenarios/nearest_word.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/time_text.hpp"
#include "scenarios/utf8.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsANumberWithAUnitOrASumOfThem) {
  struct Row {
    const char* text;
    std::optional<Span> span;
  };
  const Row rows[]{
      {"180s", 180s},
      {"3min", 3min},
      {"500ms", 500ms},
      {"2us", 2us},
      {"7ns", 7ns},
      {"4h", 4h},
      {"28d", 672h},
      {"1h30min", 90min},
      {"1d2h3min4s5ms6us7ns", 26h + 3min + 4s + 5ms + 6us + 7ns},
      {"1.5h", 90min},
      {"0.1s", 100ms},
      {"2.000000001s", 2s + 1ns},
      {"0s", 0s},
      {"007s", 7s},
      {"0.4ns", 0ns},
      {"", {}},
      {"180", {}},
      {"s", {}},
      {"180 s", {}},
      {"-5s", {}},
      {"+5s", {}},
      {"1e3s", {}},
      {"5S", {}},
      {"5sec", {}},
      {"30min1h", {}},
      {"1s2s", {}},
      {"1min90", {}},
      {".5s", {}},
      {"5.s", {}},
      {"1.2.3s", {}},
      {"100000d", {}},
      {"99999999999999999999s", {}},
      {"5s ", {}},
      {"infs", {}},
      {"nans", {}},
      {"0x5s", {}},
      {"72000d1000d", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(parse_span(row.text), row.span) << row.text;
}

TEST(Duration, IsWrittenAsItIsRead) {
  struct Row {
    Span span;
    const char* text;
  };
  const Row rows[]{{0s, "0s"},         {180s, "3min"},      {72h, "72h"}, {28 * 24h, "28d"},
                   {90min, "1h30min"}, {1500ms, "1s500ms"}, {1ns, "1ns"}, {250 * 1h, "250h"}};
  for (const Row& row : rows) {
    EXPECT_EQ(span_text(row.span), row.text);
    EXPECT_EQ(parse_span(row.text), row.span);
  }
}

TEST(Rate, IsANumberPerSecondMinuteOrHour) {
  struct Row {
    const char* text;
    std::optional<double> per_second;
  };
  const Row rows[]{{"3/s", 3},    {"12/min", 0.2}, {"500/h", 500 / 3600.0}, {"0/s", 0},   {"2.5/s", 2.5}, {"", {}},     {"3", {}},
                   {"/s", {}},    {"3 /s", {}},    {"3/day", {}},           {"-3/s", {}}, {"1e3/s", {}},  {"3/ s", {}}, {"3/ms", {}},
                   {"inf/s", {}}, {"nan/s", {}}};
  for (const Row& row : rows) {
    const std::optional<CallsPerSecond> rate = parse_rate(row.text);
    ASSERT_EQ(rate.has_value(), row.per_second.has_value()) << row.text;
    EXPECT_DOUBLE_EQ(rate.value_or(CallsPerSecond{0}).value(), row.per_second.value_or(0)) << row.text;
  }
}

TEST(Percentage, NeedsItsSign) {
  struct Row {
    const char* text;
    std::optional<double> value;
  };
  const Row rows[]{{"70%", 0.7}, {"0%", 0},    {"100%", 1}, {"0.5%", 0.005}, {"250%", 2.5}, {"0.7", {}},
                   {"70", {}},   {"70 %", {}}, {"%", {}},   {"-1%", {}},     {"", {}}};
  for (const Row& row : rows) {
    const std::optional<double> value = parse_percentage(row.text);
    ASSERT_EQ(value.has_value(), row.value.has_value()) << row.text;
    EXPECT_DOUBLE_EQ(value.value_or(0), row.value.value_or(0)) << row.text;
  }
}

TEST(WholeNumber, FitsIntoSixtyThreeBits) {
  EXPECT_EQ(parse_whole("0"), 0U);
  EXPECT_EQ(parse_whole("9223372036854775807"), 9'223'372'036'854'775'807U);
  for (const char* text : {"", "-1", "+1", "1.0", "9223372036854775808", "1 ", "one"}) EXPECT_FALSE(parse_whole(text)) << text;
}

TEST(Address, IsFourNumbersWithoutLeadingZeros) {
  for (const char* text : {"0.0.0.0", "255.255.255.255", "18.184.175.4"}) EXPECT_TRUE(is_ipv4(text)) << text;
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2.3.", ".1.2.3", "1..2.3", "a.b.c.d", "1.2.3.4/32", "1.2.3.1000"}) {
    EXPECT_FALSE(is_ipv4(text)) << text;
  }
}

TEST(Time, IsIso8601WithOrWithoutOffset) {
  struct Row {
    const char* text;
    std::optional<std::int64_t> ns;
    std::optional<int> offset_s;
  };
  constexpr std::int64_t second = 1'000'000'000;
  const Row rows[]{
      {"1970-01-01T00:00:00Z", 0, 0},
      {"1999-02-01T00:11:28", 917'827'888 * second, {}},
      {"1999-02-01 00:11:28", 917'827'888 * second, {}},
      {"2026-03-02T08:00:00+01:00", 1'772'434'800 * second, 3600},
      {"2026-03-02T08:00:00-03:30", 1'772'451'000 * second, -12600},
      {"2024-02-29T23:59:59.25Z", 1'709'251'199 * second + 250'000'000, 0},
      {"1969-12-31T23:59:59.999999999Z", -1, 0},
      {"2023-02-29T00:00:00Z", {}, {}},
      {"2026-13-01T00:00:00Z", {}, {}},
      {"2026-00-01T00:00:00Z", {}, {}},
      {"2026-01-01T24:00:00Z", {}, {}},
      {"2026-01-01T00:60:00Z", {}, {}},
      {"2026-01-01T00:00:60Z", {}, {}},
      {"2026-01-01T00:00:00+24:00", {}, {}},
      {"2026-01-01T00:00:00.", {}, {}},
      {"2026-01-01T00:00:00.1234567891Z", {}, {}},
      {"2026-01-01T00:00:00z", {}, {}},
      {"2026-01-01T00:00", {}, {}},
      {"2026-01-01", {}, {}},
      {"1899-12-31T00:00:00Z", {}, {}},
      {"2151-01-01T00:00:00Z", {}, {}},
      {"2026-1-01T00:00:00Z", {}, {}},
      {"", {}, {}},
      {"2026-01-01T00:00:00Z ", {}, {}},
  };
  for (const Row& row : rows) {
    const std::optional<WrittenTime> time = parse_iso8601(row.text);
    ASSERT_EQ(time.has_value(), row.ns.has_value()) << row.text;
    if (!time) continue;
    EXPECT_EQ(time->unix_ns, *row.ns) << row.text;
    EXPECT_EQ(time->utc_offset_s, row.offset_s) << row.text;
    bool had_offset = false;
    EXPECT_EQ(parse_iso8601_ns(row.text, &had_offset), row.ns);
    EXPECT_EQ(had_offset, row.offset_s.has_value());
  }
}

TEST(Time, IsWrittenAsAClockWithThatOffsetShowsIt) {
  EXPECT_EQ(iso8601(0, 0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(iso8601(1'772'434'800'000'000'000, 3600), "2026-03-02T08:00:00+01:00");
  EXPECT_EQ(iso8601(1'772'451'000'000'000'000, -12600), "2026-03-02T08:00:00-03:30");
  EXPECT_EQ(iso8601(-1, 0), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(iso8601(250'000'000, 0), "1970-01-01T00:00:00.25Z");
}

TEST(Time, IsExpectedAsADateThatExistsWhereTheFormIsRight) {
  for (const char* text : {"2026-02-30T08:00:00Z", "2200-01-01T00:00:00Z", "1899-12-31 23:59:59", "2026-13-01T25:00:00"}) {
    EXPECT_EQ(expected_time(text, "a form"), "a date that exists, from 1900 to 2150") << text;
  }
  EXPECT_EQ(expected_time("2026-03-02T24:00:00Z", "a form"), "a time of day from 00:00:00 to 23:59:59");
  for (const char* text : {"yesterday", "2026-03-02", "2026-03-02T08:00:00"}) EXPECT_EQ(expected_time(text, "a form"), "a form") << text;
}

TEST(Rate, IsShownInTheUnitThatGivesANumberOfOneOrMore) {
  for (const char* text : {"10/s", "1/s", "1.5/s", "1000000/s", "30/min", "1/min", "59/min", "59/h", "1/h", "0.001/h"}) {
    EXPECT_EQ(rate_text(parse_rate(text).value()), text);
  }
  EXPECT_EQ(rate_text(parse_rate("60/min").value()), "1/s");
  EXPECT_EQ(rate_text(parse_rate("3600/h").value()), "1/s");
}

TEST(NearestWord, IsTheOneThatAFewKeystrokesTurnItInto) {
  constexpr std::array<std::string_view, 4> known{"channels", "transport", "rtt", "routing"};
  EXPECT_EQ(nearest_word("chanels", known), "channels");
  EXPECT_EQ(nearest_word("rrt", known), "rtt");
  EXPECT_EQ(nearest_word("tarnsport", known), "transport");
  EXPECT_EQ(nearest_word("colour", known), "");
  EXPECT_EQ(nearest_word("", known), "");
  EXPECT_EQ(choices("chanels", known), "channels (or one of transport, rtt, routing)");
  EXPECT_EQ(choices("colour", known), "one of channels, transport, rtt, routing");
}

TEST(Text, IsUtf8WithoutNul) {
  EXPECT_FALSE(find_text_flaw("plain, göteborg, 漢字, \xF0\x9F\x93\x9E"));
  for (const char* bad : {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x9F\x93", "\xFF\xFE", "\xC3"}) {
    EXPECT_TRUE(find_text_flaw(bad)) << bad;
  }
  const std::optional<TextFlaw> flaw = find_text_flaw(std::string_view("a\nbc\0d", 6));
  ASSERT_TRUE(flaw);
  EXPECT_EQ(flaw->line, 2U);
  EXPECT_EQ(flaw->column, 3U);
  EXPECT_EQ(flaw->what, "a NUL byte");
}

}  // namespace
}  // namespace trunklab
