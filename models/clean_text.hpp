// Text of users made harmless for one line of output.
#pragma once

#include <string>
#include <string_view>

namespace trunklab {

/// Length of the well-formed UTF-8 character at the front, 1..4; 0 if there is none (Unicode standard, table 3-7).
std::size_t character_bytes(std::string_view text);

/// The text as one line of valid UTF-8: line breaks and tabs become spaces; other control characters (which would command a terminal), characters
/// that turn the direction of what follows, and bytes that are no UTF-8 become U+FFFD.
std::string clean_line(std::string_view text);

/// The same, but line breaks and tabs stay.
std::string clean_lines(std::string_view text);

/// How many characters it has, each taken as one column wide. Of valid UTF-8.
std::size_t characters(std::string_view text);

/// How many bytes its first characters take; all of them if there are fewer.
std::size_t bytes_of(std::string_view text, std::size_t first);

/// At most so many characters, the last of them an ellipsis where something was left out.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace trunklab
