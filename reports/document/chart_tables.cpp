// A chart, or a flow, in words.
#include <algorithm>
#include <cmath>

#include "reports/document/html_writer.hpp"
#include "reports/document/settings.hpp"
#include "reports/run_info.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

struct Summary {
  double sum = 0;
  std::size_t known = 0;
  float most = NAN;
  std::size_t when = 0;
};

Summary summary_of(const Series& series) {
  Summary summary;
  for (std::size_t step = 0; step < series.values.size(); ++step) {
    const float value = series.values[step];
    if (std::isnan(value)) continue;
    summary.sum += static_cast<double>(value);
    ++summary.known;
    if (summary.most >= value) continue;
    summary.most = value;
    summary.when = step;
  }
  return summary;
}

/// The clock of a chart, as clock_text() wants it.
RunInfo clock_of(const TimeChart& chart) {
  RunInfo info;
  info.horizon_start_unix_ns = chart.start_unix_ns;
  info.utc_offset_s = chart.utc_offset_s;
  return info;
}

Table lines_table(const TimeChart& chart) {
  const RunInfo clock = clock_of(chart);
  Table table{.caption = "Mean and largest value of each line",
              .columns = {{"panel"}, {"line"}, {"unit"}, {"mean", Align::right}, {"largest", Align::right}, {"first at"}},
              .rows = {}};
  for (const Panel& panel : chart.panels) {
    for (const Series& series : panel.series) {
      const Summary summary = summary_of(series);
      const bool known = summary.known > 0;
      const double mean = known ? summary.sum / static_cast<double>(summary.known) : 0;
      const Instant when = run_start + chart.step * static_cast<std::int64_t>(summary.when);
      table.rows.push_back({.cells = {{.text = panel.title},
                                      {.text = series.name},
                                      {.text = panel.unit},
                                      {.text = known ? figure_text(mean) : "-"},
                                      {.text = known ? figure_text(static_cast<double>(summary.most)) : "-"},
                                      {.text = known ? date_and_clock_text(clock, when) : "-"}}});
    }
  }
  return table;
}

Table states_table(const TimeChart& chart) {
  const RunInfo clock = clock_of(chart);
  Table table{.caption = "States", .columns = {{"what"}, {"was"}, {"from"}, {"until"}}, .rows = {}};
  const auto add = [&](const std::string& what, const std::string& state, Span from, Span until) {
    table.rows.push_back({.cells = {{.text = what},
                                    {.text = state},
                                    {.text = date_and_clock_text(clock, run_start + from)},
                                    {.text = date_and_clock_text(clock, run_start + until)}}});
  };
  for (const TimeChart::Window& window : chart.shaded) add(window.text, "fault", window.from, window.until);
  for (const Lane& lane : chart.lanes) {
    for (const Lane::Stretch& stretch : lane.stretches) add(lane.name, stretch.state, stretch.from, stretch.until);
  }
  return table;
}

}  // namespace

std::vector<Table> chart_tables(const TimeChart& chart) {
  std::vector<Table> tables{lines_table(chart)};
  if (Table states = states_table(chart); !states.rows.empty()) tables.push_back(std::move(states));
  return tables;
}

Table flow_table(const Flow& flow) {
  Table table{.caption = flow.caption, .columns = {{"from"}, {"to"}, {"calls", Align::right}}, .rows = {}};
  for (const Flow::Link& link : flow.links) {
    const Flow::Node& to = flow.nodes.at(link.to);
    table.rows.push_back(
        {.cells = {
             {.text = flow.nodes.at(link.from).name}, {.text = to.name, .tone = to.tone}, {.text = figure_text(link.calls), .number = link.calls}}});
  }
  return table;
}

}  // namespace trunklab
