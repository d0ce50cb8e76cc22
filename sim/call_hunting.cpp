// The call plane's hunting: a call's beginning, which target next, what the end of an attempt means for the call, and what the site
// remembers of it.
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

void CallPlane::on_offered(const PlannedCall& planned) {
  ++offered_;
  ++sites_[demands_[planned.id.demand].site].offered;
  begin_call(planned);
}

void CallPlane::begin_call(const PlannedCall& planned) {
  const Demand& demand = demands_[planned.id.demand];
  Site& site = sites_[demand.site];
  if (demand.inbound) return begin_origination(planned);
  if (world_.site_down(demand.site)) return refuse_at_home(planned, Outcome::failed, Reason::site_down);
  if (site.busy.now() >= site.channels) return refuse_at_home(planned, Outcome::blocked, Reason::site_channels);
  if (media_ && media_->concerns(planned.id.demand)) return begin_with_media(planned, site);
  take_channel(site);
  if (answered_at_once(planned, site)) return;
  const SlotIndex slot = new_slot(planned);
  hunt_on(slot, pick_target(slot));
}

/// The offer in the INVITE names the site's port, so it needs one from the first.
void CallPlane::begin_with_media(const PlannedCall& planned, Site& site) {
  const SlotIndex slot = new_slot(planned);
  MediaCall& media = media_->at(slot);
  const MediaWhere where = where_of(calls_[slot]);
  const std::uint64_t luck = media_->draw(media, where);
  if (const PortRefusal refusal = media_->open_at_site(media, where, luck, now_); refusal != PortRefusal::none) {
    free_slot(slot);
    return refuse_at_home(planned, Outcome::blocked, Reason::site_ports, refusal);
  }
  take_channel(site);
  hunt_on(slot, pick_target(slot));
}

/// The straight path: where nothing takes time and nothing is in the way, a call goes from the dialled number to its talk in one step. Leads
/// to the very same records as the long way round. false: that is the way to take.
bool CallPlane::answered_at_once(const PlannedCall& planned, Site& site) {
  if (!nothing_in_the_way_ || !site.straight || site.troubled != 0 || site.probe_version != world_.probe_version() || site.marked_down != 0)
    return false;
  if (planned.answer != PstnAnswer::answered || planned.post_dial != Span::zero() || planned.ring != Span::zero() || !planned.e164) return false;
  const EdgeIndex index = site.targets.front().edge;
  const EdgeState& state = world_.edge(index);
  if (state.silent || state.draining || state.grey.share > 0 || world_.paths_in_trouble()) return false;
  if (world_.dead(planned.id.demand, planned.destination)) return false;
  const SlotIndex slot = calls_.allocate();
  CallSlot& call = calls_[slot];
  fill_slot(call, planned);
  call.edge = index;
  call.attempts = 1;
  call.accepted = call.is_answered = 1;
  Edge& edge = edges_[index];
  edge.carried.add(now_);
  ++site.answered;
  ++edge.answered;
  Attempt attempt;
  attempt.call = planned.id;
  attempt.edge = index;
  attempt.end = AttemptEnd::answered;
  attempt.code = 200;
  attempt.sent = attempt.trying = attempt.finished = now_;
  push(attempt);
  talk(slot, now_, now_);
  return true;
}

/// A call that no INVITE is sent for.
void CallPlane::refuse_at_home(const PlannedCall& planned, Outcome outcome, Reason reason, PortRefusal ports) {
  CallSlot call;
  fill_slot(call, planned);
  CallRecord record = record_of(call);
  record.ended = now_;
  record.outcome = outcome;
  record.reason = reason;
  record.ports = ports;
  push(record);
  maybe_redial(call, outcome);
}

void CallPlane::fill_slot(CallSlot& call, const PlannedCall& planned) {
  call = {};
  call.offered = planned.at;
  call.demand = planned.id.demand;
  call.edge = no_edge;
  call.set_talk(planned.talk);
  call.site_hangs_up = planned.caller_hangs_up != demands_[planned.id.demand].inbound;
  call.private_caller = !planned.known_caller_id;
  call.number = planned.id.number;
  call.window = planned.id.window & 0xFFFFFFU;
  call.redial = planned.id.redial & 7U;
  call.set_up = no_set_up;
}

SlotIndex CallPlane::new_slot(const PlannedCall& planned) {
  const SlotIndex slot = calls_.allocate();
  CallSlot& call = calls_[slot];
  fill_slot(call, planned);
  call.set_up = set_ups_.allocate();
  SetUp& up = set_up_of(call) = SetUp{};
  up.patience_end = later(planned.at, planned.patience);
  up.post_dial = planned.post_dial;
  up.ring = planned.ring;
  up.answer = planned.answer;
  up.destination = planned.destination;
  up.e164 = planned.e164;
  return slot;
}

