// Writes pages from made-up documents, which the browser tests look at besides a real report. Usage: sample_page FOLDER.
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>

#include "models/units.hpp"
#include "reports/document/document.hpp"
#include "reports/document/html_page.hpp"

namespace trunklab {
namespace {

constexpr std::int64_t start_unix_ns = 1'740'992'400'000'000'000;  // 2025-03-03 09:00:00 UTC

/// A line that swells over the day, with noise that is the same on every machine and a hole of five minutes.
Series made_up_series(const std::string& name, std::size_t steps, unsigned seed) {
  Series series{.name = name, .values = {}};
  series.values.reserve(steps);
  std::uint32_t luck = seed * 2'654'435'761U + 1U;
  for (std::size_t step = 0; step < steps; ++step) {
    luck = luck * 1'664'525U + 1'013'904'223U;
    const double noise = static_cast<double>(luck >> 24) / 32.0;
    const double wave = 40.0 + 30.0 * std::sin(static_cast<double>(step) * 6.283 / 86'400.0 * (1.0 + seed % 3U));
    const bool hole = step >= 1'200 && step < 1'500;
    series.values.push_back(hole ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(std::floor(wave + noise)));
  }
  return series;
}

TimeChart made_up_chart(const std::string& name, std::size_t steps, unsigned panels, unsigned lines) {
  TimeChart chart{.caption = "Load of " + name, .start_unix_ns = start_unix_ns, .utc_offset_s = 3'600, .step = from_seconds(1)};
  chart.length = from_seconds(static_cast<double>(steps));
  for (unsigned panel = 0; panel < panels; ++panel) {
    Panel made{.title = "Panel " + std::to_string(panel + 1), .unit = panel == 0 ? "calls/s" : "calls", .series = {}};
    for (unsigned line = 0; line < lines; ++line)
      made.series.push_back(made_up_series(name + " " + std::to_string(line + 1), steps, panel * lines + line));
    chart.panels.push_back(std::move(made));
  }
  chart.lanes.push_back(
      {.name = "edge " + name, .stretches = {{.from = from_seconds(600), .until = from_seconds(1'200), .state = "down of " + name}}});
  chart.shaded.push_back({.from = from_seconds(600), .until = from_seconds(1'500), .text = "loss at " + name});
  return chart;
}

Table made_up_table(const std::string& name) {
  Table table{.caption = "Calls of " + name, .columns = {{"call"}, {"answered after", Column::Align::right}}, .rows = {}, .searchable = true};
  for (int call = 1; call <= 12; ++call) {
    const double delay = (call * 7) % 12;
    table.rows.push_back({.cells = {{.text = name + " " + std::to_string(call)}, {.text = std::to_string((call * 7) % 12) + " s", .number = delay}},
                          .detail = detail_of({Block{Paragraph{.text = "What happened to " + name}}})});
  }
  return table;
}

/// Every kind of block, with `name` wherever a user's name can stand.
Document made_up_document(const std::string& name) {
  const Flow flow{.caption = "Where calls of " + name + " went",
                  .nodes = {{name, 0, 10, Tone::plain}, {"edge of " + name, 1, 8, Tone::good}, {"lost", 1, 2, Tone::bad}},
                  .links = {{0, 1, 8}, {0, 2, 2}}};
  const HeatMap heat{.caption = "Load of " + name, .unit = "calls", .rows = {name, "other"}, .columns = {name, "b"}, .values = {{1, 2}, {3, {}}}};
  const Steps steps{.caption = "Story of " + name, .steps = {{"+4.0 s", name + " went down", Tone::bad}, {"+9.0 s", "back", Tone::good}}};
  const Fold fold{.id = "more", .title = "More of " + name, .blocks = {Block{made_up_chart(name, 1'800, 1, 2)}}};
  const Bullets finding{.items = {{name + " failed.", Tone::bad}, {"The rest did not.", Tone::good}}};
  return {.title = "Report of " + name,
          .subtitle = "Made up for " + name,
          .sections = {{"finding", "Finding", {Block{finding}, Block{steps}}},
                       {"load", "Load of " + name, {Block{made_up_chart(name, 3'600, 2, 3)}, Block{flow}, Block{heat}}},
                       {"calls", "Calls", {Block{made_up_table(name)}, Block{fold}}},
                       {"scenario", "Scenario", {Block{Verbatim{.caption = name, .text = "name: " + name + "\n"}}}}}};
}

Document day_of_seconds() {
  return {.title = "A day", .subtitle = "of seconds", .sections = {{"load", "Load", {Block{made_up_chart("trunk", 86'400, 2, 10)}}}}};
}

void write(const std::filesystem::path& file, const Document& document) {
  std::ofstream out(file, std::ios::binary);
  out << html_page(document);
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

void write_pages(const std::filesystem::path& folder) {
  write(folder / "normal.html", made_up_document("stockholm"));
  write(folder / "hostile.html", made_up_document("</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&<!--"));
  write(folder / "day.html", day_of_seconds());
}

}  // namespace
}  // namespace trunklab

int main(int count, char** words) {
  try {
    if (count != 2) throw std::runtime_error("usage: sample_page FOLDER");
    trunklab::write_pages(words[1]);
    return 0;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "sample_page: %s\n", problem.what());
    return 1;
  }
}
