// The firewall sheet of a plan.
#include <fmt/format.h>

#include <algorithm>

#include "cli/plan_figures.hpp"

namespace trunklab::cli {
namespace {

constexpr const char* sip_port = "5060";

std::string addresses_of(const Service& service, const std::vector<EdgeIndex>& edges) {
  std::string text;
  for (const EdgeIndex edge : edges) text += (text.empty() ? "" : ", ") + service.edges[edge].address;
  return text;
}

std::string ports_of(const PortPoolSpec& ports) {
  return fmt::format("{}-{}", ports.first, ports.last);
}

std::string_view protocol(Transport transport) {
  return transport == Transport::udp ? "UDP" : "TCP";
}

bool serves(const Scenario& scenario, std::uint16_t site, Direction direction) {
  return std::ranges::any_of(scenario.demands, [&](const DemandSpec& demand) { return demand.site == site && demand.direction == direction; });
}

void add(Table& table, std::string site, std::string way, std::string protocol, std::string service, std::string own, std::string what) {
  table.rows.push_back(
      {.cells = {{std::move(site)}, {std::move(way)}, {std::move(protocol)}, {std::move(service)}, {std::move(own)}, {std::move(what)}}});
}

void add_site(const Scenario& scenario, std::uint16_t index, Table& table) {
  const Service& service = scenario.service;
  const Site& site = scenario.sites[index];
  const std::string protocol_name{protocol(site.transport)};
  if (serves(scenario, index, Direction::termination)) {
    const auto targets = targets_of(scenario, site);
    for (std::uint16_t region = 0; region < service.regions.size(); ++region) {
      std::vector<EdgeIndex> edges = service.regions[region].edges;
      std::erase_if(edges, [&](EdgeIndex edge) { return std::ranges::find(targets, edge) == targets.end(); });
      if (edges.empty()) continue;
      add(table, site.name, "out", protocol_name, addresses_of(service, edges) + " port " + sip_port, "SBC",
          "calls to " + service.regions[region].name);
    }
    if (site.routing.target == TargetKind::fqdn) add(table, site.name, "out", "DNS", "", "SBC", "names of the regions");
  }
  for (std::uint16_t region = 0; region < service.regions.size() && serves(scenario, index, Direction::origination); ++region) {
    add(table, site.name, "in", "UDP", addresses_of(service, service.regions[region].edges), fmt::format("SBC port {}", sip_port),
        "calls from " + service.regions[region].name);
  }
  const std::string own = site.media.ports ? "SBC ports " + ports_of(*site.media.ports) : "SBC, its RTP ports";
  add(table, site.name, "in, out", "UDP", "any address, ports " + ports_of(service.media.ports), own, "RTP and RTCP");
}

}  // namespace

Section firewall_section(const Scenario& scenario) {
  Table table{.caption = "What to let through",
              .columns = {{"site"}, {"way"}, {"protocol"}, {"service"}, {"site's side"}, {"for"}},
              .rows = {},
              .searchable = true};
  for (std::uint16_t site = 0; site < scenario.sites.size(); ++site) {
    const bool calls = serves(scenario, site, Direction::termination) || serves(scenario, site, Direction::origination);
    if (calls) add_site(scenario, site, table);
  }
  Bullets notes;
  notes.items.push_back({.text =
                             "Sinch asks for all of its addresses and ports to be let in, and has no fixed addresses that media come from: only the "
                             "port range is known. Rules per region are for failover; leave none out."});
  notes.items.push_back({.text = fmt::format("Port {} is SIP's own (RFC 3261); Sinch's examples show it.", sip_port)});
  return {.id = "firewall", .title = "Firewall sheet", .blocks = {{std::move(table)}, {std::move(notes)}}};
}

}  // namespace trunklab::cli
