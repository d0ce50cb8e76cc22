// Dates as people and files write them (ISO 8601), to and from nanoseconds since 1970: no locale, no streams, fast enough for long traces.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunklab {

/// A date and time as it was written.
struct WrittenTime {
  std::int64_t unix_ns = 0;         ///< since 1970-01-01T00:00:00Z; as if UTC where no offset was written
  std::optional<int> utc_offset_s;  ///< nullopt = none was written
};

/// Reads `1999-02-01T00:11:28`, with an optional fraction (up to 9 digits) and an optional offset `Z` or `+01:00`; a space may stand for the T.
/// Years 1900..2150, so that differences, and a run of 100 years, fit into int64 nanoseconds. nullopt: it is no such text.
std::optional<WrittenTime> parse_iso8601(std::string_view text);

/// The same as parse_iso8601(), as nanoseconds only. `had_offset` may be null.
std::optional<std::int64_t> parse_iso8601_ns(std::string_view text, bool* had_offset = nullptr);

/// What to expect instead of a text that parse_iso8601() does not read, for a message: `form`, unless the text has the form already.
std::string expected_time(std::string_view text, std::string_view form);

/// `2026-03-02T09:00:00+01:00`: the instant as a clock with that offset shows it; `Z` for offset 0. A fraction only where there is one.
/// |utc_offset_s| < 24 h, in whole minutes.
std::string iso8601(std::int64_t unix_ns, int utc_offset_s);

}  // namespace trunklab
