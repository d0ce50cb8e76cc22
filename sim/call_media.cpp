// What happens to calls for the sake of their media: no port, no common codec, nobody heard, an address that fails.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

MediaWhere CallPlane::where_of(const CallSlot& call) const {
  const auto demand = static_cast<std::uint16_t>(call.demand);
  return {.luck = demands_[demand].luck,
          .index = index_of(call.id()),
          .attempt = attempt_of(call),
          .demand = demand,
          .site = site_index(call),
          .region = call.edge == no_edge ? std::uint16_t{0} : scenario_.service.region_of_edge[call.edge],
          .edge = edge_of(call)};
}

/// The service takes ports for a call's legs. Reason::none: it has them, or needs none.
Reason CallPlane::open_media(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  if (!has_media(call)) return Reason::none;
  MediaCall& media = media_->at(slot);
  if (!media_->has_codecs(media, static_cast<std::uint16_t>(call.demand))) return Reason::codec;
  return media_->open_at_service(media, where_of(call), now_) == PortRefusal::none ? Reason::none : Reason::media_ports;
}

/// The final code of a call that gets no media.
std::uint16_t CallPlane::media_refusal_code(Reason reason) const {
  constexpr std::uint16_t not_acceptable_here = 488;
  return reason == Reason::codec ? not_acceptable_here : scenario_.service.media.refusal_code;
}

/// Both sides send. Who hears nothing for the media time-out hangs up: the site, or the service for the far side.
void CallPlane::start_media(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  MediaCall& media = media_->at(slot);
  if (media.agreed == 0) return;
  media_->start_streams(media, where_of(call), now_);
  const auto audio = static_cast<Audio>(media.audio);
  const bool site_hears = media.dead == 0 && (audio == Audio::both || audio == Audio::to_site_only);
  const bool far_hears = media.dead == 0 && (audio == Audio::both || audio == Audio::to_far_only);
  const Span timeout = site_of(call).spec->media_timeout;
  if ((site_hears && far_hears) || Span{call.talk} <= timeout) return;
  call.set_talk(timeout);
  call.site_hangs_up = !site_hears;
  call.cut = 1;
}

void CallPlane::stop_media(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  media_->stop_streams(media_->at(slot), where_of(call), call.offered + Span{call.answer_after}, now_);
}

void CallPlane::lose_media(std::uint16_t region, std::uint16_t address, MediaLoss loss, Instant at) {
  now_ = at;
  if (!media_ || !media_->has_address(region, address, at)) return;
  const SlotIndex bound = calls_.bound();  // slots that this makes have lost their media already
  for (SlotIndex slot = 0; slot < bound; ++slot) {
    const CallSlot& call = calls_[slot];
    if (call.pending() == Step::none || call.is_void || call.edge == no_edge || scenario_.service.region_of_edge[call.edge] != region) continue;
    if (media_->at(slot).is_on(address)) lose_media_of(slot, address, loss);
  }
  media_->fail_address(region, address, at);
}

void CallPlane::regain_media(std::uint16_t region, std::uint16_t address, Instant at) {
  if (media_) media_->repair_address(region, address, at);
}

/// The site's equipment has forgotten which ports its calls had.
void CallPlane::lose_ports_of(std::uint16_t site) {
  for (SlotIndex slot = 0; slot < calls_.bound(); ++slot) {
    if (calls_[slot].pending() != Step::none && site_index(calls_[slot]) == site) media_->at(slot).site_port = 0;
  }
  media_->lose_site(site, now_);
}

/// A call in set-up goes on, and finds itself without speech once it is answered.
void CallPlane::lose_media_of(SlotIndex slot, std::uint16_t address, MediaLoss loss) {
  const CallSlot& call = calls_[slot];
  const Instant answered = call.offered + Span{call.answer_after};
  const Step step = call.pending();
  const bool is_talking = call.is_answered && talks(step);
  const bool ends = call.is_answered && (!is_talking || loss == MediaLoss::dropped);
  media_->lose_address(media_->at(slot), where_of(call), address, answered, ends, now_);
  if (!is_talking) return;
  if (loss == MediaLoss::dropped) return cut_at(slot, std::max(now_, answered), false);  // its 200 may still be on its way
  const Instant timeout = now_ + site_of(call).spec->media_timeout;
  const bool hangs_up_next = step == Step::site_hangs_up || step == Step::far_hangs_up;
  if (timeout >= (hangs_up_next ? call.at : answered + Span{call.talk})) return;
  if (hangs_up_next || call.at > timeout) return cut_at(slot, timeout, true);
  // A refresh comes first; from there on the talk is short.
  calls_[slot].set_talk(std::max(Span::zero(), timeout - answered));
  calls_[slot].site_hangs_up = 1;
  calls_[slot].cut = 1;
}

/// Brings a talk's end forward. What was pending stays in the calendar, so the call goes on in another slot.
void CallPlane::cut_at(SlotIndex slot, Instant at, bool by_site) {
  const SlotIndex next = calls_.allocate();
  CallSlot& call = calls_[next] = calls_[slot];
  media_->at(next) = std::exchange(media_->at(slot), MediaCall{});
  calls_[slot].is_void = 1;
  calls_[slot].set_up = no_set_up;  // of one who waited for an agent; it goes with the call
  call.cut = 1;
  call.site_hangs_up = by_site;
  enter(next, at, by_site ? Step::site_hangs_up : Step::far_hangs_up);
}

}  // namespace trunklab
