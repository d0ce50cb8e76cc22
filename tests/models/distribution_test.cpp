// Distributions against printed tables, exact values and the moments that they promise.
#include "models/distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "models/statistics/special.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

struct NormalRow {
  double u;
  double value;
};
class NormalTable : public testing::TestWithParam<NormalRow> {};

TEST_P(NormalTable, AgreesToFifteenDigits) {
  EXPECT_NEAR(normal_quantile(GetParam().u), GetParam().value, 2e-15 * std::max(1.0, std::abs(GetParam().value)));
}

// Any printed table for the usual shares; the digits after that and the far tails by arithmetic with 40 digits, for the double nearest to u.
INSTANTIATE_TEST_SUITE_P(
    Reference, NormalTable,
    testing::Values(NormalRow{0.5, 0}, NormalRow{0.75, 0.67448975019608174}, NormalRow{0.25, -0.67448975019608174},
                    NormalRow{0.9, 1.2815515655446006}, NormalRow{0.95, 1.6448536269514723}, NormalRow{0.975, 1.9599639845400539},
                    NormalRow{0.99, 2.3263478740408408}, NormalRow{0.995, 2.5758293035489005}, NormalRow{0.999, 3.0902323061678133},
                    NormalRow{0.001, -3.0902323061678135}, NormalRow{1e-6, -4.7534243088228990}, NormalRow{0.999999, 4.7534243088170878},
                    NormalRow{1e-10, -6.3613409024040562}, NormalRow{1e-100, -21.273453560965324}, NormalRow{1 - 0x1p-52, 8.1258906647019069},
                    NormalRow{0.02425, -1.9729610513118848}, NormalRow{0.97575, 1.9729610513118850}, NormalRow{0.5 + 1e-9, 2.5066282037387114e-9}));

struct GammaRow {
  double shape;
  double u;
  double value;
  const char* source;
};
class GammaTable : public testing::TestWithParam<GammaRow> {};

TEST_P(GammaTable, AgreesToTenDigits) {
  EXPECT_NEAR(gamma_quantile(GetParam().shape, GetParam().u) / GetParam().value, 1, 1e-10) << GetParam().source;
}

constexpr const char* printed = "half of the printed chi-square quantile with twice as many degrees";
constexpr const char* exact = "arithmetic with 40 digits";
INSTANTIATE_TEST_SUITE_P(Reference, GammaTable,
                         testing::Values(GammaRow{0.5, 0.95, 1.92072941034706223, printed}, GammaRow{1, 0.5, 0.693147180559945309, printed},
                                         GammaRow{2, 0.95, 4.7438645183905773, printed}, GammaRow{2, 0.05, 0.355361510698662063, printed},
                                         GammaRow{5, 0.05, 1.97014956805953005, printed}, GammaRow{5, 0.99, 11.6046255794771786, printed},
                                         GammaRow{50, 0.95, 62.1710567020020373, printed}, GammaRow{4, 0.5, 3.6720607488508961, printed},
                                         GammaRow{0.25, 0.5, 0.0436738023528734104, exact}, GammaRow{0.25, 0.01, 6.74969792955846825e-9, exact},
                                         GammaRow{0.25, 0.99, 2.43388542219703209, exact}, GammaRow{4, 1e-6, 0.0709923913586210972, exact},
                                         GammaRow{4, 0.999999, 21.3504569632389434, exact}, GammaRow{1000, 0.999, 1100.5780982933146, exact},
                                         GammaRow{0.04, 0.9, 0.0433841353291132361, exact},
                                         GammaRow{0.6944444444444444, 0.9, 1.74644727461019424, exact},
                                         GammaRow{0.04, 0.5, 1.72816468394260688e-8, exact}));

TEST(GammaQuantile, IsTheInverseOfTheIncompleteGammaFunction) {
  for (const double shape : {0.1, 0.5, 0.7, 1.0, 3.0, 12.0, 100.0, 400.0}) {
    for (const double u : {1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-6, 1 - 1e-12}) {
      const double x = gamma_quantile(shape, u);
      EXPECT_NEAR(upper_gamma(shape, x) / (1 - u), 1, 1e-9) << "shape " << shape << ", u " << u;
    }
  }
}

