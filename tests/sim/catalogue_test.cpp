// Which faults the catalogue holds for a scenario, and when they happen.
#include "sim/catalogue.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;
using testing::scenario_of;

const std::string demand =
    "demand:\n  retail:\n    site: oslo\n    arrivals: { process: poisson, rate: 6/min }\n    holding: { distribution: fixed, value: 60s }\n";

/// One site that sends calls to both edges of euc1 by their addresses, four hours.
Scenario by_addresses() {
  return scenario_of("horizon: { duration: 4h }\nsites:\n  oslo:\n    routing: { target: addresses, regions: [euc1] }\n" + demand);
}

std::vector<std::string> ids_of(const Scenario& scenario) {
  std::vector<std::string> ids;
  for (const FaultCase& each : catalogue_of(scenario)) ids.push_back(each.id);
  return ids;
}

FaultCase case_of(const Scenario& scenario, std::string_view id) {
  const auto cases = catalogue_of(scenario);
  const auto found = std::ranges::find(cases, id, &FaultCase::id);
  if (found == cases.end()) throw std::runtime_error("there is no " + std::string(id));
  return *found;
}

TEST(Catalogue, HoldsWhatApplies) {
  EXPECT_THAT(
      ids_of(by_addresses()),
      ElementsAre("crash-euc1-1", "drain-euc1-1", "grey-1-euc1-1", "grey-10-euc1-1", "grey-50-euc1-1", "flapping-euc1-1", "fail-back-euc1-1",
                  "crash-euc1-2", "drain-euc1-2", "grey-1-euc1-2", "grey-10-euc1-2", "grey-50-euc1-2", "flapping-euc1-2", "fail-back-euc1-2",
                  "region-euc1", "maintenance-euc1", "path-loss-oslo", "path-down-oslo-euc1-1", "path-down-oslo-euc1-2", "uplink-oslo", "site-oslo"));
}

TEST(Catalogue, HoldsMediaAddressesWhereMediaIsModelled) {
  Scenario scenario = by_addresses();
  scenario.demands[0].codecs = {{.formats = {CodecFormat{}}}};
  EXPECT_THAT(ids_of(scenario), IsSupersetOf({"media-euc1", "media-silent-euc1"}));
  EXPECT_THAT(ids_of(scenario), Not(Contains("media-use1"))) << "nobody calls it";
  EXPECT_EQ(case_of(scenario, "media-silent-euc1").faults.at(0).media, MediaLoss::silent);
}

TEST(Catalogue, OfASingleAddressLeavesTheOtherEdgesAlone) {
  Scenario scenario = by_addresses();
  scenario.sites[0].routing.target = TargetKind::single_address;
  scenario.sites[0].routing.edge = 1;
  const auto ids = ids_of(scenario);
  EXPECT_THAT(ids, Contains("crash-euc1-2"));
  EXPECT_THAT(ids, Not(Contains("crash-euc1-1")));
  EXPECT_THAT(ids, Not(Contains("region-euc1"))) << "one edge is no region";
}

TEST(Catalogue, KnowsNamesBackendsZonesAndTransports) {
  Scenario scenario = by_addresses();
  scenario.sites[0].routing.target = TargetKind::fqdn;
  scenario.sites[0].transport = Transport::tcp;
  scenario.service.callback = CallbackSpec{};
  scenario.service.authentication = AuthenticationSpec{};
  scenario.service.capacity = EdgeCapacity{};
  scenario.service.edges[0].zone = scenario.service.edges[1].zone = "eu central 1a";
  EXPECT_THAT(ids_of(scenario), IsSupersetOf({"crash-process-euc1-1", "dns-no-answer", "dns-servfail", "dns-frozen-and-crash", "callback-down",
                                              "callback-slow", "secret", "overload-euc1-2", "zone-eu-central-1a"}));
}

TEST(Catalogue, KnowsTheEdgesThatCallASite) {
  Scenario scenario = by_addresses();
  EXPECT_THAT(ids_of(scenario), Not(Contains("crash-use1-1")));
  scenario.demands[0].direction = Direction::origination;
  scenario.demands[0].region = 1;
  EXPECT_THAT(ids_of(scenario), IsSupersetOf({"crash-use1-1", "crash-use1-2", "region-use1"}));
}

