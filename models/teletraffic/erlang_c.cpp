// Erlang C from Erlang B, and its inverses.
#include <cassert>
#include <cmath>
#include <limits>

#include "models/teletraffic/root.hpp"
#include "models/teletraffic/waiting.hpp"

namespace trunklab {

namespace {

/// The least size above the traffic at which `excess`, falling with the size, is no more than 0.
template <class Excess>
Channels least_agents(Erlangs offered, const Excess& excess) {
  const double a = offered.value();
  double step = std::sqrt(a) + 1;
  while (excess(a + step) > 0) step *= 2;
  double low = step;
  do low /= 2;
  while (low > 1e-13 * a && excess(a + low) <= 0);
  if (excess(a + low) <= 0) return Channels{a + low};
  return Channels{a + root_between(low, step, [&](double above) { return excess(a + above); })};
}

/// The fewest whole agents above the traffic of which `enough` is true.
template <class Enough>
std::uint32_t least_whole_agents(Erlangs offered, const Enough& enough) {
  const auto from = static_cast<std::uint32_t>(std::floor(offered.value())) + 1;
  return least_that(from, std::numeric_limits<std::uint32_t>::max() - 1, enough).value();
}

/// The most traffic below the agents at which `excess`, rising with the traffic, is no more than 0.
template <class Excess>
Erlangs most_offered(Channels agents, const Excess& excess) {
  const double n = agents.value();
  double low = n / 2;
  while (low > 1e-300 && excess(low) > 0) low /= 2;
  const double high = n * (1 - std::numeric_limits<double>::epsilon());
  if (excess(high) <= 0) return Erlangs{high};
  return Erlangs{root_between(low, high, excess)};
}

void check(const ServiceLevel& promise) {
  assert(promise.within >= 0 && promise.share.value() > 0 && promise.share.value() < 1);
}

/// Positive where too many wait too long; in logarithms, which are smooth.
double broken_by(Erlangs offered, Channels agents, const ServiceLevel& promise) {
  const double n = agents.value();
  const double a = offered.value();
  if (a >= n) return -std::log1p(-promise.share.value());
  return std::log(erlang_c(offered, agents).value()) - (n - a) * promise.within - std::log1p(-promise.share.value());
}

}  // namespace

Probability erlang_c(Erlangs offered, Channels agents) {
  const double n = agents.value();
  const double a = offered.value();
  const double b = erlang_b(offered, agents).value();
  if (a >= n) return Probability{1};
  return Probability{n * b / (n - a + a * b)};
}

Probability erlang_c_wait_beyond(Erlangs offered, Channels agents, double wait) {
  assert(wait >= 0);
  if (offered >= Erlangs{agents.value()}) return Probability{1};
  return Probability{erlang_c(offered, agents).value() * std::exp(-(agents.value() - offered.value()) * wait)};
}

double erlang_c_mean_wait(Erlangs offered, Channels agents) {
  if (offered >= Erlangs{agents.value()}) return std::numeric_limits<double>::infinity();
  return erlang_c(offered, agents).value() / (agents.value() - offered.value());
}

double erlang_c_wait_of(Erlangs offered, Channels agents, Probability share) {
  assert(share.value() > 0 && share.value() < 1);
  if (offered >= Erlangs{agents.value()}) return std::numeric_limits<double>::infinity();
  const double excess = broken_by(offered, agents, {0, share});
  return std::max(0.0, excess) / (agents.value() - offered.value());
}

std::uint32_t agents_for(Erlangs offered, const ServiceLevel& promise) {
  check(promise);
  return least_whole_agents(offered, [&](std::uint32_t n) { return broken_by(offered, whole(n), promise) <= 0; });
}

Channels fractional_agents_for(Erlangs offered, const ServiceLevel& promise) {
  check(promise);
  return least_agents(offered, [&](double n) { return broken_by(offered, Channels{n}, promise); });
}

std::uint32_t agents_for_mean_wait(Erlangs offered, double mean_wait) {
  assert(mean_wait > 0);
  return least_whole_agents(offered, [&](std::uint32_t n) { return erlang_c_mean_wait(offered, whole(n)) <= mean_wait; });
}

Channels fractional_agents_for_mean_wait(Erlangs offered, double mean_wait) {
  assert(mean_wait > 0);
  return least_agents(offered, [&](double n) { return std::log(erlang_c_mean_wait(offered, Channels{n}) / mean_wait); });
}

Erlangs offered_for_service(Channels agents, const ServiceLevel& promise) {
  check(promise);
  assert(agents.value() > 0);
  return most_offered(agents, [&](double a) { return broken_by(Erlangs{a}, agents, promise); });
}

Erlangs offered_for_mean_wait(Channels agents, double mean_wait) {
  assert(agents.value() > 0 && mean_wait > 0);
  return most_offered(agents, [&](double a) { return std::log(erlang_c_mean_wait(Erlangs{a}, agents) / mean_wait); });
}

}  // namespace trunklab
