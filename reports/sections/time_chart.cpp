// Series of the record, sorted into panels.
#include "reports/sections/time_chart.hpp"
#include "reports/sql_values.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "models/clean_text.hpp"
#include "models/record/words.hpp"
#include "reports/document/settings.hpp"

namespace trunklab {
namespace {

struct Grid {
  Span step{};
  std::size_t steps = 0;
  bool joined = false;      ///< a step is longer than the samples' grid
  std::size_t sampled = 0;  ///< steps that the run came to: all of them unless it was stopped
};

Grid grid_of(const RunRecord& record) {
  const RunInfo& info = record.info();
  const Span sampled = std::max<Span>(info.series_step, std::chrono::seconds{1});
  const std::int64_t all = (info.horizon + sampled - Span{1}) / sampled;
  const std::int64_t joined = std::max<std::int64_t>((all + chart_steps_max - 1) / chart_steps_max, 1);
  const Span step = sampled * joined;
  Grid grid{.step = step, .steps = static_cast<std::size_t>((info.horizon + step - Span{1}) / step), .joined = joined > 1};
  grid.sampled = grid.steps;
  if (record.complete()) return grid;
  SQLite::Statement last(record.database(),
                         "SELECT coalesce(max(at), 0) FROM series WHERE replication = 0 AND at BETWEEN 0 AND (SELECT horizon_ns FROM run)");
  last.executeStep();
  grid.sampled = std::min(grid.steps, static_cast<std::size_t>((Span{last.getColumn(0).getInt64()} + step - Span{1}) / step));
  return grid;
}

bool is_count(Metric metric) {
  return metric == Metric::offered || metric == Metric::answered || metric == Metric::lost;
}

/// One entity's metric on the grid.
class Line {
 public:
  Line(const Grid& grid, bool count) : grid_(&grid), count_(count), values_(grid.steps, count ? 0.0F : NAN) {}

  /// A sample tells of the time that ends with it.
  void add(Span at, double value) {
    const std::int64_t place = std::max<std::int64_t>((at - Span{1}) / grid_->step, 0);
    float& slot = values_[std::min(static_cast<std::size_t>(place), values_.size() - 1)];
    const auto figure = static_cast<float>(value);
    if (count_) {
      slot += figure / static_cast<float>(in_seconds(grid_->step));
    } else if (grid_->joined) {
      slot = std::max(std::isnan(slot) ? last_ : slot, figure);  // what the step began with counts, too
    } else {
      slot = figure;
    }
    last_ = figure;
  }
  [[nodiscard]] std::vector<float> take() {
    if (!count_) {
      float last = 0;
      for (float& value : values_) last = value = std::isnan(value) ? last : value;
    }
    std::fill(values_.begin() + static_cast<std::ptrdiff_t>(grid_->sampled), values_.end(), NAN);
    return std::move(values_);
  }

 private:
  const Grid* grid_;
  bool count_;
  float last_ = 0;
  std::vector<float> values_;
};

using LineKey = std::pair<EntityKind, std::uint16_t>;

/// All lines of a metric, in the order of entities.
std::map<LineKey, Line> lines_of(const RunRecord& record, const Grid& grid, Metric metric) {
  std::map<LineKey, Line> lines;
  SQLite::Statement query(record.database(),
                          "SELECT at, kind, entity, value FROM series WHERE replication = 0 AND metric = ? AND at BETWEEN 0 AND (SELECT horizon_ns "
                          "FROM run) ORDER BY rowid");
  query.bind(1, static_cast<int>(metric));
  while (query.executeStep()) {
    const LineKey key{enum_in<EntityKind>(query.getColumn(1)), static_cast<std::uint16_t>(query.getColumn(2).getInt())};
    const auto line = lines.try_emplace(key, grid, is_count(metric)).first;
    line->second.add(Span{query.getColumn(0).getInt64()}, query.getColumn(3).getDouble());
  }
  return lines;
}

class Panels {
 public:
  Panels(const RunRecord& record, const Grid& grid) : record_(record), grid_(grid) {}

  std::vector<Panel> all() {
    rates();
    gauge(Metric::concurrent, EntityKind::edge, "Calls at the same time, by edge", "calls");
    gauge(Metric::concurrent, EntityKind::site, "Channels held, by site", "calls");
    if (Panel delays = set_up_panel(record_, grid_.step, grid_.steps); !delays.series.empty()) panels_.push_back(std::move(delays));
    for (const Metric metric : {Metric::ports_in_use, Metric::ports_quarantined, Metric::ports_leaked, Metric::ports_foreign}) ports(metric);
    if (!ports_.series.empty()) panels_.push_back(std::move(ports_));
    gauge(Metric::addresses, EntityKind::region, "Media addresses, by region", "addresses");
    gauge(Metric::mbit_per_s, EntityKind::site, "RTP each way, by site", "Mbit/s");
    return std::move(panels_);
  }

