// How many there are at the same time: the number now, its exact integral over the measured window and its maximum there.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/measures/tally.hpp"
#include "models/units.hpp"

namespace trunklab {

class Gauge {
 public:
  /// Measures within [from, until).
  Gauge(Instant from, Instant until) : last_(from), from_(from), until_(until) {}

  void add(Instant at) {
    integrate(at);
    ++now_;
    if (now_ > max_ && at < until_) max_ = now_;
  }
  void remove(Instant at) {
    integrate(at);
    --now_;
  }
  [[nodiscard]] std::uint32_t now() const { return now_; }

  [[nodiscard]] Occupancy finished() {
    integrate(until_);
    return {.call_seconds = call_ns_ * 1e-9, .observed_s = in_seconds(until_ - from_), .max = max_};
  }

 private:
  void integrate(Instant at) {
    const Instant to = std::min(at, until_);
    if (to <= last_) return;
    if (last_ == from_) max_ = now_;  // the number that the window began with; what was before it does not count
    call_ns_ += static_cast<double>(now_) * static_cast<double>((to - last_).count());
    last_ = to;
  }

  Instant last_;
  Instant from_;
  Instant until_;
  double call_ns_ = 0;
  std::uint32_t now_ = 0;
  std::uint32_t max_ = 0;
};

}  // namespace trunklab
