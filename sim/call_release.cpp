// The call plane from the answer to the last thing freed: talking, session refreshes, BYE and its retransmissions past a silent edge, media
// time-outs.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

/// The talk begins: for the site at `site_from`, for the far side at `far_from`.
void CallPlane::talk(SlotIndex slot, Instant site_from, Instant far_from) {
  const CallSlot& call = calls_[slot];
  if (media_) start_media(slot);
  const Span length{call.talk};
  const Instant hang_up = std::max(now_, call.site_hangs_up ? site_from + length : far_from + length);
  const auto& expires = site_of(call).spec->session_expires;
  if (expires && site_from + *expires / 2 < hang_up) return enter(slot, std::max(now_, site_from + *expires / 2), Step::refresh);
  enter(slot, hang_up, call.site_hangs_up ? Step::site_hangs_up : Step::far_hangs_up);
}

/// The site refreshes the session (UPDATE or re-INVITE, RFC 4028 section 7.4) every half of Session-Expires.
void CallPlane::on_refresh(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const bool through = reachable(call) && !dialogue_forgotten(call);
  const Instant next = through ? now_ + *site_of(call).spec->session_expires / 2 : now_ + sip::timer_f;
  const Instant answered = call.offered + Span{call.answer_after};
  const Instant hang_up = std::max(now_, answered + Span{call.talk} - (call.site_hangs_up ? Span::zero() : route_of(call).path.back));
  if (next >= hang_up) return enter(slot, hang_up, call.site_hangs_up ? Step::site_hangs_up : Step::far_hangs_up);
  enter(slot, next, through ? Step::refresh : Step::refresh_failed);
}

/// No answer to the refresh, sent again for 64*T1: the site ends the call (RFC 4028 section 10). One transmission may have got through meanwhile.
void CallPlane::on_refresh_failed(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  if (reachable(call) && !dialogue_forgotten(call)) return on_refresh(slot);
  call.cut = 1;
  call.site_hangs_up = 1;
  on_site_hangs_up(slot);
}

/// The site's channel is free at once; the service learns of it when the BYE gets through.
void CallPlane::on_site_hangs_up(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  if (media_) stop_media(slot);
  call.set_talk(now_ - call.offered);
  free_channel(slot);
  const Span out = route_of(call).path.out;
  if (out == Span::zero()) return on_bye_at_edge(slot);
  enter(slot, now_ + out, Step::bye_at_edge);
}

/// A BYE or CANCEL of the site. Over UDP it is sent again (Timer E) until Timer F; a TCP connection to a dead host carries nothing.
void CallPlane::on_bye_at_edge(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const Passage passage = passage_at_edge(slot, Step::bye_at_edge);
  if (passage == Passage::waits) return;
  const Instant hung_up = call.offered + Span{call.talk};
  const bool known = call.reported || !dialogue_forgotten(call);
  if (passage == Passage::clear && known && passes(call, Message::bye, call.resend)) {
    if (call.reported) return finish_ghost(slot);
    drop_session(slot);
    return end_answered(slot, call.cut ? Ending::dropped : Ending::normal, call.resend > 0 ? now_ - hung_up : Span::zero());
  }
  // A session that was answered ends when its media stop; one that was not, when the called side gives up.
  const Instant limit = hung_up + (call.reported && !set_up_of(call).bye_sent ? Span{64 * sip::t1} : site_of(call).spec->media_timeout);
  Instant next = std::max(limit, now_);
  Step step = Step::media_timeout;
  if (known && over_udp(call)) {
    const Instant again = next_bye(call, hung_up + route_of(call).path.out);
    if (again < limit) {
      next = again;
      step = Step::bye_at_edge;
    }
  }
  if (!call.reported) return enter(slot, next, step);
  SetUp& up = set_up_of(call);
  up.site_at = next;
  up.site_step = step;
  schedule(slot);
}

/// The next transmission of a BYE or CANCEL (Timer E) that passes the edge from now on, the first one having done so at `first`; never = it was the
/// last one. Those that came while it waited at a busy edge have been counted there.
Instant CallPlane::next_bye(CallSlot& call, Instant first) const {
  while (call.resend + 1U < sip::other_sends.size()) {
    ++call.resend;
    const Instant again = first + sip::other_sends[call.resend];
    if (again >= now_) return again;
  }
  return never;
}

/// The service's session is free at once; the site learns of it when the BYE gets through.
void CallPlane::on_far_hangs_up(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  if (media_) stop_media(slot);
  call.set_talk(now_ - call.offered);
  drop_session(slot);
  on_bye_from_edge(slot);
}

void CallPlane::on_bye_from_edge(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const Passage passage = passage_at_edge(slot, Step::bye_from_edge);
  if (passage == Passage::waits) return;
  const bool known = !dialogue_forgotten(call);
  if (passage == Passage::clear && known && passes(call, Message::far_bye, call.resend)) {
    const Instant heard = heard_at_site(call, Message::far_bye);
    if (heard == now_) return on_site_release(slot);
    return enter(slot, heard, Step::site_release);
  }
  const Instant hung_up = call.offered + Span{call.talk};
  const Instant limit = hung_up + site_of(call).spec->media_timeout;
  if (known) {
    const Instant again = next_bye(call, hung_up);
    if (again < limit) return enter(slot, again, Step::bye_from_edge);
  }
  enter(slot, std::max(limit, now_), Step::media_timeout);
}

