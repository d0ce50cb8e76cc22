// Looking through a scenario for what its bundle cannot do.
#include "traffic/sipp/not_played.hpp"

#include <algorithm>

namespace trunklab {

namespace {

using List = std::vector<NotPlayed>;

bool any_site(const Scenario& scenario, auto&& has) {
  return std::ranges::any_of(scenario.sites, has);
}

bool any_demand(const Scenario& scenario, auto&& has) {
  return std::ranges::any_of(scenario.demands, has);
}

/// The world around the calls, which loopback does not have.
void add_world(const Scenario& scenario, List& list) {
  if (!scenario.faults.empty() || !scenario.random_faults.empty()) list.push_back({"faults", "every target works all the time"});
  if (!scenario.warmup) list.push_back({"the calls of a stationary start", "the replay begins with no call in progress"});
  const auto has_rtt = [](const Site& site) { return std::ranges::any_of(site.rtt, [](Span rtt) { return rtt > Span::zero(); }); };
  if (any_site(scenario, has_rtt)) list.push_back({"round-trip times", "messages take as long as loopback does"});
  if (!scenario.service.caps.empty()) list.push_back({"caps of the service", "nothing is refused for want of capacity"});
  if (any_site(scenario, [](const Site& site) { return site.channels.has_value(); }))
    list.push_back({"channels of a site", "SIPp has no such limit that would refuse a call"});
  if (scenario.service.capacity) list.push_back({"capacity of an edge", "the answering side is as fast as SIPp is"});
  if (scenario.service.callback) list.push_back({"the callback", "every call goes on at once, as if the backend took no time and always connected"});
  if (any_site(scenario, [](const Site& site) { return site.drop_fragments || !site.allows_strangers.empty(); }))
    list.push_back({"the site's firewall", "everything gets through"});
}

/// What the calling side of a real site remembers from call to call.
void add_memory(const Scenario& scenario, List& list) {
  const auto is_name = [](const Site& site) { return site.routing.target == TargetKind::fqdn; };
  if (any_site(scenario, is_name))
    list.push_back({"DNS", "SIPp would resolve a name once, and wait for it; the edges of a name are tried in their listed order instead"});
  if (any_site(scenario, [](const Site& site) { return site.routing.hunting.hold_down.has_value(); }))
    list.push_back({"hold-down", "every call begins its hunt anew: calls know nothing of each other"});
  if (any_site(scenario, [](const Site& site) { return site.routing.hunting.probe.has_value(); }))
    list.push_back({"probes", "no OPTIONS are sent, no target is ever marked down"});
  if (any_site(scenario, [](const Site& site) { return !site.routing.cseq_on_failover; }))
    list.push_back({"the same CSeq at the next target", "each attempt has its own CSeq: by it responses are told apart"});
  if (any_demand(scenario, [](const DemandSpec& demand) { return demand.redial.has_value(); }))
    list.push_back({"redials", "a call that fails is not dialled again"});
}

void add_digest(const Scenario& scenario, const std::vector<ReplayGroup>& groups, List& list) {
  if (!scenario.service.authentication) return;
  if (scenario.service.authentication->challenge == AuthenticationSpec::Challenge::remembered)
    list.push_back({"remembered nonces", "SIPp keeps no nonce from call to call: every attempt is challenged"});
  list.push_back({"the digest's uri of each number", "SIPp has one uri for all calls (-auth_uri): the region's name"});
  list.push_back({"identical retransmission of an INVITE with credentials", "SIPp counts the nonce up each time"});
  const auto proxies = [](const ReplayGroup& group) { return group.challenge_code == 407; };
  if (std::ranges::any_of(groups, proxies))
    list.push_back(
        {"a check of credentials after a 407", "SIPp's check reads no Proxy-Authorization: the answering side only looks whether it is there"});
}

void add_media(const Scenario& scenario, List& list) {
  if (has_media(scenario)) {
    list.push_back(
        {"what RTP sounds like", "silence is sent, of the codec that stands first in the offer, by both sides; nobody measures what arrives"});
    list.push_back({"RTP of Opus", "SIPp cannot send it; it stands in SDP only"});
    list.push_back(
        {"packet times other than 20 ms, the bit rate of Opus", "SIPp sends a packet every 20 ms; SDP names the first format's packet time"});
    list.push_back(
        {"RTP ports", "all calls of a SIPp process send from one port, so ports are never short; firewalls and media addresses are not played"});
  }
  if (any_site(scenario, [](const Site& site) { return site.session_expires.has_value(); }))
    list.push_back({"session timer", "no refreshes are sent"});
  if (any_site(scenario, [](const Site& site) { return site.contact_centre.has_value(); }))
    list.push_back({"waiting for an agent", "somebody answers at once"});
}

}  // namespace

List not_played(const Scenario& scenario, const std::vector<ReplayGroup>& groups) {
  List list;
  add_world(scenario, list);
  add_memory(scenario, list);
  add_digest(scenario, groups, list);
  add_media(scenario, list);
  const auto over_tcp = [](const ReplayGroup& group) { return group.transport == Transport::tcp && group.targets.size() > 1; };
  if (std::ranges::any_of(groups, over_tcp))
    list.push_back(
        {"late answers over TCP", "SIPp closes the connection to a target when it goes on to the next one, and has a connection for each call"});
  const auto outward = [](const ReplayGroup& group) { return group.direction == Direction::termination; };
  if (std::ranges::any_of(groups, outward)) list.push_back({"more than one Record-Route", "only the first one is kept as a Route"});
  return list;
}

}  // namespace trunklab
