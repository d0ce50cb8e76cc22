// Probing, step by step.
#include "sim/platform/prober.hpp"

#include <algorithm>

namespace trunklab {

Prober::Prober(const Setting& setting, World& world, const ControlClock& clock)
    : setting_(setting), world_(world), clock_(clock), wake_(simgrid::s4u::Semaphore::create(0)) {}

void Prober::operator()() {
  for (;;) {
    while (settled()) wake_->acquire();
    for (Instant sent = first_open_probe(); !settled(); sent += setting_.spec.every) judge(probe(sent));
  }
}

bool Prober::settled() const {
  return world_.silent(setting_.edge) ? marked_down_ && answers_ == 0 : !marked_down_ && misses_ == 0;
}

Instant Prober::first_open_probe() const {
  const Instant changed = world_.changed(setting_.edge);
  const Instant first = run_start + setting_.phase;
  if (first + setting_.spec.timeout > changed) return first;
  return first + ((changed - first - setting_.spec.timeout) / setting_.spec.every + 1) * setting_.spec.every;
}

bool Prober::probe(Instant sent) const {
  const std::size_t transmissions = setting_.transport == Transport::udp ? sip::other_sends.size() : 1;
  for (std::size_t i = 0; i < transmissions; ++i) {
    const Instant passes = sent + sip::other_sends[i] + setting_.out;
    const Instant answer = passes + setting_.back;
    if (answer > sent + setting_.spec.timeout) break;
    clock_.sleep_until(passes);
    if (world_.silent_at(setting_.edge, passes)) continue;
    clock_.sleep_until(answer);
    return true;
  }
  clock_.sleep_until(sent + setting_.spec.timeout);
  return false;
}

void Prober::judge(bool answered) {
  misses_ = answered ? 0 : std::min(misses_ + 1, setting_.spec.fail_after);
  answers_ = answered ? std::min(answers_ + 1, setting_.spec.recover_after) : 0;
  const bool turns_down = !marked_down_ && misses_ == setting_.spec.fail_after;
  const bool turns_up = marked_down_ && answers_ == setting_.spec.recover_after;
  if (!turns_down && !turns_up) return;
  marked_down_ = turns_down;
  world_.apply({.at = clock_.now(), .kind = turns_down ? setting_.down : setting_.up, .edge = setting_.edge, .site = setting_.site});
}

}  // namespace trunklab
