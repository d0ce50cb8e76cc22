// Redials against the oracle, an iteration over the whole chain, conservation laws and limits.
#include "models/teletraffic/retrials.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/teletraffic/erlang_b.hpp"
#include "tests/models/teletraffic/numeric.hpp"

namespace trunklab {
namespace {

RedialFigures figures(double offered, std::uint32_t channels, double persistence, double pause) {
  return redial_figures({Erlangs{offered}, channels, Probability{persistence}, pause}).value();
}

TEST(Redials, AgreeWithTheOracle) {
  struct Row {
    double pause, first, all, waiting, busy, attempts;
  };
  // tests/oracles/retrial.cpp (SparseLU, Gauss-Seidel, simulation): 5 channels, 4 Erlang, half of the blocked redial endlessly.
  for (const Row& row : {Row{0.1, .226381451456, .305443562773, .072099944520, 3.279000554804, 4.720999445196},
                         Row{1, .245424481273, .267703676361, .618147536787, 3.381852463213, 4.618147536787}}) {
    const RedialFigures found = figures(4, 5, 0.5, row.pause);
    EXPECT_NEAR(found.first_blocked.value(), row.first, 1e-12);
    EXPECT_NEAR(found.blocked.value(), row.all, 1e-12);
    EXPECT_NEAR(found.waiting, row.waiting, 1e-12);
    EXPECT_NEAR(found.carried.value(), row.busy, 1e-11);
    EXPECT_NEAR(found.attempts, row.attempts, 1e-11);
  }
}

/// Gauss-Seidel on the balance of every state, with a cut-off of its own.
struct Chain {
  double full = 0;
  double waiting = 0;
};
Chain by_iteration(double a, int c, double p, double pause, int top) {
  const auto at = [&](int busy, int waiting) { return static_cast<std::size_t>(waiting * (c + 1) + busy); };
  std::vector<double> x(at(c, top) + 1, 1);
  for (int round = 0; round < 4000; ++round) {
    double change = 0;
    for (int w = 0; w <= top; ++w) {
      for (int b = 0; b <= c; ++b) {
        double in = 0;
        if (b > 0) in += a * x[at(b - 1, w)];
        if (b < c) in += (b + 1) * x[at(b + 1, w)];
        if (b > 0 && w < top) in += (w + 1) / pause * x[at(b - 1, w + 1)];
        if (b == c && w > 0) in += a * p * x[at(c, w - 1)];
        if (b == c && w < top) in += (w + 1) / pause * (1 - p) * x[at(c, w + 1)];
        const double out = b + (b < c ? a + w / pause : (w < top ? a * p : 0) + w / pause * (1 - p));
        change = std::max(change, std::abs(in / out - x[at(b, w)]) / x[at(b, w)]);
        x[at(b, w)] = in / out;
      }
    }
    if (change < 1e-13) break;
  }
  double total = 0;
  Chain sums;
  for (int w = 0; w <= top; ++w) {
    for (int b = 0; b <= c; ++b) {
      total += x[at(b, w)];
      sums.waiting += w * x[at(b, w)];
      if (b == c) sums.full += x[at(b, w)];
    }
  }
  return {sums.full / total, sums.waiting / total};
}

TEST(Redials, AreTheWholeChainIterated) {
  Inputs draws(1);
  for (int round = 0; round < 12; ++round) {
    const std::uint32_t channels = draws.whole(1, 6);
    const double offered = channels * draws.between(0.3, 1.2);
    const double persistence = draws.between(0.1, 0.8);
    const double pause = draws.scale(0.2, 2);
    const RedialFigures found = figures(offered, channels, persistence, pause);
    const Chain expected = by_iteration(offered, static_cast<int>(channels), persistence, pause, 60);
    EXPECT_NEAR(found.first_blocked.value(), expected.full, 1e-8) << channels << ' ' << offered;
    EXPECT_NEAR(found.waiting, expected.waiting, 1e-7 * (1 + expected.waiting));
  }
}

TEST(Redials, ConserveCalls) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t channels = draws.whole(1, 120);
    const double offered = channels * draws.scale(0.3, 2);
    const double persistence = draws.between(0, 0.97);
    const double pause = draws.scale(0.02, 5);
    const RedialFigures found = figures(offered, channels, persistence, pause);
    const double blocked = found.attempts * found.blocked.value();
    EXPECT_NEAR(found.carried.value(), found.attempts - blocked, 1e-9 * offered) << "what is not blocked is carried";
    EXPECT_NEAR(found.carried.value(), offered * (1 - found.lost.value()), 1e-9 * offered) << "who does not give up is carried";
    EXPECT_NEAR(found.waiting / pause, persistence * blocked, 1e-9 * offered) << "who begins to wait ends it";
    EXPECT_LE(found.carried.value(), channels * (1 + 1e-12));
    EXPECT_LE(found.lost.value(), erlang_b(Erlangs{offered}, channels).value() * (1 + 1e-9)) << "trying again cannot lose more callers";
    EXPECT_GE(found.first_blocked.value(), erlang_b(Erlangs{offered}, channels).value() * (1 - 1e-9)) << "but it blocks more attempts";
  }
}

