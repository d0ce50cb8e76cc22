// Checks UTF-8.
#include "scenarios/utf8.hpp"

#include <algorithm>

#include "models/clean_text.hpp"

namespace trunklab {
namespace {

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
