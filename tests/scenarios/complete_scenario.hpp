// A scenario with every key, for the tests of the reader and of the schema.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace trunklab {

/// The text of complete.yaml.
inline std::string complete_scenario() {
  std::ifstream file(TRUNKLAB_SOURCE_DIR "/tests/scenarios/complete.yaml");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace trunklab
