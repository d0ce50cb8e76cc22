// Media as plain data: RTP ports, media addresses, codecs, firewalls. What the seed says is said so; all other defaults are ours.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

/// How a program picks RTP ports. Sources: research of the programs' own code, see docs/ports.md.
enum class PortAllocator : std::uint8_t {
  rtpengine,    ///< a list, shuffled once: from its head, given back to its tail; odd ports go back to the tail when a pair is wanted
  freeswitch,   ///< a random even start, the same within one second, then up, slot by slot; a port given back may be taken at once
  asterisk,     ///< a random even start, then up by two, round the range
  rtpproxy,     ///< a shuffled table of even ports, walked round; every one that is looked at changes places with a random one
  lowest_first  ///< the lowest free one: what simple scripts do, and the worst for late packets
};

/// What one leg of a call needs.
enum class PortNeed : std::uint8_t {
  pair,   ///< RTP on an even port, RTCP on the next one (RFC 3550 section 11)
  single  ///< RTP and RTCP on one port (rtcp-mux, RFC 5761)
};

/// Why a call got no port.
enum class PortRefusal : std::uint8_t { none, exhausted, fragmented, quarantined, leaked, foreign };

/// Other programs of the machine that take ports of the range, any free one alike, as an operating system gives ephemeral ports.
struct ForeignUse {
  CallsPerSecond rate{0};  ///< tries in a second, > 0: one that meets a port in use comes to nothing
  Span holding{};          ///< mean time for which they are kept (exponential), > 0
  bool operator==(const ForeignUse&) const = default;
};

struct PortPoolSpec {
  std::uint16_t first = 10000;  ///< of the range, 10000-20000 at Sinch (seed)
  std::uint16_t last = 20000;   ///< the last one that may be used; > first
  PortAllocator allocator = PortAllocator::rtpengine;
  Span quarantine{};                                   ///< a port given back is not given out again for so long
  Span late_packets = std::chrono::milliseconds{200};  ///< packets of a call may come for so long after its end
  std::optional<ForeignUse> foreign{};
  bool operator==(const PortPoolSpec&) const = default;
};

/// On which addresses the two legs of a call are.
enum class MediaLegs : std::uint8_t {
  both,   ///< on the same address
  split,  ///< each on an address of its own, where there are two
  one     ///< only the leg towards the site takes ports: the other is somebody else's
};

inline constexpr std::uint16_t no_address = 0xFFFF;
/// So many media addresses a region has at most (ours).
inline constexpr std::uint16_t addresses_max = 1000;

/// Which address a call gets.
enum class AddressChoice : std::uint8_t { fewest_calls, round_robin, random, hash };

/// Media addresses of a region on demand (seed: "scales its media resources on demand"). How, the seed does not say.
struct AddressPolicy {
  std::uint32_t least = 1;              ///< there when the run starts, and never fewer (but for those that fail)
  std::optional<std::uint32_t> most{};  ///< nullopt = as many as it takes
  AddressChoice choice = AddressChoice::fewest_calls;
  Probability scale_out{0.8};             ///< one more is ordered when more than this share of the ports is in use, one at a time
  Span start_up{};                        ///< from the order until it takes calls
  std::optional<Probability> scale_in{};  ///< one is drained when, without it, less than this share would be in use; nullopt = never
  Span scale_in_after{};                  ///< and that for so long
  bool operator==(const AddressPolicy&) const = default;
};

/// Ports that nobody gives back.
struct PortLeaks {
  Probability offers{0};                            ///< share of calls that ended without an answer whose offer nobody deletes
  Span offer_timeout = std::chrono::seconds{3600};  ///< until then (rtpengine's default for an offer without answer)
  Probability for_ever{0};                          ///< share of all calls whose ports are never given back
  bool operator==(const PortLeaks&) const = default;
};

enum class Codec : std::uint8_t { pcmu, pcma, opus, g729 };
inline constexpr std::size_t codec_count = 4;

/// A codec as it is offered.
struct CodecFormat {
  Codec codec = Codec::pcma;
  Span ptime = std::chrono::milliseconds{20};  ///< speech in one packet
  std::uint32_t bit_rate = 24'000;             ///< of Opus, bit/s; the others have their own
  bool operator==(const CodecFormat&) const = default;
};

/// What some of a demand's calls offer (or accept), best first. Shares of a demand sum to 1.
struct CodecOffer {
  Probability share{1};
  std::vector<CodecFormat> formats;
  bool operator==(const CodecOffer&) const = default;
};

/// So many offers a demand has at most (ours): a call in progress keeps which one is its own in 5 bits.
inline constexpr std::size_t offers_max = 32;

/// What a codec does to speech (G.113): equipment impairment factor, and robustness against packet loss; and what coding costs.
struct CodecTraits {
  double ie = 0;
  double bpl = 1;
  double cores = 0;          ///< processor cores busy with one direction of one call, decoding or coding (provisional)
  bool provisional = false;  ///< ie and bpl are no ITU values
  bool operator==(const CodecTraits&) const = default;
};

/// The service's media: Service::media.
struct MediaSpec {
  PortPoolSpec ports;
  Probability mux{0};  ///< share of calls with rtcp-mux, on all their legs
  MediaLegs legs = MediaLegs::both;
  AddressPolicy addresses;
  PortLeaks leaks;
  std::uint16_t refusal_code = 503;                ///< when no address has ports left
  std::optional<double> packets_max{};             ///< packets a second that one address takes in, all its legs together; those above it are lost
  std::vector<CodecFormat> codecs;                 ///< that the service takes (seed: PCMU, PCMA, Opus, G.729)
  std::vector<CodecFormat> far_codecs;             ///< that the far side of its calls takes, best first
  bool transcodes = true;                          ///< else a call without a common codec end to end is refused with 488
  bool srtp = false;                               ///< 10 more bytes a packet (80-bit tag)
  bool latching = true;                            ///< sends RTP to where RTP comes from, whatever SDP says
  Span far_delay = std::chrono::milliseconds{20};  ///< one way, from the service to the far side's ear
  std::array<CodecTraits, codec_count> traits{};   ///< by Codec
  bool operator==(const MediaSpec&) const = default;
};

/// Which RTP the site's firewall lets through, by the port of the service's side.
struct MediaFirewall {
  bool filters_in = false;
  bool filters_out = false;
  bool stateful = true;  ///< what comes back on the way of something that went out is let in
  std::uint16_t first = 10000;
  std::uint16_t last = 20000;
  bool operator==(const MediaFirewall&) const = default;
};

/// A site's media: Site::media.
struct SiteMedia {
  std::optional<PortPoolSpec> ports{};  ///< nullopt = never short of them
  Probability mux{0};                   ///< share of calls with one port instead of two
  Probability leak{0};                  ///< share of calls whose ports are never given back
  std::optional<MediaFirewall> firewall{};
  bool nat = false;                                    ///< the site's addresses are private: Sinch hears first, then answers to where it came from
  bool symmetric_rtp = true;                           ///< the site sends from the port on which it receives
  Span jitter_buffer = std::chrono::milliseconds{40};  ///< delay added by the receiver
  Probability activity{1};                             ///< share of the time in which packets are sent: below 1 with DTX
  std::uint32_t frame_bytes = 18;                      ///< of layer 2, a packet: Ethernet 18, 38 with preamble and gap
  bool operator==(const SiteMedia&) const = default;
};

/// What reaches whom of a call's speech.
enum class Audio : std::uint8_t {
  not_modelled,
  both,
  to_far_only,
  to_site_only,
  none,
  lost  ///< nothing any more, since the media address failed
};

}  // namespace trunklab
