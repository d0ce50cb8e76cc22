// A name in front of a dead edge: calls meet silence until the last answer given before the health check noticed has expired.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "tests/sim/support.hpp"
#include "traffic/demand/timetable.hpp"

namespace trunklab {
namespace {

using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

std::string text(const char* cache) {
  return std::string(R"(
service: { preset: sinch, names: { ttl: 60s, check: { every: 10s, timeout: 3s, fail_after: 3 } } }
horizon: { duration: 2h }
sites:
  pbx: { routing: { target: fqdn, regions: [euc1], probe: never, hold_down: never, cache: )") +
         cache + R"( } }
demand:
  d: { arrivals: { process: poisson, rate: 30/min }, holding: 10s }
faults:
  - { at: 20min, for: 30min, edge: euc1/1, kind: crash }
)";
}

std::vector<Instant> offered(const Scenario& scenario, std::uint32_t replication) {
  std::vector<Instant> offered;
  auto timetable = Timetable::open(scenario, replication);
  for (; timetable.value().peek() != nullptr; timetable.value().pop()) offered.push_back(timetable.value().peek()->at);
  return offered;
}

TEST(Name, NewCallsToTheDeadEdgeEndExactlyWhenTheLastAnswerCachedBeforeDetectionExpires) {
  const Scenario scenario = scenario_of(text("ttl"));
  const Instant crash = run_start + 20min;
  const Instant repair = run_start + 50min;
  for (std::uint32_t replication = 0; replication < 50; ++replication) {
    // The check meets silence for the third time 20 s after the first, and waits 3 s for its answer.
    const Span every = 10s;
    const Span to_first_miss = every - (crash - run_start - health_check_phase(scenario, replication, 0)) % every;
    const Instant detected = crash + to_first_miss + 2 * every + 3s;
    const auto rows = run(scenario, {.replication = replication}).rows;
    const bool had_initial = std::ranges::any_of(rows.call_rows, [](const CallRecord& call) { return call.initial(); });
    // An answer is used for 60 s. The name is resolved again by the next attempt after that, be it a new call or one that gave up after 4 s.
    Instant expires = had_initial ? run_start + 60s : run_start;  // calls of the stationary start resolved at run_start
    const auto attempt_at = [&](Instant at) {
      if (at >= expires && at <= detected) expires = at + 60s;
    };
    std::deque<Instant> give_ups;
    for (const Instant at : offered(scenario, replication)) {
      for (; !give_ups.empty() && give_ups.front() <= at; give_ups.pop_front()) attempt_at(give_ups.front());
      attempt_at(at);
      if (at > crash && at < expires) give_ups.push_back(at + 4s);
    }
    for (const CallRecord& call : rows.call_rows) {
      if (call.initial() || call.offered <= crash || call.offered >= repair - 4s) continue;
      const bool meets_silence = call.offered < expires;
      const bool saved = meets_silence && call.offered + 4s >= expires;  // the new answer holds the other address
      ASSERT_EQ(call.outcome, meets_silence && !saved ? Outcome::failed : Outcome::answered) << replication << " at " << in_seconds(call.offered);
      ASSERT_EQ(call.attempts, saved ? 2 : 1);
      ASSERT_EQ(call.edge, meets_silence && !saved ? 0 : 1);
    }
  }
}

TEST(Name, ResolvedOnceAndForEverItNeverRecovers) {
  const Scenario scenario = scenario_of(text("forever"));
  for (const CallRecord& call : run(scenario).rows.call_rows) {
    if (call.initial() || call.offered <= run_start + 20min || call.offered >= run_start + 50min - 4s) continue;
    ASSERT_EQ(call.outcome, Outcome::failed);
  }
}

TEST(Name, AnAnswerWithAllAddressesLetsACallHuntWithinTheRegion) {
  const Scenario scenario = scenario_of(R"(
service: { preset: sinch, names: { answer: all } }
horizon: { duration: 10min }
sites:
  pbx: { routing: { target: fqdn, regions: [euc1], probe: never, hold_down: never } }
demand:
  d: { arrivals: { process: poisson, rate: 30/min }, holding: 10s }
faults:
  - { at: 5min, edge: euc1/1, kind: crash }
)");
  for (const CallRecord& call : run(scenario).rows.call_rows) EXPECT_EQ(call.outcome, Outcome::answered);
}

}  // namespace
}  // namespace trunklab
