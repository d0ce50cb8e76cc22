// The arrivals of whole hours, some hours left out where all of them would be too many: gaps between neighbours need every call of an hour.
#pragma once

#include <cstdint>
#include <vector>

namespace trunklab {

class HourSample {
 public:
  explicit HourSample(std::size_t most = 1'000'000) : most_(most) {}
  /// In any order.
  void add(std::int64_t at_ns);
  /// Whether that hour (of UTC, since 1970) is kept.
  [[nodiscard]] bool keeps(std::int64_t hour) const;
  /// Sorted instants of the hours kept.
  [[nodiscard]] std::vector<std::int64_t> sorted() const;
  /// 1: all hours.
  [[nodiscard]] double share_of_hours() const { return 1 / static_cast<double>(std::uint64_t{1} << level_); }

 private:
  std::size_t most_;
  unsigned level_ = 0;  ///< of 2^level hours one is kept
  std::vector<std::int64_t> instants_ns_;
};

}  // namespace trunklab
