// The buckets of the log-linear histogram.
#include "models/statistics/histogram.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>

namespace trunklab {
namespace {

constexpr unsigned sub_bits = 6;                       // 64 buckets a doubling
constexpr unsigned first_bits = 20;                    // the first doubling starts at 2^20 ns
constexpr unsigned unit_bits = first_bits - sub_bits;  // width of the buckets below: 2^14 ns

std::size_t bucket_of(Span value) {
  assert(value >= Span::zero());
  const auto units = static_cast<std::uint64_t>(value.count()) >> unit_bits;
  const unsigned width = static_cast<unsigned>(std::bit_width(units));
  if (width <= sub_bits) return units;
  const unsigned shift = width - sub_bits - 1;
  return ((shift + 1) << sub_bits) + ((units >> shift) & ((1U << sub_bits) - 1));
}

Span middle_of(std::size_t bucket) {
  const std::size_t octave = bucket >> sub_bits;
  const std::size_t shift = octave == 0 ? 0 : octave - 1;
  const std::uint64_t units = octave == 0 ? bucket : ((std::uint64_t{1} << sub_bits) + (bucket & ((1U << sub_bits) - 1))) << shift;
  const std::uint64_t width = std::uint64_t{1} << (shift + unit_bits);
  return Span{static_cast<std::int64_t>((units << unit_bits) + width / 2)};
}

}  // namespace

void DurationHistogram::add(Span value) {
  const std::size_t bucket = bucket_of(value);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
}

void DurationHistogram::merge(const DurationHistogram& other, double weight) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t bucket = 0; bucket < other.buckets_.size(); ++bucket) {
    buckets_[bucket] += static_cast<std::uint32_t>(std::lround(other.buckets_[bucket] * weight));
  }
}

std::uint64_t DurationHistogram::count() const {
  return std::accumulate(buckets_.begin(), buckets_.end(), std::uint64_t{0});
}

std::optional<Span> DurationHistogram::percentile(double share) const {
  assert(share > 0 && share <= 1);
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count())));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted && seen > 0) return middle_of(bucket);
  }
  return std::nullopt;
}

}  // namespace trunklab
