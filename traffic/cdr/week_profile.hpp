// The typical week of a call file: how many calls in each hour, how much days and hours differ from it, and what does not fit at all.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "traffic/cdr/quarter_grid.hpp"

namespace trunklab {

/// One hour or half hour of the week.
struct WeekSlot {
  double calls_per_hour = 0;
  double erlangs = 0;     ///< calls in progress; 0 where holding times are not known
  double recorded_h = 0;  ///< how long such slots were recorded, bursts left out; 0: nothing is known, and the rate is 0
};

/// One slot of one day.
struct DayCell {
  std::size_t day = 0;   ///< index into the days
  std::size_t cell = 0;  ///< slot of that day, from midnight
  double calls = 0;
  double recorded_h = 0;
};

/// Neighbouring cells of a day with far more calls than their hours have in other weeks.
struct Burst {
  std::int64_t date = 0;
  std::size_t first_quarter = 0;
  std::size_t last_quarter = 0;  ///< one past the end
  double calls = 0;
  double expected = 0;     ///< in the same hours of the other weeks
  double probability = 0;  ///< of so many in a cell, the least of the cells, given how much hours differ
};

struct WeekProfile {
  std::size_t slots_a_day = 24;
  std::vector<WeekSlot> slots;      ///< 7 * slots_a_day, from Monday 00:00
  double day_excess = 0;            ///< variance of a random factor (mean 1) that a day's calls share, beyond Poisson; >= 0
  double hour_excess = 0;           ///< likewise of a factor of each cell, beyond that
  double day_dispersion = 1;        ///< variance / mean of a day's calls about the profile; Poisson: 1
  std::vector<Burst> bursts;        ///< left out of everything above
  std::vector<double> day_factors;  ///< calls of each day / those of the profile, bursts left out; 1 where nothing is expected

  [[nodiscard]] double hours_a_slot() const { return 24.0 / static_cast<double>(slots_a_day); }
  [[nodiscard]] const WeekSlot& at(int weekday, std::size_t cell) const { return slots[static_cast<std::size_t>(weekday) * slots_a_day + cell]; }
  [[nodiscard]] const WeekSlot& busiest() const;
};

/// All recorded cells of these days. slots_a_day: 24 or 48.
std::vector<DayCell> cells_of(std::span<const LocalDay> days, std::size_t slots_a_day);

/// What of the week nobody recorded, in words: "163 of 168 slots were never recorded: their rate 0 is not known, 2 for less than a whole one: ...".
/// Empty: all of it was.
std::string unknown_slots(const WeekProfile& profile);

/// Means by hour of week. Excess variances by moments: with the days' sums N, E = their expected values and l those of the cells,
/// sum (N - E)^2 - E estimates day_excess sum E^2 + hour_excess sum l^2, and sum over cells (n - l)^2 - l estimates (day_excess + hour_excess)
/// sum l^2, each square divided by 1 - 1/w for a slot seen in w weeks. A cell is a burst if the negative binomial law of the other weeks' mean
/// gives so many calls a probability below 0.001 / cells (ours); found, left out, and fitted anew until there are no more. Slots seen in one
/// week only tell nothing.
WeekProfile fit_week(std::span<const LocalDay> days, std::size_t slots_a_day);

}  // namespace trunklab
