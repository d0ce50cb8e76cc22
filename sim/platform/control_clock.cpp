// Snapping SimGrid's clock to the grid.
#include "sim/platform/control_clock.hpp"

#include <simgrid/s4u.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace trunklab {

namespace {

Instant snapped(double seconds) {
  return run_start + std::chrono::microseconds{std::llround(seconds * 1e6)};
}

}  // namespace

ControlClock::ControlClock(Span horizon) : start_(simgrid::s4u::Engine::get_clock()) {
  constexpr double blurred = 0x1p32;  // a double has steps of half a microsecond from there on
  if (start_ + in_seconds(horizon) < blurred) return;
  throw std::runtime_error("this process has simulated 136 years in all, beyond which the clock loses microseconds: run fewer replications at once");
}

Instant ControlClock::after(double step) const {
  return snapped(simgrid::s4u::Engine::get_clock() + step - start_);
}

double ControlClock::until(Instant at) const {
  return std::max(0.0, in_seconds(at) - (simgrid::s4u::Engine::get_clock() - start_));
}

void ControlClock::on_moved(Instant woken_at) {
  now_ = woken_at != never ? woken_at : std::max(now_, after(0));
}

void ControlClock::sleep_until(Instant at) const {
  const Instant target = on_grid(at);
  if (target > now_) simgrid::s4u::this_actor::sleep_for(until(target));
}

}  // namespace trunklab
