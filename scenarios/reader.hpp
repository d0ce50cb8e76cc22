// From a scenario file to a checked Scenario, or to every mistake in it. Nothing is written, no exception leaves.
#pragma once

#include <filesystem>
#include <string>

#include "models/result.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab {

/// A scenario is written by hand: a larger file is something else. Also keeps sites and demands within a 16-bit index.
inline constexpr std::size_t scenario_bytes_max = std::size_t{1024} * 1024;

/// Reads a file. Problems name it as the caller does.
Result<Scenario> read_scenario(const std::filesystem::path& file);

/// The same for a text. Files that it names are looked for in the folder of `path`, which need not exist.
Result<Scenario> parse_scenario(std::string text, std::string path);

}  // namespace trunklab
