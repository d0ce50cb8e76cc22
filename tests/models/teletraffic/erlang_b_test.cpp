// Erlang B of fractional groups, its inverses, and Extended Erlang B.
#include "models/teletraffic/erlang_b.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/models/teletraffic/numeric.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

double b_of(double offered, double channels) {
  return erlang_b(Erlangs{offered}, Channels{channels}).value();
}

/// 1/B = integral of e^-u (1 + u/A)^x du, divided where the integrand is largest.
double by_integration(double offered, double channels) {
  const auto f = [&](long double u) { return std::exp(-u + channels * std::log1p(u / offered)); };
  const long double top = std::max(0.0, channels - offered);
  const long double width = 12 * std::sqrt(static_cast<long double>(channels) + 16) + 40;
  const long double low = std::max(0.0L, top - width);
  long double sum = 0;
  constexpr int parts = 6;
  for (int part = 0; part < parts; ++part) {
    const long double step = (top + width - low) / parts;
    sum += integral(low + part * step, low + (part + 1) * step, f);
  }
  return static_cast<double>(1 / sum);
}

TEST(FractionalErlangB, IsFortetsIntegral) {
  Inputs draws(1);
  for (int round = 0; round < 300; ++round) {
    const double channels = draws.scale(0.01, 300);
    const double offered = channels * draws.scale(0.1, 4);
    const double expected = by_integration(offered, channels);
    EXPECT_NEAR(b_of(offered, channels), expected, tolerance::formula * expected) << offered << " on " << channels;
  }
}

TEST(FractionalErlangB, CopesWithEitherSideOfItsTwoWaysToBegin) {
  for (const double offered : {1e-6, 0.01, 0.5, 1.999, 2.0, 2.001, 5.0, 100.0}) {
    for (const double channels : {1e-9, 0.25, 0.5, 0.999999, 1.0, 1.5, 2.75}) {
      // A small traffic makes the integrand rise slowly for long: u up to some hundreds covers both.
      const auto f = [&](long double u) { return std::exp(-u + channels * std::log1p(u / offered)); };
      const auto expected = static_cast<double>(1 / (integral(0, 1, f) + integral(1, 8, f) + integral(8, 80, f)));
      EXPECT_NEAR(b_of(offered, channels), expected, 1e-11 * expected) << offered << " on " << channels;
    }
  }
}

TEST(FractionalErlangB, OfWholeGroupsIsTheRecursion) {
  Inputs draws(1);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t channels = draws.whole(0, 3000);
    const double offered = draws.scale(0.5, 2) * (channels + 1);
    const double expected = erlang_b(Erlangs{offered}, channels).value();
    EXPECT_NEAR(b_of(offered, channels), expected, tolerance::formula * expected) << offered << " on " << channels;
  }
}

TEST(FractionalErlangB, KeepsTheRecursionBetweenWholeSizes) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const double channels = draws.scale(0.01, 1e4);
    const double offered = channels * draws.scale(0.5, 2);
    const double before = b_of(offered, channels);
    const double expected = offered * before / (channels + 1 + offered * before);
    EXPECT_NEAR(b_of(offered, channels + 1), expected, tolerance::formula * expected);
  }
}

TEST(FractionalErlangB, EdgesOfItsDomain) {
  EXPECT_EQ(b_of(0, 0), 1);
  EXPECT_EQ(b_of(0, 0.5), 0);
  EXPECT_EQ(b_of(5, 0), 1);
  EXPECT_NEAR(b_of(5, 1e-12), 1, 1e-11);
  EXPECT_EQ(b_of(1, 1'000'000), 0) << "underflow is an honest zero here";
}

