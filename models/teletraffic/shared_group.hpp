// Calls of several sizes that share one group: ports, channels or bandwidth.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

/// Calls of one kind, of which each seizes so many channels at once.
struct CallClass {
  Erlangs offered{0};          ///< >= 0, finite
  std::uint32_t channels = 1;  ///< a call, >= 1
};

/// Blocking of each class where several share so many channels, any free ones alike: Poisson offers, lost calls cleared, any holding time
/// laws. For RTP ports a bound from below: it knows no pairs that fragment. O(channels * classes).
/// Source: J. S. Kaufman, "Blocking in a shared resource environment", IEEE Transactions on Communications 29 (1981) 1474, and J. W. Roberts
/// (1981): j q(j) = sum over classes of A b q(j - b), B = q(C) + ... + q(C - b + 1).
std::vector<Probability> kaufman_roberts(std::uint32_t channels, std::span<const CallClass> classes);

/// The fewest channels at which no class is blocked more often; one more channel may block a small class a little more, since it lets
/// large calls in. nullopt: more than `most`. At least one class, 0 < blocking <= 1. O(result * (classes + largest call)).
std::optional<std::uint32_t> shared_channels_for(std::span<const CallClass> classes, Probability blocking, std::uint32_t most = 10'000'000);

}  // namespace trunklab
