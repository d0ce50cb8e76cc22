// Time rescaling with a rate that is constant within a cell of the week's profile.
#include "traffic/cdr/gap_test.hpp"

#include <algorithm>
#include <cmath>

#include "models/statistics/draws.hpp"
#include "models/statistics/intervals.hpp"

namespace trunklab {
namespace {

constexpr std::size_t p_gaps_most = 10'000;
constexpr std::size_t gaps_least = 100;
constexpr int bootstraps = 99;
constexpr double ns_per_s = 1e9;
constexpr std::int64_t hour_s = 3600;

/// Where in the week each recorded quarter of UTC lies, and the rate of each cell of each day.
class Rates {
 public:
  Rates(std::span<const LocalDay> days, const WeekProfile& profile, const TimeZone& zone)
      : days_(days), per_day_(profile.slots_a_day), first_quarter_((days.front().date - 1) * std::int64_t{quarters_a_day}) {
    cells_ = cells_of(days, per_day_);
    cell_of_.assign(days.size() * per_day_, -1);
    for (std::size_t i = 0; i < cells_.size(); ++i) cell_of_[cells_[i].day * per_day_ + cells_[i].cell] = static_cast<int>(i);
    burst_.assign(cells_.size(), 0);
    for (const Burst& burst : profile.bursts) flag(burst);
    const auto quarters = static_cast<std::size_t>((days.back().date + 2) * std::int64_t{quarters_a_day} - first_quarter_);
    cell_of_quarter_.assign(quarters, -1);
    for (std::size_t i = 0; i < quarters; ++i) {
      const std::int64_t utc_s = (first_quarter_ + static_cast<std::int64_t>(i)) * quarter_s;
      cell_of_quarter_[i] = find(utc_s + zone.offset_s(utc_s));
    }
    sums_.assign(quarters + 1, 0);
    rates_.assign(quarters, 0);
  }

  /// The cell of an instant; -1 where nothing was recorded.
  [[nodiscard]] int cell_at(double unix_s) const {
    const double place = std::floor(unix_s / static_cast<double>(quarter_s)) - static_cast<double>(first_quarter_);
    return place < 0 || place >= static_cast<double>(rates_.size()) ? -1 : cell_of_quarter_[static_cast<std::size_t>(place)];
  }
  [[nodiscard]] const std::vector<DayCell>& cells() const { return cells_; }

  /// Rates from counts per cell, and their integral from quarter to quarter.
  void fit(const std::vector<double>& calls) {
    std::vector<double> slot_calls(7 * per_day_);
    std::vector<double> slot_hours(7 * per_day_);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (burst_[i] != 0) continue;
      slot_calls[slot(i)] += calls[i];
      slot_hours[slot(i)] += cells_[i].recorded_h;
    }
    std::vector<double> day_calls(days_.size());
    std::vector<double> day_means(days_.size());
    const auto mean = [&](std::size_t i) { return slot_hours[slot(i)] > 0 ? slot_calls[slot(i)] / slot_hours[slot(i)] : 0; };
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (burst_[i] != 0) continue;
      day_calls[cells_[i].day] += calls[i];
      day_means[cells_[i].day] += mean(i) * cells_[i].recorded_h;
    }
    cell_rates_.assign(cells_.size(), 0);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const double of_day = day_means[cells_[i].day];
      const double factor = of_day > 0 ? day_calls[cells_[i].day] / of_day : 1;
      cell_rates_[i] = (burst_[i] != 0 ? calls[i] / cells_[i].recorded_h : mean(i) * factor) / hour_s;
    }
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      rates_[i] = cell_of_quarter_[i] < 0 ? 0 : cell_rates_[static_cast<std::size_t>(cell_of_quarter_[i])];
      sums_[i + 1] = sums_[i] + rates_[i] * static_cast<double>(quarter_s);
    }
  }
  [[nodiscard]] double rate_of_cell(std::size_t cell) const { return cell_rates_[cell]; }

  /// Expected calls from the beginning until then.
  [[nodiscard]] double integral(double unix_s) const {
    const double since_s = unix_s - static_cast<double>(first_quarter_ * quarter_s);
    const auto place = static_cast<std::size_t>(since_s / static_cast<double>(quarter_s));
    return sums_[place] + rates_[place] * (since_s - static_cast<double>(place) * static_cast<double>(quarter_s));
  }
  [[nodiscard]] std::int64_t first_s() const { return first_quarter_ * quarter_s; }
  [[nodiscard]] std::size_t quarters() const { return rates_.size(); }
  [[nodiscard]] double rate_of_quarter(std::size_t quarter) const { return rates_[quarter]; }

 private:
  [[nodiscard]] std::size_t slot(std::size_t i) const { return static_cast<std::size_t>(days_[cells_[i].day].weekday) * per_day_ + cells_[i].cell; }
  [[nodiscard]] int find(std::int64_t local_s) const {
    const std::int64_t date = (local_s - (local_s < 0 ? seconds_a_day - 1 : 0)) / seconds_a_day;
    const auto day = std::ranges::lower_bound(days_, date, {}, &LocalDay::date);
    if (day == days_.end() || day->date != date) return -1;
    const auto cell = static_cast<std::size_t>(local_s - date * seconds_a_day) * per_day_ / static_cast<std::size_t>(seconds_a_day);
    return cell_of_[static_cast<std::size_t>(day - days_.begin()) * per_day_ + cell];
  }
  void flag(const Burst& burst) {
    const std::size_t quarters = quarters_a_day / per_day_;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const std::size_t from = cells_[i].cell * quarters;
      if (days_[cells_[i].day].date == burst.date && from >= burst.first_quarter && from < burst.last_quarter) burst_[i] = 1;
    }
  }

  std::span<const LocalDay> days_;
  std::size_t per_day_;
  std::int64_t first_quarter_;
  std::vector<DayCell> cells_;
  std::vector<int> cell_of_;
  std::vector<char> burst_;
  std::vector<int> cell_of_quarter_;
  std::vector<double> cell_rates_;
  std::vector<double> rates_;  ///< a second, by quarter
  std::vector<double> sums_;
};

