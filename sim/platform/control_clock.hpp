// The control plane's view of time: instants of the run on a microsecond grid, whatever SimGrid's clock, a double that never goes back, says.
#pragma once

#include "models/units.hpp"

namespace trunklab {

/// The only reader of SimGrid's clock. One per run; made before the first actor starts.
class ControlClock {
 public:
  /// Throws std::runtime_error if SimGrid's clock, which goes on from run to run in a process, would grow so large within this horizon that
  /// a double no longer tells microseconds apart: then a replication would not be the same alone and after many others.
  explicit ControlClock(Span horizon);

  /// The run's present. Exact: the grid instant that SimGrid stands at, or the instant of the call event that woke the control plane.
  [[nodiscard]] Instant now() const { return now_; }
  /// The grid instant that SimGrid reaches after `step` seconds more.
  [[nodiscard]] Instant after(double step) const;
  /// Seconds from SimGrid's present to `at`; never negative.
  [[nodiscard]] double until(Instant at) const;
  /// SimGrid has moved. `woken_at`: by a call event, at that instant; never = by its own next event.
  void on_moved(Instant woken_at);

  /// Blocks the calling actor until `at`, rounded up to the grid. Returns at once if that is past.
  void sleep_until(Instant at) const;

  /// The next instant of the grid at or after `at`.
  static Instant on_grid(Instant at) { return std::chrono::ceil<std::chrono::microseconds>(at); }

 private:
  double start_;
  Instant now_ = run_start;
};

}  // namespace trunklab
