// What the scripts of a page need to draw a chart.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/clean_text.hpp"
#include "reports/document/html_text.hpp"
#include "reports/document/html_writer.hpp"
#include "reports/document/packed_series.hpp"

namespace trunklab {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t name_characters_max = 80;

std::string name_of(const std::string& text) {
  return shortened(clean_line(text), name_characters_max);
}

Json panels_json(const TimeChart& chart) {
  Json panels = Json::array();
  for (const Panel& panel : chart.panels) {
    Json series = Json::array();
    for (const Series& each : panel.series) series.push_back({{"name", name_of(each.name)}, {"scale", packing_scale(each)}});
    panels.push_back({{"title", name_of(panel.title)}, {"unit", clean_line(panel.unit)}, {"average", panel.average}, {"series", std::move(series)}});
  }
  return panels;
}

Json lanes_json(const TimeChart& chart) {
  Json lanes = Json::array();
  for (const Lane& lane : chart.lanes) {
    Json stretches = Json::array();
    for (const Lane::Stretch& stretch : lane.stretches) {
      const std::string_view tone = stretch.tone == Tone::plain ? "plain" : tone_class(stretch.tone);
      stretches.push_back({in_seconds(stretch.from), in_seconds(stretch.until), name_of(stretch.state), tone});
    }
    lanes.push_back({{"name", name_of(lane.name)}, {"stretches", std::move(stretches)}});
  }
  return lanes;
}

}  // namespace

std::size_t chart_steps(const TimeChart& chart) {
  std::size_t steps = 0;
  for (const Panel& panel : chart.panels) {
    for (const Series& series : panel.series) steps = std::max(steps, series.values.size());
  }
  return steps;
}

std::string chart_json(const TimeChart& chart) {
  Json shaded = Json::array();
  for (const TimeChart::Window& window : chart.shaded) shaded.push_back({in_seconds(window.from), in_seconds(window.until), name_of(window.text)});
  const std::size_t steps = chart_steps(chart);
  return Json{{"start", static_cast<double>(chart.start_unix_ns) / 1e9},
              {"offset", chart.utc_offset_s},
              {"step", in_seconds(chart.step)},
              {"length", in_seconds(chart.length)},
              {"steps", steps},
              {"panels", panels_json(chart)},
              {"lanes", lanes_json(chart)},
              {"shaded", std::move(shaded)},
              {"data", base64(packed(chart.panels, steps))}}
      .dump();
}

}  // namespace trunklab
