// What a plan came to, and its ways of being told: as a document for people, as JSON for scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/document/document.hpp"
#include "sim/planning/confirm.hpp"
#include "sim/planning/plan.hpp"
#include "sim/planning/what_if.hpp"

namespace trunklab::cli {

/// How traffic grows, as the user said.
struct Growth {
  std::string text;    ///< "10%/month"
  double monthly = 1;  ///< 1.1
  std::uint32_t months = 12;
};

/// How sure the forecast is.
struct Forecast {
  double cv = 0;
  double confidence = 0.5;
};

struct PlanFigures {
  CapacityPlan plan;
  bool separate = false;                   ///< trunks of one direction each
  std::vector<ConfirmedSite> confirmed{};  ///< empty: not simulated
  std::vector<Proof> proofs{};             ///< empty: likewise
  std::vector<Alternative> alternatives{};
  std::optional<Growth> growth{};
  std::optional<Forecast> forecast{};
  double formulas_s = 0;
  std::optional<double> simulation_s{};
};

/// The first whole month from the scenario's start in which something is too small.
struct Shortage {
  std::uint32_t month = 0;  ///< 0 = now
  std::string when;         ///< "2026-08-02"; "month 5" if the scenario does not say when it starts
};
std::optional<Shortage> shortage_of(const Scenario& scenario, const Growth& growth, const Headroom& headroom);

/// "0.929 %", "0.929 % (0.867 .. 0.991)".
std::string plan_share_text(double share);
std::string plan_interval_text(const Interval& interval);

/// "3 calls", "1 call".
std::string plan_counted(std::uint32_t number, std::string_view word);

/// A cell that is sorted by its number.
Cell plan_number(double value, const std::string& text, Tone tone = Tone::plain);

/// The cheapest way to build it in which all calls have a way out; nullptr: there is none, or no prices.
const Alternative* cheapest_of(const PlanFigures& figures);

/// Why the simulation's number of channels is not the formula's, or is not what is ordered, in sentences; empty if it is.
std::string cause_text(const ConfirmedSite& confirmed, const SitePlan& site);

/// Finding, channels, order sheet, SBC, firewall sheet, headroom, proof, alternatives, method.
Document plan_document(const Scenario& scenario, const PlanFigures& figures);

/// What runs out first, what holds and what does not, and the headroom of all that is limited.
Section finding_section(const Scenario& scenario, const PlanFigures& figures);

/// What a firewall has to let through for each site, in every case that is planned for.
Section firewall_section(const Scenario& scenario);

std::string plan_json(const Scenario& scenario, const PlanFigures& figures);

}  // namespace trunklab::cli
