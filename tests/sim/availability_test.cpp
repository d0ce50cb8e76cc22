// Nines on paper against figures from elsewhere, cycles of trouble against the paper, calls against both.
#include "sim/availability/study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scenarios/reader.hpp"
#include "sim/availability/cycles.hpp"
#include "sim/availability/served.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;

Scenario scenario_of(const std::string& faults, const std::string& routing = "target: addresses, regions: [euc1]") {
  const std::string text = "horizon: { duration: 30d }\nseed: 3\nsites:\n  pbx: { routing: { " + routing +
                           ", probe: never, hold_down: never, no_response: 100ms } }\ndemand:\n"
                           "  d: { arrivals: { process: poisson, rate: 6/min }, holding: { distribution: exponential, mean: 20s } }\nfaults:\n" +
                           faults;
  auto read = parse_scenario(text, "two.yaml");
  if (!read) throw std::runtime_error(read.problems().front().text());
  return std::move(read).value();
}

std::string crash(const std::string& edge, const std::string& mtbf, const std::string& mttr) {
  return "  - { edge: " + edge + ", kind: crash, random: { mtbf: " + mtbf + ", mttr: " + mttr + " } }\n";
}

Unavailability chain_of(const Scenario& scenario) {
  return chain_availability(scenario).value().front().chain;
}

// tests/oracles/two_edges.py: each edge fails after 2 h and is repaired in 20 min on average: both are down for 1/49 of the time, 1072.653 times a
// year, for 10 min.
TEST(Chain, AgreesWithTheReference) {
  const Unavailability found = chain_of(scenario_of(crash("euc1/1", "2h", "20min") + crash("euc1/2", "2h", "20min")));
  EXPECT_NEAR(found.down.value(), 1 / 49.0, 1e-15);
  EXPECT_NEAR(found.outages_per_year, 1072.653061224490, 1e-9);
  EXPECT_NEAR(in_seconds(found.mean_outage), 600, 1e-6);
}

TEST(Chain, KnowsSeriesParallelAndCommonFaults) {
  const std::string both = crash("euc1/1", "99h", "1h") + crash("euc1/2", "49h", "1h");  // 0.01 and 0.02
  EXPECT_NEAR(chain_of(scenario_of(both)).down.value(), 0.01 * 0.02, 1e-16);
  const std::string site = "  - { site: pbx, kind: site, random: { mtbf: 999h, mttr: 1h } }\n";
  EXPECT_NEAR(chain_of(scenario_of(both + site)).down.value(), 1 - (1 - 0.0002) * (1 - 0.001), 1e-15);
  const std::string path = "  - { edge: euc1/1, kind: path-down, random: { mtbf: 99h, mttr: 1h } }\n";
  EXPECT_NEAR(chain_of(scenario_of(both + path)).down.value(), (1 - 0.99 * 0.99) * 0.02, 1e-15) << "either takes the first edge away";
  const std::string four = both + crash("use1/1", "9h", "1h") + crash("use1/2", "9h", "1h");
  EXPECT_NEAR(chain_of(scenario_of(four, "target: addresses, regions: [euc1, use1]")).down.value(), 0.0002 * 0.01, 1e-18);
  EXPECT_NEAR(chain_of(scenario_of(four)).down.value(), 0.0002, 1e-16) << "nobody calls use1";
  EXPECT_EQ(chain_of(scenario_of(crash("euc1/1", "9h", "1h"))).down.value(), 0) << "the other edge never fails";
}

/// Calls from Sinch come from another region than those to it: a site is down when either have no way left.
TEST(Chain, LooksAtBothDirections) {
  Scenario scenario =
      scenario_of(crash("euc1/1", "99h", "1h") + crash("euc1/2", "99h", "1h") + crash("use1/1", "9h", "1h") + crash("use1/2", "9h", "1h"));
  DemandSpec inbound = scenario.demands.front();
  inbound.direction = Direction::origination;
  inbound.region = scenario.service.region_of_edge.at(scenario.random_faults.back().edges.front());
  scenario.demands.push_back(inbound);
  EXPECT_NEAR(chain_of(scenario).down.value(), 1 - (1 - 1e-4) * (1 - 1e-2), 1e-15);
}

CallRecord attempt(std::uint32_t caller, std::uint8_t redial, Outcome outcome) {
  CallRecord call;
  call.id = {.demand = 0, .redial = redial, .window = 1, .number = caller};
  call.offered = run_start + std::chrono::seconds{10};
  call.outcome = outcome;
  return call;
}

