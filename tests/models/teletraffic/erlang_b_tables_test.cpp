// Erlang B of whole groups against published values, exact figures and its own laws.
#include "models/teletraffic/erlang_b.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace trunklab {
namespace {

struct BlockingRow {
  double offered;
  std::uint32_t channels;
  double blocking;
  double tolerance;  ///< relative: half a unit of the last printed digit
  const char* source;
};
class ErlangBTable : public testing::TestWithParam<BlockingRow> {};

TEST_P(ErlangBTable, AgreesWithTheReference) {
  const BlockingRow& row = GetParam();
  EXPECT_NEAR(erlang_b(Erlangs{row.offered}, row.channels).value(), row.blocking, row.blocking * row.tolerance) << row.source;
}

INSTANTIATE_TEST_SUITE_P(
    Reference, ErlangBTable,
    testing::Values(BlockingRow{1, 0, 1, 0, "no channel: all blocked"}, BlockingRow{0, 3, 0, 0, "nothing offered"},
                    BlockingRow{1, 1, 0.5, 1e-15, "1/(1+1)"}, BlockingRow{2, 2, 0.4, 1e-15, "2/(1+2+2)"},
                    BlockingRow{2, 5, 4.0 / 109, 1e-14, "exact rational"}, BlockingRow{5, 10, 390625.0 / 21247437, 1e-14, "exact rational"},
                    BlockingRow{10, 10, 0.2145823431, 1e-9, "exact arithmetic"}, BlockingRow{10, 15, 0.0364969455, 2e-9, "exact arithmetic"},
                    BlockingRow{100, 100, 0.0757004527, 1e-9, "exact arithmetic"}, BlockingRow{100, 117, 0.0097900711, 1e-8, "exact arithmetic"},
                    BlockingRow{1000, 1000, 0.0248119176, 3e-9, "exact arithmetic"},
                    BlockingRow{33.3333333, 45, 0.0096540168, 1e-8, "exact arithmetic"},
                    BlockingRow{33.3333333, 44, 0.0131599692, 1e-8, "exact arithmetic"}));

struct OfferedRow {
  std::uint32_t channels;
  double blocking;
  double offered;
  double tolerance;  ///< absolute
  const char* source;
};
class OfferedTable : public testing::TestWithParam<OfferedRow> {};

TEST_P(OfferedTable, AgreesWithTheReference) {
  const OfferedRow& row = GetParam();
  EXPECT_NEAR(offered_for(row.channels, Probability{row.blocking}).value(), row.offered, row.tolerance) << row.source;
}

constexpr const char* manual = "erlang.com, calculator manual";
constexpr const char* grade = "Carrier Grade Voice over IP, appendix A";
constexpr const char* exact = "exact arithmetic";
INSTANTIATE_TEST_SUITE_P(Reference, OfferedTable,
                         testing::Values(OfferedRow{15, 0.01, 8.108, 5e-4, manual}, OfferedRow{5, 0.01, 1.4, 0.05, grade},
                                         OfferedRow{8, 0.01, 3.1, 0.05, grade}, OfferedRow{9, 0.05, 5.4, 0.05, grade},
                                         OfferedRow{10, 0.0001, 2.3, 0.05, grade}, OfferedRow{10, 0.001, 3.1, 0.05, grade},
                                         OfferedRow{5, 0.01, 1.3608, 5e-5, exact}, OfferedRow{10, 0.01, 4.4612, 5e-5, exact},
                                         OfferedRow{20, 0.01, 12.0306, 5e-5, exact}, OfferedRow{30, 0.01, 20.3373, 5e-5, exact},
                                         OfferedRow{50, 0.01, 37.9014, 5e-5, exact}, OfferedRow{100, 0.01, 84.0642, 5e-5, exact},
                                         OfferedRow{500, 0.01, 474.0364, 5e-5, exact}, OfferedRow{1000, 0.01, 971.2041, 5e-5, exact},
                                         OfferedRow{5000, 0.01, 4990.214, 5e-4, exact}, OfferedRow{10, 0.001, 3.092, 5e-4, exact},
                                         OfferedRow{20, 0.001, 9.4115, 5e-5, exact}, OfferedRow{50, 0.001, 32.5119, 5e-5, exact},
                                         OfferedRow{100, 0.001, 75.242, 5e-4, exact}, OfferedRow{1000, 0.001, 930.3251, 5e-5, exact},
                                         OfferedRow{10, 0.02, 5.084, 5e-4, exact}, OfferedRow{100, 0.02, 87.972, 5e-4, exact},
                                         OfferedRow{10, 0.05, 6.2157, 5e-5, exact}, OfferedRow{100, 0.05, 95.2404, 5e-5, exact}));

TEST(ChannelsFor, PublishedExampleNeedsFortyFive) {
  EXPECT_EQ(channels_for(Erlangs{33.333}, Probability{0.01}), 45U);
}

TEST(ChannelsFor, EdgesOfItsDomain) {
  EXPECT_EQ(channels_for(Erlangs{5}, Probability{1}), 0U);
  EXPECT_EQ(channels_for(Erlangs{0}, Probability{0.01}), 1U) << "without a channel even nothing would be blocked";
  EXPECT_EQ(channels_for(Erlangs{1}, Probability{0.5}), 1U) << "just met";
}

TEST(ChannelsFor, IsTheLeastNumberThatWillDo) {
  for (const double offered : {0.01, 1.0, 7.5, 90.0, 1234.5}) {
    for (const double blocking : {0.5, 0.01, 1e-6}) {
      const std::uint32_t channels = channels_for(Erlangs{offered}, Probability{blocking});
      EXPECT_LE(erlang_b(Erlangs{offered}, channels).value(), blocking);
      const double one_less = channels == 0 ? 1 : erlang_b(Erlangs{offered}, channels - 1).value();
      EXPECT_TRUE(channels == 0 || one_less > blocking);
    }
  }
}

TEST(OfferedFor, IsTheInverseOfErlangB) {
  for (const std::uint32_t channels : {1U, 2U, 17U, 600U, 20000U}) {
    for (const double blocking : {0.999, 0.5, 0.01, 1e-5, 1e-12}) {
      const Erlangs offered = offered_for(channels, Probability{blocking});
      EXPECT_NEAR(erlang_b(offered, channels).value(), blocking, blocking * 1e-9 * std::max(1.0, std::sqrt(channels)))
          << channels << " channels at " << blocking;
    }
  }
  EXPECT_EQ(offered_for(0, Probability{0.01}).value(), 0);
}

TEST(ErlangB, FallsWithChannelsAndRisesWithTraffic) {
  for (std::uint32_t channels = 1; channels < 200; ++channels) {
    EXPECT_LT(erlang_b(Erlangs{80}, channels), erlang_b(Erlangs{80}, channels - 1));
    EXPECT_GT(erlang_b(Erlangs{81}, channels), erlang_b(Erlangs{80}, channels));
  }
}

TEST(ErlangB, StaysFiniteForAMillionChannels) {
  const double blocking = erlang_b(Erlangs{1e6}, 1'000'000).value();
  // For A = n the asymptotic value is sqrt(2 / (pi n)), with a relative error of the order of 1/sqrt(n).
  EXPECT_NEAR(blocking, std::sqrt(2 / (3.14159265358979 * 1e6)), 1e-6);
  EXPECT_EQ(erlang_b(Erlangs{1}, 1'000'000).value(), 0) << "underflow is an honest zero here";
}

}  // namespace
}  // namespace trunklab
