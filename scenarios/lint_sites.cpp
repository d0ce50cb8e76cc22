// Advice on where a site's calls go and on whom it lets in: mostly the seed's own.
#include <algorithm>

#include <fmt/format.h>

#include "scenarios/lint_parts.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

constexpr std::string_view sending = "Sending calls to Sinch platform from your SIP infrastructure (SIP-terminated calls)";

Service preset_service() {
  Reading reading("preset sinch");
  return read_service(reading, nullptr);
}

void look_for_missing_addresses(Advisor& advisor, const Routing& routing, const std::string& where) {
  const Service preset = preset_service();
  const auto& edges = advisor.scenario().service.edges;
  for (const std::uint16_t index : routing.regions) {
    const RegionSpec& used = advisor.scenario().service.regions[index];
    const auto known = std::ranges::find(preset.regions, used.host_name, &RegionSpec::host_name);
    if (known == preset.regions.end()) continue;
    for (const EdgeIndex edge : known->edges) {
      const std::string& address = preset.edges[edge].address;
      if (std::ranges::find(edges, address, &EdgeSpec::address) != edges.end()) continue;
      advisor.add("address-left-out", where, fmt::format("address {} of {} is left out", address, used.name),
                  quote("Make sure to utilize all IP addresses and failover in case one IP is not responding", sending),
                  fmt::format("add {} to the edges of {}", address, used.name));
    }
  }
}

/// The host name that the seed lists for a name that it only shows in an example; empty if the list has it.
std::string listed_name(const std::string& host_name, const Service& preset) {
  if (!host_name.ends_with(".sinch.com") || std::ranges::find(preset.regions, host_name, &RegionSpec::host_name) != preset.regions.end()) return {};
  for (const RegionSpec& region : preset.regions) {
    if (host_name.find(region.name) != std::string::npos) return region.host_name;
  }
  return "one of the listed names, such as " + preset.regions.front().host_name;
}

std::string edge_names(const Service& service, const std::vector<bool>& allows, std::optional<std::uint16_t> region) {
  constexpr std::size_t shown_max = 4;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < service.edges.size(); ++i) {
    if (!allows[i] && (!region || service.region_of_edge[i] == *region)) names.push_back(service.edges[i].name);
  }
  const std::size_t all = names.size();
  names.resize(std::min(all, shown_max));
  return all == 0 ? "" : fmt::format("{}{}", fmt::join(names, ", "), all > shown_max ? fmt::format(" and {} more", all - shown_max) : "");
}

/// Edges that call the site and are not let in.
std::string lost_callers(const Scenario& scenario, std::size_t site) {
  std::vector<std::string> lost;
  for (const DemandSpec& demand : scenario.demands) {
    if (demand.site != site || demand.direction != Direction::origination) continue;
    std::string names = edge_names(scenario.service, scenario.sites[site].allows, demand.region);
    if (!names.empty() && std::ranges::find(lost, names) == lost.end()) lost.push_back(std::move(names));
  }
  return fmt::format("{}", fmt::join(lost, ", "));
}

}  // namespace

