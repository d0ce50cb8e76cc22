// Means over drawn lives.
#include "sim/planning/seizure.hpp"

#include <algorithm>

#include "traffic/demand/life.hpp"
#include "traffic/demand/timetable.hpp"

namespace trunklab {

Seizure seizure_of(const Scenario& scenario, const DemandSpec& demand, Span hunting) {
  constexpr std::uint64_t calls = 1 << 16;
  const Site& site = scenario.sites[demand.site];
  const std::uint16_t region = demand.direction == Direction::origination ? demand.region : site.routing.regions.front();
  const Span round_trip = site.rtt[region];
  const LifeLaws laws(demand, true);
  const Luck luck = demand_luck(scenario, demand, 0);
  Seizure sum;
  for (std::uint64_t index = 0; index < calls; ++index) {
    PlannedCall call;
    laws.draw(luck, Purpose::life, index, call);
    const Span waited = std::min(hunting, call.patience);
    const Span rings_at = std::min(waited + round_trip + call.post_dial, call.patience);
    const bool rings = call.answer == PstnAnswer::answered || call.answer == PstnAnswer::no_answer;
    const Span until = std::min(rings_at + call.ring, call.patience);
    sum.hunting_s += in_seconds(waited);
    sum.delay_s += in_seconds(rings_at - waited);
    if (rings) sum.ringing_s += in_seconds(until - rings_at);
    if (call.answer == PstnAnswer::answered && until < call.patience) sum.answered += 1;
  }
  const double share = 1.0 / static_cast<double>(calls);
  const double answered = sum.answered * share;
  return {.hunting_s = sum.hunting_s * share,
          .delay_s = sum.delay_s * share,
          .ringing_s = sum.ringing_s * share,
          .talk_s = answered * in_seconds(mean_of(demand.holding)),
          .answered = answered};
}

}  // namespace trunklab
