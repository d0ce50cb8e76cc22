// Values of sweeps, read and combined.
#include "scenarios/variation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "models/clean_text.hpp"
#include "models/media/split_mix.hpp"

namespace trunklab {
namespace {

constexpr const char* variation_form = "KEY=a,b,c or KEY=from..to/step, such as sites.oslo.channels=30,60 or sites.oslo.channels=30..90/10";

/// Splits at commas that stand outside of brackets and braces.
std::vector<std::string> items_of(std::string_view list) {
  std::vector<std::string> items(1);
  int depth = 0;
  for (const char letter : list) {
    if (letter == '[' || letter == '{') ++depth;
    if (letter == ']' || letter == '}') --depth;
    if (letter == ',' && depth == 0) {
      items.emplace_back();
    } else {
      items.back() += letter;
    }
  }
  for (std::string& item : items) {
    const std::size_t first = item.find_first_not_of(' ');
    item = first == std::string::npos ? "" : item.substr(first, item.find_last_not_of(' ') - first + 1);
  }
  return items;
}

struct NumberWithUnit {
  double number = 0;
  bool whole = false;
  std::string unit;
};

std::optional<NumberWithUnit> number_with_unit(std::string_view text) {
  NumberWithUnit read;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), read.number);
  if (failure != std::errc{} || !std::isfinite(read.number)) return std::nullopt;
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.data()));
  read.whole = digits.find_first_of(".eE") == std::string_view::npos;
  read.unit = text.substr(digits.size());
  return read;
}

/// Where the step's slash stands; a slash before a letter belongs to a rate's unit. npos: no step.
std::size_t step_slash(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return std::string_view::npos;
  const char next = text[slash + 1];
  return (next >= '0' && next <= '9') || next == '.' || next == '-' ? slash : std::string_view::npos;
}

/// nullopt: no range that makes sense.
std::optional<ValueRange> range_of(std::string_view text) {
  const std::size_t dots = text.find("..");
  const std::string_view rest = text.substr(dots + 2);
  const std::size_t slash = step_slash(rest);
  const auto from = number_with_unit(text.substr(0, dots));
  const auto to = number_with_unit(rest.substr(0, slash));
  if (!from || !to || (from->unit != to->unit && !(from->unit.empty() && !to->unit.empty())) || from->number >= to->number) return std::nullopt;
  ValueRange range{.from = from->number, .to = to->number, .step = {}, .whole = from->whole && to->whole, .unit = to->unit};
  if (slash == std::string_view::npos) return range;
  const auto step = number_with_unit(rest.substr(slash + 1));
  if (!step || step->number <= 0 || (!step->unit.empty() && step->unit != range.unit)) return std::nullopt;
  range.step = step->number;
  range.whole = range.whole && step->whole;
  return range;
}

std::string value_text(const ValueRange& range, double number) {
  return range.whole ? fmt::format("{:.0f}{}", std::round(number), range.unit) : fmt::format("{:.6g}{}", number, range.unit);
}

/// From one end in steps; the other end is the last one if a step meets it, within rounding.
std::vector<std::string> steps_of(const ValueRange& range) {
  const auto steps = static_cast<std::size_t>((range.to - range.from) / *range.step + 1e-9);
  std::vector<std::string> values;
  values.reserve(steps + 1);
  for (std::size_t step = 0; step <= steps; ++step) values.push_back(value_text(range, range.from + static_cast<double>(step) * *range.step));
  return values;
}

bool too_many(const ValueRange& range) {
  return range.step && (range.to - range.from) / *range.step >= static_cast<double>(sweep_points_max);
}

/// A shuffle of 0 .. count - 1.
std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t& state) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t left = count; left > 1; --left) std::swap(order[left - 1], order[below(static_cast<std::uint32_t>(left), next_luck(state))]);
  return order;
}

}  // namespace

Result<Variation> parse_variation(std::string_view text, std::string_view where) {
  const auto problem = [&](std::string expected) {
    return Problem{std::string(where), fmt::format("'{}'", shortened(clean_line(text), 60)), std::move(expected)};
  };
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos || equals + 1 == text.size()) return problem(variation_form);
  Variation variation{.key = std::string(text.substr(0, equals)), .values = {}, .range = {}};
  const std::string_view values = text.substr(equals + 1);
  if (values.find("..") == std::string_view::npos || values.find_first_of("{[\"'") != std::string_view::npos) {
    variation.values = items_of(values);
    if (std::ranges::find(variation.values, "") != variation.values.end()) return problem("a value between the commas");
    for (auto value = variation.values.begin(); value != variation.values.end(); ++value) {
      if (std::find(variation.values.begin(), value, *value) != value) return problem("every value once");
    }
    return variation;
  }
  variation.range = range_of(values);
  if (!variation.range) return problem("from..to/step, with from below to and the same unit, such as 10..50/10 or 1s..5s/0.5s");
  if (too_many(*variation.range)) return problem(fmt::format("at most {} values", sweep_points_max));
  if (variation.range->step) variation.values = steps_of(*variation.range);
  return variation;
}

bool keys_overlap(std::string_view left, std::string_view right) {
  for (;;) {
    const std::string_view first = left.substr(0, left.find('.'));
    const std::string_view second = right.substr(0, right.find('.'));
    if (first != second && first != "*" && second != "*") return false;
    if (first.size() == left.size() || second.size() == right.size()) return true;
    left.remove_prefix(first.size() + 1);
    right.remove_prefix(second.size() + 1);
  }
}

Result<std::vector<std::vector<Override>>> full_grid(std::span<const Variation> variations) {
  std::vector<std::vector<Override>> points(1);
  for (const Variation& variation : variations) {
    if (variation.values.empty()) {
      return Problem{"--vary " + variation.key, "a range without a step", "from..to/step, or --latin N, which takes N places of the range"};
    }
    if (points.size() > sweep_points_max / variation.values.size()) {
      return Problem{"--vary", fmt::format("more than {} combinations", sweep_points_max), "fewer values, or --latin N"};
    }
    std::vector<std::vector<Override>> longer;
    longer.reserve(points.size() * variation.values.size());
    for (const auto& point : points) {
      for (const std::string& value : variation.values) {
        longer.push_back(point);
        longer.back().push_back({.key = variation.key, .value = value});
      }
    }
    points = std::move(longer);
  }
  return points;
}

std::vector<std::vector<Override>> latin_hypercube(std::span<const Variation> variations, std::size_t points, std::uint64_t seed) {
  std::vector<std::vector<Override>> all(points);
  std::uint64_t state = split_mix(seed + points);
  for (const Variation& variation : variations) {
    const std::vector<std::size_t> order = shuffled(points, state);
    for (std::size_t point = 0; point < points; ++point) {
      const double inside = static_cast<double>(next_luck(state) >> 11U) * 0x1p-53;
      std::string value;
      if (variation.range) {
        const ValueRange& range = *variation.range;
        // A whole range's last value gets a part as wide as the others.
        const double width = range.to - range.from + (range.whole ? 1 : 0);
        const double place = range.from + width * (static_cast<double>(order[point]) + inside) / static_cast<double>(points);
        value = value_text(range, range.whole ? std::floor(place) : place);
      } else {
        value = variation.values[order[point] * variation.values.size() / points];
      }
      all[point].push_back({.key = variation.key, .value = std::move(value)});
    }
  }
  return all;
}

}  // namespace trunklab
