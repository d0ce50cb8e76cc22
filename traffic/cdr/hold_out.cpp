// The last week against simulations from the weeks before.
#include "traffic/cdr/hold_out.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "models/statistics/draws.hpp"
#include "models/statistics/intervals.hpp"
#include "traffic/cdr/week_profile.hpp"

namespace trunklab {
namespace {

constexpr std::size_t simulations = 500;
constexpr std::int64_t week_days = 7;
constexpr double excess_most = 9;  ///< of an hour's factor: a standard deviation of three times the mean is no profile any more

/// Calls and hours of each clock hour of a training day; a burst counts as what the profile has there.
struct TrainingDay {
  std::array<double, 24> calls{};
  std::array<double, 24> recorded_h{};
};

class Simulator {
 public:
  explicit Simulator(std::span<const LocalDay> days) : profile_(fit_week(days, 24)), days_(days.size()) {
    for (const DayCell& cell : cells_of(days, 24)) {
      TrainingDay& day = days_[cell.day];
      const bool burst = std::ranges::any_of(profile_.bursts, [&](const Burst& each) {
        return each.date == days[cell.day].date && each.first_quarter <= cell.cell * 4 && cell.cell * 4 < each.last_quarter;
      });
      day.calls[cell.cell] = burst ? profile_.at(days[cell.day].weekday, cell.cell).calls_per_hour * cell.recorded_h : cell.calls;
      day.recorded_h[cell.cell] = cell.recorded_h;
    }
    for (std::size_t i = 0; i < days.size(); ++i) by_weekday_[static_cast<std::size_t>(days[i].weekday)].push_back(i);
    Moments moments;
    for (const double factor : profile_.day_factors) moments.add(factor);
    shrink_ = moments.variance() > 0 ? std::min(1.0, std::sqrt(profile_.day_excess / moments.variance())) : 0;
    hour_excess_ = std::min(excess_most, profile_.hour_excess);
  }

  /// Calls of the hours of one more day of that weekday.
  std::array<double, 24> simulate(const LocalDay& like, Draws& draws) const {
    const auto& pool = by_weekday_[static_cast<std::size_t>(like.weekday)];
    std::array<double, 24> calls{};
    std::array<double, 24> hours{};
    for (std::size_t i = 0; i < pool.size(); ++i) {
      const TrainingDay& day = days_[pool[draws.below(pool.size())]];
      for (std::size_t hour = 0; hour < 24; ++hour) {
        calls[hour] += day.calls[hour];
        hours[hour] += day.recorded_h[hour];
      }
    }
    const double factor = std::max(0.0, 1 + (profile_.day_factors[draws.below(profile_.day_factors.size())] - 1) * shrink_);
    std::array<double, 24> simulated{};
    for (std::size_t hour = 0; hour < 24; ++hour) {
      double recorded_h = 0;
      for (std::size_t q = hour * 4; q < hour * 4 + 4; ++q) recorded_h += like.recorded_s[q] / 3600;
      const double rate = hours[hour] > 0 ? calls[hour] / hours[hour] : 0;
      simulated[hour] = draws.poisson(rate * recorded_h * factor * draws.gamma_factor(hour_excess_));
    }
    return simulated;
  }

 private:
  WeekProfile profile_;
  std::vector<TrainingDay> days_;
  std::array<std::vector<std::size_t>, 7> by_weekday_;
  double shrink_ = 0;
  double hour_excess_ = 0;
};

void judge(const LocalDay& day, const Simulator& simulator, Draws& draws, HoldOut& result) {
  std::vector<std::array<double, 24>> runs;
  runs.reserve(simulations);
  for (std::size_t i = 0; i < simulations; ++i) runs.push_back(simulator.simulate(day, draws));
  for (const DayCell& cell : cells_of(std::span(&day, 1), 24)) {
    std::vector<double> values;
    values.reserve(runs.size());
    for (const auto& run : runs) values.push_back(run[cell.cell]);
    std::ranges::sort(values);
    ++result.hours;
    if (cell.calls >= values[simulations / 20] && cell.calls <= values[simulations - simulations / 20 - 1]) ++result.inside;
  }
}

}  // namespace

std::optional<HoldOut> hold_out(std::span<const LocalDay> days) {
  if (days.empty()) return std::nullopt;
  const std::int64_t from = days.back().date - week_days + 1;
  const auto split = std::ranges::lower_bound(days, from, {}, &LocalDay::date);
  const auto training = days.first(static_cast<std::size_t>(split - days.begin()));
  if (training.empty() || from - training.front().date < 2 * week_days) return std::nullopt;
  HoldOut result{.from_date = from, .training_days = training.size()};
  const Simulator simulator(training);
  Draws draws(3);
  for (const LocalDay& day : days.subspan(training.size())) judge(day, simulator, draws, result);
  return result;
}

}  // namespace trunklab
