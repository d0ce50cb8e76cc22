// Ports, streams and ratings of calls in progress.
#include "sim/media_plane.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace trunklab {

namespace {

PortNeed need_of(bool mux) {
  return mux ? PortNeed::single : PortNeed::pair;
}

/// A call keeps in 32 bits what its address had lost when its talk began, so it is counted round: to 4 ms, and right for talks that lose less than
/// this.
constexpr double lost_modulus_s = 65'536;

std::int64_t rounded(double value) {
  return std::llround(value);
}

EventKind kind_of(MediaPark::Change change) {
  switch (change) {
    case MediaPark::Change::ordered: return EventKind::media_ordered;
    case MediaPark::Change::ready: return EventKind::media_ready;
    case MediaPark::Change::draining: return EventKind::media_draining;
    case MediaPark::Change::removed: return EventKind::media_removed;
  }
  return EventKind::media_removed;
}

}  // namespace

MediaPlane::MediaPlane(const Setting& setting)
    : scenario_(setting.scenario),
      world_(setting.world),
      replication_(setting.replication),
      measure_from_(setting.measure_from),
      until_(run_start + setting.scenario.horizon.duration),
      plans_(media_plans(setting.scenario)) {
  const MediaSpec& media = scenario_.service.media;
  luck_matters_ = media.addresses.choice == AddressChoice::random || media.ports.allocator == PortAllocator::asterisk ||
                  media.ports.allocator == PortAllocator::rtpproxy;
  for (const RegionSpec& region : scenario_.service.regions) {
    const Luck luck(scenario_.seed, "media/" + region.name, setting.replication);
    parks_.emplace_back(MediaPark::Setting{.policy = media.addresses,
                                           .ports = media.ports,
                                           .legs = media.legs,
                                           .packets_max = media.packets_max,
                                           .luck = luck.block(Purpose::port, 0)[0],
                                           .measure_from = measure_from_,
                                           .measure_until = until_});
    regions_.push_back({.microcores = Peak(measure_from_, until_), .sampled = {}});
  }
  for (std::size_t site = 0; site < scenario_.sites.size(); ++site) {
    const trunklab::Site& spec = scenario_.sites[site];
    Site& state = sites_.emplace_back(Site{.pool = {},
                                           .seen = {},
                                           .in_use = Peak(measure_from_, until_),
                                           .bit_s = Peak(measure_from_, until_),
                                           .millipackets = Peak(measure_from_, until_),
                                           .sampled = {}});
    if (spec.media.ports) {
      const Luck luck(scenario_.seed, "ports/" + spec.name, setting.replication);
      state.pool.emplace(*spec.media.ports, luck.block(Purpose::port, 0)[0]);
    }
    std::vector<Span>& ways = one_way_.emplace_back();
    for (const PathDelay& path : setting.delays[site]) ways.push_back(std::max(path.out, path.back));
  }
  for (std::size_t demand = 0; demand < plans_.size(); ++demand) {
    const std::uint16_t site = scenario_.demands[demand].site;
    auto& streams = streams_.emplace_back();
    auto& ratings = ratings_.emplace_back();
    for (const MediaPlan& plan : plans_[demand]) {
      streams.push_back(plan.codecs ? stream_of(*plan.codecs, scenario_.sites[site]) : Stream{});
      auto& by_region = ratings.emplace_back();
      for (const Span one_way : one_way_[site]) {
        const SpeechPath path{.one_way = one_way + streams.back().delay, .loss = 0, .ie = streams.back().ie, .bpl = streams.back().bpl};
        by_region.push_back(static_cast<float>(rating_of(path)));
      }
    }
  }
}

MediaPlane::Stream MediaPlane::stream_of(const CodecPair& codecs, const trunklab::Site& site) const {
  const MediaSpec& media = scenario_.service.media;
  const StreamRate near = stream_rate(codecs.site, media.srtp, site.media.frame_bytes);
  const StreamRate far = stream_rate(codecs.far, false, 0);
  const CodecTraits& near_traits = media.traits[static_cast<std::size_t>(codecs.site.codec)];
  const CodecTraits& far_traits = media.traits[static_cast<std::size_t>(codecs.far.codec)];
  Stream stream;
  stream.site_bit_s = rounded(near.frame_bit_s * site.media.activity.value());
  stream.site_millipackets = rounded(near.packets_per_s * site.media.activity.value() * 1000);
  stream.far_millipackets = rounded(far.packets_per_s * 1000);
  stream.delay = coding_delay(codecs.site) + site.media.jitter_buffer + media.far_delay;
  stream.ie = near_traits.ie;
  stream.bpl = near_traits.bpl;
  if (codecs.transcoded()) {
    stream.delay += coding_delay(codecs.far);
    stream.ie += far_traits.ie;
    stream.microcores = rounded(2e6 * (near_traits.cores + far_traits.cores));  // both ways: decode one, code the other
  }
  return stream;
}

