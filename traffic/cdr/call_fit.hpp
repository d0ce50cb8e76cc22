// Everything that is fitted to a call file, in one value: what `trunklab import` tells and writes.
#pragma once

#include <optional>

#include "traffic/cdr/busy_hour.hpp"
#include "traffic/cdr/call_tallies.hpp"
#include "traffic/cdr/gap_test.hpp"
#include "traffic/cdr/hold_out.hpp"
#include "traffic/cdr/holding_fit.hpp"
#include "traffic/cdr/week_profile.hpp"

namespace trunklab {

struct FitWishes {
  std::size_t slots_a_day = 24;           ///< 24 or 48
  std::optional<std::size_t> fixed_hour;  ///< the measurement hour, 0..23
};

struct CallFit {
  WeekProfile profile;
  std::optional<BusyHours> busy;
  std::optional<PeakTrend> trend;
  std::optional<HoldingFit> holding;  ///< nullopt: counts, or too few values
  std::optional<GapTest> gaps;        ///< nullopt: counts, or too few calls
  std::optional<HoldOut> held_out;    ///< nullopt: fewer than three weeks
};

CallFit fit_calls(const CallTallies& tallies, const FitWishes& wishes);

}  // namespace trunklab
