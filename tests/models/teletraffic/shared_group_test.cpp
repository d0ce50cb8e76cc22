// Kaufman and Roberts against enumeration, Erlang B and its own laws.
#include "models/teletraffic/shared_group.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "models/teletraffic/erlang_b.hpp"

namespace trunklab {
namespace {

TEST(KaufmanRoberts, AgreesWithFullEnumeration) {
  const std::array classes{CallClass{.offered = Erlangs{4}, .channels = 1}, CallClass{.offered = Erlangs{1}, .channels = 3}};
  const std::vector<Probability> blocked = kaufman_roberts(10, classes);
  EXPECT_NEAR(blocked[0].value(), 0.07677903472334, 1e-13);
  EXPECT_NEAR(blocked[1].value(), 0.28659901342012, 1e-13);
}

TEST(KaufmanRoberts, IsTheProductFormSummedStateByState) {
  // Independent: all states (i, j, k) of three classes, weight A^i / i! each.
  const std::array classes{CallClass{Erlangs{2.5}, 1}, CallClass{Erlangs{1.5}, 2}, CallClass{Erlangs{0.7}, 4}};
  for (const int channels : {0, 1, 3, 4, 9, 25}) {
    std::array<double, 3> blocked{};
    double total = 0;
    for (int i = 0; i <= channels; ++i) {
      for (int j = 0; i + 2 * j <= channels; ++j) {
        for (int k = 0; i + 2 * j + 4 * k <= channels; ++k) {
          const int busy = i + 2 * j + 4 * k;
          const double weight = std::pow(2.5, i) / std::tgamma(i + 1) * std::pow(1.5, j) / std::tgamma(j + 1) * std::pow(0.7, k) / std::tgamma(k + 1);
          total += weight;
          blocked[0] += busy + 1 > channels ? weight : 0;
          blocked[1] += busy + 2 > channels ? weight : 0;
          blocked[2] += busy + 4 > channels ? weight : 0;
        }
      }
    }
    const std::vector<Probability> found = kaufman_roberts(static_cast<std::uint32_t>(channels), classes);
    for (std::size_t each = 0; each < 3; ++each) EXPECT_NEAR(found[each].value(), blocked.at(each) / total, 1e-13) << channels;
  }
}

TEST(KaufmanRoberts, OfOneClassIsErlangB) {
  for (const std::uint32_t size : {1U, 2U, 4U}) {
    for (const double offered : {0.0, 1.0, 80.0, 5000.0}) {
      const std::array one{CallClass{.offered = Erlangs{offered}, .channels = size}};
      const double expected = erlang_b(Erlangs{offered}, 10'001 / size).value();
      EXPECT_NEAR(kaufman_roberts(10'001, one)[0].value(), expected, 1e-11 * expected) << offered << " Erlangs of size " << size;
    }
  }
}

TEST(KaufmanRoberts, BlocksTheLargerCallsMore) {
  const std::array classes{CallClass{Erlangs{3000}, 1}, CallClass{Erlangs{2000}, 2}, CallClass{Erlangs{900}, 4}};
  const std::vector<Probability> blocked = kaufman_roberts(10'001, classes);
  EXPECT_LT(blocked[0], blocked[1]);
  EXPECT_LT(blocked[1], blocked[2]);
  EXPECT_LT(blocked[2].value(), 1);
}

TEST(SharedChannelsFor, IsTheFirstNumberThatWillDo) {
  std::mt19937_64 luck(1);
  std::uniform_real_distribution<double> share(0, 1);
  for (int round = 0; round < 200; ++round) {
    const std::array classes{CallClass{Erlangs{0.1 + 30 * share(luck)}, 1},
                             CallClass{Erlangs{5 * share(luck)}, 2 + static_cast<std::uint32_t>(luck() % 5)}};
    const Probability most{std::pow(10.0, -4 * share(luck))};
    const auto worst = [&](std::uint32_t channels) {
      const auto blocked = kaufman_roberts(channels, classes);
      return std::max(blocked[0], blocked[1]);
    };
    const auto channels = shared_channels_for(classes, most);
    ASSERT_TRUE(channels);
    EXPECT_LE(worst(*channels), most);
    for (std::uint32_t fewer = 0; fewer < *channels; ++fewer) ASSERT_GT(worst(fewer), most) << fewer << " of " << *channels;
  }
}

TEST(SharedChannelsFor, TellsWhenItIsTooMany) {
  const std::array one{CallClass{Erlangs{100}, 2}};
  EXPECT_FALSE(shared_channels_for(one, Probability{0.01}, 200));
  EXPECT_EQ(shared_channels_for(one, Probability{0.01}), 2 * channels_for(Erlangs{100}, Probability{0.01}));
  EXPECT_EQ(shared_channels_for(one, Probability{1}), 0U);
}

}  // namespace
}  // namespace trunklab
