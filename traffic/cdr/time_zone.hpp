// Time zones with summer time, read from the machine's database: g++ 12 has none of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.hpp"

namespace trunklab {

/// What a local clock's reading means.
struct LocalTime {
  enum class Kind : std::uint8_t {
    plain,
    skipped,  ///< the clock never showed it: summer time began
    doubled   ///< it showed it twice: summer time ended
  };
  Kind kind = Kind::plain;
  std::int64_t first_s = 0;   ///< seconds since 1970 (UTC); skipped: as if the clock had not been changed
  std::int64_t second_s = 0;  ///< doubled: the later of the two; else the same
};

class TimeZone {
 public:
  /// The same offset for ever. |utc_offset_s| < 24 h.
  static TimeZone fixed(int utc_offset_s);
  /// A zone of the machine's IANA database (TZif files, RFC 8536), by its name: "Europe/Berlin". Problem: no such zone.
  static Result<TimeZone> load(const std::string& name);
  /// A TZif file's bytes. Problem: not one.
  static Result<TimeZone> parse(std::string_view bytes, const std::string& name);
  /// A rule as POSIX's TZ has it: "CET-1CEST,M3.5.0,M10.5.0/3". Problem: none, or one with days other than Mm.w.d.
  static Result<TimeZone> from_rule(std::string_view rule);

  /// What a clock there shows, less UTC, in seconds.
  [[nodiscard]] int offset_s(std::int64_t unix_s) const;
  /// `local_s`: the clock's reading, in seconds since 1970-01-01T00:00:00 there.
  [[nodiscard]] LocalTime from_local(std::int64_t local_s) const;

 private:
  struct Change {
    std::int64_t from_s;
    int offset_s;
  };
  /// The last change at or before that instant; -1: before all of them.
  [[nodiscard]] std::ptrdiff_t change_before(std::int64_t unix_s) const;
  bool append_rule(std::string_view rule);

  std::vector<Change> changes_;  ///< ascending
  int first_offset_s_ = 0;
};

}  // namespace trunklab
