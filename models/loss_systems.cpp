// Erlang B by its recursion, and Newton's method the other way round; Kaufman and Roberts for calls of several sizes.
#include "models/loss_systems.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>

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

std::vector<Probability> kaufman_roberts(std::uint32_t channels, std::span<const CallClass> classes) {
  constexpr double large = 1e250;
  std::vector<double> q(std::size_t{channels} + 1);
  q[0] = 1;
  for (std::size_t j = 1; j <= channels; ++j) {
    for (const CallClass& each : classes) {
      assert(each.offered.value() >= 0 && std::isfinite(each.offered.value()) && each.channels >= 1);
      if (each.channels <= j) q[j] += each.offered.value() * each.channels * q[j - each.channels];
    }
    q[j] /= static_cast<double>(j);
    // Only proportions count; those of long ago may vanish.
    if (q[j] > large) {
      for (std::size_t i = 0; i <= j; ++i) q[i] /= large;
    }
  }
  const double total = std::accumulate(q.begin(), q.end(), 0.0);
  std::vector<Probability> blocked;
  for (const CallClass& each : classes) {
    const auto last = std::min(q.size(), std::size_t{each.channels});
    blocked.emplace_back(std::accumulate(q.end() - static_cast<std::ptrdiff_t>(last), q.end(), 0.0) / total);
  }
  return blocked;
}

}  // namespace trunklab
