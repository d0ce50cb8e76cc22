// Availability against the chain solved as a whole, and against small numbers that subtraction would lose.
#include "models/teletraffic/availability.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>

#include <array>
#include <chrono>
#include <cmath>

#include "tests/models/teletraffic/numeric.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

RedundantUnits units(std::uint32_t n, std::uint32_t k, std::uint32_t crews) {
  return {.units = n, .needed = k, .crews = crews, .mtbf = 1000h, .mttr = 2h};
}

TEST(Availability, AgreesWithTheReference) {
  EXPECT_NEAR(1 - unavailability_of(units(1, 1, 1)).down.value(), .998003992, 5e-10) << "domain notes, section 5";
  EXPECT_NEAR(1 - unavailability_of(units(2, 1, 2)).down.value(), .999996016, 5e-10);
}

TEST(Availability, TwoEdgesOfTheOracle) {
  // tests/oracles/two_edges.py, README section 4: MTBF 2 h, MTTR 20 min.
  const Unavailability found = unavailability_of({.units = 2, .needed = 1, .crews = 2, .mtbf = 2h, .mttr = 20min});
  EXPECT_NEAR(found.down.value(), 1.0 / 49, 1e-16);
  EXPECT_NEAR(found.outages_per_year, 1072.653061224490, 1e-9);
  EXPECT_NEAR(in_seconds(found.mean_outage), 600, 1e-6);
  EXPECT_NEAR(minutes_per_year(found.down), 178.775510204082 * 60, 1e-8);
}

TEST(Availability, WithACrewForEachUnitIsBinomial) {
  Inputs draws(1);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t n = draws.whole(1, 12);
    const std::uint32_t k = draws.whole(1, n);
    RedundantUnits system = units(n, k, n);
    system.mttr = from_seconds(draws.scale(0.01, 1e6));
    const long double up = in_seconds(system.mtbf) / (in_seconds(system.mtbf) + in_seconds(system.mttr));
    const long double down = in_seconds(system.mttr) / (in_seconds(system.mtbf) + static_cast<long double>(in_seconds(system.mttr)));
    long double sum = 0;
    for (std::uint32_t failed = n - k + 1; failed <= n; ++failed) {
      sum += std::tgamma(n + 1.0L) / std::tgamma(failed + 1.0L) / std::tgamma(n - failed + 1.0L) * std::pow(down, failed) * std::pow(up, n - failed);
    }
    const auto expected = static_cast<double>(sum);
    EXPECT_NEAR(unavailability_of(system).down.value(), expected, 1e-12 * expected);
  }
}

TEST(Availability, OfABillionthOfABillionthKeepsItsDigits) {
  // Three units, one crew each, U = 1e-6/(1+1e-6) each: exactly its cube.
  RedundantUnits system{.units = 3, .needed = 1, .crews = 3, .mtbf = std::chrono::seconds{1'000'000}, .mttr = 1s};
  const double one = 1e-6 / (1 + 1e-6);
  EXPECT_NEAR(unavailability_of(system).down.value(), one * one * one, 1e-14 * one * one * one);
  system.units = 2;
  EXPECT_NEAR(unavailability_of(system).down.value(), one * one, 1e-14 * one * one);
  EXPECT_NEAR(minutes_per_year(Probability{1e-12}), 525600e-12, 1e-20);
}

/// The stationary state of the whole chain, failovers that failed included: pi Q = 0 by Eigen.
double by_linear_algebra(const RedundantUnits& system) {
  const std::uint32_t n = system.units;
  const std::uint32_t spare = n - system.needed;
  const auto size = static_cast<Eigen::Index>(n + 1 + spare);
  Eigen::MatrixXd q = Eigen::MatrixXd::Zero(size, size);
  const auto move = [&](Eigen::Index from, Eigen::Index to, double rate) {
    q(from, to) += rate;
    q(from, from) -= rate;
  };
  const double c = system.coverage.value();
  for (std::uint32_t failed = 0; failed <= n; ++failed) {
    const double fails = (n - failed) / in_seconds(system.mtbf);
    if (failed < n) move(failed, failed + 1, failed < spare ? fails * c : fails);
    if (failed > 0) move(failed, failed - 1, std::min(failed, system.crews) / in_seconds(system.mttr));
    if (failed < spare) {
      const Eigen::Index stuck = n + 1 + failed;
      move(failed, stuck, fails * (1 - c));
      move(stuck, failed + 1, 1 / in_seconds(system.takeover));
    }
  }
  Eigen::MatrixXd equations = q.transpose();
  equations.row(0).setOnes();
  Eigen::VectorXd right = Eigen::VectorXd::Zero(size);
  right(0) = 1;
  const Eigen::VectorXd pi = equations.fullPivLu().solve(right);
  return pi.tail(size - 1 - static_cast<Eigen::Index>(spare)).sum();
}

