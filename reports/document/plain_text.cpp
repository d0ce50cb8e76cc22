// A document for the terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "models/clean_text.hpp"
#include "reports/document/settings.hpp"

namespace trunklab {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t chart_width = 60;
constexpr std::size_t cell_characters_max = 60;  ///< but for the last cell of a row, which goes on in the next line

std::string_view sign(Tone tone) {
  switch (tone) {
    case Tone::good: return "ok   ";
    case Tone::bad: return "!    ";
    case Tone::note: return "note ";
    case Tone::plain: return "";
  }
  return "";
}

class PlainText {
 public:
  explicit PlainText(Colour colour) : colour_(colour) {}

  std::string set(const Document& document) {
    underlined(document.title, '=');
    if (!document.subtitle.empty()) text_ += wrapped(clean_line(document.subtitle), 0, width) + '\n';
    for (const Section& section : document.sections) {
      underlined(section.title, '-');
      add(section.blocks);
    }
    while (text_.ends_with("\n\n")) text_.pop_back();
    return std::move(text_);
  }

  void operator()(const Paragraph& paragraph) {
    text_ += wrapped(fmt::format("{}{}", sign(paragraph.tone), clean_line(paragraph.text)), 2, width) + '\n';
  }

  void operator()(const Bullets& bullets) {
    for (const Paragraph& item : bullets.items) text_ += wrapped(fmt::format("- {}{}", sign(item.tone), clean_line(item.text)), 2, width);
    text_ += '\n';
  }

  void operator()(const Table& table) {
    caption(table.caption);
    if (table.rows.empty()) return;
    std::vector<TextTable::Column> columns;
    for (const Column& column : table.columns) {
      columns.push_back({clean_line(column.title), column.align == Column::Align::right ? TextTable::Align::right : TextTable::Align::left});
    }
    TextTable set(std::move(columns));
    for (const Row& row : table.rows) {
      std::vector<std::string> cells;
      for (const Cell& cell : row.cells) {
        const bool last = cells.size() + 1 == row.cells.size();
        cells.push_back(last ? clean_line(cell.text) : shortened(clean_line(cell.text), cell_characters_max));
      }
      set.add(std::move(cells));
    }
    text_ += set.text(colour_, width) + '\n';
  }

  void operator()(const Steps& steps) {
    caption(steps.caption);
    TextTable table({{""}, {""}});
    for (const StepLine& step : steps.steps) table.add({clean_line(step.when), fmt::format("{}{}", sign(step.tone), clean_line(step.what))});
    text_ += without_heading(table.text(Colour::off, width)) + '\n';
  }

  void operator()(const Flow& flow) { (*this)(flow_table(flow)); }

  /// A sparkline a row: hours stand side by side.
  void operator()(const HeatMap& map) {
    caption(fmt::format("{} ({})", map.caption, map.unit));
    TextTable table({{""}, {fmt::format("{} .. {}", map.columns.empty() ? "" : map.columns.front(), map.columns.empty() ? "" : map.columns.back())}});
    for (std::size_t row = 0; row < map.rows.size(); ++row) {
      std::vector<float> values;
      for (const auto& value : map.values.at(row)) values.push_back(value ? static_cast<float>(*value) : NAN);
      table.add({clean_line(map.rows[row]), sparkline(values, values.size())});
    }
    text_ += table.text(Colour::off, width) + '\n';
  }

  void operator()(const TimeChart& chart) {
    caption(chart.caption);
    for (const Panel& panel : chart.panels) {
      text_ += clean_line(panel.title) + '\n';
      for (const Series& series : panel.series) {
        text_ += fmt::format("  {}  {}, {}\n", sparkline(series.values, chart_width), shortened(clean_line(series.name), 40),
                             peak_text(series, panel.unit));
      }
    }
    text_ += '\n';
  }

  void operator()(const Verbatim& block) {
    caption(block.caption);
    std::string_view rest = block.text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      text_ += "    " + clean_line(rest.substr(0, end)) + '\n';
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    text_ += '\n';
  }

  void operator()(const Fold& fold) {
    text_ += wrapped(clean_line(fold.title), 2, width) + '\n';
    add(fold.blocks);
  }

 private:
  void add(const Blocks& blocks) {
    for (const Block& block : blocks) std::visit(*this, block.content);
  }

  void underlined(std::string_view raw, char under) {
    const std::string title = shortened(clean_line(raw), width);
    const std::string line = title + '\n';
    text_ += (colour_ == Colour::on ? "\033[1m" + line + "\033[0m" : line) + std::string(characters(title), under) + "\n\n";
  }

  void caption(std::string_view words) {
    if (!words.empty()) text_ += wrapped(clean_line(words), 0, width);
  }

  static std::string without_heading(const std::string& table) { return table.substr(table.find('\n') + 1); }

  Colour colour_;
  std::string text_;
};

}  // namespace

std::string plain_text(const Document& document, Colour colour) {
  return PlainText(colour).set(document);
}

}  // namespace trunklab
