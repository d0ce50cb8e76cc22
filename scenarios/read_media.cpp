// Reads `media:` of a service, and what ports of a service and of a site have in common.
#include <fmt/format.h>

#include "models/media/codec.hpp"
#include "scenarios/media_parts.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  constexpr std::uint64_t port_least = 1024;  // those below are the system's (RFC 6335)
  constexpr std::uint64_t port_most = 65'535;
  const std::optional<std::uint64_t> port = text.starts_with('0') ? std::nullopt : parse_whole(text);
  if (!port || *port < port_least || *port > port_most) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

ForeignUse read_foreign(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "taken_by_others", {"rate", "holding"});
  ForeignUse foreign;
  if (const YamlNode* rate = fields.need("rate", "how often another program takes a port, such as 1/s")) set(foreign.rate, reading.rate(*rate));
  if (const YamlNode* holding = fields.need("holding", "how long it keeps a port on average, such as 30s")) {
    set(foreign.holding, reading.span(*holding, 1ms, span_max));
  }
  return foreign;
}

void read_addresses(Reading& reading, const YamlNode& node, AddressPolicy& policy) {
  constexpr Span settle_default = 10min;
  const Fields fields(reading, node, "addresses", {"least", "most", "choice", "scale_out", "start_up", "scale_in", "scale_in_after"});
  if (const YamlNode* least = fields.find("least")) set(policy.least, reading.whole(*least, 1, addresses_max));
  if (const YamlNode* most = fields.find("most")) {
    if (const auto count = reading.whole(*most, 1, addresses_max)) policy.most = static_cast<std::uint32_t>(*count);
    if (policy.most && *policy.most < policy.least) {
      reading.mistake(most->place, fmt::format("most {} with least {}", *policy.most, policy.least), "most of at least least");
    }
  }
  if (const YamlNode* choice = fields.find("choice")) {
    set(policy.choice, reading.choice(*choice, {"fewest_calls", "round_robin", "random", "hash"},
                                      {AddressChoice::fewest_calls, AddressChoice::round_robin, AddressChoice::random, AddressChoice::hash}));
  }
  if (const YamlNode* share = fields.find("scale_out")) set(policy.scale_out, reading.share(*share, false));
  if (const YamlNode* time = fields.find("start_up")) set(policy.start_up, reading.span(*time, 0s, day));
  const YamlNode* const scale_in = fields.find("scale_in");
  const YamlNode* const after = fields.find("scale_in_after");
  if (scale_in) {
    set(policy.scale_in, reading.share(*scale_in, false));
    policy.scale_in_after = settle_default;
    if (policy.scale_in && *policy.scale_in >= policy.scale_out) {
      reading.mistake(scale_in->place,
                      fmt::format("scale_in {:g}% with scale_out {:g}%", policy.scale_in->value() * 100, policy.scale_out.value() * 100),
                      "scale_in below scale_out");
    }
  } else if (after) {
    reading.mistake(after->place, "scale_in_after without scale_in", "scale_in_after only beside that");
  }
  if (after) set(policy.scale_in_after, reading.span(*after, 0s, day));
}

void read_leaks(Reading& reading, const YamlNode& node, PortLeaks& leaks) {
  const Fields fields(reading, node, "leaks", {"offers", "offer_timeout", "for_ever"});
  if (const YamlNode* share = fields.find("offers")) set(leaks.offers, reading.share(*share));
  if (const YamlNode* timeout = fields.find("offer_timeout")) set(leaks.offer_timeout, reading.span(*timeout, 1s, span_max));
  if (const YamlNode* share = fields.find("for_ever")) set(leaks.for_ever, reading.share(*share));
}

/// What the service does with speech, wherever its ports are.
void read_speech(Reading& reading, const Fields& fields, MediaSpec& media) {
  constexpr double packets_most = 1e9;
  constexpr Span far_delay_most = 10s;
  if (const YamlNode* packets = fields.find("packets_max")) set(media.packets_max, reading.number(*packets, 1, packets_most));
  if (const YamlNode* codecs = fields.find("codecs")) media.codecs = read_formats(reading, *codecs);
  if (const YamlNode* codecs = fields.find("far_codecs")) media.far_codecs = read_formats(reading, *codecs);
  if (const YamlNode* transcodes = fields.find("transcoding")) set(media.transcodes, reading.flag(*transcodes));
  if (const YamlNode* srtp = fields.find("srtp")) set(media.srtp, reading.flag(*srtp));
  if (const YamlNode* latching = fields.find("latching")) set(media.latching, reading.flag(*latching));
  if (const YamlNode* delay = fields.find("far_delay")) set(media.far_delay, reading.span(*delay, 0s, far_delay_most));
  if (const YamlNode* traits = fields.find("traits")) read_traits(reading, *traits, media.traits);
}

}  // namespace

