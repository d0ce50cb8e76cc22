// A report as a tree of plain blocks: worked out once, then set as a page, as Markdown or for the terminal.
// Everything in it is text, never markup: names come from users, and each way of setting escapes them as it must.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

/// What a reader shall feel before having read it. Never the only carrier of what is said: colours do not print and are not heard.
enum class Tone : std::uint8_t { plain, good, bad, note };

struct Block;
using Blocks = std::vector<Block>;

struct Paragraph {
  std::string text;
  Tone tone = Tone::plain;
};

struct Bullets {
  std::vector<Paragraph> items;
};

struct Cell {
  std::string text;
  std::optional<double> number{};  ///< what the column is sorted by; nullopt: by the text
  std::optional<double> share{};   ///< 0..1: a bar of this length behind the text
  Tone tone = Tone::plain;
  std::string link{};  ///< id of a section or a fold of this document; empty = none
};

struct Column {
  enum class Align : std::uint8_t { left, right };
  std::string title;
  Align align = Align::left;
};

struct Row {
  std::vector<Cell> cells;                 ///< as many as there are columns
  std::shared_ptr<const Blocks> detail{};  ///< opens below the row; nullptr = nothing to open
};

struct Table {
  std::string caption;
  std::vector<Column> columns;
  std::vector<Row> rows;
  bool searchable = false;  ///< long enough that readers look for a word in it
};

/// Something told in order: "10:00:00" or "+4.0 s", and what happened.
struct StepLine {
  std::string when;
  std::string what;
  Tone tone = Tone::plain;
};
struct Steps {
  std::string caption;
  std::vector<StepLine> steps;
};

/// Calls that flow from left to right through columns of nodes.
struct Flow {
  struct Node {
    std::string name;
    std::uint32_t column = 0;  ///< from the left, from 0
    double calls = 0;
    Tone tone = Tone::plain;
  };
  struct Link {
    std::size_t from = 0;  ///< index into nodes; its column is left of that of `to`
    std::size_t to = 0;
    double calls = 0;
  };
  std::string caption;
  std::vector<Node> nodes;
  std::vector<Link> links;
};

/// A figure for each pair of a row and a column; nullopt = nothing known.
struct HeatMap {
  std::string caption;
  std::string unit;
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<double>>> values;  ///< [row][column]
};

/// A line of a chart, with a value for each step of its chart; NaN = nothing known.
struct Series {
  std::string name;
  std::vector<float> values;
};

/// Series with one unit that are drawn in one frame.
struct Panel {
  std::string title;
  std::string unit;  ///< "calls/s", "calls", "s", ...
  std::vector<Series> series;
  bool average = false;  ///< where there are more values than pixels, averages say more than extremes: counts of single seconds are noise
};

/// What state something was in: a bar above the panels, on the same time axis. Where nothing is said it was as it should be.
struct Lane {
  struct Stretch {
    Span from{};
    Span until{};
    std::string state;  ///< "down", "seen down", ...
    Tone tone = Tone::bad;
  };
  std::string name;  ///< "edge euc1/1", "probe of stockholm at euc1/1"
  std::vector<Stretch> stretches;
};

/// Panels and lanes above each other on one time axis that begins at the run's start.
struct TimeChart {
  std::string caption;
  std::int64_t start_unix_ns = 0;  ///< UTC instant of the axis' 0
  int utc_offset_s = 0;            ///< of the clock that the axis shows
  Span step{};                     ///< value k of a series belongs to [k, k + 1) steps
  Span length{};
  std::vector<Panel> panels{};
  std::vector<Lane> lanes{};
  struct Window {
    Span from{};
    Span until{};
    std::string text;
  };
  std::vector<Window> shaded{};  ///< the faults
};

/// Text as it was written: a scenario, a configuration.
struct Verbatim {
  std::string caption;
  std::string text;
};

/// Blocks that are shown when they are asked for.
struct Fold {
  std::string id;  ///< for links; letters, digits and '-'; empty = none
  std::string title;
  Blocks blocks;
  bool open = false;  ///< at first
};

struct Block {
  std::variant<Paragraph, Bullets, Table, Steps, Flow, HeatMap, TimeChart, Verbatim, Fold> content;
};

/// Of a row.
inline std::shared_ptr<const Blocks> detail_of(Blocks blocks) {
  return std::make_shared<const Blocks>(std::move(blocks));
}

struct Section {
  std::string id;  ///< letters, digits and '-'
  std::string title;
  Blocks blocks;
};

struct Document {
  std::string title;
  std::string subtitle;
  std::vector<Section> sections;
};

}  // namespace trunklab
