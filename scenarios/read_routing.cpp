// Reads a site's `routing:`: where its calls go and what happens when a target does not take them.
#include <algorithm>

#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr Span no_response_max = 10min;
constexpr Span no_progress_max = 1h;

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

void read_cache(Reading& reading, const Fields& fields, Routing& routing) {
  const YamlNode* const cache = fields.find("cache");
  if (!cache) return;
  set(routing.cache, reading.choice(*cache, {"ttl", "forever"}, {DnsCache::ttl, DnsCache::forever}));
  if (routing.target != TargetKind::fqdn) reading.mistake(cache->place, "cache without target: fqdn", "cache only beside that target");
}

std::vector<std::uint16_t> read_codes(Reading& reading, const YamlNode& node) {
  std::vector<std::uint16_t> codes;
  for (const YamlNode& item : reading.list(node, "SIP codes such as [408, 503]")) {
    const std::optional<std::uint64_t> code = reading.whole(item, 300, 699);
    if (!code) continue;
    if (std::ranges::find(codes, *code) != codes.end()) {
      reading.mistake(item.place, described(item) + " a second time", "every code once");
    } else {
      codes.push_back(static_cast<std::uint16_t>(*code));
    }
  }
  std::ranges::sort(codes);
  return codes;
}

bool says_never(const YamlNode& node) {
  return node.kind == YamlNode::Kind::scalar && node.text == "never";
}

void read_hunting(Reading& reading, const Fields& fields, HuntingPolicy& hunting) {
  if (const YamlNode* timer = fields.find("no_response")) set(hunting.no_response, reading.span(*timer, 1ms, no_response_max));
  if (const YamlNode* timer = fields.find("no_progress")) set(hunting.no_progress, reading.span(*timer, 1ms, no_progress_max));
  if (const YamlNode* codes = fields.find("advance_on")) hunting.advance_codes = read_codes(reading, *codes);
  if (const YamlNode* hold = fields.find("hold_down")) {
    if (says_never(*hold)) {
      hunting.hold_down.reset();
    } else {
      set(hunting.hold_down->span, reading.span(*hold, 1ms, span_max));
    }
  }
  if (const YamlNode* probe = fields.find("probe")) {
    if (says_never(*probe)) {
      hunting.probe.reset();
    } else {
      hunting.probe = read_probe(reading, *probe, ProbeSpec{});
    }
  }
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

Routing read_routing(Reading& reading, const YamlNode& node, const Service& service, const std::vector<Span>& rtt) {
  const Fields fields(reading, node, "routing",
                      {"target", "regions", "edge", "cache", "no_response", "no_progress", "advance_on", "hold_down", "probe"});
  Routing routing;
  if (node.kind != YamlNode::Kind::mapping) return routing;
  if (const YamlNode* target = fields.find("target")) {
    set(routing.target,
        reading.choice(*target, {"fqdn", "addresses", "single-address"}, {TargetKind::fqdn, TargetKind::addresses, TargetKind::single_address}));
  }
  read_targets(reading, fields, service, routing);
  read_cache(reading, fields, routing);
  read_hunting(reading, fields, routing.hunting);
  check_timers(reading, fields, routing, rtt);
  return routing;
}

}  // namespace trunklab
