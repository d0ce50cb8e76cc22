// The stream of rows behind CsvReader.
#include "traffic/cdr/call_file.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "models/clean_text.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/time_text.hpp"
#include "traffic/cdr/outcome_words.hpp"

namespace trunklab {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr std::int64_t slack_ns = 600 * ns_per_s;
constexpr std::size_t rows_to_look_at = 10'000;
constexpr std::size_t problems_max = 20;
constexpr double seconds_max = 1e9;
constexpr double count_max = 1e9;

std::string quoted(std::string_view text) {
  return "'" + shortened(clean_line(text), 60) + "'";
}

std::optional<double> parse_clock(std::string_view text) {
  double seconds = 0;
  int parts = 0;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  for (bool more = true; more; ++parts) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || (parts > 0 && value > 59) || value > 100'000) return std::nullopt;
    seconds = seconds * 60 + value;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    more = text.starts_with(':');
    if (more) text.remove_prefix(1);
  }
  if (!text.empty() || parts < 2 || parts > 3) return std::nullopt;
  return negative ? -seconds : seconds;
}

/// The date form of a column, from the first rows; `where` of the first row, for the message.
Result<DateForm> find_form(CsvReader& csv, std::size_t column) {
  DateForms forms;
  std::vector<std::string_view> fields;
  std::string first;
  std::string where;
  for (std::size_t row = 0; row < rows_to_look_at && csv.next(fields); ++row) {
    if (row == 0) {
      first = fields[column];
      where = csv.where(column);
    }
    forms.see(fields[column]);
  }
  if (csv.problem() && where.empty()) return *csv.problem();
  if (where.empty()) return Problem{csv.where(0), "a heading and no rows", "at least one row"};
  if (const auto form = forms.only()) return *form;
  if (forms.day_or_month()) {
    return Problem{where, quoted(first), "--date-format dmy or mdy: no day above 12 in the first rows tells which comes first"};
  }
  return Problem{where, quoted(first),
                 "a date and time: 2024-03-31T09:15:00, 31/03/2024 09:15:00, 03/31/2024 09:15:00, or seconds since 1970; years 1970 to 2150"};
}

}  // namespace

std::optional<double> parse_call_seconds(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc{} && end == text.data() + text.size()) {
    return std::abs(seconds) <= seconds_max ? std::optional(seconds) : std::nullopt;  // not a number: false
  }
  return parse_clock(text);
}

Result<CallFile> CallFile::open(const CallFileWishes& wishes) {
  Result<CsvReader> first = CsvReader::open(wishes.path);
  if (!first) return first.problems();
  const std::vector<std::string>& heading = first.value().heading();
  const std::string where = wishes.path + ":1:1";
  if (heading.size() == 1 && heading.front().find_first_of(";\t|") != std::string::npos) {
    return Problem{where, quoted(heading.front()), "columns separated by commas"};
  }
  Result<CallColumns> columns = find_columns(heading, wishes.columns, where);
  if (!columns) return columns.problems();
  CallFileShape shape;
  shape.columns = std::move(columns).value();
  shape.zone = wishes.zone;
  if (wishes.form) {
    shape.form = *wishes.form;
  } else {
    const Result<DateForm> form = find_form(first.value(), shape.columns.arrival.index);
    if (!form) return form.problems();
    shape.form = form.value();
  }
  Result<TimeZone> zone = wishes.zone ? TimeZone::load(*wishes.zone) : Result<TimeZone>(TimeZone::fixed(0));
  if (!zone) return zone.problems();
  Result<CsvReader> csv = CsvReader::open(wishes.path);
  if (!csv) return csv.problems();
  CallFile file(std::move(csv).value(), shape, std::move(zone).value());
  Result<CsvReader> peek = CsvReader::open(wishes.path);
  if (peek && peek.value().next(file.fields_)) {
    const auto time = parse_call_time(file.fields_[shape.columns.arrival.index], shape.form);
    file.shape_.offset_written = time && time->utc_offset_s;
    const auto& seconds = shape.columns.holding ? shape.columns.holding : shape.columns.talk;
    file.shape_.plays =
        seconds && seconds->unit_s == 1 && parse_iso8601(file.fields_[shape.columns.arrival.index]) && parse_number(file.fields_[seconds->index]);
    if (!wishes.zone && file.shape_.offset_written) {
      file.shape_.first_offset_s = *time->utc_offset_s;
      file.zone_ = TimeZone::fixed(*time->utc_offset_s);
    }
  }
  return file;
}

