// Reads `sites:` but for their routing.
#include <limits>

#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

void read_rtt(Reading& reading, const YamlNode& node, const Service& service, std::vector<Span>& rtt) {
  std::vector<std::string_view> regions;
  for (const RegionSpec& region : service.regions) regions.push_back(region.name);
  const Fields fields(reading, node, "rtt", regions);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (const YamlNode* value = fields.find(regions[i])) set(rtt[i], reading.span(*value, 0s, 60s));
  }
}

Site read_site(Reading& reading, const std::string& name, const YamlNode& node, const Service& service) {
  const Fields fields(reading, node, "a site", {"transport", "channels", "rtt", "media_timeout", "routing"});
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
  if (const YamlNode* routing = fields.need("routing", "routing: a mapping with the regions that the site's calls go to")) {
    site.routing = read_routing(reading, *routing, service, site.rtt);
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
