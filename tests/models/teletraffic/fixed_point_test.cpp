// Erlang's fixed point against its equations, enumeration over all links' fates, and a network with two states.
#include "models/teletraffic/fixed_point.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/models/teletraffic/numeric.hpp"

namespace trunklab {
namespace {

double erlang(double offered, std::uint32_t channels) {
  double b = 1;
  for (std::uint32_t n = 1; n <= channels; ++n) b = offered * b / (n + offered * b);
  return b;
}

/// Traffic that reaches each link, and loss of each demand: every combination of links free and blocked, one by one.
struct Enumerated {
  std::vector<double> loads;
  std::vector<double> losses;
};
Enumerated enumerate(const RoutedNetwork& network, const std::vector<Probability>& blocked) {
  const std::size_t links = network.links.size();
  Enumerated sums{std::vector<double>(links), std::vector<double>(network.demands.size())};
  for (std::size_t fates = 0; fates < std::size_t{1} << links; ++fates) {
    const auto is_free = [&](std::size_t link) { return (fates >> link & 1U) == 0; };
    double chance = 1;
    for (std::size_t link = 0; link < links; ++link) chance *= is_free(link) ? 1 - blocked[link].value() : blocked[link].value();
    for (std::size_t each = 0; each < network.demands.size(); ++each) {
      const auto& routes = network.demands[each].routes;
      const auto taken = std::ranges::find_if(routes, [&](const LinkRoute& route) { return std::ranges::all_of(route, is_free); });
      if (taken == routes.end()) {
        sums.losses[each] += chance;
      } else {
        for (const std::size_t link : *taken) sums.loads[link] += chance * network.demands[each].offered.value() / (1 - blocked[link].value());
      }
    }
  }
  return sums;
}

void expect_fixed_point(const RoutedNetwork& network, const NetworkBlocking& found) {
  ASSERT_TRUE(found.settled);
  const Enumerated sums = enumerate(network, found.links);
  for (std::size_t link = 0; link < network.links.size(); ++link) {
    EXPECT_NEAR(erlang(sums.loads[link], network.links[link]), found.links[link].value(), 1e-10) << "link " << link;
  }
  for (std::size_t each = 0; each < network.demands.size(); ++each) EXPECT_NEAR(sums.losses[each], found.demands[each].value(), 1e-12);
}

TEST(ErlangFixedPoint, OfOneLinkIsErlangB) {
  const FixedPoints found = erlang_fixed_points({{15}, {{Erlangs{10}, {{0}}}}});
  EXPECT_NEAR(found.from_empty.demands[0].value(), .0364969455, 1e-10);
  EXPECT_FALSE(found.differ);
}

TEST(ErlangFixedPoint, OfOneRouteOverTwoLinksThinsTheLoad) {
  const RoutedNetwork network{{10, 12}, {{Erlangs{8}, {{0, 1}}}, {Erlangs{3}, {{1}}}}};
  const FixedPoints found = erlang_fixed_points(network);
  expect_fixed_point(network, found.from_empty);
  const double first = found.from_empty.links[0].value();
  const double second = found.from_empty.links[1].value();
  EXPECT_NEAR(first, erlang(8 * (1 - second), 10), 1e-10) << "Kelly 1986: reduced load";
  EXPECT_NEAR(second, erlang(8 * (1 - first) + 3, 12), 1e-10);
}

TEST(ErlangFixedPoint, OverflowOfOneRegionGoesToTheNext) {
  const RoutedNetwork network{{20, 30}, {{Erlangs{25}, {{0}, {1}}}, {Erlangs{20}, {{1}, {0}}}}};
  const FixedPoints found = erlang_fixed_points(network);
  expect_fixed_point(network, found.from_empty);
  expect_fixed_point(network, found.from_full);
  const double a = found.from_empty.links[0].value();
  const double b = found.from_empty.links[1].value();
  EXPECT_NEAR(a, erlang(25 + 20 * b, 20), 1e-10);
  EXPECT_NEAR(b, erlang(20 + 25 * a, 30), 1e-10);
  EXPECT_NEAR(found.from_empty.demands[0].value(), a * b, 1e-12);
}

TEST(ErlangFixedPoint, ALostRegionSendsAllToTheOther) {
  const FixedPoints found = erlang_fixed_points({{0, 60}, {{Erlangs{25}, {{0}, {1}}}, {Erlangs{20}, {{1}, {0}}}}});
  EXPECT_NEAR(found.from_empty.links[0].value(), 1, 1e-11);
  EXPECT_NEAR(found.from_empty.demands[0].value(), erlang(45, 60), 1e-10);
  EXPECT_NEAR(found.from_empty.demands[1].value(), erlang(45, 60), 1e-10);
}

TEST(ErlangFixedPoint, ConditionsOnLinksThatRoutesShare) {
  Inputs draws(1);
  for (int round = 0; round < 60; ++round) {
    RoutedNetwork network;
    for (int link = 0; link < 6; ++link) network.links.push_back(draws.whole(1, 30));
    for (int each = 0; each < 4; ++each) {
      RoutedDemand demand{Erlangs{draws.between(0.5, 25)}, {}};
      const std::uint32_t routes = draws.whole(1, 3);
      for (std::uint32_t route = 0; route < routes; ++route) {
        LinkRoute links;
        for (std::size_t link = 0; link < 6; ++link) {
          if (draws.whole(0, 2) == 0) links.push_back(link);
        }
        if (links.empty()) links.push_back(draws.whole(0, 5));
        demand.routes.push_back(links);
      }
      network.demands.push_back(demand);
    }
    const FixedPoints found = erlang_fixed_points(network);
    expect_fixed_point(network, found.from_empty);
    expect_fixed_point(network, found.from_full);
  }
}

/// Three nodes, each pair joined by a link, calls go direct or round the third node: B = E(v + 2 v B (1 - B), C) on every link.
TEST(ErlangFixedPoint, FindsBothStatesOfANetworkThatHasTwo) {
  constexpr std::uint32_t channels = 1000;
  constexpr double offered = 940;
  std::vector<double> roots;
  double before = erlang(offered, channels);
  constexpr int steps = 4000;
  for (int i = 1; i <= steps; ++i) {
    const double b = static_cast<double>(i) / steps;
    const double now = erlang(offered + 2 * offered * b * (1 - b), channels) - b;
    if ((before > 0) != (now > 0)) roots.push_back(b);
    before = now;
  }
  ASSERT_EQ(roots.size(), 3U) << "good, unstable, bad";
  const RoutedNetwork triangle{{channels, channels, channels},
                               {{Erlangs{offered}, {{0}, {1, 2}}}, {Erlangs{offered}, {{1}, {0, 2}}}, {Erlangs{offered}, {{2}, {0, 1}}}}};
  const FixedPoints found = erlang_fixed_points(triangle);
  EXPECT_TRUE(found.differ);
  EXPECT_NEAR(found.from_empty.links[0].value(), roots.front(), 1.0 / steps);
  EXPECT_NEAR(found.from_full.links[0].value(), roots.back(), 1.0 / steps);
  expect_fixed_point(triangle, found.from_empty);
  expect_fixed_point(triangle, found.from_full);
  EXPECT_LT(found.from_empty.demands[0], found.from_full.demands[0]);
}

TEST(ErlangFixedPoint, WithoutTrafficBlocksNothing) {
  const FixedPoints found = erlang_fixed_points({{5}, {{Erlangs{0}, {{0}}}}});
  EXPECT_NEAR(found.from_full.demands[0].value(), 0, 1e-11);
  EXPECT_FALSE(found.differ);
}

}  // namespace
}  // namespace trunklab
