// Call files made for one test.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include <fmt/format.h>

#include "models/statistics/draws.hpp"
#include "scenarios/time_text.hpp"
#include "tests/scenarios/files.hpp"
#include "traffic/cdr/call_tallies.hpp"

namespace trunklab::testing {

/// A folder with one call file, as a user in it names the file.
class CallFiles : public ::testing::Test {
 protected:
  /// Writes `text` as calls.csv.
  TallyWishes wishes_for(const std::string& text) {
    write_file(folder_.path() / "calls.csv", text);
    TallyWishes wishes;
    wishes.file.path = "calls.csv";
    return wishes;
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  ScopedFolder here_{folder_.path()};
};

inline const OddityCount& count_of(const CallTallies& tallies, Oddity oddity) {
  return tallies.oddities[static_cast<std::size_t>(oddity)];
}

/// `2024-03-04T10:00:00` plus so many seconds, without an offset.
inline std::string local_text(const char* from_iso, std::int64_t after_s) {
  std::string text = iso8601(parse_iso8601_ns(from_iso).value() + after_s * 1'000'000'000, 0);
  text.pop_back();
  return text;
}

/// So many plain calls, a minute apart, each of 60 s, below any heading with `arrival,holding` and as many empty columns as `more` has.
inline std::string plain_calls(const char* from_iso, int calls, const std::string& more = "") {
  std::string text;
  for (int i = 0; i < calls; ++i) text += fmt::format("{},60{}\n", local_text(from_iso, i * 60), more);
  return text;
}

/// Days from Monday 2024-01-01 on, each hour with `mean(weekday, hour)` calls on average times the day's factor; no holding times.
template <class Mean>
std::vector<LocalDay> random_days(int count, double day_excess, double hour_excess, Draws& draws, Mean mean) {
  std::vector<LocalDay> days;
  for (int i = 0; i < count; ++i) {
    LocalDay day{.date = 19'723 + i, .weekday = i % 7};
    const double factor = draws.gamma_factor(day_excess);
    for (std::size_t hour = 0; hour < 24; ++hour) {
      const double of_hour = draws.gamma_factor(hour_excess);
      for (std::size_t q = hour * 4; q < hour * 4 + 4; ++q) {
        day.recorded_s[q] = 900;
        day.calls[q] = draws.poisson(mean(day.weekday, hour) * factor * of_hour / 4);
      }
    }
    days.push_back(day);
  }
  return days;
}

}  // namespace trunklab::testing
