// Incomplete beta and gamma by continued fraction and series; the quantile of t by bisection.
#include "models/statistics/special.hpp"

#include <cassert>
#include <cmath>

namespace trunklab {
namespace {

constexpr double tiny = 1e-300;
constexpr double enough = 1e-16;
constexpr int steps_max = 100000;

double away_from_zero(double value) {
  return std::abs(value) < tiny ? tiny : value;
}

/// A continued fraction b0 + a1/(b1 + a2/(b2 + ...)) being evaluated front to back (modified Lentz).
class Fraction {
 public:
  explicit Fraction(double b0) : value_(away_from_zero(b0)), c_(value_) {}
  /// Appends one level; false once it no longer changes the value.
  bool append(double a, double b) {
    d_ = 1 / away_from_zero(b + a * d_);
    c_ = away_from_zero(b + a / c_);
    value_ *= c_ * d_;
    return std::abs(c_ * d_ - 1) > enough * 4;
  }
  [[nodiscard]] double value() const { return value_; }

 private:
  double value_;
  double c_;
  double d_ = 0;
};

double beta_fraction(double a, double b, double x) {
  Fraction fraction{0};
  if (!fraction.append(1, 1)) return fraction.value();
  for (int m = 0; m < steps_max; ++m) {
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    const double even = (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2));
    const bool moved = fraction.append(odd, 1);
    if (!fraction.append(even, 1) && !moved) break;
  }
  return fraction.value();
}

double lower_gamma_series(double a, double x) {
  double term = 1 / a;
  double sum = term;
  for (int n = 1; n < steps_max && term > sum * enough; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * std::exp(a * std::log(x) - x - std::lgamma(a));
}

double upper_gamma_fraction(double a, double x) {
  Fraction fraction{x + 1 - a};
  for (int n = 1; n < steps_max; ++n) {
    if (!fraction.append(n * (a - n), x + 2 * n + 1 - a)) break;
  }
  return std::exp(a * std::log(x) - x - std::lgamma(a)) / fraction.value();
}

}  // namespace

double incomplete_beta(double a, double b, double x) {
  assert(a > 0 && b > 0 && x >= 0 && x <= 1);
  if (x == 0 || x == 1) return x;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  // The fraction converges fast only on this side of the mean.
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double upper_gamma(double a, double x) {
  assert(a > 0 && x >= 0);
  if (x == 0) return 1;
  return x < a + 1 ? 1 - lower_gamma_series(a, x) : upper_gamma_fraction(a, x);
}

double student_t_quantile(double u, double degrees) {
  assert(u > 0 && u < 1 && degrees >= 1);
  if (u == 0.5) return 0;
  if (u < 0.5) return -student_t_quantile(1 - u, degrees);
  const double tail = 2 * (1 - u);
  // P(|T| > t) = I_x(v/2, 1/2) with x = v / (v + t^2); falls in t, so bisection in ln t is safe everywhere.
  const auto beyond = [degrees](double t) { return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t)); };
  double low = -40;
  double high = 40;
  for (int step = 0; step < 200 && high - low > 1e-15; ++step) {
    const double middle = (low + high) / 2;
    (beyond(std::exp(middle)) > tail ? low : high) = middle;
  }
  return std::exp((low + high) / 2);
}

}  // namespace trunklab
