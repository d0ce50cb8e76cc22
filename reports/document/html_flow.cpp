// A flow of calls as a picture: nodes are bars as high as they have calls, links are bands between them.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "models/clean_text.hpp"
#include "reports/document/html_text.hpp"
#include "reports/document/html_writer.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

constexpr double width = 900;
constexpr double node_width = 14;
constexpr double label_width = 210;
constexpr double gap = 26;         ///< between nodes of a column: room for a label of its own
constexpr double all_calls = 260;  ///< height of as many calls as the fullest column has
constexpr std::size_t label_characters_max = 34;

struct Bar {
  double x = 0, y = 0, height = 0;
  double used_in = 0, used_out = 0;  ///< by bands that have been drawn
};

class FlowPicture {
 public:
  explicit FlowPicture(const Flow& flow) : flow_(flow), bars_(flow.nodes.size()) {
    for (const Flow::Node& node : flow.nodes) columns_ = std::max(columns_, node.column + 1);
    place_bars();
  }

  [[nodiscard]] std::string svg() {
    std::string inside;
    for (const Flow::Link& link : flow_.links) inside += band(link);
    for (std::size_t node = 0; node < bars_.size(); ++node) inside += bar(node);
    return fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n{}</svg>\n", width, height_, html(flow_.caption), inside);
  }

 private:
  void place_bars() {
    std::vector<double> calls(columns_, 0);
    for (const Flow::Node& node : flow_.nodes) calls[node.column] += node.calls;
    const double most = *std::ranges::max_element(calls);
    const double pixels = most > 0 ? all_calls / most : 0;
    std::vector<double> next(columns_, 4);
    const double between = columns_ > 1 ? (width - label_width - node_width) / (columns_ - 1) : 0;
    for (std::size_t node = 0; node < bars_.size(); ++node) {
      const std::uint32_t column = flow_.nodes[node].column;
      bars_[node] = {.x = column * between, .y = next[column], .height = std::max(flow_.nodes[node].calls * pixels, 1.0)};
      next[column] += bars_[node].height + gap;
    }
    height_ = *std::ranges::max_element(next);
    pixels_ = pixels;
  }

  [[nodiscard]] std::string band(const Flow::Link& link) {
    Bar& from = bars_.at(link.from);
    Bar& to = bars_.at(link.to);
    const double thick = std::max(link.calls * pixels_, 0.5);
    const double x0 = from.x + node_width;
    const double x1 = to.x;
    const double y0 = from.y + from.used_out;
    const double y1 = to.y + to.used_in;
    from.used_out += link.calls * pixels_;
    to.used_in += link.calls * pixels_;
    const double middle = (x0 + x1) / 2;
    const Flow::Node& target = flow_.nodes[link.to];
    return fmt::format(
        "<path class=\"band {}\" d=\"M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}v{:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}z\">"
        "<title>{} to {}: {} calls</title></path>\n",
        tone_class(target.tone), x0, y0, middle, y0, middle, y1, x1, y1, thick, middle, y1 + thick, middle, y0 + thick, x0, y0 + thick,
        html(flow_.nodes[link.from].name), html(target.name), figure_text(link.calls));
  }

  [[nodiscard]] std::string bar(std::size_t place) const {
    const Bar& bar = bars_[place];
    const Flow::Node& node = flow_.nodes[place];
    return fmt::format(
        "<rect class=\"node {}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.0f}\" height=\"{:.1f}\"/><text x=\"{:.1f}\" y=\"{:.1f}\">{} <tspan>{}"
        "</tspan></text>\n",
        tone_class(node.tone), bar.x, bar.y, node_width, bar.height, bar.x + node_width + 5, bar.y + std::max(bar.height / 2, 4.0) + 4,
        html(shortened(clean_line(node.name), label_characters_max)), figure_text(node.calls));
  }

  const Flow& flow_;
  std::vector<Bar> bars_;
  std::uint32_t columns_ = 1;
  double height_ = 0;
  double pixels_ = 0;
};

}  // namespace

std::string flow_svg(const Flow& flow) {
  return FlowPicture(flow).svg();
}

}  // namespace trunklab
