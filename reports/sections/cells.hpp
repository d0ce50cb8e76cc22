// Cells and figures that several sections of a report show alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/document/document.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {

/// "no_response" as people write it: "no response".
std::string with_spaces(std::string_view name);

/// A number of calls, or a mean of such numbers; `tone` unless it is 0.
Cell count_cell(double count, Tone tone = Tone::plain);

/// A part of a whole as percent, with a bar; "-" if there is no whole.
Cell share_cell(double part, double whole);

/// A figure with at most so many decimals; "-" for nullopt.
Cell figure_cell(std::optional<double> figure, int decimals);

/// A time as duration_text() has it; "-" for nullopt.
Cell duration_cell(std::optional<double> seconds);

/// The measures of a run, also of one that was interrupted; empty if there are none and the record does not hold the calls to find them from.
std::vector<Measure> known_measures(const RunRecord& record);

/// The calls of a table with the columns `window` and `offered` that measures count as offered: an SQL condition.
std::string offered_condition(const RunInfo& info);

/// "Figures are means over 20 replications."; nothing for a single one.
Blocks means_note(const RunInfo& info);

}  // namespace trunklab
