// Are calls independent of each other, once it is known how many to expect? Gaps rescaled by the fitted rate tell.
#pragma once

#include <optional>
#include <span>

#include "traffic/cdr/hour_sample.hpp"
#include "traffic/cdr/week_profile.hpp"

namespace trunklab {

struct GapTest {
  std::size_t gaps = 0;
  double distance = 0;        ///< Kolmogorov-Smirnov D from the exponential law with mean 1
  std::optional<double> p{};  ///< by parametric bootstrap, rates fitted anew; nullopt above 10,000 gaps
  double variation = 0;       ///< standard deviation / mean; Poisson: 1, above: calls come in bunches
  bool dithered = false;      ///< whole seconds: instants were spread over their second
  double share_of_hours = 1;  ///< hours whose calls were looked at
};

/// If calls are a Poisson process of rate r(t), the integrals of r from call to call are independent and exponential with mean 1 (time
/// rescaling). r is the profile times the day's own factor, constant within a slot; in a burst the burst's own rate.
/// Source: L. Brown et al., "Statistical analysis of a telephone call center", JASA 100 (2005) 36, section 4.1. nullopt below 100 gaps.
std::optional<GapTest> test_gaps(const HourSample& arrivals, std::span<const LocalDay> days, const WeekProfile& profile, const TimeZone& zone,
                                 bool whole_seconds);

}  // namespace trunklab
