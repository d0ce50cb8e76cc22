// Rare faults made frequent: cycles of trouble, drawn so that they matter, each with the weight that makes up for it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/statistics/draws.hpp"
#include "sim/availability/structure.hpp"

namespace trunklab {

/// From the first fault, when all was well, until all is well again.
struct FaultCycle {
  std::vector<FaultSpec> faults{};  ///< explicit, at instants from run_start on: the first one there
  FaultSet there = 0;               ///< all faults that were there at some time
  FaultSet worst = 0;               ///< those that were there when most were
  Span length{};
  double weight = 1;      ///< likelihood ratio: the cycle's probability over that of drawing it
  double calls_down = 0;  ///< calls that sites without a way out are expected to be offered in it
};

/// Draws cycles of the random faults that `relevant` names. Times between faults, and repairs, must be exponential. The first fault is any of them
/// with at least half of a fair chance; while one is there the next thing to happen is another one, not a repair, with a chance of at least one half,
/// until a site has no way out. When it happens is left as it is, so that the weight depends on the order of things alone: had repairs been drawn
/// first, long ones would have had large weights. Weights lie between 0 and a small power of two, and average 1. Sources: failure biasing: E. E.
/// Lewis and F. Böhm, "Monte Carlo simulation of Markov unreliability models", Nuclear Engineering and Design 77 (1984) 49; balanced choice: P.
/// Shahabuddin, "Importance sampling for the simulation of highly reliable Markovian systems", Management Science 40 (1994) 333; regenerative
/// estimation: A. Goyal et al., IEEE Transactions on Computers 41 (1992) 36.
class CycleSource {
 public:
  struct Site {
    SiteStructure structure;
    double calls_per_s = 0;
  };
  /// At least one relevant fault. The scenario outlives this.
  CycleSource(const Scenario& scenario, FaultSet relevant, std::vector<Site> sites);
  [[nodiscard]] FaultCycle draw(Draws& draws) const;
  /// Mean time from the beginning of one cycle to that of the next one: 1 / (sum of fault rates * P(all is well)).
  [[nodiscard]] double mean_length_s() const { return mean_length_s_; }

 private:
  struct Component {
    std::size_t place;
    double per_s;          ///< faults a second while there is none
    double repairs_per_s;  ///< while there is one
  };
  [[nodiscard]] bool anybody_down(FaultSet faults) const;
  [[nodiscard]] std::size_t choose(const std::vector<std::size_t>& among, Draws& draws, double& weight) const;
  [[nodiscard]] std::size_t repaired(const std::vector<std::size_t>& among, Draws& draws) const;
  [[nodiscard]] double rate_of(const std::vector<std::size_t>& among, double Component::*which) const;

  const Scenario& scenario_;
  std::vector<Component> components_;
  std::vector<Site> sites_;
  double mean_length_s_ = 0;
};

}  // namespace trunklab
