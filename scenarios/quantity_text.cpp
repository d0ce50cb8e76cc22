// Reads and writes numbers with units.
#include "scenarios/quantity_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace trunklab {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr std::array<Unit, 7> units{Unit{"d", 86'400'000'000'000},
                                    Unit{"h", 3'600'000'000'000},
                                    Unit{"min", 60'000'000'000},
                                    Unit{"s", 1'000'000'000},
                                    Unit{"ms", 1'000'000},
                                    Unit{"us", 1'000},
                                    Unit{"ns", 1}};
constexpr std::int64_t span_ns_max = std::int64_t{200} * 365 * 86'400 * 1'000'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_while(std::string_view& rest, bool (*wanted)(char)) {
  const auto end = std::ranges::find_if_not(rest, wanted);
  const auto count = static_cast<std::size_t>(end - rest.begin());
  const std::string_view taken = rest.substr(0, count);
  rest.remove_prefix(count);
  return taken;
}

/// `number` units of `ns` each, to the nearest nanosecond; the whole part in integers, so that `0.1s` added ten times over is exact.
std::optional<std::int64_t> in_ns(std::string_view number, std::int64_t ns) {
  if (!parse_number(number)) return std::nullopt;
  const std::size_t point = number.find('.');
  const std::optional<std::uint64_t> whole = parse_whole(number.substr(0, point));
  if (!whole || *whole > static_cast<std::uint64_t>(span_ns_max / ns)) return std::nullopt;
  const double fraction = point == std::string_view::npos ? 0.0 : parse_number("0" + std::string(number.substr(point))).value_or(0);
  return static_cast<std::int64_t>(*whole) * ns + std::llround(fraction * static_cast<double>(ns));
}

}  // namespace

std::optional<Span> parse_span(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  const Unit* smaller = units.begin();
  while (!text.empty()) {
    const std::string_view number = take_while(text, [](char c) { return is_digit(c) || c == '.'; });
    const std::string_view name = take_while(text, [](char c) { return c >= 'a' && c <= 'z'; });
    const Unit* const unit = std::find_if(smaller, units.end(), [&](const Unit& each) { return each.name == name; });
    if (unit == units.end()) return std::nullopt;
    smaller = unit + 1;
    const std::optional<std::int64_t> part = in_ns(number, unit->ns);
    if (!part || *part > span_ns_max - total) return std::nullopt;
    total += *part;
  }
  return Span{total};
}

std::optional<CallsPerSecond> parse_rate(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 3> periods{{{"/s", 1.0}, {"/min", 60.0}, {"/h", 3600.0}}};
  for (const auto& [ending, seconds] : periods) {
    if (!text.ends_with(ending)) continue;
    const std::optional<double> number = parse_number(text.substr(0, text.size() - ending.size()));
    if (!number) return std::nullopt;
    return CallsPerSecond{*number / seconds};
  }
  return std::nullopt;
}

std::optional<double> parse_percentage(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  const std::optional<double> number = parse_number(text.substr(0, text.size() - 1));
  if (!number) return std::nullopt;
  return *number / 100;
}

std::optional<double> parse_number(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (whole.empty() || !std::ranges::all_of(whole, is_digit)) return std::nullopt;
  if (point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    if (fraction.empty() || !std::ranges::all_of(fraction, is_digit)) return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

bool is_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (!text.starts_with('.')) return false;
      text.remove_prefix(1);
    }
    const std::string_view digits = take_while(text, is_digit);
    if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits.front() == '0') || *parse_whole(digits) > 255) return false;
  }
  return text.empty();
}

std::string rate_text(CallsPerSecond rate) {
  // The last digits of a third of a second are noise: 59.99999999 a minute is one a second.
  constexpr double nearly_one = 1 - 1e-9;
  constexpr double six_digits = 1e6;
  const double per_s = rate.value();
  if (per_s >= six_digits) return fmt::format("{:.0f}/s", per_s);
  if (per_s >= nearly_one) return fmt::format("{:g}/s", per_s);
  if (per_s * 60 >= nearly_one) return fmt::format("{:g}/min", per_s * 60);
  return fmt::format("{:g}/h", per_s * 3600);
}

std::string span_text(Span span) {
  std::string text;
  std::int64_t rest = span.count();
  for (const Unit& unit : units) {
    // Days are for people who think in days: 72h stays 72h.
    if (unit.name == "d" && (rest < 7 * unit.ns || rest % unit.ns != 0)) continue;
    if (rest < unit.ns) continue;
    text += std::to_string(rest / unit.ns);
    text += unit.name;
    rest %= unit.ns;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace trunklab
