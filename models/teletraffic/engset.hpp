// Few callers: a source that is talking offers nothing, so that less is blocked than Erlang B says.
#pragma once

#include <cstdint>
#include <optional>

#include "models/units.hpp"

namespace trunklab {

/// Sources that share a group of channels.
struct FiniteSources {
  std::uint32_t sources = 1;
  Erlangs idle_load{0};  ///< calls that one idle source begins per mean holding time; > 0, finite
};

/// Traffic that the sources would offer if nothing were blocked: S a / (1 + a).
Erlangs intended(const FiniteSources& who);

/// The idle load of a source that would talk for such a share of its time if nothing were blocked: y / (1 - y). 0 <= y < 1.
Erlangs idle_load_of(Probability talking);

/// Share of time in which all channels are busy; 0 where there are more channels than sources. Any holding time law. O(channels).
/// Source: T. Engset (1918): E = C(S, n) a^n / sum over k = 0..n of C(S, k) a^k; by the recursion E(n) = (S - n + 1) a E(n-1) / (n + the
/// same), all terms positive.
Probability engset_time_congestion(const FiniteSources& who, std::uint32_t channels);

/// Share of the calls that find all channels busy: the time congestion that the other sources cause. 0 where every source has a channel.
/// Source: the same; arrival theorem.
Probability engset_call_congestion(const FiniteSources& who, std::uint32_t channels);

/// The fewest channels at which no more of the calls are blocked. 0 < blocking <= 1.
std::uint32_t engset_channels_for(const FiniteSources& who, Probability blocking);

/// The idle load at which just so many calls are blocked; nullopt where none can be, since every source has a channel. channels >= 1,
/// 0 < blocking < 1.
std::optional<Erlangs> engset_idle_load_for(std::uint32_t sources, std::uint32_t channels, Probability blocking);

/// The most sources of which no more calls are blocked. channels >= 1, 0 < blocking < 1; 4e9 at most.
std::optional<std::uint32_t> engset_sources_for(Erlangs idle_load, std::uint32_t channels, Probability blocking);

}  // namespace trunklab
