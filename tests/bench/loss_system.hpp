// The loss system that every program of the benchmark simulates, and how each of them counts, times and reports it.
#pragma once

#include <cstdint>
#include <ctime>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>

namespace trunklab::bench {

inline constexpr double offered_per_channel = 0.97;  ///< erlangs
inline constexpr double mean_holding_s = 180;

/// Poisson arrivals, exponential holding times, lost calls cleared. `calls` is even.
struct LossSystem {
  std::uint32_t channels = 0;
  std::uint64_t calls = 0;
  std::uint64_t seed = 0;

  [[nodiscard]] double offered() const { return offered_per_channel * channels; }
  [[nodiscard]] double calls_per_second() const { return offered() / mean_holding_s; }
};

/// From the arguments CHANNELS CALLS SEED.
inline LossSystem loss_system_from(char** arguments) {
  LossSystem system;
  for (int i = 1; i <= 3; ++i) {
    if (arguments[i] == nullptr) throw std::invalid_argument("expected CHANNELS CALLS SEED");
  }
  system.channels = static_cast<std::uint32_t>(std::stoul(arguments[1]));
  system.calls = std::stoull(arguments[2]) / 2 * 2;
  system.seed = std::stoull(arguments[3]);
  return system;
}

/// The luck of a baseline: what a C++ programmer reaches for first.
class StandardLuck {
 public:
  explicit StandardLuck(const LossSystem& system) : generator_(system.seed), mean_gap_s_(1 / system.calls_per_second()) {}

  double gap_s() { return exponential_(generator_) * mean_gap_s_; }
  double holding_s() { return exponential_(generator_) * mean_holding_s; }

  /// How many calls there are at any instant of the steady state: Poisson, cut off at the channels.
  std::uint32_t busy_at_start(const LossSystem& system) {
    std::poisson_distribution<std::uint32_t> unlimited(system.offered());
    for (;;) {
      const std::uint32_t busy = unlimited(generator_);
      if (busy <= system.channels) return busy;
    }
  }

 private:
  std::mt19937_64 generator_;
  std::exponential_distribution<double> exponential_;
  double mean_gap_s_;
};

/// What a program counted and timed: `timed_calls` were offered in `seconds` of processor time.
struct Outcome {
  std::uint64_t offered = 0;
  std::uint64_t blocked = 0;
  std::uint64_t timed_calls = 0;
  double seconds = 0;
};

/// One line for bench_tables.
inline void report(const std::string& program, const LossSystem& system, const Outcome& outcome) {
  std::cout << "loss " << program << ' ' << system.seed << ' ' << system.channels << ' ' << outcome.offered << ' ' << outcome.blocked << ' '
            << outcome.timed_calls << ' ' << outcome.seconds << '\n';
}

/// Processor time of this process: unlike the wall clock it does not count what others do on the same machine.
inline double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Counts a baseline's calls and takes the time of the second half.
class Ledger {
 public:
  explicit Ledger(const LossSystem& system) : system_(system), next_mark_(system.calls / 2) {}

  void offered(bool blocked) {
    blocked_ += blocked ? 1U : 0U;
    if (++offered_ == next_mark_) take_time();
  }
  [[nodiscard]] bool complete() const { return offered_ == system_.calls; }

  void report_as(const std::string& program) const {
    report(program, system_, {.offered = offered_, .blocked = blocked_, .timed_calls = system_.calls / 2, .seconds = ended_s_ - half_time_s_});
  }

 private:
  void take_time() {
    (complete() ? ended_s_ : half_time_s_) = processor_seconds();
    next_mark_ = system_.calls;
  }

  LossSystem system_;
  std::uint64_t next_mark_;
  std::uint64_t offered_ = 0;
  std::uint64_t blocked_ = 0;
  double half_time_s_ = 0;
  double ended_s_ = 0;
};

}  // namespace trunklab::bench
