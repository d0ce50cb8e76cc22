// Buckets of ratings.
#include "models/measures/rating_histogram.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace trunklab {

namespace {
constexpr double buckets_per_unit = 10;
constexpr std::size_t buckets = 1001;
}  // namespace

void RatingHistogram::add(double r) {
  assert(r > 0 && r <= 100);
  if (buckets_.empty()) buckets_.resize(buckets);
  ++buckets_[static_cast<std::size_t>(r * buckets_per_unit)];
}

void RatingHistogram::merge(const RatingHistogram& other, double weight) {
  if (other.buckets_.empty()) return;
  if (buckets_.empty()) buckets_.resize(buckets);
  const auto sum = [weight](std::uint32_t own, std::uint32_t more) { return own + static_cast<std::uint32_t>(std::lround(more * weight)); };
  std::ranges::transform(buckets_, other.buckets_, buckets_.begin(), sum);
}

std::uint64_t RatingHistogram::count() const {
  return std::accumulate(buckets_.begin(), buckets_.end(), std::uint64_t{0});
}

std::optional<double> RatingHistogram::percentile(double share) const {
  assert(share > 0 && share <= 1);
  const std::uint64_t all = count();
  if (all == 0) return std::nullopt;
  const auto wanted = static_cast<std::uint64_t>(std::max(1.0, std::ceil(share * static_cast<double>(all))));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted) return (static_cast<double>(bucket) + 0.5) / buckets_per_unit;
  }
  return std::nullopt;
}

}  // namespace trunklab
