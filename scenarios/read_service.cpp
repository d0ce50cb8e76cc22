// Reads `service:`: a preset, the user's changes to it, or a service that is all the user's.
#include <algorithm>
#include <cassert>
#include <map>
#include <regex>
#include <span>

#include <fmt/format.h>

#include "scenarios/embedded.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

constexpr std::size_t edges_max = 250;
constexpr std::string_view presets[]{"sinch"};

/// A region before its edges have been numbered through the service.
struct RegionDraft {
  RegionSpec spec;
  std::vector<std::string> addresses;
};

/// The service before its edges have been numbered.
struct ServiceDraft {
  Service service;
  std::vector<RegionDraft> regions;
  const YamlNode* zones = nullptr;  ///< of the user's; read once the edges have their names
};

constexpr std::string_view service_keys[]{"preset",     "names",          "caps",     "regions", "zones",       "role",
                                          "capacity",   "authentication", "callback", "drain",   "origination", "number_format_code",
                                          "merged_482", "media"};

std::vector<std::string> read_addresses(Reading& reading, const YamlNode& node) {
  std::vector<std::string> addresses;
  for (const YamlNode& item : reading.list(node, "IPv4 addresses")) {
    if (is_ipv4(item.text)) {
      addresses.push_back(item.text);
    } else {
      reading.mistake(item.place, described(item), "an IPv4 address such as 192.0.2.10");
    }
  }
  if (node.kind == YamlNode::Kind::list && (node.items.empty() || node.items.size() > targets_max)) {
    reading.mistake(node.place, fmt::format("{} addresses", node.items.size()), fmt::format("1 to {} addresses in a region", targets_max));
  }
  return addresses;
}

