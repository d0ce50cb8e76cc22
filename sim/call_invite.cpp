// An INVITE on its way to an edge: transmissions, connections, the edge's queue, and whether the service lets the call in.
#include <algorithm>
#include <array>
#include <cassert>

#include "sim/call_plane.hpp"

namespace trunklab {

namespace {

/// When a host sends a SYN again, counted from the first (Linux: 1 s, doubling; six times).
constexpr auto syn_sends = std::to_array<Span>({std::chrono::seconds{0}, std::chrono::seconds{1}, std::chrono::seconds{3}, std::chrono::seconds{7},
                                                std::chrono::seconds{15}, std::chrono::seconds{31}, std::chrono::seconds{63}});
/// The least retransmission time-out of TCP, which doubles (Linux: TCP_RTO_MIN; RFC 6298 section 5.5).
constexpr Span tcp_rto = std::chrono::milliseconds{200};
constexpr Span tcp_rto_max = std::chrono::seconds{120};

/// Words of an attempt's luck for messages on a path: a block for each kind, a word for each transmission, four to a block.
constexpr std::uint32_t message_block(Message message, unsigned transmission) {
  return 16U + static_cast<std::uint32_t>(message) * 8U + transmission / 4U;
}

}  // namespace

bool CallPlane::passes_path(const CallSlot& call, Message message, unsigned transmission) {
  const PathState& path = world_.path(site_index(call), edge_of(call));
  if (path.down) return false;
  if (path.loss <= 0 || !over_udp(call)) return true;
  return unit_interval(luck_of(call, message_block(message, transmission))[transmission % 4U]) >= path.loss;
}

Span CallPlane::delay_over_tcp(const CallSlot& call, Message message) {
  const double loss = world_.path(site_index(call), edge_of(call)).loss;
  if (loss <= 0 || over_udp(call)) return Span::zero();
  Span delay{};
  Span rto = tcp_rto;
  for (unsigned transmission = 0; transmission < 8; ++transmission, rto *= 2) {
    if (unit_interval(luck_of(call, message_block(message, transmission))[transmission % 4U]) >= loss) break;
    delay += rto;
  }
  return delay;
}

bool CallPlane::is_open(const Site& site, EdgeIndex edge) const {
  const Connection& connection = site.connections[edge];
  if (connection.opened == never) return false;
  const TcpSpec& tcp = site.spec->tcp;
  const bool crashed = world_.crashed(edge) >= connection.opened;
  if (crashed && world_.crash_was_of_process(edge)) return false;  // its host has said so at once
  if (crashed && tcp.keepalive && now_ >= world_.crashed(edge) + *tcp.keepalive) return false;
  return connection.unacked == never || now_ < later(connection.unacked, tcp.user_timeout);
}

/// TCP: the edge's host or the path may swallow the segment. true: the INVITE has arrived.
bool CallPlane::taken_over_tcp(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  Connection& connection = site_of(call).connections[call.edge];
  if (passes(call, Message::invite, 0)) {
    if (world_.crashed(edge_of(call)) >= up.connected) {  // the host is back and knows nothing of the connection: RST
      if (connection.opened == up.connected) connection = {};
      transport_error(slot);
      return false;
    }
    connection.unacked = never;
    return true;
  }
  connection.unacked = std::min(connection.unacked, up.sent);
  if (host_refuses(call)) {
    connection = {};
    transport_error(slot);
    return false;
  }
  const Span rto = std::min<Span>(tcp_rto_max, tcp_rto * (std::int64_t{1} << std::min<unsigned>(up.invite_send, 20)));
  up.invite_send = static_cast<std::uint8_t>(std::min<unsigned>(up.invite_send + 1U, 250));
  const bool kept = now_ + rto < later(connection.unacked, site_of(call).spec->tcp.user_timeout);
  service_next(up, kept ? now_ + rto : never, Step::invite_arrives);
  if (!kept && call.reported) {
    finish_ghost(slot);
    return false;
  }
  schedule(slot);
  return false;
}

void CallPlane::on_syn_arrives(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  if (passes(call, Message::invite, 0)) {
    const PathDelay& path = route_of(call).path;
    up.connecting = false;
    up.invite_send = 0;
    up.connected = now_ + path.back;
    site_of(call).connections[call.edge] = {.opened = up.connected, .unacked = never};
    service_next(up, now_ + path.back + path.out + delay_over_tcp(call, Message::invite), Step::invite_arrives);
    return schedule(slot);
  }
  if (host_refuses(call)) return transport_error(slot);
  ++up.invite_send;
  const Instant again = up.invite_send < syn_sends.size() ? up.began + syn_sends[up.invite_send] + route_of(call).path.out : never;
  service_next(up, again > up.site_at ? never : again, Step::invite_arrives);  // a site that has given up closes the socket
  schedule(slot);
}

/// The site hears at once that nobody listens there.
void CallPlane::transport_error(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  if (call.reported) return finish_ghost(slot);
  service_is_silent(up);
  if (up.site_step == Step::invite_again) set_site_clock(slot);
  up.refusal = 0;
  up.reason = Reason::transport_error;
  const Instant heard = now_ + route_of(call).path.back;
  if (heard <= up.site_at) {
    up.site_at = heard;
    up.site_step = Step::refusal_heard;
  }
  schedule(slot);
}

void CallPlane::on_invite_arrives(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  if (up.connecting) return on_syn_arrives(slot);
  if (over_udp(call)) {
    if (!passes(call, Message::invite, up.invite_send)) return on_invite_swallowed(slot);
  } else if (!taken_over_tcp(slot)) {
    return;
  }
  if (up.is_grey && (up.grey == GreyEffect::silent_before_100 || up.grey == GreyEffect::silent_after_challenge)) return on_invite_swallowed(slot);
  up.arrived = now_;
  if (edges_[call.edge].queue) {
    if (up.authenticated && up.trying != never) serve(call, Work::ack_of_challenge, 0);  // the ACK of the challenge came just before
    constexpr unsigned with_credentials = 8;                                             // a word of luck of their own
    const auto done = serve(call, Work::invite, std::min(7U, unsigned{up.invite_send}) + (up.authenticated ? with_credentials : 0U));
    if (!done) return on_invite_swallowed(slot);
    if (*done > now_) {
      service_next(up, *done, Step::invite_served);
      up.again = over_udp(call) ? static_cast<std::uint8_t>(up.invite_send + 1U) : 0;
      if (!call.reported) set_site_clock(slot);
      return schedule(slot);
    }
  }
  on_invite_served(slot);
}

/// One more transmission reaches an edge where the first one still waits: it is work, and nothing else.
void CallPlane::on_invite_again(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  if (passes(call, Message::invite, set_up_of(call).again)) serve(call, Work::invite, set_up_of(call).again);
  ++set_up_of(call).again;
  set_site_clock(slot);
  schedule(slot);
}

/// The edge, or the way to it, swallows the INVITE. Over UDP the site sends again (Timer A) as long as it waits.
void CallPlane::on_invite_swallowed(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const Route& route = route_of(call);
  if (site_of(call).spec->icmp_seen && host_refuses(call)) return transport_error(slot);
  up.arrived = never;
  service_is_silent(up);
  up.invite_send = std::max(up.invite_send, static_cast<std::uint8_t>(up.again > 0 ? up.again - 1U : 0U));
  up.again = 0;
  while (over_udp(call) && !call.reported && up.invite_send + 1U < sip::invite_sends.size()) {
    ++up.invite_send;
    const Instant again = up.sent + sip::invite_sends[up.invite_send];
    if (again + route.path.out <= now_) continue;
    if (again <= up.site_at || up.site_step == Step::invite_again) service_next(up, again + route.path.out, Step::invite_arrives);
    break;
  }
  if (!call.reported) set_site_clock(slot);
  if (call.reported && up.site_at == never) return finish_ghost(slot);
  schedule(slot);
}

/// Draws, once an attempt, whether it meets the edge's bad side.
bool CallPlane::meets_grey(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const Grey& grey = world_.edge(edge_of(call)).grey;
  if (!up.grey_met && grey.share > 0) {
    up.grey_met = true;
    up.is_grey = unit_interval(luck_of(call, 0)[0]) < grey.share;
    up.grey = grey.effect;
    up.refusal = grey.code;
    if (up.is_grey && grey.effect == GreyEffect::slow && grey.delay > Span::zero()) {
      service_next(up, now_ + grey.delay, Step::invite_served);
      if (!call.reported) set_site_clock(slot);
      schedule(slot);
      return true;
    }
  }
  if (!up.is_grey) return false;
  if (up.grey == GreyEffect::error) {
    refuse(slot, up.refusal, Reason::refused);
    return true;
  }
  const bool no_challenge_comes = up.authenticated || !scenario_.service.authentication;
  if (up.grey == GreyEffect::silent_before_100 || (up.grey == GreyEffect::silent_after_challenge && no_challenge_comes)) {
    on_invite_swallowed(slot);
    return true;
  }
  return false;
}

void CallPlane::on_invite_served(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const EdgeState& edge = world_.edge(edge_of(call));
  if (edge.silent || world_.crashed(edge_of(call)) >= set_up_of(call).arrived) return on_invite_swallowed(slot);
  if (edge.draining) {
    set_up_of(call).retry_after = scenario_.service.drain.retry_after;
    return refuse(slot, scenario_.service.drain.code, Reason::refused);
  }
  if ((edge.grey.share > 0 || set_up_of(call).is_grey) && meets_grey(slot)) return;
  if (admitted(slot)) accept(slot);
}

/// Credentials, number, caps, in this order (ours). false: the INVITE has been answered or dropped.
bool CallPlane::admitted(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  const Service& service = scenario_.service;
  if (service.authentication) {
    Nonce* nonce = nonce_of(call);
    const bool fresh =
        nonce == nullptr || (now_ < later(nonce->issued, service.authentication->nonce_lifetime) &&
                             (service.authentication->scope != AuthenticationSpec::Scope::edge || world_.crashed(edge_of(call)) < nonce->issued));
    if (!up.authenticated || !fresh) {
      if (caps_count_every_invite_) {
        for (const std::uint16_t index : caps_of(call)) {
          CapCounter& counter = caps_[index];
          if (counter.bucket && service.caps[counter.cap].counts == CapSpec::Counts::every_invite) counter.bucket->take(now_);
        }
      }
      challenge(slot);
      return false;
    }
    if (!world_.secret_fits(site_index(call))) {
      refuse(slot, service.authentication->wrong_secret_code, Reason::unauthorized);
      return false;
    }
  }
  if (!up.e164) {
    refuse(slot, service.number_format_code, Reason::number_format);
    return false;
  }
  constexpr std::uint16_t loop_detected = 482;
  if (up.merged) {
    refuse(slot, loop_detected, Reason::refused);
    return false;
  }
  return let_in_by_caps(slot);
}

/// Sessions first, then calls per second, each cap in the order of the scenario: the first that refuses is named. A refused call takes no
/// token of any bucket (ours). A call that waits for a token has reserved it.
bool CallPlane::let_in_by_caps(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  const std::span counters = caps_of(call);
  const auto refused_by = [&](const CapCounter& counter, Reason reason) {
    const CapSpec& spec = scenario_.service.caps[counter.cap];
    if (spec.mode == CapSpec::Mode::drop) return on_invite_swallowed(slot);
    set_up_of(call).retry_after = spec.retry_after;
    refuse(slot, spec.code, reason, counter.cap);
  };
  for (const std::uint16_t index : counters) {
    if (caps_[index].sessions < caps_[index].sessions_max) continue;
    refused_by(caps_[index], Reason::cap_sessions);
    return false;
  }
  Instant admitted_at = now_;
  for (const std::uint16_t index : counters) {
    const CapCounter& counter = caps_[index];
    if (!counter.bucket || counter.bucket->has(now_)) continue;
    const CapSpec& spec = scenario_.service.caps[counter.cap];
    const Instant next = counter.bucket->next(now_);
    if (spec.mode == CapSpec::Mode::queue && next <= later(now_, spec.longest_wait)) {
      admitted_at = std::max(admitted_at, next);
      continue;
    }
    refused_by(counter, Reason::cap_cps);
    return false;
  }
  for (const std::uint16_t index : counters) {
    if (caps_[index].bucket) caps_[index].bucket->take(caps_[index].bucket->next(now_));
  }
  set_up_of(call).arrived = admitted_at;
  return true;
}

Nonce* CallPlane::nonce_of(const CallSlot& call) {
  Site& site = site_of(call);
  if (site.nonces.empty()) return nullptr;
  switch (scenario_.service.authentication->scope) {
    case AuthenticationSpec::Scope::edge: return &site.nonces[call.edge];
    case AuthenticationSpec::Scope::region: return &site.nonces[scenario_.service.region_of_edge[call.edge]];
    case AuthenticationSpec::Scope::service: return &site.nonces.front();
  }
  return nullptr;
}

/// When the site hears an answer that is repeated until it is acknowledged (Timer G: T1, doubling up to T2).
Instant CallPlane::first_heard(const CallSlot& call, Message message) {
  const Instant heard = heard_at_site(call, message);
  if (!world_.paths_in_trouble()) return heard;
  for (unsigned repeat = 0; repeat < sip::other_sends.size(); ++repeat) {
    if (passes(call, message, repeat)) return heard + sip::other_sends[repeat];
  }
  return never;
}

/// 401 or 407: a final answer, repeated until it is acknowledged (Timer G). The site sends the INVITE anew, with credentials.
void CallPlane::challenge(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  if (call.reported) return finish_ghost(slot);  // nobody waits for it any more
  if (Nonce* nonce = nonce_of(call)) nonce->issued = now_;
  const Instant heard = first_heard(call, Message::challenge);
  service_is_silent(up);
  if (up.site_step == Step::invite_again) set_site_clock(slot);
  if (heard > up.site_at) return schedule(slot);
  up.trying = std::min(up.trying, heard);
  up.authenticated = true;
  up.sent = heard;
  up.invite_send = up.again = 0;
  up.arrived = never;
  service_next(up, heard + route_of(call).path.out, Step::invite_arrives);
  set_site_clock(slot);
  if (up.service_at == now_) return on_invite_arrives(slot);
  schedule(slot);
}

/// A final code >= 300 leaves the edge; repeated until it is acknowledged (Timer G).
void CallPlane::refuse(SlotIndex slot, std::uint16_t code, Reason reason, std::uint8_t cap) {
  CallSlot& call = calls_[slot];
  SetUp& up = set_up_of(call);
  drop_session(slot);
  if (call.reported) return finish_ghost(slot);
  if (edges_[call.edge].queue) serve(call, Work::ack_of_refusal, 0);
  up.refusal = code;
  up.reason = reason;
  up.cap = cap;
  const Instant heard = first_heard(call, Message::final_answer);
  service_is_silent(up);
  if (up.site_step == Step::invite_again) set_site_clock(slot);
  if (heard > up.site_at) return schedule(slot);
  up.trying = std::min(up.trying, heard);
  up.site_at = heard;
  up.site_step = Step::refusal_heard;
  if (heard == now_) return on_refusal_heard(slot);
  schedule(slot);
}

void CallPlane::on_refusal_heard(SlotIndex slot) {
  const SetUp& up = set_up_of(calls_[slot]);
  advance_or_end(slot, up.reason == Reason::transport_error ? AttemptEnd::transport_error : AttemptEnd::refused, up.refusal);
}

}  // namespace trunklab