void MediaPlane::move_service(SlotIndex from, SlotIndex to) {
  MediaCall& left = at(from);
  MediaCall& goes_on = at(to);
  goes_on = left;
  goes_on.site_port = 0;
  left.site = left.far = {};
  left.dead = left.agreed = 0;
}

std::uint64_t MediaPlane::draw(MediaCall& call, const MediaWhere& where) const {
  const Luck::Block words = luck_of(where, 0);
  const auto& plans = plans_[where.demand];
  double u = unit_interval(words[0]);
  std::uint16_t offer = 0;
  while (offer + 1U < plans.size() && u >= plans[offer].share) u -= plans[offer++].share;
  call.offer = offer & 31U;
  const double mux = unit_interval(words[1]);
  call.mux = mux < scenario_.service.media.mux.value();
  call.site_mux = mux < scenario_.sites[where.site].media.mux.value();
  return words[2];
}

PortRefusal MediaPlane::open_at_site(MediaCall& call, const MediaWhere& where, std::uint64_t luck, Instant at) {
  Site& site = sites_[where.site];
  if (!site.pool) return PortRefusal::none;
  const std::uint32_t before = site.pool->in_use();
  const PortGrant grant = site.pool->take(at, need_of(call.site_mux), luck);
  if (measured(at)) note(site.seen, grant);
  call.refusal = static_cast<std::uint8_t>(grant.refusal) & 7U;
  if (!grant) {
    if (measured(at)) {
      note_refused(site.seen, grant.refusal, at);
      site.seen.leaked_max = std::max(site.seen.leaked_max, site.pool->count(PortState::leaked));
    }
    return grant.refusal;
  }
  call.site_port = grant.port;
  site.in_use.add(at, site.pool->in_use() - before);
  return PortRefusal::none;
}

void MediaPlane::close_at_site(MediaCall& call, const MediaWhere& where, Instant at) {
  if (call.site_port == 0) return;
  Site& site = sites_[where.site];
  const double leak = scenario_.sites[where.site].media.leak.value();
  const std::uint32_t before = site.pool->in_use();
  if (leak > 0 && unit_interval(luck_of(where, 0)[3]) < leak) {
    site.pool->leak(at, call.site_port, std::nullopt);
    if (measured(at)) site.seen.leaked_max = std::max(site.seen.leaked_max, site.pool->count(PortState::leaked));
  } else {
    site.pool->give(at, call.site_port);
  }
  site.in_use.add(at, -static_cast<std::int64_t>(before - site.pool->in_use()));
  call.site_port = 0;
}

PortRefusal MediaPlane::open_at_service(MediaCall& call, const MediaWhere& where, Instant at) {
  const std::uint64_t call_hash = where.index ^ std::uint64_t{where.demand} << 48U;
  const MediaPark::Grant grant = parks_[where.region].take(at, need_of(call.mux), luck_matters_ ? luck_of(where, 1)[0] : 0, call_hash);
  call.refusal = static_cast<std::uint8_t>(grant.refusal) & 7U;
  if (grant.site.port == 0) return grant.refusal;
  call.site = grant.site;
  call.far = grant.far;
  call.agreed = 1;
  call.dead = 0;
  call.audio = static_cast<std::uint8_t>(audio_of(call, where.site)) & 7U;
  return PortRefusal::none;
}

void MediaPlane::close_at_service(MediaCall& call, const MediaWhere& where, bool was_answered, Instant at) {
  if (call.site.port == 0 && call.far.port == 0) return;
  const PortLeaks& leaks = scenario_.service.media.leaks;
  const double offers = was_answered ? 0 : leaks.offers.value();
  const double for_ever = leaks.for_ever.value();
  const double u = for_ever > 0 || offers > 0 ? unit_interval(luck_of(where, 1)[1]) : 1;
  const bool is_leaked = u < for_ever + (1 - for_ever) * offers;
  for (MediaPlace* place : {&call.site, &call.far}) {
    if (place->port == 0) continue;
    if (is_leaked) {
      parks_[where.region].leak(at, *place, u < for_ever ? std::nullopt : std::optional(leaks.offer_timeout));
    } else {
      parks_[where.region].give(at, *place);
    }
    place->port = 0;
  }
}

