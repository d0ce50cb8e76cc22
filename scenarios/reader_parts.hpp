// The parts of a scenario, each read by its own file. Internal to the reader. Every function reports mistakes to the Reading and returns
// what it could read, with defaults for the rest, so that later parts can be checked too.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
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
/// The keys of a service that say what it does with a call besides taking it.
void read_service_parts(Reading& reading, const Fields& fields, Service& service);
/// What a service has that says nothing of media: the codecs of the seed, and ours for the rest.
MediaSpec default_media();
/// Changes the keys of `media` that are there.
void read_media(Reading& reading, const YamlNode& node, MediaSpec& media);
std::optional<TargetOrder> read_order(Reading& reading, const YamlNode& node);
/// Reports shares that do not sum to 1.
void check_shares(Reading& reading, Place place, double sum);
ProbeSpec read_probe(Reading& reading, const YamlNode& node, ProbeSpec defaults);

/// duration 0: it could not be read, and nothing is to be checked against it.
Horizon read_horizon(Reading& reading, const YamlNode& node);

std::vector<Site> read_sites(Reading& reading, const YamlNode& node, const Service& service);
/// Sets the site's routing and equipment; its transport and round-trip times have been read.
void read_routing(Reading& reading, const YamlNode& node, const Service& service, Site& site);
/// The keys of `routing:` that a preset of equipment may have, and their reader.
std::span<const std::string_view> equipment_keys();
void read_equipment_keys(Reading& reading, const Fields& fields, Routing& routing);
void read_hunting(Reading& reading, const Fields& fields, HuntingPolicy& hunting);

/// The keys of a site that say what becomes of its media, but for the firewall's.
void read_site_media(Reading& reading, const Fields& fields, SiteMedia& media);
MediaFirewall read_media_firewall(Reading& reading, const YamlNode& node);

/// The scenario has its service, sites and horizon already.
std::vector<DemandSpec> read_demands(Reading& reading, const YamlNode& node, const Scenario& scenario);
AnswerMix read_answer(Reading& reading, const YamlNode& node);
/// Whose calls they are, and from which edges: direction, region, edges.
void read_direction(Reading& reading, const Fields& fields, const Service& service, DemandSpec& demand);
/// Where they go and who dials again: destinations, not_e164, unknown_caller_id, redial.
void read_numbers(Reading& reading, const Fields& fields, DemandSpec& demand);
/// The digits that numbers begin with.
std::optional<std::string> read_prefix(Reading& reading, const YamlNode& node);
std::optional<Arrivals> read_arrivals(Reading& reading, const YamlNode& node, const Horizon& horizon);
std::optional<Arrivals> read_trace(Reading& reading, const YamlNode& node, const Horizon& horizon);
std::optional<Arrivals> read_counts(Reading& reading, const YamlNode& node, const Horizon& horizon);
/// How long a drawn duration may be.
struct DurationLimits {
  Span least{};       ///< the shortest mean (or fixed value) that makes sense here
  Span mean_most{};   ///< the longest mean of a distribution
  Span value_most{};  ///< the longest fixed or observed value
};
inline constexpr DurationLimits delay_limits{.least = Span{0}, .mean_most = std::chrono::hours{2}, .value_most = std::chrono::hours{2}};
std::optional<Distribution> read_distribution(Reading& reading, const YamlNode& node, const DurationLimits& limits);

/// Adds to the scenario's faults and random_faults. It has everything else already.
void read_faults(Reading& reading, const YamlNode& node, Scenario& scenario);
Objectives read_objectives(Reading& reading, const YamlNode& node);
Prices read_prices(Reading& reading, const YamlNode& node);

/// Which of our defaults the scenario relies on; `root` is the file's tree that `scenario` was read from.
std::vector<Assumption> assumptions_of(const YamlNode& root, const Scenario& scenario);

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
