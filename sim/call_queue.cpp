// Messages at an edge that may be busy: each is served once, in the order of arrival, and comes again if it waits for too long.
#include <algorithm>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

namespace {
constexpr double middle = 0.5;  ///< a fixed law gives the same for every share
}

std::optional<Instant> CallPlane::serve(EdgeIndex index, Instant at) {
  Edge& edge = edges_[index];
  const double u = edge.queue && !service_time_->fixed() ? unit_interval(edge.luck->block(Purpose::service, edge.messages++)[0]) : middle;
  return serve(index, at, u);
}

/// A call's message. Its service time is the call's luck, so that a run and its twin serve it alike.
std::optional<Instant> CallPlane::serve(const CallSlot& call, Work work, unsigned transmission) {
  double u = middle;
  if (!service_time_->fixed()) {
    const std::uint32_t number = static_cast<std::uint32_t>(work) * 16U + transmission;
    u = unit_interval(luck_of(call, Purpose::service, number / 4U)[number % 4U]);
  }
  return serve(edge_of(call), now_, u);
}

std::optional<Instant> CallPlane::serve(EdgeIndex index, Instant at, double u) {
  Edge& edge = edges_[index];
  if (!edge.queue) return at;
  if (world_.crashed(index) >= edge.queue_from) {
    edge.queue->clear();
    edge.queue_from = at;
  }
  if (const double slowness = world_.edge(index).slowness; slowness != edge.slowness) {
    edge.queue->stretch(at, slowness / edge.slowness);
    edge.slowness = slowness;
  }
  Span time = service_time_->quantile(u);
  if (edge.slowness != 1) time = from_seconds(in_seconds(time) * edge.slowness);
  const auto turn = edge.queue->admit(at, time);
  ++(turn ? messages_served_ : messages_lost_);
  return turn ? std::optional(turn->ends) : std::nullopt;
}

/// For messages within a call that has been let in. INVITEs see to themselves.
Passage CallPlane::passage_at_edge(SlotIndex slot, Step step) {
  CallSlot& call = calls_[slot];
  if (!edges_[call.edge].queue) return Passage::clear;
  const bool bye = step == Step::bye_at_edge || step == Step::bye_from_edge;
  const bool served = bye ? call.bye_served != 0 : call.served != 0;
  bye ? void(call.bye_served = 0) : void(call.served = 0);
  if (served || world_.silent(edge_of(call))) return Passage::clear;
  const Work work = bye ? Work::bye : step == Step::progress ? Work::progress : Work::final_answer;
  const bool repeats = work == Work::final_answer && call.set_up != no_set_up;
  const auto done = serve(call, work, repeats ? set_up_of(call).final_send : static_cast<unsigned>(call.resend));
  if (!done) return Passage::lost;
  if (*done == now_) return Passage::clear;
  bye ? void(call.bye_served = 1) : void(call.served = 1);
  if (bye && (step == Step::bye_from_edge || over_udp(call))) start_echo(call, *done + route_of(call).path.back);
  if (call.is_answered || (step == Step::bye_at_edge && !call.reported)) {
    enter(slot, *done, step);
    return Passage::waits;
  }
  SetUp& up = set_up_of(call);
  if (step == Step::bye_at_edge) {
    up.site_at = *done;
  } else {
    service_next(up, *done, step);
  }
  schedule(slot);
  return Passage::waits;
}

/// A message has come to the edge now, and its sender will have an answer at `answered` (never = it was lost for want of room). Until then it is
/// sent again, at the intervals of Timer E and of an unacknowledged 200 (RFC 3261 17.1.2.2, 13.3.1.4): more work for the edge, and nothing else.
void CallPlane::start_echo(const CallSlot& call, Instant answered) {
  if (answered <= now_ + sip::t1) return;
  const SlotIndex slot = calls_.allocate();
  CallSlot& echo = calls_[slot];
  echo = {};
  echo.offered = now_;
  echo.demand = call.demand;
  echo.edge = call.edge;
  echo.number = call.number;
  echo.window = call.window;
  echo.redial = call.redial;
  echo.attempts = call.attempts;
  echo.reported = 1;
  echo.resend = 1;
  echo.set_up = no_set_up;
  echo.set_talk(answered == never ? 64 * sip::t1 : std::min<Span>(answered - now_, 64 * sip::t1));
  enter(slot, now_ + sip::other_sends[1], Step::echo);
}

void CallPlane::on_echo(SlotIndex slot) {
  CallSlot& echo = calls_[slot];
  if (!world_.silent(edge_of(echo))) serve(echo, Work::echo, echo.resend);
  ++echo.resend;
  const bool again = echo.resend < sip::other_sends.size() && sip::other_sends[echo.resend] < Span{echo.talk};
  if (!again) return free_slot(slot);
  enter(slot, echo.offered + sip::other_sends[echo.resend], Step::echo);
}

}  // namespace trunklab
