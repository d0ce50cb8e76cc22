// Capacity on paper and in simulation, held against figures from elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "scenarios/reader.hpp"
#include "sim/planning/confirm.hpp"
#include "sim/planning/plan.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

Scenario scenario_of(const std::string& text) {
  auto read = parse_scenario(text, "plan.yaml");
  if (!read) throw std::runtime_error(read.problems().front().text());
  return std::move(read).value();
}

Scenario five_regions() {
  return read_scenario(TRUNKLAB_SOURCE_DIR "/scenarios/library/five-regions.yaml").value();
}

std::string office(const std::string& demand, const std::string& routing = "target: addresses, regions: [euc1, use1]") {
  return "horizon: { duration: 4h }\nsites:\n  oslo: { channels: 20, rtt: { euc1: 100ms }, routing: { " + routing +
         " } }\ndemand:\n  calls: { site: oslo, " + demand + " }\n";
}
constexpr const char* plain = "arrivals: { process: poisson, rate: 6/min }, holding: { distribution: exponential, mean: 100s }";

TEST(Seizure, IsTheMeanOverAllOutcomes) {
  const Scenario scenario = scenario_of(
      office(std::string(plain) + ", answer: { answered: 50%, busy: 20%, no_answer: 30% }, post_dial_delay: 2s, ring_time: 8s, patience: 30s"));
  const Seizure held = seizure_of(scenario, scenario.demands[0], 4s);
  EXPECT_NEAR(held.hunting_s, 4, 1e-9);
  EXPECT_NEAR(held.delay_s, 2.1, 1e-9) << "the way there and back, and the called network";
  EXPECT_NEAR(held.ringing_s, 0.5 * 8 + 0.3 * (30 - 6.1), 4 * 12 / std::sqrt(65536.0))
      << "half are answered after 8 s, three in ten ring until patience ends";
  EXPECT_NEAR(held.talk_s, 50, 4 * 50 / std::sqrt(65536.0));
  EXPECT_NEAR(held.answered, 0.5, 4 * 0.5 / std::sqrt(65536.0));
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

/// The simulated minimum is Erlang B's where nothing but channels matters: 10 Erlangs, 5 %: B(14) = 0.0568, B(15) = 0.0365 (tables of ITU-T E.520).
TEST(Confirm, FindsErlangBsNumberWhereNothingElseMatters) {
  const Scenario scenario = scenario_of(office("arrivals: { process: poisson, rate: 6/min }, holding: { distribution: exponential, mean: 99.9s }"));
  const auto plan = capacity_plan(scenario, {.blocking = Probability{0.05}});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan.value().sites[0].channels, 15U);
  const auto confirmed = confirm_site(scenario, plan.value(), plan.value().sites[0], {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_EQ(confirmed.value()->enough.channels, 15U);
  EXPECT_EQ(confirmed.value()->enough.verdict, Tried::Verdict::meets);
  EXPECT_NEAR(confirmed.value()->enough.blocking.mean, 0.0365, 0.0365 * 0.05);
  ASSERT_TRUE(confirmed.value()->less);
  EXPECT_EQ(confirmed.value()->less->channels, 14U);
  EXPECT_EQ(confirmed.value()->less->verdict, Tried::Verdict::fails);
  EXPECT_NEAR(confirmed.value()->less->blocking.mean, 0.0568, 0.0568 * 0.05);
}

/// Callers who dial again at once make more traffic than the formula knows of; the simulation finds more channels.
TEST(Confirm, FindsWhatRedialsCost) {
  const Scenario scenario = scenario_of(office(std::string(plain) + ", redial: { probability: 95%, delay: 2s, most: 7 }"));
  const auto plan = capacity_plan(scenario, {.blocking = Probability{0.05}});
  ASSERT_TRUE(plan);
  const auto confirmed = confirm_site(scenario, plan.value(), plan.value().sites[0], {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_GT(confirmed.value()->enough.channels, plan.value().sites[0].channels);
}

TEST(Confirm, EndsWhenItIsStopped) {
  const Scenario scenario = five_regions();
  const auto plan = capacity_plan(scenario, {});
  const std::atomic<bool> stop = true;
  const auto confirmed = confirm_site(scenario, plan.value(), plan.value().sites[0], {.stop = &stop});
  ASSERT_TRUE(confirmed);
  EXPECT_FALSE(confirmed.value());
}

}  // namespace
}  // namespace trunklab