 private:
  void rates() {
    Panel panel{.title = "Calls per second, all sites", .unit = "calls/s", .series = {}, .average = true};
    for (const Metric metric : {Metric::offered, Metric::answered, Metric::lost}) {
      std::vector<float> sum(grid_.steps, 0);
      for (auto& [key, line] : lines_of(record_, grid_, metric)) {
        if (key.first != EntityKind::site) continue;
        const std::vector<float> values = line.take();
        std::ranges::transform(sum, values, sum.begin(), std::plus{});
      }
      const char* name = metric == Metric::lost ? "blocked, failed or lost" : metric == Metric::offered ? "offered" : "answered";
      std::fill(sum.begin() + static_cast<std::ptrdiff_t>(grid_.sampled), sum.end(), NAN);  // nobody knows what came after a stop
      panel.series.push_back({name, std::move(sum)});
    }
    panels_.push_back(std::move(panel));
  }

  void gauge(Metric metric, EntityKind kind, const char* title, const char* unit) {
    Panel panel{.title = title, .unit = unit, .series = {}};
    for (auto& [key, line] : lines_of(record_, grid_, metric)) {
      if (key.first == kind) panel.series.push_back({short_name(key), line.take()});
    }
    if (!panel.series.empty()) panels_.push_back(std::move(panel));
  }

  /// States that never occur have no line.
  void ports(Metric metric) {
    for (auto& [key, line] : lines_of(record_, grid_, metric)) {
      std::vector<float> values = line.take();
      const bool used = std::ranges::any_of(values, [](float value) { return value > 0; });
      if (!used) continue;
      std::string state(word(metric));
      std::ranges::replace(state, '_', ' ');
      ports_.series.push_back({fmt::format("{}, {}", entity_name(record_.directory(), key.first, key.second), state), std::move(values)});
    }
  }

  [[nodiscard]] std::string short_name(const LineKey& key) const {
    const std::string name = entity_name(record_.directory(), key.first, key.second);
    return name.substr(name.find('/') + 1);
  }

  const RunRecord& record_;
  const Grid& grid_;
  std::vector<Panel> panels_;
  Panel ports_{.title = "RTP ports, by state", .unit = "ports", .series = {}};
};

/// Leaves out the last lines of the fullest panels, until there are few enough; how many were left out.
std::size_t limit_series(std::vector<Panel>& panels) {
  const auto count = [&] {
    std::size_t all = 0;
    for (const Panel& panel : panels) all += panel.series.size();
    return all;
  };
  std::size_t left_out = 0;
  while (count() > chart_series_max) {
    std::ranges::max_element(panels, {}, [](const Panel& panel) { return panel.series.size(); })->series.pop_back();
    ++left_out;
  }
  return left_out;
}

}  // namespace

TimeChart time_chart(const RunRecord& record) {
  const RunInfo& info = record.info();
  const Grid grid = grid_of(record);
  TimeChart chart{.caption = info.replications > 1 ? fmt::format("Replication 1 of {}", info.replications) : "The run",
                  .start_unix_ns = info.horizon_start_unix_ns,
                  .utc_offset_s = info.utc_offset_s,
                  .step = grid.step,
                  .length = info.horizon};
  chart.panels = Panels(record, grid).all();
  if (!record.complete()) chart.caption += ", which was stopped before its end";
  if (const std::size_t left_out = limit_series(chart.panels); left_out > 0) {
    chart.caption += fmt::format(" ({} lines are left out; the table \"series\" of the run record has them)", left_out);
  }
  chart.lanes = state_lanes(record);
  for (const Directory::Fault& fault : record.directory().faults) {
    chart.shaded.push_back(
        {.from = fault.from - run_start, .until = std::min(fault.until, run_start + info.horizon) - run_start, .text = fault.text});
  }
  return chart;
}

std::string timeline_text(const TimeChart& chart) {
  constexpr std::size_t width = 60;
  std::string text;
  for (const Panel& panel : chart.panels) {
    std::string lines;
    for (const Series& series : panel.series) {
      lines += fmt::format("  {}  {}, {}\n", sparkline(series.values, width), shortened(clean_line(series.name), 40), peak_text(series, panel.unit));
    }
    if (!lines.empty()) text += panel.title + '\n' + lines;
  }
  return text;
}

}  // namespace trunklab
