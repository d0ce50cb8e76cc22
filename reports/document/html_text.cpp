// Escaping.
#include "reports/document/html_text.hpp"

#include <algorithm>

#include "models/clean_text.hpp"

namespace trunklab {
namespace {

std::string escaped(std::string_view clean) {
  std::string out;
  out.reserve(clean.size());
  for (const char letter : clean) {
    switch (letter) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += letter;
    }
  }
  return out;
}

}  // namespace

std::string html(std::string_view text) {
  return escaped(clean_line(text));
}

std::string html_lines(std::string_view text) {
  return escaped(clean_lines(text));
}

std::string html_id(std::string_view text) {
  std::string id;
  for (const char letter : text) {
    const bool kept = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '_';
    id += kept ? letter : '-';
  }
  return id;
}

std::string base64(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t place = 0; place < 3; ++place) group = group << 8 | (place < count ? bytes[at + place] : 0U);
    for (std::size_t place = 0; place < 4; ++place) text += place <= count ? digits[group >> (18 - 6 * place) & 63U] : '=';
  }
  return text;
}

std::string script_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (const char letter : json) {
    if (letter == '<') {
      out += "\\u003c";  // no </script>, no <!--
    } else if (letter != '\n') {
      out += letter;
    }
  }
  return out;
}

}  // namespace trunklab
