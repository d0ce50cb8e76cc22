// A site's hunting settings in the words of its equipment, so that what helped in a study can be carried over by hand.
#pragma once

#include <string>
#include <vector>

#include "models/hunting.hpp"

namespace trunklab {

/// What a site's equipment has to be told.
struct EquipmentSettings {
  std::string site;
  std::string equipment;  ///< "asterisk", "kamailio", "opensips", "cube", "freeswitch", also as part of a longer name; anything else: YAML
  bool tcp = false;
  TargetKind target = TargetKind::addresses;
  std::vector<std::string> regions;  ///< names, in hunting order
  std::vector<std::string> targets;  ///< in hunting order: dotted IPv4 addresses, or host names for fqdn; at least one
  HuntingPolicy hunting;
};

/// A piece of configuration to be pasted and adapted: targets in order, probe, timers, advance codes, hold-down. Only well-known keywords are used;
/// what the equipment cannot express stands in a comment. Lines of at most 100 columns; ends with a line feed.
std::string equipment_config(const EquipmentSettings& settings);

}  // namespace trunklab