std::optional<PortRange> read_port_range(Reading& reading, const YamlNode& node) {
  const std::string_view text = node.text;
  const std::size_t dash = text.find('-');
  const std::optional<std::uint16_t> first = parse_port(text.substr(0, dash));
  const std::optional<std::uint16_t> last = dash == std::string_view::npos ? std::nullopt : parse_port(text.substr(dash + 1));
  const std::uint32_t even = first ? *first + *first % 2U : 0;
  if (first && last && even < *last) return PortRange{*first, *last};
  reading.mistake(node.place, described(node),
                  first && last && *first < *last ? "a range with at least one even port and the next one"
                                                  : "a range of ports from 1024 to 65535, the lower one first, such as 10000-20000");
  return std::nullopt;
}

void read_port_keys(Reading& reading, const Fields& fields, PortPoolSpec& ports) {
  constexpr Span late_most = 60s;
  if (const YamlNode* allocator = fields.find("allocator")) {
    set(ports.allocator, reading.choice(*allocator, {"rtpengine", "freeswitch", "asterisk", "rtpproxy", "lowest-first"},
                                        {PortAllocator::rtpengine, PortAllocator::freeswitch, PortAllocator::asterisk, PortAllocator::rtpproxy,
                                         PortAllocator::lowest_first}));
  }
  if (const YamlNode* quarantine = fields.find("quarantine")) set(ports.quarantine, reading.span(*quarantine, 0s, day));
  if (const YamlNode* late = fields.find("late_packets")) set(ports.late_packets, reading.span(*late, 0s, late_most));
  if (const YamlNode* foreign = fields.find("taken_by_others")) ports.foreign = read_foreign(reading, *foreign);
}

std::optional<Probability> read_rtcp(Reading& reading, const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar && node.text.ends_with('%')) return reading.share(node);
  constexpr std::string_view words[]{"pair", "mux"};
  if (node.text == words[0]) return Probability{0};
  if (node.text == words[1]) return Probability{1};
  reading.mistake(node.place, described(node), "pair, mux, or the share of calls with rtcp-mux, such as 30%");
  return std::nullopt;
}

MediaSpec default_media() {
  MediaSpec media;
  for (std::size_t codec = 0; codec < codec_count; ++codec) {
    media.codecs.push_back({.codec = static_cast<Codec>(codec)});
    media.traits[codec] = shipped_traits(static_cast<Codec>(codec));
  }
  media.far_codecs = {{.codec = Codec::pcma}, {.codec = Codec::pcmu}};
  return media;
}

void read_media(Reading& reading, const YamlNode& node, MediaSpec& media) {
  const Fields fields(reading, node, "media",
                      {"ports", "allocator", "rtcp", "quarantine", "late_packets", "legs", "addresses", "leaks", "taken_by_others", "refusal_code",
                       "packets_max", "codecs", "far_codecs", "transcoding", "srtp", "latching", "far_delay", "traits"});
  if (const YamlNode* ports = fields.find("ports")) {
    if (const std::optional<PortRange> range = read_port_range(reading, *ports)) {
      media.ports.first = range->first;
      media.ports.last = range->last;
    }
  }
  read_port_keys(reading, fields, media.ports);
  if (const YamlNode* rtcp = fields.find("rtcp")) set(media.mux, read_rtcp(reading, *rtcp));
  if (const YamlNode* legs = fields.find("legs")) {
    set(media.legs, reading.choice(*legs, {"both", "split", "one"}, {MediaLegs::both, MediaLegs::split, MediaLegs::one}));
  }
  if (const YamlNode* addresses = fields.find("addresses")) read_addresses(reading, *addresses, media.addresses);
  if (const YamlNode* leaks = fields.find("leaks")) read_leaks(reading, *leaks, media.leaks);
  if (const YamlNode* code = fields.find("refusal_code")) set(media.refusal_code, reading.code(*code, 400));
  read_speech(reading, fields, media);
}

}  // namespace trunklab
