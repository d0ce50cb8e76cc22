// The parts of media in a scenario, each read by its own function. Internal to the reader.
#pragma once

#include <vector>

#include "scenarios/reader_parts.hpp"

namespace trunklab {

/// Codecs, best first; each once.
std::vector<CodecFormat> read_formats(Reading& reading, const YamlNode& node);
/// Codecs for all calls alike, or a mix of offers with their shares.
std::vector<CodecOffer> read_offers(Reading& reading, const YamlNode& node);
/// Changes the traits, by Codec, that the scenario names.
void read_traits(Reading& reading, const YamlNode& node, std::array<CodecTraits, codec_count>& traits);

/// Ports as in 10000-20000.
struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
};
std::optional<PortRange> read_port_range(Reading& reading, const YamlNode& node);
/// allocator, quarantine, late_packets, taken_by_others.
void read_port_keys(Reading& reading, const Fields& fields, PortPoolSpec& ports);
/// The share of calls with rtcp-mux: pair, mux, or a share.
std::optional<Probability> read_rtcp(Reading& reading, const YamlNode& node);

}  // namespace trunklab
