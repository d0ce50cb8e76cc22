// The statistics below the fit: draws, tails, mixtures, goodness of fit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/statistics/dispersion.hpp"
#include "models/statistics/draws.hpp"
#include "models/statistics/intervals.hpp"
#include "models/statistics/lognormal_mixture.hpp"
#include "models/statistics/reservoir.hpp"
#include "tests/tolerances.hpp"
#include "traffic/cdr/holding_fit.hpp"

namespace trunklab {
namespace {

TEST(Draws, HaveTheMomentsOfTheirLaws) {
  constexpr int n = 100'000;
  const auto expect = [](const Moments& moments, double mean, double variance) {
    EXPECT_NEAR(moments.mean(), mean, tolerance::standard_errors * std::sqrt(variance / n) + 1e-12);
    EXPECT_NEAR(moments.variance(), variance, 0.06 * variance + 1e-12);
  };
  for (const double mean : {0.3, 3.0, 9.9, 10.1, 42.0, 1e4, 1e8}) {
    Draws draws(1);
    Moments moments;
    for (int i = 0; i < n; ++i) moments.add(draws.poisson(mean));
    expect(moments, mean, mean);
  }
  for (const double variance : {0.0, 0.04, 2.0}) {
    Draws draws(2);
    Moments moments;
    for (int i = 0; i < n; ++i) moments.add(draws.gamma_factor(variance));
    expect(moments, 1, variance);
  }
  Draws draws(3);
  EXPECT_EQ(draws.poisson(0), 0);
}

TEST(Draws, PoissonFollowsItsLawOnBothSidesOfTheSwitch) {
  for (const double mean : {8.0, 12.0}) {
    Draws draws(1);
    int below = 0;
    constexpr int n = 200'000;
    for (int i = 0; i < n; ++i) below += draws.poisson(mean) <= 7 ? 1 : 0;
    double term = std::exp(-mean);
    double cdf = term;
    for (int k = 1; k <= 7; ++k) cdf += term *= mean / k;
    EXPECT_NEAR(below / static_cast<double>(n), cdf, tolerance::standard_errors * std::sqrt(cdf * (1 - cdf) / n));
  }
}

TEST(Reservoir, KeepsEachValueEquallyOften) {
  std::vector<int> kept(100);
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Reservoir reservoir(10, seed);
    for (int i = 0; i < 100; ++i) reservoir.add(i);
    EXPECT_EQ(reservoir.values().size(), 10U);
    for (const double value : reservoir.values()) ++kept[static_cast<std::size_t>(value)];
  }
  for (const int count : kept) EXPECT_NEAR(count, 200, tolerance::standard_errors * std::sqrt(2000 * 0.1 * 0.9));
}

// Sums of the laws' own probabilities, term by term.
TEST(CountTail, IsTheSumOfItsTerms) {
  double poisson = 0;
  double term = std::exp(-4.0);
  for (int k = 0; k < 7; ++k) {
    poisson += term;
    term *= 4.0 / (k + 1);
  }
  EXPECT_NEAR(count_tail(7, 4, 0), 1 - poisson, 1e-12);
  // r = 2, p = mean / (mean + r) = 2/3: P(N = k) = (k + 1) (1/3)^2 (2/3)^k.
  double below = 0;
  for (int k = 0; k < 7; ++k) below += (k + 1) / 9.0 * std::pow(2.0 / 3, k);
  EXPECT_NEAR(count_tail(7, 4, 0.5), 1 - below, 1e-12);
  EXPECT_EQ(count_tail(0, 4, 0.5), 1);
}

std::vector<double> drawn(const std::vector<LognormalPart>& parts, int count, std::uint64_t seed) {
  Draws draws(seed);
  std::vector<double> values;
  for (int i = 0; i < count; ++i) {
    double left = draws.uniform();
    std::size_t part = 0;
    while (part + 1 < parts.size() && left >= parts[part].weight) left -= parts[part++].weight;
    values.push_back(std::exp(parts[part].mu + parts[part].sigma * draws.normal()));
  }
  return values;
}

TEST(LognormalMixture, OfOnePartIsTheLogarithmsMeanAndDeviation) {
  const std::vector<double> values{1, std::exp(1.0), std::exp(2.0), std::exp(5.0)};
  const LognormalMixture fit = fit_lognormal_mixture(values, 1);
  EXPECT_NEAR(fit.parts[0].mu, 2, 1e-9);
  EXPECT_NEAR(fit.parts[0].sigma, std::sqrt((4 + 1 + 0 + 9) / 4.0), 1e-9);
}

TEST(LognormalMixture, RecoversTwoParts) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const LognormalMixture fit = fit_lognormal_mixture(drawn({{0.3, 2, 0.5}, {0.7, 5, 0.8}}, 20'000, seed), 2);
    EXPECT_NEAR(fit.parts[0].weight, 0.3, 0.02);
    EXPECT_NEAR(fit.parts[0].mu, 2, 0.05);
    EXPECT_NEAR(fit.parts[0].sigma, 0.5, 0.05);
    EXPECT_NEAR(fit.parts[1].mu, 5, 0.05);
    EXPECT_NEAR(fit.parts[1].sigma, 0.8, 0.05);
    EXPECT_NEAR(fit.mean(), 0.3 * std::exp(2.125) + 0.7 * std::exp(5.32), 4);
  }
}

TEST(LognormalMixture, RecoversThreePartsAndBicCountsThem) {
  const std::vector<LognormalPart> truth{{0.25, 1, 0.3}, {0.5, 3.5, 0.4}, {0.25, 6, 0.5}};
  const auto values = drawn(truth, 10'000, 1);
  const LognormalMixture fit = fit_lognormal_mixture(values, 3);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(fit.parts[k].weight, truth[k].weight, 0.02);
    EXPECT_NEAR(fit.parts[k].mu, truth[k].mu, 0.05);
    EXPECT_NEAR(fit.parts[k].sigma, truth[k].sigma, 0.05);
  }
  EXPECT_LT(fit.bic, fit_lognormal_mixture(values, 2).bic);
  EXPECT_LT(fit_lognormal_mixture(values, 2).bic, fit_lognormal_mixture(values, 1).bic);
  const auto single = drawn({{1, 4, 1}}, 5000, 1);
  EXPECT_LT(fit_lognormal_mixture(single, 1).bic, fit_lognormal_mixture(single, 2).bic);
}

/// Quantiles of an exponential law, each to the power `bend`: a sample whose distance from every exponential grows with `bend`.
Reservoir bent_exponential(double bend, int n) {
  Reservoir sample(100'000);
  for (int i = 0; i < n; ++i) sample.add(100 * std::pow(-std::log(1 - (i + 0.5) / n), bend));
  return sample;
}

HoldingFit fit_of(const Reservoir& sample, bool whole_seconds = false) {
  Moments moments;
  for (const double value : sample.values()) moments.add(value);
  return fit_holding(sample, moments.mean(), std::sqrt(moments.variance()) / moments.mean(), whole_seconds).value();
}

// M. A. Stephens, "EDF statistics for goodness of fit", JASA 69 (1974) 730, table 1.1 (exponential, mean fitted): 5 % of all samples have
// (D - 0.2/n) (sqrt n + 0.26 + 0.5/sqrt n) above 1.094, 1 % above 1.308.
TEST(HoldingFit, PIsThatOfStephensTableForAFittedExponential) {
  constexpr int n = 100;
  const auto distance_at = [](double critical) { return critical / (10 + 0.26 + 0.05) + 0.2 / n; };
  for (const auto& [critical, level] : {std::pair{1.094, 0.05}, std::pair{0.926, 0.15}}) {
    double low = 1;
    double high = 2;
    for (int step = 0; step < 40; ++step) {
      const double middle = (low + high) / 2;
      (fit_of(bent_exponential(middle, n)).laws[0].distance > distance_at(critical) ? high : low) = middle;
    }
    const FittedLaw law = fit_of(bent_exponential(low, n)).laws[0];
    ASSERT_NEAR(law.distance, distance_at(critical), 1e-4);
    ASSERT_TRUE(law.p);
    EXPECT_NEAR(*law.p, level, tolerance::standard_errors * std::sqrt(level * (1 - level) / 199));
  }
}

TEST(HoldingFit, FindsTheLawThatMadeTheValues) {
  Reservoir sample(100'000);
  for (const double value : drawn({{1, 5, 0.7}}, 3000, 1)) sample.add(std::round(value));
  const HoldingFit fit = fit_of(sample, true);
  EXPECT_EQ(name_of(fit.laws[fit.best]), "lognormal");
  EXPECT_GT(fit.laws[fit.best].p.value(), 0.01) << "dithered whole seconds do not look like a misfit";
  EXPECT_LT(fit.laws[0].p.value(), 0.01);
  EXPECT_NEAR(fit.laws[fit.best].mean_s, std::exp(5.245), 8);
  double mean = 0;
  for (const double value : fit.group_means) mean += value / static_cast<double>(fit.group_means.size());
  EXPECT_NEAR(mean, fit.mean_s, 0.001 * fit.mean_s) << "the quantiles keep the mean";
}

TEST(HoldingFit, GivesNoPAboveTenThousandValuesAndNoFitOfAConstant) {
  Reservoir many(100'000);
  for (const double value : drawn({{1, 5, 0.7}}, 10'001, 1)) many.add(value);
  EXPECT_FALSE(fit_of(many).laws[0].p);
  Reservoir constant(100);
  for (int i = 0; i < 50; ++i) constant.add(60);
  EXPECT_FALSE(fit_holding(constant, 60, 0, true));
}

}  // namespace
}  // namespace trunklab
