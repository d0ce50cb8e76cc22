// Resolving names.
#include "sim/resolver.hpp"

#include <algorithm>

namespace trunklab {

NameServer::NameServer(const Scenario& scenario, const World& world, std::uint32_t replication)
    : scenario_(scenario), world_(world), turns_(scenario.service.regions.size(), 0) {
  for (const RegionSpec& region : scenario.service.regions) luck_.emplace_back(scenario.seed, "name/" + region.name, replication);
}

NameServer::Reply NameServer::ask(std::uint16_t region) {
  const NameState& state = world_.name(region);
  if (state.fault == DnsEffect::no_answer) return {.kind = Reply::Kind::no_answer, .answer = {}};
  if (state.fault == DnsEffect::servfail) return {.kind = Reply::Kind::servfail, .answer = {}};
  const NameSpec& spec = scenario_.service.names;
  const TargetSet healthy = state.is_frozen ? state.frozen : world_.healthy(region);
  const std::uint64_t count = turns_[region]++;
  const std::uint64_t turn = spec.order == TargetOrder::random ? luck_[region].block(Purpose::route, count)[0] >> 32U : count;
  const NameAnswer answer = name_answer(spec, scenario_.service.regions[region].edges.size(), healthy, turn);
  return {.kind = answer.set == 0 ? Reply::Kind::nothing : Reply::Kind::addresses,
          .answer = answer,
          .after = state.fault == DnsEffect::slow ? state.delay : Span::zero()};
}

Resolver::Known Resolver::resolve(std::uint16_t region, Instant now, const Routing& routing) {
  Entry& entry = entries_[region];
  if (now < entry.expires) return entry.known;
  const NameServer::Reply reply = server_.ask(region);
  Known& known = entry.known;
  const NameSpec& spec = server_.spec();
  Span after = reply.after;
  if (reply.kind == NameServer::Reply::Kind::no_answer || after >= routing.resolver_timeout) {
    known.failed = true;
    known.ready = now + routing.resolver_timeout;
    entry.expires = known.ready + Span{1};  // those who wait for it hear of it; the next call asks again
    return known;
  }
  known.ready = now + after;
  known.failed = reply.kind != NameServer::Reply::Kind::addresses;
  known.answer = reply.answer;
  ++known.version;
  Span ttl = known.failed ? spec.negative_ttl : std::clamp(spec.ttl, routing.ttl_min.value_or(Span::zero()), routing.ttl_max.value_or(endless));
  if (!known.failed && routing.cache != DnsCache::ttl) ttl = endless;
  entry.expires = later(known.ready, std::max(ttl, Span{1}));  // who waits for it may use it, whatever its TTL
  return known;
}

}  // namespace trunklab
