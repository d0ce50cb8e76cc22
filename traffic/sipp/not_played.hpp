// What a bundle leaves out of a scenario, so that nobody compares what was never played.
#pragma once

#include <string>
#include <vector>

#include "traffic/sipp/replay_group.hpp"

namespace trunklab {

struct NotPlayed {
  std::string what;  ///< "round-trip times"
  std::string why;   ///< one sentence: what happens instead
};

/// Only what this scenario has.
std::vector<NotPlayed> not_played(const Scenario& scenario, const std::vector<ReplayGroup>& groups);

}  // namespace trunklab
