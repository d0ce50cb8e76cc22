// Time zones: offsets, skipped and doubled hours. Instants of the changes: EU directive 2000/84/EC (01:00 UTC, last Sundays of March and
// October) and the US Energy Policy Act of 2005 (second Sunday of March, first of November, 02:00 local).
#include <gtest/gtest.h>

#include <filesystem>

#include "scenarios/time_text.hpp"
#include "traffic/cdr/time_zone.hpp"

namespace trunklab {
namespace {

std::int64_t at(const char* iso) {
  return parse_iso8601_ns(iso).value() / 1'000'000'000;
}

/// The checks that hold for Central Europe, wherever its zone comes from.
void expect_central_europe(const TimeZone& zone) {
  EXPECT_EQ(zone.offset_s(at("2024-01-15T12:00:00Z")), 3600);
  EXPECT_EQ(zone.offset_s(at("2024-07-15T12:00:00Z")), 7200);
  EXPECT_EQ(zone.offset_s(at("2024-03-31T00:59:59Z")), 3600);
  EXPECT_EQ(zone.offset_s(at("2024-03-31T01:00:00Z")), 7200);
  EXPECT_EQ(zone.offset_s(at("2050-07-15T12:00:00Z")), 7200) << "beyond the table: by the rule";
  const LocalTime plain = zone.from_local(at("2024-07-15T12:00:00Z"));
  EXPECT_EQ(plain.kind, LocalTime::Kind::plain);
  EXPECT_EQ(plain.first_s, at("2024-07-15T10:00:00Z"));
  EXPECT_EQ(zone.from_local(at("2024-03-31T01:59:59Z")).kind, LocalTime::Kind::plain);
  EXPECT_EQ(zone.from_local(at("2024-03-31T02:00:00Z")).kind, LocalTime::Kind::skipped);
  EXPECT_EQ(zone.from_local(at("2024-03-31T02:59:59Z")).kind, LocalTime::Kind::skipped);
  EXPECT_EQ(zone.from_local(at("2024-03-31T03:00:00Z")).first_s, at("2024-03-31T01:00:00Z"));
  const LocalTime doubled = zone.from_local(at("2024-10-27T02:30:00Z"));
  EXPECT_EQ(doubled.kind, LocalTime::Kind::doubled);
  EXPECT_EQ(doubled.first_s, at("2024-10-27T00:30:00Z"));
  EXPECT_EQ(doubled.second_s, at("2024-10-27T01:30:00Z"));
  EXPECT_EQ(zone.from_local(at("2024-10-27T03:00:00Z")).kind, LocalTime::Kind::plain);
}

TEST(TimeZone, FollowsARule) {
  const auto zone = TimeZone::from_rule("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(zone);
  expect_central_europe(zone.value());
}

TEST(TimeZone, IsReadFromTheDatabase) {
  if (!std::filesystem::exists("/usr/share/zoneinfo/Europe/Berlin")) GTEST_SKIP() << "no tzdata on this machine";
  const auto zone = TimeZone::load("Europe/Berlin");
  ASSERT_TRUE(zone);
  expect_central_europe(zone.value());
  EXPECT_EQ(zone.value().offset_s(at("1980-07-01T12:00:00Z")), 7200) << "tzdata: Germany has had summer time since 1980";
  EXPECT_EQ(zone.value().offset_s(at("1979-07-01T12:00:00Z")), 3600);
  const auto tokyo = TimeZone::load("Asia/Tokyo");
  ASSERT_TRUE(tokyo);
  EXPECT_EQ(tokyo.value().offset_s(at("2024-07-15T12:00:00Z")), 9 * 3600);
}

TEST(TimeZone, KnowsZonesWestAndSouth) {
  const auto east_us = TimeZone::from_rule("EST5EDT,M3.2.0,M11.1.0");
  ASSERT_TRUE(east_us);
  EXPECT_EQ(east_us.value().from_local(at("2024-03-10T02:30:00Z")).kind, LocalTime::Kind::skipped);
  EXPECT_EQ(east_us.value().from_local(at("2024-11-03T01:30:00Z")).kind, LocalTime::Kind::doubled);
  const auto sydney = TimeZone::from_rule("AEST-10AEDT,M10.1.0,M4.1.0/3");
  ASSERT_TRUE(sydney);
  EXPECT_EQ(sydney.value().offset_s(at("2024-01-15T00:00:00Z")), 11 * 3600);
  EXPECT_EQ(sydney.value().offset_s(at("2024-07-15T00:00:00Z")), 10 * 3600);
  const auto quoted = TimeZone::from_rule("<+0530>-5:30");
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted.value().offset_s(0), 19'800);
}

TEST(TimeZone, RefusesWhatIsNone) {
  for (const char* name : {"Europe/Berln", "", "../passwd", "/etc/passwd", "Europe", "Europe/Berlin\n"}) EXPECT_FALSE(TimeZone::load(name)) << name;
  for (const char* rule : {"", "C", "CET", "CET-1CEST,J60,J300", "CET-1CEST,M13.5.0,M10.5.0"}) EXPECT_FALSE(TimeZone::from_rule(rule)) << rule;
  EXPECT_FALSE(TimeZone::parse("no TZif at all", "x"));
  EXPECT_FALSE(TimeZone::parse(std::string("TZif2") + std::string(39, '\x7f'), "x"));
  EXPECT_FALSE(TimeZone::parse(std::string("TZif2") + std::string(15, '\0') + std::string(24, '\0'), "x"));
}

}  // namespace
}  // namespace trunklab