Luck::Block CallPlane::luck_of(const CallSlot& call, std::uint32_t block) const {
  return luck_of(call, Purpose::attempt, block);
}

Luck::Block CallPlane::luck_of(const CallSlot& call, Purpose purpose, std::uint32_t block) const {
  return demands_[call.demand].luck.block(purpose, index_of(call.id()), block, attempt_of(call));
}

/// Sends the INVITE to the target, waits for the name server, or ends a call that has nowhere to go.
void CallPlane::hunt_on(SlotIndex slot, const Pick& pick) {
  if (pick.kind == Pick::Kind::target) return start_attempt(slot, pick.target);
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  if (pick.kind == Pick::Kind::none) return end_unanswered(slot, Outcome::failed, Reason::name_not_resolved, 0);
  service_is_silent(up);
  up.site_at = std::min(pick.ready, up.patience_end);
  up.site_step = pick.ready <= up.patience_end ? Step::resolved : Step::abandon;
  schedule(slot);
}

void CallPlane::on_resolved(SlotIndex slot) {
  hunt_on(slot, pick_target(slot));
}

Pick CallPlane::pick_target(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  Site& site = site_of(call);
  SetUp& up = set_up_of(call);
  const HuntingPolicy& policy = site.spec->routing.hunting;
  if (call.attempts == 0 && policy.order == TargetOrder::rotate) up.first = site.turn++;
  if (call.attempts == 0 && policy.order == TargetOrder::random) up.first = static_cast<std::uint32_t>(luck_of(call, 0)[2] >> 32U);
  const TargetSet able =
      site.troubled == 0 && site.probe_version == world_.probe_version() ? static_cast<TargetSet>(site.all & ~site.marked_down) : usable(site, slot);
  if (!site.names.empty()) return offer_names(slot, able);
  const auto target = Hunt::next(site.groups, able, up.tried, up.first);
  if (!target) return {};
  return {.kind = Pick::Kind::target, .target = *target, .ready = now_};
}

/// The same where only what the names' answers hold exists. The next name is resolved only when the ones before are used up.
Pick CallPlane::offer_names(SlotIndex slot, TargetSet able) {
  const CallSlot& call = calls_[slot];
  Site& site = site_of(call);
  const SetUp& up = set_up_of(call);
  const Routing& routing = site.spec->routing;
  std::optional<std::uint8_t> last_resort;
  for (std::size_t i = 0; i < site.groups.size(); ++i) {
    const TargetGroup& group = site.groups[i];
    plane::Name& name = site.names[i];
    if (routing.choice == DnsChoice::connection && !site.connections.empty()) {
      for (std::uint8_t target = group.first; target < group.first + group.count; ++target) {
        const bool open = is_open(site, site.targets[target].edge);
        const auto left = static_cast<TargetSet>(able & ~up.tried);
        if (open && (left >> target & 1) != 0) return {.kind = Pick::Kind::target, .target = target, .ready = now_};
      }
    }
    const Resolver::Known known = resolvers_[site.resolver].resolve(name.region, now_, routing);
    if (known.ready > now_) return {.kind = Pick::Kind::wait, .target = 0, .ready = known.ready};
    if (known.failed) continue;
    const bool listed = routing.hunting.order == TargetOrder::fixed;
    if (name.version != known.version) {
      name.version = known.version;
      name.pick = listed ? known.answer.first : static_cast<std::uint8_t>(up.first % group.count);
    }
    const unsigned mine = up.first % group.count;
    const unsigned from = listed || routing.choice != DnsChoice::call ? name.pick : mine;
    const auto offered = static_cast<TargetSet>(known.answer.set << group.first);
    const auto choice = static_cast<TargetSet>(offered & able & ~up.tried);
    if (choice != 0) return {.kind = Pick::Kind::target, .target = Hunt::first_of(choice, group, from), .ready = now_};
    if (!last_resort) last_resort = Hunt::first_of(offered, group, from);
  }
  if (up.tried != 0 || !last_resort) return {};
  return {.kind = Pick::Kind::target, .target = *last_resort, .ready = now_};
}

