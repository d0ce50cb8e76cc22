// What calls have to do with media: their ports at the site and at the service, their streams, and how they sound.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/measures/media_seen.hpp"
#include "models/measures/peak.hpp"
#include "models/media/media_park.hpp"
#include "models/media/voice_quality.hpp"
#include "models/record/record.hpp"
#include "scenarios/media_plans.hpp"
#include "scenarios/scenario.hpp"
#include "sim/call_slab.hpp"
#include "sim/plane_parts.hpp"
#include "sim/world.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

/// What a call in progress holds of media.
struct MediaCall {
  MediaPlace site;                ///< the service's end of the leg to the site
  MediaPlace far;                 ///< the service's end of the other leg
  std::uint16_t site_port = 0;    ///< the site's own; 0 = none
  std::uint16_t offer : 5 = 0;    ///< which of its demand's offers
  std::uint16_t refusal : 3 = 0;  ///< PortRefusal
  std::uint16_t audio : 3 = 0;    ///< Audio
  std::uint16_t mux : 1 = 0;      ///< at the service
  std::uint16_t site_mux : 1 = 0;
  std::uint16_t streams : 1 = 0;  ///< its talk sends packets
  std::uint16_t dead : 1 = 0;     ///< an address of its has failed
  std::uint16_t agreed : 1 = 0;   ///< its legs have codecs
  float value = 0;                ///< while it streams: what its address had lost when that began, counted round; afterwards its rating R, 0 = none

  [[nodiscard]] bool holds_ports() const { return site.port != 0 || far.port != 0 || site_port != 0; }
  /// Does it hold a port there?
  [[nodiscard]] bool is_on(std::uint16_t address) const {
    return (site.address == address && site.port != 0) || (far.address == address && far.port != 0);
  }
};
static_assert(sizeof(MediaCall) == 16 && offers_max <= 1U << 5U);

/// Whose media, and where: who a call is, and where it is just now.
struct MediaWhere {
  const Luck& luck;  ///< its demand's
  std::uint64_t index = 0;
  std::uint32_t attempt = 0;  ///< and redial: counts its attempts' luck
  std::uint16_t demand = 0;
  std::uint16_t site = 0;
  std::uint16_t region = 0;
  EdgeIndex edge = no_edge;
};

class MediaPlane {
 public:
  struct Setting {
    const Scenario& scenario;
    const World& world;
    const std::vector<std::vector<PathDelay>>& delays;  ///< [site][region]
    std::uint32_t replication = 0;
    Instant measure_from;
  };
  explicit MediaPlane(const Setting& setting);

  [[nodiscard]] bool concerns(std::uint16_t demand) const { return !plans_[demand].empty(); }

  [[nodiscard]] MediaCall& at(SlotIndex slot) {
    const std::size_t chunk = slot >> chunk_bits;
    while (chunk >= chunks_.size()) chunks_.push_back(std::make_unique<MediaCall[]>(std::size_t{1} << chunk_bits));
    return chunks_[chunk][slot & chunk_mask];
  }
  /// Another slot goes on with what this one holds of the service's; what is the site's stays.
  void move_service(SlotIndex from, SlotIndex to);

  /// A call is born: which codecs it offers, whether with rtcp-mux. Its word of luck for a port at the site.
  std::uint64_t draw(MediaCall& call, const MediaWhere& where) const;
  /// A port of the site's own, if that has a range. PortRefusal::none: it has one, or needs none.
  PortRefusal open_at_site(MediaCall& call, const MediaWhere& where, std::uint64_t luck, Instant at);
  [[nodiscard]] static std::uint64_t site_luck(const MediaWhere& where) { return luck_of(where, 0)[2]; }
  void close_at_site(MediaCall& call, const MediaWhere& where, Instant at);
  /// Do its two ends agree on codecs?
  [[nodiscard]] bool has_codecs(const MediaCall& call, std::uint16_t demand) const { return plans_[demand][call.offer].codecs.has_value(); }
  PortRefusal open_at_service(MediaCall& call, const MediaWhere& where, Instant at);
  /// `was_answered`: else the offer may be forgotten there.
  void close_at_service(MediaCall& call, const MediaWhere& where, bool was_answered, Instant at);

  /// The talk begins (what it sends) and ends (how it sounded).
  void start_streams(MediaCall& call, const MediaWhere& where, Instant at);
  void stop_streams(MediaCall& call, const MediaWhere& where, Instant answered, Instant at);

