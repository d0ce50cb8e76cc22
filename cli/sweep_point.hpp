// One point of a sweep: run it, and carry what it came to from one rank to another.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/ranks/crew.hpp"
#include "reports/sweep_store.hpp"
#include "scenarios/overrides.hpp"

namespace trunklab::cli {

/// The scenario that all points start from.
struct SweepScenario {
  std::string name;
  std::string text;
  std::string path;
  std::uint64_t seed = 0;
  std::uint32_t replications = 1;
};

/// The scenario as it is at a point: the seed first, so that a point may replace that, too. Problems: of reading it, or it is too large to be run.
Result<Scenario> scenario_of(const SweepScenario& base, std::span<const Override> point);

/// Runs a point; the result as bytes, empty if it was stopped. Throws std::runtime_error.
std::vector<std::uint8_t> run_point(const SweepScenario& base, std::span<const Override> point, std::uint32_t number, const Breath& breath);

/// The result and the seconds that it took. Of bytes that run_point() made.
std::pair<SweepResult, double> unpacked(std::span<const std::uint8_t> bytes);

}  // namespace trunklab::cli
