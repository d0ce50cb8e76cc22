// Reads `sites:` but for their routing.
#include <algorithm>
#include <limits>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

/// The least Session-Expires, RFC 4028 section 4.
constexpr Span session_expires_least = 90s;

void read_rtt(Reading& reading, const YamlNode& node, const Service& service, std::vector<Span>& rtt) {
  std::vector<std::string_view> regions;
  for (const RegionSpec& region : service.regions) regions.push_back(region.name);
  const Fields fields(reading, node, "rtt", regions);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (const YamlNode* value = fields.find(regions[i])) set(rtt[i], reading.span(*value, 0s, 60s));
  }
}

TcpSpec read_tcp(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "tcp", {"user_timeout", "keepalive"});
  TcpSpec tcp;
  if (const YamlNode* timeout = fields.find("user_timeout")) set(tcp.user_timeout, reading.span(*timeout, 1s, span_max));
  if (const YamlNode* keepalive = fields.find("keepalive")) set(tcp.keepalive, reading.span(*keepalive, 1s, span_max));
  return tcp;
}

/// An address that no edge has is not refused: a firewall may let in whom it likes.
void read_allow(Reading& reading, const YamlNode& node, const Service& service, Site& site) {
  if (node.kind == YamlNode::Kind::scalar && node.text == "all") return;
  if (node.kind != YamlNode::Kind::list) return reading.mistake(node.place, described(node), "all, or a list of edges such as [euc1/1, euc1/2]");
  site.allows.assign(service.edges.size(), false);
  for (const YamlNode& item : node.items) {
    if (!is_ipv4(item.text)) {
      if (const auto edge = find_named(reading, item, service.edges)) site.allows[*edge] = true;
      continue;
    }
    const auto edge = std::ranges::find(service.edges, item.text, &EdgeSpec::address);
    if (edge != service.edges.end()) {
      site.allows[static_cast<std::size_t>(edge - service.edges.begin())] = true;
    } else {
      site.allows_strangers.push_back(item.text);
    }
  }
}

void read_firewall(Reading& reading, const YamlNode& node, const Service& service, Site& site) {
  const Fields fields(reading, node, "firewall", {"allow", "media"});
  const YamlNode* const media = fields.find("media");
  const YamlNode* const allow = media ? fields.find("allow") : fields.need("allow", "all, or the list of edges that are let in");
  if (allow) read_allow(reading, *allow, service, site);
  if (media) site.media.firewall = read_media_firewall(reading, *media);
}

/// What a site does besides routing.
void read_site_parts(Reading& reading, const Fields& fields, const Service& service, Site& site) {
  if (const YamlNode* tcp = fields.find("tcp")) {
    site.tcp = read_tcp(reading, *tcp);
    if (site.transport != Transport::tcp) reading.mistake(tcp->place, "tcp without transport: tcp", "tcp only beside that transport");
  }
  if (const YamlNode* seen = fields.find("icmp_seen")) set(site.icmp_seen, reading.flag(*seen));
  if (const YamlNode* expires = fields.find("session_expires")) set(site.session_expires, reading.span(*expires, session_expires_least, span_max));
  if (const YamlNode* firewall = fields.find("firewall")) read_firewall(reading, *firewall, service, site);
  if (const YamlNode* drop = fields.find("drop_fragments")) set(site.drop_fragments, reading.flag(*drop));
  if (const YamlNode* centre = fields.find("contact_centre")) {
    const Fields keys(reading, *centre, "a contact centre", {"agents"});
    site.contact_centre.emplace();
    if (const YamlNode* agents = keys.need("agents", "how many people answer, such as 40")) {
      set(site.contact_centre->agents, reading.whole(*agents, 1, std::numeric_limits<std::uint32_t>::max()));
    }
  }
}

Site read_site(Reading& reading, const std::string& name, const YamlNode& node, const Service& service) {
  const Fields fields(reading, node, "a site",
                      {"transport", "tcp", "icmp_seen", "channels", "rtt", "media_timeout", "session_expires", "firewall", "drop_fragments",
                       "contact_centre", "rtp_ports", "nat", "symmetric_rtp", "jitter_buffer", "activity", "frame_bytes", "routing"});
  Site site;
  site.name = name;
  site.rtt.assign(service.regions.size(), Span{0});
  site.allows.assign(service.edges.size(), true);
  if (const YamlNode* transport = fields.find("transport")) {
    set(site.transport, reading.choice(*transport, {"udp", "tcp"}, {Transport::udp, Transport::tcp}));
  }
  if (const YamlNode* channels = fields.find("channels")) {
    if (const auto count = reading.whole(*channels, 1, std::numeric_limits<std::uint32_t>::max())) site.channels = static_cast<std::uint32_t>(*count);
  }
  if (const YamlNode* rtt = fields.find("rtt"); rtt && !service.regions.empty()) read_rtt(reading, *rtt, service, site.rtt);
  if (const YamlNode* timeout = fields.find("media_timeout")) set(site.media_timeout, reading.span(*timeout, 1s, span_max));
  read_site_parts(reading, fields, service, site);
  read_site_media(reading, fields, site.media);
  if (const YamlNode* routing = fields.need("routing", "routing: a mapping with the regions that the site's calls go to")) {
    read_routing(reading, *routing, service, site);
  }
  return site;
}

}  // namespace

std::vector<Site> read_sites(Reading& reading, const YamlNode& node, const Service& service) {
  std::vector<Site> sites;
  for (const std::size_t i : named_entries(reading, node, "sites")) sites.push_back(read_site(reading, node.keys[i].text, node.items[i], service));
  return sites;
}

}  // namespace trunklab