TEST(FractionalErlangB, StaysPreciseForAMillionChannelsAndOneInABillionBillionths) {
  // Independent: 1/B as the same sum in 80-bit numbers, from its largest term to either side.
  for (const double offered : {900'000.0, 992'000.0, 993'000.0, 1e6, 1.1e6}) {
    long double sum = 0;
    long double log_term = 0;
    for (int i = 0; i <= 1'000'000 && log_term > -60; ++i) {
      sum += std::exp(log_term);
      log_term += std::log((1'000'000.0L - i) / offered);
    }
    const auto expected = static_cast<double>(1 / sum);
    if (std::isfinite(static_cast<double>(sum))) {
      EXPECT_NEAR(b_of(offered, 1'000'000), expected, 1e-11 * expected) << offered;
    }
  }
  EXPECT_LT(b_of(992'000, 1'000'000), 1e-12) << "the case above is as rare as it says";
  EXPECT_GT(b_of(992'000, 1'000'000), 1e-25);
}

TEST(FractionalErlangB, FallsWithTheSizeAndRisesWithTheTraffic) {
  Inputs draws(3);
  for (int round = 0; round < 300; ++round) {
    const double offered = draws.scale(0.01, 1000);
    const double channels = draws.scale(0.01, 1000);
    EXPECT_LE(b_of(offered, channels * 1.001), b_of(offered, channels));
    EXPECT_GE(b_of(offered * 1.001, channels), b_of(offered, channels));
  }
}

// ---- Inverses

TEST(FractionalChannelsFor, GivesTheBlockingBack) {
  Inputs draws(1);
  for (int round = 0; round < 400; ++round) {
    const double offered = draws.scale(0.001, 20'000);
    const double blocking = draws.scale(1e-12, 0.999);
    const double size = fractional_channels_for(Erlangs{offered}, Probability{blocking}).value();
    EXPECT_NEAR(b_of(offered, size), blocking, tolerance::inverse * blocking) << offered << " at " << blocking;
    const std::uint32_t whole_size = channels_for(Erlangs{offered}, Probability{blocking});
    EXPECT_LE(size, whole_size * (1 + 1e-12));
    EXPECT_GT(size, whole_size - 1 - 1e-9);
  }
}

TEST(FractionalOfferedFor, GivesTheBlockingBack) {
  Inputs draws(1);
  for (int round = 0; round < 400; ++round) {
    const double size = draws.scale(0.05, 20'000);
    const double blocking = draws.scale(1e-12, 0.999);
    const Erlangs offered = offered_for(Channels{size}, Probability{blocking});
    if (offered.value() < 1e-290) continue;  // a twentieth of a channel blocks nobody only where nobody calls
    EXPECT_NEAR(erlang_b(offered, Channels{size}).value(), blocking, tolerance::inverse * blocking * std::max(1.0, std::sqrt(size))) << size;
  }
  EXPECT_EQ(offered_for(Channels{0}, Probability{0.01}).value(), 0);
}

TEST(Inverses, OfAMillionChannels) {
  for (const double blocking : {0.01, 1e-12}) {
    const Erlangs offered = offered_for(1'000'000U, Probability{blocking});
    EXPECT_NEAR(erlang_b(offered, 1'000'000U).value(), blocking, 1e-9 * blocking);
    EXPECT_NEAR(offered_for(Channels{1e6}, Probability{blocking}).value(), offered.value(), 1e-9 * offered.value());
    EXPECT_NEAR(fractional_channels_for(offered, Probability{blocking}).value(), 1e6, 1e-3);
  }
}

TEST(FractionalChannelsFor, EdgesOfItsDomain) {
  EXPECT_EQ(fractional_channels_for(Erlangs{5}, Probability{1}).value(), 0);
  EXPECT_NEAR(fractional_channels_for(Erlangs{1}, Probability{0.5}).value(), 1, 1e-12);
}

// ---- Redials at once

TEST(ExtendedErlangB, AgreesWithTheReference) {
  struct Row {
    double fresh, channels, recall, offered, blocking;
  };
  for (const Row& row :
       {Row{5, 10, 0.4, 5.0385242, 0.0191148}, Row{10, 10, 0.5, 11.6898166, 0.2891092}, Row{100, 100, 0.7, 111.1271789, 0.1430430}}) {
    const WithRedials found = extended_erlang_b(Erlangs{row.fresh}, Channels{row.channels}, Probability{row.recall});
    EXPECT_NEAR(found.offered.value(), row.offered, 5e-8) << "domain notes, section 5: iterated elsewhere";
    EXPECT_NEAR(found.blocking.value(), row.blocking, 5e-8);
  }
}

TEST(ExtendedErlangB, IsAFixedPointOfItsDefinition) {
  Inputs draws(1);
  for (int round = 0; round < 300; ++round) {
    const double fresh = draws.scale(0.1, 500);
    const double channels = fresh * draws.scale(0.5, 2);
    const double recall = draws.between(0, 0.99);
    const WithRedials found = extended_erlang_b(Erlangs{fresh}, Channels{channels}, Probability{recall});
    const double all = found.offered.value();
    EXPECT_NEAR(all, fresh + recall * all * by_integration(all, channels), 1e-9 * all);
    EXPECT_GE(found.blocking.value(), b_of(fresh, channels) * (1 - 1e-12)) << "redials never help";
  }
}

TEST(ExtendedErlangB, InversesGiveEveryVariableBack) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const Erlangs fresh{draws.scale(0.1, 500)};
    const Channels channels{fresh.value() * draws.scale(0.5, 1.5)};
    const Probability recall{draws.between(0.01, 0.99)};
    const Probability blocking = extended_erlang_b(fresh, channels, recall).blocking;
    EXPECT_NEAR(extended_offered_for(channels, blocking, recall).value(), fresh.value(), 1e-9 * fresh.value());
    EXPECT_NEAR(extended_fractional_channels_for(fresh, blocking, recall).value(), channels.value(), 1e-9 * channels.value());
    const auto whole_channels = extended_channels_for(fresh, blocking, recall);
    EXPECT_NEAR(whole_channels, channels.value(), 1);
    EXPECT_LE(extended_erlang_b(fresh, whole(whole_channels), recall).blocking.value(), blocking.value() * (1 + 1e-9));
    if (blocking.value() < 1e-6) continue;  // so few redials that their share is not to be told
    const auto found = recall_for(fresh, channels, blocking);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->value(), recall.value(), 1e-12 / blocking.value() + 1e-9);
  }
}

TEST(ExtendedErlangB, WithoutRedialsIsErlangB) {
  const WithRedials found = extended_erlang_b(Erlangs{10}, Channels{10}, Probability{0});
  EXPECT_EQ(found.offered.value(), 10);
  EXPECT_NEAR(found.blocking.value(), 0.2145823431, 1e-9);
  EXPECT_EQ(extended_erlang_b(Erlangs{0}, Channels{10}, Probability{0.5}).blocking.value(), 0);
}

TEST(RecallFor, SaysWhereNoShareExplainsTheBlocking) {
  EXPECT_FALSE(recall_for(Erlangs{10}, Channels{10}, Probability{0.1})) << "less than without any redial";
  EXPECT_FALSE(recall_for(Erlangs{1}, Channels{10}, Probability{0.9}));
  EXPECT_NEAR(recall_for(Erlangs{10}, Channels{10}, Probability{0.214582343107347})->value(), 0, 1e-9);
}

}  // namespace
}  // namespace trunklab
