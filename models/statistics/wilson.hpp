// An interval for a share of independent cases, for lists too short to tell how much one part of a run differs from the next.
#pragma once

#include <cstdint>

#include "models/statistics/intervals.hpp"

namespace trunklab {

/// Two-sided score interval for a probability, of which `hits` among `of` independent cases were seen; its mean is hits / of. Never empty, never
/// beyond 0 and 1. of >= 1, 0 <= hits <= of, 0 < level < 1. Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209; method 3 of
/// R. G. Newcombe, Statistics in Medicine 17 (1998) 857.
Interval wilson_interval(std::int64_t hits, std::int64_t of, double level);

}  // namespace trunklab
