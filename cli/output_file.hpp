// Reports written to files: whole or not at all, and never over something else.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string_view>

namespace trunklab::cli {

/// Throws std::runtime_error naming the file if its folder is missing or cannot be written to, or if the target is there and is no report of this
/// kind: every one of them begins with `opening`. Where nothing tells them from other files (an empty `opening`), one that is there stays. An empty
/// file may be replaced. To be called before much is worked out.
void check_report_target(const std::filesystem::path& target, std::string_view opening);

/// Checks the target, lets `write` write beside it and renames that. Throws likewise, and whatever `write` throws; then nothing is left behind.
void write_report(const std::filesystem::path& target, std::string_view opening, const std::function<void(std::ostream&)>& write);

}  // namespace trunklab::cli
