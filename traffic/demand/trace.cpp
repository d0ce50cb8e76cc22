// Reading a call file into a timetable: window, filter, scale, sort.
#include "traffic/demand/trace.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <tuple>

#include "scenarios/csv.hpp"
#include "scenarios/time_text.hpp"

namespace trunklab {

namespace {

constexpr std::size_t problems_max = 20;
constexpr double talk_s_max = 48 * 3600;
static_assert(longest_duration == std::chrono::hours{48});

struct Columns {
  std::size_t arrival = 0;
  std::size_t holding = 0;
  std::optional<std::size_t> where;
};

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

/// Turns rows into calls one by one, and keeps what was wrong with them.
class TraceBuilder {
 public:
  TraceBuilder(const TraceArrivals& spec, const Luck& luck, Span horizon) : spec_(spec), luck_(luck), end_(run_start + horizon) {}

  Result<Columns> columns(const CsvReader& file) const {
    Problems missing;
    const auto find = [&](const std::string& name) {
      const auto column = file.column(name);
      if (!column) missing.push_back({spec_.file + ":1:1", "no column " + quoted(name), "a heading line that names it"});
      return column.value_or(0);
    };
    Columns columns{.arrival = find(spec_.arrival_column), .holding = find(spec_.holding_column), .where = std::nullopt};
    if (spec_.where_column) columns.where = find(*spec_.where_column);
    if (!missing.empty()) return missing;
    return columns;
  }

  /// false: too many mistakes, stop reading.
  bool add(const CsvReader& file, const Columns& columns, const std::vector<std::string_view>& fields) {
    const std::uint32_t row = row_++;
    if (columns.where && fields[*columns.where] != spec_.where_value) return true;
    const auto arrival = parse_iso8601_ns(fields[columns.arrival]);
    if (!arrival) return wrong(file, columns.arrival, fields, "a date and time such as 1999-02-01T00:11:28");
    if (*arrival < spec_.from_unix_ns || *arrival >= spec_.to_unix_ns) return true;
    const auto talk = seconds(fields[columns.holding]);
    if (!talk) return wrong(file, columns.holding, fields, "a duration of 0 to 172800 seconds");
    add_copies(row, run_start + Span{*arrival - spec_.from_unix_ns}, *talk);
    return true;
  }

  void add_problem(const Problem& problem) { problems_.push_back(problem); }

  Result<std::vector<TracedCall>> finish() {
    if (!problems_.empty()) return problems_;
    std::ranges::sort(calls_, {}, [](const TracedCall& call) { return std::tuple(call.at, call.row, call.copy); });
    return std::move(calls_);
  }

 private:
  static std::optional<Span> seconds(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= talk_s_max)) return std::nullopt;
    return from_seconds(value);
  }

  bool wrong(const CsvReader& file, std::size_t field, const std::vector<std::string_view>& fields, const char* expected) {
    problems_.push_back({file.where(field), quoted(fields[field]), expected});
    return problems_.size() < problems_max;
  }

  void add_copies(std::uint32_t row, Instant at, Span talk) {
    const auto whole = static_cast<std::uint32_t>(spec_.scale);
    const double fraction = spec_.scale - std::floor(spec_.scale);
    const bool one_more = fraction > 0 && luck_.uniform(Purpose::thinning, row) < fraction;
    for (std::uint32_t copy = 0; copy < whole + (one_more ? 1 : 0); ++copy) {
      const Instant when = copy == 0 ? at : at + from_seconds(luck_.uniform(Purpose::jitter, row, copy) * in_seconds(spec_.jitter));
      if (when < end_) calls_.push_back({.at = when, .talk = talk, .row = row, .copy = copy});
    }
  }

  const TraceArrivals& spec_;
  Luck luck_;
  Instant end_;
  std::uint32_t row_ = 0;
  std::vector<TracedCall> calls_;
  Problems problems_;
};

}  // namespace

Result<std::vector<TracedCall>> read_trace(const TraceArrivals& spec, const Luck& luck, Span horizon) {
  auto file = CsvReader::open(spec.file);
  if (!file) return file.problems();
  TraceBuilder builder(spec, luck, horizon);
  const auto columns = builder.columns(file.value());
  if (!columns) return columns.problems();
  std::vector<std::string_view> fields;
  bool going_on = true;
  while (going_on && file.value().next(fields)) going_on = builder.add(file.value(), columns.value(), fields);
  if (const auto& problem = file.value().problem()) builder.add_problem(*problem);
  return builder.finish();
}

}  // namespace trunklab