struct QuantileRow {
  Distribution law;
  double u;
  double seconds;
  const char* why;
};

Distribution observed(std::vector<Span> values) {
  return Empirical{std::make_shared<const std::vector<Span>>(std::move(values))};
}

const double half = std::sqrt(0.5);  // the cv of a gamma law of shape 2

class QuantileTable : public testing::TestWithParam<QuantileRow> {};

TEST_P(QuantileTable, AgreesToTheNanosecond) {
  const QuantileRow& row = GetParam();
  EXPECT_NEAR(in_seconds(DurationLaw(row.law).quantile(row.u)), row.seconds, 1e-9) << row.why;
}

INSTANTIATE_TEST_SUITE_P(
    Known, QuantileTable,
    testing::Values(QuantileRow{Fixed{42s}, 0.01, 42, "always the same"}, QuantileRow{Exponential{1s}, 0.5, 0.693147180560, "ln 2"},
                    QuantileRow{Exponential{1s}, 0.95, 2.995732273554, "ln 20"}, QuantileRow{Exponential{10s}, 0.1, 1.053605156578, "10 ln (10/9)"},
                    QuantileRow{Lognormal{180s, 1}, 0.5, 127.279220613579, "median = mean / sqrt(1 + cv^2)"},
                    QuantileRow{Lognormal{180s, 2}, 0.5, 80.498447189992, "the same"},
                    QuantileRow{Lognormal{1s, 1}, 0.975, 3.615403482331, "exp(1.96 sqrt(ln 2)) / sqrt 2"},
                    QuantileRow{Gamma{2s, half}, 0.95, 4.743864518391, "half of chi-square(4)"},
                    QuantileRow{Gamma{1s, 1}, 0.95, 2.995732273554, "cv 1: exponential"},
                    QuantileRow{observed({1s, 2s, 4s, 8s}), 0.2, 1, "first quarter"}, QuantileRow{observed({1s, 2s, 4s, 8s}), 0.3, 2, "second"},
                    QuantileRow{observed({1s, 2s, 4s, 8s}), 0.6, 4, "third"}, QuantileRow{observed({1s, 2s, 4s, 8s}), 1 - 0x1p-53, 8, "the last"},
                    QuantileRow{observed({3s}), 0.5, 3, "only one"}));

class BiasedTable : public testing::TestWithParam<QuantileRow> {};

TEST_P(BiasedTable, AgreesToTheNanosecond) {
  const QuantileRow& row = GetParam();
  EXPECT_NEAR(in_seconds(DurationLaw(row.law).length_biased_quantile(row.u)), row.seconds, 1e-9) << row.why;
}

INSTANTIATE_TEST_SUITE_P(
    Known, BiasedTable,
    testing::Values(QuantileRow{Fixed{42s}, 0.01, 42, "always the same"}, QuantileRow{Exponential{1s}, 0.95, 4.743864518391, "gamma of shape 2"},
                    QuantileRow{Gamma{2s, half}, 0.95, 6.295793621872, "gamma of shape 3: half of chi-square(6), 12.591587244"},
                    QuantileRow{Lognormal{180s, 1}, 0.5, 254.558441227157, "median times exp(sigma^2) = 1 + cv^2"},
                    QuantileRow{observed({1s, 2s, 3s, 4s}), 0.05, 1, "1 of 10 seconds"}, QuantileRow{observed({1s, 2s, 3s, 4s}), 0.2, 2, "2 of 10"},
                    QuantileRow{observed({1s, 2s, 3s, 4s}), 0.5, 3, "3 of 10"}, QuantileRow{observed({1s, 2s, 3s, 4s}), 0.9, 4, "4 of 10"},
                    QuantileRow{observed({0s, 0s, 5s}), 0.001, 5, "nobody meets a call without a duration"}));

