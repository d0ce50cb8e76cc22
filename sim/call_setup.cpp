// The call plane from the dialled number to the answer: channels, hunting, caps, ringing, and what a silent edge does to each of them.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

namespace {

std::uint32_t patience_us(Span patience) {
  if (patience == endless) return unlimited_patience;
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(patience).count();
  assert(whole < unlimited_patience);  // a life is drawn that way
  return static_cast<std::uint32_t>(whole);
}

/// Final codes of the called side: those of RFC 3398 section 7.2.4.1 for the causes 17 (busy), 19 (no answer) and 21 (rejected by the user).
std::uint16_t code_of(PstnAnswer answer) {
  switch (answer) {
    case PstnAnswer::answered: return 200;
    case PstnAnswer::busy: return 486;
    case PstnAnswer::no_answer: return 480;
    case PstnAnswer::rejected: return 603;
  }
  return 0;
}

}  // namespace

void CallPlane::on_offered(const PlannedCall& planned) {
  Site& site = sites_[site_of_demand_[planned.id.demand]];
  ++offered_;
  ++site.offered;
  if (site.busy.now() >= site.channels) {
    CallRecord record;
    record.id = planned.id;
    record.site = site_of_demand_[planned.id.demand];
    record.offered = record.ended = now_;
    record.outcome = Outcome::blocked;
    record.reason = Reason::site_channels;
    return push(record);
  }
  site.busy.add(now_);
  total_.add(now_);
  [[maybe_unused]] const bool tried = hunt(new_slot(planned));
  assert(tried);  // a first attempt is always made
}

SlotIndex CallPlane::new_slot(const PlannedCall& planned) {
  const SlotIndex slot = calls_.allocate();
  CallSlot& call = calls_[slot];
  call = {};
  call.offered = planned.at;
  call.set_progress(planned.post_dial);
  call.demand = planned.id.demand;
  call.set_answer_after(planned.ring);
  call.edge = no_edge;
  call.set_talk(planned.talk);
  call.cap = slot_no_cap;
  call.answer = static_cast<std::uint8_t>(planned.answer) & 3U;
  call.caller_hangs_up = planned.caller_hangs_up;
  call.number = planned.id.number;
  call.window = planned.id.window & 0xFFFFFFU;
  call.patience_us = patience_us(planned.patience);
  return slot;
}

void CallPlane::on_invite_arrives(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  if (world_.silent(static_cast<EdgeIndex>(call.edge))) return on_silent_invite(slot);
  Target& target = target_of(call);
  if (!refused_by_cap(target, call)) return on_accepted(slot);
  const Instant heard = now_ + target.path.back;
  if (heard == now_) return on_refusal_heard(slot);
  enter(slot, heard, Step::refusal_heard);
}

/// The edge swallows it. Over UDP the site sends again (Timer A) as long as an answer could still come within no_response.
void CallPlane::on_silent_invite(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const PathDelay& path = path_of(call);
  const Instant first = sent(slot);
  const Instant limit = later(first, site_of(call).spec->routing.hunting.no_response);
  const Instant patience = patience_end(call);
  if (over_udp(call) && call.invite_send + 1U < sip::invite_sends.size()) {
    const Instant again = first + sip::invite_sends[call.invite_send + 1U];
    if (again + path.out + path.back < limit && again <= patience) {
      ++call.invite_send;
      return enter(slot, again + path.out, Step::invite_arrives);
    }
  }
  if (patience < limit) return enter(slot, std::max(patience, now_), Step::abandon);
  enter(slot, limit, Step::no_response);
}

/// Sessions first, then calls per second, each cap in the order of the scenario: the first that refuses is named. A refused call takes no
/// token of any bucket (ours).
bool CallPlane::refused_by_cap(const Target& target, CallSlot& call) {
  for (const std::uint16_t counter : target.caps) {
    if (caps_[counter].sessions < caps_[counter].sessions_max) continue;
    call.cap = caps_[counter].cap & slot_no_cap;
    call.capped_by_sessions = 1;
    return true;
  }
  for (const std::uint16_t counter : target.caps) {
    if (!caps_[counter].bucket || caps_[counter].bucket->has(now_)) continue;
    call.cap = caps_[counter].cap & slot_no_cap;
    call.capped_by_sessions = 0;
    return true;
  }
  for (const std::uint16_t counter : target.caps) {
    if (caps_[counter].bucket) caps_[counter].bucket->take(now_);
  }
  return false;
}

