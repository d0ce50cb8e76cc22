// Which hours stay is decided by a hash of the hour, so that halving the sample needs no look back.
#include "traffic/cdr/hour_sample.hpp"

#include <algorithm>

#include "models/media/split_mix.hpp"

namespace trunklab {
namespace {

constexpr std::int64_t hour_ns = 3'600'000'000'000;
constexpr unsigned level_most = 40;

}  // namespace

bool HourSample::keeps(std::int64_t hour) const {
  return (split_mix(static_cast<std::uint64_t>(hour) + split_mix_step) & ((std::uint64_t{1} << level_) - 1)) == 0;
}

void HourSample::add(std::int64_t at_ns) {
  if (!keeps(at_ns / hour_ns)) return;
  if (instants_ns_.capacity() == 0) instants_ns_.reserve(std::min<std::size_t>(most_, 4096));
  instants_ns_.push_back(at_ns);
  while (instants_ns_.size() >= most_ && level_ < level_most) {
    ++level_;
    std::erase_if(instants_ns_, [this](std::int64_t instant) { return !keeps(instant / hour_ns); });
  }
}

std::vector<std::int64_t> HourSample::sorted() const {
  std::vector<std::int64_t> instants = instants_ns_;
  std::ranges::sort(instants);
  return instants;
}

}  // namespace trunklab
