// Dates and times as call files write them: ISO 8601, day or month first, or seconds since 1970.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunklab {

enum class DateForm : std::uint8_t {
  iso,          ///< 1999-02-01T00:11:28, a space for the T, a fraction, Z or an offset +01:00, +0100 or +01
  day_first,    ///< 01/02/1999 00:11:28; points or dashes for the slashes, seconds may be missing, AM or PM may follow
  month_first,  ///< 02/01/1999 00:11:28, likewise
  unix_s,       ///< 917827888, a fraction may follow
  unix_ms       ///< 917827888000
};

/// A time as it was written.
struct CallTime {
  std::int64_t unix_ns = 0;         ///< since 1970-01-01T00:00:00Z; as if UTC where no offset was written
  std::optional<int> utc_offset_s;  ///< nullopt = none was written; 0 for seconds since 1970
};

/// Reads a time of that form. Years 1970..2150. nullopt: it is no such text, or no such date.
std::optional<CallTime> parse_call_time(std::string_view text, DateForm form);

/// The forms that texts of one column may have, narrowed down text by text.
class DateForms {
 public:
  void see(std::string_view text);
  /// The form, if only one is left. Day first and month first stay together until some day is above 12.
  [[nodiscard]] std::optional<DateForm> only() const;
  /// Only day first and month first are left: nobody can tell which.
  [[nodiscard]] bool day_or_month() const { return possible_ == (bit(DateForm::day_first) | bit(DateForm::month_first)); }

 private:
  static constexpr unsigned bit(DateForm form) { return 1U << static_cast<unsigned>(form); }
  unsigned possible_ = 31;
};

/// "a date and time such as 2024-03-31T09:15:00, years 1970 to 2150", for messages.
std::string expected_call_time(DateForm form);

/// "iso", "dmy", "mdy", "unix", "unix-ms": as --date-format names the forms.
std::string_view word_of(DateForm form);
std::optional<DateForm> date_form(std::string_view word);

}  // namespace trunklab
