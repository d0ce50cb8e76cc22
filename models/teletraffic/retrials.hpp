// Callers who redial after a while, some of them again and again, until they get through or give up.
#pragma once

#include <cstdint>
#include <optional>

#include "models/units.hpp"

namespace trunklab {

/// First calls are Poisson, holding and the pause before a redial exponential. Of the blocked attempts, first ones and redials alike, a
/// share `persistence` redials, drawn anew each time; the others are lost.
struct RedialingCallers {
  Erlangs offered{0};          ///< first calls, > 0, finite
  std::uint32_t channels = 1;  ///< >= 1
  Probability persistence{0};  ///< 0 to below 1
  double pause = 1;            ///< mean, in mean holding times, > 0
};

struct RedialFigures {
  Probability first_blocked{0};  ///< of the first calls: share of time in which all channels are busy
  Probability blocked{0};        ///< of all attempts
  Probability lost{0};           ///< of the callers: those who gave up
  double attempts = 0;           ///< all, in a mean holding time
  double waiting = 0;            ///< mean number of callers between two attempts
  Erlangs carried{0};
};

/// The stationary state of the chain (channels busy, callers between attempts), the latter cut off where less than 1e-13 of the
/// probability is left. Shares keep full relative precision, but blocking below 1e-290 counts as none. nullopt where the chain
/// would have more than 2e8 states, some seconds of work.
/// O(channels * callers between attempts) time, O(channels) memory.
/// Source: J. R. Artalejo and A. Gomez-Corral, "Retrial Queueing Systems" (2008) 1 and 3 (M/M/c with impatient customers); solved by level
/// reduction: only the states with all channels busy lead upwards, so that each level is a tridiagonal system with one row more.
std::optional<RedialFigures> redial_figures(const RedialingCallers& callers);

/// The fewest channels at which no more of the callers are lost; nullopt where the chain is too large. `callers.channels` does not count.
/// 0 < lost < 1.
std::optional<std::uint32_t> redial_channels_for(RedialingCallers callers, Probability lost);

/// The most first calls of which no more than `lost` are lost, to a relative 1e-9; nullopt where the chain is too large.
/// `callers.offered` does not count. 0 < lost < 1.
std::optional<Erlangs> redial_offered_for(RedialingCallers callers, Probability lost);

}  // namespace trunklab
