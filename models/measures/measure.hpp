// A measure: one figure about one entity, with its confidence interval. The shape that every command prints with --json.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace trunklab {

struct Measure {
  std::string name;    ///< "blocking", "pdd_p95", ...
  std::string entity;  ///< "total", "site/stockholm", ...
  std::string unit;    ///< "calls", "probability", "s", "calls/s", ...
  double mean = 0;
  std::optional<double> low;  ///< nullopt: no interval can be given honestly (a single short run)
  std::optional<double> high;
  std::uint32_t n = 1;  ///< replications, or batches of one long run
  std::string note;     ///< "upper bound: fewer than 30 events", "not before repair", ...; mostly empty
};

/// The first measure of this name and entity; nullptr if there is none.
const Measure* find_measure(std::span<const Measure> measures, std::string_view name, std::string_view entity = "total");

}  // namespace trunklab
