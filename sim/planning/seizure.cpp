// Means over drawn lives.
#include "sim/planning/seizure.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "traffic/demand/life.hpp"
#include "traffic/demand/timetable.hpp"

namespace trunklab {

Span round_trip(const Scenario& scenario, const DemandSpec& demand) {
  const Site& site = scenario.sites[demand.site];
  return site.rtt[demand.direction == Direction::origination ? demand.region : site.routing.regions.front()];
}

namespace {

double share_of(const DemandSpec& demand, std::uint8_t destination) {
  return demand.destinations.empty() ? 1 : demand.destinations[destination].share.value();
}

double share_of(const LifeLaws& laws, std::uint8_t destination, PstnAnswer answer) {
  const auto shares = laws.answer_shares(destination);
  return std::ranges::find(shares, answer, &std::pair<PstnAnswer, double>::first)->second;
}

}  // namespace

Seizure seizure_of(const Scenario& scenario, const DemandSpec& demand, Span hunting) {
  constexpr std::uint64_t calls = 1 << 16;
  const Span there_and_back = round_trip(scenario, demand);
  const LifeLaws laws(demand, true);
  const Luck luck = demand_luck(scenario, demand, 0);
  // By what the called side does, at each destination: how often that is, is known exactly.
  struct Kind {
    double calls = 0;
    Seizure sum;
  };
  std::map<std::pair<std::uint8_t, PstnAnswer>, Kind> kinds;
  for (std::uint64_t index = 0; index < calls; ++index) {
    PlannedCall call;
    laws.draw(luck, Purpose::life, index, call);
    Kind& kind = kinds[{call.destination, call.answer}];
    Seizure& sum = kind.sum;
    const Span waited = std::min(hunting, call.patience);
    const Span rings_at = std::min(waited + there_and_back + call.post_dial, call.patience);
    const bool rings = call.answer == PstnAnswer::answered || call.answer == PstnAnswer::no_answer;
    const Span until = std::min(rings_at + call.ring, call.patience);
    ++kind.calls;
    sum.hunting_s += in_seconds(waited);
    sum.delay_s += in_seconds(rings_at - waited);
    if (rings) sum.ringing_s += in_seconds(until - rings_at);
    if (call.answer == PstnAnswer::answered && until < call.patience) sum.answered += 1;
  }
  Seizure mean;
  double shares = 0;
  for (const auto& [which, kind] : kinds) {
    const auto [destination, answer] = which;
    const double share = share_of(demand, destination) * share_of(laws, destination, answer);
    const double each = share / kind.calls;
    shares += share;
    mean.hunting_s += kind.sum.hunting_s * each;
    mean.delay_s += kind.sum.delay_s * each;
    mean.ringing_s += kind.sum.ringing_s * each;
    mean.answered += kind.sum.answered * each;
  }
  // What is too rare to have been drawn is left out.
  mean.hunting_s /= shares;
  mean.delay_s /= shares;
  mean.ringing_s /= shares;
  mean.answered /= shares;
  mean.talk_s = mean.answered * in_seconds(mean_of(demand.holding));
  return mean;
}

}  // namespace trunklab
