// The parts of a scenario, each read by its own file. Internal to the reader. Every function reports mistakes to the Reading and returns
// what it could read, with defaults for the rest, so that later parts can be checked too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/csv.hpp"
#include "scenarios/reading.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab {

inline constexpr Span day = std::chrono::hours{24};
/// Longest duration of anything that a call or an edge does.
inline constexpr Span span_max = 3 * day;

/// `node` is nullptr where the key was left out: the preset sinch.
Service read_service(Reading& reading, const YamlNode* node);
NameSpec read_names(Reading& reading, const YamlNode& node, NameSpec defaults);
std::vector<CapSpec> read_caps(Reading& reading, const YamlNode& node);
ProbeSpec read_probe(Reading& reading, const YamlNode& node, ProbeSpec defaults);

/// duration 0: it could not be read, and nothing is to be checked against it.
Horizon read_horizon(Reading& reading, const YamlNode& node);

std::vector<Site> read_sites(Reading& reading, const YamlNode& node, const Service& service);
Routing read_routing(Reading& reading, const YamlNode& node, const Service& service, const std::vector<Span>& rtt);

std::vector<DemandSpec> read_demands(Reading& reading, const YamlNode& node, const std::vector<Site>& sites, const Horizon& horizon);
std::optional<Arrivals> read_arrivals(Reading& reading, const YamlNode& node, const Horizon& horizon);
std::optional<Arrivals> read_trace(Reading& reading, const YamlNode& node, const Horizon& horizon);
std::optional<Arrivals> read_counts(Reading& reading, const YamlNode& node, const Horizon& horizon);
/// How long a drawn duration may be.
struct DurationLimits {
  Span least{};       ///< the shortest mean (or fixed value) that makes sense here
  Span mean_most{};   ///< the longest mean of a distribution
  Span value_most{};  ///< the longest fixed or observed value
};
std::optional<Distribution> read_distribution(Reading& reading, const YamlNode& node, const DurationLimits& limits);

std::vector<FaultSpec> read_faults(Reading& reading, const YamlNode& node, const Service& service, const Horizon& horizon);
Objectives read_objectives(Reading& reading, const YamlNode& node);

/// The file that `node` names, opened; a file that cannot be opened is reported where it is named.
std::optional<CsvReader> open_csv(Reading& reading, const YamlNode& node);
/// Which column of the file `node` names; a wrong name is reported there.
std::optional<std::size_t> read_column(Reading& reading, const YamlNode* node, const CsvReader& csv);

/// The entry of that name in a list of named things; reports a name that is not there, with the nearest that is.
/// Silent about an empty list: it has been reported already why that one is empty.
template <class Named>
std::optional<std::size_t> find_named(Reading& reading, const YamlNode& node, const std::vector<Named>& things) {
  if (things.empty()) return std::nullopt;
  std::vector<std::string_view> names;
  names.reserve(things.size());
  for (const Named& thing : things) names.push_back(thing.name);
  return reading.choice(node, names);
}

}  // namespace trunklab
