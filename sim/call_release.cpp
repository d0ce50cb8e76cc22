// The call plane from the hang-up to the last thing freed: BYE, its retransmissions past a silent edge, media time-outs; and the calls of
// a stationary start.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

/// The site's channel is free at once; the service learns of it when the BYE gets through.
void CallPlane::on_caller_hangs_up(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  call.set_talk(now_ - call.offered);
  free_channel(call);
  const Span out = path_of(call).out;
  if (out == Span::zero()) return on_bye_at_edge(slot);
  enter(slot, now_ + out, Step::bye_at_edge);
}

/// A BYE or CANCEL of the site. Over UDP it is sent again (Timer E) until Timer F; a TCP connection to a dead host carries nothing.
void CallPlane::on_bye_at_edge(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const Instant hung_up = call.offered + Span{call.talk};
  if (!world_.silent(static_cast<EdgeIndex>(call.edge))) {
    drop_session(slot);
    if (call.reported) return free_slot(slot);
    return end_answered(slot, Ending::normal, call.resend > 0 ? now_ - hung_up : Span::zero());
  }
  // A session that was never answered ends when the called side gives up, one that was answered when its media stop.
  const Instant limit = hung_up + (call.reported ? Span{64 * sip::t1} : site_of(call).spec->media_timeout);
  if (over_udp(call) && call.resend + 1U < sip::other_sends.size()) {
    const Instant again = hung_up + sip::other_sends[call.resend + 1U] + path_of(call).out;
    if (again < limit) {
      ++call.resend;
      return enter(slot, again, Step::bye_at_edge);
    }
  }
  enter(slot, std::max(limit, now_), Step::media_timeout);
}

/// The service's session is free at once; the site learns of it when the BYE gets through.
void CallPlane::on_callee_hangs_up(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  call.set_talk(now_ - call.offered);
  drop_session(slot);
  on_bye_from_edge(slot);
}

void CallPlane::on_bye_from_edge(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  if (!world_.silent(static_cast<EdgeIndex>(call.edge))) {
    const Span back = path_of(call).back;
    if (back == Span::zero()) return on_site_release(slot);
    return enter(slot, now_ + back, Step::site_release);
  }
  const Instant hung_up = call.offered + Span{call.talk};
  const Instant limit = hung_up + site_of(call).spec->media_timeout;
  if (call.resend + 1U < sip::other_sends.size()) {
    const Instant again = hung_up + sip::other_sends[call.resend + 1U];
    if (again < limit) {
      ++call.resend;
      return enter(slot, again, Step::bye_from_edge);
    }
  }
  enter(slot, std::max(limit, now_), Step::media_timeout);
}

void CallPlane::on_site_release(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  free_channel(call);
  end_answered(slot, Ending::normal, call.resend > 0 ? now_ - (call.offered + Span{call.talk}) : Span::zero());
}

/// No BYE got through: the side that was not told hears no more media and gives up.
void CallPlane::on_media_timeout(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  drop_session(slot);
  if (call.reported) return free_slot(slot);
  if (!call.caller_hangs_up) free_channel(call);
  end_answered(slot, Ending::orphaned, now_ - (call.offered + Span{call.talk}));
}

void CallPlane::end_answered(SlotIndex slot, Ending ending, Span stuck) {
  const CallSlot& call = calls_[slot];
  CallRecord record = record_of(call);
  record.outcome = Outcome::answered;
  record.code = 200;
  record.ending = ending;
  record.ended = call.offered + Span{call.talk};
  record.released_by = call.caller_hangs_up ? Party::caller : Party::callee;
  (call.caller_hangs_up ? record.stuck_carrier : record.stuck_site) = stuck;
  push(record);
  free_slot(slot);
}

/// First targets only: who was in progress before the run began had met no trouble.
void CallPlane::place(std::span<const InitialCall> calls) {
  for (const InitialCall& initial : calls) {
    const SlotIndex slot = new_slot(initial.call);
    CallSlot& call = calls_[slot];
    Site& site = site_of(call);
    site.busy.add(now_);
    total_.add(now_);
    const auto target = Hunt().next(offered_targets(site, 0, site.all), site.all);
    assert(target);
    call.attempts = 1;
    call.edge = site.targets[*target].edge;
    const PathDelay& path = site.targets[*target].path;
    if (initial.talking) {
      take_session(slot);
      call.is_answered = 1;
      call.set_answer_after(initial.answered - call.offered);
      enter(slot, std::max(now_, initial.answered + initial.call.talk), call.caller_hangs_up ? Step::caller_hangs_up : Step::callee_hangs_up);
      continue;
    }
    const Instant accepted = call.offered + path.out;
    if (accepted > now_) {
      enter(slot, accepted, Step::invite_arrives);
      continue;
    }
    take_session(slot);
    const Instant progress = accepted + Span{call.progress};
    if (progress > now_) {
      enter_or_deadline(slot, progress + path.back, progress, Step::progress);
      continue;
    }
    const Instant final_answer = progress + Span{call.answer_after};
    call.ringing = 1;
    call.set_progress(progress + path.back - call.offered);
    enter_or_deadline(slot, final_answer + path.back, std::max(now_, final_answer), Step::final_answer);
  }
}

}  // namespace trunklab
