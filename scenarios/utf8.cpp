// Checks UTF-8.
#include "scenarios/utf8.hpp"

#include <algorithm>

namespace trunklab {
namespace {

/// Length of the well-formed character at the front; 0 if there is none.
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    // No overlong forms, no surrogates.
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

TextFlaw flaw_at(std::string_view text, std::size_t at, std::string what) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n');
  return {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          .column = line_start == std::string_view::npos ? at + 1 : at - line_start,
          .what = std::move(what)};
}

}  // namespace

std::optional<TextFlaw> find_text_flaw(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\0') return flaw_at(text, at, "a NUL byte");
    const std::size_t bytes = character_bytes(text.substr(at));
    if (bytes == 0) return flaw_at(text, at, "a byte that is not UTF-8");
    at += bytes;
  }
  return std::nullopt;
}

}  // namespace trunklab
