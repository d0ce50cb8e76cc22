// Wilson's interval against published figures.
#include "models/statistics/wilson.hpp"

#include <gtest/gtest.h>

namespace trunklab {
namespace {

struct Row {
  std::int64_t hits;
  std::int64_t of;
  double low;
  double high;
};

class Wilson : public ::testing::TestWithParam<Row> {};

TEST_P(Wilson, AsPublished) {
  const Row& row = GetParam();
  const Interval interval = wilson_interval(row.hits, row.of, 0.95);
  constexpr double printed = 0.00005;  // four decimals
  EXPECT_DOUBLE_EQ(interval.mean, static_cast<double>(row.hits) / static_cast<double>(row.of));
  EXPECT_NEAR(interval.low, row.low, printed);
  EXPECT_NEAR(interval.high, row.high, printed);
}

// R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3; the last two are its mirror.
INSTANTIATE_TEST_SUITE_P(Newcombe, Wilson,
                         ::testing::Values(Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605}, Row{0, 20, 0.0000, 0.1611},
                                           Row{1, 29, 0.0061, 0.1718}, Row{20, 20, 0.8389, 1.0000}, Row{28, 29, 0.8282, 0.9939}));

TEST(WilsonLevel, ANarrowerOneAsksForLess) {
  EXPECT_GT(wilson_interval(5, 10, 0.8).low, wilson_interval(5, 10, 0.95).low);
}

}  // namespace
}  // namespace trunklab
