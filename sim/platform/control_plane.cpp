// Platform and actors. Each actor reads as what it does, in straight lines.
#include "sim/platform/control_plane.hpp"

#include <simgrid/Exception.hpp>

#include <algorithm>
#include <cmath>

namespace sg4 = simgrid::s4u;

namespace trunklab {

namespace {

/// Hosts compute nothing and links carry no load that would matter: any positive figure does.
constexpr double any_speed = 1e9;
constexpr double any_bandwidth = 1e12;

}  // namespace

Platform::Platform(const Scenario& scenario) : scenario_(scenario), edges_(scenario.service.edges.size()) {
  auto* world = sg4::create_full_zone("world");
  std::vector<sg4::NetZone*> regions;
  std::vector<simgrid::kernel::routing::NetPoint*> gateways;
  for (const RegionSpec& region : scenario.service.regions) {
    auto* zone = sg4::create_star_zone("region/" + region.name);
    zone->set_parent(world);
    const auto* local = zone->create_link("region/" + region.name + "/net", any_bandwidth)->set_latency(0)->seal();
    for (const EdgeIndex edge : region.edges) {
      edges_[edge] = zone->create_host("edge/" + scenario.service.edges[edge].name, any_speed);
      zone->add_route(edges_[edge]->get_netpoint(), nullptr, nullptr, nullptr, {sg4::LinkInRoute(local)}, true);
    }
    auto* gateway = zone->create_router("region/" + region.name + "/gateway");
    zone->add_route(gateway, nullptr, nullptr, nullptr, {sg4::LinkInRoute(local)}, true);
    zone->seal();
    regions.push_back(zone);
    gateways.push_back(gateway);
  }
  control_ = world->create_host("control", any_speed);
  for (const Site& site : scenario.sites) {
    auto* zone = sg4::create_full_zone("site/" + site.name);
    zone->set_parent(world);
    auto* host = sites_.emplace_back(zone->create_host("site/" + site.name, any_speed));
    zone->seal();
    for (std::size_t region = 0; region < regions.size(); ++region) {
      const auto* link = world->create_link("path/" + site.name + "/" + scenario.service.regions[region].name, any_bandwidth)
                             ->set_latency(in_seconds(site.rtt[region]) / 2)
                             ->seal();
      world->add_route(zone->get_netpoint(), regions[region]->get_netpoint(), host->get_netpoint(), gateways[region], {sg4::LinkInRoute(link)}, true);
    }
  }
  world->seal();
}

std::vector<std::vector<PathDelay>> Platform::delays() const {
  std::vector<std::vector<PathDelay>> delays;
  for (const sg4::Host* site : sites_) {
    auto& row = delays.emplace_back();
    for (const RegionSpec& region : scenario_.service.regions) {
      std::vector<sg4::Link*> links;
      double latency_s = 0;
      site->route_to(edges_[region.edges.front()], links, &latency_s);
      const Span round_trip = from_seconds(2 * latency_s);
      row.push_back({.out = round_trip / 2, .back = round_trip - round_trip / 2});
    }
  }
  return delays;
}

ControlPlane::ControlPlane(const Scenario& scenario, const RunOptions& options, const Platform& platform, CallPlane& plane, World& world,
                           PlaneModel& model, ControlClock& clock)
    : scenario_(scenario), options_(options), platform_(platform), plane_(plane), world_(world), model_(model), clock_(clock) {}

void ControlPlane::start() {
  start_horizon();
  start_heartbeat();
  if (has(Role::prober)) start_probers();
  if (has(Role::health_check)) start_health_checks();
  if (has(Role::cap_watch)) start_cap_watches();
  if (options_.with_faults && has(Role::fault_injector)) start_fault_injector();
}

bool ControlPlane::has(Role role) const {
  return std::ranges::find(options_.left_out, role) == options_.left_out.end();
}

void ControlPlane::start_actor(const std::string& name, sg4::Host* host, std::function<void()> body, bool daemon) {
  auto actor = sg4::Actor::create(name, host, [this, body = std::move(body)] {
    try {
      body();
    } catch (const std::exception&) {  // only these: SimGrid ends actors by an exception of its own, which must pass
      model_.fail(std::current_exception());
    }
  });
  if (daemon) actor->daemonize();
}

void ControlPlane::start_horizon() {
  const auto body = [this] { model_.end_of_run()->acquire_timeout(clock_.until(ControlClock::on_grid(run_start + scenario_.horizon.duration))); };
  start_actor("horizon", platform_.control(), body, false);
}

void ControlPlane::start_heartbeat() {
  if (options_.heartbeat <= Span::zero()) return;
  start_actor("heartbeat", platform_.control(), [this] {
    for (Instant next = run_start + options_.heartbeat;; next += options_.heartbeat) {
      clock_.sleep_until(next);
      if (options_.on_heartbeat) options_.on_heartbeat(clock_.now(), plane_.offered());
    }
  });
}

std::vector<EdgeIndex> ControlPlane::touched_edges() const {
  std::vector<EdgeIndex> edges;
  if (!options_.with_faults) return edges;
  for (const FaultSpec& fault : scenario_.faults) edges.insert(edges.end(), fault.edges.begin(), fault.edges.end());
  std::ranges::sort(edges);
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

void ControlPlane::start_fault_injector() {
  struct Turn {
    Instant at;
    EdgeIndex edge;
    bool crash;
  };
  std::vector<Turn> turns;
  const Instant end = run_start + scenario_.horizon.duration;
  for (const FaultSpec& fault : scenario_.faults) {
    turns.push_back({ControlClock::on_grid(fault.at), fault.edges.front(), true});
    if (fault.duration && fault.at + *fault.duration < end) turns.push_back({ControlClock::on_grid(fault.at + *fault.duration), fault.edges.front(), false});
  }
  // Of two changes at one instant the repair comes first: one edge's next fault may begin where the last one ends.
  std::ranges::stable_sort(turns,
                           [](const Turn& left, const Turn& right) { return std::pair(left.at, left.crash) < std::pair(right.at, right.crash); });
  start_actor("fault injector", platform_.control(), [this, turns = std::move(turns)] {
    for (const Turn& turn : turns) {
      clock_.sleep_until(turn.at);
      world_.apply({.at = clock_.now(), .kind = turn.crash ? EventKind::edge_crashed : EventKind::edge_recovered, .edge = turn.edge});
      turn.crash ? platform_.edge(turn.edge)->turn_off() : platform_.edge(turn.edge)->turn_on();
      for (std::size_t i = 0; i < probers_.size(); ++i) {
        if (watched_[i] == turn.edge) probers_[i]->wake()->release();
      }
    }
  });
}

void ControlPlane::start_prober(const std::string& name, sg4::Host* host, const Prober::Setting& setting) {
  auto prober = std::make_shared<Prober>(setting, world_, clock_);
  probers_.push_back(prober);
  watched_.push_back(setting.edge);
  start_actor(name, host, [prober] { (*prober)(); });
}

void ControlPlane::start_probers() {
  const auto delays = platform_.delays();
  for (std::uint16_t site = 0; site < scenario_.sites.size(); ++site) {
    const Site& spec = scenario_.sites[site];
    if (!spec.routing.hunting.probe) continue;
    for (const EdgeIndex edge : touched_edges()) {
      const std::uint16_t region = scenario_.service.region_of_edge[edge];
      const bool is_target = spec.routing.target == TargetKind::single_address
                                 ? spec.routing.edge == edge
                                 : std::ranges::find(spec.routing.regions, region) != spec.routing.regions.end();
      if (!is_target) continue;
      start_prober("prober/" + spec.name + "/" + scenario_.service.edges[edge].name, platform_.site(site),
                   {.spec = *spec.routing.hunting.probe,
                    .phase = probe_phase(scenario_, options_.replication, site, edge),
                    .out = delays[site][region].out,
                    .back = delays[site][region].back,
                    .transport = spec.transport,
                    .edge = edge,
                    .site = site,
                    .down = EventKind::probe_down,
                    .up = EventKind::probe_up});
    }
  }
}

void ControlPlane::start_health_checks() {
  for (const EdgeIndex edge : touched_edges()) {
    start_prober("health check/" + scenario_.service.edges[edge].name, platform_.control(),
                 {.spec = scenario_.service.names.check,
                  .phase = health_check_phase(scenario_, options_.replication, edge),
                  .edge = edge,
                  .down = EventKind::health_down,
                  .up = EventKind::health_up});
  }
}

/// Tells when a session cap is nearly used up, once until it has calmed down.
void ControlPlane::start_cap_watches() {
  for (std::uint16_t counter = 0; counter < plane_.cap_counters().size(); ++counter) {
    const CallPlane::CapCounter& cap = plane_.cap_counters()[counter];
    if (scenario_.service.caps[cap.cap].sessions.value_or(0) == 0) continue;
    start_actor("cap watch/" + std::to_string(counter), platform_.control(), [this, counter, limit = cap.sessions_max] {
      const auto attention = model_.attention_of(counter);
      const auto wait_for = [&](std::uint32_t level, bool rising) {
        const std::uint32_t sessions = plane_.cap_counters()[counter].sessions;
        if (rising ? sessions >= level : sessions <= level) return;
        plane_.watch({.counter = counter, .level = level, .rising = rising});
        attention->acquire();
      };
      for (;;) {
        wait_for(alarm_level(limit), true);
        const CallPlane::CapCounter& full = plane_.cap_counters()[counter];
        const bool of_edge = scenario_.service.caps[full.cap].scope == CapScope::edge;
        world_.apply({.at = clock_.now(),
                      .kind = EventKind::trigger,
                      .edge = of_edge ? static_cast<EdgeIndex>(full.entity) : no_edge,
                      .cap = full.cap,
                      .value = static_cast<double>(full.sessions)});
        wait_for(calm_level(limit), false);
      }
    });
  }
}

}  // namespace trunklab
