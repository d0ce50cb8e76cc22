// Series as one line of characters.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "reports/document/settings.hpp"

namespace trunklab {
namespace {

constexpr std::array<std::string_view, 8> bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

/// NaN if nothing is known.
float largest(auto from, auto until) {
  float most = NAN;
  for (auto value = from; value != until; ++value) {
    if (!std::isnan(*value) && !(*value <= most)) most = *value;
  }
  return most;
}

}  // namespace

std::string sparkline(const std::vector<float>& values, std::size_t width) {
  const float top = largest(values.begin(), values.end());
  const std::size_t parts = std::min(width, values.size());
  std::string line;
  for (std::size_t part = 0; part < parts; ++part) {
    const auto at = [&](std::size_t place) { return values.begin() + static_cast<std::ptrdiff_t>(values.size() * place / parts); };
    const float value = largest(at(part), at(part + 1));
    if (std::isnan(value)) {
      line += ' ';
      continue;
    }
    const float share = top > 0 ? std::clamp(value / top, 0.0F, 1.0F) : 0;
    line += bars.at(static_cast<std::size_t>(std::lround(share * 7)));
  }
  return line;
}

std::string peak_text(const Series& series, const std::string& unit) {
  const float most = largest(series.values.begin(), series.values.end());
  return std::isnan(most) ? "-" : fmt::format("max {} {}", figure_text(static_cast<double>(most)), unit);
}

}  // namespace trunklab
