// A call that the service has taken: the customer's callback, the way to the called side, ringing, and the answers on their way back.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

namespace {

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

void CallPlane::take_session(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  call.accepted = 1;
  edges_[call.edge].carried.add(now_);
  if (inbound(call)) return;  // caps are limits on calls towards the service
  for (const std::uint16_t counter : caps_of(call)) {
    ++caps_[counter].sessions;
    note_level(counter);
  }
}

void CallPlane::drop_session(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  if (!call.accepted) return;
  call.accepted = 0;
  if (media_) {
    const bool was_answered = call.is_answered != 0 || (call.set_up != no_set_up && set_up_of(call).ghost_answered != never);
    media_->close_at_service(media_->at(slot), where_of(call), was_answered, now_);
  }
  edges_[call.edge].carried.remove(now_);
  if (inbound(call)) return;
  for (const std::uint16_t counter : caps_of(call)) {
    --caps_[counter].sessions;
    note_level(counter);
  }
}

void CallPlane::note_level(std::uint16_t index) {
  CapCounter& counter = caps_[index];
  if (counter.sessions < counter.rising_level && counter.sessions > counter.falling_level) return;
  if (counter.sessions >= counter.rising_level) counter.rising_level = no_rising_watch;
  if (counter.sessions <= counter.falling_level) counter.falling_level = no_falling_watch;
  fired_.push_back(index);
}

/// The edge has let the call in and says 100.
void CallPlane::accept(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const Instant from = std::max(now_, up.arrived);  // later than now while it waits for a cap's token
  const bool nothing_follows = up.is_grey && up.grey == GreyEffect::silent_after_100;
  if (!nothing_follows) {
    if (const Reason reason = open_media(slot); reason != Reason::none) return refuse(slot, media_refusal_code(reason), reason);
    take_session(slot);
  }
  note_provisional(slot);
  if (nothing_follows) {
    service_is_silent(up);
  } else {
    connect(slot, from);
    if (up.service_at == now_ && up.service_step == Step::progress) return on_progress(slot);
  }
  if (call.reported && up.site_at == never && up.service_at == never) return finish_ghost(slot);
  schedule(slot);
}

/// What comes of it, and when: the service asks the customer's backend, then connects the call.
void CallPlane::connect(SlotIndex slot, Instant from) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  CallbackVerdict verdict;
  if (scenario_.service.callback) verdict = ask_backend(slot);
  if (!verdict.connects) {
    up.refusal = scenario_.service.callback->hang_up_code;
    up.reason = Reason::callback;
    return service_next(up, from + verdict.after, Step::service_refuses);
  }
  const Instant progress = from + verdict.after + up.post_dial;
  const auto dead = world_.dead(static_cast<std::uint16_t>(call.demand), up.destination);
  if (!dead) return service_next(up, progress, Step::progress);
  if (*dead == 0) return service_next(up, from + sip::timer_c, Step::callee_gives_up);  // nothing more is heard of it
  up.refusal = *dead;
  up.reason = Reason::destination;
  service_next(up, progress, Step::service_refuses);
}

/// The backend's answer in full: primary URL, fallback URL, policy. The state of the backend is that of the request's instant.
CallbackVerdict CallPlane::ask_backend(SlotIndex slot) {
  const CallbackSpec& spec = *scenario_.service.callback;
  const BackendState& state = world_.backend();
  const Luck::Block words = luck_of(calls_[slot], 1);
  const auto latency = [&](const DurationLaw& law, std::uint64_t word) {
    const Span drawn = law.quantile(law.fixed() ? 0.5 : unit_interval(word));
    return state.slowness == 1 ? drawn : from_seconds(in_seconds(drawn) * state.slowness);
  };
  const double errors = 1 - (1 - spec.errors.value()) * (1 - state.errors);
  const double u_error = unit_interval(words[1]);
  const auto answered = [&](Span after) -> CallbackVerdict {
    const double u = unit_interval(words[2]);
    const double hangs_up_from = spec.answers.connect_pstn.value() + spec.answers.connect_sip.value();
    const bool none = u >= hangs_up_from + spec.answers.hang_up.value();
    const bool connects = none ? spec.policy == CallbackSpec::Policy::connect_pstn : u < hangs_up_from;
    return {.connects = connects, .after = after};
  };
  Span after = spec.timeout;
  if (!state.primary_down) {
    Span reply = latency(*callback_latency_, words[0]);
    if (backend_) reply = backend_->admit(now_, reply)->ends - now_;
    if (reply < spec.timeout && u_error >= errors) return answered(reply);
    after = std::min(reply, spec.timeout);
  }
  if (fallback_latency_ && !state.fallback_down) {
    const Span reply = latency(*fallback_latency_, words[3]);
    if (reply < spec.timeout) return answered(after + reply);
    after += spec.timeout;
  } else if (fallback_latency_) {
    after += spec.timeout;
  }
  return {.connects = spec.policy == CallbackSpec::Policy::connect_pstn, .after = after};
}

void CallPlane::on_service_refuses(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  if (inbound(call)) return end_origination(slot, Outcome::failed, up.reason, up.refusal);
  if (world_.silent(edge_of(call)) || forgotten(call, up.arrived)) return on_callee_gives_up(slot);
  refuse(slot, up.refusal, up.reason);
}

