// The platform (zones, hosts, links) of a scenario and the actors that live on it.
#pragma once

#include <simgrid/s4u.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/call_plane.hpp"
#include "sim/platform/control_clock.hpp"
#include "sim/platform/plane_model.hpp"
#include "sim/platform/prober.hpp"
#include "sim/run.hpp"
#include "sim/world.hpp"

namespace trunklab {

/// A zone per region with a host per edge, a zone with one host per site, and a link between each site and region with half the round-trip time.
class Platform {
 public:
  explicit Platform(const Scenario& scenario);
  [[nodiscard]] simgrid::s4u::Host* edge(EdgeIndex edge) const { return edges_[edge]; }
  [[nodiscard]] simgrid::s4u::Host* site(std::uint16_t site) const { return sites_[site]; }
  /// The host that nothing ever happens to.
  [[nodiscard]] simgrid::s4u::Host* control() const { return control_; }
  /// Delays between sites and regions as the routes have them, in whole nanoseconds. [site][region]
  [[nodiscard]] std::vector<std::vector<PathDelay>> delays() const;

 private:
  const Scenario& scenario_;
  std::vector<simgrid::s4u::Host*> edges_;
  std::vector<simgrid::s4u::Host*> sites_;
  simgrid::s4u::Host* control_ = nullptr;
};

/// Starts the actors. Everything but the horizon is a daemon: the run is over when the horizon is reached, or earlier if it must.
class ControlPlane {
 public:
  ControlPlane(const Scenario& scenario, const RunOptions& options, const Platform& platform, CallPlane& plane, World& world, PlaneModel& model,
               ControlClock& clock);
  void start();

 private:
  /// Starts an actor whose exceptions end the run instead of the process.
  void start_actor(const std::string& name, simgrid::s4u::Host* host, std::function<void()> body, bool daemon = true);
  [[nodiscard]] bool has(Role role) const;
  void start_horizon();
  void start_heartbeat();
  void start_fault_injector();
  void start_random_fault(std::size_t place);
  void turn_fault(std::size_t index, bool begins);
  void start_probers();
  void start_health_checks();
  void start_cap_watches();
  void start_prober(const std::string& name, simgrid::s4u::Host* host, const Prober::Setting& setting);
  [[nodiscard]] std::vector<EdgeIndex> touched_edges() const;

  const Scenario& scenario_;
  const RunOptions& options_;
  const Platform& platform_;
  CallPlane& plane_;
  World& world_;
  PlaneModel& model_;
  ControlClock& clock_;
  std::vector<std::shared_ptr<Prober>> probers_;
};

}  // namespace trunklab