void CallPlane::on_site_release(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  free_channel(slot);
  end_answered(slot, call.cut ? Ending::dropped : Ending::normal, call.resend > 0 ? now_ - (call.offered + Span{call.talk}) : Span::zero());
}

/// No BYE got through: the side that was not told hears no more media and gives up.
void CallPlane::on_media_timeout(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  if (call.reported && call.set_up != no_set_up) {
    SetUp& up = set_up_of(call);
    up.site_at = never;  // no CANCEL got through; what happens at the called side goes on
    if (up.service_at != never && !up.bye_sent) return schedule(slot);
    return finish_ghost(slot);
  }
  drop_session(slot);
  if (call.reported) return free_slot(slot);
  if (!call.site_hangs_up) free_channel(slot);
  end_answered(slot, call.cut ? Ending::dropped : Ending::orphaned, now_ - (call.offered + Span{call.talk}));
}

void CallPlane::end_answered(SlotIndex slot, Ending ending, Span stuck) {
  const CallSlot& call = calls_[slot];
  CallRecord record = record_of(slot);
  record.outcome = Outcome::answered;
  record.code = 200;
  record.ending = ending;
  record.ended = call.offered + Span{call.talk};
  if (call.cut) record.queued = std::min(record.queued, std::max(Span::zero(), record.ended - record.answered));
  const bool by_caller = (call.site_hangs_up != 0) != inbound(call);
  record.released_by = by_caller ? Party::caller : Party::callee;
  (call.site_hangs_up ? record.stuck_carrier : record.stuck_site) = stuck;
  push(record);
  free_slot(slot);
}

void CallPlane::lose_site(std::uint16_t site, Instant at) {
  now_ = at;
  Site& lost = sites_[site];
  if (lost.agents) lost.agents->clear();
  std::ranges::fill(lost.connections, Connection{});
  std::ranges::fill(lost.nonces, Nonce{});
  if (media_) lose_ports_of(site);
  const SlotIndex bound = calls_.bound();  // slots that this makes are not of the site's calls any more
  for (SlotIndex slot = 0; slot < bound; ++slot) {
    const CallSlot& call = calls_[slot];
    const bool there = call.pending() != Step::none && call.pending() != Step::redial && !call.is_void && !call.reported;
    if (there && site_index(call) == site) lose_call(slot);
  }
}

/// Answers that have passed the edge and are still on their way.
void CallPlane::forget_what_is_not_heard_yet(CallSlot& call) {
  SetUp& up = set_up_of(call);
  if (up.trying != never && up.trying > now_) up.trying = never;
  if (call.ringing && !inbound(call) && call.offered + Span{call.progress} > now_) call.ringing = 0;
}

/// The site forgets a call at once. What the service still holds of it ends when its media stop, or when nobody answers.
void CallPlane::lose_call(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const Step step = call.pending();
  const bool hung_up =
      call.is_answered && (step == Step::bye_at_edge || step == Step::bye_from_edge || step == Step::site_release || step == Step::media_timeout);
  if (inbound(call) && !call.is_answered && !call.ringing) return;  // it has not come to the site yet
  if (hung_up) return;                                              // its BYE is on its way, or it is being found out
  if (!call.is_answered) forget_what_is_not_heard_yet(call);
  if (media_ && call.is_answered) stop_media(slot);
  CallRecord record = record_of(slot);
  record.ended = now_;
  if (call.is_answered) {
    record.ended = std::max(now_, record.answered);  // a 200 on its way is heard by nobody: a talk of no time
    record.outcome = Outcome::answered;
    record.code = 200;
    record.ending = Ending::dropped;
  } else {
    if (!inbound(call) && set_up_of(call).began != never) {
      end_attempt(slot, AttemptEnd::lost_in_setup, 0);
      remember(slot, AttemptEnd::lost_in_setup, 0, std::nullopt);
    }
    record.outcome = Outcome::lost_in_setup;
    record.reason = Reason::site_down;
  }
  const bool has_channel = !inbound(call) || call.is_answered || call.ringing;
  if (has_channel) free_channel(slot);
  if (call.accepted) {
    const SlotIndex rest = calls_.allocate();
    CallSlot& left = calls_[rest];
    left = calls_[slot];
    left.set_up = no_set_up;
    left.reported = 1;
    if (media_) media_->move_service(slot, rest);
    record.stuck_carrier = call.is_answered ? sites_[record.site].spec->media_timeout : Span::zero();
    enter(rest, now_ + (call.is_answered ? sites_[record.site].spec->media_timeout : sip::timer_c), Step::media_timeout);
  }
  push(record);
  if (!calls_[slot].is_answered) maybe_redial(calls_[slot], Outcome::lost_in_setup);
  calls_[slot].is_void = 1;
}

}  // namespace trunklab
