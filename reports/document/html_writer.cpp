// Words and tables as HTML.
#include "reports/document/html_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/document/html_text.hpp"
#include "reports/document/settings.hpp"

namespace trunklab {

std::string html_class(std::string_view names) {
  return names.empty() ? "" : fmt::format(" class=\"{}\"", names);
}

std::string_view tone_class(Tone tone) {
  switch (tone) {
    case Tone::good: return "good";
    case Tone::bad: return "bad";
    case Tone::note: return "note";
    case Tone::plain: return "";
  }
  return "";
}

std::string html_sign(Tone tone) {
  const auto sign = [](const char* shown, const char* said) {
    return fmt::format("<span class=\"sign\" aria-hidden=\"true\">{}</span><span class=\"sign unseen\">{}: </span>", shown, said);
  };
  switch (tone) {
    case Tone::good: return sign("✓", "Good");
    case Tone::bad: return sign("✗", "Problem");
    case Tone::note: return sign("i", "Note");
    case Tone::plain: return "";
  }
  return "";
}

void HtmlWriter::add(const Section& section) {
  const std::string id = html_id(section.id);
  in_finding_ = section.id == "finding";
  html_ += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n", id, html(section.title));
  add(section.blocks);
  html_ += "</section>\n";
}

void HtmlWriter::add(const Blocks& blocks) {
  for (const Block& block : blocks) std::visit(*this, block.content);
}

void HtmlWriter::operator()(const Paragraph& paragraph) {
  html_ += fmt::format("<p{}>{}{}</p>\n", html_class(tone_class(paragraph.tone)), html_sign(paragraph.tone), html(paragraph.text));
}

void HtmlWriter::operator()(const Bullets& bullets) {
  html_ += fmt::format("<ul{}>\n", html_class(in_finding_ ? "finding" : ""));
  in_finding_ = false;
  for (const Paragraph& item : bullets.items) {
    html_ += fmt::format("<li{}>{}{}</li>\n", html_class(tone_class(item.tone)), html_sign(item.tone), html(item.text));
  }
  html_ += "</ul>\n";
}

void HtmlWriter::add_cell(const Cell& cell, const Column& column, bool first) {
  std::string classes(column.align == Column::Align::right ? "right" : "");
  for (const std::string_view more : {tone_class(cell.tone), std::string_view(cell.share ? "bar" : "")}) {
    if (!more.empty()) classes += (classes.empty() ? "" : " ") + std::string(more);
  }
  std::string attributes = html_class(classes);
  if (first) attributes += " scope=\"row\"";
  if (cell.number && std::isfinite(*cell.number)) attributes += fmt::format(" data-number=\"{}\"", *cell.number);
  if (cell.share) attributes += fmt::format(" style=\"--share:{:.1f}%\"", std::clamp(*cell.share, 0.0, 1.0) * 100);
  const char* element = first ? "th" : "td";
  std::string words = html(cell.text);
  if (!cell.link.empty()) words = fmt::format("<a href=\"#{}\">{}</a>", html_id(cell.link), words);
  html_ += fmt::format("<{0}{1}>{2}{3}</{0}>", element, attributes, html_sign(cell.tone), words);
}

void HtmlWriter::operator()(const Table& table) {
  if (table.searchable) {
    html_ += fmt::format(
        "<div class=\"table-tools\"><label>Search <input type=\"search\" aria-label=\"Search in: {}\"></label> <span class=\"hits\" "
        "role=\"status\"></span></div>\n",
        html(table.caption));
  }
  html_ += fmt::format("<div class=\"table-box\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n<table{1}>\n<caption>{0}</caption>\n<thead><tr>",
                       html(table.caption), html_class(table.searchable ? "sortable searchable" : "sortable"));
  for (const Column& column : table.columns) {
    html_ += fmt::format("<th scope=\"col\"{}>{}</th>", html_class(column.align == Column::Align::right ? "right" : ""), html(column.title));
  }
  html_ += "</tr></thead>\n<tbody>\n";
  for (const Row& row : table.rows) {
    html_ += "<tr>";
    for (std::size_t place = 0; place < row.cells.size(); ++place) add_cell(row.cells[place], table.columns.at(place), place == 0);
    html_ += "</tr>\n";
    if (row.detail == nullptr) continue;
    html_ += fmt::format("<tr class=\"detail\"><td colspan=\"{}\"><details><summary>More of {}</summary>\n", table.columns.size(),
                         html(row.cells.front().text));
    add(*row.detail);
    html_ += "</details></td></tr>\n";
  }
  html_ += "</tbody>\n</table>\n</div>\n";
}

void HtmlWriter::operator()(const Steps& steps) {
  if (!steps.caption.empty()) html_ += fmt::format("<p class=\"caption\">{}</p>\n", html(steps.caption));
  html_ += "<ol class=\"steps\">\n";
  for (const StepLine& step : steps.steps) {
    html_ += fmt::format("<li{}><span class=\"when\">{}</span> <span class=\"what\">{}{}</span></li>\n", html_class(tone_class(step.tone)),
                         html(step.when), html_sign(step.tone), html(step.what));
  }
  html_ += "</ol>\n";
}

void HtmlWriter::operator()(const HeatMap& map) {
  double most = 0;
  for (const auto& row : map.values) {
    for (const auto& value : row) most = std::max(most, value.value_or(0));
  }
  const std::string caption = html(fmt::format("{} ({})", map.caption, map.unit));
  html_ += fmt::format(
      "<div class=\"table-box\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n<table class=\"heat\">\n<caption>{0}</caption>\n"
      "<thead><tr><td></td>",
      caption);
  for (const std::string& column : map.columns) html_ += fmt::format("<th scope=\"col\">{}</th>", html(column));
  html_ += "</tr></thead>\n<tbody>\n";
  for (std::size_t row = 0; row < map.rows.size(); ++row) {
    html_ += fmt::format("<tr><th scope=\"row\">{}</th>", html(map.rows[row]));
    for (const auto& value : map.values.at(row)) {
      if (value) html_ += fmt::format("<td style=\"--heat:{:.0f}%\">{}</td>", most > 0 ? *value / most * 100 : 0, figure_text(*value));
      if (!value) html_ += "<td></td>";
    }
    html_ += "</tr>\n";
  }
  html_ += "</tbody>\n</table>\n</div>\n";
}

void HtmlWriter::operator()(const Flow& flow) {
  if (flow.nodes.empty()) return;
  html_ += fmt::format("<figure class=\"flow\"><figcaption>{}</figcaption>\n{}", html(flow.caption), flow_svg(flow));
  html_ += "<details><summary>The same as a table</summary>\n";
  (*this)(flow_table(flow));
  html_ += "</details>\n</figure>\n";
}

void HtmlWriter::operator()(const TimeChart& chart) {
  const std::string source = fmt::format("chart-{}-data", ++charts_);
  html_ += fmt::format(
      "<figure class=\"chart\"><figcaption>{}</figcaption>\n<div class=\"chart-box\" data-source=\"{}\"><noscript>The chart needs "
      "JavaScript; its figures stand below.</noscript></div>\n<details><summary>The chart in words</summary>\n",
      html(chart.caption), source);
  for (const Table& table : chart_tables(chart)) (*this)(table);
  html_ += fmt::format("</details>\n</figure>\n<script type=\"application/json\" id=\"{}\">{}</script>\n", source, script_json(chart_json(chart)));
}

void HtmlWriter::operator()(const Verbatim& block) {
  html_ += "<figure class=\"verbatim\">";
  if (!block.caption.empty()) html_ += fmt::format("<figcaption>{}</figcaption>", html(block.caption));
  html_ += fmt::format("<pre tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</pre></figure>\n",
                       html(block.caption.empty() ? "Text" : block.caption), html_lines(block.text));
}

void HtmlWriter::operator()(const Fold& fold) {
  const std::string id = fold.id.empty() ? "" : fmt::format(" id=\"{}\"", html_id(fold.id));
  const int level = std::min(heading_, 6);
  html_ += fmt::format("<details class=\"fold\"{0}{3}><summary><h{1}>{2}</h{1}></summary>\n", id, level, html(fold.title), fold.open ? " open" : "");
  ++heading_;
  add(fold.blocks);
  --heading_;
  html_ += "</details>\n";
}

}  // namespace trunklab
