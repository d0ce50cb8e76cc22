// The call plane as one of SimGrid's resource models: SimGrid says how far time may go, the plane runs its calls up to there.
#pragma once

#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>

#include <exception>
#include <map>
#include <optional>

#include "sim/call_plane.hpp"
#include "sim/platform/control_clock.hpp"

namespace trunklab {

/// Coupled by the hook that SimGrid keeps for ns-3: a model that is not idempotent is asked last and told the longest step that everything
/// else allows. Nothing else changes the world within that step, so running all calls of it at once is exact.
class PlaneModel : public simgrid::kernel::resource::Model {
 public:
  PlaneModel(CallPlane& plane, ControlClock& clock);

  bool next_occurring_event_is_idempotent() override { return false; }
  double next_occurring_event(double longest_step) override;
  void update_actions_state(double now, double delta) override;

  /// Released when one of the cap counter's watches fires.
  simgrid::s4u::SemaphorePtr attention_of(std::uint16_t counter);
  /// Released when the run must end early: the user stops it, or something was thrown.
  [[nodiscard]] const simgrid::s4u::SemaphorePtr& end_of_run() const { return end_of_run_; }

  /// Keeps what was thrown, in the plane or in an actor, and ends the run.
  void fail(std::exception_ptr failure);
  [[nodiscard]] const std::exception_ptr& failure() const { return failure_; }

 private:
  CallPlane& plane_;
  ControlClock& clock_;
  std::optional<Instant> woken_at_;
  std::map<std::uint16_t, simgrid::s4u::SemaphorePtr> attention_;
  simgrid::s4u::SemaphorePtr end_of_run_;
  std::exception_ptr failure_;
  std::uint32_t steps_without_progress_ = 0;
};

}  // namespace trunklab
