// An edge with more to do than it can: what of the offered calls comes through, and why a plain limit helps. Shapes, as tests/oracles/congestion.py.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

/// A message takes 10 ms; INVITE, 200, ACK, BYE and what else a good call sends make a capacity of at most 25 calls/s. Answered calls per second
/// from 60 s to 180 s.
double goodput(double offered, const std::string& site, const std::string& caps, const std::string& faults = "") {
  const auto rows = run(scenario_of(fmt::format(R"(
horizon: {{ duration: 190s }}
warmup: 0s
service: {{ preset: sinch, capacity: {{ service_time: 10ms }}{} }}
sites: {{ pbx: {{ {}routing: {{ target: single-address, edge: euc1/1, probe: never, hold_down: never }} }} }}
demand: {{ d: {{ arrivals: {{ process: poisson, rate: {}/s }}, holding: {{ distribution: exponential, mean: 5s }}, caller_hangs_up: 100% }} }}
faults: [{}]
)",
                                                caps, site, offered, faults)))
                        .rows;
  double answered = 0;
  for (const CallRecord& call : rows.call_rows) answered += call.answered >= run_start + 60s && call.answered < run_start + 180s ? 1 : 0;
  return answered / 120;
}

TEST(Congestion, BeyondItsCapacityAnEdgeDoesNothingOfUseUnlessItRefusesEarly) {
  // A good call takes four messages of 10 ms, 25 calls/s; a refused one two, INVITE and ACK.
  EXPECT_NEAR(goodput(12.5, "", ""), 12.5, 1.5);
  EXPECT_NEAR(goodput(22, "", ""), 22, 2);
  for (const double offered : {33.0, 50.0, 75.0}) EXPECT_LT(goodput(offered, "", ""), 2.5) << offered;
  // 12 of 33 calls/s are let in: 4 * 12 + 2 * 21 = 90 messages/s.
  EXPECT_NEAR(goodput(33, "", ", caps: [{ scope: account, cps: 12/s, burst: 2 }]"), 12, 1);
}

TEST(Congestion, AnOverloadPassesAndLeavesNothingUnlessRepetitionsKeepItUp) {
  const std::string harsh = "{ at: 10s, for: 10s, edge: euc1/1, kind: overload, factor: 20 }";
  EXPECT_NEAR(goodput(12.5, "", "", "{ at: 10s, for: 5s, edge: euc1/1, kind: overload, factor: 4 }"), 12.5, 1.5);
  EXPECT_NEAR(goodput(12.5, "transport: tcp, ", "", harsh), 12.5, 1.5);
  EXPECT_LT(goodput(12.5, "", "", harsh), 2.5);  // INVITEs and BYEs of callers who have gone make three times the work
}

}  // namespace
}  // namespace trunklab