void advise_on_service(Advisor& advisor) {
  const Scenario& scenario = advisor.scenario();
  const Service& service = scenario.service;
  const Service preset = preset_service();
  for (const RegionSpec& region : service.regions) {
    const std::string listed = listed_name(region.host_name, preset);
    if (listed.empty()) continue;
    advisor.add("host-name-variant", "region " + region.name, "the host name is " + region.host_name,
                quote("euc1.sip.sinch.com", sending) +
                    ": the list of host names has the form REGION.sip.sinch.com; sip-euc1.sinch.com stands only in " +
                    quote("INVITE sip:+12345678900@sip-euc1.sinch.com", "SIP termination example"),
                "host_name: " + listed);
  }
  if (const auto edge = std::ranges::find(service.edges, example_address, &EdgeSpec::address); edge != service.edges.end()) {
    advisor.add(
        "example-address", "edge " + edge->name, fmt::format("its address is {}", example_address),
        quote("Contact: <sip:+46733478561@18.194.168.245:5060>", "SIP origination example") + ": it is not in the list of \"IP whitelisting\"",
        "an address of the list, such as 18.184.175.4");
  }
  bool calls_out = false;
  for (std::size_t i = 0; i < scenario.sites.size(); ++i) calls_out = calls_out || advisor.calls_out(i);
  if (calls_out && !service.authentication && service.name == "sinch") {
    advisor.add("no-authentication", "service", "calls to the service are not challenged",
                quote("In order to use a trunk for termination it must have a Termination SIP URI and at least one authentication scheme", sending) +
                    ": a challenge costs a round trip for each attempt",
                "service: { preset: sinch, authentication: {} }");
  }
  if (service.names.check.method == ProbeSpec::Method::tcp_connect) {
    advisor.add("blind-connect", "names", "the health check only connects",
                "the host completes a connection for a process that has stopped, drains or refuses calls, and the name goes on answering with it",
                "check: { method: options, alive: ok }");
  }
}

void advise_on_targets(Advisor& advisor, std::size_t index) {
  const Site& site = advisor.scenario().sites[index];
  const std::string where = "site " + site.name;
  const Routing& routing = site.routing;
  if (routing.target == TargetKind::single_address) {
    advisor.add("single-address", where, "all calls go to one address",
                quote("make sure you are not restricted to use only one single IP address", sending) + ": nothing is left when that edge is lost",
                "target: fqdn, or target: addresses with both edges of the region");
    return;
  }
  if (routing.target == TargetKind::addresses) {
    advisor.add("addresses-instead-of-name", where, "calls go to addresses instead of a name",
                quote("Sinch strongly recommends to use this FQDN names for sending traffic towards Sinch", sending), "target: fqdn");
    look_for_missing_addresses(advisor, routing, where);
  }
  if (routing.target == TargetKind::fqdn && routing.cache != DnsCache::ttl) {
    advisor.add("name-resolved-once", where,
                routing.cache == DnsCache::start ? "the name is resolved once, at the start" : "the name is resolved once and for ever",
                "an edge that is lost later stays in use, whatever the name says by then", "cache: ttl");
  }
  if (routing.regions.size() == 1) {
    const auto& regions = advisor.scenario().service.regions;
    const auto other = std::ranges::find_if(regions, [&](const RegionSpec& each) { return each.name != regions[routing.regions.front()].name; });
    advisor.add("one-region", where, "only one region is used", "nothing is left when that region is lost",
                other == regions.end() ? "a second region of the service"
                                       : fmt::format("regions: [{}, {}]", regions[routing.regions.front()].name, other->name));
  }
}

void advise_on_firewall(Advisor& advisor, std::size_t index) {
  const Scenario& scenario = advisor.scenario();
  const Site& site = scenario.sites[index];
  const std::string where = "site " + site.name;
  const std::string missing = edge_names(scenario.service, site.allows, std::nullopt);
  if (!missing.empty()) {
    const std::string lost = lost_callers(scenario, index);
    advisor.add("allow-list-incomplete", where, "the firewall does not let in " + missing,
                quote("You must whitelist ALL of Sinch IP addresses and ports on your firewall", "IP whitelisting") +
                    (lost.empty() ? "" : fmt::format(": every call from {} to this site is lost", lost)),
                "firewall: { allow: all }");
  }
  for (const std::string& address : site.allows_strangers) {
    if (address == example_address) {
      advisor.add("example-address", where, fmt::format("the firewall lets in {}", address),
                  quote("Contact: <sip:+46733478561@18.194.168.245:5060>", "SIP origination example") +
                      ": it is not in the list of \"IP whitelisting\", so ask before you rely on it",
                  fmt::format("leave {} out of allow", address));
    } else {
      advisor.add("allow-list-stranger", where, fmt::format("the firewall lets in {}", address), "no edge of the service has this address",
                  fmt::format("leave {} out of allow, or correct it", address));
    }
  }
}

}  // namespace trunklab