void CallPlane::take_session(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  call.accepted = 1;
  edges_[call.edge].carried.add(now_);
  for (const std::uint16_t counter : target_of(call).caps) {
    ++caps_[counter].sessions;
    note_levels(counter);
  }
}

void CallPlane::drop_session(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  if (!call.accepted) return;
  call.accepted = 0;
  edges_[call.edge].carried.remove(now_);
  for (const std::uint16_t counter : target_of(call).caps) {
    --caps_[counter].sessions;
    note_levels(counter);
  }
}

void CallPlane::note_levels(std::uint16_t counter) {
  if (watches_.empty()) return;
  const auto reached = [&](const Watch& watch) {
    const std::uint32_t sessions = caps_[counter].sessions;
    return watch.counter == counter && (watch.rising ? sessions >= watch.level : sessions <= watch.level);
  };
  if (std::erase_if(watches_, reached) > 0) fired_.push_back(counter);
}

void CallPlane::on_accepted(SlotIndex slot) {
  take_session(slot);
  CallSlot& call = calls_[slot];
  const Instant at = now_ + Span{call.progress};
  if (at == now_) return on_progress(slot);
  enter_or_deadline(slot, at + path_of(call).back, at, Step::progress);
}

/// The site's own limit on a call that is not answered: Timer C, counted anew from the 18x (RFC 3261 16.7 step 2), or no_progress.
Instant CallPlane::guard_of(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  if (call.ringing) return call.offered + Span{call.progress} + sip::timer_c;
  return later(sent(slot), site_of(call).spec->routing.hunting.no_progress);
}

/// Enters the service's next step, or the end of the site's waiting if that comes before the step could be heard.
void CallPlane::enter_or_deadline(SlotIndex slot, Instant heard, Instant at, Step step) {
  const CallSlot& call = calls_[slot];
  const Instant patience = patience_end(call);
  const Instant guard = guard_of(slot);
  if (std::min(patience, guard) >= heard) return enter(slot, at, step);
  wait_for_the_caller(slot);
}

/// Nothing will come any more: the site goes on waiting until its own limits.
void CallPlane::wait_for_the_caller(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  const Instant patience = patience_end(call);
  const Instant guard = guard_of(slot);
  const Step at_guard = call.ringing ? Step::rang_too_long : Step::no_progress;
  if (patience <= guard) return enter(slot, std::max(patience, now_), Step::abandon);
  enter(slot, std::max(guard, now_), at_guard);
}

/// The called side's first answer passes the edge. A 18x that meets a silent edge is gone for good; a final answer is repeated.
void CallPlane::on_progress(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const auto answer = static_cast<PstnAnswer>(call.answer);
  const Span ring{call.answer_after};
  if (answer == PstnAnswer::busy || answer == PstnAnswer::rejected || ring == Span::zero()) return on_final_answer(slot);
  if (!world_.silent(static_cast<EdgeIndex>(call.edge))) {
    call.ringing = 1;
    call.set_progress(now_ + path_of(call).back - call.offered);
  }
  enter_or_deadline(slot, now_ + ring + path_of(call).back, now_ + ring, Step::final_answer);
}

void CallPlane::on_final_answer(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  if (world_.silent(static_cast<EdgeIndex>(call.edge))) return on_final_lost(slot);
  call.lost = 0;
  if (static_cast<PstnAnswer>(call.answer) == PstnAnswer::answered) return on_answered(slot);
  drop_session(slot);
  const Instant heard = now_ + path_of(call).back;
  if (heard == now_) return on_refusal_heard(slot);
  enter(slot, heard, Step::refusal_heard);
}

