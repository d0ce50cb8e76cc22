// What changed between two texts, line by line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trunklab {

/// Lines removed ("- "), added ("+ ") and, two before and after each change, kept ("  "), with as few changes as can be; "..." stands for further
/// kept lines. At most `most` lines, then how many more there would be. Where more than 16 million pairs of lines would have to be compared, all
/// between the equal beginning and the equal end counts as changed. Empty for equal texts; a line feed at the very end says nothing.
std::string line_diff(std::string_view before, std::string_view after, std::size_t most = 300);

}  // namespace trunklab
