// The house rules as functions from a source file to what is wrong with it, so that the rules themselves can be tested.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trunklab::house {

/// A file of the tree. `path` from the root, with '/': "sim/world.hpp".
struct SourceFile {
  std::string path;
  std::string text;
};

/// What is wrong, each as "sim/world.hpp:12: what"; empty = nothing.
using Findings = std::vector<std::string>;

/// A file above this asks to be divided.
inline constexpr std::size_t lines_max = 400;

/// The text with comments and the insides of string and character literals blanked out; lines stay lines.
std::string code_of(std::string_view text);

/// The layer that a path belongs to ("sim", "traffic/demand", ...); empty if none.
std::string_view layer_of(std::string_view path);

/// Includes of our own go from the root and only to layers that this one may know.
Findings include_directions(const SourceFile& file);

/// Each library is used behind its own door: SimGrid in sim/platform, SQLite in reports, and so on; models use none that does anything.
Findings library_doors(const SourceFile& file);

/// Luck comes from the seed and time from the run: no other source of either outside its door.
Findings luck_and_clocks(const SourceFile& file);

/// No `using namespace std`.
Findings whole_std(const SourceFile& file);

/// A file opens with a sentence that says what it is; a header then says #pragma once.
Findings opening(const SourceFile& file);

/// At most lines_max lines.
Findings length(const SourceFile& file);

/// No two types of headers have the same full name: the linker would take the functions of one for those of the other (ODR).
Findings one_type_a_name(const std::vector<SourceFile>& headers);

/// No path that exists on one person's machine only.
Findings machine_paths(const SourceFile& file);

}  // namespace trunklab::house
