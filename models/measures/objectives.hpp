// What the user wants to hold.
#pragma once

#include <optional>

#include "models/units.hpp"

namespace trunklab {

/// nullopt = not asked for.
struct Objectives {
  std::optional<Probability> blocking;              ///< at most
  std::optional<Span> failover;                     ///< every fault: at most
  std::optional<Probability> answer_seizure_ratio;  ///< at least
};

}  // namespace trunklab
