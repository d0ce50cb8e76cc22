// Reads a site's `routing:`: where its calls go and what happens when a target does not take them.
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "scenarios/equipment.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

/// How the site's equipment hunts and resolves names: the keys that a preset of equipment may have.
constexpr std::string_view keys[]{"preset", "target",   "regions",          "edge",        "cache",       "ttl_min",       "ttl_max",
                                  "choice", "resolver", "resolver_timeout", "no_response", "no_progress", "give_up_after", "advance_on",
                                  "order",  "across",   "cseq_on_failover", "hold_down",   "probe"};
constexpr std::size_t keys_of_the_site = 4;  // the first ones

constexpr std::string_view name_keys[]{"cache", "ttl_min", "ttl_max", "choice", "resolver", "resolver_timeout"};
constexpr std::string_view list_keys[]{"order", "across"};

std::vector<std::uint16_t> read_region_list(Reading& reading, const YamlNode& node, const Service& service) {
  std::vector<std::uint16_t> regions;
  for (const YamlNode& item : reading.list(node, "regions")) {
    const std::optional<std::size_t> index = find_named(reading, item, service.regions);
    if (!index) continue;
    if (std::ranges::find(regions, *index) != regions.end()) {
      reading.mistake(item.place, described(item) + " a second time", "every region once");
    } else {
      regions.push_back(static_cast<std::uint16_t>(*index));
    }
  }
  if (node.kind == YamlNode::Kind::list && node.items.empty()) reading.mistake(node.place, "an empty list", "at least one region");
  return regions;
}

void read_single_address(Reading& reading, const Fields& fields, const Service& service, Routing& routing) {
  const YamlNode* const edge = fields.need("edge", "the one edge that calls go to, such as euc1/1");
  const std::optional<std::size_t> index = edge ? find_named(reading, *edge, service.edges) : std::nullopt;
  if (!index) return;
  routing.edge = static_cast<EdgeIndex>(*index);
  const std::uint16_t region = service.region_of_edge[*index];
  if (fields.find("regions") && !routing.regions.empty() && std::ranges::find(routing.regions, region) == routing.regions.end()) {
    reading.mistake(edge->place, described(*edge), "an edge of one of the regions");
  }
  routing.regions = {region};
}

void read_targets(Reading& reading, const Fields& fields, const Service& service, Routing& routing) {
  const bool single = routing.target == TargetKind::single_address;
  const YamlNode* const regions = single ? fields.find("regions") : fields.need("regions", "the list of regions that calls go to, such as [euc1]");
  if (regions) routing.regions = read_region_list(reading, *regions, service);
  if (single) return read_single_address(reading, fields, service, routing);

  std::size_t targets = 0;
  for (const std::uint16_t region : routing.regions) targets += service.regions[region].edges.size();
  if (regions != nullptr && targets > targets_max)
    reading.mistake(regions->place, fmt::format("regions with {} edges", targets), fmt::format("at most {} targets in a hunt", targets_max));
  if (const YamlNode* edge = fields.find("edge")) reading.mistake(edge->place, "edge without target: single-address", "edge only beside that target");
}

void read_name_keys(Reading& reading, const Fields& fields, Routing& routing) {
  if (const YamlNode* cache = fields.find("cache")) {
    set(routing.cache, reading.choice(*cache, {"ttl", "forever", "start"}, {DnsCache::ttl, DnsCache::forever, DnsCache::start}));
  }
  if (const YamlNode* least = fields.find("ttl_min")) set(routing.ttl_min, reading.span(*least, 0s, 7 * day));
  if (const YamlNode* most = fields.find("ttl_max")) set(routing.ttl_max, reading.span(*most, 0s, 7 * day));
  if (const YamlNode* choice = fields.find("choice")) {
    set(routing.choice,
        reading.choice(*choice, {"resolution", "connection", "call"}, {DnsChoice::resolution, DnsChoice::connection, DnsChoice::call}));
  }
  if (const YamlNode* resolver = fields.find("resolver")) {
    const std::optional<std::string> name = reading.text(*resolver, "a name; sites that name the same resolver share its cache");
    if (name && reading.is_name({*name, resolver->place})) routing.resolver = *name;
  }
  if (const YamlNode* timeout = fields.find("resolver_timeout")) set(routing.resolver_timeout, reading.span(*timeout, 1ms, 5min));
}

