// Reads what a site has for media: its RTP ports, its firewall's filter, NAT and the receiver of speech.
#include "scenarios/media_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

void read_ports(Reading& reading, const YamlNode& node, SiteMedia& media) {
  PortPoolSpec ports{.allocator = PortAllocator::asterisk};
  const auto read_range = [&](const YamlNode& value) {
    const std::optional<PortRange> range = read_port_range(reading, value);
    if (!range) return;
    ports.first = range->first;
    ports.last = range->last;
  };
  if (node.kind != YamlNode::Kind::mapping) {
    read_range(node);
  } else {
    const Fields fields(reading, node, "rtp_ports", {"range", "allocator", "rtcp", "quarantine", "late_packets", "leak", "taken_by_others"});
    if (const YamlNode* range = fields.need("range", "the ports, such as 16384-32767")) read_range(*range);
    read_port_keys(reading, fields, ports);
    if (const YamlNode* rtcp = fields.find("rtcp")) set(media.mux, read_rtcp(reading, *rtcp));
    if (const YamlNode* leak = fields.find("leak")) set(media.leak, reading.share(*leak));
  }
  media.ports = ports;
}

}  // namespace

MediaFirewall read_media_firewall(Reading& reading, const YamlNode& node) {
  enum class Way : std::uint8_t { in, out, both };
  const Fields fields(reading, node, "media of a firewall", {"direction", "stateful", "ports"});
  MediaFirewall firewall;
  Way way = Way::both;
  if (const YamlNode* direction = fields.find("direction")) {
    set(way, reading.choice(*direction, {"in", "out", "both"}, {Way::in, Way::out, Way::both}));
  }
  firewall.filters_in = way != Way::out;
  firewall.filters_out = way != Way::in;
  if (const YamlNode* stateful = fields.find("stateful")) {
    set(firewall.stateful, reading.flag(*stateful));
    if (!firewall.filters_in) reading.mistake(stateful->place, "stateful beside direction: out", "stateful only where it filters what comes in");
  }
  if (const YamlNode* ports = fields.need("ports", "the ports of the service that it lets through, such as 10000-20000")) {
    if (const std::optional<PortRange> range = read_port_range(reading, *ports)) {
      firewall.first = range->first;
      firewall.last = range->last;
    }
  }
  return firewall;
}

void read_site_media(Reading& reading, const Fields& fields, SiteMedia& media) {
  constexpr Span buffer_most = 10s;
  constexpr std::uint64_t frame_bytes_most = 1000;
  if (const YamlNode* ports = fields.find("rtp_ports")) read_ports(reading, *ports, media);
  if (const YamlNode* nat = fields.find("nat")) set(media.nat, reading.flag(*nat));
  if (const YamlNode* symmetric = fields.find("symmetric_rtp")) set(media.symmetric_rtp, reading.flag(*symmetric));
  if (const YamlNode* buffer = fields.find("jitter_buffer")) set(media.jitter_buffer, reading.span(*buffer, 0s, buffer_most));
  if (const YamlNode* activity = fields.find("activity")) set(media.activity, reading.share(*activity, false));
  if (const YamlNode* bytes = fields.find("frame_bytes")) set(media.frame_bytes, reading.whole(*bytes, 0, frame_bytes_most));
}

}  // namespace trunklab
