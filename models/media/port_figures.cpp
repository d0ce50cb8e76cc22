// Counting ports, Erlang B for them, and the race of a burst against an address that is still starting.
#include "models/media/port_figures.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "models/teletraffic/erlang_b.hpp"

namespace trunklab {

namespace {

bool knows_slots_only(PortAllocator allocator) {
  return allocator != PortAllocator::rtpengine && allocator != PortAllocator::lowest_first;
}

double held_s(Span holding, Span quarantine) {
  assert(holding > Span{0} && quarantine >= Span{0});
  return in_seconds(holding) + in_seconds(quarantine);
}

}  // namespace

std::uint32_t legs_of_address(const PortPlan& plan) {
  assert(plan.first > 0 && plan.first < plan.last && plan.addresses >= 1);
  const std::uint32_t even_first = plan.first + (plan.first & 1U);
  const std::uint32_t last = plan.last;
  if (knows_slots_only(plan.allocator)) return (last - even_first) / 2 + 1;
  return plan.need == PortNeed::single ? last - plan.first + 1 : (last - even_first + 1) / 2;
}

std::uint32_t calls_of_plan(const PortPlan& plan) {
  const std::uint64_t legs = legs_of_address(plan);
  std::uint64_t calls = legs / 2 * plan.addresses;
  if (plan.legs == MediaLegs::one) calls = legs * plan.addresses;
  // Two different addresses for each call: all ports can be used.
  if (plan.legs == MediaLegs::split && plan.addresses > 1) calls = legs * plan.addresses / 2;
  assert(calls <= std::numeric_limits<std::uint32_t>::max());
  return static_cast<std::uint32_t>(calls);
}

std::uint64_t ports_for_legs(std::uint64_t legs, PortNeed need, PortAllocator allocator) {
  return need == PortNeed::pair || knows_slots_only(allocator) ? 2 * legs : legs;
}

std::uint64_t legs_per_address(std::uint64_t calls, MediaLegs legs, std::uint32_t addresses) {
  assert(addresses >= 1);
  const auto evenly = [addresses](std::uint64_t things) { return (things + addresses - 1) / addresses; };
  switch (legs) {
    case MediaLegs::both: return 2 * evenly(calls);
    case MediaLegs::split: return evenly(2 * calls);
    case MediaLegs::one: break;
  }
  return evenly(calls);
}

std::uint32_t addresses_for(std::uint32_t calls, PortPlan plan) {
  plan.addresses = 1;
  const std::uint32_t of_one = calls_of_plan(plan);
  if (calls <= of_one) return 1;
  if (plan.legs == MediaLegs::split) {
    const std::uint64_t legs = legs_of_address(plan);
    return std::max(2U, static_cast<std::uint32_t>((2 * std::uint64_t{calls} + legs - 1) / legs));
  }
  assert(of_one > 0);
  return (calls + of_one - 1) / of_one;
}

CallsPerSecond rate_for(std::uint32_t calls, Probability blocking, Span holding, Span quarantine) {
  return CallsPerSecond{offered_for(calls, blocking).value() / held_s(holding, quarantine)};
}

Probability port_blocking(std::uint32_t calls, CallsPerSecond rate, Span holding, Span quarantine) {
  return erlang_b(Erlangs{rate.value() * held_s(holding, quarantine)}, calls);
}

std::uint32_t calls_for(CallsPerSecond rate, Span holding, Span quarantine, Probability blocking) {
  return channels_for(Erlangs{rate.value() * held_s(holding, quarantine)}, blocking);
}

double probes_of_filled_table(std::uint32_t in_use, std::uint32_t places) {
  assert(in_use < places);
  double sum = 0;
  double term = 1;
  for (std::uint32_t k = 0; k <= in_use && term > 0; ++k) {
    sum += (k + 1.0) * term;
    term *= static_cast<double>(in_use - k) / places;
  }
  return (1 + sum) / 2;
}

double probes_of_filled_table(double occupancy) {
  assert(occupancy >= 0 && occupancy < 1);
  return (1 + 1 / ((1 - occupancy) * (1 - occupancy))) / 2;
}

double probes_of_random_spread(std::uint32_t in_use, std::uint32_t places) {
  assert(in_use < places);
  return (places + 1.0) / (places - in_use + 1.0);
}

double probes_of_random_picks(double occupancy) {
  assert(occupancy >= 0 && occupancy < 1);
  return 1 / (1 - occupancy);
}

ProbeBounds probe_bounds(PortAllocator allocator, PortNeed need, std::uint32_t in_use, std::uint32_t places) {
  const double spread = probes_of_random_spread(in_use, places);
  const double picks = probes_of_random_picks(static_cast<double>(in_use) / places);
  switch (allocator) {
    case PortAllocator::rtpengine: return {.least = 1, .most = need == PortNeed::pair ? 2 : 1};
    case PortAllocator::rtpproxy: return {.least = picks, .most = picks};
    case PortAllocator::asterisk: return {.least = spread, .most = probes_of_filled_table(in_use, places)};
    case PortAllocator::freeswitch: return {.least = spread, .most = std::nullopt};
    case PortAllocator::lowest_first: break;
  }
  return {.least = 1, .most = in_use + 1.0};
}

ScaleOutEstimate scale_out_race(const ScaleOutRace& race) {
  const double capacity = race.calls;
  const double h = in_seconds(race.holding);
  const double start_up = in_seconds(race.start_up);
  const double n0 = race.calls_at_start;
  assert(capacity >= 1 && h > 0 && start_up >= 0 && n0 >= 0 && n0 <= capacity && race.rate.value() >= 0);
  assert(race.threshold.value() >= 0 && race.threshold.value() <= 1);
  const double target = race.rate.value() * h;
  const auto reached_s = [&](double level) -> std::optional<double> {
    if (n0 >= level) return 0.0;
    if (target <= level) return std::nullopt;
    return h * std::log((target - n0) / (target - level));
  };

  ScaleOutEstimate estimate;
  // At the very level of the threshold nothing is ordered; a moment later it is.
  const double level = race.threshold.value() * capacity;
  if (n0 > level || target > level) estimate.ordered_s = reached_s(level);
  // Full is harmless where no more come than leave.
  if (target > capacity) estimate.full_s = reached_s(capacity);
  if (estimate.ordered_s) estimate.ready_s = *estimate.ordered_s + start_up;
  if (!estimate.full_s) {
    estimate.threshold_to_try = 1;
    return estimate;
  }
  // A target above all capacity passes every threshold, so that an address is ordered.
  const double gap_s = *estimate.ready_s - *estimate.full_s;
  if (gap_s > 0) estimate.refused = (race.rate.value() - capacity / h) * gap_s;
  // n(full - start-up), by the closed form: the level to order at so that it is ready in the moment when all are full.
  const double latest = target - (target - capacity) * std::exp(start_up / h);
  if (*estimate.full_s >= start_up) estimate.threshold_to_try = std::clamp(latest / capacity, 0.0, 1.0);
  return estimate;
}

}  // namespace trunklab
