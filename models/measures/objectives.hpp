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
  std::optional<Span> setup_delay{};                ///< post-dial delay of 95 % of the calls that were set up: at most
  std::optional<double> quality{};                  ///< MOS of 95 % of the talks that have one: at least; 1 to 4.5
};

}  // namespace trunklab