TEST(Redials, OfLongPausesComeToExtendedErlangB) {
  const WithRedials limit = extended_erlang_b(Erlangs{8}, Channels{10}, Probability{0.7});
  double before = 1;
  for (const double pause : {10.0, 100.0, 1000.0}) {
    const double difference = std::abs(figures(8, 10, 0.7, pause).blocked.value() - limit.blocking.value());
    EXPECT_LT(difference, before / 5);
    before = difference;
  }
  EXPECT_LT(before, 1e-4);
}

TEST(Redials, OfNobodyAreErlangB) {
  const RedialFigures none = figures(10, 10, 0, 0.3);
  EXPECT_NEAR(none.first_blocked.value(), .2145823431, 1e-10);
  EXPECT_EQ(none.waiting, 0);
  const RedialFigures few = figures(10, 10, 1e-9, 0.3);
  EXPECT_NEAR(few.first_blocked.value(), none.first_blocked.value(), 1e-8);
}

TEST(Redials, KeepTheDigitsOfRareLosses) {
  const RedialFigures found = figures(10, 40, 0.5, 1);
  const double without = erlang_b(Erlangs{10}, 40).value();
  EXPECT_LT(found.lost.value(), without);
  EXPECT_GT(found.lost.value(), 0.5 * without) << "half of the first calls blocked give up at once";
  EXPECT_LT(without, 1e-11);
}

TEST(Redials, AreNoneWhereBlockingIsBeyondTheMachinesNumbers) {
  for (const double offered : {0.001, 100.0}) {
    const RedialFigures found = figures(offered, 1000, 0.99, 0.2);
    EXPECT_EQ(found.lost.value(), 0);
    EXPECT_EQ(found.attempts, offered);
    EXPECT_EQ(found.waiting, 0);
    EXPECT_EQ(found.carried.value(), offered);
  }
}

TEST(Redials, OfManyStubbornCallersAreStillSolved) {
  const RedialFigures found = figures(300, 200, 0.95, 2);
  EXPECT_NEAR(found.carried.value(), 200, 0.5);
  EXPECT_GT(found.waiting, 2000) << "more than 700 levels: weights would overflow";
}

TEST(Redials, TellWhenTheChainIsTooLarge) {
  EXPECT_FALSE(redial_figures({Erlangs{1e5}, 100, Probability{0.999}, 100}));
  EXPECT_FALSE(redial_channels_for({Erlangs{1e6}, 1, Probability{0.999}, 1e4}, Probability{0.5}));
}

TEST(RedialInverses, GiveTheLossBack) {
  Inputs draws(3);
  for (int round = 0; round < 60; ++round) {
    const RedialingCallers callers{Erlangs{draws.scale(1, 60)}, 1, Probability{draws.between(0.1, 0.9)}, draws.scale(0.1, 2)};
    const Probability lost{draws.scale(1e-6, 0.3)};
    const std::uint32_t channels = redial_channels_for(callers, lost).value();
    EXPECT_LE(figures(callers.offered.value(), channels, callers.persistence.value(), callers.pause).lost, lost);
    if (channels > 1) {
      EXPECT_GT(figures(callers.offered.value(), channels - 1, callers.persistence.value(), callers.pause).lost, lost);
    }
    RedialingCallers same = callers;
    same.channels = channels;
    const Erlangs offered = redial_offered_for(same, lost).value();
    EXPECT_GE(offered.value(), callers.offered.value() * (1 - 1e-9));
    EXPECT_NEAR(figures(offered.value(), channels, callers.persistence.value(), callers.pause).lost.value(), lost.value(), 1e-8 * lost.value());
  }
}

}  // namespace
}  // namespace trunklab
