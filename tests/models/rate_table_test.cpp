// The integral of a rate that varies, by hand, and its inverse.
#include "models/rate_table.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using enum VaryingArrivals::Between;

struct Point {
  Span from;
  double rate;
};
RateTable table_of(VaryingArrivals::Between between, const std::vector<Point>& points) {
  VaryingArrivals arrivals{.table = {}, .between = between};
  for (const Point& point : points) arrivals.table.push_back({.from = run_start + point.from, .rate = CallsPerSecond{point.rate}});
  return RateTable(arrivals);
}

struct IntegralRow {
  VaryingArrivals::Between between;
  std::vector<Point> points;
  Span at;
  double rate;
  double cumulative;
  const char* why;
};
class IntegralTable : public testing::TestWithParam<IntegralRow> {};

TEST_P(IntegralTable, AgreesWithAreasByHand) {
  const IntegralRow& row = GetParam();
  const RateTable table = table_of(row.between, row.points);
  EXPECT_NEAR(table.rate(run_start + row.at), row.rate, 1e-12) << row.why;
  EXPECT_NEAR(table.cumulative(run_start + row.at), row.cumulative, 1e-12) << row.why;
}

INSTANTIATE_TEST_SUITE_P(ByHand, IntegralTable,
                         testing::Values(IntegralRow{step, {{0s, 2}}, 0s, 2, 0, "nothing before the start"},
                                         IntegralRow{step, {{0s, 2}}, 10s, 2, 20, "constant"}, IntegralRow{linear, {{0s, 2}}, 10s, 2, 20, "constant"},
                                         IntegralRow{step, {{0s, 1}, {10s, 3}}, 9s, 1, 9, "first step"},
                                         IntegralRow{step, {{0s, 1}, {10s, 3}}, 10s, 3, 10, "a step belongs to what follows"},
                                         IntegralRow{step, {{0s, 1}, {10s, 3}}, 20s, 3, 40, "the last rate holds"},
                                         IntegralRow{linear, {{0s, 1}, {10s, 3}}, 5s, 2, 7.5, "trapezoid"},
                                         IntegralRow{linear, {{0s, 1}, {10s, 3}}, 10s, 3, 20, "whole trapezoid"},
                                         IntegralRow{linear, {{0s, 1}, {10s, 3}}, 20s, 3, 50, "the last rate holds"},
                                         IntegralRow{linear, {{0s, 0}, {10s, 2}, {20s, 0}}, 20s, 0, 20, "triangle"},
                                         IntegralRow{linear, {{0s, 0}, {10s, 2}, {20s, 0}}, 1h, 0, 20, "nothing comes after it"},
                                         IntegralRow{step, {{0s, 0}, {10s, 4}, {15s, 0}, {20s, 1}}, 25s, 1, 25, "pieces without calls"}));

struct InverseRow {
  VaryingArrivals::Between between;
  std::vector<Point> points;
  double expected;
  Instant at;
  const char* why;
};
class InverseTable : public testing::TestWithParam<InverseRow> {};

TEST_P(InverseTable, AgreesWithInstantsByHand) {
  const InverseRow& row = GetParam();
  const Instant at = table_of(row.between, row.points).inverse(row.expected);
  if (row.at == never) {
    EXPECT_EQ(at, never) << row.why;
  } else {
    EXPECT_NEAR(in_seconds(at), in_seconds(row.at), 1.5e-9) << row.why;
  }
}

INSTANTIATE_TEST_SUITE_P(
    ByHand, InverseTable,
    testing::Values(InverseRow{step, {{0s, 2}}, 0, run_start, "nothing expected: at once"},
                    InverseRow{step, {{0s, 2}}, 7, run_start + 3500ms, "7 / 2"},
                    InverseRow{step, {{0s, 1}, {10s, 3}}, 13, run_start + 11s, "into the second step"},
                    InverseRow{linear, {{0s, 0}, {10s, 2}}, 2.5, run_start + 5s, "t^2 / 10"},
                    InverseRow{linear, {{0s, 2}, {10s, 0}}, 7.5, run_start + 5s, "falling: 2t - t^2 / 10"},
                    InverseRow{step, {{0s, 0}, {10s, 4}}, 2, run_start + 10500ms, "calls start late"},
                    InverseRow{step, {{0s, 1}, {5s, 0}, {10s, 1}}, 6, run_start + 11s, "a pause in the middle"},
                    InverseRow{step, {{0s, 1}, {10s, 0}}, 10.5, never, "calls end before that"},
                    InverseRow{linear, {{0s, 1}, {10s, 0}}, 5.000001, never, "calls end before that"},
                    InverseRow{linear, {{0s, 1}, {10s, 0}}, 4.999999, run_start + 9'995'527'864ns, "just before they end: 10 - sqrt(20e-6)"},
                    InverseRow{step, {{0s, 1e-9}}, 100, never, "after 3,000 years"}));

struct RoundTripRow {
  VaryingArrivals::Between between;
  std::vector<Point> points;
  const char* name;
};
class RoundTrip : public testing::TestWithParam<RoundTripRow> {};

TEST_P(RoundTrip, InverseOfTheIntegralIsTheInstant) {
  const RateTable table = table_of(GetParam().between, GetParam().points);
  for (Instant at = run_start; at < run_start + 30s; at += 7'654'321ns) {
    if (table.rate(at) < 0.01) continue;  // Lambda does not tell these instants apart
    ASSERT_LE(std::abs((table.inverse(table.cumulative(at)) - at).count()), 2) << in_seconds(at);
  }
}

TEST_P(RoundTrip, IntegralNeverFallsAndNorDoesTheInverse) {
  const RateTable table = table_of(GetParam().between, GetParam().points);
  for (Instant at = run_start; at < run_start + 40s; at += 13ms) ASSERT_LE(table.cumulative(at), table.cumulative(at + 13ms)) << in_seconds(at);
  const double most = table.cumulative(run_start + 40s);
  for (double expected = 0; expected < most; expected += most / 3000)
    ASSERT_LE(table.inverse(expected), table.inverse(expected + most / 3000)) << expected;
}

INSTANTIATE_TEST_SUITE_P(Tables, RoundTrip,
                         testing::Values(RoundTripRow{step, {{0s, 3}}, "constant"}, RoundTripRow{step, {{0s, 1}, {5s, 20}, {12s, 0.5}}, "steps"},
                                         RoundTripRow{linear, {{0s, 1}, {5s, 20}, {12s, 0.5}}, "lines"},
                                         RoundTripRow{step, {{0s, 0}, {5s, 2}, {6s, 0}, {7s, 0}, {9s, 4}, {20s, 0}}, "steps with pauses"},
                                         RoundTripRow{linear, {{0s, 0}, {5s, 2}, {6s, 0}, {7s, 0}, {9s, 4}, {20s, 0}}, "lines with pauses"},
                                         RoundTripRow{linear, {{0s, 5}, {10s, 5.000001}, {20s, 5}}, "almost level"}));

}  // namespace
}  // namespace trunklab