TargetSet CallPlane::usable(Site& site, SlotIndex slot) {
  if (site.probe_version != world_.probe_version()) {
    site.probe_version = world_.probe_version();
    site.marked_down = 0;
    for (unsigned i = 0; i < site.targets.size(); ++i) {
      if (world_.marked_down(site.index, site.targets[i].edge)) site.marked_down = static_cast<TargetSet>(site.marked_down | (1U << i));
    }
  }
  auto able = static_cast<TargetSet>(site.all & ~site.marked_down);
  if (site.troubled == 0) return able;
  const HoldDown& policy = *site.spec->routing.hunting.hold_down;
  const double u = policy.return_over > Span::zero() ? unit_interval(luck_of(calls_[slot], 0)[3]) : 0;
  for (unsigned i = 0; i < site.targets.size(); ++i) {
    const auto bit = static_cast<TargetSet>(1U << i);
    if ((site.troubled & bit) == 0) continue;
    const TargetMemory& memory = site.targets[i].memory;
    if (memory.clear(policy, now_)) site.troubled = static_cast<TargetSet>(site.troubled & ~bit);
    if (!memory.usable(policy, now_, u)) able = static_cast<TargetSet>(able & ~bit);
  }
  return able;
}

void CallPlane::start_attempt(SlotIndex slot, std::uint8_t target) {
  CallSlot& call = calls_[slot];
  Site& site = site_of(call);
  SetUp& up = set_up_of(call);
  ++call.attempts;
  call.served = call.bye_served = 0;
  if (media_) media_->at(slot).agreed = 0;
  call.edge = site.targets[target].edge;
  up.tried = static_cast<TargetSet>(up.tried | (1U << target));
  if (site.troubled != 0) up.trial = site.targets[target].memory.choose();
  up.began = up.sent = now_;
  if (!site.connections.empty()) {
    up.connecting = !is_open(site, edge_of(call));
    up.connected = site.connections[call.edge].opened;
  }
  if (!site.nonces.empty()) up.authenticated = nonce_of(call)->issued != never;
  const Route& route = route_of(call);
  Instant arrives = now_ + route.path.out;
  if (world_.paths_in_trouble() && !up.connecting) arrives += delay_over_tcp(call, Message::invite);
  service_next(up, arrives, Step::invite_arrives);
  set_site_clock(slot);
  if (arrives == now_) return on_invite_arrives(slot);
  schedule(slot);
}

/// The site's own limit on an attempt as it stands: no_response until anything is heard, then no_progress, then Timer C, counted anew from the
/// 18x (RFC 3261 16.7 step 2); and the caller's patience. While the INVITE waits at a busy edge, its next transmission (Timer A).
void CallPlane::set_site_clock(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const HuntingPolicy& policy = policy_of(call);
  if (up.provisional_heard) {
    const Instant guard = call.ringing ? call.offered + Span{call.progress} + sip::timer_c : later(up.sent, policy.no_progress);
    up.site_at = std::min(up.patience_end, guard);
    up.site_step = up.patience_end <= guard ? Step::abandon : call.ringing ? Step::rang_too_long : Step::no_progress;
    return;
  }
  const Instant limit = later(up.sent, policy.no_response);
  up.site_at = std::min(up.patience_end, limit);
  up.site_step = up.patience_end < limit ? Step::abandon : Step::no_response;
  const bool waits = up.service_step == Step::invite_served && up.again > 0 && up.again < sip::invite_sends.size();
  if (!waits) return;
  const Instant sent_again = up.sent + sip::invite_sends[up.again];
  if (sent_again >= up.site_at) return;
  up.site_at = sent_again + route_of(call).path.out;
  up.site_step = Step::invite_again;
}

/// Keeps what the end of this attempt says of its target.
void CallPlane::remember(SlotIndex slot, AttemptEnd end, std::uint16_t code, std::optional<Span> retry_after) {
  const CallSlot& call = calls_[slot];
  Site& site = site_of(call);
  const std::optional<HoldDown>& policy = site.spec->routing.hunting.hold_down;
  if (!policy) return;
  SetUp& up = set_up_of(call);
  const std::uint8_t target = site.target_of_edge[call.edge];
  TargetMemory& memory = site.targets[target].memory;
  const auto touched = [&] { site.troubled = static_cast<TargetSet>(site.troubled | (1U << target)); };
  const bool trial = std::exchange(up.trial, false);
  if (end == AttemptEnd::refused && code == 503 && retry_after && policy->retry_after) {
    memory.hold(*policy, now_, *retry_after);
    return touched();
  }
  if (Hunt::blames(*policy, end, code)) {
    memory.failed(*policy, now_, policy->jitter.value() > 0 ? unit_interval(luck_of(call, 0)[1]) : 0);
    return touched();
  }
  if (end == AttemptEnd::answered || end == AttemptEnd::refused) {
    memory.served(*policy, now_, trial);
  } else if (trial) {
    memory.trial_over();
  }
}

