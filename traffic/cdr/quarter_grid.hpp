// Calls and traffic by day and quarter of an hour: all that profiles, busy hours and bursts are worked out from.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "traffic/cdr/time_zone.hpp"

namespace trunklab {

inline constexpr std::size_t quarters_a_day = 96;
inline constexpr std::int64_t quarter_s = 900;
inline constexpr std::int64_t seconds_a_day = 86'400;

/// One day as a local clock shows it.
struct LocalDay {
  std::int64_t date = 0;  ///< days since 1970-01-01
  int weekday = 0;        ///< 0 = Monday
  std::array<double, quarters_a_day> calls{};
  std::array<double, quarters_a_day> erlang_s{};    ///< seconds of calls in progress
  std::array<double, quarters_a_day> recorded_s{};  ///< how much of the quarter was recorded: 900; 0, or twice as much, where clocks change
};

/// "1999-02-03"; days since 1970.
std::string date_text(std::int64_t date);
/// "Wed".
std::string_view weekday_text(int weekday);
/// 0 = Monday.
int weekday_of(std::int64_t date);

/// Counts calls in quarters of an hour of UTC; memory grows with the days that have calls, not with the calls.
class QuarterBins {
 public:
  /// A call that begins at `at_ns` (UTC) and is in progress for `holding_s` >= 0. `line`: of the file.
  void add_call(std::int64_t at_ns, double holding_s, std::size_t line);
  /// So many calls within `every_s` from `at_s` on; of a quarter that the file does not mention nothing is known. 1 <= every_s <= 86400.
  void add_count(std::int64_t at_ns, std::int64_t every_s, double calls, std::size_t line);

  /// Drops days that lie more than 60 days from all others and hold less than a hundredth of the calls.
  struct Dropped {
    double calls = 0;
    std::size_t first_line = 0;  ///< in which one of them stood
  };
  Dropped drop_far_days();

  /// By local days, from the first to the last call, days without calls included unless more than 14 follow each other.
  /// Of counts: what was counted.
  [[nodiscard]] std::vector<LocalDay> local_days(const TimeZone& zone) const;

 private:
  struct Day {
    std::array<double, quarters_a_day> calls{};
    std::array<double, quarters_a_day> erlang_s{};
    std::array<double, quarters_a_day> recorded_s{};
    double total = 0;            ///< calls
    std::size_t first_line = 0;  ///< of the file
  };
  Day& day_of(std::int64_t date);

  std::map<std::int64_t, Day> days_;
  std::int64_t last_date_ = INT64_MIN;
  Day* last_ = nullptr;
  bool counts_ = false;
};

}  // namespace trunklab
