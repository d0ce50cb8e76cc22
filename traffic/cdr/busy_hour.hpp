// The busy hour in three ways, and whether it grows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "traffic/cdr/quarter_grid.hpp"

namespace trunklab {

/// An hour of the day, averaged over days.
struct BusyHour {
  std::size_t first_quarter = 0;  ///< when it begins; ADPH: the hour that is the day's peak most often
  double calls = 0;               ///< that begin in it, mean over the days
  double erlangs = 0;             ///< calls in progress, mean; 0 where holding times are not known
  std::size_t days = 0;           ///< days that were recorded in that hour
};

/// Busy hours after ITU-T E.500 (11/98) and E.600: by traffic, or by calls where holding times are not known. All recorded days count.
struct BusyHours {
  BusyHour fixed;       ///< FDMH, fixed daily measurement hour: the clock hour given, or the one with the most traffic
  BusyHour consistent;  ///< TCBH, time-consistent busy hour: the four quarters in a row with the most traffic on average
  BusyHour peaks;       ///< ADPH, average of the days' own peak clock hours
};

/// `fixed_hour`: 0..23; nullopt = the clock hour with the most traffic. At least one day with a recorded hour, else nullopt.
std::optional<BusyHours> busy_hours(std::span<const LocalDay> days, std::optional<std::size_t> fixed_hour);

/// Weekly means of the days' peak hours, and the straight line through them.
struct PeakTrend {
  std::vector<double> weeks;  ///< Erlangs, or calls where holding times are not known; whole weeks of seven recorded days
  double slope = 0;           ///< a week, as a share of the mean
  double low = 0;             ///< 95 % (Student t, weeks - 2 degrees)
  double high = 0;
};

/// nullopt below three whole weeks.
std::optional<PeakTrend> peak_trend(std::span<const LocalDay> days);

}  // namespace trunklab
