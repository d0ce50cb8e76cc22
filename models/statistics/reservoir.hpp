// A fair sample of a stream whose length nobody knows beforehand, in fixed memory.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/statistics/draws.hpp"

namespace trunklab {

/// Keeps `most` of all values added, each equally likely; all of them as long as there are no more. Source: J. S. Vitter, "Random sampling with
/// a reservoir", ACM Transactions on Mathematical Software 11 (1985) 37, algorithm R.
class Reservoir {
 public:
  /// 1 <= most < 2^32.
  explicit Reservoir(std::size_t most, std::uint64_t seed = 1) : most_(most), draws_(seed) { assert(most > 0); }
  void add(double value) {
    ++seen_;
    if (values_.size() < most_) {
      values_.push_back(value);
    } else if (const std::uint64_t place = draws_.below(seen_); place < most_) {
      values_[place] = value;
    }
  }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }
  [[nodiscard]] std::uint64_t seen() const { return seen_; }

 private:
  std::size_t most_;
  Draws draws_;
  std::uint64_t seen_ = 0;
  std::vector<double> values_;
};

}  // namespace trunklab
