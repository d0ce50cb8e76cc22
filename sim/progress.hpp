// How far a study is: runs of equal length, one after the other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

#include "scenarios/scenario.hpp"
#include "sim/run.hpp"

namespace trunklab {

/// Called now and then with the share of the work that is done (0..1) and the calls simulated so far.
using OnProgress = std::function<void(double share, std::uint64_t calls)>;

class Progress {
 public:
  /// `on_progress` may be empty, and outlives this. runs >= 1.
  Progress(const Scenario& scenario, const OnProgress& on_progress, std::size_t runs)
      : on_progress_(on_progress), horizon_s_(in_seconds(scenario.horizon.duration)), runs_(static_cast<double>(runs)) {}

  /// Before a run.
  void watch(RunOptions& run) {
    if (!on_progress_) return;
    run.heartbeat = std::max<Span>(std::chrono::seconds{1}, from_seconds(horizon_s_ / 200));
    run.on_heartbeat = [this](Instant now, std::uint64_t offered) { on_progress_((done_ + in_seconds(now) / horizon_s_) / runs_, calls_ + offered); };
  }
  void run_is_over(std::uint64_t offered) {
    ++done_;
    calls_ += offered;
    if (on_progress_) on_progress_(done_ / runs_, calls_);
  }

 private:
  const OnProgress& on_progress_;
  double horizon_s_;
  double runs_;
  double done_ = 0;
  std::uint64_t calls_ = 0;
};

}  // namespace trunklab
