// Cutting time into periods, and weighing values by their time.
#include "reports/sections/use_of.hpp"

#include <algorithm>

#include "models/measures/fault_watch.hpp"
#include "reports/sections/time_chart.hpp"

namespace trunklab {
namespace {

using Stretches = std::vector<std::pair<Span, Span>>;

/// More faults than these are one period.
constexpr std::size_t faults_max = 8;

/// In order, and those that touch made one.
Stretches joined(Stretches stretches) {
  std::ranges::sort(stretches);
  Stretches result;
  for (const auto& [from, until] : stretches) {
    if (from >= until) continue;
    if (!result.empty() && from <= result.back().second) {
      result.back().second = std::max(result.back().second, until);
    } else {
      result.emplace_back(from, until);
    }
  }
  return result;
}

/// What is left of [from, until) without these stretches, each of them followed by so much more.
Stretches without(Span from, Span until, Stretches stretches, Span more) {
  for (auto& stretch : stretches) stretch.second = std::min(until, stretch.second) + more;
  Stretches left;
  for (const auto& [begin, end] : joined(std::move(stretches))) {
    if (begin > from) left.emplace_back(from, std::min(begin, until));
    from = std::max(from, end);
    if (from >= until) return left;
  }
  left.emplace_back(from, until);
  return left;
}

Stretches cut_to(Stretches stretches, Span from, Span until) {
  for (auto& [begin, end] : stretches) {
    begin = std::max(begin, from);
    end = std::min(end, until);
  }
  return joined(std::move(stretches));
}

}  // namespace

std::vector<Period> periods_of(const RunRecord& record) {
  const RunInfo& info = record.info();
  const Span from = info.measure_from - run_start;
  const Span until = info.horizon;
  std::vector<Period> faults;
  Stretches together;
  for (const Directory::Fault& fault : record.directory().faults) {
    const Stretches lasted = cut_to({{fault.from - run_start, fault.until - run_start}}, from, until);
    faults.push_back({.name = "while it lasted: " + fault.text, .stretches = lasted});
    together.insert(together.end(), lasted.begin(), lasted.end());
  }
  Stretches disturbed = together;
  if (!record.directory().random_faults.empty()) {
    for (const Lane& lane : state_lanes(record)) {
      for (const Lane::Stretch& stretch : lane.stretches) {
        if (stretch.tone == Tone::bad) disturbed.emplace_back(stretch.from, stretch.until);
      }
    }
    faults.push_back({.name = "while any fault lasted, random ones included", .stretches = cut_to(disturbed, from, until)});
  } else if (faults.size() > faults_max) {
    faults = {{.name = "while any of the faults lasted", .stretches = joined(together)}};
  }
  std::vector<Period> periods{{.name = "normal", .stretches = without(from, until, disturbed, after_repair)}};
  for (Period& fault : faults) {
    if (!fault.stretches.empty()) periods.push_back(std::move(fault));
  }
  return periods;
}

Span length_of(const Period& period) {
  Span sum{};
  for (const auto& [from, until] : period.stretches) sum += until - from;
  return sum;
}

void Use::add(Span from, Span until, double value) {
  if (value == 0) return;
  for (std::size_t period = 0; period < periods_.size(); ++period) {
    for (const auto& [begin, end] : periods_[period].stretches) {
      if (begin >= until) break;
      const Span common = std::min(until, end) - std::max(from, begin);
      if (common > Span{}) times_[period][value] += common;
    }
  }
}

double Use::mean(std::size_t period) const {
  const double length_s = in_seconds(length_of(periods_[period]));
  double sum = 0;
  for (const auto& [value, time] : times_[period]) sum += value * in_seconds(time);
  return length_s > 0 ? sum / length_s : 0;
}

double Use::percentile(std::size_t period, double share) const {
  const double wanted_s = share * in_seconds(length_of(periods_[period]));
  Span used{};
  for (const auto& [value, time] : times_[period]) used += time;
  double passed_s = in_seconds(length_of(periods_[period]) - used);  // 0 is the smallest value of all
  if (passed_s >= wanted_s) return 0;
  for (const auto& [value, time] : times_[period]) {
    passed_s += in_seconds(time);
    if (passed_s >= wanted_s) return value;
  }
  return most(period);
}

double Use::most(std::size_t period) const {
  return times_[period].empty() ? 0 : times_[period].rbegin()->first;
}

double Use::most() const {
  double highest = 0;
  for (std::size_t period = 0; period < periods_.size(); ++period) highest = std::max(highest, most(period));
  return highest;
}

}  // namespace trunklab
