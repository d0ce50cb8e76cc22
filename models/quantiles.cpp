// Quantiles of the normal and the gamma law.
#include "models/quantiles.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <unsupported/Eigen/SpecialFunctions>

namespace trunklab {

namespace {

struct Polynomial {
  double c[8];
  constexpr double operator()(double x) const {
    return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
  }
};

/// The gamma quantile from both tails of it: below + above = 1, the smaller one being exact.
double gamma_quantile_between(double shape, double below, double above, double normal) {
  const double log_gamma = std::lgamma(shape);
  const double w = 1 / (9 * shape);
  const double cube_root = 1 - w + normal * std::sqrt(w);
  // The series' first term bounds the quantile from below; where Wilson and Hilferty's start falls under it, it is the better one.
  const double least = std::max(std::exp((std::log(below) + std::lgamma(shape + 1)) / shape), std::numeric_limits<double>::min());
  double x = cube_root > 0 ? std::max(least, shape * cube_root * cube_root * cube_root) : least;
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  for (int step = 0; step < 60; ++step) {
    // Above the median by the upper tail, which does not cancel.
    const double error = below > above ? above - Eigen::numext::igammac(shape, x) : Eigen::numext::igamma(shape, x) - below;
    (error < 0 ? low : high) = x;
    const double density = std::exp((shape - 1) * std::log(x) - x - log_gamma);
    double next = x - error / density;
    if (!(next > low && next < high)) next = std::isinf(high) ? 2 * x : (low + high) / 2;
    if (std::abs(next - x) <= 1e-14 * x) return next;
    x = next;
  }
  return x;
}

/// The logarithm of the gamma quantile at a standard normal value. Where the quantile is too small for a double, the first term of the
/// incomplete gamma function's series, x^shape / Gamma(shape + 1), is all of it.
double log_gamma_quantile_at(double shape, double normal) {
  const double below = 0.5 * std::erfc(-normal / std::numbers::sqrt2);
  const double by_first_term = (std::log(below) + std::lgamma(shape + 1)) / shape;
  constexpr double tiny = -600;
  if (by_first_term < tiny) return by_first_term;
  return std::log(gamma_quantile_between(shape, below, 0.5 * std::erfc(normal / std::numbers::sqrt2), normal));
}

}  // namespace

double normal_quantile(double u) {
  assert(u > 0 && u < 1);
  // Three quotients of polynomials, lowest power first: the middle, the tails, the far tails.
  constexpr Polynomial middle_over{3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                   4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr Polynomial middle_under{1,
                                    4.2313330701600911252e+1,
                                    6.8718700749205790830e+2,
                                    5.3941960214247511077e+3,
                                    2.1213794301586595867e+4,
                                    3.9307895800092710610e+4,
                                    2.8729085735721942674e+4,
                                    5.2264952788528545610e+3};
  constexpr Polynomial tail_over{1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
                                 1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr Polynomial tail_under{1,
                                  2.05319162663775882187e0,
                                  1.67638483018380384940e0,
                                  6.89767334985100004550e-1,
                                  1.48103976427480074590e-1,
                                  1.51986665636164571966e-2,
                                  5.47593808499534494600e-4,
                                  1.05075007164441684324e-9};
  constexpr Polynomial far_over{6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr Polynomial far_under{1,
                                 5.99832206555887937690e-1,
                                 1.36929880922735805310e-1,
                                 1.48753612908506148525e-2,
                                 7.86869131145613259100e-4,
                                 1.84631831751005468180e-5,
                                 1.42151175831644588870e-7,
                                 2.04426310338993978564e-15};
  const double q = u - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * middle_over(r) / middle_under(r);
  }
  const double r = std::sqrt(-std::log(std::min(u, 1 - u)));
  const double x = r <= 5 ? tail_over(r - 1.6) / tail_under(r - 1.6) : far_over(r - 5) / far_under(r - 5);
  return q < 0 ? -x : x;
}

double gamma_quantile(double shape, double u) {
  assert(shape > 0 && u > 0 && u < 1);
  return gamma_quantile_between(shape, u, 1 - u, normal_quantile(u));
}

GammaQuantileTable::GammaQuantileTable(double shape) {
  assert(shape > 0);
  const double log_gamma = std::lgamma(shape);
  for (std::size_t i = 0; i < knots_.size(); ++i) {
    const double normal = first_ + static_cast<double>(i) * step_;
    const double log_x = log_gamma_quantile_at(shape, normal);
    // d log x / d normal = normal density / (x times gamma density), both as logarithms.
    const double log_slope = -normal * normal / 2 - std::log(2 * std::numbers::pi) / 2 - (shape * log_x - std::exp(log_x) - log_gamma);
    knots_[i] = {.log_x = log_x, .slope = std::exp(log_slope) * step_};
  }
}

double GammaQuantileTable::operator()(double u) const {
  const double place = (normal_quantile(u) - first_) / step_;
  const auto i = std::min(static_cast<std::size_t>(place), knots_.size() - 2);
  const double t = place - static_cast<double>(i);
  const Knot& from = knots_[i];
  const Knot& to = knots_[i + 1];
  const double rise = to.log_x - from.log_x;
  // Cubic Hermite: values and slopes at both knots.
  return std::exp(from.log_x + t * (from.slope + t * (3 * rise - 2 * from.slope - to.slope + t * (from.slope + to.slope - 2 * rise))));
}

}  // namespace trunklab
