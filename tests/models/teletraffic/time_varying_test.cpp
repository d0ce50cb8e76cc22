// Means that follow the time of day, against the sinusoid's closed form, differential equations and integrals.
#include "models/teletraffic/time_varying.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <vector>

#include "models/teletraffic/erlang_b.hpp"
#include "tests/models/teletraffic/numeric.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr double pi = 3.14159265358979324;

TEST(HoldingLaw, LimitedMeansAreIntegralsOfTheSurvivalFunction) {
  const auto lognormal = [](double x) {
    return std::erfc((std::log(x) - std::log(180.0) + std::log(1 + 2.25) / 2) / std::sqrt(2 * std::log(1 + 2.25))) / 2;
  };
  const auto exponential = [](double x) { return std::exp(-x / 180); };
  for (const double x : {0.5, 20.0, 180.0, 700.0, 5000.0}) {
    const auto of_lognormal = static_cast<double>(integral(0, x, [&](long double u) { return lognormal(static_cast<double>(u)); }));
    EXPECT_NEAR(HoldingLaw::lognormal(180s, 1.5).limited_mean(x), of_lognormal, 1e-9 * of_lognormal);
    EXPECT_NEAR(HoldingLaw::of_survival(lognormal, 180s).limited_mean(x), of_lognormal, 1e-7 * of_lognormal);
    const double of_exponential = 180 * (1 - std::exp(-x / 180));
    EXPECT_NEAR(HoldingLaw::exponential(180s).limited_mean(x), of_exponential, 1e-12 * of_exponential);
    EXPECT_NEAR(HoldingLaw::of_survival(exponential, 180s).limited_mean(x), of_exponential, 1e-9 * of_exponential);
    EXPECT_EQ(HoldingLaw::constant(180s).limited_mean(x), std::min(x, 180.0));
  }
  EXPECT_NEAR(HoldingLaw::of_survival([](double x) { return x < 180 ? 1.0 : 0.0; }, 180s).limited_mean(1000), 180, 1e-6);
}

/// A day of `steps` pieces with rates of the sinusoid at their middles, three times over.
std::vector<RatePiece> sinusoid(double rate, double swing, int steps) {
  std::vector<RatePiece> pieces;
  for (int i = 0; i < 3 * steps; ++i) {
    pieces.push_back({std::chrono::duration_cast<Span>(24h) / steps, CallsPerSecond{rate * (1 + swing * std::sin(2 * pi * (i + 0.5) / steps))}});
  }
  return pieces;
}

TEST(OfferedAt, FollowsTheSinusoidWithItsLag) {
  // Holding 1 h: m = (l/u)(1 + a (sin wt - (w/u) cos wt) / (1 + (w/u)^2)), domain notes, section 5.
  const std::vector<RatePiece> pieces = sinusoid(0.02, 0.6, 1440);
  const RateProfile profile{CallsPerSecond{0.02}, pieces};
  const double w = 2 * pi / 24;
  for (const double hour : {30.0, 36.5, 41.25, 47.0}) {
    const double expected = 72 * (1 + 0.6 * (std::sin(w * hour) - w * std::cos(w * hour)) / (1 + w * w));
    EXPECT_NEAR(offered_at(profile, HoldingLaw::exponential(1h), run_start + from_seconds(hour * 3600)).value(), expected, 1e-4 * expected);
  }
}

TEST(PeakOffered, LagsBehindTheRateByTheFormula) {
  // LoadPeak lag = atan(w/u)/w: holding 3 min, cycle 24 h: 0.04999714 h, domain notes, section 5. Of pieces of ten minutes a look tells minutes.
  EXPECT_NEAR(std::atan(2 * pi / 24 / 20) / (2 * pi / 24), 0.04999714, 5e-9);
  const std::vector<RatePiece> pieces = sinusoid(0.02, 0.6, 144);
  const LoadPeak peak = peak_offered({CallsPerSecond{0.02}, std::span(pieces).first(144)}, HoldingLaw::exponential(1h));
  const double w = 2 * pi / 24;
  EXPECT_NEAR(in_seconds(peak.at) / 3600, 6 + std::atan(w) / w, 0.1);
  EXPECT_NEAR(peak.offered.value(), 72 * (1 + 0.6 / std::sqrt(1 + w * w)), 0.05);
}