bool CallFile::next(CallRow& row) {
  while (problems_.size() < problems_max && csv_.next(fields_)) {
    if (read(row)) return true;
  }
  if (csv_.problem() && problems_.size() < problems_max) problems_.push_back(*csv_.problem());
  return false;
}

bool CallFile::read(CallRow& row) {
  const CallColumns& columns = shape_.columns;
  row.line = csv_.line();
  if (!read_time(row)) return false;
  if (columns.count) return read_count(row);
  // An unanswered call's talk time is often left empty.
  if (columns.talk && !read_duration(*columns.talk, true, row.talk_s)) return false;
  if (!columns.holding) {
    row.holding_s = row.talk_s;
  } else if (!read_duration(*columns.holding, false, row.holding_s)) {
    return false;
  }
  if (columns.outcome) row.outcome = fields_[columns.outcome->index];
  if (columns.number) row.number = fields_[columns.number->index];
  row.hash = 0;
  for (const std::string_view field : fields_) row.hash = text_hash(field, row.hash);
  return true;
}

bool CallFile::read_time(CallRow& row) {
  const std::size_t column = shape_.columns.arrival.index;
  const auto time = parse_call_time(fields_[column], shape_.form);
  if (!time) return mistake(column, expected_call_time(shape_.form));
  row.local = LocalTime::Kind::plain;
  row.at_ns = time->unix_ns;
  if (time->utc_offset_s) {
    offsets_differ_ = offsets_differ_ || *time->utc_offset_s != shape_.first_offset_s;
    return true;
  }
  if (!shape_.zone) {
    row.at_ns -= std::int64_t{shape_.first_offset_s} * ns_per_s;
    return true;
  }
  const std::int64_t local_s = time->unix_ns / ns_per_s;
  const LocalTime local = zone_.from_local(local_s);
  row.local = local.kind;
  const std::int64_t fraction_ns = time->unix_ns - local_s * ns_per_s;
  row.at_ns = local.first_s * ns_per_s + fraction_ns;
  // In a doubled hour the order of the rows tells the two apart: a step back of more than ten minutes means that the clock was set back.
  const std::int64_t second_ns = local.second_s * ns_per_s + fraction_ns;
  if (local.kind == LocalTime::Kind::doubled && last_ns_ - row.at_ns > slack_ns && last_ns_ - second_ns < slack_ns) row.at_ns = second_ns;
  last_ns_ = row.at_ns;
  return true;
}

bool CallFile::read_duration(const CallColumn& column, bool may_be_empty, double& seconds) {
  const std::string_view text = fields_[column.index];
  const auto value = text.empty() && may_be_empty ? std::optional(0.0) : parse_call_seconds(text);
  if (!value) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool large = end == text.data() + text.size() && (error == std::errc::result_out_of_range || std::abs(number) > seconds_max);
    return mistake(column.index, large ? fmt::format("seconds up to {:.0f}, such as 182 or 0:03:02", seconds_max) : "seconds such as 182 or 0:03:02");
  }
  if (text.empty() && !shape_.columns.holding) shape_.plays = false;
  seconds = *value * column.unit_s;
  return true;
}

bool CallFile::read_count(CallRow& row) {
  const std::size_t column = shape_.columns.count->index;
  const auto value = parse_call_seconds(fields_[column]);
  if (!value || *value < 0 || *value > count_max) return mistake(column, fmt::format("a count of calls from 0 to {:.0f}", count_max));
  row.count = *value;
  return true;
}

bool CallFile::mistake(std::size_t column, const std::string& expected) {
  problems_.push_back({csv_.where(column), quoted(fields_[column]), expected});
  return false;
}

}  // namespace trunklab
