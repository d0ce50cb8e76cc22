// A watcher of one edge: OPTIONS probes of a site, or a name's health check. Sleeps while its answers are certain.
#pragma once

#include <simgrid/s4u.hpp>

#include <vector>

#include "models/hunting.hpp"
#include "models/sip_timers.hpp"
#include "sim/platform/control_clock.hpp"
#include "sim/world.hpp"

namespace trunklab {

/// Probes at phase + n * every. A probe is answered if one of its transmissions passes the edge while it is not silent and the answer is
/// back within the time-out. `fail_after` misses in a row mark the edge down, `recover_after` answers in a row mark it up again.
class Prober {
 public:
  struct Setting {
    ProbeSpec spec;
    Span phase{};  ///< 0 <= phase < every
    Span out{};    ///< one-way delays to and from the edge
    Span back{};
    Transport transport = Transport::udp;
    EdgeIndex edge = no_edge;
    std::uint16_t site = 0;  ///< for the log
    EventKind down = EventKind::probe_down;
    EventKind up = EventKind::probe_up;
  };
  Prober(const Setting& setting, World& world, const ControlClock& clock);

  /// The actor's body.
  void operator()();
  /// To be released whenever the edge changes.
  [[nodiscard]] const simgrid::s4u::SemaphorePtr& wake() const { return wake_; }

 private:
  /// No probe can change the verdict as long as the edge stays as it is.
  [[nodiscard]] bool settled() const;
  /// The first probe whose answer the edge's last change can still decide.
  [[nodiscard]] Instant first_open_probe() const;
  /// Sends at `sent`; returns true at the instant of the answer, false at that of the time-out.
  bool probe(Instant sent) const;
  void judge(bool answered);

  Setting setting_;
  World& world_;
  const ControlClock& clock_;
  simgrid::s4u::SemaphorePtr wake_;
  bool marked_down_ = false;
  std::uint32_t misses_ = 0;
  std::uint32_t answers_ = 0;
};

}  // namespace trunklab
