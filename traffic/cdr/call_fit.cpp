// Puts the parts of a fit together.
#include "traffic/cdr/call_fit.hpp"

#include <cmath>

namespace trunklab {

CallFit fit_calls(const CallTallies& tallies, const FitWishes& wishes) {
  CallFit fit{.profile = fit_week(tallies.days, wishes.slots_a_day),
              .busy = busy_hours(tallies.days, wishes.fixed_hour),
              .trend = peak_trend(tallies.days),
              .holding = std::nullopt,
              .gaps = std::nullopt,
              .held_out = hold_out(tallies.days)};
  if (tallies.shape.columns.count) return fit;
  const double mean_s = tallies.holding.mean();
  const double cv = mean_s > 0 ? std::sqrt(tallies.holding.variance()) / mean_s : 0;
  fit.holding = fit_holding(tallies.holding_sample, mean_s, cv, tallies.whole_second_holdings);
  fit.gaps = test_gaps(tallies.arrivals, tallies.days, fit.profile, tallies.zone, tallies.whole_second_arrivals);
  return fit;
}

}  // namespace trunklab
