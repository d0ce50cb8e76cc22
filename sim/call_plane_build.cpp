// Building the call plane from a scenario.
#include <algorithm>
#include <cassert>
#include <limits>
#include <variant>

#include "sim/call_plane.hpp"

namespace trunklab {

namespace {

constexpr auto no_limit = std::numeric_limits<std::uint32_t>::max();

/// Sites share a resolver that has the same name and treats answers alike.
bool same_cache(const Routing& left, const Routing& right) {
  return left.resolver == right.resolver && left.cache == right.cache && left.ttl_min == right.ttl_min && left.ttl_max == right.ttl_max &&
         left.resolver_timeout == right.resolver_timeout;
}

/// How many nonces a site keeps.
std::size_t nonces_of(const Service& service) {
  if (!service.authentication || service.authentication->challenge == AuthenticationSpec::Challenge::every_call) return 0;
  switch (service.authentication->scope) {
    case AuthenticationSpec::Scope::edge: return service.edges.size();
    case AuthenticationSpec::Scope::region: return service.regions.size();
    case AuthenticationSpec::Scope::service: return 1;
  }
  return 0;
}

}  // namespace

void CallPlane::build_site(const trunklab::Site& spec) {
  const std::size_t edges = scenario_.service.edges.size();
  const auto index = static_cast<std::uint16_t>(sites_.size());
  Site& site = sites_.emplace_back(Site{.spec = &spec,
                                        .index = index,
                                        .busy = Gauge(measure_from_, run_start + scenario_.horizon.duration),
                                        .channels = spec.channels.value_or(no_limit),
                                        .targets = {},
                                        .groups = {},
                                        .names = {},
                                        .connections = std::vector<Connection>(spec.transport == Transport::tcp ? edges : 0),
                                        .nonces = std::vector<Nonce>(nonces_of(scenario_.service)),
                                        .agents = {},
                                        .target_of_edge = std::vector<std::uint8_t>(edges, 0)});
  if (spec.contact_centre) site.agents.emplace(spec.contact_centre->agents);
  for (const auto& group : target_groups_of(scenario_.service, spec.routing)) {
    const auto first = static_cast<std::uint8_t>(site.targets.size());
    site.groups.push_back({.first = first, .count = static_cast<std::uint8_t>(group.size())});
    if (spec.routing.target == TargetKind::fqdn) {
      site.names.push_back({.region = scenario_.service.region_of_edge[group.front()]});
    }
    for (const EdgeIndex edge : group) {
      site.target_of_edge[edge] = static_cast<std::uint8_t>(site.targets.size());
      site.targets.push_back({.edge = edge, .memory = {}});
    }
  }
  assert(!site.targets.empty() && site.targets.size() <= targets_max);
  site.all = static_cast<TargetSet>((1U << site.targets.size()) - 1U);
  site.resolver = resolvers_.size();
  for (const Site& other : sites_) {
    const bool shared = !spec.routing.resolver.empty() && &other != &site && same_cache(other.spec->routing, spec.routing);
    if (shared) site.resolver = other.resolver;
  }
  if (site.resolver == resolvers_.size()) resolvers_.emplace_back(name_server_, scenario_.service.regions.size());
  if (spec.routing.cache == DnsCache::start) {
    for (const plane::Name& name : site.names) resolvers_[site.resolver].resolve(name.region, run_start, spec.routing);
  }
}

void CallPlane::build_edges() {
  const Service& service = scenario_.service;
  nothing_in_the_way_ = !service.capacity && !service.authentication && !service.callback && service.caps.empty();
  const Instant until = run_start + scenario_.horizon.duration;
  for (const EdgeSpec& spec : service.edges) {
    Edge& edge = edges_.emplace_back(Edge{.carried = Gauge(measure_from_, until), .queue = {}, .luck = {}});
    if (!service.capacity) continue;
    edge.queue.emplace(service.capacity->workers, service.capacity->queue);
    edge.luck.emplace(scenario_.seed, "edge/" + spec.name, replication_);
  }
  if (service.capacity) service_time_.emplace(service.capacity->service_time);
  if (!service.callback) return;
  callback_latency_.emplace(service.callback->latency);
  if (service.callback->fallback_latency) fallback_latency_.emplace(*service.callback->fallback_latency);
  if (service.callback->workers) backend_.emplace(*service.callback->workers);
}

void CallPlane::build_demands() {
  for (const DemandSpec& spec : scenario_.demands) {
    demands_.push_back({.spec = &spec,
                        .site = spec.site,
                        .inbound = spec.direction == Direction::origination,
                        .luck = demand_luck(scenario_, spec, replication_),
                        .laws = LifeLaws(spec, std::holds_alternative<TraceArrivals>(spec.arrivals)),
                        .redial_delay = spec.redial ? std::optional<DurationLaw>(spec.redial->delay) : std::nullopt});
  }
}

void CallPlane::build_caps() {
  assert(scenario_.service.caps.size() < no_cap);
  const auto add = [this](std::size_t cap, std::size_t entities) {
    const CapSpec& spec = scenario_.service.caps[cap];
    for (std::size_t entity = 0; entity < entities; ++entity) {
      caps_.push_back({.cap = static_cast<std::uint8_t>(cap),
                       .entity = static_cast<std::uint16_t>(entity),
                       .sessions_max = spec.sessions.value_or(no_limit),
                       .bucket = spec.cps ? std::optional<TokenBucket>(std::in_place, *spec.cps, spec.burst) : std::nullopt});
    }
  };
  for (std::size_t cap = 0; cap < scenario_.service.caps.size(); ++cap) {
    caps_count_every_invite_ = caps_count_every_invite_ || scenario_.service.caps[cap].counts == CapSpec::Counts::every_invite;
    switch (scenario_.service.caps[cap].scope) {
      case CapScope::account: add(cap, 1); break;
      case CapScope::region: add(cap, scenario_.service.regions.size()); break;
      case CapScope::edge: add(cap, scenario_.service.edges.size()); break;
      case CapScope::source_address: add(cap, scenario_.sites.size()); break;
    }
  }
}

bool CallPlane::applies(const CapCounter& counter, std::size_t site, std::size_t edge) const {
  switch (scenario_.service.caps[counter.cap].scope) {
    case CapScope::account: return true;
    case CapScope::region: return counter.entity == scenario_.service.region_of_edge[edge];
    case CapScope::edge: return counter.entity == edge;
    case CapScope::source_address: return counter.entity == site;
  }
  return false;
}

void CallPlane::build_routes(const std::vector<std::vector<PathDelay>>& delays) {
  for (std::size_t site = 0; site < sites_.size(); ++site) {
    for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
      Route& route = routes_.emplace_back();
      route.path = delays[site][scenario_.service.region_of_edge[edge]];
      route.caps_first = static_cast<std::uint32_t>(cap_lists_.size());
      for (std::size_t i = 0; i < caps_.size(); ++i) {
        if (applies(caps_[i], site, edge)) cap_lists_.push_back(static_cast<std::uint16_t>(i));
      }
      route.caps_count = static_cast<std::uint32_t>(cap_lists_.size()) - route.caps_first;
    }
    Site& here = sites_[site];
    const trunklab::Site& spec = *here.spec;
    const PathDelay& path = routes_[site * edges_.size() + here.targets.front().edge].path;
    const auto& hold_down = spec.routing.hunting.hold_down;
    here.straight = here.names.empty() && (!hold_down || hold_down->of == 1) && spec.transport == Transport::udp &&
                    spec.routing.hunting.order == TargetOrder::fixed && path.out == Span::zero() && path.back == Span::zero();
  }
}

}  // namespace trunklab
