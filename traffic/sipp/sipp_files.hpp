// The texts of a bundle that are built into the program: the two scenario templates, the script that plays it, and its README.
#pragma once

#include <string_view>

namespace trunklab {

/// "caller.xml", "answerer.xml", "run.sh", "README.md"; empty if there is none of that name. Defined in a source that the build makes from the files
/// in traffic/sipp/templates.
std::string_view sipp_file(std::string_view name);

}  // namespace trunklab
