// Erlang C and agents behind trunks, against published values, the chains themselves and their own laws.
#include "models/teletraffic/waiting.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tests/models/teletraffic/numeric.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

double c_of(double offered, double agents) {
  return erlang_c(Erlangs{offered}, Channels{agents}).value();
}

TEST(ErlangC, AgreesWithTheReference) {
  struct Row {
    double offered, agents, waits;
  };
  for (const Row& row : {Row{10, 14, .17413193}, Row{10, 11, .6821182}, Row{5, 8, .16726651}, Row{2, 3, .44444444}}) {
    EXPECT_NEAR(c_of(row.offered, row.agents), row.waits, 5e-8) << "domain notes, section 5: exact arithmetic";
  }
}

TEST(ErlangC, ServiceLevelOfThePyworkforceExample) {
  // 100 calls in 30 min of 3 min each, 20 s: pyworkforce's README, 0.88835 with 14 agents, and 14 are needed for 80 %.
  const double within = 20.0 / 180;
  EXPECT_NEAR(1 - erlang_c_wait_beyond(Erlangs{10}, Channels{14}, within).value(), 0.88835002, 5e-9);
  EXPECT_EQ(agents_for(Erlangs{10}, {within, Probability{0.8}}), 14U);
}

TEST(ErlangC, IsTheTailOfTheChain) {
  Inputs draws(1);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t agents = draws.whole(1, 200);
    const double offered = agents * draws.between(0.05, 0.98);
    // Weights of the states relative to "all agents busy, nobody waits", added from there.
    long double below = 0;
    long double weight = 1;
    for (std::uint32_t n = agents; n > 0; --n) below += weight *= n / static_cast<long double>(offered);
    const long double waiting = 1 / (1 - static_cast<long double>(offered) / agents);
    const auto expected = static_cast<double>(waiting / (below + waiting));
    EXPECT_NEAR(c_of(offered, agents), expected, tolerance::formula * expected);
    const auto wait = static_cast<double>(integral(0, 60 / (agents - static_cast<long double>(offered)), [&](long double t) {
      return expected * std::exp(-(agents - static_cast<long double>(offered)) * t);
    }));
    EXPECT_NEAR(erlang_c_mean_wait(Erlangs{offered}, whole(agents)), wait, 1e-10 * wait) << "mean = integral of the tail";
  }
}

TEST(ErlangC, OfTooMuchTrafficIsOneAndWithoutEnd) {
  EXPECT_EQ(c_of(5, 5), 1);
  EXPECT_EQ(c_of(6, 5.5), 1);
  EXPECT_TRUE(std::isinf(erlang_c_mean_wait(Erlangs{5}, Channels{5})));
  EXPECT_TRUE(std::isinf(erlang_c_wait_of(Erlangs{5}, Channels{5}, Probability{0.5})));
  EXPECT_EQ(erlang_c_wait_beyond(Erlangs{5}, Channels{5}, 100).value(), 1);
}

TEST(ErlangC, FallsWithAgentsAndRisesWithTraffic) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const double agents = draws.scale(1, 2000);
    const double offered = agents * draws.between(0.5, 0.99);
    EXPECT_LT(c_of(offered, agents * 1.001), c_of(offered, agents));
    EXPECT_GT(c_of(offered * 1.001, agents), c_of(offered, agents));
  }
}

TEST(AgentsFor, IsTheLeastNumberThatKeepsThePromise) {
  Inputs draws(1);
  for (int round = 0; round < 300; ++round) {
    const Erlangs offered{draws.scale(0.01, 2000)};
    const ServiceLevel promise{draws.between(0, 0.3), Probability{draws.between(0.3, 0.9999)}};
    const auto kept = [&](Channels agents) {
      return erlang_c_wait_beyond(offered, agents, promise.within).value() <= (1 - promise.share.value()) * (1 + 1e-12);
    };
    const std::uint32_t agents = agents_for(offered, promise);
    EXPECT_TRUE(kept(whole(agents)));
    EXPECT_FALSE(kept(whole(agents - 1)));
    const Channels just = fractional_agents_for(offered, promise);
    EXPECT_LE(just.value(), agents * (1 + 1e-12));
    EXPECT_GT(just.value(), std::max(offered.value(), agents - 1.0) - 1e-9);
    if (just.value() > offered.value() * (1 + 1e-6)) {
      EXPECT_NEAR(erlang_c_wait_beyond(offered, just, promise.within).value(), 1 - promise.share.value(), 1e-7);
      EXPECT_NEAR(offered_for_service(just, promise).value(), offered.value(), 1e-8 * offered.value());
    }
  }
}