/// Whose packets reach whom, by the site's firewall, its NAT, and the port of the service's end.
Audio MediaPlane::audio_of(const MediaCall& call, std::uint16_t index) const {
  const SiteMedia& site = scenario_.sites[index].media;
  bool out = true;
  bool in = true;
  if (site.firewall) {
    const bool listed = call.site.port >= site.firewall->first && call.site.port <= site.firewall->last;
    out = listed || !site.firewall->filters_out;
    in = listed || !site.firewall->filters_in || (site.firewall->stateful && site.symmetric_rtp && out);
  }
  // The service sends to where it hears the site from; before it has heard it, and without latching, to a private address.
  if (site.nat) in = in && out && site.symmetric_rtp && scenario_.service.media.latching;
  if (in && out) return Audio::both;
  if (!in && !out) return Audio::none;
  return out ? Audio::to_far_only : Audio::to_site_only;
}

/// Into the service, every second: what the site's firewall lets out.
std::int64_t MediaPlane::arriving(const MediaCall& call, const Stream& stream) {
  const auto audio = static_cast<Audio>(call.audio);
  return audio == Audio::both || audio == Audio::to_far_only ? stream.site_millipackets : 0;
}

void MediaPlane::start_streams(MediaCall& call, const MediaWhere& where, Instant at) {
  if (call.agreed == 0 || call.dead != 0) return;
  const Stream& stream = stream_of(call, where.demand);
  Site& site = sites_[where.site];
  site.bit_s.add(at, stream.site_bit_s);
  site.millipackets.add(at, stream.site_millipackets);
  regions_[where.region].microcores.add(at, stream.microcores);
  MediaPark& park = parks_[where.region];
  call.value = static_cast<float>(std::fmod(park.lost_seconds(at, call.site.address), lost_modulus_s));
  park.stream(at, call.site.address, arriving(call, stream));
  if (call.far.port != 0) park.stream(at, call.far.address, stream.far_millipackets);
  call.streams = 1;
}

void MediaPlane::stop_streams(MediaCall& call, const MediaWhere& where, Instant answered, Instant at) {
  if (call.streams == 0) return;
  call.streams = 0;
  const Stream& stream = stream_of(call, where.demand);
  Site& site = sites_[where.site];
  site.bit_s.add(at, -stream.site_bit_s);
  site.millipackets.add(at, -stream.site_millipackets);
  regions_[where.region].microcores.add(at, -stream.microcores);
  MediaPark& park = parks_[where.region];
  const double lost_s = std::fmod(park.lost_seconds(at, call.site.address), lost_modulus_s) - static_cast<double>(call.value);
  const double overloaded_s = lost_s < -1 ? lost_s + lost_modulus_s : lost_s;
  park.stream(at, call.site.address, -arriving(call, stream));
  if (call.far.port != 0) park.stream(at, call.far.address, -stream.far_millipackets);
  const Instant began = std::max(answered, run_start);
  const double talk_s = in_seconds(at - began);
  const double overload = talk_s > 0 ? std::clamp(overloaded_s / talk_s, 0.0, 1.0) : 0;
  const double on_path = world_.mean_loss(where.site, where.edge, began, at);
  const bool heard = static_cast<Audio>(call.audio) == Audio::both && at > answered;
  call.value = heard ? rating(call, where, 1 - (1 - overload) * (1 - on_path)) : 0;
}

float MediaPlane::rating(const MediaCall& call, const MediaWhere& where, double loss) const {
  constexpr float least = 0.01F;  // 0 says that there is none
  if (loss <= 0) return std::max(least, ratings_[where.demand][call.offer][where.region]);
  const Stream& stream = stream_of(call, where.demand);
  const Span one_way = one_way_[where.site][where.region] + stream.delay;
  return std::max(least, static_cast<float>(rating_of({.one_way = one_way, .loss = loss, .ie = stream.ie, .bpl = stream.bpl})));
}

/// Its ports are nobody's any more, and its packets go nowhere. A talk that goes on like that has no rating.
void MediaPlane::lose_address(MediaCall& call, const MediaWhere& where, std::uint16_t address, Instant answered, bool ends, Instant at) {
  stop_streams(call, where, answered, at);
  if (call.site.address == address) call.site.port = 0;
  if (call.far.address == address) call.far.port = 0;
  call.dead = 1;
  if (!ends) {
    call.audio = static_cast<std::uint8_t>(Audio::lost) & 7U;
    call.value = 0;
  }
}

/// Its equipment starts anew: nothing is in use, nothing leaked.
void MediaPlane::lose_site(std::uint16_t index, Instant at) {
  Site& site = sites_[index];
  if (!site.pool) return;
  site.in_use.add(at, -site.in_use.now());
  const Luck luck(scenario_.seed, "ports/" + scenario_.sites[index].name, replication_);
  site.pool.emplace(*scenario_.sites[index].media.ports, luck.block(Purpose::port, ++site.restarts)[0], at);
}

