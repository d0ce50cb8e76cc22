// Drawing durations by inverse transform: own transforms, because the standard library's differ between implementations.
#include "models/distribution.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace trunklab {

namespace {

double nanoseconds(Span span) {
  return static_cast<double>(span.count());
}
/// The nearest nanosecond, at most longest_duration; nanoseconds >= 0.
Span span_of(double nanoseconds) {
  const double cut = std::min(nanoseconds, static_cast<double>(longest_duration.count()));
  return Span{static_cast<Span::rep>(cut + 0.5)};  // NOLINT(bugprone-incorrect-roundings): llround is a call, this is hot
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
    gamma_table_ = std::make_shared<GammaQuantileTable>(shape_);
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
    case Kind::gamma: return span_of((*gamma_table_)(u)*scale_);
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

}  // namespace trunklab
