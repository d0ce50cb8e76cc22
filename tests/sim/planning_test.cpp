// Capacity on paper, held against figures from elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "models/teletraffic/erlang_b.hpp"
#include "sim/planning/plan.hpp"
#include "sim/planning/what_if.hpp"
#include "tests/sim/planning_scenarios.hpp"

namespace trunklab {
namespace {

using namespace planned;
using namespace std::chrono_literals;

TEST(Seizure, IsTheMeanOverAllOutcomes) {
  const Scenario scenario = scenario_of(
      office(std::string(plain) + ", answer: { answered: 50%, busy: 20%, no_answer: 30% }, post_dial_delay: 2s, ring_time: 8s, patience: 30s"));
  const Seizure held = seizure_of(scenario, scenario.demands[0], 4s);
  EXPECT_NEAR(held.hunting_s, 4, 1e-9);
  EXPECT_NEAR(held.delay_s, 2.1, 1e-9) << "the way there and back, and the called network";
  EXPECT_NEAR(held.ringing_s, 0.8 * 8, 1e-9) << "those whom nobody answers ring as long: then the called network gives up";
  EXPECT_NEAR(held.talk_s, 50, 1e-9) << "the shares enter exactly";
  EXPECT_NEAR(held.answered, 0.5, 1e-9);
}

TEST(Seizure, NobodyWaitsLongerThanPatience) {
  const Scenario scenario = scenario_of(office(std::string(plain) + ", ring_time: 40s, patience: 30s"));
  const Seizure held = seizure_of(scenario, scenario.demands[0], 0s);
  EXPECT_NEAR(held.total_s(), 30, 1e-9);
  EXPECT_EQ(held.answered, 0);
}

TEST(CpsFor, IsTheFewestByEnumeration) {
  for (const double rate : {0.1, 1.0, 3.0, 20.0, 150.0}) {
    for (const double share : {0.1, 0.01, 0.001}) {
      // The excess above c, straight from the Poisson law.
      const auto excess = [&](std::uint32_t c) {
        double sum = 0;
        double probability = std::exp(-rate);
        for (std::uint32_t n = 0; n < 1000; ++n) {
          if (n > c) sum += probability * (n - c);
          probability *= rate / (n + 1);
        }
        return sum;
      };
      const std::uint32_t c = cps_for(CallsPerSecond{rate}, Probability{share});
      EXPECT_LE(excess(c), share * rate) << rate << ' ' << share;
      const bool fewer_would_do = c > std::ceil(rate) && excess(c - 1) <= share * rate;
      EXPECT_FALSE(fewer_would_do) << rate << ' ' << share;
    }
  }
  EXPECT_EQ(cps_for(CallsPerSecond{0}, Probability{0.01}), 0U);
}

TEST(Survival, HasACaseForEachThingInUse) {
  const auto titles = [](const Scenario& scenario, Survive survive) {
    std::vector<std::string> list;
    for (const SurvivalCase& each : survival_cases(scenario, survive)) list.push_back(each.title);
    return list;
  };
  const Scenario scenario = scenario_of(office(plain));
  EXPECT_THAT(titles(scenario, Survive::none), ::testing::ElementsAre("all is well"));
  EXPECT_THAT(titles(scenario, Survive::edge),
              ::testing::ElementsAre("all is well", "without euc1/1", "without euc1/2", "without use1/1", "without use1/2"));
  EXPECT_THAT(titles(scenario, Survive::region), ::testing::ElementsAre("all is well", "without euc1", "without use1"));
}

TEST(Survival, TheWayOutIsTheNextTargetThatIsThere) {
  const auto out_of = [](const std::string& routing, std::vector<EdgeIndex> gone) {
    const Scenario scenario = scenario_of(office(plain, routing));
    return way_out(scenario, scenario.sites[0], {.title = "", .edges = std::move(gone)});
  };
  const std::string addresses = "target: addresses, regions: [euc1, use1], no_response: 4s, ";
  EXPECT_EQ(out_of(addresses + "probe: never, hold_down: never", {0}).hunting, Span{4s}) << "every call waits for the dead edge";
  EXPECT_EQ(out_of(addresses + "probe: never, hold_down: never", {0, 1}).hunting, Span{8s});
  EXPECT_EQ(out_of(addresses + "probe: never, hold_down: { for: 60s }", {0}).hunting, Span{250ms}) << "4 s of every 64 s cost 4 s";
  EXPECT_EQ(out_of(addresses + "probe: { every: 30s }", {0}).hunting, Span{0s});
  const std::string spread = addresses + "probe: never, hold_down: never, order: rotate";
  EXPECT_EQ(out_of(spread, {0}).hunting, Span{2s}) << "half of the calls begin at the dead edge";
  EXPECT_EQ(out_of(spread, {1}).hunting, Span{2s});
  EXPECT_EQ(out_of(spread, {0, 1}).hunting, Span{8s});
  const WayOut away = out_of("target: fqdn, regions: [euc1, use1]", {0, 1});
  EXPECT_EQ(away.region, std::uint16_t{1});
  EXPECT_EQ(away.edges.size(), 2U);
  EXPECT_TRUE(away.one_at_a_time);
  EXPECT_EQ(out_of("target: fqdn, regions: [euc1]", {0, 1}).region, std::nullopt);
}

// Reference: Erlang B worked out with rational numbers in Python (fractions): B(256; 700/3) = 0.009186, B(255; 700/3) = 0.010172;
// B(91; 75) = 0.008738, B(90; 75) = 0.010695.
TEST(CapacityPlan, OfFiveRegionsHasTheChannelsOfErlangB) {
  const auto plan = capacity_plan(five_regions(), {.survive = Survive::region});
  ASSERT_TRUE(plan);
  std::vector<std::uint32_t> channels;
  for (const SitePlan& site : plan.value().sites) channels.push_back(site.channels);
  EXPECT_THAT(channels, ::testing::ElementsAre(256, 256, 91, 91, 91));
  const auto scope = [&](const std::string& name) { return *std::ranges::find(plan.value().scopes, name, &ScopePlan::name); };
  EXPECT_NEAR(scope("account").peak.erlangs, 2 * 700.0 / 3 + 3 * 75, 0.1);
  EXPECT_NEAR(scope("region/use1").peak.erlangs, 2 * 700.0 / 3, 0.1) << "Europe's calls come here when euc1 is gone";
  EXPECT_EQ(plan.value().cases[scope("region/use1").peak.erlangs_case].title, "without euc1");
  EXPECT_NEAR(scope("edge/apse1/2").peak.erlangs, 150, 0.1) << "a cached name may lead all of a region's calls to one edge";
}

TEST(CapacityPlan, WithoutHoldDownEveryHuntedCallNeedsMoreOfAChannel) {
  const Scenario scenario = scenario_of(office(plain, "target: addresses, regions: [euc1], probe: never, hold_down: never, no_response: 10s"));
  const auto plan = capacity_plan(scenario, {.survive = Survive::edge});
  ASSERT_TRUE(plan);
  EXPECT_NEAR(plan.value().sites[0].peak.erlangs, 0.1 * (10 + 0.1 + 100), 0.01);
  EXPECT_EQ(plan.value().cases[plan.value().sites[0].peak.erlangs_case].title, "without euc1/1");
}

TEST(CapacityPlan, OfVaryingTrafficIsThatOfItsPeak) {
  // Half an hour at 1/s after 2 h at 0.1/s, talks of 5 min: the mean rises to 30 + (300 - 30)(1 - e^-6).
  const Scenario scenario = scenario_of(
      office("arrivals: { process: varying, table: [ { from: 0h, rate: 0.1/s }, { from: 2h, rate: 1/s }, { from: 2h30min, rate: 0.1/s } ] }, "
             "holding: { distribution: exponential, mean: 300s }"));
  const auto plan = capacity_plan(scenario, {});
  ASSERT_TRUE(plan) << plan.problems().front().text();
  EXPECT_NEAR(plan.value().sites[0].peak.erlangs, 30 + 270 * (1 - std::exp(-6.0)), 2);
  EXPECT_NEAR(in_seconds(plan.value().sites[0].busiest - run_start), 9000, 60);
}

TEST(CapacityPlan, OfATraceCountsItsOwnTalkTimes) {
  // A call a second for 20 minutes, each of 30 s: 30 at the same time.
  const std::filesystem::path file = std::filesystem::temp_directory_path() / ("plan_trace_" + std::to_string(getpid()) + ".csv");
  {
    std::ofstream out(file);
    out << "at,talk\n";
    for (int second = 0; second < 1200; ++second)
      out << "2026-03-02T08:" << second / 600 << second / 60 % 10 << ':' << second % 60 / 10 << second % 10 << ",30\n";
  }
  const Scenario scenario = scenario_of(office("arrivals: { process: trace, file: '" + file.string() +
                                               "', arrival_column: at, holding_column: talk, from: 2026-03-02T08:00:00, to: 2026-03-02T12:00:00 }"));
  const auto plan = capacity_plan(scenario, {});
  std::filesystem::remove(file);
  ASSERT_TRUE(plan) << plan.problems().front().text();
  EXPECT_NEAR(plan.value().sites[0].peak.erlangs, 30.1, 0.05);
}

TEST(CapacityPlan, SaysWhatHasNoWayOut) {
  const auto plan = capacity_plan(scenario_of(office(plain, "target: fqdn, regions: [euc1]")), {.survive = Survive::region});
  EXPECT_THAT(plan.value().without_way_out, ::testing::ElementsAre("oslo without euc1"));
}

TEST(CapacityPlan, OrdersNoMoreSessionsThanTheSitesHaveChannels) {
  const auto plan = capacity_plan(five_regions(), {.survive = Survive::region});
  const auto scope = [&](const std::string& name) { return *std::ranges::find(plan.value().scopes, name, &ScopePlan::name); };
  EXPECT_EQ(scope("account").sessions, 256U + 256 + 91 + 91 + 91);
  EXPECT_EQ(scope("region/sae1").sessions, 91U);
  EXPECT_EQ(scope("region/use1").sessions, 256U + 256) << "sao-paulo's calls come here too, but not in the case in which frankfurt's do";
  EXPECT_EQ(plan.value().cases[scope("region/use1").sessions_case].title, "without euc1");
}

/// Two offices of 10 Erlangs have 18 channels each, and 2 kept free: one edge of the region has to take no more than all of them, but less is enough
/// where they do not share it.
TEST(CapacityPlan, OrdersFewerSessionsThanChannelsWhereNotAllAreBusyAtOnce) {
  std::string text = "horizon: { duration: 4h }\nsites:\n";
  std::string demands = "demand:\n";
  for (const std::string site : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}) {
    text += "  " + site + ": { routing: { target: addresses, regions: [euc1] } }\n";
    demands += "  of_" + site + ": { site: " + site + ", " + plain + " }\n";
  }
  const Scenario scenario = scenario_of(text + demands);
  const auto plan = capacity_plan(scenario, {.kept_free = 2});
  const ScopePlan& account = plan.value().scopes.front();
  ASSERT_EQ(plan.value().sites.size(), 12U);
  EXPECT_LT(account.sessions, 12 * plan.value().sites[0].ordered);
  EXPECT_LE(erlang_b(Erlangs{account.peak.erlangs}, account.sessions - 12 * 2).value(), plan.value().share_of_cap().value());
  EXPECT_GT(erlang_b(Erlangs{account.peak.erlangs}, account.sessions - 12 * 2 - 1).value(), plan.value().share_of_cap().value());
}

TEST(CapacityPlan, HasASourceAddressOfEachSiteIfCapsGoByIt) {
  const std::string caps = "service: { preset: sinch, caps: [ { scope: source_address, cps: 1/s, burst: 30 } ] }\n";
  const Scenario scenario = scenario_of(caps + office(plain));
  const auto plan = capacity_plan(scenario, {});
  const ScopePlan& own = plan.value().scopes.back();
  EXPECT_EQ(own.name, "source address of oslo");
  EXPECT_EQ(own.sessions, plan.value().sites[0].ordered);
  EXPECT_NEAR(own.peak.calls_per_s, 0.1, 1e-9);
  const auto list = headroom_of(scenario, plan.value());
  EXPECT_TRUE(
      std::ranges::any_of(list, [](const Headroom& each) { return each.what == "calls per second of the source address of oslo (burst 30)"; }));
}

TEST(CapacityPlan, OfAVastTrunkTakesNoTime) {
  Scenario scenario = scenario_of(office(plain));
  scenario.sites[0].channels = 4294967295U;
  const auto list = headroom_of(scenario, capacity_plan(scenario, {}).value());
  ASSERT_EQ(list.size(), 1U);
  EXPECT_NEAR(list[0].factor, 4294967295.0 / 0.99 / 10.01, 1e6);
}

TEST(CapacityPlan, ChannelsKeptFreeComeOnTop) {
  const auto plan = capacity_plan(scenario_of(office(plain)), {.kept_free = 3});
  EXPECT_EQ(plan.value().sites[0].ordered, plan.value().sites[0].channels + 3);
}

// Reference: lognormal with mean 1 and cv 0.15: sigma^2 = ln 1.0225 = 0.0222506, its 90 % quantile exp(1.2815516 * 0.149166 - 0.0111253) = 1.197264.
TEST(CapacityPlan, AnUncertainForecastIsPlannedAtItsQuantile) {
  EXPECT_NEAR(traffic_factor(0.15, 0.9), 1.197264, 2e-5);
  EXPECT_EQ(traffic_factor(0, 0.99), 1);
  const Scenario scenario = scenario_of(office(plain));
  const auto certain = capacity_plan(scenario, {});
  const auto unsure = capacity_plan(scenario, {.scale = traffic_factor(0.15, 0.9)});
  EXPECT_NEAR(unsure.value().sites[0].peak.erlangs / certain.value().sites[0].peak.erlangs, 1.197264, 2e-5);
}

TEST(CapacityPlan, CallsOfASiteThatIsGoneGoToTheOthers) {
  const Scenario scenario = scenario_of(
      "horizon: { duration: 4h }\nsites:\n"
      "  a: { routing: { target: addresses, regions: [euc1] } }\n  b: { routing: { target: addresses, regions: [use1] } }\n"
      "  c: { routing: { target: addresses, regions: [use1] } }\ndemand:\n"
      "  x: { site: a, arrivals: { process: poisson, rate: 4/s }, holding: { distribution: exponential, mean: 10s } }\n"
      "  y: { site: b, arrivals: { process: poisson, rate: 1/s }, holding: { distribution: exponential, mean: 10s } }\n");
  const auto plan = capacity_plan(scenario, {.survive = Survive::site});
  ASSERT_EQ(plan.value().cases.size(), 3U) << "c has no calls";
  ASSERT_EQ(plan.value().sites.size(), 2U);
  EXPECT_NEAR(plan.value().sites[1].peak.erlangs, 50, 0.1) << "b's own 10 and all of a's";
  EXPECT_EQ(plan.value().cases[plan.value().sites[1].peak.erlangs_case].title, "without a");
  EXPECT_NEAR(plan.value().sites[0].peak.erlangs, 50, 0.1);
  const auto& use1 = *std::ranges::find(plan.value().scopes, "region/use1", &ScopePlan::name);
  EXPECT_NEAR(use1.peak.erlangs, 50, 0.1);
}

TEST(SeparateTrunks, AreASiteForEachDirection) {
  const Scenario scenario = scenario_of(office(plain) +
                                        "  back: { site: oslo, direction: origination, region: euc1, arrivals: { process: poisson, rate: 6/min }, "
                                        "holding: { distribution: exponential, mean: 100s } }\n");
  const auto shared = capacity_plan(scenario, {});
  const auto separate = capacity_plan(with_separate_trunks(scenario), {});
  ASSERT_EQ(shared.value().sites.size(), 1U);
  ASSERT_EQ(separate.value().sites.size(), 2U);
  EXPECT_LT(shared.value().sites[0].channels, separate.value().sites[0].channels + separate.value().sites[1].channels) << "one large group is better";
  EXPECT_NEAR(shared.value().sites[0].peak.erlangs, separate.value().sites[0].peak.erlangs + separate.value().sites[1].peak.erlangs, 1e-9);
}

// Reference: B(20; A) = 0.01 at A = 12.03 (tables of ITU-T E.520); the site has 10.01 Erlangs.
TEST(HeadroomOf, IsHowMuchMoreTrafficFits) {
  const Scenario scenario = scenario_of(office(plain));
  const auto plan = capacity_plan(scenario, {});
  const auto list = headroom_of(scenario, plan.value());
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].what, "channels of site oslo");
  EXPECT_NEAR(list[0].factor, 12.03 / 10.01, 0.001);
  EXPECT_EQ(month_of_shortage(list[0], 1.1, 12), std::uint32_t{2}) << "1.1 times fits, 1.21 times does not";
  EXPECT_EQ(month_of_shortage(list[0], 1.01, 12), std::nullopt);
}

