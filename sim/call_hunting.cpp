// The call plane's hunting: which target next, what the end of an attempt means for the call, and what the site remembers of it.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

namespace {

Outcome outcome_of(PstnAnswer answer) {
  switch (answer) {
    case PstnAnswer::answered: return Outcome::answered;
    case PstnAnswer::busy: return Outcome::busy;
    case PstnAnswer::no_answer: return Outcome::no_answer;
    case PstnAnswer::rejected: return Outcome::rejected;
  }
  return Outcome::failed;
}

}  // namespace

/// Sends the INVITE to the next target. false: there is none left.
bool CallPlane::hunt(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  Site& site = site_of(call);
  const TargetSet able = usable(site);
  Hunt hunt;
  if (call.attempts == 1) hunt = Hunt(static_cast<TargetSet>(1U << site.target_of_edge[call.edge]));
  if (call.attempts > 1) hunt = asides_.at(slot).hunt;
  const auto target = hunt.next(offered_targets(site, hunt.tried(), able), able);
  if (!target) return false;
  if (call.attempts > 0) asides_[slot] = {.hunt = hunt, .sent = now_};
  ++call.attempts;
  call.edge = site.targets[*target].edge;
  call.cap = slot_no_cap;
  call.ringing = 0;
  call.lost = 0;
  call.invite_send = 0;
  call.resend = 0;
  const Span out = site.targets[*target].path.out;
  if (out == Span::zero()) {
    on_invite_arrives(slot);
  } else if (patience_end(call) < now_ + out) {
    enter(slot, std::max(patience_end(call), now_), Step::abandon);
  } else {
    enter(slot, now_ + out, Step::invite_arrives);
  }
  return true;
}

TargetSet CallPlane::usable(Site& site) const {
  const auto site_index = static_cast<std::uint16_t>(&site - sites_.data());
  if (site.probe_version != world_.probe_version()) {
    site.probe_version = world_.probe_version();
    site.marked_down = 0;
    for (unsigned i = 0; i < site.targets.size(); ++i) {
      if (world_.marked_down(site_index, site.targets[i].edge)) site.marked_down = static_cast<TargetSet>(site.marked_down | (1U << i));
    }
  }
  for (unsigned i = 0; site.held >> i != 0; ++i) {
    if (site.targets[i].held_until <= now_) site.held = static_cast<TargetSet>(site.held & ~(1U << i));
  }
  return static_cast<TargetSet>(site.all & ~site.marked_down & ~site.held);
}

/// What exists for this attempt: all addresses, or what the names' answers hold now. The next name is resolved only when the ones before
/// are used up.
TargetSet CallPlane::offered_targets(Site& site, TargetSet tried, TargetSet usable) {
  if (site.names.empty()) return site.all;
  TargetSet offered = 0;
  for (Name& name : site.names) {
    offered = static_cast<TargetSet>(offered | (resolve(name, site.spec->routing.cache) << name.first_target));
    if ((offered & usable & ~tried) != 0) break;
  }
  return offered;
}

TargetSet CallPlane::resolve(Name& name, DnsCache cache) const {
  if (now_ >= name.expires) {
    const NameSpec& spec = scenario_.service.names;
    name.answer = name_answer(spec, name.count, world_.healthy(name.region), 0).set;
    name.expires = cache == DnsCache::forever ? never : later(now_, spec.ttl);
  }
  return name.answer;
}

void CallPlane::hold_down(SlotIndex slot, std::optional<Span> span) {
  if (!span) return;
  const CallSlot& call = calls_[slot];
  Site& site = site_of(call);
  const std::uint8_t target = site.target_of_edge[call.edge];
  site.targets[target].held_until = std::max(site.targets[target].held_until, later(now_, *span));
  site.held = static_cast<TargetSet>(site.held | (1U << target));
}

void CallPlane::advance_or_end(SlotIndex slot, AttemptEnd end, std::uint16_t code, std::optional<Span> retry_after) {
  const CallSlot& call = calls_[slot];
  const HuntingPolicy& policy = site_of(call).spec->routing.hunting;
  end_attempt(slot, end, code);
  drop_session(slot);
  if (policy.hold_down && Hunt::blames(*policy.hold_down, end, code)) hold_down(slot, policy.hold_down->span);
  if (policy.hold_down && code == 503) hold_down(slot, retry_after);
  if (Hunt::advances(policy, end, code, call.ringing != 0) && hunt(slot)) return;
  end_after_attempt(slot, end, code);
}

/// The hunt is over: the last attempt decides what the caller is told.
void CallPlane::end_after_attempt(SlotIndex slot, AttemptEnd end, std::uint16_t code) {
  const CallSlot& call = calls_[slot];
  if (call.lost) return end_unanswered(slot, Outcome::lost_in_setup, Reason::none, code);
  if (end == AttemptEnd::no_response) return end_unanswered(slot, Outcome::failed, Reason::no_response, code);
  if (end == AttemptEnd::no_progress) return end_unanswered(slot, Outcome::failed, Reason::no_progress, code);
  if (call.cap == slot_no_cap) return end_unanswered(slot, outcome_of(static_cast<PstnAnswer>(call.answer)), Reason::none, code);
  end_unanswered(slot, Outcome::blocked, call.capped_by_sessions ? Reason::cap_sessions : Reason::cap_cps, code);
}

void CallPlane::end_attempt(SlotIndex slot, AttemptEnd end, std::uint16_t code) {
  const CallSlot& call = calls_[slot];
  const PathDelay& path = path_of(call);
  Attempt attempt;
  attempt.call = call.id();
  attempt.number = static_cast<std::uint8_t>(call.attempts - 1U);
  attempt.edge = static_cast<EdgeIndex>(call.edge);
  attempt.end = end;
  attempt.code = code;
  if (call.cap != slot_no_cap) attempt.cap = static_cast<std::uint8_t>(call.cap);
  attempt.sent = sent(slot);
  const bool reached = call.accepted || call.ringing || call.lost || code >= 200;
  if (reached) attempt.trying = attempt.sent + sip::invite_sends[call.invite_send] + path.out + path.back;
  if (call.ringing) attempt.ringing = call.offered + Span{call.progress};
  if (end == AttemptEnd::answered) attempt.finished = call.offered + Span{call.answer_after};
  if (end != AttemptEnd::answered && end != AttemptEnd::none) attempt.finished = now_;
  push(attempt);
}

}  // namespace trunklab
