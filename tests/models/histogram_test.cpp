// The histogram's promise: a percentile is wrong by at most 1/128 of itself.
#include "models/statistics/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace trunklab {
namespace {

using namespace std::chrono_literals;

TEST(DurationHistogram, OfNothingHasNoPercentile) {
  EXPECT_EQ(DurationHistogram{}.percentile(0.5), std::nullopt);
  EXPECT_EQ(DurationHistogram{}.count(), 0U);
}

TEST(DurationHistogram, EveryDurationComesBackWithinItsError) {
  for (std::int64_t ns = 0; ns < 4'000'000'000'000; ns += ns / 97 + 5'000) {
    DurationHistogram histogram;
    histogram.add(Span{ns});
    const double error = std::abs(static_cast<double>((*histogram.percentile(1) - Span{ns}).count()));
    ASSERT_LE(error, std::max(8192.0, static_cast<double>(ns) / 128)) << ns;
  }
}

TEST(DurationHistogram, PercentilesAreThoseOfTheSortedList) {
  std::mt19937_64 luck(1);
  std::vector<Span> values(10'000);
  DurationHistogram first;
  DurationHistogram second;
  for (std::size_t place = 0; place < values.size(); ++place) {
    values[place] = from_seconds(-2.0 * std::log((static_cast<double>(luck() >> 12) + 0.5) * 0x1p-52));
    (place % 2 == 0 ? first : second).add(values[place]);
  }
  first.merge(second);
  std::ranges::sort(values);
  EXPECT_EQ(first.count(), values.size());
  for (const double share : {0.5, 0.95, 0.99, 1.0}) {
    const Span exact = values[static_cast<std::size_t>(share * 10'000) - 1];
    EXPECT_NEAR(in_seconds(*first.percentile(share)), in_seconds(exact), in_seconds(exact) / 128) << share;
  }
}

}  // namespace
}  // namespace trunklab
