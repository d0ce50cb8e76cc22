// What is left of an attempt that its site has given up: it may ring and be answered all the same, until a CANCEL or a BYE ends it.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

/// Does the service still hold something of this attempt, or will it?
bool CallPlane::goes_on_at_service(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  const SetUp& up = set_up_of(call);
  if (call.accepted) return true;
  if (up.service_at == never) return false;
  if (up.service_step == Step::invite_served) return true;
  // An INVITE that is on its way: it left before the site gave up. A SYN does not outlive its socket.
  return up.service_step == Step::invite_arrives && !up.connecting && (!over_udp(call) || up.service_at - route_of(call).path.out <= now_);
}

/// The attempt goes on in a slot of its own, and this one is free for the call's next attempt.
void CallPlane::split_ghost(SlotIndex slot) {
  const SlotIndex ghost = calls_.allocate();
  calls_[ghost] = calls_[slot];
  const SetUpIndex copy = set_ups_.allocate();
  set_ups_[copy] = set_up_of(calls_[slot]);
  calls_[ghost].set_up = copy;
  calls_[ghost].reported = 1;
  if (media_) media_->move_service(slot, ghost);
  const bool same_transaction = !site_of(calls_[slot]).spec->routing.cseq_on_failover && scenario_.service.merged_482;
  if (same_transaction && calls_[ghost].accepted) set_up_of(calls_[slot]).merged = true;
  calls_[slot].accepted = 0;
  start_ghost(ghost);
}

void CallPlane::start_ghost(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  up.given_up = now_;
  up.site_at = never;
  up.again = 0;
  call.resend = 0;
  const PathDelay& path = route_of(call).path;
  if (up.ghost_answered != never) {
    ghost_answered(slot);
    return;
  }
  if (up.provisional_heard) {
    cancel_ghost(slot, now_);
  } else if (up.provisional_left != never && passes(call, Message::trying, up.invite_send)) {
    up.provisional_heard = true;
    cancel_ghost(slot, std::max(now_, up.provisional_left + path.back));
  }
  if (up.site_at == now_ && up.service_at > now_) return on_bye_at_edge(slot);
  if (up.service_at == never && up.site_at == never) service_next(up, now_ + sip::timer_c, Step::callee_gives_up);
  schedule(slot);
}

/// The site's CANCEL leaves at `sent`.
void CallPlane::cancel_ghost(SlotIndex slot, Instant sent) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  call.set_talk(sent - call.offered);
  up.site_at = sent + route_of(call).path.out;
  up.site_step = Step::bye_at_edge;
}

/// A late 200: the site acknowledges it and ends the call at once.
void CallPlane::ghost_answered(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  if (up.ghost_answered == never) up.ghost_answered = now_;
  service_is_silent(up);
  up.bye_sent = true;
  call.resend = 0;
  cancel_ghost(slot, std::max(now_, up.ghost_answered + route_of(call).path.back));
  schedule(slot);
}

void CallPlane::finish_ghost(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const SetUp& up = set_up_of(call);
  drop_session(slot);
  if (up.rang != never || up.ghost_answered != never) {
    ghosts_.push_back({.call = call.id(),
                       .number = static_cast<std::uint8_t>(call.attempts - 1U),
                       .edge = edge_of(call),
                       .given_up = up.given_up,
                       .rang = up.rang,
                       .answered = up.ghost_answered,
                       .ended = now_});
  }
  free_slot(slot);
}

}  // namespace trunklab