/// A 1xx leaves the edge. Over a path that loses, an INVITE that is sent again brings another.
void CallPlane::note_provisional(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  up.provisional_left = now_;
  Instant heard = heard_at_site(call, Message::trying);
  if (world_.paths_in_trouble() && over_udp(call)) {
    bool through = passes(call, Message::trying, up.invite_send);
    for (unsigned send = up.invite_send + 1U; !through && send < sip::invite_sends.size(); ++send) {
      heard = up.sent + sip::invite_sends[send] + route_of(call).path.out + route_of(call).path.back;
      through = passes(call, Message::invite, send) && passes(call, Message::trying, send);
    }
    if (!through) heard = never;
  }
  if (call.reported) {  // a CANCEL may be sent now that there is a 1xx (RFC 3261 9.1)
    if (heard != never && !up.provisional_heard) cancel_ghost(slot, heard);
    up.provisional_heard = up.provisional_heard || heard != never;
    return;
  }
  service_is_silent(up);
  if (up.site_step == Step::invite_again) set_site_clock(slot);
  if (heard > up.site_at) return;
  up.trying = std::min(up.trying, heard);
  up.provisional_heard = true;
  set_site_clock(slot);
}

/// The called side's first answer passes the edge. A 18x that does not get through is gone for good; a final answer is repeated.
void CallPlane::on_progress(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  if (up.answer == PstnAnswer::busy || up.answer == PstnAnswer::rejected || up.ring == Span::zero()) return on_final_answer(slot);
  const Passage passage = passage_at_edge(slot, Step::progress);
  if (passage == Passage::waits) return;
  service_next(up, now_ + up.ring, Step::final_answer);
  if (call.reported && up.rang == never && call.ringing == 0) up.rang = now_;
  if (passage == Passage::clear && !forgotten(call, up.arrived) && passes(call, Message::progress, 0)) {
    const Instant heard = heard_at_site(call, Message::progress);
    if (call.reported) {
      if (!up.provisional_heard) cancel_ghost(slot, heard);
      up.provisional_heard = true;
    } else if (heard <= up.site_at) {
      call.ringing = 1;
      call.set_progress(heard - call.offered);
      up.trying = std::min(up.trying, heard);
      up.provisional_heard = true;
      if (up.trial) remember(slot, AttemptEnd::answered, 0, std::nullopt);  // a target that rings is there
      set_site_clock(slot);
    } else {
      up.provisional_left = now_;
    }
  }
  schedule(slot);
}

void CallPlane::on_final_answer(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const Passage passage = passage_at_edge(slot, Step::final_answer);
  if (passage == Passage::waits) return;
  if (passage == Passage::lost || forgotten(call, up.arrived) || !passes(call, Message::final_answer, up.final_send)) return on_final_lost(slot);
  up.lost = false;
  if (up.answer != PstnAnswer::answered) return refuse(slot, code_of(up.answer), Reason::none);
  if (call.reported) return ghost_answered(slot);
  const Instant heard = heard_at_site(call, Message::final_answer);
  if (heard <= up.site_at) return on_answered(slot);
  up.ghost_answered = now_;  // the site gives up while the 200 is on its way
  service_is_silent(up);
  schedule(slot);
}

/// The final answer does not get through. It is repeated until it is acknowledged, for 64*T1 (RFC 3261 13.3.1.4, Timer H).
void CallPlane::on_final_lost(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  up.lost = true;
  const Instant first = now_ - sip::other_sends[up.final_send];
  if (up.final_send + 1U < sip::other_sends.size()) {
    ++up.final_send;
    service_next(up, first + sip::other_sends[up.final_send], Step::final_answer);
  } else {
    service_next(up, first + 64 * sip::t1, Step::callee_gives_up);
  }
  schedule(slot);
}

void CallPlane::on_callee_gives_up(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  drop_session(slot);
  if (call.reported) return finish_ghost(slot);
  service_is_silent(set_up_of(call));
  schedule(slot);
}

void CallPlane::on_answered(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const Instant heard = heard_at_site(call, Message::final_answer);
  call.is_answered = 1;
  call.set_answer_after(heard - call.offered);
  up.trying = std::min(up.trying, heard);
  if (edges_[call.edge].queue) start_echo(call, serve(call, Work::ack, 0).value_or(never));  // its ACK, until which the 200 is repeated
  end_attempt(slot, AttemptEnd::answered, 200);
  remember(slot, AttemptEnd::answered, 200, std::nullopt);
  free_set_up(call);
  ++site_of(call).answered;
  ++edges_[call.edge].answered;
  talk(slot, heard, now_);
}

/// Timer C: the site ends a call that only rings.
void CallPlane::on_rang_too_long(SlotIndex slot) {
  const SetUp& up = set_up_of(calls_[slot]);
  const std::uint16_t code = calls_[slot].accepted && reachable(calls_[slot]) ? 487 : 0;
  const bool lost = up.lost;
  end_attempt(slot, lost ? AttemptEnd::lost_in_setup : AttemptEnd::abandoned, code);
  remember(slot, AttemptEnd::abandoned, 0, std::nullopt);
  end_unanswered(slot, lost ? Outcome::lost_in_setup : Outcome::no_answer, Reason::none, code);
}

void CallPlane::on_abandon(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  if (inbound(call)) return end_origination(slot, Outcome::abandoned, Reason::none, 487);
  const SetUp& up = set_up_of(call);
  const std::uint16_t code = call.accepted && reachable(call) ? 487 : 0;
  const bool lost = up.lost;
  if (up.began != never) {
    end_attempt(slot, lost ? AttemptEnd::lost_in_setup : AttemptEnd::abandoned, code);
    remember(slot, AttemptEnd::abandoned, 0, std::nullopt);
  }
  end_unanswered(slot, lost ? Outcome::lost_in_setup : Outcome::abandoned, Reason::none, code);
}

}  // namespace trunklab
