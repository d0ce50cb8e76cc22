// How calls sounded: ratings R of millions of calls in a few kilobytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace trunklab {

/// Counts of ratings in buckets of 0.1; a percentile is the middle of its bucket, so it is wrong by at most 0.05 (0.002 of a MOS).
class RatingHistogram {
 public:
  /// 0 < r <= 100 (narrowband, without an advantage factor).
  void add(double r);
  /// Each of the other's counts times `weight` >= 0, rounded.
  void merge(const RatingHistogram& other, double weight = 1);
  /// The smallest rating that at least a share `share` of all does not exceed (0 < share <= 1); nullopt if nothing was added.
  [[nodiscard]] std::optional<double> percentile(double share) const;
  [[nodiscard]] std::uint64_t count() const;

 private:
  std::vector<std::uint32_t> buckets_;  ///< empty until something is added
};

}  // namespace trunklab
