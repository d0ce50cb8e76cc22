// Roots of monotone functions: what every inverse of a formula here is found with.
#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace trunklab {

/// Where `f` crosses zero between two points at which its signs differ (or it is zero), to a relative 4e-16 of x where f is that smooth.
/// Source: T. R. Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function", Advances in
/// Engineering Software 28 (1997) 145: interpolation where that is safe, else halves.
template <class Function>
double root_between(double low, double high, const Function& f) {
  double a = low;
  double b = high;
  double at_a = f(a);
  double at_b = f(b);
  assert(!(at_a > 0 && at_b > 0) && !(at_a < 0 && at_b < 0));
  double share = 0.5;
  for (int step = 0; step < 300; ++step) {
    const double x = a + share * (b - a);
    const double at_x = f(x);
    double c = a;
    double at_c = at_a;
    if ((at_x > 0) != (at_a > 0)) {
      c = std::exchange(b, a);
      at_c = std::exchange(at_b, at_a);
    }
    a = x;
    at_a = at_x;
    const double best = std::abs(at_a) < std::abs(at_b) ? a : b;
    const double least = 2 * std::numeric_limits<double>::epsilon() * std::abs(best) / std::abs(b - a);
    if (at_a == 0 || at_b == 0 || !(least <= 0.5)) return best;
    const double xi = (a - b) / (c - b);
    const double phi = (at_a - at_b) / (at_c - at_b);
    const bool safe = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi;
    share = safe ? at_a / (at_b - at_a) * at_c / (at_b - at_c) + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b) : 0.5;
    share = std::min(1 - least, std::max(least, share));
  }
  return a;
}

/// The least number from `from` on of which `holds` is true, if it stays true from there. Doubles the stride, then halves: a few dozen
/// questions. nullopt: of none up to `most`.
template <class Predicate>
std::optional<std::uint32_t> least_that(std::uint32_t from, std::uint32_t most, const Predicate& holds) {
  std::uint64_t low = from;
  std::uint64_t probe = from;
  for (std::uint64_t stride = 1; !holds(static_cast<std::uint32_t>(probe)); stride *= 2) {
    if (probe >= most) return std::nullopt;
    low = probe + 1;
    probe = std::min<std::uint64_t>(most, probe + stride);
  }
  std::uint64_t high = probe;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (holds(static_cast<std::uint32_t>(middle))) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return static_cast<std::uint32_t>(low);
}

}  // namespace trunklab
