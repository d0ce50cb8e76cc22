// Streams of codecs on the wire, and the choice of codecs by offer and answer.
#include "models/media/codec.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t header_bytes = 12 + 8 + 20;  // RTP, UDP, IPv4
constexpr std::uint32_t srtp_tag_bytes = 10;         // HMAC-SHA1-80 of RFC 3711
constexpr double bits_a_byte = 8;

double bit_rate_of(const CodecFormat& format) {
  switch (format.codec) {
    case Codec::pcmu:
    case Codec::pcma: return 64'000;
    case Codec::g729: return 8'000;
    case Codec::opus: return format.bit_rate;
  }
  return 0;
}

/// "32k", "24.5k"
std::string kilobits(std::uint32_t bit_rate) {
  std::array<char, 32> text{};
  const std::to_chars_result end = std::to_chars(text.data(), text.data() + text.size(), bit_rate / 1000.0);
  assert(end.ec == std::errc{});
  return std::string(text.data(), end.ptr) + "k";
}

bool has(std::span<const CodecFormat> formats, Codec codec) {
  return std::ranges::find(formats, codec, &CodecFormat::codec) != formats.end();
}

/// What a service in between offers the other side: what came in and it takes itself, then its own.
std::vector<CodecFormat> passed_on(std::span<const CodecFormat> offer, const MediaSpec& service) {
  std::vector<CodecFormat> passed;
  for (const CodecFormat& format : offer) {
    if (has(service.codecs, format.codec)) passed.push_back(format);
  }
  for (const CodecFormat& own : service.codecs) {
    if (service.transcodes && !has(passed, own.codec)) passed.push_back(own);
  }
  return passed;
}

/// The two legs of a call.
struct Legs {
  CodecFormat offering;
  CodecFormat answering;
};
std::optional<Legs> negotiate(std::span<const CodecFormat> offer, std::span<const CodecFormat> able, const MediaSpec& service) {
  const std::optional<CodecFormat> first_taken = answer_to(offer, service.codecs);
  if (!first_taken) return std::nullopt;
  const std::optional<CodecFormat> answer = answer_to(passed_on(offer, service), able);
  if (!answer) return std::nullopt;
  return Legs{.offering = has(offer, answer->codec) ? *answer : *first_taken, .answering = *answer};
}

}  // namespace

std::string_view name_of(Codec codec) {
  switch (codec) {
    case Codec::pcmu: return "G.711u";
    case Codec::pcma: return "G.711a";
    case Codec::opus: return "Opus";
    case Codec::g729: return "G.729";
  }
  return "";
}

std::string text_of(const CodecFormat& format) {
  const CodecFormat plain{};
  std::string text(name_of(format.codec));
  if (format.codec == Codec::opus && format.bit_rate != plain.bit_rate) text += " " + kilobits(format.bit_rate);
  if (format.ptime != plain.ptime) text += " " + std::to_string(format.ptime / 1ms) + "ms";
  return text;
}

bool may_have(Codec codec, Span ptime) {
  if (codec == Codec::opus) return ptime == 10ms || ptime == 20ms || ptime == 40ms || ptime == 60ms;
  return ptime >= 10ms && ptime <= 60ms && ptime % 10ms == Span{0};
}

StreamRate stream_rate(const CodecFormat& format, bool srtp, std::uint32_t frame_bytes) {
  assert(may_have(format.codec, format.ptime));
  StreamRate rate;
  rate.packets_per_s = 1 / in_seconds(format.ptime);
  rate.payload_bytes = bit_rate_of(format) / bits_a_byte / rate.packets_per_s;
  const double packet_bytes = rate.payload_bytes + header_bytes + (srtp ? srtp_tag_bytes : 0);
  rate.ip_bit_s = packet_bytes * bits_a_byte * rate.packets_per_s;
  rate.frame_bit_s = (packet_bytes + frame_bytes) * bits_a_byte * rate.packets_per_s;
  return rate;
}

CodecTraits shipped_traits(Codec codec) {
  switch (codec) {
    case Codec::pcmu:
    case Codec::pcma: return {.ie = 0, .bpl = 25.1, .cores = 0.001};
    case Codec::opus: return {.ie = 2, .bpl = 20, .cores = 0.01, .provisional = true};
    case Codec::g729: return {.ie = 11, .bpl = 19, .cores = 0.005};
  }
  return {};
}

std::optional<CodecFormat> answer_to(std::span<const CodecFormat> offer, std::span<const CodecFormat> able) {
  const auto taken = std::ranges::find_if(offer, [&](const CodecFormat& format) { return has(able, format.codec); });
  return taken == offer.end() ? std::nullopt : std::optional(*taken);
}

std::string text_of(const CodecPair& pair) {
  return pair.site == pair.far ? text_of(pair.site) : text_of(pair.site) + " - " + text_of(pair.far);
}

std::optional<CodecPair> negotiate_from_site(std::span<const CodecFormat> site, const MediaSpec& service) {
  const std::optional<Legs> legs = negotiate(site, service.far_codecs, service);
  return legs ? std::optional(CodecPair{.site = legs->offering, .far = legs->answering}) : std::nullopt;
}

std::optional<CodecPair> negotiate_to_site(std::span<const CodecFormat> site, const MediaSpec& service) {
  const std::optional<Legs> legs = negotiate(service.far_codecs, site, service);
  return legs ? std::optional(CodecPair{.site = legs->answering, .far = legs->offering}) : std::nullopt;
}

}  // namespace trunklab
