// What a site remembers of one target: failures, hold-down, the trial after it, the slow return.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "models/hunting.hpp"
#include "models/units.hpp"

namespace trunklab {

class TargetMemory {
 public:
  /// May calls go there at `now`? `u` in (0, 1) is the call's luck in a gradual return.
  [[nodiscard]] bool usable(const HoldDown& policy, Instant now, double u) const {
    if (now < held_until_ || (on_trial_ && trial_out_)) return false;
    if (on_trial_ || now >= later(held_until_, policy.return_over)) return true;
    return u * in_seconds(policy.return_over) < in_seconds(now - held_until_);
  }
  /// Nothing is remembered that could keep a call away, now or later.
  [[nodiscard]] bool clear(const HoldDown& policy, Instant now) const { return !on_trial_ && now >= later(held_until_, policy.return_over); }

  /// A call goes there. true: it is the trial.
  bool choose() {
    if (!on_trial_ || trial_out_) return false;
    trial_out_ = true;
    return true;
  }
  /// The trial's call ended without telling anything of the target.
  void trial_over() { trial_out_ = false; }

  /// An attempt failed by the target's fault; `jitter_u` in (0, 1) is the luck of this hold-down.
  void failed(const HoldDown& policy, Instant now, double jitter_u) {
    history_ = (history_ << 1U | 1U) & mask(policy);
    const bool trips = on_trial_ || static_cast<unsigned>(std::popcount(history_)) >= policy.trip;
    trial_out_ = false;
    if (trips) hold(policy, now, from_seconds(in_seconds(policy.span) * (1 - policy.jitter.value() * jitter_u)));
  }
  /// `trial`: by the call that tried first; one that was sent before the hold-down tells nothing new.
  void served(const HoldDown& policy, Instant now, bool trial) {
    history_ = history_ << 1U & mask(policy);
    if (!trial) return;
    held_until_ = now;  // the return begins
    on_trial_ = trial_out_ = false;
  }
  void hold(const HoldDown& policy, Instant now, Span span) {
    held_until_ = std::max(held_until_, later(now, span));
    history_ = 0;
    on_trial_ = policy.half_open;
    trial_out_ = false;
  }

 private:
  static std::uint32_t mask(const HoldDown& policy) { return policy.of >= 32 ? ~0U : (1U << policy.of) - 1U; }

  Instant held_until_ = Instant::min();
  std::uint32_t history_ = 0;  ///< of the last attempts, newest lowest; 1 = failed
  bool on_trial_ = false;
  bool trial_out_ = false;
};

}  // namespace trunklab
