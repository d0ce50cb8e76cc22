// A document as Markdown.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "models/clean_text.hpp"
#include "reports/document/settings.hpp"

namespace trunklab {
namespace {

constexpr std::size_t table_rows_max = 50;
constexpr std::size_t cell_characters_max = 300;
constexpr std::size_t chart_width = 60;

/// One line of text in which nothing is markup. Everything that could begin markup is escaped, wherever it stands: escapes are not seen.
std::string escaped(std::string_view text) {
  constexpr std::string_view special = "\\`*_{}[]()#+!|~>^$";
  std::string out;
  for (const char letter : clean_line(text)) {
    if (letter == '<') {
      out += "&lt;";
    } else if (letter == '&') {
      out += "&amp;";
    } else if (letter == '@') {
      out += "&#64;";  // nobody is mentioned
    } else if (letter == ':') {
      out += out.ends_with("http") || out.ends_with("https") ? "&#58;" : ":";  // no link by itself
    } else {
      if (special.find(letter) != std::string_view::npos) out += '\\';
      out += letter;
    }
  }
  return out;
}

std::string cell_text(std::string_view text) {
  return escaped(shortened(clean_line(text), cell_characters_max));
}

std::string_view sign(Tone tone) {
  switch (tone) {
    case Tone::good: return "✅ ";
    case Tone::bad: return "❌ ";
    case Tone::note: return "ℹ️ ";
    case Tone::plain: return "";
  }
  return "";
}

/// A fence longer than any run of backticks within.
std::string fence_for(std::string_view text) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char letter : text) {
    run = letter == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(longest + 1, '`');
}

class Markdown {
 public:
  std::string set(const Document& document) {
    heading(1, document.title);
    if (!document.subtitle.empty()) text_ += escaped(document.subtitle) + "\n\n";
    for (const Section& section : document.sections) {
      heading(2, section.title);
      add(section.blocks);
    }
    while (text_.ends_with("\n\n")) text_.pop_back();
    return std::move(text_);
  }

  void operator()(const Paragraph& paragraph) { text_ += fmt::format("{}{}\n\n", sign(paragraph.tone), escaped(paragraph.text)); }

  void operator()(const Bullets& bullets) {
    for (const Paragraph& item : bullets.items) text_ += fmt::format("- {}{}\n", sign(item.tone), escaped(item.text));
    text_ += '\n';
  }

  void operator()(const Table& table) {
    caption(table.caption);
    if (table.rows.empty()) return;
    line_of(table.columns, [](const Column& column) { return cell_text(column.title); });
    line_of(table.columns, [](const Column& column) { return std::string(column.align == Column::Align::right ? "---:" : ":---"); });
    const std::size_t shown = std::min(table.rows.size(), table_rows_max);
    for (std::size_t row = 0; row < shown; ++row) {
      line_of(table.rows[row].cells, [](const Cell& cell) { return std::string(sign(cell.tone)) + cell_text(cell.text); });
    }
    text_ += '\n';
    if (shown < table.rows.size()) text_ += fmt::format("{} more rows are left out.\n\n", table.rows.size() - shown);
  }

  void operator()(const Steps& steps) {
    caption(steps.caption);
    for (const StepLine& step : steps.steps) text_ += fmt::format("- {}**{}** {}\n", sign(step.tone), escaped(step.when), escaped(step.what));
    text_ += '\n';
  }

  void operator()(const Flow& flow) { (*this)(flow_table(flow)); }

  void operator()(const HeatMap& map) {
    Table table{.caption = fmt::format("{} ({})", map.caption, map.unit), .columns = {{""}}, .rows = {}};
    for (const std::string& column : map.columns) table.columns.push_back({column, Column::Align::right});
    for (std::size_t row = 0; row < map.rows.size(); ++row) {
      Row cells{.cells = {{.text = map.rows[row]}}};
      for (const auto& value : map.values.at(row)) cells.cells.push_back({.text = value ? figure_text(*value) : ""});
      table.rows.push_back(std::move(cells));
    }
    (*this)(table);
  }

  void operator()(const TimeChart& chart) {
    caption(chart.caption);
    std::string lines;
    for (const Panel& panel : chart.panels) {
      lines += panel.title + '\n';
      for (const Series& series : panel.series) {
        lines += fmt::format("  {}  {}, {}\n", sparkline(series.values, chart_width), series.name, peak_text(series, panel.unit));
      }
    }
    verbatim(lines);
  }

  void operator()(const Verbatim& block) {
    caption(block.caption);
    verbatim(block.text);
  }

  void operator()(const Fold& fold) {
    heading(3, fold.title);
    add(fold.blocks);
  }

 private:
  void add(const Blocks& blocks) {
    for (const Block& block : blocks) std::visit(*this, block.content);
  }

  void heading(int level, std::string_view title) {
    text_ += fmt::format("{} {}\n\n", std::string(static_cast<std::size_t>(level), '#'), cell_text(title));
  }

  void caption(std::string_view words) {
    if (!words.empty()) text_ += fmt::format("**{}**\n\n", escaped(words));
  }

  void verbatim(std::string_view raw) {
    const std::string text = clean_lines(raw);
    const std::string fence = fence_for(text);
    text_ += fmt::format("{}\n{}{}{}\n\n", fence, text, text.ends_with('\n') ? "" : "\n", fence);
  }

  template <class Items, class Words>
  void line_of(const Items& items, const Words& words) {
    text_ += '|';
    for (const auto& item : items) text_ += fmt::format(" {} |", words(item));
    text_ += '\n';
  }

  std::string text_;
};

}  // namespace

std::string markdown(const Document& document) {
  return Markdown().set(document);
}

}  // namespace trunklab
