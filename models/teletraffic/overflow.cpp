// Wilkinson's moments, Rapp's equivalent group, Hayward's approximation.
#include "models/teletraffic/overflow.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/teletraffic/root.hpp"

namespace trunklab {

namespace {

void check(const TrafficMoments& traffic) {
  assert(traffic.mean.value() > 0 && std::isfinite(traffic.mean.value()) && traffic.variance > 0 && std::isfinite(traffic.variance));
}

struct Bursts {
  double mean;
  double peakedness;
};

/// Rounding may leave Poisson traffic just below 1.
Bursts bursts(const TrafficMoments& traffic) {
  check(traffic);
  const double z = traffic.peakedness();
  assert(z > 1 - 1e-6);
  return {traffic.mean.value(), std::max(1.0, z)};
}

}  // namespace

TrafficMoments overflow(Erlangs offered, Channels channels) {
  const double a = offered.value();
  const double mean = a * erlang_b(offered, channels).value();
  return {Erlangs{mean}, mean * (1 - mean + a / (channels.value() + 1 + mean - a))};
}

TrafficMoments together(std::span<const TrafficMoments> streams) {
  double mean = 0;
  double variance = 0;
  for (const TrafficMoments& each : streams) {
    mean += each.mean.value();
    variance += each.variance;
  }
  return {Erlangs{mean}, variance};
}

EquivalentGroup equivalent_group(const TrafficMoments& traffic) {
  const auto [mean, z] = bursts(traffic);
  const double m = mean;
  const auto channels = [&, z = z](double a) { return Channels{std::max(0.0, a * (m + z) / (m + z - 1) - m - 1)}; };
  const auto excess = [&](double a) { return std::log(a * erlang_b(Erlangs{a}, channels(a)).value() / m); };
  // Without channels everything would overflow, at least the mean; from there on the channels grow faster than the traffic.
  const double low = (m + 1) * (m + z - 1) / (m + z);
  double high = 2 * (m * z + 3 * z * (z - 1)) + 1;
  while (excess(high) > 0) high *= 2;
  const double offered = excess(low) <= 0 ? low : root_between(low, high, excess);
  return {Erlangs{offered}, channels(offered)};
}

EquivalentGroup rapp(const TrafficMoments& traffic) {
  const auto [mean, z] = bursts(traffic);
  const double offered = mean * z + 3 * z * (z - 1);
  return {Erlangs{offered}, Channels{std::max(0.0, offered * (mean + z) / (mean + z - 1) - mean - 1)}};
}

Probability ert_blocking(const TrafficMoments& traffic, Channels channels) {
  const EquivalentGroup group = equivalent_group(traffic);
  const Channels all{group.channels.value() + channels.value()};
  return Probability{std::min(1.0, group.offered.value() * erlang_b(group.offered, all).value() / traffic.mean.value())};
}

Probability hayward_blocking(const TrafficMoments& traffic, Channels channels) {
  check(traffic);
  const double z = traffic.peakedness();
  return erlang_b(Erlangs{traffic.mean.value() / z}, Channels{channels.value() / z});
}

Channels hayward_fractional_channels_for(const TrafficMoments& traffic, Probability blocking) {
  check(traffic);
  const double z = traffic.peakedness();
  return Channels{z * fractional_channels_for(Erlangs{traffic.mean.value() / z}, blocking).value()};
}

std::uint32_t hayward_channels_for(const TrafficMoments& traffic, Probability blocking) {
  const double size = hayward_fractional_channels_for(traffic, blocking).value();
  // A size that is whole but for rounding needs no further channel.
  const double below = std::floor(size);
  const bool is_whole = size - below < 1e-9 * std::max(1.0, size);
  return static_cast<std::uint32_t>(is_whole ? below : below + 1);
}

Erlangs hayward_offered_for(Channels channels, double peakedness, Probability blocking) {
  assert(peakedness > 0 && std::isfinite(peakedness));
  return Erlangs{peakedness * offered_for(Channels{channels.value() / peakedness}, blocking).value()};
}

}  // namespace trunklab
