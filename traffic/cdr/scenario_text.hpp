// Writes a fit as a scenario that runs: YAML with comments that say how well it fits and what is ours.
#pragma once

#include <string>

#include "models/result.hpp"
#include "traffic/cdr/call_fit.hpp"

namespace trunklab {

/// Every scenario written begins so: a later import may replace it, and nothing else.
inline constexpr std::string_view scenario_opening = "# Made by trunklab import";
/// Likewise the file of quantiles: its heading.
inline constexpr std::string_view quantiles_opening = "import_holding_s\n";

struct ScenarioWishes {
  std::string call_file;       ///< as the scenario shall name it: relative to the scenario's folder
  std::string quantiles_file;  ///< likewise, should there be one
};

struct ScenarioFiles {
  std::string yaml;
  std::string quantiles;  ///< a CSV file, to be written as `quantiles_file`; empty: the scenario needs none
};

/// A typical week: the profile as a rate table, and a holding law. A single lognormal or exponential is named as such if its D is below 0.02;
/// otherwise the quantiles go into a file (the language has no mixtures). What it leaves out (the random factor of days) its comments say.
ScenarioFiles fitted_scenario(const CallTallies& tallies, const CallFit& fit, const ScenarioWishes& wishes);

/// The file's own calls (process: trace). Problems: the trace reader takes ISO 8601 to the second and plain seconds only, and no row that was dropped
/// here because it could not be played.
Result<ScenarioFiles> trace_scenario(const CallTallies& tallies, const CallFit& fit, const ScenarioWishes& wishes);

/// Channels for the busiest hour of the profile: Erlang B at 1 % (ours). At least 1.
std::uint32_t channels_of(const CallTallies& tallies, const CallFit& fit);

}  // namespace trunklab
