// Platform and actors. Each actor reads as what it does, in straight lines.
#include "sim/platform/control_plane.hpp"

#include <simgrid/Exception.hpp>

#include <algorithm>
#include <cmath>

#include "sim/fault_course.hpp"

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
  if (has(Role::fault_injector)) start_fault_injector();
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

/// Edges whose answers to probes, or the way to which, some fault of this run changes; the others never change, and nobody needs to watch
/// them. Edges that may be busy are always watched.
std::vector<EdgeIndex> ControlPlane::touched_edges() const {
  std::vector<bool> touched(scenario_.service.edges.size(), scenario_.service.capacity.has_value());
  const auto touch = [&](const FaultSpec& fault) {
    const bool path = fault.kind == FaultKind::path_down || fault.kind == FaultKind::path_loss;
    if (!path && fault.kind != FaultKind::crash && fault.kind != FaultKind::drain) return;
    if (path && fault.edges.empty()) touched.assign(touched.size(), true);
    for (const EdgeIndex edge : fault.edges) touched[edge] = true;
  };
  if (options_.with_faults) std::ranges::for_each(scenario_.faults, touch);
  std::ranges::for_each(scenario_.random_faults, touch);
  std::vector<EdgeIndex> edges;
  for (std::size_t edge = 0; edge < touched.size(); ++edge) {
    if (touched[edge]) edges.push_back(static_cast<EdgeIndex>(edge));
  }
  return edges;
}

/// Makes one change, and lets everybody know whom it concerns.
void ControlPlane::turn_fault(std::size_t index, bool begins) {
  world_.apply({.at = clock_.now(), .kind = begins ? EventKind::fault_began : EventKind::fault_ended, .value = static_cast<double>(index)});
  for (std::size_t edge = 0; edge < scenario_.service.edges.size(); ++edge) {
    sg4::Host* host = platform_.edge(static_cast<EdgeIndex>(edge));
    if (world_.silent(static_cast<EdgeIndex>(edge)) != host->is_on()) continue;
    host->is_on() ? host->turn_off() : host->turn_on();
  }
  const FaultSpec& fault = index < scenario_.faults.size() ? scenario_.faults[index] : scenario_.random_faults[index - scenario_.faults.size()];
  if (fault.kind == FaultKind::site_down && begins) {
    for (std::uint16_t site = 0; site < scenario_.sites.size(); ++site) {
      if (fault.sites.empty() || std::ranges::find(fault.sites, site) != fault.sites.end()) plane_.lose_site(site, clock_.now());
    }
  }
  if (fault.kind == FaultKind::media) {
    const std::uint16_t region = fault.regions.front();
    if (begins) plane_.lose_media(region, fault.address, fault.media, clock_.now());
    if (!begins && !world_.media_failed(region, fault.address)) plane_.regain_media(region, fault.address, clock_.now());
  }
  for (const auto& prober : probers_) prober->wake()->release();
}

void ControlPlane::start_fault_injector() {
  struct Turn {
    Instant at;
    bool begins;
    std::size_t fault;
  };
  std::vector<Turn> turns;
  const Instant end = run_start + scenario_.horizon.duration;
  for (std::size_t index = 0; options_.with_faults && index < scenario_.faults.size(); ++index) {
    const FaultSpec& fault = scenario_.faults[index];
    for (std::uint32_t time = 0; time < fault.times; ++time) {
      const Instant at = later(fault.at, fault.every * time);
      if (at >= end) break;
      turns.push_back({ControlClock::on_grid(at), true, index});
      const Instant repaired = fault.duration ? later(at, *fault.duration) : never;
      if (repaired < end) turns.push_back({ControlClock::on_grid(repaired), false, index});
    }
  }
  // Of two changes at one instant the repair comes first: an edge's next fault may begin where the last one ends.
  std::ranges::stable_sort(turns,
                           [](const Turn& left, const Turn& right) { return std::pair(left.at, left.begins) < std::pair(right.at, right.begins); });
  start_actor("fault injector", platform_.control(), [this, turns = std::move(turns)] {
    for (const Turn& turn : turns) {
      clock_.sleep_until(turn.at);
      turn_fault(turn.fault, turn.begins);
    }
  });
  for (std::size_t i = 0; i < scenario_.random_faults.size(); ++i) start_random_fault(i);
}

/// Up, down, up, down: each time as long as the fault's laws and the replication's luck say.
void ControlPlane::start_random_fault(std::size_t place) {
  start_actor("random fault/" + std::to_string(place), platform_.control(), [this, place] {
    FaultCourse course(scenario_, place, options_.replication);
    const std::size_t index = scenario_.faults.size() + place;
    const Instant end = run_start + scenario_.horizon.duration;
    for (;;) {
      const FaultCourse::Outage outage = course.next();
      if (outage.begins >= end) return;
      clock_.sleep_until(outage.begins);
      turn_fault(index, true);
      if (outage.ends >= end) return;
      clock_.sleep_until(outage.ends);
      turn_fault(index, false);
    }
  });
}

void ControlPlane::start_prober(const std::string& name, sg4::Host* host, const Prober::Setting& setting) {
  auto prober = std::make_shared<Prober>(setting, world_, plane_, clock_);
  probers_.push_back(prober);
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
      const std::string name = spec.name + "/" + scenario_.service.edges[edge].name;
      start_prober("prober/" + name, platform_.site(site),
                   {.spec = *spec.routing.hunting.probe,
                    .phase = probe_phase(scenario_, options_.replication, site, edge),
                    .out = delays[site][region].out,
                    .back = delays[site][region].back,
                    .transport = spec.transport,
                    .edge = edge,
                    .site = site,
                    .edge_may_be_busy = scenario_.service.capacity.has_value(),
                    .luck = Luck(scenario_.seed, "probe/" + name, options_.replication)});
    }
  }
}

void ControlPlane::start_health_checks() {
  for (const EdgeIndex edge : touched_edges()) {
    const std::string& name = scenario_.service.edges[edge].name;
    start_prober("health check/" + name, platform_.control(),
                 {.spec = scenario_.service.names.check,
                  .phase = health_check_phase(scenario_, options_.replication, edge),
                  .edge = edge,
                  .edge_may_be_busy = scenario_.service.capacity.has_value(),
                  .luck = Luck(scenario_.seed, "check/" + name, options_.replication)});
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
