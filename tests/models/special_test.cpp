// Quantiles and incomplete functions against printed tables and closed forms.
#include "models/statistics/special.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace trunklab {
namespace {

struct StudentRow {
  double u, degrees, t;
};
class StudentTable : public testing::TestWithParam<StudentRow> {};
TEST_P(StudentTable, AgreesToSevenDigits) {
  const auto& [u, degrees, t] = GetParam();
  EXPECT_NEAR(student_t_quantile(u, degrees), t, std::abs(t) * 5e-8);
  EXPECT_NEAR(student_t_quantile(1 - u, degrees), -t, std::abs(t) * 5e-8);
}
// One and two degrees have closed forms: tan(pi (u - 1/2)) and a / sqrt(2 u (1 - u)) with a = 2u - 1. The rest is any printed table of t.
INSTANTIATE_TEST_SUITE_P(Printed, StudentTable,
                         testing::Values(StudentRow{0.975, 1, 12.7062047362}, StudentRow{0.995, 1, 63.6567411629}, StudentRow{0.975, 2, 4.3026527297},
                                         StudentRow{0.95, 5, 2.0150483733}, StudentRow{0.975, 9, 2.2621571629}, StudentRow{0.995, 9, 3.2498355416},
                                         StudentRow{0.975, 19, 2.0930240544}, StudentRow{0.975, 29, 2.0452296421},
                                         StudentRow{0.975, 100, 1.9839715185}, StudentRow{0.975, 1e7, 1.9599642}, StudentRow{0.75, 1, 1.0}));

TEST(StudentQuantile, MedianIsZero) {
  EXPECT_EQ(student_t_quantile(0.5, 7), 0);
}

TEST(IncompleteBeta, ClosedForms) {
  EXPECT_NEAR(incomplete_beta(1, 1, 0.3), 0.3, 1e-15);
  EXPECT_NEAR(incomplete_beta(2, 3, 0.4), 0.5248, 1e-13) << "P(Binomial(4, 0.4) >= 2)";
  EXPECT_NEAR(incomplete_beta(0.5, 0.5, 0.25), 1.0 / 3, 1e-13) << "arcsine law: 2/pi asin(sqrt(x))";
  EXPECT_EQ(incomplete_beta(3, 4, 0), 0);
  EXPECT_EQ(incomplete_beta(3, 4, 1), 1);
}

TEST(UpperGamma, IsThePoissonDistribution) {
  EXPECT_NEAR(upper_gamma(1, 2.5), std::exp(-2.5), 1e-14);
  EXPECT_NEAR(upper_gamma(3, 2.0), std::exp(-2.0) * (1 + 2 + 2), 1e-14);
  EXPECT_NEAR(upper_gamma(3, 20.0), std::exp(-20.0) * (1 + 20 + 200), 1e-20);
  EXPECT_EQ(upper_gamma(5, 0), 1);
}

}  // namespace
}  // namespace trunklab
