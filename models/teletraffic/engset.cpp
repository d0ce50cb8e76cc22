// Engset's recursion and its inverses.
#include "models/teletraffic/engset.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "models/teletraffic/root.hpp"

namespace trunklab {

namespace {

void check(const FiniteSources& who) {
  assert(who.idle_load.value() > 0 && std::isfinite(who.idle_load.value()));
}

double next_congestion(double before, double sources, std::uint32_t channel, double load) {
  const double up = (sources - channel + 1) * load * before;
  return up / (channel + up);
}

}  // namespace

Erlangs intended(const FiniteSources& who) {
  return Erlangs{who.sources * who.idle_load.value() / (1 + who.idle_load.value())};
}

Erlangs idle_load_of(Probability talking) {
  assert(talking.value() >= 0 && talking.value() < 1);
  return Erlangs{talking.value() / (1 - talking.value())};
}

Probability engset_time_congestion(const FiniteSources& who, std::uint32_t channels) {
  check(who);
  if (channels > who.sources) return Probability{0};
  double busy = 1;
  for (std::uint32_t n = 1; n <= channels; ++n) busy = next_congestion(busy, who.sources, n, who.idle_load.value());
  return Probability{busy};
}

Probability engset_call_congestion(const FiniteSources& who, std::uint32_t channels) {
  if (channels >= who.sources) return Probability{0};
  return engset_time_congestion({who.sources - 1, who.idle_load}, channels);
}

std::uint32_t engset_channels_for(const FiniteSources& who, Probability blocking) {
  check(who);
  assert(blocking.value() > 0 && blocking.value() <= 1);
  double busy = 1;
  std::uint32_t n = 0;
  while (busy > blocking.value() && n < who.sources) {
    ++n;
    busy = next_congestion(busy, who.sources - 1.0, n, who.idle_load.value());
  }
  return n;
}

std::optional<Erlangs> engset_idle_load_for(std::uint32_t sources, std::uint32_t channels, Probability blocking) {
  const double target = blocking.value();
  assert(channels >= 1 && target > 0 && target < 1);
  if (channels >= sources) return std::nullopt;
  const auto excess = [&](double log_a) {
    // A load too small to block a call in the machine's numbers blocks less than any target.
    const double blocked = engset_call_congestion({sources, Erlangs{std::exp(log_a)}}, channels).value();
    return std::log(std::max(blocked, std::numeric_limits<double>::min()) / target);
  };
  double high = 0;
  while (excess(high) < 0) high += 2;
  double low = high - 2;
  while (excess(low) > 0) low -= 2;
  return Erlangs{std::exp(root_between(low, high, excess))};
}

std::optional<std::uint32_t> engset_sources_for(Erlangs idle_load, std::uint32_t channels, Probability blocking) {
  assert(channels >= 1 && blocking.value() > 0 && blocking.value() < 1);
  constexpr std::uint32_t most = 4'000'000'000;
  const auto too_many = [&](std::uint32_t sources) { return engset_call_congestion({sources, idle_load}, channels) > blocking; };
  const auto first = least_that(channels, most, too_many);
  return first ? std::optional(*first - 1) : std::nullopt;
}

}  // namespace trunklab
