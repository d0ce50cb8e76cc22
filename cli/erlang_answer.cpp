// Shows the answers of `trunklab erlang`: a line and its figures, a table, JSON.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/erlang_formula.hpp"
#include "reports/text.hpp"

namespace trunklab::cli {

namespace {

/// Also of waits that are hardly any, and of times that outlive everybody.
std::string seconds_text(double seconds) {
  constexpr double year = 365.0 * 86'400;
  if (seconds > 0 && seconds < 0.01) return fmt::format("{:.3g} {}", seconds * (seconds < 5e-4 ? 1e6 : 1e3), seconds < 5e-4 ? "us" : "ms");
  return seconds < 200 * year ? duration_text(seconds) : fmt::format("{:.3g} years", seconds / year);
}

std::string value_text(const Figure& figure) {
  if (std::isinf(figure.value)) return "endless";
  switch (figure.kind) {
    case FigureKind::count: return size_text(figure.value);
    case FigureKind::erlangs: return erlangs_text(Erlangs{figure.value}, "E");
    case FigureKind::share: return share_text(figure.value, 4);
    case FigureKind::seconds: return seconds_text(figure.value);
    case FigureKind::number: break;
  }
  return fmt::format("{:.5g}", figure.value);
}

}  // namespace

std::string share_text(double share, int digits) {
  if (share < 1e-15) return "0 %";
  const std::string text = fmt::format("{:.{}g} %", share * 100, digits);
  return text == "100 %" && share < 1 ? fmt::format("{:.12g} %", share * 100) : text;
}

std::string erlangs_text(Erlangs traffic, const std::string& unit) {
  return traffic.value() < 1e5 ? fmt::format("{:.6g} {}", traffic.value(), unit) : fmt::format("{:.1f} {}", traffic.value(), unit);
}

std::string size_text(double size) {
  return size == std::floor(size) ? fmt::format("{:.0f}", size) : fmt::format("{:.6g}", size);
}

std::string counted(double size, const std::string& noun) {
  return size_text(size) + ' ' + noun + (size == 1 ? "" : "s");
}

std::string answer_text(const Answer& answer) {
  std::string text = answer.headline + '\n';
  if (!answer.headline_says_all) {
    std::size_t width = 0;
    for (const Figure& figure : answer.figures) width = std::max(width, figure.label.size());
    for (const Figure& figure : answer.figures) text += fmt::format("  {:<{}}  {}\n", figure.label, width, value_text(figure));
  }
  return text + answer.details;
}

nlohmann::ordered_json answer_json(const Answer& answer) {
  nlohmann::ordered_json json;
  for (const Figure& figure : answer.figures) {
    const bool is_whole = figure.kind == FigureKind::count && figure.value == std::floor(figure.value);
    if (std::isinf(figure.value)) {
      json[figure.key] = nullptr;
    } else if (is_whole) {
      json[figure.key] = static_cast<std::int64_t>(figure.value);
    } else {
      json[figure.key] = figure.value;
    }
  }
  json.update(answer.parts);
  return json;
}

std::string answers_table(const std::vector<Answer>& answers) {
  std::vector<TextTable::Column> columns;
  for (const Figure& figure : answers.front().figures) columns.push_back({figure.label, TextTable::Align::right});
  TextTable table(columns);
  for (const Answer& answer : answers) {
    std::vector<std::string> cells;
    for (const Figure& figure : answer.figures) cells.push_back(value_text(figure));
    table.add(cells);
  }
  return table.text(Colour::off, 160);
}

}  // namespace trunklab::cli
