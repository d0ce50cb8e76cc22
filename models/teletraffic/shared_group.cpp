// Kaufman's and Roberts' recursion.
#include "models/teletraffic/shared_group.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace trunklab {

namespace {

/// The distribution of busy channels, grown one channel at a time; only proportions count.
class BusyWeights {
 public:
  explicit BusyWeights(std::span<const CallClass> classes) : classes_(classes) {
    for (const CallClass& each : classes) assert(each.offered.value() >= 0 && std::isfinite(each.offered.value()) && each.channels >= 1);
  }

  void grow() {
    constexpr double large = 1e250;
    const std::size_t j = q_.size();
    double next = 0;
    for (const CallClass& each : classes_) {
      if (each.channels <= j) next += each.offered.value() * each.channels * q_[j - each.channels];
    }
    q_.push_back(next / static_cast<double>(j));
    total_ += q_.back();
    // Those of long ago may vanish.
    if (q_.back() > large) {
      for (double& each : q_) each /= large;
      total_ /= large;
    }
  }

  [[nodiscard]] double blocked(const CallClass& each) const {
    const auto last = std::min(q_.size(), std::size_t{each.channels});
    return std::accumulate(q_.end() - static_cast<std::ptrdiff_t>(last), q_.end(), 0.0) / total_;
  }

 private:
  std::span<const CallClass> classes_;
  std::vector<double> q_{1};
  double total_ = 1;
};

}  // namespace

std::vector<Probability> kaufman_roberts(std::uint32_t channels, std::span<const CallClass> classes) {
  BusyWeights weights(classes);
  for (std::uint32_t j = 0; j < channels; ++j) weights.grow();
  std::vector<Probability> blocked;
  for (const CallClass& each : classes) blocked.emplace_back(weights.blocked(each));
  return blocked;
}

std::optional<std::uint32_t> shared_channels_for(std::span<const CallClass> classes, Probability blocking, std::uint32_t most) {
  assert(!classes.empty() && blocking.value() > 0 && blocking.value() <= 1);
  // A call that is wider is blocked at least as often.
  const CallClass widest = *std::ranges::max_element(classes, {}, &CallClass::channels);
  BusyWeights weights(classes);
  for (std::uint32_t channels = 0; channels <= most; ++channels) {
    if (weights.blocked(widest) <= blocking.value()) return channels;
    weights.grow();
  }
  return std::nullopt;
}

}  // namespace trunklab
