// Reads a call file row by row: columns, date form and time zone found out first, then a stream in constant memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.hpp"
#include "scenarios/csv.hpp"
#include "traffic/cdr/call_time.hpp"
#include "traffic/cdr/columns.hpp"
#include "traffic/cdr/time_zone.hpp"

namespace trunklab {

struct CallFileWishes {
  std::string path;
  ColumnWishes columns;
  std::optional<DateForm> form;     ///< nullopt = found out from the first rows
  std::optional<std::string> zone;  ///< IANA name; nullopt = the offset written in the first row, else UTC
};

/// How the file is read; the user hears of it.
struct CallFileShape {
  CallColumns columns;
  DateForm form = DateForm::iso;
  bool offset_written = false;  ///< in the first row
  int first_offset_s = 0;       ///< that offset
  std::optional<std::string> zone;
  bool plays = false;  ///< a trace of a scenario reads the first row's time and seconds as they are, and no seconds are empty
};

/// One row. The views live until the next one is read.
struct CallRow {
  std::size_t line = 0;
  std::int64_t at_ns = 0;  ///< UTC, since 1970
  LocalTime::Kind local = LocalTime::Kind::plain;
  double holding_s = 0;  ///< whole call; its talk time where there is no such column. May be negative: that is for cleaning
  double talk_s = 0;     ///< 0 where there is no such column
  double count = 0;      ///< of a counts file
  std::string_view outcome;
  std::string_view number;
  std::uint64_t hash = 0;  ///< of all fields
};

class CallFile {
 public:
  /// Opens the file, looks at its first 10,000 rows. Problems: not readable, columns or date form cannot be told, no such time zone.
  static Result<CallFile> open(const CallFileWishes& wishes);

  /// The next row that can be read. false: no more, see problems().
  bool next(CallRow& row);

  /// Rows that could not be read, at most 20: then reading stops.
  [[nodiscard]] const Problems& problems() const { return problems_; }
  [[nodiscard]] const CallFileShape& shape() const { return shape_; }
  [[nodiscard]] const TimeZone& zone() const { return zone_; }
  /// Offsets other than the first row's were written.
  [[nodiscard]] bool offsets_differ() const { return offsets_differ_; }

 private:
  CallFile(CsvReader csv, CallFileShape shape, TimeZone zone) : csv_(std::move(csv)), shape_(std::move(shape)), zone_(std::move(zone)) {}
  bool read(CallRow& row);
  bool read_time(CallRow& row);
  bool read_duration(const CallColumn& column, bool may_be_empty, double& seconds);
  bool read_count(CallRow& row);
  bool mistake(std::size_t column, const std::string& expected);

  CsvReader csv_;
  CallFileShape shape_;
  TimeZone zone_;
  std::vector<std::string_view> fields_;
  Problems problems_;
  std::int64_t last_ns_ = 0;
  bool offsets_differ_ = false;
};

/// Seconds as a call file writes them: 12, 12.5, -3, 0:03:12. nullopt: none of these, or beyond 1e9.
std::optional<double> parse_call_seconds(std::string_view text);

}  // namespace trunklab
