// Drawing durations by inverse transform: own transforms, because the standard library's differ between implementations.
#include "models/distribution.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <unsupported/Eigen/SpecialFunctions>

namespace trunklab {

namespace {

double nanoseconds(Span span) {
  return static_cast<double>(span.count());
}
Span span_of(double nanoseconds) {
  return Span{std::llround(nanoseconds)};
}

double empirical_mean(const std::vector<Span>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0, [](double sum, Span value) { return sum + nanoseconds(value); }) /
         static_cast<double>(values.size());
}

/// The value at share `u` of the total length, values taken in ascending order.
Span length_biased_value(const std::vector<Span>& sorted, double u) {
  const double target = u * empirical_mean(sorted) * static_cast<double>(sorted.size());
  double sum = 0;
  for (const Span value : sorted) {
    sum += nanoseconds(value);
    if (sum >= target) return value;
  }
  return sorted.back();
}

struct Polynomial {
  double c[8];
  constexpr double operator()(double x) const {
    return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
  }
};

double lognormal_sigma(double cv) {
  return std::sqrt(std::log1p(cv * cv));
}

}  // namespace

Span mean_of(const Distribution& distribution) {
  struct Mean {
    Span operator()(const Fixed& law) const { return law.value; }
    Span operator()(const Exponential& law) const { return law.mean; }
    Span operator()(const Lognormal& law) const { return law.mean; }
    Span operator()(const Gamma& law) const { return law.mean; }
    Span operator()(const Empirical& law) const { return span_of(empirical_mean(*law.sorted_values)); }
  };
  return std::visit(Mean{}, distribution);
}

DurationLaw::DurationLaw(const Distribution& distribution) {
  if (const auto* fixed = std::get_if<Fixed>(&distribution)) {
    scale_ = nanoseconds(fixed->value);
  } else if (const auto* exponential = std::get_if<Exponential>(&distribution)) {
    kind_ = Kind::exponential;
    scale_ = nanoseconds(exponential->mean);
  } else if (const auto* lognormal = std::get_if<Lognormal>(&distribution)) {
    kind_ = Kind::lognormal;
    shape_ = lognormal_sigma(lognormal->cv);
    scale_ = nanoseconds(lognormal->mean) * std::exp(-shape_ * shape_ / 2);
  } else if (const auto* gamma = std::get_if<Gamma>(&distribution)) {
    kind_ = Kind::gamma;
    shape_ = 1 / (gamma->cv * gamma->cv);
    scale_ = nanoseconds(gamma->mean) / shape_;
  } else {
    kind_ = Kind::empirical;
    values_ = std::get<Empirical>(distribution).sorted_values;
    assert(values_ && !values_->empty() && std::ranges::is_sorted(*values_));
  }
}

Span DurationLaw::quantile(double u) const {
  assert(u > 0 && u < 1);
  switch (kind_) {
    case Kind::fixed: return span_of(scale_);
    case Kind::exponential: return span_of(-std::log(1 - u) * scale_);  // ascending, as every other law
    case Kind::lognormal: return span_of(std::exp(shape_ * normal_quantile(u)) * scale_);
    case Kind::gamma: return span_of(gamma_quantile(shape_, u) * scale_);
    case Kind::empirical: return (*values_)[static_cast<std::size_t>(u * static_cast<double>(values_->size()))];
  }
  return {};
}

Span DurationLaw::length_biased_quantile(double u) const {
  assert(u > 0 && u < 1);
  switch (kind_) {
    case Kind::fixed: return span_of(scale_);
    case Kind::exponential: return span_of(gamma_quantile(2, u) * scale_);
    case Kind::lognormal: return span_of(std::exp(shape_ * (normal_quantile(u) + shape_)) * scale_);
    case Kind::gamma: return span_of(gamma_quantile(shape_ + 1, u) * scale_);
    case Kind::empirical: return length_biased_value(*values_, u);
  }
  return {};
}

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
  const double w = 1 / (9 * shape);
  const double cube_root = 1 - w + normal_quantile(u) * std::sqrt(w);
  double x = cube_root > 0 ? shape * cube_root * cube_root * cube_root : std::exp((std::log(u) + std::lgamma(shape + 1)) / shape);
  if (x <= 0) x = std::numeric_limits<double>::min();
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  for (int step = 0; step < 60; ++step) {
    // Above the median by the other tail, where 1 - u is exact and does not cancel.
    const double error = u > 0.5 ? (1 - u) - Eigen::numext::igammac(shape, x) : Eigen::numext::igamma(shape, x) - u;
    (error < 0 ? low : high) = x;
    const double density = std::exp((shape - 1) * std::log(x) - x - std::lgamma(shape));
    double next = x - error / density;
    if (!(next > low && next < high)) next = std::isinf(high) ? 2 * x : (low + high) / 2;
    if (std::abs(next - x) <= 1e-14 * x) return next;
    x = next;
  }
  return x;
}

}  // namespace trunklab
