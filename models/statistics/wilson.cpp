// Wilson's interval.
#include "models/statistics/wilson.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace trunklab {
namespace {

/// The value that a standard normal one exceeds, up or down, with probability 1 - level: by bisection.
double normal_bound(double level) {
  double low = 0;
  double high = 40;
  for (int step = 0; step < 80; ++step) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::numbers::sqrt2) > 1 - level ? low : high) = middle;
  }
  return high;
}

}  // namespace

Interval wilson_interval(std::int64_t hits, std::int64_t of, double level) {
  assert(of >= 1 && 0 <= hits && hits <= of && 0 < level && level < 1);
  const double z = normal_bound(level);
  const auto n = static_cast<double>(of);
  const double share = static_cast<double>(hits) / n;
  const double centre = share + z * z / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {
      .mean = share, .low = hits == 0 ? 0 : std::max(0.0, (centre - half) / scale), .high = hits == of ? 1 : std::min(1.0, (centre + half) / scale)};
}

}  // namespace trunklab
