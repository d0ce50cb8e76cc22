// Codecs: what a stream costs on the wire, and which codec the two ends of a leg agree on.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "models/media/media_spec.hpp"

namespace trunklab {

/// "G.711u", "G.711a", "Opus", "G.729".
std::string_view name_of(Codec codec);
/// With what is not the default: "G.729 30ms", "Opus 32k".
std::string text_of(const CodecFormat& format);

/// May a codec have that ptime? G.711: 10..60 ms in steps of 10 ms; G.729: the same (frames of 10 ms); Opus: 10, 20, 40 or 60 ms (RFC 7587; its 2.5
/// and 5 ms are left out).
bool may_have(Codec codec, Span ptime);

/// One direction of one leg while packets are sent.
struct StreamRate {
  double payload_bytes = 0;
  double packets_per_s = 0;
  double ip_bit_s = 0;     ///< with 40 bytes of IPv4, UDP and RTP headers, and SRTP's tag if any
  double frame_bit_s = 0;  ///< with `frame_bytes` of layer 2 as well
};
/// Source: RFC 3550, 768, 791 (12 + 8 + 20 bytes of headers), RFC 3711 (80-bit tag); Avaya 555-245-600 table 42 has the same figures.
StreamRate stream_rate(const CodecFormat& format, bool srtp, std::uint32_t frame_bytes);

/// Codec traits that ship: G.113 appendix I for G.711 with packet loss concealment (0, 25.1) and G.729A (11, 19). There is no ITU value for Opus:
/// (2, 20) is ours and provisional. So are all costs: 0.1 % of a core for G.711 (what users report of a decoder), and ours, 0.5 % for G.729 and 1 %
/// for Opus.
CodecTraits shipped_traits(Codec codec);

/// The answerer's choice (RFC 3264 section 6.1): the first of `offer` that `able` has too, with the ptime of the offer; nullopt = none is common.
std::optional<CodecFormat> answer_to(std::span<const CodecFormat> offer, std::span<const CodecFormat> able);

/// What a call's two legs use.
struct CodecPair {
  CodecFormat site;  ///< between site and service
  CodecFormat far;   ///< between service and far side
  /// Other codecs; another ptime of the same codec costs nothing that counts.
  [[nodiscard]] bool transcoded() const { return site.codec != far.codec; }
  bool operator==(const CodecPair&) const = default;
};
/// "G.711a" where both legs have the same, else site - far: "G.729 - G.711a".
std::string text_of(const CodecPair& pair);

/// A call from the site: the service offers the far side what the site offered and it takes itself, in the site's order, then its own codecs (if it
/// transcodes); the far side answers; the site gets the same codec if it offered it, else the first of its offer that the service takes. nullopt =
/// 488.
std::optional<CodecPair> negotiate_from_site(std::span<const CodecFormat> site, const MediaSpec& service);
/// A call to the site: the far side offers; the service offers the site what both it and the far side take, in the far side's order, then its own
/// codecs (if it transcodes); the site answers with the first of the offer that it takes. nullopt = 488.
std::optional<CodecPair> negotiate_to_site(std::span<const CodecFormat> site, const MediaSpec& service);

}  // namespace trunklab
