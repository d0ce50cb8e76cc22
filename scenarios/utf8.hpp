// Tells text from other bytes, before a parser is let loose on it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace trunklab {

struct TextFlaw {
  std::size_t line = 1;
  std::size_t column = 1;  ///< in bytes, from 1
  std::string what;        ///< "a NUL byte" or "a byte that is not UTF-8"
};

/// The first byte that makes this no UTF-8 text: NUL, or a sequence that the Unicode standard (table 3-7) does not list.
std::optional<TextFlaw> find_text_flaw(std::string_view text);

}  // namespace trunklab
