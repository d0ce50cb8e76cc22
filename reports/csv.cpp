// CSV export, row by row.
#include "reports/csv.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace trunklab {
namespace {

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string text = "\"";
  for (const char each : field) {
    if (each == '"') text += '"';
    text += each;
  }
  return text + '"';
}

/// Spreadsheets take a text that begins like this for a formula and run it.
bool looks_like_a_formula(const std::string& text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

std::string field_of(const SQLite::Column& column) {
  if (column.isFloat()) return fmt::format("{}", column.getDouble());
  if (!column.isText()) return column.isNull() ? std::string{} : quoted(column.getString());
  const std::string text = column.getString();
  return quoted(looks_like_a_formula(text) ? '\'' + text : text);
}

template <class Field>
void write_line(std::ostream& out, int columns, const Field& field) {
  std::string line;
  for (int place = 0; place < columns; ++place) line += (place == 0 ? "" : ",") + field(place);
  out << line << "\r\n";
}

}  // namespace

std::vector<std::string> csv_tables(const RunRecord& record) {
  std::vector<std::string> names;
  SQLite::Statement query(record.database(), "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name");
  while (query.executeStep()) names.push_back(query.getColumn(0).getString());
  return names;
}

void export_csv(const RunRecord& record, std::string_view table, std::ostream& out) {
  const std::vector<std::string> names = csv_tables(record);
  if (std::ranges::find(names, table) == names.end()) {
    throw std::runtime_error(fmt::format("{}: there is no table '{}'; there are {}", record.file().string(), table, fmt::join(names, ", ")));
  }
  try {
    SQLite::Statement query(record.database(), fmt::format("SELECT * FROM {}", table));
    write_line(out, query.getColumnCount(), [&](int place) { return quoted(query.getColumnName(place)); });
    while (out && query.executeStep()) write_line(out, query.getColumnCount(), [&](int place) { return field_of(query.getColumn(place)); });
  } catch (const SQLite::Exception& problem) {
    throw std::runtime_error(fmt::format("{}: cannot export {}: {}", record.file().string(), table, problem.what()));
  }
  if (!out) throw std::runtime_error(fmt::format("{}: cannot export {}: writing the CSV failed", record.file().string(), table));
}

}  // namespace trunklab
