// Reading own numbers.
#include "traffic/load/permission/number_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "scenarios/file_text.hpp"
#include "scenarios/reading.hpp"
#include "scenarios/yaml_tree.hpp"
#include "traffic/load/permission/dialled_number.hpp"

namespace trunklab {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

const std::string& pick(const std::vector<std::string>& list, std::string_view call) {
  constexpr std::uint64_t offset = 14695981039346656037U;
  constexpr std::uint64_t prime = 1099511628211U;
  std::uint64_t hash = offset;
  for (const char c : call) hash = (hash ^ static_cast<unsigned char>(c)) * prime;
  return list[hash % list.size()];
}

bool has(const std::vector<std::string>& list, std::string_view number) {
  return std::ranges::find(list, number) != list.end();
}

}  // namespace

Result<OwnNumbers> read_own_numbers(const std::filesystem::path& path) {
  constexpr std::size_t bytes_max = 10'000'000;
  const auto text = read_text(path.string(), bytes_max);
  if (!text) return text.problems();
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  std::string_view rest = text.value();
  if (rest.starts_with(byte_order_mark)) rest.remove_prefix(byte_order_mark.size());
  OwnNumbers own;
  std::vector<std::string>* list = nullptr;
  Reading reading(path.string());
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trimmed(rest.substr(0, std::min(end, rest.substr(0, end).find('#'))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const Place place{.line = number, .column = 1};
    if (line.empty()) continue;
    if (line == "[called]" || line == "[callers]") {
      list = line == "[called]" ? &own.called : &own.callers;
      continue;
    }
    const auto e164 = e164_of(line, where_text(path.string(), place));
    if (list == nullptr)
      reading.mistake(place, in_quotes(line), "[called] or [callers] first");
    else if (!e164)
      reading.mistake(e164.problems().front());
    else if (const std::string why = why_never_called(e164.value()); !why.empty())
      reading.mistake(place, in_quotes(line) + ", " + why, "a number that may be called");
    else if (has(*list, e164.value()))
      reading.mistake(place, in_quotes(line) + " twice", "each number once");
    else
      list->push_back(e164.value());
  }
  if (reading.clean() && own.called.empty()) reading.mistake({}, "no number under [called]", "those that may be called");
  if (reading.clean() && own.callers.empty()) reading.mistake({}, "no number under [callers]", "those that calls may come from");
  if (!reading.clean()) return reading.problems();
  return own;
}

NumberGate::NumberGate(OwnNumbers own) : own_(std::move(own)) {}

const std::string& NumberGate::called_for(std::string_view call) const {
  return pick(own_.called, call);
}

const std::string& NumberGate::caller_for(std::string_view call) const {
  return pick(own_.callers, call);
}

std::string NumberGate::objection(std::string_view called, std::string_view caller) const {
  if (!has(own_.called, called)) return fmt::format("{}, which is not among the numbers that may be called", in_quotes(called));
  if (!has(own_.callers, caller)) return fmt::format("{}, which is not among the callers' numbers", in_quotes(caller));
  for (const std::string_view number : {called, caller}) {
    if (const std::string why = why_never_called(number); !why.empty()) return fmt::format("{}, {}", in_quotes(number), why);
  }
  return {};
}

}  // namespace trunklab
