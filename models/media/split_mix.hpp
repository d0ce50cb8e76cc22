// Words of luck from one 64-bit word.
#pragma once

#include <cstdint>

namespace trunklab {

/// What a stream's state grows by.
inline constexpr std::uint64_t split_mix_step = 0x9e3779b97f4a7c15U;
/// Source: SplitMix64, G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014.
constexpr std::uint64_t split_mix(std::uint64_t word) {
  word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9U;
  word = (word ^ (word >> 27U)) * 0x94d049bb133111ebU;
  return word ^ (word >> 31U);
}

/// A step of a stream of 64-bit numbers.
constexpr std::uint64_t next_luck(std::uint64_t& state) {
  state += split_mix_step;
  return split_mix(state);
}

/// 0 .. count - 1, from the upper half of what was drawn. 0 < count < 2^32; no bias above count / 2^32.
constexpr std::uint32_t below(std::uint32_t count, std::uint64_t drawn) {
  return static_cast<std::uint32_t>(((drawn >> 32U) * count) >> 32U);
}

}  // namespace trunklab
