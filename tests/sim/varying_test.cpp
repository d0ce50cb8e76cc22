// Time-varying arrivals on unlimited channels: the number of calls at t is Poisson with the mean m(t) of the M(t)/G/infinity queue.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <cmath>
#include <functional>
#include <numbers>

#include "models/distribution.hpp"
#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

constexpr double hours = 24;
constexpr double period_s = 3600;
constexpr double mean_rate = 2;
constexpr double swing = 0.8;
constexpr double holding_s = 180;
constexpr double omega = 2 * std::numbers::pi / period_s;

double rate(double t) {
  return mean_rate * (1 + swing * std::sin(omega * t));
}

/// The sinusoid as straight lines every 10 s: the largest error of the rate is 0.4 % of 1 %.
std::string scenario_text(const std::string& holding) {
  std::string table;
  for (int t = 0; t < static_cast<int>(hours * 3600); t += 10) table += fmt::format("        - {{ from: {}s, rate: {:.9f}/s }}\n", t, rate(t));
  return fmt::format(R"(
horizon: {{ duration: {}h }}
sites:
  pbx: {{ routing: {{ target: addresses, regions: [euc1] }} }}
demand:
  d:
    holding: {{ {} }}
    arrivals:
      process: varying
      between: linear
      table:
{})",
                     hours, holding, table);
}

/// Largest |z| of N(t) against m(t) on a grid 15 min apart (5 holding times), from 2 h on; returned with its Bonferroni limit at 0.001.
std::pair<double, double> largest_z(const std::string& holding, const std::function<double(double)>& mean) {
  const auto rows = run(scenario_of(scenario_text(holding))).rows;
  double largest = 0;
  int points = 0;
  for (double t = 2 * 3600; t < hours * 3600; t += 900 + 37) {  // 37 s: walks through all phases of the period
    const Instant at = run_start + from_seconds(t);
    double n = 0;
    for (const CallRecord& call : rows.call_rows) n += call.answered <= at && (call.ended == never || call.ended > at) ? 1 : 0;
    largest = std::max(largest, std::abs(n - mean(t)) / std::sqrt(mean(t)));
    ++points;
  }
  return {largest, normal_quantile(1 - 0.001 / 2 / points)};
}

TEST(VaryingArrivals, ConcurrencyFollowsTheClosedFormForExponentialHolding) {
  // m(t) = (l/mu) [1 + a (sin wt - (w/mu) cos wt) / (1 + (w/mu)^2)]: Eick, Massey, Whitt, Management Science 39 (1993) 241.
  const auto mean = [](double t) {
    const double q = omega * holding_s;
    return mean_rate * holding_s * (1 + swing * (std::sin(omega * t) - q * std::cos(omega * t)) / (1 + q * q));
  };
  const auto [z, limit] = largest_z("distribution: exponential, mean: 180s", mean);
  EXPECT_LE(z, limit);
}

TEST(VaryingArrivals, ConcurrencyFollowsTheIntegralForLognormalHolding) {
  // m(t) = integral of rate(t - s) P(S > s) ds, by the midpoint rule; the lognormal's tail beyond 2 h is below 1e-7.
  constexpr double cv = 1.2;
  const double sigma = std::sqrt(std::log1p(cv * cv));
  const double mu = std::log(holding_s) - sigma * sigma / 2;
  const auto mean = [&](double t) {
    constexpr double step = 1;
    double sum = 0;
    for (double s = step / 2; s < 2 * 3600; s += step) {
      sum += rate(t - s) * 0.5 * std::erfc((std::log(s) - mu) / sigma / std::numbers::sqrt2) * step;
    }
    return sum;
  };
  const auto [z, limit] = largest_z("distribution: lognormal, mean: 180s, cv: 1.2", mean);
  EXPECT_LE(z, limit);
}

}  // namespace
}  // namespace trunklab
