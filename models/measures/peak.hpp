// The largest value of something that jumps, within the measured window.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/units.hpp"

namespace trunklab {

class Peak {
 public:
  /// Measures within [from, until).
  Peak(Instant from, Instant until) : from_(from), until_(until) {}

  void add(Instant at, std::int64_t change) {
    if (at >= from_) reach_window();
    now_ += change;
    if (at >= from_ && at < until_) max_ = std::max(max_, now_);
  }
  [[nodiscard]] std::int64_t now() const { return now_; }
  /// Once all changes have been told.
  [[nodiscard]] std::int64_t max() {
    reach_window();
    return max_;
  }

 private:
  /// The value that the window began with counts; what was before it does not.
  void reach_window() {
    if (!reached_) max_ = now_;
    reached_ = true;
  }

  Instant from_;
  Instant until_;
  bool reached_ = false;
  std::int64_t now_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace trunklab
