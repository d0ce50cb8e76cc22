// A fit's examination: does a profile of the weeks before foretell the last one?
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "traffic/cdr/quarter_grid.hpp"

namespace trunklab {

struct HoldOut {
  std::int64_t from_date = 0;     ///< first of the last seven days
  std::size_t training_days = 0;  ///< recorded days before
  std::size_t hours = 0;          ///< recorded hours of the last seven days
  std::size_t inside = 0;         ///< of these: calls within the 5 to 95 % band
  [[nodiscard]] double share() const { return hours > 0 ? static_cast<double>(inside) / static_cast<double>(hours) : 0; }
};

/// Fits all but the last seven days, simulates these 500 times, and counts the hours that lie within the 5 to 95 % band of the simulations; a
/// sound fit has about 90 %. Day-block bootstrap: each simulated day takes the mean of as many whole days of its weekday as there are, drawn
/// with replacement, times the factor of a day drawn from all (shrunk to the excess over Poisson), times a gamma factor for each hour, and
/// Poisson's noise. nullopt with fewer than two weeks before the last seven days.
std::optional<HoldOut> hold_out(std::span<const LocalDay> days);

}  // namespace trunklab
