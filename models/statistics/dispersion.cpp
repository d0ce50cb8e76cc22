// Tails of the negative binomial and of Poisson's law, by the incomplete beta and gamma functions.
#include "models/statistics/dispersion.hpp"

#include <cassert>

#include "models/statistics/special.hpp"

namespace trunklab {

double count_tail(double count, double mean, double excess) {
  assert(mean > 0 && excess >= 0 && count >= 0);
  if (count == 0) return 1;
  // Below this the two laws differ by less than rounding, and the beta function's parameters grow without bound.
  if (excess * mean < 1e-9) return 1 - upper_gamma(count, mean);
  const double r = 1 / excess;
  return incomplete_beta(count, r, mean / (mean + r));
}

}  // namespace trunklab