TEST(AgentsForMeanWait, IsTheLeastNumberThatWillDo) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const Erlangs offered{draws.scale(0.01, 2000)};
    const double wait = draws.scale(1e-4, 10);
    const std::uint32_t agents = agents_for_mean_wait(offered, wait);
    EXPECT_LE(erlang_c_mean_wait(offered, whole(agents)), wait);
    EXPECT_GT(erlang_c_mean_wait(offered, whole(agents - 1)), wait);
    const Channels just = fractional_agents_for_mean_wait(offered, wait);
    EXPECT_NEAR(erlang_c_mean_wait(offered, just), wait, 1e-8 * wait);
    EXPECT_NEAR(offered_for_mean_wait(just, wait).value(), offered.value(), 1e-9 * offered.value());
  }
}

TEST(ErlangCWaitOf, IsTheQuantileOfTheWait) {
  for (const double share : {0.5, 0.9, 0.999}) {
    const double wait = erlang_c_wait_of(Erlangs{10}, Channels{11}, Probability{share});
    EXPECT_NEAR(erlang_c_wait_beyond(Erlangs{10}, Channels{11}, wait).value(), 1 - share, 1e-12);
  }
  EXPECT_EQ(erlang_c_wait_of(Erlangs{10}, Channels{14}, Probability{0.8}), 0) << "more than that do not wait at all";
}

