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

/// The first whole month from the scenario's start in which something is too small, and its date.
struct Shortage {
  std::uint32_t month = 0;  ///< 0 = now
  std::string date;         ///< "2026-08-02"
};
std::optional<Shortage> shortage_of(const Scenario& scenario, const Growth& growth, const Headroom& headroom);

/// "0.929 %", "0.929 % (0.867 .. 0.991)".
std::string plan_share_text(double share);
std::string plan_interval_text(const Interval& interval);

/// Why the simulation's number of channels is not the formula's, in a sentence.
std::string cause_text(const ConfirmedSite& confirmed);

/// Finding, channels, order sheet, SBC, firewall sheet, headroom, proof, alternatives, method.
Document plan_document(const Scenario& scenario, const PlanFigures& figures);

/// What a firewall has to let through for each site, in every case that is planned for.
Section firewall_section(const Scenario& scenario);

std::string plan_json(const Scenario& scenario, const PlanFigures& figures);

}  // namespace trunklab::cli
