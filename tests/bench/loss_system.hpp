// The loss system that every program of the benchmark simulates, and how each of them counts, times and reports it.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace trunklab::bench {

inline constexpr double offered_per_channel = 0.97;  ///< erlangs
inline constexpr double mean_holding_s = 180;

/// Batches of one run. Even, so that the second half begins with one of them.
inline constexpr std::size_t batches = 20;

/// Poisson arrivals, exponential holding times, lost calls cleared. `calls` is a multiple of `batches`.
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
  system.calls = std::stoull(arguments[2]) / batches * batches;
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

struct Batch {
  std::uint64_t blocked = 0;
  std::uint64_t offered = 0;
};

/// One line for bench_tables. `timed_calls` were offered in `seconds` of processor time.
inline void report(const std::string& program, const LossSystem& system, std::uint64_t timed_calls, double seconds,
                   const std::array<Batch, batches>& counted) {
  std::cout << "loss " << program << ' ' << system.seed << ' ' << system.channels << ' ' << system.calls << ' ' << timed_calls << ' ' << seconds;
  for (const Batch& batch : counted) std::cout << ' ' << batch.blocked << ' ' << batch.offered;
  std::cout << '\n';
}

/// Processor time of this process: unlike the wall clock it does not count what others do on the same machine.
inline double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Counts a baseline's calls and takes the time of the second half.
class Ledger {
 public:
  explicit Ledger(const LossSystem& system) : system_(system), batch_size_(system.calls / batches) {}

  void offered(bool blocked) {
    blocked_ += blocked ? 1U : 0U;
    if (++offered_ == batch_size_) close_batch();
  }
  [[nodiscard]] bool complete() const { return closed_ == batches; }

  void report_as(const std::string& program) const { report(program, system_, system_.calls / 2, ended_s_ - half_time_s_, counted_); }

 private:
  void close_batch() {
    counted_[closed_++] = {.blocked = blocked_, .offered = offered_};
    blocked_ = offered_ = 0;
    if (closed_ == batches / 2) half_time_s_ = processor_seconds();
    if (complete()) ended_s_ = processor_seconds();
  }

  LossSystem system_;
  std::uint64_t batch_size_;
  std::uint64_t offered_ = 0;
  std::uint64_t blocked_ = 0;
  std::size_t closed_ = 0;
  std::array<Batch, batches> counted_;
  double half_time_s_ = 0;
  double ended_s_ = 0;
};

}  // namespace trunklab::bench
