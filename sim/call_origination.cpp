// Calls from Sinch to a site: which edge calls, what the site's firewall lets in, who answers there.
// Assumed, since the seed does not say: one destination; an edge that is gone or draining does not call, another edge of its region does.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

/// no_edge: none of the region's edges can call.
EdgeIndex CallPlane::calling_edge(std::uint16_t index) {
  Demand& demand = demands_[index];
  const auto& edges = scenario_.service.regions[demand.spec->region].edges;
  std::size_t from = 0;
  if (demand.spec->edges == TargetOrder::rotate) from = demand.turn++;
  if (demand.spec->edges == TargetOrder::random) from = demand.luck.block(Purpose::route, demand.turn++)[0] >> 32U;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const EdgeIndex edge = edges[(from + i) % edges.size()];
    if (!world_.silent(edge) && !world_.edge(edge).draining) return edge;
  }
  return no_edge;
}

void CallPlane::begin_origination(const PlannedCall& planned) {
  const EdgeIndex edge = calling_edge(planned.id.demand);
  if (edge == no_edge) return refuse_at_home(planned, Outcome::failed, Reason::no_edge_left);
  const SlotIndex slot = new_slot(planned);
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  call.edge = edge;
  call.attempts = 1;
  if (has_media(call)) {
    MediaCall& media = media_->at(slot);
    media_->draw(media, where_of(call));
    const bool asks = media_->has_codecs(media, planned.id.demand);  // else the site will refuse its codecs
    if (asks && open_media(slot) != Reason::none) {
      return end_origination(slot, Outcome::blocked, Reason::media_ports, media_refusal_code(Reason::media_ports));
    }
  }
  take_session(slot);
  CallbackVerdict verdict;
  if (scenario_.service.callback) verdict = ask_backend(slot);
  up.site_at = up.patience_end;
  up.site_step = Step::abandon;
  if (!verdict.connects) {
    up.reason = Reason::callback;
    up.refusal = scenario_.service.callback->hang_up_code;
    service_next(up, now_ + verdict.after, Step::service_refuses);
    return schedule(slot);
  }
  up.began = up.sent = now_ + verdict.after;
  service_next(up, up.sent + route_of(call).path.back, Step::site_reached);
  schedule(slot);
}

/// Why the INVITE does not get in; Reason::none if it does.
Reason CallPlane::barred(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  const trunklab::Site& site = *site_of(call).spec;
  if (!site.allows[call.edge]) return Reason::firewall;
  const OriginationSpec& spec = scenario_.service.origination;
  if (over_udp(call) && site.drop_fragments && spec.invite_bytes + spec.cookie_bytes > fragment_bytes) return Reason::fragments;
  return world_.site_down(site_index(call)) ? Reason::site_down : Reason::none;
}

void CallPlane::on_site_reached(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const Reason reason = barred(slot);
  if (reason == Reason::none && passes(call, Message::site_invite, up.invite_send)) return take_in(slot);
  up.reason = reason == Reason::none ? Reason::no_response : reason;
  const Instant limit = up.sent + scenario_.service.origination.no_response;
  if (over_udp(call) && up.invite_send + 1U < sip::invite_sends.size()) {
    ++up.invite_send;
    const Instant again = up.sent + sip::invite_sends[up.invite_send];
    if (again < limit) {
      service_next(up, again + route_of(call).path.back, Step::site_reached);
      return schedule(slot);
    }
  }
  service_next(up, std::max(now_, limit), Step::service_refuses);
  schedule(slot);
}

/// The site has the INVITE. A contact centre answers at once; whoever finds all agents busy waits, holding the channel.
void CallPlane::take_in(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  Site& site = site_of(call);
  constexpr std::uint16_t busy_here = 486;
  if (site.busy.now() >= site.channels) return end_origination(slot, Outcome::blocked, Reason::site_channels, busy_here);
  if (has_media(call)) {
    MediaCall& media = media_->at(slot);
    if (!media_->has_codecs(media, static_cast<std::uint16_t>(call.demand))) {
      return end_origination(slot, Outcome::failed, Reason::codec, media_refusal_code(Reason::codec));
    }
    constexpr std::uint16_t unavailable = 503;
    if (media_->open_at_site(media, where_of(call), MediaPlane::site_luck(where_of(call)), now_) != PortRefusal::none) {
      return end_origination(slot, Outcome::blocked, Reason::site_ports, unavailable);
    }
  }
  take_channel(site);
  call.ringing = 1;
  call.set_progress(now_ + route_of(call).path.out - call.offered);
  Span ring = up.ring;
  if (site.agents) {
    ring = Span::zero();
    const Span talk_time{call.talk};
    const auto turn = site.agents->admit(now_, talk_time, std::max(now_, up.patience_end));
    up.queued = turn ? turn->begins - now_ : std::max(Span::zero(), up.patience_end - now_);
    up.answer = PstnAnswer::answered;
    if (!turn) call.site_hangs_up = 0;       // the caller's patience ends first
    constexpr Span longest{0xFFFFFFFFFFFF};  // that a slot can hold: 78 hours
    call.set_talk(std::min(longest, turn ? up.queued + talk_time : up.queued));
  }
  service_next(up, now_ + ring, Step::site_answers);
  schedule(slot);
}

/// The site's final answer leaves it.
void CallPlane::on_site_answers(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const Instant at_edge = now_ + route_of(call).path.out;
  if (!passes(call, Message::final_answer, up.final_send)) {
    up.lost = true;
    const Instant first = now_ - sip::other_sends[up.final_send];
    if (up.final_send + 1U < sip::other_sends.size()) {
      ++up.final_send;
      service_next(up, first + sip::other_sends[up.final_send], Step::site_answers);
      return schedule(slot);
    }
    return end_origination(slot, Outcome::lost_in_setup, Reason::none, 0);
  }
  switch (up.answer) {
    case PstnAnswer::answered: break;
    case PstnAnswer::busy: return end_origination(slot, Outcome::busy, Reason::none, 486);
    case PstnAnswer::no_answer: return end_origination(slot, Outcome::no_answer, Reason::none, 480);
    case PstnAnswer::rejected: return end_origination(slot, Outcome::rejected, Reason::none, 603);
  }
  call.is_answered = 1;
  call.set_answer_after(at_edge - call.offered);
  ++site_of(call).answered;
  ++edges_[call.edge].answered;
  if (up.queued == Span::zero()) free_set_up(call);
  talk(slot, now_, at_edge);
}

void CallPlane::end_origination(SlotIndex slot, Outcome outcome, Reason reason, std::uint16_t code) {
  CallSlot& call = calls_[slot];
  CallRecord record = record_of(slot);
  record.outcome = set_up_of(call).lost && outcome == Outcome::abandoned ? Outcome::lost_in_setup : outcome;
  record.reason = reason;
  record.code = code;
  record.ended = now_;
  push(record);
  maybe_redial(call, outcome);
  if (call.ringing) free_channel(slot);
  drop_session(slot);
  free_slot(slot);
}

}  // namespace trunklab