void CallPlane::advance_or_end(SlotIndex slot, AttemptEnd end, std::uint16_t code) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const HuntingPolicy& policy = policy_of(call);
  end_attempt(slot, end, code);
  remember(slot, end, code, up.retry_after);
  const bool goes_on = Hunt::advances(policy, end, code, call.ringing != 0) && now_ - call.offered < policy.give_up_after;
  const Pick pick = goes_on ? pick_target(slot) : Pick{};
  if (pick.kind == Pick::Kind::none) return end_after_attempt(slot, end, code);
  if (goes_on_at_service(slot)) split_ghost(slot);
  SetUp fresh;
  static_cast<SetUpPlan&>(fresh) = static_cast<const SetUpPlan&>(up);
  up = fresh;
  hunt_on(slot, pick);
}

/// The hunt is over: the last attempt decides what the caller is told.
void CallPlane::end_after_attempt(SlotIndex slot, AttemptEnd end, std::uint16_t code) {
  const SetUp& up = set_up_of(calls_[slot]);
  if (up.lost) return end_unanswered(slot, Outcome::lost_in_setup, Reason::none, code);
  if (end == AttemptEnd::no_response) return end_unanswered(slot, Outcome::failed, Reason::no_response, code);
  if (end == AttemptEnd::no_progress) return end_unanswered(slot, Outcome::failed, Reason::no_progress, code);
  if (end == AttemptEnd::transport_error) return end_unanswered(slot, Outcome::failed, Reason::transport_error, code);
  if (up.cap != no_cap || up.reason == Reason::media_ports) return end_unanswered(slot, Outcome::blocked, up.reason, code);
  if (up.reason != Reason::none) return end_unanswered(slot, Outcome::failed, up.reason, code);
  end_unanswered(slot, outcome_of(up.answer), Reason::none, code);
}

void CallPlane::end_attempt(SlotIndex slot, AttemptEnd end, std::uint16_t code) {
  const CallSlot& call = calls_[slot];
  const SetUp& up = set_up_of(call);
  Attempt attempt;
  attempt.call = call.id();
  attempt.number = static_cast<std::uint8_t>(call.attempts - 1U);
  attempt.edge = edge_of(call);
  attempt.end = end;
  attempt.code = code;
  attempt.cap = up.cap;
  attempt.sent = up.began;
  attempt.trying = up.trying;
  if (call.ringing) attempt.ringing = call.offered + Span{call.progress};
  if (end == AttemptEnd::answered) attempt.finished = call.offered + Span{call.answer_after};
  if (end != AttemptEnd::answered && end != AttemptEnd::none) attempt.finished = now_;
  push(attempt);
}

/// The site's side is over. What the service still does for the call is a ghost's.
void CallPlane::end_unanswered(SlotIndex slot, Outcome outcome, Reason reason, std::uint16_t code) {
  CallSlot& call = calls_[slot];
  CallRecord record = record_of(slot);
  record.outcome = outcome;
  record.reason = reason;
  record.code = code;
  record.ended = now_;
  if (outcome == Outcome::blocked) record.cap = set_up_of(call).cap;
  push(record);
  maybe_redial(call, outcome);
  free_channel(slot);
  if (call.attempts == 0 || !goes_on_at_service(slot)) return free_slot(slot);
  call.reported = 1;
  start_ghost(slot);
}

/// A caller who failed may try again. Whether and when was drawn at the call's birth.
void CallPlane::maybe_redial(const CallSlot& call, Outcome outcome) {
  const Demand& demand = demands_[call.demand];
  const auto& redial = demand.spec->redial;
  if (!redial || call.redial >= redial->most || call.window == initial_window) return;
  if (outcome == Outcome::abandoned || outcome == Outcome::rejected || outcome == Outcome::answered) return;
  const std::uint32_t number = static_cast<std::uint32_t>(call.redial) + 1;
  const Luck::Block words = demand.luck.block(Purpose::redial, index_of(call.id()), 0, number);
  if (unit_interval(words[0]) >= redial->probability.value()) return;
  PlannedCall again;
  again.id = call.id();
  again.id.redial = static_cast<std::uint8_t>(number);
  again.at = now_;
  again.talk = Span{call.talk};  // a trace's call keeps it; others draw anew
  const SlotIndex waiting = calls_.allocate();
  fill_slot(calls_[waiting], again);
  enter(waiting, now_ + demand.redial_delay->quantile(unit_interval(words[1])), Step::redial);
}

void CallPlane::on_redial(SlotIndex slot) {
  PlannedCall again;
  again.id = calls_[slot].id();
  again.at = now_;
  again.talk = Span{calls_[slot].talk};
  const Demand& demand = demands_[again.id.demand];
  demand.laws.draw(demand.luck, Purpose::life, index_of(again.id), again, again.id.redial);
  free_slot(slot);
  ++offered_;
  ++sites_[demand.site].offered;
  begin_call(again);
}

}  // namespace trunklab
