// Erlang's loss formula for whole and for fractional groups, with the redials of Extended Erlang B, and solved for each of its variables.
#pragma once

#include <cstdint>
#include <optional>

#include "models/units.hpp"

namespace trunklab {

/// The size of a group that need not be whole: Hayward's and Rapp's substitutes for real groups have such sizes, and the exact size tells
/// how much of the last channel is needed. >= 0, finite.
using Channels = Quantity<struct ChannelsUnit>;

/// A whole group's size.
constexpr Channels whole(std::uint32_t channels) {
  return Channels{static_cast<double>(channels)};
}

/// Chance that a fresh call finds all channels busy: Poisson offers, lost calls cleared, full availability, any holding time law.
/// offered >= 0 and finite; any number of channels, 0 included (then 1). No factorials, no overflow; O(channels), of more than a million as below.
/// Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges"
/// (1917); computed by the recursion B(n) = A B(n-1) / (n + A B(n-1)), B(0) = 1: D. L. Jagerman, Bell System Technical Journal 53 (1974)
/// 525, in which every step is a sum of positive terms, so that rounding errors do not grow.
Probability erlang_b(Erlangs offered, std::uint32_t channels);

/// The same continued to any size: 1/B = A * integral from 0 to infinity of e^(-At) (1+t)^x dt. Relative error below 1e-12 up to a million
/// channels and for B down to 1e-300. O(max(0, x - A) + sqrt(A)) steps.
/// Source: R. Fortet (1948), as in D. L. Jagerman, Bell System Technical Journal 53 (1974) 525; computed by the recursion
/// 1/B(x) = 1 + x/A * 1/B(x-1) written out as a sum of positive terms, down to 0 <= x < 1.
Probability erlang_b(Erlangs offered, Channels channels);

/// The fewest channels at which no more than `blocking` of the calls are blocked. offered >= 0 and finite, 0 < blocking <= 1.
/// O(result).
std::uint32_t channels_for(Erlangs offered, Probability blocking);

/// The size at which just `blocking` of the calls are blocked, to a relative 1e-12. offered > 0 and finite, 0 < blocking <= 1.
Channels fractional_channels_for(Erlangs offered, Probability blocking);

/// The most traffic of which so many channels block no more than `blocking`, to a relative 1e-12. 0 < blocking < 1.
/// 0 for no channels. Newton steps with dB/dA = B (n/A - 1 + B), kept inside a bracket.
Erlangs offered_for(std::uint32_t channels, Probability blocking);

/// The same for any size.
Erlangs offered_for(Channels channels, Probability blocking);

/// What comes of callers of whom a share redials at once.
struct WithRedials {
  Erlangs offered{0};       ///< first calls and redials together
  Probability blocking{0};  ///< of each attempt
};

/// Extended Erlang B: of the blocked attempts, redials included, a share `recall` comes back, as if it were fresh traffic:
/// E = A + recall E B(E, n). fresh >= 0, 0 <= recall < 1. One solution, since E (1 - recall B) grows with E. To a relative 1e-12.
/// Redials that come soon find the channels still busy: see retrials.hpp for what this formula leaves out.
/// Source: R. I. Wilkinson and R. C. Radnik, "The character and effect of customer retrials in intertoll circuit operation" (1968).
WithRedials extended_erlang_b(Erlangs fresh, Channels channels, Probability recall);

/// The fresh traffic at which attempts are blocked just so often. channels >= 0, 0 < blocking < 1, 0 <= recall < 1.
Erlangs extended_offered_for(Channels channels, Probability blocking, Probability recall);

/// The fewest channels, and the size, at which attempts are blocked no more often. fresh > 0, 0 < blocking < 1, 0 <= recall < 1.
std::uint32_t extended_channels_for(Erlangs fresh, Probability blocking, Probability recall);
Channels extended_fractional_channels_for(Erlangs fresh, Probability blocking, Probability recall);

/// The share of redials that explains so much blocking; nullopt where no share from 0 to below 1 does. fresh > 0, 0 < blocking < 1.
std::optional<Probability> recall_for(Erlangs fresh, Channels channels, Probability blocking);

}  // namespace trunklab