/// Keys that mean nothing beside this target.
void check_keys(Reading& reading, const Fields& fields, const Routing& routing, Transport transport) {
  for (const std::string_view key : name_keys) {
    const YamlNode* const value = fields.find(key);
    if (!value || routing.target == TargetKind::fqdn) continue;
    reading.mistake(value->place, fmt::format("{} without target: fqdn", key), fmt::format("{} only beside that target", key));
  }
  for (const std::string_view key : list_keys) {
    const YamlNode* const value = fields.find(key);
    if (!value || routing.target != TargetKind::single_address) continue;
    reading.mistake(value->place, fmt::format("{} beside target: single-address", key), fmt::format("{} only where there are several targets", key));
  }
  const YamlNode* const choice = fields.find("choice");
  if (choice && routing.choice == DnsChoice::connection && transport != Transport::tcp) {
    reading.mistake(choice->place, "choice: connection without transport: tcp", "resolution or call over UDP");
  }
  const YamlNode* const least = fields.find("ttl_min");
  if (least && routing.ttl_min && routing.ttl_max && *routing.ttl_min > *routing.ttl_max) {
    reading.mistake(least->place, fmt::format("ttl_min of {} and ttl_max of {}", span_text(*routing.ttl_min), span_text(*routing.ttl_max)),
                    "ttl_min of at most ttl_max");
  }
}

/// Begins from the equipment's preset, if the site names one.
void read_preset(Reading& reading, const Fields& fields, Site& site) {
  const YamlNode* const preset = fields.find("preset");
  if (!preset) return;
  const std::optional<std::size_t> known = find_named(reading, *preset, equipment_presets());
  if (!known) return;
  const EquipmentPreset& equipment = equipment_presets()[*known];
  site.routing = equipment.routing;
  site.equipment = equipment.name;
}

/// What the equipment does with names is no matter where none is used.
void forget_names(Routing& routing) {
  const Routing fresh;
  routing.cache = fresh.cache;
  routing.ttl_min = fresh.ttl_min;
  routing.ttl_max = fresh.ttl_max;
  routing.choice = fresh.choice;
}

void check_timers(Reading& reading, const Fields& fields, const Routing& routing, const std::vector<Span>& rtt) {
  const YamlNode* const no_response = fields.find("no_response");
  const YamlNode* const no_progress = fields.find("no_progress");
  const HuntingPolicy& hunting = routing.hunting;
  const Place place = no_response ? no_response->place : no_progress ? no_progress->place : fields.place();
  if (hunting.no_response >= hunting.no_progress) {
    reading.mistake(place, fmt::format("no_response of {} and no_progress of {}", span_text(hunting.no_response), span_text(hunting.no_progress)),
                    "no_response below no_progress");
  }
  Span longest{0};
  for (const std::uint16_t region : routing.regions) longest = std::max(longest, rtt[region]);
  if (hunting.no_response <= longest) {
    reading.mistake(place, fmt::format("no_response of {} with a round trip of {}", span_text(hunting.no_response), span_text(longest)),
                    "no_response above the longest round trip to the regions used");
  }
  if (!hunting.probe || hunting.probe->timeout > longest) return;
  const YamlNode* const probe = fields.find("probe");
  const YamlNode* const timeout = probe ? find_key(*probe, "timeout") : nullptr;
  reading.mistake(timeout ? timeout->place
                  : probe ? probe->place
                          : fields.place(),
                  fmt::format("a probe's timeout of {} with a round trip of {}", span_text(hunting.probe->timeout), span_text(longest)),
                  "a timeout above the longest round trip to the regions used");
}

}  // namespace

std::span<const std::string_view> equipment_keys() {
  return std::span(keys).subspan(keys_of_the_site);
}

void read_equipment_keys(Reading& reading, const Fields& fields, Routing& routing) {
  read_name_keys(reading, fields, routing);
  if (const YamlNode* cseq = fields.find("cseq_on_failover")) {
    set(routing.cseq_on_failover, reading.choice(*cseq, {"new", "same"}, {true, false}));
  }
  read_hunting(reading, fields, routing.hunting);
}

void read_routing(Reading& reading, const YamlNode& node, const Service& service, Site& site) {
  const Fields fields(reading, node, "routing", keys);
  if (node.kind != YamlNode::Kind::mapping) return;
  read_preset(reading, fields, site);
  Routing& routing = site.routing;
  if (const YamlNode* target = fields.find("target")) {
    set(routing.target,
        reading.choice(*target, {"fqdn", "addresses", "single-address"}, {TargetKind::fqdn, TargetKind::addresses, TargetKind::single_address}));
  }
  if (routing.target != TargetKind::fqdn) forget_names(routing);
  read_targets(reading, fields, service, routing);
  read_equipment_keys(reading, fields, routing);
  check_keys(reading, fields, routing, site.transport);
  check_timers(reading, fields, routing, site.rtt);
}

}  // namespace trunklab
