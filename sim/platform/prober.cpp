// Probing, step by step.
#include "sim/platform/prober.hpp"

#include <algorithm>

namespace trunklab {

Prober::Prober(const Setting& setting, World& world, CallPlane& plane, const ControlClock& clock)
    : setting_(setting), world_(world), plane_(plane), clock_(clock), wake_(simgrid::s4u::Semaphore::create(0)), next_(run_start + setting.phase) {}

void Prober::operator()() {
  for (;;) {
    while (settled()) wake_->acquire();
    skip_settled_probes();
    for (; !settled(); next_ += interval()) judge(probe());
  }
}

bool Prober::good(std::uint16_t code) const {
  return setting_.spec.method == ProbeSpec::Method::tcp_connect ? code != 0 : setting_.spec.good(code);
}

bool Prober::settled() const {
  const World::Sight sight = world_.sight(setting_.edge, setting_.site, never);
  if (setting_.edge_may_be_busy || sight.loss > 0) return false;
  return good(sight.code) ? !marked_down_ && misses_ == 0 : marked_down_ && answers_ == 0;
}

void Prober::skip_settled_probes() {
  const Instant changed = world_.changed(setting_.edge, setting_.site);
  if (next_ + setting_.spec.timeout > changed) return;
  next_ += ((changed - next_ - setting_.spec.timeout) / interval() + 1) * interval();
}

bool Prober::probe() {
  const Instant sent = next_;
  const bool repeats = setting_.transport == Transport::udp && setting_.spec.method == ProbeSpec::Method::options;
  const std::size_t transmissions = repeats ? sip::other_sends.size() : 1;
  const std::uint64_t number = probes_++;
  for (std::size_t i = 0; i < transmissions; ++i) {
    const Instant passes = sent + sip::other_sends[i] + setting_.out;
    if (passes + setting_.back > sent + setting_.spec.timeout) break;
    clock_.sleep_until(passes);
    const World::Sight sight = world_.sight(setting_.edge, setting_.site, passes);
    if (sight.code == 0) continue;
    const auto words = setting_.luck.block(Purpose::attempt, number, static_cast<std::uint32_t>(i));
    if (sight.loss > 0 && (unit_interval(words[0]) < sight.loss || unit_interval(words[1]) < sight.loss)) continue;
    Instant served = passes;
    if (setting_.edge_may_be_busy) {
      const auto turn = plane_.serve(setting_.edge, std::max(passes, clock_.now()));
      if (!turn) continue;
      served = *turn;
    }
    if (served + setting_.back > sent + setting_.spec.timeout) break;
    clock_.sleep_until(served + setting_.back);
    return good(sight.code);
  }
  clock_.sleep_until(sent + setting_.spec.timeout);
  return false;
}

void Prober::judge(bool good) {
  misses_ = good ? 0 : std::min(misses_ + 1, setting_.spec.fail_after);
  answers_ = good ? std::min(answers_ + 1, setting_.spec.recover_after) : 0;
  const bool turns_down = !marked_down_ && misses_ == setting_.spec.fail_after;
  const bool turns_up = marked_down_ && answers_ == setting_.spec.recover_after;
  if (!turns_down && !turns_up) return;
  marked_down_ = turns_down;
  EventKind kind = turns_down ? EventKind::probe_down : EventKind::probe_up;
  if (!setting_.site) kind = turns_down ? EventKind::health_down : EventKind::health_up;
  world_.apply({.at = clock_.now(), .kind = kind, .edge = setting_.edge, .site = setting_.site.value_or(0)});
}

}  // namespace trunklab
