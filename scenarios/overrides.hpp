// Values of a scenario replaced from outside, by the path at which they stand: what a sweep varies.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "models/result.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/yaml_tree.hpp"

namespace trunklab {

/// One value and where it goes.
struct Override {
  std::string key;    ///< keys from the root on, with dots: "sites.oslo.channels"; places in lists count from 0; "*" is every key, or place, there is
  std::string value;  ///< YAML: a word, a number, or a mapping such as "{ process: poisson, rate: 3/s }"
  bool operator==(const Override&) const = default;
};

/// Puts the value into the tree. What is missing on the way is made; a last key that no scenario has is left for the reader to find. nullopt: done.
std::optional<Problem> apply(const Override& change, YamlNode& root);

/// A scenario's text with values replaced: as parse_scenario has it; each problem's place says what was replaced. `text` stays as it was written.
Result<Scenario> parse_scenario(std::string text, std::string path, std::span<const Override> changes);

}  // namespace trunklab