/// The final answer meets a silent edge. It is repeated until it is acknowledged, for 64*T1 (RFC 3261 13.3.1.4, Timer H).
void CallPlane::on_final_lost(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  call.lost = 1;
  const Instant first = now_ - sip::other_sends[call.resend];
  if (call.resend + 1U < sip::other_sends.size()) {
    ++call.resend;
    const Instant again = first + sip::other_sends[call.resend];
    return enter_or_deadline(slot, again + path_of(call).back, again, Step::final_answer);
  }
  const Instant gives_up = first + 64 * sip::t1;
  enter_or_deadline(slot, gives_up, gives_up, Step::callee_gives_up);
}

void CallPlane::on_callee_gives_up(SlotIndex slot) {
  drop_session(slot);
  wait_for_the_caller(slot);
}

void CallPlane::on_answered(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const Instant heard = now_ + path_of(call).back;
  call.is_answered = 1;
  call.lost = 0;
  call.resend = 0;
  call.set_answer_after(heard - call.offered);
  end_attempt(slot, AttemptEnd::answered, 200);
  if (call.attempts > 1) asides_.erase(slot);
  ++site_of(call).answered;
  ++edges_[call.edge].answered;
  const Span talk{call.talk};
  if (call.caller_hangs_up) return enter(slot, heard + talk, Step::caller_hangs_up);
  enter(slot, now_ + talk, Step::callee_hangs_up);
}

/// A final code >= 300 reaches the site: from a cap, or from the called side.
void CallPlane::on_refusal_heard(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  if (call.cap == slot_no_cap) return advance_or_end(slot, AttemptEnd::refused, code_of(static_cast<PstnAnswer>(call.answer)), std::nullopt);
  const CapSpec& cap = scenario_.service.caps[call.cap];
  advance_or_end(slot, AttemptEnd::refused, cap.code, cap.retry_after);
}

void CallPlane::on_no_response(SlotIndex slot) {
  advance_or_end(slot, AttemptEnd::no_response, 0, std::nullopt);
}

/// Nothing but 100 came. The service's session is taken to end with the attempt: ghosts are not modelled.
void CallPlane::on_no_progress(SlotIndex slot) {
  advance_or_end(slot, AttemptEnd::no_progress, 0, std::nullopt);
}

/// Timer C: the site ends a call that only rings.
void CallPlane::on_rang_too_long(SlotIndex slot) {
  const bool lost = calls_[slot].lost != 0;
  const std::uint16_t code = heard_487(calls_[slot]) ? 487 : 0;
  end_attempt(slot, lost ? AttemptEnd::lost_in_setup : AttemptEnd::abandoned, code);
  end_unanswered(slot, lost ? Outcome::lost_in_setup : Outcome::no_answer, Reason::none, code);
}

void CallPlane::on_abandon(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  const std::uint16_t code = heard_487(call) ? 487 : 0;
  end_attempt(slot, call.lost ? AttemptEnd::lost_in_setup : AttemptEnd::abandoned, code);
  end_unanswered(slot, call.lost ? Outcome::lost_in_setup : Outcome::abandoned, Reason::none, code);
}

/// The site's side is over. If the service still holds a session, a CANCEL follows it.
void CallPlane::end_unanswered(SlotIndex slot, Outcome outcome, Reason reason, std::uint16_t code) {
  CallSlot& call = calls_[slot];
  CallRecord record = record_of(call);
  record.outcome = outcome;
  record.reason = reason;
  record.code = code;
  record.ended = now_;
  if (reason == Reason::cap_cps || reason == Reason::cap_sessions) record.cap = static_cast<std::uint8_t>(call.cap);
  push(record);
  free_channel(call);
  if (call.attempts > 1) asides_.erase(slot);
  if (!call.accepted) return free_slot(slot);
  call.reported = 1;
  call.resend = 0;
  call.set_talk(now_ - call.offered);
  const Span out = path_of(call).out;
  if (out == Span::zero()) return on_bye_at_edge(slot);
  enter(slot, now_ + out, Step::bye_at_edge);
}

}  // namespace trunklab
