// A log-linear histogram of durations: percentiles of millions of calls in a few kilobytes, with a known error.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

/// Counts of durations in buckets: 64 equal ones for each doubling, from 1 ms (2^20 ns) up; below that, 64 equal ones of 16 us.
/// Any percentile is the middle of its bucket, so it is wrong by at most 1/128 (0.8 %) of itself, or by 8 us below 1 ms.
/// Grows with the longest duration seen and never shrinks: adding allocates only when a new maximum comes.
class DurationHistogram {
 public:
  /// value >= 0.
  void add(Span value);
  /// Each of the other's counts times `weight` >= 0, rounded.
  void merge(const DurationHistogram& other, double weight = 1);

  /// The smallest duration that at least a share `share` of all does not exceed (0 < share <= 1); nullopt if nothing was added.
  [[nodiscard]] std::optional<Span> percentile(double share) const;
  [[nodiscard]] std::uint64_t count() const;

 private:
  std::vector<std::uint32_t> buckets_;
};

}  // namespace trunklab
