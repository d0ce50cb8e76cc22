// Means, moments, and the search for bursts.
#include "traffic/cdr/week_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/statistics/dispersion.hpp"

namespace trunklab {
namespace {

constexpr double rare = 0.001;             ///< ours: chance that a file without bursts has one flagged
constexpr double burst_calls_least = 10;   ///< ours
constexpr double burst_ratio_least = 1.5;  ///< ours
constexpr int rounds_most = 20;

/// Sums over the cells of one slot of the week that are no bursts.
struct SlotSums {
  double calls = 0;
  double recorded_h = 0;
  double weeks = 0;
};

class WeekFit {
 public:
  WeekFit(std::span<const LocalDay> days, std::size_t slots_a_day) : days_(days), per_day_(slots_a_day), cells_(cells_of(days, slots_a_day)) {
    burst_.assign(cells_.size(), 0);
    tails_.assign(cells_.size(), 1);
  }

  WeekProfile run() {
    for (int round = 0; round < rounds_most; ++round) {
      sum_up();
      find_excess();
      if (!find_bursts()) break;
    }
    sum_up();
    find_excess();
    WeekProfile profile;
    profile.slots_a_day = per_day_;
    profile.day_excess = day_excess_;
    profile.hour_excess = hour_excess_;
    profile.day_dispersion = day_dispersion_;
    profile.day_factors = day_factors_;
    fill_slots(profile);
    collect_bursts(profile);
    return profile;
  }

 private:
  [[nodiscard]] std::size_t slot_of(const DayCell& cell) const { return static_cast<std::size_t>(days_[cell.day].weekday) * per_day_ + cell.cell; }

  void sum_up() {
    sums_.assign(7 * per_day_, {});
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (burst_[i] != 0) continue;
      SlotSums& sums = sums_[slot_of(cells_[i])];
      sums.calls += cells_[i].calls;
      sums.recorded_h += cells_[i].recorded_h;
      sums.weeks += 1;
    }
  }

  [[nodiscard]] double expected(const DayCell& cell) const {
    const SlotSums& sums = sums_[slot_of(cell)];
    return sums.recorded_h > 0 ? sums.calls / sums.recorded_h * cell.recorded_h : 0;
  }

  void find_excess() {
    double cell_squares = 0;  // of (n - l), less l
    double cell_weight = 0;   // of l
    std::vector<double> calls(days_.size());
    std::vector<double> means(days_.size());
    std::vector<double> weeks(days_.size(), 1);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const DayCell& cell = cells_[i];
      const double seen = sums_[slot_of(cell)].weeks;
      if (burst_[i] != 0) continue;
      const double mean = expected(cell);
      calls[cell.day] += cell.calls;
      means[cell.day] += mean;
      weeks[cell.day] = std::max(weeks[cell.day], seen);
      if (seen < 2) continue;
      cell_squares += (cell.calls - mean) * (cell.calls - mean) / (1 - 1 / seen) - mean;
      cell_weight += mean * mean;
    }
    double day_squares = 0;
    double day_weight = 0;
    double day_calls = 0;
    day_factors_.assign(days_.size(), 1);
    for (std::size_t day = 0; day < days_.size(); ++day) {
      if (means[day] > 0) day_factors_[day] = calls[day] / means[day];
      if (weeks[day] < 2) continue;
      day_squares += (calls[day] - means[day]) * (calls[day] - means[day]) / (1 - 1 / weeks[day]) - means[day];
      day_weight += means[day] * means[day];
      day_calls += means[day];
    }
    const double both = cell_weight > 0 ? std::max(0.0, cell_squares / cell_weight) : 0;
    const double left = day_weight - cell_weight;
    day_excess_ = left > 0 ? std::max(0.0, (day_squares - std::max(0.0, cell_squares)) / left) : 0;
    hour_excess_ = std::max(0.0, both - day_excess_);
    day_dispersion_ = day_calls > 0 ? 1 + day_squares / day_calls : 1;
  }

