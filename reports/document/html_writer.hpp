// Sets blocks as HTML.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reports/document/document.hpp"

namespace trunklab {

class HtmlWriter {
 public:
  /// Adds a section with its heading.
  void add(const Section& section);
  [[nodiscard]] std::string take() { return std::move(html_); }

  void operator()(const Paragraph& paragraph);
  void operator()(const Bullets& bullets);
  void operator()(const Table& table);
  void operator()(const Steps& steps);
  void operator()(const Flow& flow);
  void operator()(const HeatMap& map);
  void operator()(const TimeChart& chart);
  void operator()(const Verbatim& block);
  void operator()(const Fold& fold);

 private:
  void add(const Blocks& blocks);
  void add_cell(const Cell& cell, const Column& column, bool first);

  std::string html_;
  int charts_ = 0;
  int heading_ = 3;          ///< level of a fold's heading
  bool in_finding_ = false;  ///< the first list of the finding is still to come
};

/// ` class="a b"`, or nothing.
std::string html_class(std::string_view names);

/// A sign for eyes and a word for ears; nothing for plain.
std::string html_sign(Tone tone);
std::string_view tone_class(Tone tone);

/// The picture of a flow, as SVG.
std::string flow_svg(const Flow& flow);

/// A chart for those who do not see it: each line's mean and largest value, and when that was; the states of the lanes.
std::vector<Table> chart_tables(const TimeChart& chart);

/// A chart's data for the scripts of the page, as JSON.
std::string chart_json(const TimeChart& chart);
/// How many steps its series have.
std::size_t chart_steps(const TimeChart& chart);

}  // namespace trunklab
