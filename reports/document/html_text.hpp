// Text inside of HTML.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace trunklab {

/// Text of an element or of an attribute in double quotes: one clean line (clean_line), escaped.
std::string html(std::string_view text);

/// The same with line breaks.
std::string html_lines(std::string_view text);

/// Only letters, digits, '-' and '_' of a text: for ids.
std::string html_id(std::string_view text);

/// RFC 4648, section 4.
std::string base64(std::span<const std::uint8_t> bytes);

/// JSON that cannot end the element it stands in, and which is one line.
std::string script_json(std::string_view json);

}  // namespace trunklab
