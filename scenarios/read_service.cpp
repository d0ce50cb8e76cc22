// Reads `service:`: a preset, the user's changes to it, or a service that is all the user's.
#include <algorithm>
#include <cassert>
#include <map>

#include <fmt/format.h>

#include "scenarios/embedded.hpp"
#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t edges_max = 250;
constexpr std::string_view presets[]{"sinch"};

/// A region before its edges have been numbered through the service.
struct RegionDraft {
  RegionSpec spec;
  std::vector<std::string> addresses;
};

struct ServiceDraft {
  std::string name = "own";
  std::vector<RegionDraft> regions;
  NameSpec names;
  std::vector<CapSpec> caps;
};

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

RegionDraft read_region(Reading& reading, const std::string& name, const YamlNode& node) {
  const Fields fields(reading, node, "a region", {"title", "host_name", "edges"});
  RegionDraft region{.spec = {.name = name, .title = name, .host_name = {}, .edges = {}}, .addresses = {}};
  if (const YamlNode* title = fields.find("title")) set(region.spec.title, reading.text(*title, "a title such as Europe"));
  if (const YamlNode* host = fields.need("host_name", "the region's host name")) {
    set(region.spec.host_name, reading.text(*host, "a host name such as euc1.sip.sinch.com"));
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

void read_overrides(Reading& reading, const YamlNode& node, const Fields& fields, ServiceDraft& service) {
  if (const YamlNode* names = fields.find("names")) service.names = read_names(reading, *names, service.names);
  if (const YamlNode* caps = fields.find("caps")) service.caps = read_caps(reading, *caps);
  if (const YamlNode* regions = fields.find("regions")) {
    read_regions(reading, *regions, service.regions);
  } else if (service.regions.empty() && node.kind == YamlNode::Kind::mapping && reading.clean()) {
    reading.mistake(node.place, "a service without regions", "regions, or preset: sinch");
  }
}

ServiceDraft preset(const std::string& name) {
  Reading reading("preset " + name);
  const Result<YamlNode> tree = parse_yaml(std::string(preset_text(name)), reading.path());
  assert(tree);
  ServiceDraft service{.name = name, .regions = {}, .names = {}, .caps = {}};
  read_overrides(reading, tree.value(), Fields(reading, tree.value(), "a preset", {"names", "caps", "regions"}), service);
  assert(reading.clean());
  return service;
}

ServiceDraft read_draft(Reading& reading, const YamlNode* node) {
  if (!node) return preset("sinch");
  if (node->kind == YamlNode::Kind::scalar) {
    const std::optional<std::size_t> known = reading.choice(*node, presets);
    return preset(std::string(presets[known.value_or(0)]));
  }
  const Fields fields(reading, *node, "sinch, or a service", {"preset", "names", "caps", "regions"});
  ServiceDraft service;
  if (const YamlNode* name = fields.find("preset")) {
    const std::optional<std::size_t> known = reading.choice(*name, presets);
    service = preset(std::string(presets[known.value_or(0)]));
  }
  read_overrides(reading, *node, fields, service);
  return service;
}

}  // namespace

ProbeSpec read_probe(Reading& reading, const YamlNode& node, ProbeSpec defaults) {
  const Fields fields(reading, node, "a probe", {"every", "timeout", "fail_after", "recover_after"});
  const std::size_t before = reading.problems().size();
  ProbeSpec probe = defaults;
  if (const YamlNode* every = fields.find("every")) set(probe.every, reading.span(*every, 1ms, day));
  if (const YamlNode* timeout = fields.find("timeout")) set(probe.timeout, reading.span(*timeout, 1ms, day));
  if (const YamlNode* count = fields.find("fail_after")) set(probe.fail_after, reading.whole(*count, 1, 1000));
  if (const YamlNode* count = fields.find("recover_after")) set(probe.recover_after, reading.whole(*count, 1, 1000));
  if (probe.timeout > probe.every && reading.problems().size() == before) {
    const YamlNode* const timeout = fields.find("timeout");
    reading.mistake(timeout ? timeout->place : node.place,
                    fmt::format("a timeout of {} with a probe every {}", span_text(probe.timeout), span_text(probe.every)),
                    "a timeout of at most the interval");
  }
  return probe;
}

NameSpec read_names(Reading& reading, const YamlNode& node, NameSpec defaults) {
  const Fields fields(reading, node, "names", {"ttl", "answer", "check"});
  NameSpec names = defaults;
  if (const YamlNode* ttl = fields.find("ttl")) set(names.ttl, reading.span(*ttl, 1s, 7 * day));
  if (const YamlNode* answer = fields.find("answer")) {
    set(names.answer, reading.choice(*answer, {"one", "all"}, {NameSpec::Answer::one, NameSpec::Answer::all}));
  }
  if (const YamlNode* check = fields.find("check")) names.check = read_probe(reading, *check, names.check);
  return names;
}

Service read_service(Reading& reading, const YamlNode* node) {
  ServiceDraft draft = read_draft(reading, node);
  Service service;
  service.name = std::move(draft.name);
  service.names = draft.names;
  service.caps = std::move(draft.caps);
  for (RegionDraft& region : draft.regions) {
    for (const std::string& address : region.addresses) {
      region.spec.edges.push_back(static_cast<EdgeIndex>(service.edges.size()));
      const std::string name = fmt::format("{}/{}", region.spec.name, region.spec.edges.size());
      service.edges.push_back({.name = name, .address = address, .zone = name});
      service.region_of_edge.push_back(static_cast<std::uint16_t>(service.regions.size()));
    }
    service.regions.push_back(std::move(region.spec));
  }
  return service;
}

}  // namespace trunklab
