// The luck of a run: a pure function of (seed, owner, index, replication, purpose, attempt), whoever asks and in whatever order.
#pragma once

#include <Random123/philox.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "models/planned_call.hpp"

namespace trunklab {

/// What a random number is for. Numbered once for ever: a changed number changes every recorded run.
enum class Purpose : std::uint32_t {
  arrival = 1,  ///< gaps between arrivals, four to a block
  life = 2,     ///< talk time, answer, post-dial delay, ring time; block 1: patience, who hangs up; block 3: destination, formats
  route = 3,
  redial = 4,
  attempt = 5,
  phase = 6,  ///< phases of probers and health checks
  port = 7,
  jitter = 8,  ///< of a trace's added copies
  thinning = 9,
  initial = 10,  ///< the calls of the stationary start
  fault = 11,    ///< random faults: time until the next one, and its duration
  service = 12,  ///< service times of a busy edge's messages
};

/// 64-bit FNV-1a of an owner's name.
constexpr std::uint64_t name_hash(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char letter : name) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 0x100000001b3U;
  }
  return hash;
}

/// Uniform in (0, 1), never 0 or 1, from the upper 52 bits.
constexpr double unit_interval(std::uint64_t word) {
  return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52;
}

/// The index of a call's luck among its demand's.
constexpr std::uint64_t index_of(const CallId& id) {
  return (std::uint64_t{id.window} << 32U) | id.number;
}

/// One owner's luck in one replication: Philox4x64-10 with key {seed, hash of the owner's name} and counter
/// {index, replication, purpose and block, attempt}. Adding another owner changes nothing here.
class Luck {
 public:
  using Block = std::array<std::uint64_t, 4>;

  Luck(std::uint64_t seed, std::string_view owner, std::uint32_t replication) : key_{{seed, name_hash(owner)}}, replication_(replication) {}

  /// Four independent words.
  [[nodiscard]] Block block(Purpose purpose, std::uint64_t index, std::uint32_t block = 0, std::uint32_t attempt = 0) const {
    const std::uint64_t purpose_and_block = (std::uint64_t{static_cast<std::uint32_t>(purpose)} << 32U) | block;
    const auto words = r123::Philox4x64()({{index, replication_, purpose_and_block, attempt}}, key_);
    return {words[0], words[1], words[2], words[3]};
  }
  /// The first of them, in (0, 1).
  [[nodiscard]] double uniform(Purpose purpose, std::uint64_t index, std::uint32_t attempt = 0) const {
    return unit_interval(block(purpose, index, 0, attempt)[0]);
  }

 private:
  r123::Philox4x64::key_type key_;
  std::uint64_t replication_;
};

}  // namespace trunklab
