// Random numbers for bootstraps: seeded, the same on every machine, apart from the luck that runs are made of.
#pragma once

#include <cstdint>

#include "models/media/split_mix.hpp"

namespace trunklab {

/// A stream of draws that its seed decides. Not for runs: those need a luck that belongs to calls.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : state_(split_mix(seed)) {}
  /// In (0, 1), never 0 or 1.
  double uniform() { return (static_cast<double>(next_luck(state_) >> 12U) + 0.5) * 0x1p-52; }
  /// 0 .. count - 1, each equally likely (to 2^-32). 1 <= count < 2^32.
  std::uint64_t below(std::uint64_t count) { return ((next_luck(state_) >> 32U) * count) >> 32U; }
  /// Standard normal.
  double normal();
  /// Exponential with mean 1.
  double exponential();
  /// Gamma with mean 1 and this variance; 1 if the variance is 0. 0 <= variance <= 100.
  double gamma_factor(double variance);
  /// Poisson with this mean. 0 <= mean < 1e15. Source: below 10 by multiplication; above by W. Hörmann, "The transformed rejection method for
  /// generating Poisson random variables", Insurance: Mathematics and Economics 12 (1993) 39 (PTRS).
  double poisson(double mean);

 private:
  std::uint64_t state_;
};

}  // namespace trunklab
