// The merged timetable: order, ties, and that nobody's rows depend on who else is there.
#include "traffic/demand/timetable.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/traffic/demand/support.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using testing::Rows;
using testing::rows_of;
using testing::scenario_of;

/// Each demand's rows under its name, with the index taken out: that may move.
std::map<std::string, Rows> by_name(const Scenario& scenario, std::uint32_t replication = 0) {
  std::map<std::string, Rows> rows;
  for (PlannedCall row : rows_of(scenario, replication)) {
    const std::string& name = scenario.demands.at(row.id.demand).name;
    row.id.demand = 0;
    rows[name].push_back(row);
  }
  return rows;
}

const std::string head = "horizon: { duration: 30min }\nseed: 5\n";
const std::string one_site = "sites:\n  stockholm: { routing: { regions: [euc1] } }\n";
const std::string two_sites = "sites:\n  berlin: { routing: { regions: [use1] } }\n  stockholm: { routing: { regions: [euc1] } }\n";
const std::string retail =
    "  retail:\n    site: stockholm\n    arrivals: { process: poisson, rate: 2/s }\n    holding: { distribution: lognormal, mean: 180s, cv: 1.2 }\n"
    "    ring_time: { distribution: gamma, mean: 9s, cv: 0.7 }\n    answer: { answered: 70%, busy: 30% }\n";
const std::string rush =
    "  rush:\n    site: stockholm\n    arrivals:\n      process: varying\n      between: linear\n      table:\n        - { from: 0min, rate: 0/s }\n"
    "        - { from: 20min, rate: 4/s }\n    holding: { distribution: exponential, mean: 60s }\n";
const std::string beat = "  beat:\n    site: stockholm\n    arrivals: { process: deterministic, every: 10s }\n    holding: 30s\n";
const std::string pulse = "  pulse:\n    site: stockholm\n    arrivals: { process: deterministic, every: 5s }\n    holding: 30s\n";

TEST(Timetable, MergesDemandsInOrderOfTimeAndThenOfDemand) {
  const Rows rows = rows_of(scenario_of(head + one_site + "demand:\n" + retail + rush + beat + pulse));
  std::size_t ties = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_LE(rows[i - 1].at, rows[i].at);
    if (rows[i - 1].at != rows[i].at) continue;
    ++ties;
    EXPECT_LT(rows[i - 1].id.demand, rows[i].id.demand) << "at " << in_seconds(rows[i].at);
  }
  EXPECT_GE(ties, 180U) << "every call of beat meets one of pulse";
}

TEST(Timetable, HoldsEveryCallOfEveryDemand) {
  const Scenario scenario = scenario_of(head + one_site + "demand:\n" + retail + rush + beat + pulse);
  const auto merged = by_name(scenario);
  ASSERT_EQ(merged.size(), 4U);
  for (const DemandSpec& demand : scenario.demands) {
    EXPECT_EQ(merged.at(demand.name), rows_of(demand, scenario.horizon.duration, scenario.seed)) << demand.name;
  }
}

TEST(Timetable, AnotherSiteAndDemandLeaveEverybodyElsesRowsAlone) {
  const auto alone = by_name(scenario_of(head + one_site + "demand:\n" + retail + rush));
  const std::string newcomer =
      "  newcomer:\n    site: berlin\n    arrivals: { process: poisson, rate: 7/s }\n    holding: { distribution: exponential, mean: 90s }\n";
  for (const std::string& demands : {newcomer + retail + rush, retail + newcomer + rush, rush + retail + newcomer}) {
    const auto together = by_name(scenario_of(head + two_sites + "demand:\n" + demands));
    ASSERT_EQ(together.size(), 3U);
    for (const auto& [name, rows] : alone) EXPECT_EQ(together.at(name), rows) << name;
  }
}

TEST(Timetable, ServiceRoutingAndFaultsLeaveItAlone) {
  const Rows rows = rows_of(scenario_of(head + one_site + "demand:\n" + retail));
  const std::string other = "sites:\n  stockholm: { channels: 3, routing: { target: addresses, regions: [use1], probe: never } }\n";
  EXPECT_EQ(rows_of(scenario_of(head + other + "demand:\n" + retail + "faults:\n  - { at: 1min, edge: use1/1, kind: crash }\n")), rows);
}

TEST(Timetable, IsAFunctionOfSeedAndReplication) {
  const std::string rest = one_site + "demand:\n" + retail + rush;
  const Scenario scenario = scenario_of(head + rest);
  EXPECT_EQ(rows_of(scenario, 3), rows_of(scenario, 3));
  EXPECT_NE(rows_of(scenario, 3), rows_of(scenario, 4));
  EXPECT_NE(rows_of(scenario, 3), rows_of(scenario_of("horizon: { duration: 30min }\nseed: 6\n" + rest), 3));
}

TEST(Timetable, OfADemandThatDoesNotCallIsEmpty) {
  const auto table = Timetable::open(
      scenario_of("horizon: { duration: 5s }\n" + one_site + "demand:\n  late:\n    arrivals: { process: poisson, rate: 1/h }\n    holding: 1s\n"),
      0);
  ASSERT_TRUE(table);
  EXPECT_EQ(table.value().peek(), nullptr);
}

TEST(Timetable, CallIdsAreUniqueOverAllDemands) {
  Rows rows = rows_of(scenario_of(head + one_site + "demand:\n" + retail + rush + beat + pulse));
  std::ranges::sort(rows, {}, &PlannedCall::id);
  EXPECT_EQ(std::ranges::adjacent_find(rows, {}, &PlannedCall::id), rows.end());
}

}  // namespace
}  // namespace trunklab