void MediaPlane::settle(bool settling) {
  settling_ = settling;
  for (MediaPark& park : parks_) park.settle(settling);
}

void MediaPlane::fill(CallRecord& record, const MediaCall& call) const {
  record.ports = static_cast<PortRefusal>(call.refusal);
  if (call.agreed == 0) return;
  record.codecs = plans_[record.id.demand][call.offer].name;
  record.media_address = call.site.address;
  if (record.answered == never) return;
  record.audio = static_cast<Audio>(call.audio);
  record.r_factor = call.streams != 0 ? 0 : call.value;
}

void MediaPlane::sample_pool(Instant at, EntityKind kind, std::uint16_t index, const PortPool* pool, SampledPool& last,
                             std::vector<Sample>& samples) {
  SampledPool now;
  if (pool != nullptr) now = {pool->in_use(), pool->count(PortState::quarantined), pool->count(PortState::leaked), pool->count(PortState::foreign)};
  const auto put = [&](Metric metric, std::uint32_t value, std::uint32_t before) {
    if (value != before) samples.push_back({.at = at, .metric = metric, .kind = kind, .index = index, .value = static_cast<double>(value)});
  };
  put(Metric::ports_in_use, now.in_use, last.in_use);
  put(Metric::ports_quarantined, now.quarantined, last.quarantined);
  put(Metric::ports_leaked, now.leaked, last.leaked);
  put(Metric::ports_foreign, now.foreign, last.foreign);
  last = now;
}

void MediaPlane::sample(Instant at, std::vector<Sample>& samples) {
  const auto put = [&](Metric metric, EntityKind kind, std::size_t index, double value) {
    samples.push_back({.at = at, .metric = metric, .kind = kind, .index = static_cast<std::uint16_t>(index), .value = value});
  };
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    Site& site = sites_[i];
    if (site.pool) {
      site.pool->advance(at);
      sample_pool(at, EntityKind::site, static_cast<std::uint16_t>(i), &*site.pool, site.sampled, samples);
    }
    if (site.bit_s.now() == site.sampled_bit_s) continue;
    site.sampled_bit_s = site.bit_s.now();
    put(Metric::mbit_per_s, EntityKind::site, i, static_cast<double>(site.sampled_bit_s) * 1e-6);
  }
  for (std::size_t i = 0; i < parks_.size(); ++i) {
    MediaPark& park = parks_[i];
    Region& region = regions_[i];
    for (std::uint16_t address = 0; address < park.addresses(); ++address) {
      if (address >= region.sampled.size()) region.sampled.emplace_back();
      const auto index = static_cast<std::uint16_t>(i * addresses_max + address);
      sample_pool(at, EntityKind::media_address, index, park.pool(at, address), region.sampled[address], samples);
    }
    if (park.there() == region.sampled_addresses) continue;
    put(Metric::addresses, EntityKind::region, i, region.sampled_addresses = park.there());
  }
}

void MediaPlane::take_events(std::vector<RunEvent>& events) {
  for (std::size_t i = 0; i < parks_.size(); ++i) {
    if (!parks_[i].has_events()) continue;
    for (const MediaPark::Event& event : parks_[i].take_events()) {
      events.push_back(
          {.at = event.at, .kind = kind_of(event.change), .edge = scenario_.service.regions[i].edges.front(), .value = double(event.address)});
    }
  }
}

MediaSeen MediaPlane::seen() {
  MediaSeen seen;
  for (Site& site : sites_) {
    SiteMediaSeen& mine = seen.sites.emplace_back();
    mine.ports = site.seen;
    mine.ports.ports_max = static_cast<std::uint32_t>(site.in_use.max());
    mine.mbit_max = static_cast<double>(site.bit_s.max()) * 1e-6;
    mine.pps_max = static_cast<double>(site.millipackets.max()) * 1e-3;
  }
  for (std::size_t i = 0; i < parks_.size(); ++i) {
    seen.regions.push_back(parks_[i].seen());
    seen.regions.back().transcoding_max = static_cast<double>(regions_[i].microcores.max()) * 1e-6;
  }
  return seen;
}

std::size_t MediaPlane::bytes() const {
  std::size_t bytes = chunks_.size() * ((std::size_t{1} << chunk_bits) * sizeof(MediaCall) + sizeof(void*));
  for (const Site& site : sites_) bytes += site.pool ? site.pool->bytes() : 0;
  for (const MediaPark& park : parks_) bytes += park.bytes();
  return bytes;
}

}  // namespace trunklab