TEST(ServedCount, JudgesCallersByTheirLastTryInAnyOrder) {
  Scenario scenario = scenario_of(crash("euc1/1", "99h", "1h"));
  scenario.demands[0].redial = RedialSpec{.probability = Probability{0.9}};
  std::vector<CallRecord> calls{attempt(1, 0, Outcome::failed),   attempt(1, 1, Outcome::failed),   attempt(1, 2, Outcome::failed),
                                attempt(2, 0, Outcome::blocked),  attempt(2, 1, Outcome::answered), attempt(3, 0, Outcome::busy),
                                attempt(3, 1, Outcome::failed),   attempt(4, 0, Outcome::failed),   attempt(4, 1, Outcome::busy),
                                attempt(5, 0, Outcome::answered), attempt(6, 0, Outcome::abandoned)};
  for (const bool reversed : {false, true}) {
    if (reversed) std::ranges::reverse(calls);
    ServedCount served(scenario, run_start);
    for (const CallRecord& call : calls) served.calls({&call, 1});
    EXPECT_EQ(served.of(0).callers, 6);
    EXPECT_EQ(served.of(0).not_served, 3) << "the callers 1, 3 and 6";
  }
}

/// Weighted cycles say what the chain says, however rare: any three of four edges together have 1e-9, with rates that differ a thousand times.
TEST(Cycles, HaveTheChainsUnavailability) {
  const Scenario scenario =
      scenario_of(crash("euc1/1", "999h", "1h") + crash("euc1/2", "99h", "1h") + crash("use1/1", "9999h", "1h") + crash("use1/2", "9h", "1h"),
                  "target: addresses, regions: [euc1, use1]");
  const SiteStructure structure(scenario, 0);
  const CycleSource source(scenario, structure.relevant(), {{structure, 1}});
  const double expected = chain_of(scenario).down.value();
  ASSERT_NEAR(expected, 1e-10, 1e-13);
  Draws draws(1);
  Moments weights;
  Moments lost;
  for (int i = 0; i < 200'000; ++i) {
    const FaultCycle cycle = source.draw(draws);
    weights.add(cycle.weight);
    lost.add(cycle.weight * cycle.calls_down);
    ASSERT_GT(cycle.weight, 0);
    ASSERT_EQ(cycle.faults.front().at, run_start);
  }
  const auto error = [](const Moments& moments) { return std::sqrt(moments.variance() / static_cast<double>(moments.count())); };
  EXPECT_NEAR(weights.mean(), 1, 4 * error(weights));
  EXPECT_NEAR(lost.mean() / source.mean_length_s(), expected, 4 * error(lost) / source.mean_length_s());
  EXPECT_LT(error(lost), 0.25 * lost.mean()) << "precise enough to mean something";
}