  /// Flags what the other weeks make too unlikely; whether there was any.
  bool find_bursts() {
    const double limit = rare / static_cast<double>(std::max<std::size_t>(1, cells_.size()));
    bool found = false;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const DayCell& cell = cells_[i];
      const SlotSums& sums = sums_[slot_of(cell)];
      if (burst_[i] != 0 || sums.weeks < 2 || cell.calls < burst_calls_least || sums.recorded_h <= cell.recorded_h) continue;
      const double others = sums.weeks - 1;
      const double mean = std::max((sums.calls - cell.calls) / (sums.recorded_h - cell.recorded_h) * cell.recorded_h, 0.5 / others);
      if (cell.calls < burst_ratio_least * mean) continue;
      // The other weeks' mean is itself uncertain: by its Poisson noise and by how much hours differ.
      const double excess = (day_excess_ + hour_excess_) * (1 + 1 / others) + 1 / (mean * others);
      tails_[i] = count_tail(std::round(cell.calls), mean, excess);
      if (tails_[i] >= limit) continue;
      burst_[i] = 1;
      found = true;
    }
    return found;
  }

  void fill_slots(WeekProfile& profile) const {
    profile.slots.resize(7 * per_day_);
    std::vector<double> erlang_s(profile.slots.size());
    const std::size_t quarters = quarters_a_day / per_day_;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (burst_[i] != 0) continue;
      const LocalDay& day = days_[cells_[i].day];
      for (std::size_t q = 0; q < quarters; ++q) erlang_s[slot_of(cells_[i])] += day.erlang_s[cells_[i].cell * quarters + q];
    }
    for (std::size_t slot = 0; slot < profile.slots.size(); ++slot) {
      const SlotSums& sums = sums_[slot];
      if (sums.recorded_h <= 0) continue;
      profile.slots[slot] = {
          .calls_per_hour = sums.calls / sums.recorded_h, .erlangs = erlang_s[slot] / (sums.recorded_h * 3600), .recorded_h = sums.recorded_h};
    }
  }

  void collect_bursts(WeekProfile& profile) const {
    const std::size_t quarters = quarters_a_day / per_day_;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (burst_[i] == 0) continue;
      const std::size_t from = cells_[i].cell * quarters;
      const std::int64_t date = days_[cells_[i].day].date;
      const double mean = expected(cells_[i]);
      if (!profile.bursts.empty() && profile.bursts.back().date == date && profile.bursts.back().last_quarter == from) {
        Burst& last = profile.bursts.back();
        last.last_quarter = from + quarters;
        last.calls += cells_[i].calls;
        last.expected += mean;
        last.probability = std::min(last.probability, tails_[i]);
      } else {
        profile.bursts.push_back({date, from, from + quarters, cells_[i].calls, mean, tails_[i]});
      }
    }
  }

  std::span<const LocalDay> days_;
  std::size_t per_day_;
  std::vector<DayCell> cells_;
  std::vector<char> burst_;
  std::vector<double> tails_;
  std::vector<SlotSums> sums_;
  std::vector<double> day_factors_;
  double day_excess_ = 0;
  double hour_excess_ = 0;
  double day_dispersion_ = 1;
};

}  // namespace

const WeekSlot& WeekProfile::busiest() const {
  return *std::ranges::max_element(slots, {}, &WeekSlot::calls_per_hour);
}

std::vector<DayCell> cells_of(std::span<const LocalDay> days, std::size_t slots_a_day) {
  assert(slots_a_day == 24 || slots_a_day == 48);
  const std::size_t quarters = quarters_a_day / slots_a_day;
  std::vector<DayCell> cells;
  for (std::size_t day = 0; day < days.size(); ++day) {
    for (std::size_t cell = 0; cell < slots_a_day; ++cell) {
      DayCell sum{.day = day, .cell = cell};
      for (std::size_t q = cell * quarters; q < (cell + 1) * quarters; ++q) {
        sum.calls += days[day].calls[q];
        sum.recorded_h += days[day].recorded_s[q] / 3600;
      }
      if (sum.recorded_h > 0) cells.push_back(sum);
    }
  }
  return cells;
}

WeekProfile fit_week(std::span<const LocalDay> days, std::size_t slots_a_day) {
  return WeekFit(days, slots_a_day).run();
}

std::string unknown_slots(const WeekProfile& profile) {
  const double whole_h = profile.hours_a_slot();
  const auto never = std::ranges::count_if(profile.slots, [](const WeekSlot& slot) { return slot.recorded_h == 0; });
  const auto part =
      std::ranges::count_if(profile.slots, [&](const WeekSlot& slot) { return slot.recorded_h > 0 && slot.recorded_h < whole_h * 0.999; });
  std::string text;
  if (never > 0) text = fmt::format("{} of {} slots of the week were never recorded: their rate 0 is not known", never, profile.slots.size());
  if (part > 0) {
    text += fmt::format("{}{}{} recorded for a part only: {} stretched to the whole", text.empty() ? "" : "; ", part, part == 1 ? " was" : " were",
                        part == 1 ? "its rate is" : "their rates are");
  }
  return text;
}

}  // namespace trunklab
