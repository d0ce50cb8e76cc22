// The course of one replication as a chart: series, states, faults on one time axis.
#pragma once

#include "reports/document/document.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {

/// At most so many steps: a day of seconds.
inline constexpr std::int64_t chart_steps_max = 86'400;
/// At most so many lines, the first of each panel before the second ones.
inline constexpr std::size_t chart_series_max = 24;

/// Of replication 0. Steps are those of the series, or a multiple of them where the run is longer than chart_steps_max of them: rates are then
/// averaged, gauges keep their largest value.
TimeChart time_chart(const RunRecord& record);

/// The bars of edges, names, probes, faults and media addresses, of replication 0.
std::vector<Lane> state_lanes(const RunRecord& record);

/// Percentiles of the set-up delay, in bins of at least 10 s; no series if the record does not hold every call.
Panel set_up_panel(const RunRecord& record, Span step, std::size_t steps);

/// The panels as lines of a terminal, a sparkline for each series; nothing without series.
std::string timeline_text(const TimeChart& chart);

}  // namespace trunklab
