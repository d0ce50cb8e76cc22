// What overflows from full groups is burstier than Poisson traffic: its moments, and how large the next group has to be.
#pragma once

#include <cstdint>
#include <span>

#include "models/teletraffic/erlang_b.hpp"
#include "models/units.hpp"

namespace trunklab {

/// Traffic by the first two moments of the calls it would keep in progress on an infinite group.
struct TrafficMoments {
  Erlangs mean{0};
  double variance = 0;  ///< calls squared; equal to the mean for Poisson traffic

  /// Z = variance / mean: 1 for Poisson traffic, more for bursts. mean > 0.
  [[nodiscard]] double peakedness() const { return variance / mean.value(); }
};

/// What overflows from so many channels: Poisson offers, exponential holding. offered >= 0. With 0 channels the Poisson traffic itself.
/// Source: R. I. Wilkinson, "Theories for toll traffic engineering in the U.S.A.", Bell System Technical Journal 35 (1956) 421 (with an
/// appendix by J. Riordan): M = A B, V = M (1 - M + A / (n + 1 + M - A)).
TrafficMoments overflow(Erlangs offered, Channels channels);

/// Independent streams together: means and variances add.
TrafficMoments together(std::span<const TrafficMoments> streams);

/// A group that overflows like this traffic.
struct EquivalentGroup {
  Erlangs offered{0};
  Channels channels{0};
};

/// The group whose overflow has just these moments, to a relative 1e-9. mean > 0, peakedness >= 1 (smoother traffic overflows from no
/// group). Wilkinson's formulas give n = A (M + Z) / (M + Z - 1) - M - 1 for each A; the one with A B(A, n) = M is sought. Source: as overflow().
EquivalentGroup equivalent_group(const TrafficMoments& traffic);

/// The same in one step. Within some per cent for means above 1; for rare bursts (mean 0.2, Z = 4.5) its group overflows three times as much.
/// mean > 0, peakedness >= 1.
/// Source: Y. Rapp, "Planning of junction network in a multi-exchange area", Ericsson Technics 20 (1964) 77:
/// A = V + 3 Z (Z - 1), n as above.
EquivalentGroup rapp(const TrafficMoments& traffic);

/// Share of such traffic that is lost on so many channels, by the equivalent random theory: what overflows from the equivalent group and
/// these channels behind it, over the mean. mean > 0, peakedness >= 1. Exact for the overflow of a single group. Source: Wilkinson (1956).
Probability ert_blocking(const TrafficMoments& traffic, Channels channels);

/// The same after Hayward: Erlang B of A / Z on n / Z. Any peakedness > 0, so also smooth traffic. mean > 0.
/// Source: A. A. Fredericks, "Congestion in blocking systems: a simple approximation technique", Bell System Technical Journal 59 (1980) 805.
Probability hayward_blocking(const TrafficMoments& traffic, Channels channels);

/// The fewest channels, and the size, that lose no more of it after Hayward. 0 < blocking <= 1.
std::uint32_t hayward_channels_for(const TrafficMoments& traffic, Probability blocking);
Channels hayward_fractional_channels_for(const TrafficMoments& traffic, Probability blocking);

/// The mean traffic of this peakedness of which so many channels lose just so much, after Hayward. channels >= 0, 0 < blocking < 1.
Erlangs hayward_offered_for(Channels channels, double peakedness, Probability blocking);

}  // namespace trunklab