TEST(Catalogue, BeginsInTheMiddleOfTheMeasuredTime) {
  Scenario scenario = by_addresses();
  scenario.warmup = 40min;
  const FaultSpec crash = case_of(scenario, "crash-euc1-1").faults.at(0);
  EXPECT_EQ(crash.at, run_start + 140min);
  EXPECT_EQ(crash.duration, 15min);
  EXPECT_EQ(crash.edges, std::vector<EdgeIndex>{0});
  EXPECT_EQ(case_of(scenario, "fail-back-euc1-1").faults.at(0).duration, 1h);
  scenario.warmup = std::nullopt;
  scenario.horizon.duration = 40min;
  EXPECT_EQ(case_of(scenario, "crash-euc1-1").faults.at(0).duration, 10min) << "a quarter";
  EXPECT_EQ(case_of(scenario, "fail-back-euc1-1").faults.at(0).duration, 15min) << "three eighths";
}

TEST(Catalogue, DescribesEachFaultInFull) {
  const Scenario scenario = by_addresses();
  const FaultSpec grey = case_of(scenario, "grey-10-euc1-2").faults.at(0);
  EXPECT_EQ(grey.kind, FaultKind::grey);
  EXPECT_EQ(grey.share, Probability{0.1});
  const FaultSpec flapping = case_of(scenario, "flapping-euc1-1").faults.at(0);
  EXPECT_EQ(flapping.times, 15U);
  EXPECT_EQ(flapping.every, 1min);
  EXPECT_EQ(flapping.duration, 20s);
  const auto maintenance = case_of(scenario, "maintenance-euc1").faults;
  ASSERT_EQ(maintenance.size(), 2U);
  EXPECT_EQ(maintenance[0].kind, FaultKind::drain);
  EXPECT_EQ(maintenance[0].at + *maintenance[0].duration, maintenance[1].at) << "one after the other";
  EXPECT_EQ(maintenance[1].edges, std::vector<EdgeIndex>{1});
  EXPECT_EQ(case_of(scenario, "region-euc1").faults.at(0).edges, (std::vector<EdgeIndex>{0, 1}));
  const FaultSpec path = case_of(scenario, "path-down-oslo-euc1-2").faults.at(0);
  EXPECT_EQ(path.kind, FaultKind::path_down);
  EXPECT_EQ(path.sites, std::vector<std::uint16_t>{0});
  EXPECT_EQ(path.edges, std::vector<EdgeIndex>{1});
  EXPECT_TRUE(case_of(scenario, "uplink-oslo").faults.at(0).edges.empty()) << "all";
}

TEST(Catalogue, HasUniqueIdsAndFaultsWithinTheRun) {
  for (const Span duration : {Span(8ms), Span(1s), Span(1min), Span(4h), Span(24h * 365)}) {
    Scenario scenario = by_addresses();
    scenario.sites.push_back(scenario.sites[0]);
    scenario.sites[0].name = "a b";
    scenario.sites[1].name = "a/b";
    scenario.sites[1].routing.target = TargetKind::fqdn;
    scenario.horizon.duration = duration;
    std::set<std::string> seen;
    for (const FaultCase& each : catalogue_of(scenario)) {
      EXPECT_TRUE(seen.insert(each.id).second) << each.id;
      EXPECT_EQ(each.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos) << each.id;
      EXPECT_FALSE(each.title.empty());
      ASSERT_FALSE(each.faults.empty());
      for (const FaultSpec& fault : each.faults) {
        EXPECT_GE(fault.at, run_start + duration / 2 - 1ms) << each.id;
        EXPECT_GT(fault.duration.value(), Span::zero()) << each.id;
        EXPECT_FALSE(fault.name.empty()) << each.id;
        EXPECT_TRUE(fault.times == 1 || fault.every > fault.duration) << each.id;
        EXPECT_LT(fault.at + fault.every * (fault.times - 1) + *fault.duration, run_start + duration) << each.id << ": repaired before the end";
      }
    }
  }
}

TEST(TargetsOf, FollowsTheHuntingOrder) {
  Scenario scenario = by_addresses();
  Site& site = scenario.sites[0];
  site.routing.regions = {1, 0};
  EXPECT_THAT(targets_of(scenario, site), ElementsAre(2, 3, 0, 1));
  site.routing.hunting.across = true;
  EXPECT_THAT(targets_of(scenario, site), ElementsAre(2, 0, 3, 1));
  site.routing.target = TargetKind::single_address;
  site.routing.edge = 5;
  EXPECT_THAT(targets_of(scenario, site), ElementsAre(5));
}

TEST(WithCase, ReplacesTheScenariosOwnFaults) {
  Scenario scenario = by_addresses();
  scenario.faults.resize(2);
  scenario.random_faults.resize(1);
  const FaultCase crash = case_of(scenario, "crash-euc1-1");
  const Scenario changed = with_case(scenario, crash);
  EXPECT_EQ(changed.faults, crash.faults);
  EXPECT_TRUE(changed.random_faults.empty());
}

}  // namespace
}  // namespace trunklab
