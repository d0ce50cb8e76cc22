// Advice on a sound scenario: what the service's own document recommends and the scenario does not follow, and what we would do otherwise.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.hpp"

namespace trunklab {

struct Advice {
  enum class Origin : std::uint8_t {
    seed,  ///< Sinch's introduction to SIP trunking says so
    ours   ///< our own judgement
  };
  std::string_view id;  ///< of the rule: "single-address"
  std::string where;    ///< "site stockholm", "edge cap of 10/s"
  std::string what;     ///< what the scenario does
  std::string why;      ///< why that may be unwise
  std::string fix;      ///< what to write instead, in one line
  Origin origin = Origin::ours;

  [[nodiscard]] std::string text() const { return where + ": " + what + ": " + why + (origin == Origin::seed ? " (seed)" : " (ours)"); }
};

/// A rule of advice. docs/lints.md tells of each in more words.
struct LintRule {
  std::string_view id;  ///< kebab-case; `lint: { silence: [...] }` names it
  Advice::Origin origin = Advice::Origin::ours;
};
std::span<const LintRule> lint_rules();

/// In the order: the run, the service, sites, demands, caps. Silenced rules included: see heard().
std::vector<Advice> lint(const Scenario& scenario);

/// Without the rules that the scenario silences.
std::vector<Advice> heard(const Scenario& scenario, std::vector<Advice> advice);

}  // namespace trunklab