// P(all is well) is 0.5 * 2/3; the first fault comes after 1 / (1/h + 0.5/h) = 40 min on average, so a cycle takes 2 h.
TEST(Cycles, TakeAsLongAsRenewalTheorySays) {
  const Scenario scenario = scenario_of(crash("euc1/1", "1h", "1h") + crash("euc1/2", "2h", "1h"));
  const SiteStructure structure(scenario, 0);
  const CycleSource source(scenario, structure.relevant(), {{structure, 1}});
  EXPECT_NEAR(source.mean_length_s(), 7200, 1e-6);
  Draws draws(2);
  Moments trouble;
  for (int i = 0; i < 200'000; ++i) {
    const FaultCycle cycle = source.draw(draws);
    trouble.add(cycle.weight * in_seconds(cycle.length));
  }
  EXPECT_NEAR(trouble.mean() + 2400, 7200, 4 * std::sqrt(trouble.variance() / 200'000));
}

struct Case {
  const char* name;
  std::string faults;
  double expected;
};

/// Where calls move on at once the share of calls that are not served is the chain's: two edges at 1e-4, and a fault of both at once that comes once
/// in some hundred years, beside edges that fail often.
TEST(SimulatedAvailability, CoversTheChainWhereItIsExact) {
  for (const Case& each : {Case{"two edges", crash("euc1/1", "99h", "1h") + crash("euc1/2", "99h", "1h"), 1e-4},
                           Case{"a common fault",
                                crash("euc1/1", "999h", "1h") + crash("euc1/2", "999h", "1h") +
                                    "  - { region: euc1, kind: crash, random: { mtbf: 36500d, mttr: 100min } }\n",
                                0}}) {
    Scenario scenario = scenario_of(each.faults);
    const double expected = chain_of(scenario).down.value();
    if (each.expected > 0) {
      EXPECT_NEAR(expected, each.expected, each.expected * 1e-9);
    }
    int covered = 0;
    for (scenario.seed = 1; scenario.seed <= 5; ++scenario.seed) {
      const auto found = simulate_availability(scenario, {});
      ASSERT_TRUE(found);
      EXPECT_TRUE(found.value().precise);
      const Interval share = found.value().all.not_served;
      if (share.low <= expected && expected <= share.high) ++covered;
      EXPECT_NEAR(share.mean, expected, expected * 0.3) << each.name;
      EXPECT_EQ(found.value().sites.front().calls.not_served.mean, share.mean) << "there is only one site";
    }
    EXPECT_GE(covered, 4) << each.name;
  }
}

/// What the chain cannot see: an edge that nobody probes, at which every call waits longer than its caller has patience.
TEST(SimulatedAvailability, SeesWhatFailoverCosts) {
  Scenario scenario = scenario_of(crash("euc1/1", "99h", "1h"));
  scenario.sites[0].routing.hunting.no_response = std::chrono::seconds{90};
  EXPECT_EQ(chain_of(scenario).down.value(), 0);
  const auto found = simulate_availability(scenario, {.half_width = 0.1});
  ASSERT_TRUE(found);
  const ServedCalls& all = found.value().all;
  EXPECT_NEAR(all.not_served.mean, 0.01, 0.002) << "for an hour of a hundred no caller waits long enough";
  EXPECT_LE(all.not_served.low, 0.01);
  EXPECT_GE(all.not_served.high, 0.01);
  EXPECT_GT(all.cut_off.mean, 0);
  EXPECT_THAT(found.value().contributions.front().faults, HasSubstr("euc1/1 crash"));
  EXPECT_NEAR(found.value().contributions.front().outages_per_year, 87.6, 2);
}

/// A caller is lost if a redial every 2 min, three at most and each with 9 of 10, finds the outage still there: it lasts for another 30 min on
/// average.
TEST(SimulatedAvailability, CountsCallersNotTries) {
  Scenario scenario = scenario_of(crash("euc1/1", "999h", "1h") + crash("euc1/2", "999h", "1h"));
  scenario.demands[0].redial = RedialSpec{.probability = Probability{0.9}, .delay = Fixed{std::chrono::minutes{2}}, .most = 3};
  double lost = 1;
  for (int redial = 0; redial < 3; ++redial) lost = 0.1 + 0.9 * std::exp(-2.0 / 30) * lost;
  const auto found = simulate_availability(scenario, {.half_width = 0.05});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found.value().all.not_served.mean, lost * 1e-6, 0.1e-6);
  EXPECT_GE(found.value().all.not_served.high, lost * 1e-6 * 0.97);
}

TEST(SimulatedAvailability, NothingSeenIsABound) {
  const auto found = simulate_availability(scenario_of(crash("euc1/1", "99h", "1h")), {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found.value().cycles, 900U) << "100 draws looked in vain for a cycle without a way out";
  EXPECT_EQ(found.value().all.not_served.mean, 0) << "the other edge takes every call";
  EXPECT_GT(found.value().all.not_served.high, 0);
  EXPECT_LT(found.value().all.not_served.high, 1e-3);
}

TEST(SimulatedAvailability, SaysWhatItCannotDo) {
  EXPECT_THAT(no_cycles(scenario_of("  - { at: 1h, for: 1h, edge: euc1/1, kind: crash }\n"))->text(), HasSubstr("no random fault"));
  EXPECT_THAT(no_cycles(scenario_of(crash("use1/1", "99h", "1h")))->text(), HasSubstr("no random fault that any site's calls could feel"));
  EXPECT_THAT(no_cycles(scenario_of("  - { edge: euc1/1, kind: crash, random: { mtbf: 99h, mttr: 1h, shape: 2 } }\n"))->text(),
              HasSubstr("shape 2 of euc1/1 crash"));
  EXPECT_FALSE(no_cycles(scenario_of(crash("euc1/1", "99h", "1h"))));
}

TEST(SimulatedAvailability, EndsWhenItIsStoppedOrOutOfTime) {
  const Scenario scenario = scenario_of(crash("euc1/1", "99h", "1h") + crash("euc1/2", "99h", "1h"));
  const std::atomic<bool> stop = true;
  const auto stopped = simulate_availability(scenario, {.half_width = 0.005, .stop = &stop});
  EXPECT_EQ(stopped.value().cycles, 0U);
  EXPECT_TRUE(stopped.value().cut_short && !stopped.value().precise);
}

}  // namespace
}  // namespace trunklab
