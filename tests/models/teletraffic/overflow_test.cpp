// Overflow against its chain's factorial moments, and sizes by Rapp and Hayward.
#include "models/teletraffic/overflow.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "tests/models/teletraffic/numeric.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

TEST(Overflow, AgreesWithTheReference) {
  struct Row {
    double offered, channels, mean, variance;
  };
  // tests/oracles/wilkinson.cpp (chains, factorial moments) and the domain notes.
  for (const Row& row : {Row{8, 5, 3.83206642497953, 5.88064113985604}, Row{20, 25, 1.00443555781589, 2.86354333698943},
                         Row{10, 10, 2.14582343107347, 4.36244728062286}}) {
    const TrafficMoments found = overflow(Erlangs{row.offered}, Channels{row.channels});
    EXPECT_NEAR(found.mean.value(), row.mean, 1e-13);
    EXPECT_NEAR(found.variance, row.variance, 1e-12);
    EXPECT_NEAR(found.peakedness(), row.variance / row.mean, 1e-12);
  }
}

TEST(Overflow, HasRiordansFactorialMoments) {
  Inputs draws(1);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t channels = draws.whole(0, 60);
    const double offered = (channels + 1) * draws.scale(0.3, 2);
    // M(k) = A^k s0(n) / sk(n), s0(j) = A^j / j!, sk(n) = sum over j = 0..n of s(k-1)(j).
    std::array<std::array<long double, 61>, 3> s{};
    long double power = 1;
    for (std::uint32_t j = 0; j <= channels; ++j) {
      if (j > 0) power *= static_cast<long double>(offered) / j;
      s[0].at(j) = power;
      for (std::size_t k = 1; k < 3; ++k) s.at(k).at(j) = s.at(k - 1).at(j) + (j > 0 ? s.at(k).at(j - 1) : 0);
    }
    const long double mean = offered * s[0].at(channels) / s[1].at(channels);
    const long double second = static_cast<long double>(offered) * offered * s[0].at(channels) / s[2].at(channels);
    const auto variance = static_cast<double>(second + mean - mean * mean);
    const TrafficMoments found = overflow(Erlangs{offered}, whole(channels));
    EXPECT_NEAR(found.mean.value(), static_cast<double>(mean), tolerance::formula * found.mean.value());
    EXPECT_NEAR(found.variance, variance, 1e-10 * variance);
    EXPECT_GE(found.peakedness(), 1 - 1e-9);
  }
}

TEST(Overflow, OfNoChannelsIsThePoissonTraffic) {
  const TrafficMoments found = overflow(Erlangs{7}, Channels{0});
  EXPECT_DOUBLE_EQ(found.mean.value(), 7);
  EXPECT_DOUBLE_EQ(found.variance, 7);
}

TEST(Together, MeansAndVariancesAdd) {
  const std::array streams{TrafficMoments{Erlangs{2}, 3}, TrafficMoments{Erlangs{5}, 5}};
  EXPECT_EQ(together(streams).mean.value(), 7);
  EXPECT_EQ(together(streams).variance, 8);
}

TEST(Rapp, AgreesWithTheReference) {
  const EquivalentGroup found = rapp(overflow(Erlangs{10}, Channels{10}));
  EXPECT_NEAR(found.offered.value(), 10.66266, 5e-6) << "domain notes, section 5: the true group is 10 on 10";
  EXPECT_NEAR(found.channels.value(), 10.87113, 5e-6);
}

TEST(Rapp, OfPoissonTrafficIsTheTrafficItself) {
  const EquivalentGroup found = rapp({Erlangs{7}, 7});
  EXPECT_NEAR(found.offered.value(), 7, 1e-12);
  EXPECT_NEAR(found.channels.value(), 0, 1e-12);
}

TEST(Rapp, IsWithinSomePerCentOfTheGroupForMeansAboveOne) {
  Inputs draws(1);
  for (int round = 0; round < 300; ++round) {
    const double channels = draws.scale(2, 100);
    const double offered = channels * draws.between(0.9, 1.5);
    const TrafficMoments traffic = overflow(Erlangs{offered}, Channels{channels});
    if (traffic.mean.value() < 1) continue;
    EXPECT_NEAR(rapp(traffic).offered.value(), offered, 0.15 * offered) << channels;
  }
}

