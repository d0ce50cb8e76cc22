// What the tests of the formulas integrate and draw with: nothing of the code under test.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace trunklab {

/// Places in (-1, 1) and their weights, of the tanh-sinh rule.
struct Node {
  long double place;
  long double weight;
};
inline const std::vector<Node>& nodes() {
  static const std::vector<Node> all = [] {
    constexpr long double step = 1.0L / 24;
    const long double half_pi = std::acos(0.0L);
    std::vector<Node> made;
    for (int i = -90; i <= 90; ++i) {
      const long double u = half_pi * std::sinh(step * i);
      made.push_back({std::tanh(u), step * half_pi * std::cosh(step * i) / (std::cosh(u) * std::cosh(u))});
    }
    return made;
  }();
  return all;
}

/// Integral of f from low to high: copes with infinite slopes at the ends. About 1e-14 for smooth f.
template <class Function>
long double integral(long double low, long double high, const Function& f) {
  long double sum = 0;
  for (const Node& node : nodes()) sum += node.weight * f((low + high) / 2 + (high - low) / 2 * node.place);
  return sum * (high - low) / 2;
}

/// Luck of a test; seeds are 1, 2, 3, ...
class Inputs {
 public:
  explicit Inputs(std::uint64_t seed) : luck_(seed) {}
  double between(double low, double high) { return low + (high - low) * share_(luck_); }
  /// Even in its logarithm.
  double scale(double low, double high) { return std::exp(between(std::log(low), std::log(high))); }
  std::uint32_t whole(std::uint32_t low, std::uint32_t high) { return static_cast<std::uint32_t>(low + luck_() % (std::uint64_t{high} - low + 1)); }

 private:
  std::mt19937_64 luck_;
  std::uniform_real_distribution<double> share_{0, 1};
};

}  // namespace trunklab
