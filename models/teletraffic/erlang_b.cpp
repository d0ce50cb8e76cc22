// Erlang B by its recursion; of fractional sizes from an incomplete gamma function; inverses by Newton's method and by brackets.
#include "models/teletraffic/erlang_b.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "models/teletraffic/root.hpp"

namespace trunklab {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

/// e^a a^(1-s) Gamma(s, a) for 1 <= s < 2 and a > 2: Legendre's continued fraction by Lentz's method.
double scaled_upper_gamma(double s, double a) {
  double b = a + 1 - s;
  double c = std::numeric_limits<double>::infinity();
  double d = 1 / b;
  double value = d;
  for (int i = 1; i < 500; ++i) {
    const double numerator = -i * (i - s);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    value *= c * d;
    if (std::abs(c * d - 1) < epsilon) break;
  }
  return value * a;
}

/// 1/B(a, x) for 0 <= x < 1.
double inverse_b_of_fraction(double a, double x) {
  if (x == 0) return 1;
  const double s = x + 1;
  if (a > 2) return scaled_upper_gamma(s, a);
  // Gamma(s, a) = Gamma(s) - gamma(s, a): of like size, so that little cancels.
  double term = 1 / s;
  double sum = term;
  for (int k = 1; term > epsilon / 4 * sum; ++k) {
    term *= a / (s + k);
    sum += term;
  }
  return std::exp(a) * std::pow(a, -x) * std::tgamma(s) - a * sum;
}

/// 1/B = 1 + x/A (1 + (x-1)/A (1 + ...)): stops where the rest, bounded by a geometric series, no longer counts.
double inverse_b(double a, double x) {
  double sum = 0;
  double term = 1;
  for (double left = x;; left -= 1) {
    if (left < 1) return sum + term * inverse_b_of_fraction(a, left);
    sum += term;
    term *= left / a;
    if (std::isinf(term)) return term;
    if (left < a && term * a < epsilon / 4 * sum * (a - left)) return sum;
  }
}

}  // namespace

Probability erlang_b(Erlangs offered, std::uint32_t channels) {
  const double a = offered.value();
  assert(a >= 0 && std::isfinite(a));
  constexpr std::uint32_t many = 1'000'000;
  if (channels > many) return erlang_b(offered, whole(channels));
  double blocked = 1;
  for (std::uint32_t n = 1; n <= channels; ++n) blocked = a * blocked / (n + a * blocked);
  return Probability{blocked};
}

Probability erlang_b(Erlangs offered, Channels channels) {
  const double a = offered.value();
  const double x = channels.value();
  assert(a >= 0 && std::isfinite(a) && x >= 0 && std::isfinite(x));
  if (a == 0) return Probability{x == 0 ? 1.0 : 0.0};
  return Probability{1 / inverse_b(a, x)};
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

Channels fractional_channels_for(Erlangs offered, Probability blocking) {
  const double target = blocking.value();
  assert(offered.value() > 0);
  const std::uint32_t enough = channels_for(offered, blocking);
  if (enough == 0) return Channels{0};
  const auto excess = [&](double x) { return std::log(erlang_b(offered, Channels{x}).value() / target); };
  // The whole size comes from another sum: its rounding may leave the crossing a hair outside.
  const double low = enough - 1.0;
  const double high = excess(enough) <= 0 ? enough : enough + 1e-6;
  return Channels{excess(low) <= 0 ? low : root_between(low, high, excess)};
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

Erlangs offered_for(Channels channels, Probability blocking) {
  const double target = blocking.value();
  const double x = channels.value();
  assert(target > 0 && target < 1 && x >= 0);
  if (x == 0) return Erlangs{0};
  const auto excess = [&](double log_a) { return std::log(erlang_b(Erlangs{std::exp(log_a)}, channels).value() / target); };
  // Carried traffic is below the size; and B > target once A is large.
  double high = std::log(x / (1 - target)) + 1e-9;
  while (excess(high) < 0) high += 1;
  double low = high - 1;
  while (excess(low) > 0 && low > -700) low -= 2 * (high - low);
  if (excess(low) > 0) return Erlangs{0};
  return Erlangs{std::exp(root_between(low, high, excess))};
}

WithRedials extended_erlang_b(Erlangs fresh, Channels channels, Probability recall) {
  const double a = fresh.value();
  const double r = recall.value();
  assert(a >= 0 && std::isfinite(a) && r >= 0 && r < 1);
  const auto blocked = [&](double e) { return erlang_b(Erlangs{e}, channels).value(); };
  if (a == 0 || r == 0) return {fresh, Probability{blocked(a)}};
  const auto excess = [&](double e) { return e * (1 - r * blocked(e)) - a; };
  const double e = root_between(a, a / (1 - r) * (1 + 1e-12), excess);
  return {Erlangs{e}, Probability{blocked(e)}};
}

Erlangs extended_offered_for(Channels channels, Probability blocking, Probability recall) {
  assert(recall.value() >= 0 && recall.value() < 1);
  return Erlangs{offered_for(channels, blocking).value() * (1 - recall.value() * blocking.value())};
}

namespace {

/// At the sought size attempts are blocked just so often, which tells what they add up to.
Erlangs all_attempts(Erlangs fresh, Probability blocking, Probability recall) {
  assert(fresh.value() > 0 && recall.value() >= 0 && recall.value() < 1 && blocking.value() < 1);
  return Erlangs{fresh.value() / (1 - recall.value() * blocking.value())};
}

}  // namespace

std::uint32_t extended_channels_for(Erlangs fresh, Probability blocking, Probability recall) {
  return channels_for(all_attempts(fresh, blocking, recall), blocking);
}

Channels extended_fractional_channels_for(Erlangs fresh, Probability blocking, Probability recall) {
  return fractional_channels_for(all_attempts(fresh, blocking, recall), blocking);
}

std::optional<Probability> recall_for(Erlangs fresh, Channels channels, Probability blocking) {
  assert(fresh.value() > 0);
  const double all = offered_for(channels, blocking).value();
  const double recall = (1 - fresh.value() / all) / blocking.value();
  // No redials at all leave a rounding error of either sign.
  if (!(recall > -1e-9 && recall < 1)) return std::nullopt;
  return Probability{std::max(0.0, recall)};
}

}  // namespace trunklab
