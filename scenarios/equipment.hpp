// How well-known equipment of the customer's side hunts, as published defaults: a routing to start from.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.hpp"

namespace trunklab {

struct EquipmentPreset {
  std::string name;    ///< "kamailio"
  std::string title;   ///< "Kamailio: tm, dispatcher", for people
  std::string source;  ///< where its values come from, and which of them are ours
  std::string keys;    ///< its keys of routing, as a scenario would write them: "no_response: 30s, probe: never"
  Routing routing;     ///< those keys; everything else as a routing has it by default. No regions
};

/// All presets, in the order of scenarios/equipment.yaml.
const std::vector<EquipmentPreset>& equipment_presets();

}  // namespace trunklab
