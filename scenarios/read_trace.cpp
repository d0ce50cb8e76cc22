// Reads `arrivals: { process: trace }`. Only the heading of the call file is looked at here: its rows are read when calls are made.
#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"
#include "scenarios/time_text.hpp"

namespace trunklab {
namespace {

std::optional<std::int64_t> read_time(Reading& reading, const YamlNode* node) {
  if (!node) return std::nullopt;
  const std::optional<std::int64_t> time = parse_iso8601_ns(node->text);
  if (!time)
    reading.mistake(node->place, described(*node), expected_time(node->text, "a date and time in the file's own time, such as 1999-02-01T00:00:00"));
  return time;
}

void read_window(Reading& reading, const Fields& fields, const Horizon& horizon, TraceArrivals& trace) {
  const YamlNode* const from_word = fields.need("from", "the instant of the file at which the run starts");
  const YamlNode* const to_word = fields.need("to", "the instant of the file at which the window ends");
  const std::optional<std::int64_t> from = read_time(reading, from_word);
  const std::optional<std::int64_t> to = read_time(reading, to_word);
  if (!from || !to) return;
  trace.from_unix_ns = *from;
  trace.to_unix_ns = *to;
  const Span window{*to - *from};
  if (window <= Span{0}) {
    reading.mistake(to_word->place, described(*to_word), "an instant after from");
  } else if (horizon.duration > Span{0} && window > horizon.duration) {
    reading.mistake(to_word->place, "a window of " + span_text(window), "at most the horizon's " + span_text(horizon.duration));
  }
}

void read_columns(Reading& reading, const Fields& fields, TraceArrivals& trace) {
  const YamlNode* const file = fields.need("file", "a CSV file with one call a line");
  const YamlNode* const arrival = fields.need("arrival_column", "the column with the date and time of each call");
  const YamlNode* const holding = fields.need("holding_column", "the column with the seconds of each call");
  const YamlNode* column = nullptr;
  if (const YamlNode* where = fields.find("where")) {
    const Fields parts(reading, *where, "where", {"column", "is"});
    column = parts.need("column", "the column that is compared");
    const YamlNode* const value = parts.need("is", "the value that the column must have");
    if (value) set(trace.where_value, reading.text(*value, "the value that the column must have"));
  }
  const std::optional<CsvReader> csv = file ? open_csv(reading, *file) : std::nullopt;
  if (!csv) return;
  trace.file = *reading.file(*file);
  const auto name = [&](const YamlNode* node) {
    const std::optional<std::size_t> index = read_column(reading, node, *csv);
    return index ? std::optional<std::string>(csv->heading()[*index]) : std::nullopt;
  };
  set(trace.arrival_column, name(arrival));
  set(trace.holding_column, name(holding));
  trace.where_column = name(column);
}

}  // namespace

std::optional<Arrivals> read_trace(Reading& reading, const YamlNode& node, const Horizon& horizon) {
  const Fields fields(reading, node, "arrivals", {"process", "file", "arrival_column", "holding_column", "where", "from", "to", "scale", "jitter"});
  TraceArrivals trace;
  read_columns(reading, fields, trace);
  read_window(reading, fields, horizon, trace);
  if (const YamlNode* scale = fields.find("scale")) set(trace.scale, reading.factor(*scale));
  if (const YamlNode* jitter = fields.find("jitter")) set(trace.jitter, reading.span(*jitter, Span{0}, span_max));
  return trace;
}

}  // namespace trunklab
