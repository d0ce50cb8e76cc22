// Deltas, varints, deflate.
#include "reports/document/packed_series.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace trunklab {
namespace {

void add_varint(std::uint64_t value, std::vector<std::uint8_t>& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

void add_series(const Series& series, std::size_t steps, std::vector<std::uint8_t>& out) {
  const int scale = packing_scale(series);
  std::int64_t before = 0;
  for (std::size_t step = 0; step < steps; ++step) {
    const float value = step < series.values.size() ? series.values[step] : NAN;
    if (!std::isfinite(value)) {
      add_varint(0, out);
      continue;
    }
    const std::int64_t quantum = std::llround(static_cast<double>(value) * scale);
    add_varint(zigzag(quantum - before) + 1, out);
    before = quantum;
  }
}

}  // namespace

int packing_scale(const Series& series) {
  const bool whole = std::ranges::all_of(series.values, [](float value) { return !std::isfinite(value) || value == std::floor(value); });
  return whole ? 1 : 1000;
}

std::vector<std::uint8_t> packed(std::span<const Panel> panels, std::size_t steps) {
  std::vector<std::uint8_t> tokens;
  for (const Panel& panel : panels) {
    for (const Series& series : panel.series) add_series(series, steps, tokens);
  }
  uLongf size = compressBound(tokens.size());
  std::vector<std::uint8_t> bytes(size);
  if (compress2(bytes.data(), &size, tokens.data(), tokens.size(), Z_BEST_COMPRESSION) != Z_OK)
    throw std::runtime_error("cannot pack the series: zlib failed");
  bytes.resize(size);
  return bytes;
}

}  // namespace trunklab
