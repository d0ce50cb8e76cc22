// Erlang B by its recursion, and Newton's method the other way round.
#include "models/loss_systems.hpp"

#include <cassert>
#include <cmath>

namespace trunklab {

Probability erlang_b(Erlangs offered, std::uint32_t channels) {
  const double a = offered.value();
  assert(a >= 0 && std::isfinite(a));
  double blocked = 1;
  for (std::uint32_t n = 1; n <= channels; ++n) blocked = a * blocked / (n + a * blocked);
  return Probability{blocked};
}

std::uint32_t channels_for(Erlangs offered, Probability blocking) {
  const double a = offered.value();
  assert(a >= 0 && std::isfinite(a) && blocking.value() > 0 && blocking.value() <= 1);
  double blocked = 1;
  std::uint32_t n = 0;
  while (blocked > blocking.value()) {
    ++n;
    blocked = a * blocked / (n + a * blocked);
  }
  return n;
}

Erlangs offered_for(std::uint32_t channels, Probability blocking) {
  const double target = blocking.value();
  assert(target > 0 && target < 1);
  if (channels == 0) return Erlangs{0};
  const double n = channels;
  // Carried traffic cannot exceed the channels: A (1 - B) < n.
  double low = 0;
  double high = n / (1 - target);
  double a = n * std::pow(target, 1 / n);
  for (int step = 0; step < 200 && high - low > 1e-12 * high; ++step) {
    const double b = erlang_b(Erlangs{a}, channels).value();
    (b > target ? high : low) = a;
    // In logarithms the curve is nearly straight even where B is tiny.
    const double slope = n / a - 1 + b;
    const double next = a * std::exp(std::log(target / b) / (slope * a));
    if (std::abs(next - a) <= 1e-14 * a) return Erlangs{next};
    a = next > low && next < high ? next : (low + high) / 2;
  }
  return Erlangs{a};
}

}  // namespace trunklab
