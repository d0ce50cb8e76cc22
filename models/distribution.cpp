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
  if (u > 0.5) return -normal_quantile(1 - u);  // 1 - u is exact: the upper tail is as good as the lower one
  constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                          1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239};
  constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01};
  constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838,
                          -2.549732539343734,     4.374664141464968,      2.938163982698783};
  constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416};
  constexpr double low = 0.02425;
  double x;
  if (u < low) {
    const double q = std::sqrt(-2 * std::log(u));
    x = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) / ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
  } else {
    const double q = u - 0.5;
    const double r = q * q;
    x = (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
        (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
  }
  // One Halley step against erfc brings the relative error of 1e-9 down to rounding.
  const double error = 0.5 * std::erfc(-x / std::numbers::sqrt2) - u;
  const double step = error * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
  return x - step / (1 + x * step / 2);
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
