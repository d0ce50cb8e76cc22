// Wilson's interval.
#include "models/statistics/wilson.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/quantiles.hpp"

namespace trunklab {
Interval wilson_interval(std::int64_t hits, std::int64_t of, double level) {
  assert(of >= 1 && 0 <= hits && hits <= of && 0 < level && level < 1);
  const double z = normal_quantile((1 + level) / 2);
  const auto n = static_cast<double>(of);
  const double share = static_cast<double>(hits) / n;
  const double centre = share + z * z / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {
      .mean = share, .low = hits == 0 ? 0 : std::max(0.0, (centre - half) / scale), .high = hits == of ? 1 : std::min(1.0, (centre + half) / scale)};
}

}  // namespace trunklab