TEST(EquivalentGroup, IsTheGroupThatOverflowed) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const double channels = draws.scale(0.5, 300);
    const double offered = channels * draws.between(0.5, 1.5);
    const TrafficMoments traffic = overflow(Erlangs{offered}, Channels{channels});
    if (traffic.mean.value() < 1e-6 || traffic.peakedness() < 1.01) continue;  // hardly anything overflows, or hardly anything is carried
    const EquivalentGroup found = equivalent_group(traffic);
    EXPECT_NEAR(found.offered.value(), offered, 1e-6 * offered) << channels;
    EXPECT_NEAR(found.channels.value(), channels, 1e-6 * (channels + offered));
  }
}

TEST(EquivalentGroup, OfAnyBurstyTrafficHasItsMoments) {
  Inputs draws(3);
  for (int round = 0; round < 300; ++round) {
    const double mean = draws.scale(0.01, 100);
    const double z = 1 + draws.scale(1e-3, 10);
    const EquivalentGroup group = equivalent_group({Erlangs{mean}, mean * z});
    const TrafficMoments found = overflow(group.offered, group.channels);
    EXPECT_NEAR(found.mean.value(), mean, 1e-9 * mean);
    EXPECT_NEAR(found.peakedness(), z, 1e-7 * z) << mean;
  }
}

/// Loss behind a second group, exactly: the first two groups of one stream are one group to it.
TEST(SecondGroup, ErtIsExactForOneStreamAndHaywardNear) {
  for (const auto& [offered, first, second] : {std::array<double, 3>{10, 10, 5}, {30, 25, 12}, {100, 95, 20}}) {
    const TrafficMoments traffic = overflow(Erlangs{offered}, Channels{first});
    const double exact = erlang_b(Erlangs{offered}, Channels{first + second}).value() / erlang_b(Erlangs{offered}, Channels{first}).value();
    EXPECT_NEAR(ert_blocking(traffic, Channels{second}).value(), exact, 1e-8 * exact);
    EXPECT_NEAR(hayward_blocking(traffic, Channels{second}).value(), exact, 0.25 * exact);
  }
}

TEST(SecondGroup, OfPoissonTrafficIsErlangB) {
  const TrafficMoments poisson{Erlangs{10}, 10};
  EXPECT_NEAR(ert_blocking(poisson, Channels{15}).value(), .0364969455, 1e-10);
  EXPECT_NEAR(hayward_blocking(poisson, Channels{15}).value(), .0364969455, 1e-10);
  EXPECT_EQ(hayward_channels_for(poisson, Probability{0.0364969456}), 15U);
  EXPECT_NEAR(ert_blocking({Erlangs{3}, 6}, Channels{0}).value(), 1, 1e-15);
}

TEST(SecondGroup, BurstsNeedMoreChannels) {
  for (double z = 1; z < 5; z += 0.25) {
    const TrafficMoments less{Erlangs{20}, 20 * z};
    const TrafficMoments more{Erlangs{20}, 20 * (z + 0.25)};
    EXPECT_GT(hayward_blocking(more, Channels{30}), hayward_blocking(less, Channels{30}));
    EXPECT_GT(ert_blocking(more, Channels{30}), ert_blocking(less, Channels{30}));
    EXPECT_GE(hayward_channels_for(more, Probability{0.01}), hayward_channels_for(less, Probability{0.01}));
  }
}

TEST(Hayward, InversesGiveEveryVariableBack) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const double mean = draws.scale(0.1, 500);
    const TrafficMoments traffic{Erlangs{mean}, mean * draws.between(0.5, 6)};
    const double blocking = draws.scale(1e-9, 0.9);
    const Channels size = hayward_fractional_channels_for(traffic, Probability{blocking});
    EXPECT_NEAR(hayward_blocking(traffic, size).value(), blocking, tolerance::inverse * blocking);
    const std::uint32_t channels = hayward_channels_for(traffic, Probability{blocking});
    EXPECT_NEAR(channels, size.value() + 0.5, 0.5 + 1e-6);
    EXPECT_LE(hayward_blocking(traffic, whole(channels)).value(), blocking * (1 + 1e-6));
    if (size.value() / traffic.peakedness() < 0.05) continue;  // a sliver of a channel: the traffic is not to be told
    EXPECT_NEAR(hayward_offered_for(size, traffic.peakedness(), Probability{blocking}).value(), mean, 1e-7 * mean);
  }
}

}  // namespace
}  // namespace trunklab
