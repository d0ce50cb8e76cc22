// Reads the values of `trunklab erlang`, and ranges of them.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cli/erlang_formula.hpp"
#include "models/clean_text.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab::cli {

namespace {

constexpr std::string_view digits = "0123456789";

/// Characters of the number that the text begins with: 3 of "1e6", 2 of "20s".
std::size_t number_length(std::string_view text) {
  const std::size_t mantissa = std::min(text.find_first_not_of("0123456789."), text.size());
  if (mantissa == text.size() || (text[mantissa] != 'e' && text[mantissa] != 'E')) return mantissa;
  const std::size_t sign = std::min(mantissa + 1, text.size());
  const std::size_t from = std::min(text.find_first_not_of("+-", sign), text.size());
  const std::size_t end = std::min(text.find_first_not_of(digits, from), text.size());
  return end > from && from <= sign + 1 ? end : mantissa;
}

std::optional<double> share_of(const std::string& text) {
  if (!text.ends_with('%')) return number_of(text);
  const auto percent = number_of(std::string_view(text).substr(0, text.size() - 1));
  return percent ? std::optional(*percent / 100) : std::nullopt;
}

std::string listed(std::initializer_list<const char*> names) {
  std::string list;
  std::size_t at = 0;
  for (const char* name : names) {
    ++at;
    list += std::string(at == 1 ? "" : at == names.size() ? " and " : ", ") + "--" + name;
  }
  return list;
}

std::string count_word(std::size_t count) {
  static constexpr std::array words{"none", "one", "two", "three", "four"};
  return words.at(count);
}

/// A number with its unit: "20", "1%", "30s".
struct Measured {
  double number = 0;
  std::string unit;
};
std::optional<Measured> measured(std::string_view text) {
  const std::size_t end = number_length(text);
  const auto number = number_of(text.substr(0, end));
  if (!number) return std::nullopt;
  return Measured{*number, std::string(text.substr(end))};
}

/// Without an exponent, which times and whole numbers do not have; but of what would lose its digits that way.
std::string plain(double number) {
  if (number > 0 && number < 1e-6) return fmt::format("{:.12g}", number);
  std::string text = fmt::format("{:.12f}", number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::optional<double> number_of(std::string_view text) {
  const std::size_t exponent = std::min(text.find_first_of("eE"), text.size());
  if (!parse_number(text.substr(0, exponent)) || number_length(text) != text.size()) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string cited(std::string_view text) {
  constexpr std::size_t most = 60;
  return "'" + shortened(clean_line(text), most) + "'";
}

void misuse(const std::string& name, std::string_view found, const std::string& expected) {
  throw Misuse("--" + name + ": found " + cited(found) + ", expected " + expected);
}

double Inputs::number(const std::string& name, double most, const std::string& expected, bool zero_too) const {
  const auto value = number_of(text(name));
  if (value && (*value > 0 || zero_too) && *value <= most) return *value;
  misuse(name, text(name), expected);
}

Erlangs Inputs::erlangs(const std::string& name) const {
  return Erlangs{number(name, erlang_offered_max, "Erlangs above 0 and up to 10000000, such as 33.333")};
}

std::uint32_t Inputs::whole(const std::string& name, std::uint64_t least, std::uint64_t most) const {
  const auto value = parse_whole(text(name));
  if (value && *value >= least && *value <= most) return static_cast<std::uint32_t>(*value);
  misuse(name, text(name), fmt::format("a whole number from {} to {}", least, most));
}

double Inputs::size(const std::string& name, std::uint64_t least) const {
  if (!fractional()) return whole(name, least);
  return number(name, static_cast<double>(erlang_trunks_max),
                fmt::format("a size {} 0 and up to 10000000, such as 44.5", least > 0 ? "above" : "from"), least == 0);
}

Probability Inputs::share(const std::string& name) const {
  const auto value = share_of(text(name));
  if (value && *value > 0 && *value < 1) return Probability{*value};
  misuse(name, text(name), "a share above 0 and below 100 %, such as 1% or 0.01");
}

Probability Inputs::share_from_zero(const std::string& name, bool all_too) const {
  const auto value = share_of(text(name));
  if (value && (*value < 1 || (all_too && *value == 1))) return Probability{*value};
  misuse(name, text(name), fmt::format("a share from 0% {} 100%, such as 70%", all_too ? "to" : "to below"));
}

Span Inputs::span(const std::string& name, const std::string& other, Span least, Span most) const {
  const std::string given = text_or(name, other);
  const auto value = parse_span(given);
  if (value && *value >= least && *value <= most) return *value;
  misuse(name, given, fmt::format("a duration from {} to {}, such as {}", span_text(least), span_text(most), other.empty() ? "30s" : other));
}

void Inputs::expect(std::initializer_list<const char*> names, std::size_t count) const {
  const auto given = static_cast<std::size_t>(std::ranges::count_if(names, [&](const char* name) { return has(name); }));
  if (given == count) return;
  const std::string answer = count + 1 == names.size() ? count == 2 ? "the third" : "the one left out" : "what is left out";
  throw Misuse(fmt::format("found {} of {}, expected {}: {} is the answer", given, listed(names), count_word(count), answer));
}

void Inputs::require(std::initializer_list<const char*> names) const {
  for (const char* name : names) {
    if (!has(name)) throw Misuse(fmt::format("found no --{}, expected {}", name, listed(names)));
  }
}

std::vector<std::string> range_values(const std::string& name, const std::string& text) {
  constexpr double rows_max = 1000;
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) return {};
  const std::size_t slash = std::min(text.find('/', dots), text.size());
  const auto from = measured(std::string_view(text).substr(0, dots));
  const auto to = measured(std::string_view(text).substr(dots + 2, slash - dots - 2));
  const auto step = measured(std::string_view(text).substr(std::min(slash + 1, text.size())));
  const bool fits = from && to && step && from->unit == to->unit && from->unit == step->unit && from->number <= to->number && step->number > 0;
  if (!fits) misuse(name, text, "a range from..to/step in one unit, the lower value first, such as 10..50/10 or 1%..5%/1%");
  // Rounding must not take the last value away.
  const double steps = std::floor((to->number - from->number) / step->number + 1e-9);
  if (steps + 1 > rows_max) misuse(name, text, fmt::format("a range of at most {} values, not {:.0f}", rows_max, steps + 1));
  std::vector<std::string> values;
  for (int row = 0; row <= static_cast<int>(steps); ++row) values.push_back(plain(from->number + row * step->number) + from->unit);
  return values;
}

}  // namespace trunklab::cli