/// The integral of f over (0, 1), by the trapezoid rule in ln(u / (1 - u)): far into both tails.
double over_shares(const std::function<double(double)>& f) {
  constexpr double step = 1.0 / 64;
  double sum = 0;
  for (double z = -36; z <= 36; z += step) {
    const double u = 1 / (1 + std::exp(-z));
    sum += f(u) * u / (1 + std::exp(z));
  }
  return sum * step;
}

struct MomentsRow {
  Distribution law;
  double mean;
  double cv;
  const char* name;
};
class LawMoments : public testing::TestWithParam<MomentsRow> {};

TEST_P(LawMoments, AreThoseAskedFor) {
  const auto& [distribution, mean, cv, name] = GetParam();
  const DurationLaw law(distribution);
  const double first = over_shares([&](double u) { return in_seconds(law.quantile(u)); });
  const double second = over_shares([&](double u) { return std::pow(in_seconds(law.quantile(u)), 2); });
  EXPECT_NEAR(first / mean, 1, 1e-6) << name;
  EXPECT_NEAR(std::sqrt(second - first * first) / first, cv, 1e-5) << name;
  EXPECT_NEAR(in_seconds(mean_of(distribution)), mean, 1e-9) << name;
}

TEST_P(LawMoments, OfTheCallMetInProgressAreTheLengthBiasedOnes) {
  const auto& [distribution, mean, cv, name] = GetParam();
  const DurationLaw law(distribution);
  const double met = over_shares([&](double u) { return in_seconds(law.length_biased_quantile(u)); });
  EXPECT_NEAR(met / (mean * (1 + cv * cv)), 1, 1e-5) << name;
}

TEST_P(LawMoments, LongerSharesAreLongerCalls) {
  const DurationLaw law(GetParam().law);
  for (double u = 0.001; u < 0.998; u += 0.001) {
    ASSERT_LE(law.quantile(u), law.quantile(u + 0.001)) << u;
    ASSERT_LE(law.quantile(u), law.length_biased_quantile(u)) << u << ": the call met in progress is longer";
  }
}

INSTANTIATE_TEST_SUITE_P(Laws, LawMoments,
                         testing::Values(MomentsRow{Fixed{42s}, 42, 0, "fixed"}, MomentsRow{Exponential{180s}, 180, 1, "exponential"},
                                         MomentsRow{Lognormal{180s, 0.2}, 180, 0.2, "lognormal, narrow"},
                                         MomentsRow{Lognormal{180s, 1.2}, 180, 1.2, "lognormal"}, MomentsRow{Gamma{9s, 0.7}, 9, 0.7, "gamma"},
                                         MomentsRow{Gamma{9s, 1.5}, 9, 1.5, "gamma, wide"},
                                         MomentsRow{Gamma{2500ms, 0.1}, 2.5, 0.1, "gamma, narrow"}));

TEST(GammaQuantileTable, AgreesWithTheExactInverseAtEveryShare) {
  for (const double shape : {0.04, 0.1, 0.5, 1.0, 2.04, 4.0, 100.0}) {
    const GammaQuantileTable table(shape);
    for (double share = 1e-12; share < 1; share = share < 0.9 ? share * 1.37 : 1 - (1 - share) / 1.37) {
      if (1 - share < 1e-12) break;
      const double inverse = gamma_quantile(shape, share);
      if (inverse < 1e-200) continue;  // such a duration is zero all the same
      EXPECT_NEAR(table(share) / inverse, 1, shape < 0.1 ? 1e-8 : 1e-9) << "shape " << shape << " share " << share;
    }
  }
}

TEST(Empirical, MeanIsThatOfItsValues) {
  EXPECT_EQ(mean_of(observed({1s, 2s, 6s})), 3s);
}

TEST(Empirical, EveryValueIsEquallyLikely) {
  const DurationLaw law(observed({1s, 2s, 3s, 4s, 5s, 6s, 7s}));
  std::vector<int> seen(8);
  for (int i = 0; i < 7000; ++i) ++seen[static_cast<std::size_t>(in_seconds(law.quantile((i + 0.5) / 7000)))];
  for (std::size_t value = 1; value <= 7; ++value) EXPECT_EQ(seen[value], 1000) << value;
}

}  // namespace
}  // namespace trunklab
