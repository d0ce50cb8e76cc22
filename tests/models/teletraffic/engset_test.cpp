// Engset against the binomials themselves, and its inverses.
#include "models/teletraffic/engset.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/teletraffic/erlang_b.hpp"
#include "tests/models/teletraffic/numeric.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

double time_of(std::uint32_t sources, double load, std::uint32_t channels) {
  return engset_time_congestion({sources, Erlangs{load}}, channels).value();
}
double call_of(std::uint32_t sources, double load, std::uint32_t channels) {
  return engset_call_congestion({sources, Erlangs{load}}, channels).value();
}

TEST(Engset, AgreesWithTheReference) {
  EXPECT_NEAR(time_of(20, 0.1, 5), .0232111792, 5e-11) << "domain notes, section 5: exact arithmetic";
  EXPECT_NEAR(call_of(20, 0.1, 5), .0191159451, 5e-11);
  EXPECT_NEAR(time_of(10, 0.25, 4), .0910667823, 5e-11);
  EXPECT_NEAR(call_of(10, 0.25, 4), .0673796792, 1e-10);
}

TEST(Engset, IsTheTruncatedBinomial) {
  Inputs draws(1);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t sources = draws.whole(1, 150);
    const std::uint32_t channels = draws.whole(0, sources);
    const double load = draws.scale(0.01, 10);
    long double sum = 0;
    long double calls = 0;
    long double weight = 1;
    for (std::uint32_t k = 0; k <= channels; ++k) {
      if (k > 0) weight *= static_cast<long double>(sources - k + 1) / k * load;
      sum += weight;
      calls += weight * (sources - k);  // idle sources begin calls
    }
    const auto time = static_cast<double>(weight / sum);
    const auto call = static_cast<double>(weight * (sources - channels) / calls);
    EXPECT_NEAR(time_of(sources, load, channels), time, tolerance::formula * time);
    if (channels < sources) {
      EXPECT_NEAR(call_of(sources, load, channels), call, tolerance::formula * call) << "blocked calls / calls";
    }
  }
}

TEST(Engset, ASourceWithAChannelOfItsOwnIsNeverBlocked) {
  EXPECT_EQ(call_of(5, 1, 5), 0);
  EXPECT_EQ(time_of(5, 1, 6), 0);
  EXPECT_NEAR(time_of(5, 1, 5), 1.0 / 32, 1e-15) << "all five busy at once";
  EXPECT_EQ(call_of(5, 1, 0), 1);
}

TEST(Engset, OfManySourcesIsErlangB) {
  const double blocked = erlang_b(Erlangs{40}, 50).value();
  EXPECT_NEAR(call_of(40'000'000, 1e-6, 50), blocked, 1e-4 * blocked);
  EXPECT_LT(call_of(400, 0.1, 50), blocked) << "those who talk do not call";
}

TEST(Engset, FallsWithChannelsAndRisesWithSourcesAndLoad) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t channels = draws.whole(1, 100);
    const std::uint32_t sources = channels + draws.whole(2, 300);
    const double load = draws.scale(0.01, 2);
    EXPECT_LT(call_of(sources, load, channels + 1), call_of(sources, load, channels));
    EXPECT_GT(call_of(sources + 1, load, channels), call_of(sources, load, channels));
    EXPECT_GT(call_of(sources, load * 1.01, channels), call_of(sources, load, channels));
    EXPECT_LT(call_of(sources, load, channels), time_of(sources, load, channels));
  }
}

TEST(Engset, InversesGiveEveryVariableBack) {
  Inputs draws(3);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t channels = draws.whole(1, 60);
    const std::uint32_t sources = channels + draws.whole(1, 300);
    const double blocking = draws.scale(1e-9, 0.9);
    const auto load = engset_idle_load_for(sources, channels, Probability{blocking});
    ASSERT_TRUE(load);
    EXPECT_NEAR(call_of(sources, load->value(), channels), blocking, tolerance::inverse * blocking);
    const Probability just_more{blocking * (1 + 1e-9)};
    EXPECT_EQ(engset_channels_for({sources, *load}, just_more), channels);
    EXPECT_EQ(engset_sources_for(*load, channels, just_more), std::optional(sources));
  }
  EXPECT_FALSE(engset_idle_load_for(5, 5, Probability{0.01}));
  EXPECT_EQ(engset_channels_for({5, Erlangs{1000}}, Probability{1e-12}), 5U);
}

TEST(Engset, TrafficOfASource) {
  EXPECT_NEAR(idle_load_of(Probability{0.2}).value(), 0.25, 1e-15);
  EXPECT_NEAR(intended({20, Erlangs{0.25}}).value(), 4, 1e-14);
}

TEST(Engset, SaysThatNoNumberOfSourcesIsEnough) {
  EXPECT_EQ(engset_sources_for(Erlangs{1e-6}, 5000, Probability{0.01}), std::nullopt) << "about 5e9: beyond what is counted here";
}

}  // namespace
}  // namespace trunklab