TEST(HeadroomOf, ACapOnCallsPerSecondHasItsOwnBurst) {
  const auto factor = [](const std::string& burst) {
    const Scenario scenario =
        scenario_of("service: { preset: sinch, caps: [ { scope: account, cps: 1/s, burst: " + burst + " } ] }\n" + office(plain));
    return headroom_of(scenario, capacity_plan(scenario, {}).value()).front().factor;
  };
  EXPECT_LT(factor("1"), 0.01) << "0.1 calls/s find a single token taken far too often";
  EXPECT_GT(factor("30"), 1.19);
}

TEST(Alternatives, HaveTheirPrice) {
  Scenario scenario =
      scenario_of(office(std::string(plain) + ", codecs: [G.711a]", "target: addresses, regions: [euc1], probe: never, hold_down: never"));
  scenario.prices = {.currency = "EUR", .channel = 10, .session = 1, .cps = 2, .mbit = 5};
  const auto list = alternatives_of(scenario, {.survive = Survive::region});
  ASSERT_TRUE(list);
  const auto find = [&](const std::string& what) -> const Alternative& {
    return *std::ranges::find_if(list.value(), [&](const Alternative& each) { return each.what.starts_with(what); });
  };
  const Alternative& now = find("as it is");
  EXPECT_NEAR(*now.monthly, now.channels * 10 + now.sessions + now.cps * 2.0 + now.mbit_per_s * 5, 1e-9);
  EXPECT_EQ(now.without_way_out, 1U) << "one region only";
  EXPECT_EQ(find("a second region").without_way_out, 0U);
  EXPECT_GT(find("a second region").hunting_s, 0) << "every call waits for both dead edges";
  EXPECT_LT(find("all calls in G.729").mbit_per_s, now.mbit_per_s / 2);
  EXPECT_EQ(find("one more edge").channels, now.channels);
  EXPECT_LT(find("calls spread").edge_sessions, now.edge_sessions);
}

}  // namespace
}  // namespace trunklab
