// Advice on a sound scenario: what the service's own document recommends and the scenario does not follow, and what we would do otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/scenario.hpp"

namespace trunklab {

struct Advice {
  enum class Origin : std::uint8_t {
    seed,  ///< Sinch's introduction to SIP trunking says so
    ours   ///< our own judgement
  };
  std::string where;  ///< "site stockholm", "edge cap of 10/s"
  std::string what;   ///< what the scenario does
  std::string why;    ///< why that may be unwise
  Origin origin = Origin::ours;

  [[nodiscard]] std::string text() const { return where + ": " + what + ": " + why + (origin == Origin::seed ? " (seed)" : " (ours)"); }
};

/// In the order: sites, then caps.
std::vector<Advice> lint(const Scenario& scenario);

}  // namespace trunklab
