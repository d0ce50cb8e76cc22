// Redundant units on paper: how often and for how long too few of them work, when crews repair them and failover does not always succeed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/units.hpp"

namespace trunklab {

/// n like units, of which k must work. Times exponential; units fail independently and also when they are not needed.
struct RedundantUnits {
  std::uint32_t units = 1;   ///< n, >= 1
  std::uint32_t needed = 1;  ///< k, 1 to n
  std::uint32_t crews = 1;   ///< units under repair at the same time, >= 1
  Span mtbf{};               ///< mean time a unit works between repair and failure, > 0
  Span mttr{};               ///< mean time of a repair once a crew has begun, > 0
  Probability coverage{1};   ///< chance that the others take over when a unit fails and enough are left
  Span takeover{};           ///< mean time to switch by hand where they do not; then all is down and nothing else happens. >= 0
};

struct Unavailability {
  Probability down{0};          ///< share of time, in full relative precision however small
  double outages_per_year = 0;  ///< of 8760 h
  Span mean_outage{};
};

/// The stationary state of the birth-death chain of failed units. Every term is positive and nothing is subtracted from 1, so that 1e-12 has as
/// many good digits as 0.1.
/// Source: pi(j+1) / pi(j) = (n - j) MTTR / (min(j + 1, r) MTBF), e.g. R. E. Barlow and F. Proschan, "Mathematical Theory of Reliability"
/// (1965) 5.3; coverage after W. G. Bouricius, W. C. Carter and P. R. Schneider (1969), here with a state of its own for each failover that
/// failed, left by switching by hand.
Unavailability unavailability_of(const RedundantUnits& system);

/// Minutes in a year of 8760 h.
double minutes_per_year(Probability share);

/// Blocks that are all needed, independent: 1 - product of (1 - U), in full relative precision.
Probability in_series(std::span<const Probability> down);

/// Blocks of which one suffices, independent: the product.
Probability in_parallel(std::span<const Probability> down);

/// The fewest units, all else as in `system`, whose needed number is down no more; nullopt where no number up to 1000 will do, as when
/// failed takeovers alone are more. 0 < down < 1.
std::optional<std::uint32_t> units_for(RedundantUnits system, Probability down);

/// The longest repair, and the shortest time between failures, with which the system is down no more, to a nanosecond and 1e-9; nullopt
/// where none within 1 ns to 200 years is. 0 < down < 1.
std::optional<Span> mttr_for(RedundantUnits system, Probability down);
std::optional<Span> mtbf_for(RedundantUnits system, Probability down);

}  // namespace trunklab
