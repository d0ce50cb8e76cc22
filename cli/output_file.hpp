// Reports written to files: whole or not at all, and never over something else.
#pragma once

#include <filesystem>
#include <string_view>

namespace trunklab::cli {

/// Writes `text` beside `target` and renames it. Throws std::runtime_error naming the file if its folder is missing or cannot be written to, or if
/// the target is there and does not begin with `opening`, which every text of this kind begins with (a file that is empty may be replaced, too).
void write_report(const std::filesystem::path& target, std::string_view text, std::string_view opening);

}  // namespace trunklab::cli