/// Labels of letters, digits and inner hyphens, at most 63 each and 253 in all (RFC 1123 section 2.1). It goes into SIP headers and SIPp's files as
/// it is.
bool is_host_name(std::string_view text) {
  constexpr std::size_t letters_max = 253;
  static const std::regex labels("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?([.][A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
  return text.size() <= letters_max && std::regex_match(text.begin(), text.end(), labels);
}

RegionDraft read_region(Reading& reading, const std::string& name, const YamlNode& node) {
  const Fields fields(reading, node, "a region", {"title", "host_name", "edges"});
  RegionDraft region{.spec = {.name = name, .title = name, .host_name = {}, .edges = {}}, .addresses = {}};
  if (const YamlNode* title = fields.find("title")) set(region.spec.title, reading.text(*title, "a title such as Europe"));
  if (const YamlNode* host = fields.need("host_name", "the region's host name")) {
    constexpr std::string_view expected = "a host name such as euc1.sip.sinch.com";
    set(region.spec.host_name, reading.text(*host, expected));
    if (!region.spec.host_name.empty() && !is_host_name(region.spec.host_name)) reading.mistake(host->place, described(*host), std::string(expected));
  }
  if (const YamlNode* edges = fields.need("edges", "the list of the region's addresses")) region.addresses = read_addresses(reading, *edges);
  return region;
}

void check_edges(Reading& reading, const YamlNode& node, const std::vector<RegionDraft>& regions) {
  std::map<std::string_view, std::string_view> region_of;
  std::size_t edges = 0;
  for (const RegionDraft& region : regions) {
    for (const std::string& address : region.addresses) {
      const auto [first, fresh] = region_of.emplace(address, region.spec.name);
      if (!fresh)
        reading.mistake(node.place, fmt::format("address {} in {} and in {}", address, first->second, region.spec.name), "every address once");
      ++edges;
    }
  }
  if (edges > edges_max) reading.mistake(node.place, fmt::format("{} edges", edges), fmt::format("at most {} edges in all", edges_max));
}

void read_regions(Reading& reading, const YamlNode& node, std::vector<RegionDraft>& regions) {
  for (const std::size_t i : named_entries(reading, node, "regions")) {
    RegionDraft region = read_region(reading, node.keys[i].text, node.items[i]);
    const auto same = std::find_if(regions.begin(), regions.end(), [&](const RegionDraft& each) { return each.spec.name == region.spec.name; });
    if (same != regions.end()) {
      *same = std::move(region);
    } else {
      regions.push_back(std::move(region));
    }
  }
  check_edges(reading, node, regions);
}

void read_overrides(Reading& reading, const YamlNode& node, const Fields& fields, ServiceDraft& draft) {
  Service& service = draft.service;
  if (const YamlNode* names = fields.find("names")) service.names = read_names(reading, *names, service.names);
  if (const YamlNode* caps = fields.find("caps")) service.caps = read_caps(reading, *caps);
  read_service_parts(reading, fields, service);
  draft.zones = fields.find("zones");
  if (const YamlNode* regions = fields.find("regions")) {
    read_regions(reading, *regions, draft.regions);
  } else if (draft.regions.empty() && node.kind == YamlNode::Kind::mapping && reading.clean()) {
    reading.mistake(node.place, "a service without regions", "regions, or preset: sinch");
  }
}

ServiceDraft preset(const std::string& name) {
  Reading reading("preset " + name);
  const Result<YamlNode> tree = parse_yaml(std::string(preset_text(name)), reading.path());
  assert(tree);
  ServiceDraft draft;
  draft.service.name = name;
  draft.service.media = default_media();
  read_overrides(reading, tree.value(), Fields(reading, tree.value(), "a preset", std::span(service_keys).subspan(1)), draft);
  assert(reading.clean() && !draft.zones);
  return draft;
}

ServiceDraft read_draft(Reading& reading, const YamlNode* node) {
  if (!node) return preset("sinch");
  if (node->kind == YamlNode::Kind::scalar) {
    const std::optional<std::size_t> known = reading.choice(*node, presets);
    return preset(std::string(presets[known.value_or(0)]));
  }
  const Fields fields(reading, *node, "sinch, or a service", service_keys);
  ServiceDraft draft;
  draft.service.name = "own";
  draft.service.media = default_media();
  if (const YamlNode* name = fields.find("preset")) {
    const std::optional<std::size_t> known = reading.choice(*name, presets);
    draft = preset(std::string(presets[known.value_or(0)]));
  }
  read_overrides(reading, *node, fields, draft);
  return draft;
}

/// Edges that no zone names keep a zone of their own.
void read_zones(Reading& reading, const YamlNode& node, std::vector<EdgeSpec>& edges) {
  std::map<std::size_t, std::string_view> zone_of;
  for (const std::size_t i : named_entries(reading, node, "lists of edges, such as { zone-a: [euc1/1, use1/1] }")) {
    for (const YamlNode& item : reading.list(node.items[i], "edges")) {
      const std::optional<std::size_t> edge = find_named(reading, item, edges);
      if (!edge) continue;
      const auto [known, fresh] = zone_of.emplace(*edge, node.keys[i].text);
      if (fresh) {
        edges[*edge].zone = node.keys[i].text;
      } else {
        reading.mistake(item.place, fmt::format("{} in {} and in {}", item.text, known->second, node.keys[i].text), "every edge in one zone");
      }
    }
  }
}

}  // namespace

Service read_service(Reading& reading, const YamlNode* node) {
  ServiceDraft draft = read_draft(reading, node);
  Service service = std::move(draft.service);
  for (RegionDraft& region : draft.regions) {
    for (const std::string& address : region.addresses) {
      region.spec.edges.push_back(static_cast<EdgeIndex>(service.edges.size()));
      const std::string name = fmt::format("{}/{}", region.spec.name, region.spec.edges.size());
      service.edges.push_back({.name = name, .address = address, .zone = name});
      service.region_of_edge.push_back(static_cast<std::uint16_t>(service.regions.size()));
    }
    service.regions.push_back(std::move(region.spec));
  }
  if (draft.zones) read_zones(reading, *draft.zones, service.edges);
  return service;
}

}  // namespace trunklab