  /// Takes from a call what it held on an address that fails; before fail_address(). `ends`: its talk is over, with that at the latest.
  void lose_address(MediaCall& call, const MediaWhere& where, std::uint16_t address, Instant answered, bool ends, Instant at);
  [[nodiscard]] bool has_address(std::uint16_t region, std::uint16_t address, Instant at) { return parks_[region].is_there(at, address); }
  void fail_address(std::uint16_t region, std::uint16_t address, Instant at) { parks_[region].fail(at, address); }
  void repair_address(std::uint16_t region, std::uint16_t address, Instant at) { parks_[region].repair(at, address); }
  void lose_site(std::uint16_t site, Instant at);
  /// While a stationary start's calls are put in place.
  void settle(bool settling);

  void fill(CallRecord& record, const MediaCall& call) const;
  /// Adds what changed since the last time.
  void sample(Instant at, std::vector<Sample>& samples);
  void take_events(std::vector<RunEvent>& events);
  [[nodiscard]] MediaSeen seen();
  [[nodiscard]] std::size_t bytes() const;

 private:
  /// One offer of one demand as it sounds, and what it costs, from one region.
  struct Stream {
    std::int64_t site_bit_s = 0;  ///< each way, at the site
    std::int64_t site_millipackets = 0;
    std::int64_t far_millipackets = 0;  ///< into the service from the far side
    std::int64_t microcores = 0;        ///< for transcoding
    Span delay{};                       ///< coding, jitter buffer, far leg
    double ie = 0;
    double bpl = 1;
  };
  struct SampledPool {
    std::uint32_t in_use = 0;
    std::uint32_t quarantined = 0;
    std::uint32_t leaked = 0;
    std::uint32_t foreign = 0;
  };
  struct Site {
    std::optional<PortPool> pool;
    PortsSeen seen;
    Peak in_use;
    Peak bit_s;
    Peak millipackets;
    SampledPool sampled;
    std::int64_t sampled_bit_s = 0;
    std::uint64_t restarts = 0;
  };
  struct Region {
    Peak microcores;
    std::vector<SampledPool> sampled;
    std::uint32_t sampled_addresses = 0;
  };

  /// Words of luck of a call's own (0: offer, rtcp-mux, port, leak at the site), and of one attempt (1: port, leak at the service).
  static Luck::Block luck_of(const MediaWhere& where, std::uint32_t block) {
    return where.luck.block(Purpose::port, where.index, block, block == 0 ? where.attempt >> 8U << 8U : where.attempt);
  }
  [[nodiscard]] Stream stream_of(const CodecPair& codecs, const trunklab::Site& site) const;
  [[nodiscard]] const Stream& stream_of(const MediaCall& call, std::uint16_t demand) const { return streams_[demand][call.offer]; }
  [[nodiscard]] static std::int64_t arriving(const MediaCall& call, const Stream& stream);
  [[nodiscard]] Audio audio_of(const MediaCall& call, std::uint16_t site) const;
  [[nodiscard]] float rating(const MediaCall& call, const MediaWhere& where, double loss) const;
  [[nodiscard]] bool measured(Instant at) const { return !settling_ && at >= measure_from_ && at < until_; }
  static void sample_pool(Instant at, EntityKind kind, std::uint16_t index, const PortPool* pool, SampledPool& last, std::vector<Sample>& samples);

  static constexpr unsigned chunk_bits = 7;
  static constexpr SlotIndex chunk_mask = (SlotIndex{1} << chunk_bits) - 1;

  const Scenario& scenario_;
  const World& world_;
  std::uint32_t replication_;
  Instant measure_from_;
  Instant until_;
  bool settling_ = false;
  bool luck_matters_ = false;                             ///< which address and port the service gives is a matter of luck
  std::vector<std::vector<MediaPlan>> plans_;             ///< [demand][offer]
  std::vector<std::vector<Stream>> streams_;              ///< the same
  std::vector<std::vector<std::vector<float>>> ratings_;  ///< [demand][offer][region], without loss
  std::vector<std::vector<Span>> one_way_;                ///< [site][region]: the longer of both ways
  std::vector<MediaPark> parks_;                          ///< by region
  std::vector<Region> regions_;
  std::vector<Site> sites_;
  std::vector<std::unique_ptr<MediaCall[]>> chunks_;
};

}  // namespace trunklab
