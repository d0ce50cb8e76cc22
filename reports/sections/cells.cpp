// Cells and figures that several sections show alike.
#include "reports/sections/cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/record/record.hpp"
#include "reports/notice_words.hpp"
#include "reports/text.hpp"

namespace trunklab {

std::string with_spaces(std::string_view name) {
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  return words;
}

Cell count_cell(double count, Tone tone) {
  const std::string text = count_text(count);
  return {.text = text, .number = count, .tone = text == "0" ? Tone::plain : tone};
}

Cell share_cell(double part, double whole) {
  if (whole <= 0) return {.text = "-"};
  return {.text = fmt::format("{:.2f} %", 100 * part / whole), .number = part / whole, .share = std::clamp(part / whole, 0.0, 1.0)};
}

Cell figure_cell(std::optional<double> figure, int decimals) {
  if (!figure) return {.text = "-"};
  return {.text = fmt::format("{:.{}f}", *figure, decimals), .number = figure};
}

Cell duration_cell(std::optional<double> seconds) {
  if (!seconds) return {.text = "-"};
  return {.text = duration_text(*seconds), .number = seconds};
}

std::vector<Measure> known_measures(const RunRecord& record) {
  return record.complete() || record.info().detail == CallDetail::all ? measures_of(record) : record.measures();
}

std::string offered_condition(const RunInfo& info) {
  return fmt::format("window != {} AND offered >= {}", initial_window, (info.measure_from - run_start).count());
}

Blocks means_note(const RunInfo& info) {
  if (info.replications == 1) return {};
  return {{Paragraph{.text = fmt::format("Figures are means over {} replications.", info.replications), .tone = Tone::note}}};
}

}  // namespace trunklab