TEST(Availability, IsThatOfTheWholeChain) {
  Inputs draws(2);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t n = draws.whole(1, 10);
    const RedundantUnits system{.units = n,
                                .needed = draws.whole(1, n),
                                .crews = draws.whole(1, n),
                                .mtbf = from_seconds(draws.scale(1, 100)),
                                .mttr = from_seconds(draws.scale(1, 100)),
                                .coverage = Probability{draws.between(0, 1)},
                                .takeover = from_seconds(draws.scale(0.1, 10))};
    const double expected = by_linear_algebra(system);
    EXPECT_NEAR(unavailability_of(system).down.value(), expected, 1e-11) << n;
  }
}

TEST(Availability, OfTwoUnitsIsLimitedByFailoversThatFail) {
  RedundantUnits system = units(2, 1, 2);
  system.coverage = Probability{0.99};
  system.takeover = 2h;
  const double down = unavailability_of(system).down.value();
  // 2 failures in 1000 h, a hundredth of them two hours long: ten times the 4e-6 of two failures at once.
  EXPECT_NEAR(down, 2.0 / 1000 * 0.01 * 2 + 3.984e-6, 0.02 * down);
}

TEST(Availability, OutagesTimesTheirLengthIsTheDownTime) {
  Inputs draws(3);
  for (int round = 0; round < 200; ++round) {
    RedundantUnits system = units(draws.whole(2, 9), 2, draws.whole(1, 3));
    system.coverage = Probability{draws.between(0.5, 1)};
    system.takeover = 10min;
    const Unavailability found = unavailability_of(system);
    EXPECT_NEAR(found.outages_per_year * in_seconds(found.mean_outage), found.down.value() * 8760 * 3600, 1e-6);
  }
}

TEST(Availability, RisesWithUnitsCrewsAndCoverage) {
  for (std::uint32_t n = 2; n < 12; ++n) {
    EXPECT_LT(unavailability_of(units(n + 1, 2, 1)).down, unavailability_of(units(n, 2, 1)).down);
    EXPECT_LE(unavailability_of(units(n, 2, 2)).down, unavailability_of(units(n, 2, 1)).down);
    RedundantUnits weak = units(n + 1, 2, 1);
    weak.coverage = Probability{0.9};
    weak.takeover = 1min;
    EXPECT_GT(unavailability_of(weak).down, unavailability_of(units(n + 1, 2, 1)).down);
  }
}

TEST(Availability, OfManyUnitsThatAreNearlyAlwaysDownStaysFinite) {
  const Unavailability found = unavailability_of({.units = 1000, .needed = 1, .crews = 1, .mtbf = 1s, .mttr = 1000h});
  EXPECT_NEAR(found.down.value(), 1, 1e-6);
  EXPECT_GT(found.down.value(), 0.999);
  EXPECT_LE(found.down.value(), 1);
}

TEST(Blocks, InSeriesAndInParallel) {
  const std::array two{Probability{1e-12}, Probability{3e-12}};
  EXPECT_NEAR(in_series(two).value(), 4e-12, 1e-23);
  EXPECT_NEAR(in_parallel(two).value(), 3e-24, 1e-38);
  const std::array three{Probability{0.1}, Probability{0.5}, Probability{0}};
  EXPECT_NEAR(in_series(three).value(), 0.55, 1e-15);
  EXPECT_EQ(in_parallel(three).value(), 0);
}

TEST(Inverses, OfAvailability) {
  Inputs draws(4);
  for (int round = 0; round < 200; ++round) {
    RedundantUnits system = units(draws.whole(1, 6), 1, draws.whole(1, 3));
    system.mttr = from_seconds(draws.scale(10, 1e6));
    const Probability down = unavailability_of(system).down;
    EXPECT_NEAR(in_seconds(*mttr_for(system, down)), in_seconds(system.mttr), 1e-7 * in_seconds(system.mttr));
    EXPECT_NEAR(in_seconds(*mtbf_for(system, down)), in_seconds(system.mtbf), 1e-7 * in_seconds(system.mtbf));
    EXPECT_EQ(units_for(system, Probability{down.value() * (1 + 1e-9)}), system.units);
  }
}

TEST(UnitsFor, SaysWhereNoNumberWillDo) {
  RedundantUnits system = units(1, 1, 1);
  system.coverage = Probability{0.99};
  system.takeover = 2h;
  EXPECT_FALSE(units_for(system, Probability{1e-9}));
  EXPECT_EQ(units_for(units(1, 1, 9), Probability{1e-5}), 2U);
}

}  // namespace
}  // namespace trunklab
