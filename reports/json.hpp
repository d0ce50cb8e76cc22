// The JSON document that every command prints with --json: one shape, so that scripts need one reader.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/measures/measure.hpp"
#include "reports/objectives.hpp"

namespace trunklab {

/// What stands in front of the measures.
struct JsonHeading {
  std::string command;   ///< "simulate", ...
  std::string scenario;  ///< its name
  std::uint64_t seed = 1;
  std::uint32_t replications = 1;
  double simulated_s = 0;                             ///< horizon of one replication
  double wall_s = 0;                                  ///< time that the command took
  std::uint64_t calls = 0;                            ///< offered, all replications together
  std::optional<std::vector<std::string>> finding{};  ///< in sentences; nullopt: the command has none
  std::optional<std::vector<Verdict>> objectives{};   ///< likewise
};

/// {"command", "scenario", "seed", "replications", "simulated_s", "wall_s", "calls", "finding"?: [text], "objectives"?: [{"verdict", "name",
/// "entity", "text"}], "measures": [{"name", "entity", "unit", "mean", "low", "high", "n", "note"?}]}, one measure a line, ending with a line feed.
/// Doubles are the shortest decimals that read back equal; a missing interval is null; an empty note is left out. Throws std::runtime_error naming
/// the measure if a figure is not finite.
std::string json_document(const JsonHeading& heading, std::span<const Measure> measures);

}  // namespace trunklab
