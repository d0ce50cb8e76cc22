// The options by which `import` and `reconcile` take a call file alike.
#pragma once

#include <optional>
#include <string>

#include "cli/options.hpp"
#include "traffic/cdr/call_file.hpp"

namespace trunklab::cli {

/// Throws Misuse about the value of an option.
[[noreturn]] void misuse(const std::string& option, const std::string& found, const std::string& expected);

/// A column's name as given; "none", here empty: there is no such column. nullopt: not given.
std::optional<std::string> column_option(const Options& options, const std::string& name);

/// The file that `positional` names; --arrival, --holding, --talk, --outcome, --timezone and --date-format.
CallFileWishes call_file_wishes(const Options& options, const std::string& positional);

}  // namespace trunklab::cli
