// The customer's settings that a failover study tries out. The list is ours; each figure is said in its own words.
#include <algorithm>

#include "sim/study.hpp"

namespace trunklab {

namespace {

using namespace std::chrono_literals;

template <class Change>
void add(std::vector<Variant>& variants, const Scenario& scenario, std::string key, std::string setting, std::string text, const Change& change) {
  Variant variant{.key = std::move(key), .setting = std::move(setting), .text = std::move(text), .scenario = scenario};
  bool changed = false;
  for (Site& site : variant.scenario.sites) changed = change(site) || changed;
  if (changed) variants.push_back(std::move(variant));
}

/// The nearest region that the site does not use yet, of those whose round-trip time is known.
std::optional<std::uint16_t> nearest_unused_region(const Scenario& scenario, const Site& site) {
  std::optional<std::uint16_t> nearest;
  for (std::uint16_t region = 0; region < scenario.service.regions.size(); ++region) {
    if (site.rtt[region] <= Span::zero() || std::ranges::find(site.routing.regions, region) != site.routing.regions.end()) continue;
    if (!nearest || site.rtt[region] < site.rtt[*nearest]) nearest = region;
  }
  return nearest;
}

std::size_t targets_of(const Scenario& scenario, const Routing& routing) {
  std::size_t targets = 0;
  for (const std::uint16_t region : routing.regions) targets += scenario.service.regions[region].edges.size();
  return targets;
}

bool use_addresses(Site& site, const Scenario& scenario) {
  if (site.routing.target == TargetKind::addresses || targets_of(scenario, site.routing) > targets_max) return false;
  site.routing.target = TargetKind::addresses;
  return true;
}

bool use_names(Site& site) {
  if (site.routing.target == TargetKind::fqdn) return false;
  if (site.routing.target == TargetKind::single_address && site.routing.regions.empty()) return false;
  site.routing.target = TargetKind::fqdn;
  site.routing.cache = DnsCache::ttl;
  return true;
}

bool probe_faster(Site& site, Span every) {
  std::optional<ProbeSpec>& probe = site.routing.hunting.probe;
  if (probe && probe->every <= every && probe->fail_after <= 2) return false;
  probe = ProbeSpec{.every = every, .timeout = std::min<Span>(3s, every), .fail_after = 2, .recover_after = 1};
  return true;
}

bool hold_down(Site& site, Span span) {
  std::optional<HoldDown>& policy = site.routing.hunting.hold_down;
  if (policy && policy->span >= span) return false;
  if (!policy) policy = HoldDown{};
  policy->span = span;
  return true;
}

/// A single INVITE without an answer does not condemn an edge any more; of those that fail now and then enough do.
bool hold_down_by_rate(Site& site, std::uint8_t trip, std::uint8_t of) {
  std::optional<HoldDown>& policy = site.routing.hunting.hold_down;
  if (policy && policy->of > 1) return false;
  if (!policy) policy = HoldDown{};
  policy->no_response = true;
  policy->trip = trip;
  policy->of = of;
  return true;
}

bool return_half_open(Site& site) {
  std::optional<HoldDown>& policy = site.routing.hunting.hold_down;
  if (!policy || policy->half_open) return false;
  policy->half_open = true;
  return true;
}

bool give_up_sooner(Site& site, Span no_response) {
  if (site.routing.hunting.no_response <= no_response || std::ranges::max(site.rtt) >= no_response) return false;
  site.routing.hunting.no_response = no_response;
  return true;
}

bool resolve_again(Site& site) {
  if (site.routing.target != TargetKind::fqdn || site.routing.cache != DnsCache::forever) return false;
  site.routing.cache = DnsCache::ttl;
  return true;
}

bool add_region(Site& site, const Scenario& scenario) {
  const auto region = nearest_unused_region(scenario, site);
  if (!region || site.routing.regions.size() > 1 || site.routing.target == TargetKind::single_address) return false;
  if (targets_of(scenario, site.routing) + scenario.service.regions[*region].edges.size() > targets_max) return false;
  site.routing.regions.push_back(*region);
  return true;
}

}  // namespace

std::vector<Variant> variants_of(const Scenario& scenario) {
  std::vector<Variant> variants;
  if (scenario.faults.empty()) return variants;
  add(variants, scenario, "addresses", "target: addresses", "hunt over both addresses of a region instead of what a name or one address gives",
      [&](Site& site) { return use_addresses(site, scenario); });
  add(variants, scenario, "cache-ttl", "cache: ttl", "resolve the name again when its TTL is over", resolve_again);
  add(variants, scenario, "probe-10s", "probe every 10 s, down after 2", "OPTIONS find a dead edge before many calls do",
      [](Site& site) { return probe_faster(site, 10s); });
  add(variants, scenario, "hold-10min", "hold_down: 10min", "leave an edge alone for longer once it gave no response",
      [](Site& site) { return hold_down(site, 10min); });
  add(variants, scenario, "hold-2-of-10", "hold_down after 2 of 10", "leave an edge alone only when several attempts had no response",
      [](Site& site) { return hold_down_by_rate(site, 2, 10); });
  add(variants, scenario, "half-open", "hold_down: half_open", "after the hold-down one call tries first", return_half_open);
  add(variants, scenario, "advance-2s", "no_response: 2s", "advance sooner when nothing at all is heard",
      [](Site& site) { return give_up_sooner(site, 2s); });
  add(variants, scenario, "region-2", "a second region", "go on to the nearest other region when the first one is used up",
      [&](Site& site) { return add_region(site, scenario); });
  add(variants, scenario, "fqdn", "target: fqdn", "call the name, which leads past an edge that its health check found dead", use_names);
  return variants;
}

}  // namespace trunklab
