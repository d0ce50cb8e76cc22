// Figures and tables for a terminal: what everybody reads fits into 80 columns, the full list of measures into 100 where it can.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/measures/measure.hpp"
#include "models/record/record.hpp"
#include "models/units.hpp"
#include "reports/run_info.hpp"

namespace trunklab {

/// Terminal colours: only where the user asked for them.
enum class Colour : std::uint8_t { off, on };

/// "350 ms", "8.2 s", "2 min 3 s", "1 h 5 min", "3 d 4 h". seconds >= 0.
std::string duration_text(double seconds);

/// Time of the run, "02:00:00", with days in front where there are any: "2 d 02:00:00".
std::string run_time_text(Instant at);

/// The same instant on the site's clock: "10:00:00"; in full "2026-03-02 10:00:00 +01:00".
std::string clock_text(const RunInfo& info, Instant at);
std::string date_and_clock_text(const RunInfo& info, Instant at);

/// ISO 8601 in UTC with milliseconds: "2026-03-02T09:00:00.000Z".
std::string utc_text(std::int64_t unix_ns);

/// Three digits, or all of a whole number; never an exponent: "2.33", "0.00693", "43257".
std::string figure_text(double value);

/// Mean and interval with as many digits as the interval deserves: "1.02 % [0.95, 1.10]", "12.31 s [12.02, 12.60]",
/// "0 % (95 %: at most 0.03)", "3.1 calls".
std::string measure_text(const Measure& measure);

/// Columns of the summary and of the finding.
inline constexpr std::size_t text_width = 80;

/// The line, ended; one that is too long goes on in further lines, indented, where there are spaces to break it at.
std::string wrapped(std::string line, std::size_t indent, std::size_t width = text_width);

/// A table whose columns are as wide as they must be; numbers to the right, words to the left.
class TextTable {
 public:
  enum class Align : std::uint8_t { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// As many cells as there are columns.
  void add(std::vector<std::string> cells);
  /// Lines of at most `width` columns: a longer last cell goes on, indented, in the next line.
  [[nodiscard]] std::string text(Colour colour = Colour::off, std::size_t width = 100) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// Every measure, a line each.
std::string measures_text(std::span<const Measure> measures, Colour colour = Colour::off);

/// What a duty engineer looks at first: the totals, then each site's blocking if there are several, then each fault, with its text where
/// `faults` (as in the directory) has it: "fault/0 (euc1/1 crash)". What is unusual is shown only where it is not 0.
std::string summary_text(const RunInfo& info, std::span<const Measure> measures, Colour colour = Colour::off,
                         std::span<const Directory::Fault> faults = {});

}  // namespace trunklab
