// Names the built-in files by what they are for.
#include "scenarios/embedded.hpp"

namespace trunklab {

std::string_view preset_text(std::string_view name) {
  return name == "sinch" ? embedded_file("sinch.yaml") : std::string_view{};
}

std::string_view demo_scenario_text() {
  return embedded_file("library/euc1-edge-loss.yaml");
}

std::string_view schema_text() {
  return embedded_file("schema.json");
}

}  // namespace trunklab
