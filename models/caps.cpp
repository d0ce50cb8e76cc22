// The token bucket in its virtual-scheduling form: it keeps the instant at which the next call would be on time.
#include "models/caps.hpp"

#include <algorithm>
#include <cassert>

namespace trunklab {

TokenBucket::TokenBucket(CallsPerSecond rate, double burst)
    : interval_(from_seconds(1 / rate.value())), tolerance_(from_seconds((burst - 1) / rate.value())) {
  assert(rate.value() > 0 && burst >= 1);
}

bool TokenBucket::take(Instant now) {
  if (!has(now)) return false;
  theoretical_ = std::max(theoretical_, now) + interval_;
  return true;
}

}  // namespace trunklab
