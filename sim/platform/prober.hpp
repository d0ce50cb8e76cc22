// A watcher of one edge: OPTIONS probes of a site, or a name's health check. Sleeps while its answers are certain.
#pragma once

#include <simgrid/s4u.hpp>

#include <optional>

#include "models/hunting.hpp"
#include "models/sip_timers.hpp"
#include "sim/call_plane.hpp"
#include "sim/platform/control_clock.hpp"
#include "sim/world.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

/// Probes every so often, from `phase` on. A probe is good if one of its transmissions passes the edge, the answer counts as alive and is back
/// within the time-out. `fail_after` bad ones in a row mark the edge down, `recover_after` good ones in a row mark it up again.
class Prober {
 public:
  struct Setting {
    ProbeSpec spec;
    Span phase{};  ///< 0 <= phase < every
    Span out{};    ///< one-way delays to and from the edge
    Span back{};
    Transport transport = Transport::udp;
    EdgeIndex edge = no_edge;
    std::optional<std::uint16_t> site = std::nullopt;  ///< nullopt: a health check
    bool edge_may_be_busy = false;                     ///< probes wait for their turn there
    Luck luck;
  };
  Prober(const Setting& setting, World& world, CallPlane& plane, const ControlClock& clock);

  /// The actor's body.
  void operator()();
  /// To be released whenever the edge, or the way to it, changes.
  [[nodiscard]] const simgrid::s4u::SemaphorePtr& wake() const { return wake_; }

 private:
  /// No probe can change the verdict as long as everything stays as it is.
  [[nodiscard]] bool settled() const;
  /// Goes on to the first probe whose answer the last change can still decide.
  void skip_settled_probes();
  /// Sends one at next_; returns at the instant of the answer, or at that of the time-out (false).
  bool probe();
  void judge(bool good);
  [[nodiscard]] Span interval() const {
    return marked_down_ || misses_ > 0 ? setting_.spec.every_down.value_or(setting_.spec.every) : setting_.spec.every;
  }
  [[nodiscard]] bool good(std::uint16_t code) const;

  Setting setting_;
  World& world_;
  CallPlane& plane_;
  const ControlClock& clock_;
  simgrid::s4u::SemaphorePtr wake_;
  Instant next_;
  std::uint64_t probes_ = 0;
  bool marked_down_ = false;
  std::uint32_t misses_ = 0;
  std::uint32_t answers_ = 0;
};

}  // namespace trunklab