/// Instants in seconds, spread over their second where they are whole; sorted.
std::vector<double> spread(const std::vector<std::int64_t>& instants_ns, bool whole_seconds, Draws& draws) {
  std::vector<double> instants;
  instants.reserve(instants_ns.size());
  for (const std::int64_t ns : instants_ns) instants.push_back(static_cast<double>(ns) / ns_per_s + (whole_seconds ? draws.uniform() : 0));
  if (whole_seconds) std::ranges::sort(instants);
  return instants;
}

/// Expected calls from each call to the next; over hours that are not in the sample, or not recorded, there is no gap.
std::vector<double> rescaled(const std::vector<double>& instants, const Rates& rates, const HourSample* sample) {
  std::vector<double> gaps;
  bool has_before = false;
  double before_s = 0;
  double before = 0;
  for (const double now_s : instants) {
    if (rates.cell_at(now_s) < 0) continue;
    const double now = rates.integral(now_s);
    bool joined = has_before;
    if (sample && sample->share_of_hours() < 1) {
      for (auto hour = static_cast<std::int64_t>(before_s) / hour_s + 1; joined && hour <= static_cast<std::int64_t>(now_s) / hour_s; ++hour) {
        joined = sample->keeps(hour);
      }
    }
    if (joined) gaps.push_back(now - before);
    has_before = true;
    before_s = now_s;
    before = now;
  }
  return gaps;
}

double distance_of(const std::vector<double>& gaps) {
  std::vector<double> probabilities;
  probabilities.reserve(gaps.size());
  for (const double gap : gaps) probabilities.push_back(1 - std::exp(-gap));
  std::ranges::sort(probabilities);
  return kolmogorov_smirnov(probabilities);
}

/// Another file that the fitted process might have made.
double simulated_distance(const Rates& truth, Rates& again, bool whole_seconds, Draws& draws) {
  std::vector<double> calls(truth.cells().size());
  std::vector<std::int64_t> instants_ns;
  for (std::size_t quarter = 0; quarter < truth.quarters(); ++quarter) {
    const double count = draws.poisson(truth.rate_of_quarter(quarter) * static_cast<double>(quarter_s));
    const double begin_s = static_cast<double>(truth.first_s()) + static_cast<double>(quarter) * static_cast<double>(quarter_s);
    for (int i = 0; i < static_cast<int>(count); ++i) {
      const double at_s = begin_s + draws.uniform() * static_cast<double>(quarter_s);
      instants_ns.push_back(static_cast<std::int64_t>(whole_seconds ? std::floor(at_s) : at_s) * 1'000'000'000 +
                            (whole_seconds ? 0 : static_cast<std::int64_t>((at_s - std::floor(at_s)) * ns_per_s)));
      ++calls[static_cast<std::size_t>(truth.cell_at(at_s))];
    }
  }
  std::ranges::sort(instants_ns);
  again.fit(calls);
  const auto gaps = rescaled(spread(instants_ns, whole_seconds, draws), again, nullptr);
  return gaps.empty() ? 1 : distance_of(gaps);
}

}  // namespace

std::optional<GapTest> test_gaps(const HourSample& arrivals, std::span<const LocalDay> days, const WeekProfile& profile, const TimeZone& zone,
                                 bool whole_seconds) {
  if (days.empty()) return std::nullopt;
  Draws draws(2);
  Rates rates(days, profile, zone);
  std::vector<double> calls;
  for (const DayCell& cell : rates.cells()) calls.push_back(cell.calls);
  rates.fit(calls);
  const auto gaps = rescaled(spread(arrivals.sorted(), whole_seconds, draws), rates, &arrivals);
  if (gaps.size() < gaps_least) return std::nullopt;
  GapTest test{.gaps = gaps.size(), .distance = distance_of(gaps), .dithered = whole_seconds, .share_of_hours = arrivals.share_of_hours()};
  Moments moments;
  for (const double gap : gaps) moments.add(gap);
  test.variation = moments.mean() > 0 ? std::sqrt(moments.variance()) / moments.mean() : 0;
  if (gaps.size() > p_gaps_most || arrivals.share_of_hours() < 1) return test;
  Rates again = rates;
  int beyond = 0;
  for (int repeat = 0; repeat < bootstraps; ++repeat) {
    if (simulated_distance(rates, again, whole_seconds, draws) >= test.distance) ++beyond;
  }
  test.p = (beyond + 1.0) / (bootstraps + 1.0);
  return test;
}

}  // namespace trunklab
