// Loss systems on paper: how many of so many calls find every channel busy, and the inverse questions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

/// Chance that a fresh call finds all channels busy: Poisson offers, lost calls cleared, full availability, any holding time law.
/// offered >= 0 and finite; any number of channels, 0 included (then 1). O(channels), no factorials, no overflow.
/// Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges"
/// (1917); computed by the recursion B(n) = A B(n-1) / (n + A B(n-1)), B(0) = 1: D. L. Jagerman, Bell System Technical Journal 53 (1974)
/// 525, in which every step is a sum of positive terms, so that rounding errors do not grow.
Probability erlang_b(Erlangs offered, std::uint32_t channels);

/// The fewest channels at which no more than `blocking` of the calls are blocked. offered >= 0 and finite, 0 < blocking <= 1.
/// O(result).
std::uint32_t channels_for(Erlangs offered, Probability blocking);

/// The most traffic of which so many channels block no more than `blocking`, to a relative 1e-12. 0 < blocking < 1.
/// 0 for no channels. Newton steps with dB/dA = B (n/A - 1 + B), kept inside a bracket.
Erlangs offered_for(std::uint32_t channels, Probability blocking);

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

}  // namespace trunklab
