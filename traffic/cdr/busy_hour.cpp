// Averages over days, and a regression over weeks.
#include "traffic/cdr/busy_hour.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/statistics/special.hpp"

namespace trunklab {
namespace {

constexpr std::size_t quarters_an_hour = 4;
/// Of the 3600 s; less is no hour. Above one hour where clocks are set back: then it is the mean of the two.
constexpr double recorded_least_s = 3599;

struct HourLoad {
  double calls = 0;
  double erlangs = 0;
};

std::optional<HourLoad> load_of(const LocalDay& day, std::size_t first_quarter) {
  double calls = 0;
  double erlang_s = 0;
  double recorded_s = 0;
  for (std::size_t q = first_quarter; q < first_quarter + quarters_an_hour; ++q) {
    calls += day.calls[q];
    erlang_s += day.erlang_s[q];
    recorded_s += day.recorded_s[q];
  }
  if (recorded_s < recorded_least_s) return std::nullopt;
  return HourLoad{.calls = calls / recorded_s * 3600, .erlangs = erlang_s / recorded_s};
}

bool knows_holding(std::span<const LocalDay> days) {
  return std::ranges::any_of(days, [](const LocalDay& day) { return std::ranges::any_of(day.erlang_s, [](double s) { return s > 0; }); });
}

double size_of(const HourLoad& load, bool by_traffic) {
  return by_traffic ? load.erlangs : load.calls;
}

BusyHour mean_hour(std::span<const LocalDay> days, std::size_t first_quarter) {
  BusyHour hour{.first_quarter = first_quarter};
  for (const LocalDay& day : days) {
    const auto load = load_of(day, first_quarter);
    if (!load) continue;
    hour.calls += load->calls;
    hour.erlangs += load->erlangs;
    ++hour.days;
  }
  if (hour.days == 0) return hour;
  hour.calls /= static_cast<double>(hour.days);
  hour.erlangs /= static_cast<double>(hour.days);
  return hour;
}

/// The best of all hours that begin at every `step` quarters, among those recorded on at least half as many days as the most recorded one:
/// an hour that was seen on one busy day only is no time-consistent one.
BusyHour busiest(std::span<const LocalDay> days, std::size_t step, bool by_traffic) {
  std::vector<BusyHour> hours;
  std::size_t days_most = 0;
  for (std::size_t quarter = 0; quarter + quarters_an_hour <= quarters_a_day; quarter += step) {
    hours.push_back(mean_hour(days, quarter));
    days_most = std::max(days_most, hours.back().days);
  }
  BusyHour best{};
  double most = -1;
  for (const BusyHour& hour : hours) {
    const double size = by_traffic ? hour.erlangs : hour.calls;
    if (hour.days == 0 || 2 * hour.days < days_most || size <= most) continue;
    most = size;
    best = hour;
  }
  return best;
}

struct DayPeak {
  std::size_t hour = 0;
  HourLoad load;
};

std::optional<DayPeak> peak_of(const LocalDay& day, bool by_traffic) {
  std::optional<DayPeak> peak;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    const auto load = load_of(day, hour * quarters_an_hour);
    if (load && (!peak || size_of(*load, by_traffic) > size_of(peak->load, by_traffic))) peak = DayPeak{hour, *load};
  }
  return peak;
}

BusyHour mean_of_peaks(std::span<const LocalDay> days, bool by_traffic) {
  BusyHour mean{};
  std::array<std::size_t, 24> often{};
  for (const LocalDay& day : days) {
    const auto peak = peak_of(day, by_traffic);
    if (!peak) continue;
    ++often[peak->hour];
    mean.calls += peak->load.calls;
    mean.erlangs += peak->load.erlangs;
    ++mean.days;
  }
  if (mean.days == 0) return mean;
  mean.calls /= static_cast<double>(mean.days);
  mean.erlangs /= static_cast<double>(mean.days);
  mean.first_quarter = static_cast<std::size_t>(std::ranges::max_element(often) - often.begin()) * quarters_an_hour;
  return mean;
}

}  // namespace

std::optional<BusyHours> busy_hours(std::span<const LocalDay> days, std::optional<std::size_t> fixed_hour) {
  const bool by_traffic = knows_holding(days);
  BusyHours hours;
  hours.fixed = fixed_hour ? mean_hour(days, *fixed_hour * quarters_an_hour) : busiest(days, quarters_an_hour, by_traffic);
  hours.consistent = busiest(days, 1, by_traffic);
  hours.peaks = mean_of_peaks(days, by_traffic);
  return hours.peaks.days > 0 ? std::optional(hours) : std::nullopt;
}

std::optional<PeakTrend> peak_trend(std::span<const LocalDay> days) {
  const bool by_traffic = knows_holding(days);
  PeakTrend trend;
  for (std::size_t first = 0; first < days.size();) {
    const std::size_t past = std::min(days.size(), first + 7);
    double sum = 0;
    double seen = 0;
    for (std::size_t i = first; i < past && days[i].date < days[first].date + 7; ++i) {
      const auto peak = peak_of(days[i], by_traffic);
      if (!peak) continue;
      sum += size_of(peak->load, by_traffic);
      seen += 1;
    }
    if (days.back().date >= days[first].date + 6 && seen > 0) trend.weeks.push_back(sum / seen);
    const std::int64_t next = days[first].date + 7;
    while (first < days.size() && days[first].date < next) ++first;
  }
  const auto n = static_cast<double>(trend.weeks.size());
  if (n < 3) return std::nullopt;
  double mean = 0;
  for (const double week : trend.weeks) mean += week / n;
  double xx = 0;
  double xy = 0;
  for (std::size_t i = 0; i < trend.weeks.size(); ++i) {
    const double x = static_cast<double>(i) - (n - 1) / 2;
    xx += x * x;
    xy += x * (trend.weeks[i] - mean);
  }
  if (mean <= 0) return std::nullopt;
  const double slope = xy / xx;
  double left = 0;
  for (std::size_t i = 0; i < trend.weeks.size(); ++i) {
    const double residual = trend.weeks[i] - mean - slope * (static_cast<double>(i) - (n - 1) / 2);
    left += residual * residual;
  }
  const double half = student_t_quantile(0.975, n - 2) * std::sqrt(left / (n - 2) / xx);
  trend.slope = slope / mean;
  trend.low = (slope - half) / mean;
  trend.high = (slope + half) / mean;
  return trend;
}

}  // namespace trunklab
