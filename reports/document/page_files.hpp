// The files that a report page consists of besides its words.
#pragma once

#include <string_view>

namespace trunklab {

/// "style.css", "charts.js", "dygraph.min.js", ...; with ".sha256" behind the name its hash in hexadecimal digits. Empty if there is none of that
/// name. Defined in a source that the build makes from the files themselves.
std::string_view page_file(std::string_view name);

}  // namespace trunklab
