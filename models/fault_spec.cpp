// Laws of random faults.
#include "models/fault_spec.hpp"

#include <cmath>

namespace trunklab {

Span FaultLaw::quantile(double u) const {
  const double scale_ns = static_cast<double>(mean.count()) / std::tgamma(1 + 1 / shape);
  constexpr double longest_ns = 4e18;  // 127 years: later than the end of any run
  return Span{std::llround(std::min(longest_ns, scale_ns * std::pow(-std::log1p(-u), 1 / shape)))};
}

}  // namespace trunklab
