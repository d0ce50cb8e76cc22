// The edges of a call's set-up, each of which once went wrong: repeated refusals, Timer C, long tails, tokens of refused calls.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

TEST(SetUpLimits, ARefusalRepeatedPastTheRepairIsTheCalledSidesAnswerNotALostCall) {
  // The callee is busy at 12 s; the edge is silent from 11.9 s to 13.9 s; the 486 sent again after 3.5 s gets through.
  const auto rows = run(scenario_of(R"(
horizon: { duration: 100s }
warmup: 0s
sites:
  pbx: { routing: { target: addresses, regions: [euc1] } }
demand:
  d: { arrivals: { process: deterministic, every: 1000s, offset: 10s }, holding: 5s, post_dial_delay: 2s, answer: { busy: 100% } }
faults:
  - { at: 11900ms, for: 2s, edge: euc1/1, kind: crash }
)"))
                        .rows;
  ASSERT_EQ(rows.call_rows.size(), 1U);
  EXPECT_EQ(rows.call_rows[0].outcome, Outcome::busy);
  EXPECT_EQ(rows.call_rows[0].code, 486);
  EXPECT_EQ(rows.call_rows[0].ended, run_start + 15500ms);
}

TEST(SetUpLimits, TimerCCountsFromTheRinging) {
  const auto rows = run(scenario_of(R"(
horizon: { duration: 2000s }
warmup: 0s
sites:
  pbx: { routing: { target: addresses, regions: [euc1] } }
demand:
  long: { arrivals: { process: deterministic, every: 5000s, offset: 1s }, holding: 5s, post_dial_delay: 10s, ring_time: 175s, patience: 10min }
  endless: { arrivals: { process: deterministic, every: 5000s, offset: 2s }, holding: 5s, post_dial_delay: 10s, ring_time: 300s, patience: 10min }
)"))
                        .rows.by_id();
  EXPECT_EQ(rows.at({.demand = 0, .window = 0, .number = 0}).answered, run_start + 186s);
  const CallRecord& endless_ring = rows.at({.demand = 1, .window = 0, .number = 0});
  EXPECT_EQ(endless_ring.outcome, Outcome::no_answer);
  EXPECT_EQ(endless_ring.ended, run_start + 2s + 10s + 181s);
}

TEST(SetUpLimits, DrawsFromAVeryLongTailAreCut) {
  const auto rows = run(scenario_of(R"(
horizon: { duration: 20h }
sites:
  pbx: { routing: { target: addresses, regions: [euc1] } }
demand:
  d: { arrivals: { process: poisson, rate: 5/s }, holding: { distribution: lognormal, mean: 180s, cv: 20 } }
)"))
                        .rows;
  Span longest{};
  for (const CallRecord& call : rows.call_rows) {
    if (call.ended != never && call.answered != never) longest = std::max(longest, call.ended - call.answered);
  }
  EXPECT_LE(longest, longest_duration);
}

TEST(SetUpLimits, ACallThatOneCapRefusesTakesNoTokenOfAnother) {
  // One token every 100 s at the edge, one a second for the account, which another site's calls need each second.
  const auto rows = run(scenario_of(R"(
service: { preset: sinch, caps: [ { scope: account, cps: 1/s, burst: 1 }, { scope: source_address, cps: 0.01/s, burst: 1 } ] }
horizon: { duration: 90s }
warmup: 0s
sites:
  greedy: { routing: { target: single-address, edge: euc1/1 } }
  modest: { routing: { target: single-address, edge: euc1/2 } }
demand:
  g: { site: greedy, arrivals: { process: deterministic, every: 1s, offset: 500ms }, holding: 1s }
  m: { site: modest, arrivals: { process: deterministic, every: 1000s, offset: 60s }, holding: 1s }
)"))
                        .rows;
  const auto answered = [&](std::uint16_t demand) {
    return std::ranges::count_if(rows.call_rows,
                                 [&](const CallRecord& call) { return call.id.demand == demand && call.outcome == Outcome::answered; });
  };
  EXPECT_EQ(answered(0), 1);
  EXPECT_EQ(answered(1), 1);
}

TEST(SetUpLimits, TheLastSampleHoldsWhatCameAfterTheGridsLastInstant) {
  const auto rows = run(scenario_of(R"(
horizon: { duration: 90s }
series_every: 60s
warmup: 0s
sites:
  pbx: { routing: { target: addresses, regions: [euc1] } }
demand:
  d: { arrivals: { process: deterministic, every: 1s, offset: 500ms }, holding: 1s }
)"))
                        .rows;
  double offered = 0;
  for (const Sample& sample : rows.sample_rows) offered += sample.metric == Metric::offered ? sample.value : 0;
  EXPECT_EQ(offered, 90);
}

}  // namespace
}  // namespace trunklab
