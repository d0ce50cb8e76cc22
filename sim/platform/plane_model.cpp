// The coupling of the two planes.
#include "sim/platform/plane_model.hpp"

#include <stdexcept>

namespace trunklab {

namespace {
constexpr std::uint32_t steps_without_progress_max = 100'000;
}

PlaneModel::PlaneModel(CallPlane& plane, ControlClock& clock)
    : Model("trunklab_calls"), plane_(plane), clock_(clock), end_of_run_(simgrid::s4u::Semaphore::create(0)) {}

simgrid::s4u::SemaphorePtr PlaneModel::attention_of(std::uint16_t counter) {
  auto& semaphore = attention_[counter];
  if (!semaphore) semaphore = simgrid::s4u::Semaphore::create(0);
  return semaphore;
}

void PlaneModel::fail(std::exception_ptr failure) {
  if (!failure_) failure_ = std::move(failure);
  end_of_run_->release();
}

double PlaneModel::next_occurring_event(double longest_step) {
  if (longest_step < 0 || failure_ || plane_.stopped()) return -1;
  try {
    woken_at_ = plane_.run_until(clock_.after(longest_step));
  } catch (...) {  // kept and thrown again by run_once: SimGrid's loop is no place to unwind through
    failure_ = std::current_exception();
    woken_at_ = plane_.now();
  }
  return woken_at_ ? clock_.until(*woken_at_) : -1;
}

void PlaneModel::update_actions_state(double /*now*/, double delta) {
  steps_without_progress_ = delta > 0 ? 0 : steps_without_progress_ + 1;
  if (steps_without_progress_ > steps_without_progress_max && !failure_) {
    failure_ = std::make_exception_ptr(std::logic_error("simulated time stands still at " + std::to_string(in_seconds(plane_.now())) + " s"));
  }
  clock_.on_moved(woken_at_.value_or(never));
  woken_at_.reset();
  if (failure_ || plane_.stopped()) end_of_run_->release();
  for (const std::uint16_t counter : plane_.take_fired()) attention_of(counter)->release();
}

}  // namespace trunklab
