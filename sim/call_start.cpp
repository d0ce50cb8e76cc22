// The calls of a stationary start, put where they would be by now.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

/// First targets only: who was in progress before the run began had met no trouble.
void CallPlane::place(std::span<const InitialCall> calls) {
  if (media_) media_->settle(true);
  for (const InitialCall& initial : calls) place_call(initial);
  if (media_) media_->settle(false);
}

void CallPlane::place_call(const InitialCall& initial) {
  const SlotIndex slot = new_slot(initial.call);
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  Site& site = site_of(call);
  if (inbound(call)) {
    call.edge = calling_edge(static_cast<std::uint16_t>(call.demand));
  } else {
    const Pick pick = pick_target(slot);
    assert(pick.kind == Pick::Kind::target);
    up.tried = static_cast<TargetSet>(1U << pick.target);
    call.edge = site.targets[pick.target].edge;
  }
  call.attempts = 1;
  const Instant accepted = call.offered + route_of(call).path.out;
  const bool at_service = initial.talking || inbound(call) || accepted <= now_;
  if (has_media(call) && !place_media(slot, at_service, initial.talking ? now_ - initial.answered : Span::zero())) return free_slot(slot);
  take_channel(site);
  if (at_service) take_session(slot);
  if (initial.talking) {
    call.is_answered = 1;
    call.set_answer_after(initial.answered - call.offered);
    free_set_up(call);
    return talk(slot, initial.answered, initial.answered);
  }
  up.began = up.sent = call.offered;
  up.authenticated = up.provisional_heard = true;
  inbound(call) ? place_ringing_site(slot) : place_set_up(slot, accepted);
  schedule(slot);
}

/// false: there is no room for it, its ends have no common codec, or somebody has heard nothing for so long that the talk is over by now. Such a call
/// is left out, so a run that is short of ports from the first begins with somewhat more calls than its own steady state has.
bool CallPlane::place_media(SlotIndex slot, bool at_service, Span talked) {
  const CallSlot& call = calls_[slot];
  MediaCall& media = media_->at(slot);
  const std::uint64_t luck = media_->draw(media, where_of(call));
  if (!media_->has_codecs(media, static_cast<std::uint16_t>(call.demand))) return false;
  if (media_->open_at_site(media, where_of(call), luck, now_) != PortRefusal::none) return false;
  if (!at_service) return true;
  const bool has_ports = open_media(slot) == Reason::none;
  const bool is_over = static_cast<Audio>(media.audio) != Audio::both && talked >= site_of(call).spec->media_timeout;
  if (has_ports && !is_over) return true;
  media_->close_at_service(media, where_of(call), true, now_);
  media_->close_at_site(media, where_of(call), now_);
  return false;
}

void CallPlane::place_ringing_site(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  call.ringing = 1;
  call.set_progress(Span::zero());
  up.site_at = up.patience_end;
  up.site_step = Step::abandon;
  service_next(up, std::max(now_, call.offered + route_of(call).path.back + up.ring), Step::site_answers);
}

void CallPlane::place_set_up(SlotIndex slot, Instant accepted) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  up.arrived = accepted;
  if (accepted > now_) {
    up.provisional_heard = false;
    service_next(up, accepted, Step::invite_arrives);
    return set_site_clock(slot);
  }
  const Span back = route_of(call).path.back;
  up.trying = accepted + back;
  const Instant progress = accepted + up.post_dial;
  if (progress > now_) {
    service_next(up, progress, Step::progress);
  } else {
    call.ringing = 1;
    call.set_progress(progress + back - call.offered);
    service_next(up, std::max(now_, progress + up.ring), Step::final_answer);
  }
  set_site_clock(slot);
}

}  // namespace trunklab