TEST(OfferedAt, SolvesItsDifferentialEquation) {
  const std::array pieces{RatePiece{20min, CallsPerSecond{0.5}}, RatePiece{5min, CallsPerSecond{3}}, RatePiece{30min, CallsPerSecond{0.2}}};
  const RateProfile profile{CallsPerSecond{0.1}, pieces};
  const HoldingLaw holding = HoldingLaw::exponential(3min);
  double mean = 0.1 * 180;
  double second = 0;
  for (const RatePiece& piece : pieces) {
    // m' = rate - m / h has an exponential for its solution.
    for (int step = 0; step < 10; ++step) {
      const double width = in_seconds(piece.length) / 10;
      const double rest = piece.rate.value() * 180;
      mean = rest + (mean - rest) * std::exp(-width / 180);
      second += width;
      EXPECT_NEAR(offered_at(profile, holding, run_start + from_seconds(second)).value(), mean, 1e-9 * mean);
    }
  }
}

TEST(OfferedAt, IsTheIntegralOfRateTimesSurvival) {
  Inputs draws(1);
  for (int round = 0; round < 100; ++round) {
    std::vector<RatePiece> pieces;
    for (int each = 0; each < 4; ++each) pieces.push_back({from_seconds(draws.between(10, 900)), CallsPerSecond{draws.between(0, 2)}});
    const double cv = draws.between(0.3, 3);
    const double at = draws.between(0, 2000);
    const double sigma = std::sqrt(std::log1p(cv * cv));
    const auto survives = [&](long double x) {
      return x <= 0 ? 1.0L : std::erfc((std::log(x) - std::log(120.0L) + sigma * sigma / 2) / (sigma * std::sqrt(2.0L))) / 2;
    };
    long double expected = 0;
    double begin = 0;
    for (std::size_t each = 0; each < pieces.size() && begin < at; ++each) {
      const double end = each + 1 < pieces.size() ? std::min(at, begin + in_seconds(pieces[each].length)) : at;
      expected += pieces[each].rate.value() * integral(at - end, at - begin, survives);
      begin += in_seconds(pieces[each].length);
    }
    EXPECT_NEAR(offered_at({CallsPerSecond{0}, pieces}, HoldingLaw::lognormal(120s, cv), run_start + from_seconds(at)).value(),
                static_cast<double>(expected), 1e-7 * (static_cast<double>(expected) + 1));
  }
}

TEST(OfferedAt, OfASteadyRateIsRateTimesMeanWhateverTheLaw) {
  const std::array pieces{RatePiece{1h, CallsPerSecond{2}}};
  const RateProfile profile{CallsPerSecond{2}, pieces};
  for (const HoldingLaw& law : {HoldingLaw::exponential(3min), HoldingLaw::constant(3min), HoldingLaw::lognormal(3min, 2)}) {
    for (const Span at : {Span{0}, Span{40min}, Span{5h}}) EXPECT_NEAR(offered_at(profile, law, run_start + at).value(), 360, 1e-9);
  }
}

TEST(ModifiedOfferedLoad, IsErlangBOfThePeak) {
  const std::array pieces{RatePiece{30min, CallsPerSecond{0.1}}, RatePiece{10min, CallsPerSecond{0.3}}, RatePiece{30min, CallsPerSecond{0.1}}};
  const RateProfile profile{CallsPerSecond{0.1}, pieces};
  const HoldingLaw holding = HoldingLaw::exponential(3min);
  const double top = 54 - 36 * std::exp(-600.0 / 180);
  const LoadPeak peak = peak_offered(profile, holding);
  EXPECT_NEAR(in_seconds(peak.at), 2400, 1e-3);
  EXPECT_NEAR(peak.offered.value(), top, 1e-9);
  EXPECT_NEAR(mol_peak_blocking(profile, holding, 60).value(), erlang_b(Erlangs{top}, 60).value(), 1e-9);
  EXPECT_EQ(mol_channels_for(profile, holding, Probability{0.01}), channels_for(Erlangs{top}, Probability{0.01}));
  EXPECT_NEAR(mol_blocking(profile, holding, run_start, 25).value(), erlang_b(Erlangs{18}, 25).value(), 1e-12);
}

TEST(PeakOffered, MayLieWithinAPiece) {
  // All calls last ten minutes. The long last piece still has those of the first one: its top is where they begin to end.
  const std::array pieces{RatePiece{5min, CallsPerSecond{1}}, RatePiece{30min, CallsPerSecond{0.2}}};
  const LoadPeak peak = peak_offered({CallsPerSecond{0}, pieces}, HoldingLaw::constant(10min));
  EXPECT_NEAR(in_seconds(peak.at), 600, 1);
  EXPECT_NEAR(peak.offered.value(), 300 + 0.2 * 300, 0.2);
}

}  // namespace
}  // namespace trunklab
