// Decoding UTF-8 with care (the table of RFC 3629, section 4).
#include "models/clean_text.hpp"

#include <algorithm>
#include <cstdint>

namespace trunklab {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// What a first byte announces: how many bytes, and the bits it holds itself; 0 bytes if it cannot be one.
struct Lead {
  std::size_t bytes;
  std::uint32_t bits;
};
Lead lead_of(unsigned char first) {
  if (first < 0x80) return {1, first};
  if (first >= 0xC2 && first < 0xE0) return {2, first & 0x1FU};
  if (first >= 0xE0 && first < 0xF0) return {3, first & 0x0FU};
  if (first >= 0xF0 && first < 0xF5) return {4, first & 0x07U};
  return {0, 0};
}

struct Decoded {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  ///< 0: no UTF-8
};
Decoded decode(std::string_view text) {
  constexpr std::uint32_t least[]{0, 0, 0x80, 0x800, 0x10000};
  const Lead lead = lead_of(static_cast<unsigned char>(text.front()));
  if (lead.bytes == 0 || text.size() < lead.bytes) return {};
  std::uint32_t code = lead.bits;
  for (std::size_t place = 1; place < lead.bytes; ++place) {
    if (!is_continuation(text[place])) return {};
    code = code << 6 | (static_cast<unsigned char>(text[place]) & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (code < least[lead.bytes] || surrogate || code > 0x10FFFF) return {};
  return {.code = code, .bytes = lead.bytes};
}

/// Controls, and what turns the direction of the text around (Unicode Bidirectional Algorithm, explicit formatting characters).
bool is_harmful(std::uint32_t code) {
  const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
  const bool turns = code == 0x200E || code == 0x200F || code == 0x061C || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return control || turns || code == 0xFEFF;
}

std::string cleaned(std::string_view text, bool keep_lines) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode(text);
    const std::size_t bytes = std::max<std::size_t>(next.bytes, 1);
    const bool space = next.bytes == 1 && (next.code == '\n' || next.code == '\t' || next.code == '\r');
    if (space) {
      if (keep_lines && next.code != '\r') clean += static_cast<char>(next.code);
      if (!keep_lines) clean += ' ';
    } else if (next.bytes == 0 || is_harmful(next.code)) {
      clean += replacement;
    } else {
      clean += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return clean;
}

}  // namespace

std::size_t character_bytes(std::string_view text) {
  return text.empty() ? 0 : decode(text).bytes;
}

std::string clean_line(std::string_view text) {
  return cleaned(text, false);
}

std::string clean_lines(std::string_view text) {
  return cleaned(text, true);
}

std::size_t characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, is_continuation));
}

std::size_t bytes_of(std::string_view text, std::size_t first) {
  std::size_t end = 0;
  for (std::size_t kept = 0; kept < first && end < text.size(); ++kept) {
    do ++end;
    while (end < text.size() && is_continuation(text[end]));
  }
  return end;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (characters(text) <= most || most == 0) return std::string(text);
  return std::string(text.substr(0, bytes_of(text, most - 1))) + "\xE2\x80\xA6";
}

}  // namespace trunklab