TEST(ErlangC, OfAMillionAgents) {
  const double waits = c_of(998'000, 1'000'000);
  // Halfin and Whitt (1981): 1 / (1 + beta Phi(beta) / phi(beta)), beta = (n - A) / sqrt n = 2; relative error of the order of 1/sqrt(n).
  const double phi = std::exp(-2.0) / std::sqrt(2 * 3.14159265358979);
  EXPECT_NEAR(waits, 1 / (1 + 2 * 0.977249868051821 / phi), 4e-3 * waits);
}

// ---- Agents behind trunks

struct Expected {
  AgentsBehindTrunks system;
  double blocked, waits, mean_wait, queue, occupancy, trunks_busy;
  std::array<double, 4> beyond;  ///< .1, .25, .5, 1
};

TEST(AgentsBehindTrunks, AgreesWithTheOracle) {
  // tests/oracles/contact_centre.py, README section 6.
  const std::array rows{Expected{{Erlangs{7}, 8, 10},
                                 .105854820402369,
                                 .289926402085624,
                                 .053153173715698,
                                 .332686578407447,
                                 .782377032147927,
                                 6.591702835590861,
                                 {.178907333089264, .075858725371791, .015222536883409, .000460361504312}},
                        Expected{{Erlangs{7.5}, 8, 20},
                                 .035715954432809,
                                 .693026297569896,
                                 .497120635383869,
                                 3.595241230671670,
                                 .904016292719242,
                                 10.827371572425603,
                                 {.630324524030101, .541958730746482, .408655681701048, .191700770764716}}};
  for (const Expected& row : rows) {
    const WaitingFigures figures = figures_of(row.system);
    EXPECT_NEAR(figures.blocked.value(), row.blocked, 1e-14);
    EXPECT_NEAR(figures.waits.value(), row.waits, 1e-14);
    EXPECT_NEAR(figures.mean_wait, row.mean_wait, 1e-14);
    EXPECT_NEAR(figures.mean_queue, row.queue, 1e-13);
    EXPECT_NEAR(figures.occupancy, row.occupancy, 1e-14);
    EXPECT_NEAR(figures.trunks_busy, row.trunks_busy, 1e-13);
    constexpr std::array waits{0.1, 0.25, 0.5, 1.0};
    for (std::size_t each = 0; each < waits.size(); ++each) {
      EXPECT_NEAR(wait_beyond(row.system, waits.at(each)).value(), row.beyond.at(each), 1e-13);
    }
  }
}

TEST(AgentsBehindTrunks, IsTheChainStateByState) {
  Inputs draws(1);
  for (int round = 0; round < 200; ++round) {
    const std::uint32_t agents = draws.whole(1, 40);
    const std::uint32_t trunks = agents + draws.whole(0, 60);
    const double offered = agents * draws.scale(0.2, 5);
    std::vector<long double> weights{1};
    for (std::uint32_t n = 1; n <= trunks; ++n) weights.push_back(weights.back() * offered / std::min(n, agents));
    long double total = 0, queue = 0, waits = 0;
    for (std::uint32_t n = 0; n <= trunks; ++n) {
      total += weights[n];
      queue += weights[n] * (n > agents ? n - agents : 0);
      waits += n >= agents && n < trunks ? weights[n] : 0;
    }
    const auto blocked = static_cast<double>(weights.back() / total);
    const long double admitted = (total - weights.back()) / total;
    const WaitingFigures figures = figures_of({Erlangs{offered}, agents, trunks});
    EXPECT_NEAR(figures.blocked.value(), blocked, tolerance::formula * blocked);
    EXPECT_NEAR(figures.waits.value(), static_cast<double>(waits / total / admitted), 1e-12);
    EXPECT_NEAR(figures.mean_wait, static_cast<double>(queue / total / admitted / offered), 1e-11 * (figures.mean_wait + 1e-3));
    const AgentsBehindTrunks system{Erlangs{offered}, agents, trunks};
    EXPECT_NEAR(wait_beyond(system, 0).value(), figures.waits.value(), 1e-12);
  }
}

TEST(AgentsBehindTrunks, MeanWaitIsTheIntegralOfItsTail) {
  Inputs draws(2);
  for (int round = 0; round < 20; ++round) {
    const std::uint32_t agents = draws.whole(1, 20);
    const AgentsBehindTrunks system{Erlangs{agents * draws.scale(0.5, 2)}, agents, agents + draws.whole(1, 30)};
    // From 0 to infinity by t = x / (1 - x).
    const auto mean = static_cast<double>(integral(
        0, 1, [&](long double x) { return x >= 1 ? 0 : wait_beyond(system, static_cast<double>(x / (1 - x))).value() / ((1 - x) * (1 - x)); }));
    EXPECT_NEAR(figures_of(system).mean_wait, mean, 1e-9 * mean);
  }
}

TEST(AgentsBehindTrunks, WithAnAgentForEachTrunkIsErlangB) {
  const WaitingFigures figures = figures_of({Erlangs{10}, 10, 10});
  EXPECT_NEAR(figures.blocked.value(), .2145823431, 1e-10);
  EXPECT_EQ(figures.waits.value(), 0);
  EXPECT_EQ(figures.mean_wait, 0);
}

TEST(AgentsBehindTrunks, WithEndlessTrunksIsErlangC) {
  const WaitingFigures figures = figures_of({Erlangs{10}, 11, 2000});
  EXPECT_NEAR(figures.waits.value(), c_of(10, 11), 1e-12);
  EXPECT_NEAR(figures.mean_wait, erlang_c_mean_wait(Erlangs{10}, Channels{11}), 1e-11);
}

TEST(AgentsBehindTrunks, SurvivesManyTrunksAndTooFewAgents) {
  const WaitingFigures figures = figures_of({Erlangs{1000}, 10, 1'000'000});
  EXPECT_NEAR(figures.blocked.value(), 0.99, 1e-12);
  EXPECT_NEAR(figures.occupancy, 1, 1e-12);
  EXPECT_NEAR(figures.trunks_busy, 1'000'000, 1);
  const WaitingFigures one = figures_of({Erlangs{1e9}, 1, 1});
  EXPECT_NEAR(one.carried.value(), 1, 1e-8) << "1 - blocking would have lost its digits";
}

TEST(TrunksForAgents, IsTheLeastNumberThatWillDo) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t agents = draws.whole(1, 100);
    const Erlangs offered{agents * draws.between(0.2, 1.5)};
    const Probability most{draws.scale(1e-6, 0.5)};
    const auto trunks = trunks_for_agents(offered, agents, most, 5'000);
    if (!trunks) {
      EXPECT_GT(figures_of({offered, agents, 5'000}).blocked, most);
      continue;
    }
    EXPECT_LE(figures_of({offered, agents, *trunks}).blocked.value(), most.value() * (1 + 1e-12));
    EXPECT_TRUE(*trunks == agents || figures_of({offered, agents, *trunks - 1}).blocked > most);
  }
}

TEST(AgentsAndTrunks, AreTheFewestThatKeepBothPromises) {
  Inputs draws(3);
  for (int round = 0; round < 60; ++round) {
    const Erlangs offered{draws.scale(0.5, 60)};
    const Probability most{draws.scale(1e-4, 0.2)};
    const ServiceLevel promise{draws.between(0, 0.2), Probability{draws.between(0.5, 0.99)}};
    const AgentsBehindTrunks found = agents_and_trunks_for(offered, most, promise);
    EXPECT_LE(figures_of(found).blocked.value(), most.value() * (1 + 1e-12));
    EXPECT_LE(wait_beyond(found, promise.within).value(), 1 - promise.share.value());
    EXPECT_LE(agents_behind(offered, found.trunks, promise), found.agents);
    // With an agent less, the trunks that block little enough let too many wait.
    if (found.agents == 1) continue;
    const auto trunks = trunks_for_agents(offered, found.agents - 1, most);
    EXPECT_TRUE(!trunks || wait_beyond({offered, found.agents - 1, *trunks}, promise.within).value() > 1 - promise.share.value());
  }
}

TEST(OfferedBehind, GivesTheBlockingBack) {
  Inputs draws(4);
  for (int round = 0; round < 200; ++round) {
    const std::uint32_t agents = draws.whole(1, 100);
    const std::uint32_t trunks = agents + draws.whole(0, 100);
    const double blocked = draws.scale(1e-12, 0.99);
    const Erlangs offered = offered_behind(agents, trunks, Probability{blocked});
    EXPECT_NEAR(figures_of({offered, agents, trunks}).blocked.value(), blocked, tolerance::inverse * blocked);
  }
}

}  // namespace
}  // namespace trunklab
