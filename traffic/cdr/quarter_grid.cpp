// From quarters of UTC to days of a local clock.
#include "traffic/cdr/quarter_grid.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>

#include <fmt/format.h>

namespace trunklab {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr std::int64_t far_days = 60;
constexpr double far_share = 0.01;
constexpr std::int64_t silent_days_most = 14;

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value >= 0 ? value / by : -((-value + by - 1) / by);
}

}  // namespace

std::string date_text(std::int64_t date) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{date}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
}

int weekday_of(std::int64_t date) {
  return static_cast<int>(((date + 3) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
}

std::string_view weekday_text(int weekday) {
  static constexpr std::array<std::string_view, 7> names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  return names[static_cast<std::size_t>(weekday)];
}

QuarterBins::Day& QuarterBins::day_of(std::int64_t date) {
  if (date != last_date_) {
    last_ = &days_[date];
    last_date_ = date;
  }
  return *last_;
}

void QuarterBins::add_call(std::int64_t at_ns, double holding_s, std::size_t line) {
  const std::int64_t at_s = floor_div(at_ns, ns_per_s);
  std::int64_t quarter = floor_div(at_s, quarter_s);
  Day& first = day_of(floor_div(quarter, quarters_a_day));
  first.calls[static_cast<std::size_t>(quarter - floor_div(quarter, quarters_a_day) * std::int64_t{quarters_a_day})] += 1;
  first.total += 1;
  if (first.first_line == 0) first.first_line = line;
  double from_s = static_cast<double>(at_ns - quarter * quarter_s * ns_per_s) / 1e9;
  for (double left_s = holding_s; left_s > 0; ++quarter) {
    const double here_s = std::min(left_s, static_cast<double>(quarter_s) - from_s);
    const std::int64_t date = floor_div(quarter, quarters_a_day);
    day_of(date).erlang_s[static_cast<std::size_t>(quarter - date * std::int64_t{quarters_a_day})] += here_s;
    left_s -= here_s;
    from_s = 0;
  }
}

void QuarterBins::add_count(std::int64_t at_ns, std::int64_t every_s, double calls, std::size_t line) {
  assert(every_s >= 1 && every_s <= seconds_a_day);
  counts_ = true;
  const std::int64_t begin_s = floor_div(at_ns, ns_per_s);
  for (std::int64_t from_s = begin_s; from_s < begin_s + every_s;) {
    const std::int64_t quarter = floor_div(from_s, quarter_s);
    const std::int64_t to_s = std::min((quarter + 1) * quarter_s, begin_s + every_s);
    const std::int64_t date = floor_div(quarter, quarters_a_day);
    const auto place = static_cast<std::size_t>(quarter - date * std::int64_t{quarters_a_day});
    Day& day = day_of(date);
    const double part = calls * static_cast<double>(to_s - from_s) / static_cast<double>(every_s);
    day.calls[place] += part;
    day.recorded_s[place] += static_cast<double>(to_s - from_s);
    day.total += part;
    if (day.first_line == 0) day.first_line = line;
    from_s = to_s;
  }
}

QuarterBins::Dropped QuarterBins::drop_far_days() {
  double all = 0;
  for (const auto& [date, day] : days_) all += day.total;
  Dropped dropped;
  for (auto begin = days_.begin(); begin != days_.end();) {
    auto end = std::next(begin);
    double here = begin->second.total;
    for (auto last = begin; end != days_.end() && end->first - last->first <= far_days; ++last, ++end) here += end->second.total;
    const bool alone = begin == days_.begin() && end == days_.end();
    if (alone || here >= far_share * all) {
      begin = end;
      continue;
    }
    if (const std::size_t line = begin->second.first_line; dropped.calls == 0 || line < dropped.first_line) dropped.first_line = line;
    dropped.calls += here;
    begin = days_.erase(begin, end);
    last_date_ = INT64_MIN;
  }
  return dropped;
}

std::vector<LocalDay> QuarterBins::local_days(const TimeZone& zone) const {
  std::vector<LocalDay> local;
  const auto of_date = [&local](std::int64_t date) -> LocalDay& {
    // Quarters come in order, so the day is the last one, or the one before it where clocks are set back at midnight.
    for (auto each = local.rbegin(); each != local.rend() && each->date >= date; ++each) {
      if (each->date == date) return *each;
    }
    local.push_back({.date = date, .weekday = weekday_of(date)});
    return local.back();
  };
  const auto has_call = [](double calls) { return calls > 0; };
  std::int64_t first = INT64_MAX;
  std::int64_t last = INT64_MIN;
  for (const auto& [date, day] : days_) {
    const auto begin = std::ranges::find_if(day.calls, has_call);
    if (begin == day.calls.end()) continue;
    first = std::min<std::int64_t>(first, date * std::int64_t{quarters_a_day} + (begin - day.calls.begin()));
    const auto end = std::find_if(day.calls.rbegin(), day.calls.rend(), has_call);
    last = date * std::int64_t{quarters_a_day} + (day.calls.rend() - end) - 1;
  }
  const auto add = [&](std::int64_t date, const Day* day) {
    for (std::size_t place = 0; place < quarters_a_day; ++place) {
      const std::int64_t quarter = date * std::int64_t{quarters_a_day} + static_cast<std::int64_t>(place);
      const double recorded_s =
          counts_ ? (day ? day->recorded_s[place] : 0) : static_cast<double>(quarter >= first && quarter <= last ? quarter_s : 0);
      if (recorded_s == 0) continue;
      const std::int64_t local_s = quarter * quarter_s + zone.offset_s(quarter * quarter_s);
      LocalDay& to = of_date(floor_div(local_s, seconds_a_day));
      const auto local_place = static_cast<std::size_t>((local_s - to.date * seconds_a_day) / quarter_s);
      to.recorded_s[local_place] += recorded_s;
      if (!day) continue;
      to.calls[local_place] += day->calls[place];
      to.erlang_s[local_place] += day->erlang_s[place];
    }
  };
  std::int64_t before = INT64_MAX;
  for (const auto& [date, day] : days_) {
    if (!counts_ && before != INT64_MAX && date - before <= silent_days_most) {
      for (std::int64_t silent = before + 1; silent < date; ++silent) add(silent, nullptr);
    }
    add(date, &day);
    before = date;
  }
  return local;
}

}  // namespace trunklab
