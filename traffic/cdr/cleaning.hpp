// What is wrong with rows that can be read: which are dropped, which are only counted.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "traffic/cdr/call_file.hpp"
#include "traffic/cdr/recent_table.hpp"

namespace trunklab {

enum class Oddity : std::uint8_t {
  negative,      ///< a duration below 0: dropped
  absurd,        ///< a call of more than 24 h: dropped
  duplicate,     ///< equal to an earlier row in every field: dropped
  equal_row,     ///< the same, but nothing in the file tells two such calls apart: kept
  skipped_hour,  ///< a local time that the clock never showed: dropped
  far_away,      ///< months away from nearly all other rows: dropped
  doubled_hour,  ///< a local time that the clock showed twice: kept, told apart by the order of rows
  out_of_order,  ///< earlier than the row before: kept
  overlapping    ///< begins before the number's last call is over: kept
};
inline constexpr std::size_t oddities = 9;

struct OddityWords {
  std::string_view key;   ///< "negative"
  std::string_view text;  ///< "a duration below 0"
  bool dropped;
};
OddityWords words_of(Oddity oddity);

struct OddityCount {
  std::uint64_t rows = 0;
  std::size_t first_line = 0;  ///< of the first such row
};

using OddityCounts = std::array<OddityCount, oddities>;

/// ours: a longer call is taken for a mistake of the recording.
inline constexpr double longest_call_s = 86'400;

/// How often callers try again, from the calls of the same number.
struct RedialSeen {
  std::uint64_t failed = 0;             ///< calls that were not answered
  std::uint64_t failed_then_again = 0;  ///< of these: the number calls again within 10 minutes of the end
  std::uint64_t answered = 0;
  std::uint64_t answered_then_again = 0;  ///< how often it would have called anyway
  double delay_sum_s = 0;                 ///< from the end of a failed call to the next one
  /// (f - a) / (1 - a), with the shares f after a failed and a after an answered call; nullopt below 30 failed or answered calls.
  [[nodiscard]] std::optional<double> probability() const;
};

/// ours: a call later than this is no second try.
inline constexpr double redial_window_s = 600;

/// Looks at every row in the order of the file; remembers the last 200,000 rows or more, and the last numbers.
class Cleaner {
 public:
  /// `drops_equal_rows`: nullopt = only where the file has columns that tell calls apart, such as a number.
  Cleaner(const CallFileShape& shape, std::optional<bool> drops_equal_rows);

  /// Whether the row counts. `answered`: it got through, as far as the file tells.
  bool take(const CallRow& row, bool answered);
  void note(Oddity oddity, std::size_t line, std::uint64_t rows = 1);

  [[nodiscard]] const OddityCounts& counts() const { return counts_; }
  [[nodiscard]] const RedialSeen& redial() const { return redial_; }

 private:
  struct LastCall {
    std::int64_t from_ns = 0;
    std::int64_t to_ns = 0;
    bool answered = false;
  };
  bool drop(Oddity oddity, std::size_t line);
  void watch_number(const CallRow& row, bool answered);

  bool has_number_;
  bool drops_equal_rows_;
  bool tells_outcomes_;
  OddityCounts counts_{};
  RedialSeen redial_;
  RecentTable<bool> rows_;
  RecentTable<LastCall> numbers_;
  std::int64_t last_ns_ = INT64_MIN;
};

}  // namespace trunklab
