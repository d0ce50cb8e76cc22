// Files that are built into the program, so that it works from any folder.
#pragma once

#include <string_view>

namespace trunklab {

/// A preset of the service in the format of a scenario's `service:`; empty if there is none of that name. The one there is: "sinch".
std::string_view preset_text(std::string_view name);

/// The scenario of the demo: scenarios/library/euc1-edge-loss.yaml.
std::string_view demo_scenario_text();

/// The JSON Schema of scenario files, for editors.
std::string_view schema_text();

/// A file in the program; empty if there is none of that name. Defined in a source that the build makes from the files themselves.
std::string_view embedded_file(std::string_view name);

}  // namespace trunklab
