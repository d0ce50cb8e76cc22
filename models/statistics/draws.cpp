// Normal and gamma by inversion, Poisson by transformed rejection.
#include "models/statistics/draws.hpp"

#include <cassert>
#include <cmath>

#include "models/quantiles.hpp"

namespace trunklab {

double Draws::normal() {
  return normal_quantile(uniform());
}

double Draws::exponential() {
  return -std::log(uniform());
}

double Draws::gamma_factor(double variance) {
  assert(variance >= 0 && variance <= 100);
  if (variance < 1e-12) return 1;
  return gamma_quantile(1 / variance, uniform()) * variance;
}

double Draws::poisson(double mean) {
  assert(mean >= 0 && mean < 1e15);
  if (mean < 10) {
    const double least = std::exp(-mean);
    double product = uniform();
    double count = 0;
    for (; product > least; ++count) product *= uniform();
    return count;
  }
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_right = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = uniform() - 0.5;
    const double v = uniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_right) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <= k * std::log(mean) - mean - std::lgamma(k + 1)) return k;
  }
}

}  // namespace trunklab
