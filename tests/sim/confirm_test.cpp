// Capacity by simulation: the search for the fewest channels, its cause, the proof.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "models/teletraffic/erlang_b.hpp"
#include "sim/planning/confirm.hpp"
#include "sim/planning/plan.hpp"
#include "tests/sim/planning_scenarios.hpp"

namespace trunklab {
namespace {

using namespace planned;
using namespace std::chrono_literals;

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
  EXPECT_EQ(confirmed.value()->cause.what, Cause::What::none);
}

/// Callers who dial again at once make more traffic than the formula knows of; the simulation finds more channels.
TEST(Confirm, FindsWhatRedialsCost) {
  const Scenario scenario = scenario_of(office(std::string(plain) + ", redial: { probability: 95%, delay: 2s, most: 7 }"));
  const auto plan = capacity_plan(scenario, {.blocking = Probability{0.05}});
  ASSERT_TRUE(plan);
  const auto confirmed = confirm_site(scenario, plan.value(), plan.value().sites[0], {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_GT(confirmed.value()->enough.channels, plan.value().sites[0].channels);
  const Cause& cause = confirmed.value()->cause;
  EXPECT_EQ(cause.what, Cause::What::redials);
  EXPECT_GT(cause.as_it_is.low, cause.formula);
  EXPECT_NEAR(cause.without_it.mean, cause.formula, cause.formula * 0.1);
}

/// Calls that come every ten seconds never meet: the formula, which takes them for independent, asks for too many.
TEST(Confirm, TellsThatEvenCallsNeedFewer) {
  const Scenario scenario =
      scenario_of(office("arrivals: { process: deterministic, every: 10s }, holding: { distribution: exponential, mean: 100s }"));
  const auto plan = capacity_plan(scenario, {.blocking = Probability{0.05}});
  const auto confirmed = confirm_site(scenario, plan.value(), plan.value().sites[0], {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_LT(confirmed.value()->enough.channels, plan.value().sites[0].channels);
  EXPECT_EQ(confirmed.value()->cause.what, Cause::What::arrivals);
}

/// Blocking of 1e-9 cannot be seen: the formula's number stands, and is not beaten by nothing having been seen.
TEST(Confirm, DoesNotTakeNothingSeenForProof) {
  const Scenario scenario = scenario_of(office(plain));
  const auto plan = capacity_plan(scenario, {.blocking = Probability{1e-9}});
  const auto confirmed = confirm_site(scenario, plan.value(), plan.value().sites[0], {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_EQ(confirmed.value()->enough.verdict, Tried::Verdict::rare);
  EXPECT_EQ(confirmed.value()->enough.channels, plan.value().sites[0].channels);
  EXPECT_GT(confirmed.value()->enough.blocking.high, 0);
  EXPECT_FALSE(confirmed.value()->less);
}

/// Forty ports are enough for twenty calls: no number of channels makes them thirty.
TEST(Confirm, SaysThatMoreChannelsWouldNotHelp) {
  std::string text = office("arrivals: { process: poisson, rate: 0.2/s }, holding: { distribution: exponential, mean: 150s }, codecs: [G.711a]");
  text.insert(text.find("channels: 20"), "rtp_ports: { range: 20000-20039 }, ");
  const Scenario scenario = scenario_of(text);
  const auto plan = capacity_plan(scenario, {});
  const auto confirmed = confirm_site(scenario, plan.value(), plan.value().sites[0], {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_TRUE(confirmed.value()->in_vain);
  EXPECT_EQ(confirmed.value()->enough.channels, plan.value().sites[0].channels);
  EXPECT_NEAR(confirmed.value()->enough.blocking.mean, erlang_b(Erlangs{30}, 20).value(), 0.01);
}

/// The burst of ten minutes begins sooner than ten mean calls after the start: its rise counts nevertheless.
TEST(Confirm, MeasuresAnEarlyPeakToo) {
  const Scenario scenario = scenario_of(
      office("arrivals: { process: varying, table: [{ from: 0min, rate: 0.02/s }, { from: 10min, rate: 0.5/s }, { from: 20min, rate: 0.02/s }] }, "
             "holding: { distribution: exponential, mean: 180s }"));
  const auto plan = capacity_plan(scenario, {});
  const SitePlan& site = plan.value().sites[0];
  ASSERT_EQ(site.rates.size(), 1U);
  EXPECT_NEAR(site.rates[0].value() * site.seizure.total_s(), site.peak.erlangs, 1e-9);
  const auto confirmed = confirm_site(scenario, plan.value(), site, {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_NEAR(confirmed.value()->enough.channels, site.channels, 0.1 * site.channels);
  EXPECT_GE(confirmed.value()->measured, Span{std::chrono::minutes{45}});
}

TEST(Confirm, LeavesOutWhatWouldTakeTooLong) {
  const Scenario scenario = scenario_of(office("arrivals: { process: poisson, rate: 100000/s }, holding: { distribution: exponential, mean: 100s }"));
  const auto plan = capacity_plan(scenario, {});
  const auto confirmed = confirm_site(scenario, plan.value(), plan.value().sites[0], {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_TRUE(confirmed.value()->too_large);
}

/// With a region gone, all that was ordered meets the objective, and the step below the indifference zone does not: sao-paulo's calls go elsewhere,
/// and 91 channels are enough (Erlang B: 0.874 %), 90 are not (1.070 %).
TEST(Prove, WhatWasOrderedHoldsWithARegionGoneAndOneStepLessDoesNot) {
  Scenario scenario = five_regions();
  std::erase_if(scenario.demands, [](const DemandSpec& demand) { return demand.site != 2; });
  auto plan = capacity_plan(scenario, {.survive = Survive::region});
  ASSERT_TRUE(plan);
  const SitePlan& site = plan.value().sites[0];
  const auto confirmed = confirm_site(scenario, plan.value(), site, {});
  ASSERT_TRUE(confirmed && confirmed.value());
  ASSERT_EQ(confirmed.value()->enough.channels, 91U);
  EXPECT_EQ(plan.value().cases[confirmed.value()->gone].title, "without sae1");
  ASSERT_TRUE(confirmed.value()->too_few);
  EXPECT_EQ(confirmed.value()->too_few->channels, 90U);
  EXPECT_GT(confirmed.value()->too_few->blocking.low, 0.01);
  order_channels(scenario, plan.value(), site.site, 91);
  order_sessions(scenario, plan.value());
  auto proofs = prove(scenario, plan.value(), {});
  ASSERT_TRUE(proofs && proofs.value());
  ASSERT_EQ(proofs.value()->size(), 3U) << "all is well, without sae1, without use1";
  for (const Proof& proof : *proofs.value()) {
    EXPECT_TRUE(proof.holds());
    EXPECT_NEAR(proof.blocking.mean, 0.00874, 0.0012);
  }
  order_channels(scenario, plan.value(), site.site, 86);
  order_sessions(scenario, plan.value());
  proofs = prove(scenario, plan.value(), {});
  ASSERT_TRUE(proofs && proofs.value());
  EXPECT_TRUE(std::ranges::all_of(*proofs.value(), &Proof::holds));
  EXPECT_GE(plan.value().sites[0].raised, 4U) << "86 channels block 2.2 %, 89 block 1.3 %";
  EXPECT_EQ(plan.value().sites[0].ordered, 86 + plan.value().sites[0].raised);
}

/// Half of the calls fail at the firewall: they hold no channel for long, but the room they leave is not planned with.
TEST(Confirm, DoesNotPlanWithTheRoomThatFailingCallsLeave) {
  Scenario scenario = read_scenario(TRUNKLAB_SOURCE_DIR "/scenarios/library/origination-firewall.yaml").value();
  for (DemandSpec& demand : scenario.demands) demand = scaled(demand, 0.05);
  auto plan = capacity_plan(scenario, {});
  const SitePlan& site = plan.value().sites[0];
  const auto confirmed = confirm_site(scenario, plan.value(), site, {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_LT(confirmed.value()->enough.channels, site.channels);
  EXPECT_EQ(confirmed.value()->to_order, site.channels);
  EXPECT_EQ(confirmed.value()->floor, Floor::failing);
  const auto proofs = prove(scenario, plan.value(), {});
  EXPECT_FALSE(proofs.value()->front().calls_work);
  EXPECT_TRUE(proofs.value()->front().misses());
  EXPECT_EQ(proofs.value()->front().failing_most, "firewall");
}

/// A burst that is there when the scenario begins: so are its calls. 3/s of 180 s are 540 Erlangs.
TEST(Confirm, BeginsWithTheCallsOfThePeakThatIsThereFromTheStart) {
  const Scenario scenario =
      scenario_of(office("arrivals: { process: varying, table: [{ from: 0min, rate: 3/s }, { from: 2min, rate: 1/s }] }, "
                         "holding: { distribution: exponential, mean: 180s }"));
  const auto plan = capacity_plan(scenario, {.blocking = Probability{0.05}});
  const SitePlan& site = plan.value().sites[0];
  EXPECT_NEAR(site.peak.erlangs, 540, 1);
  const auto confirmed = confirm_site(scenario, plan.value(), site, {});
  ASSERT_TRUE(confirmed && confirmed.value());
  EXPECT_GT(confirmed.value()->enough.channels, 350U) << "from an empty start 270 would do";
}

/// Callers who dial again hold more sessions than the formula knows of: as many are ordered as it takes, and never more than there are channels.
TEST(Prove, OrdersMoreSessionsWhereCallersDialAgain) {
  const Scenario scenario = scenario_of(
      "horizon: { duration: 4h }\nwarmup: 30min\nsites: { a: { channels: 60, routing: { target: fqdn, regions: [euc1, use1] } } }\ndemand:\n"
      "  d: { arrivals: { process: poisson, rate: 1/s }, holding: { distribution: lognormal, mean: 60s, cv: 1 },\n"
      "       answer: { answered: 40%, busy: 50%, no_answer: 10%, rejected: 0% }, ring_time: 10s, patience: 30s,\n"
      "       redial: { probability: 90%, delay: 10s, most: 7 } }\n");
  auto plan = capacity_plan(scenario, {});
  ASSERT_TRUE(plan);
  order_channels(scenario, plan.value(), 0, 79);
  order_sessions(scenario, plan.value());
  const std::uint32_t by_formula = plan.value().scopes.front().sessions;
  EXPECT_LT(by_formula, 60U);
  const auto proofs = prove(scenario, plan.value(), {});
  ASSERT_TRUE(proofs && proofs.value());
  for (const Proof& proof : *proofs.value()) EXPECT_NE(proof.blocking_verdict, Proof::Blocking::misses);
  const ScopePlan& account = plan.value().scopes.front();
  EXPECT_GT(account.sessions_raised, 0U);
  EXPECT_GT(account.sessions, by_formula);
  EXPECT_LE(account.sessions, plan.value().sites.front().ordered);
}

/// A cap that counts every INVITE, and calls that are challenged: two tokens each, in the order, in the headroom and in the proof.
TEST(Prove, OrdersTwoTokensForAChallengedCall) {
  const auto text = [](const char* cap) {
    return std::string("horizon: { duration: 4h }\nservice: { preset: sinch, authentication: { challenge: every_call }, caps: [") + cap +
           "] }\nsites: { a: { channels: 60, routing: { target: fqdn, regions: [euc1] } } }\ndemand:\n"
           "  d: { arrivals: { process: poisson, rate: 5/s }, holding: { distribution: exponential, mean: 5s } }\n";
  };
  const Scenario scenario = scenario_of(text("{ scope: account, cps: 8/s, burst: 11, counts: every_invite }"));
  const Scenario plain = scenario_of(text("{ scope: account, cps: 8/s, burst: 11 }"));
  auto plan = capacity_plan(scenario, {});
  const auto once = capacity_plan(plain, {});
  ASSERT_TRUE(plan && once);
  EXPECT_EQ(plan.value().scopes.front().cps, 2 * once.value().scopes.front().cps);
  const auto proofs = prove(scenario, plan.value(), {});
  ASSERT_TRUE(proofs && proofs.value());
  for (const Proof& proof : *proofs.value()) EXPECT_NE(proof.blocking_verdict, Proof::Blocking::misses);
  // 8 tokens a second are four calls; five are offered. The simulation refuses a third.
  const auto tight = [](const Scenario& of, const CapacityPlan& by) {
    const auto all = headroom_of(of, by);
    return *std::ranges::find_if(all, [](const Headroom& each) { return each.what.starts_with("calls per second of the account"); });
  };
  EXPECT_LT(tight(scenario, plan.value()).factor, 0.8);
  EXPECT_GT(tight(scenario, plan.value()).needs, 10);
  EXPECT_GT(tight(plain, once.value()).factor, tight(scenario, plan.value()).factor * 1.9);
  // A bucket of one is emptied by the challenge.
  const Scenario shallow = scenario_of(text("{ scope: account, cps: 100/s, burst: 1, counts: every_invite }"));
  EXPECT_EQ(tight(shallow, capacity_plan(shallow, {}).value()).factor, 0);
}

TEST(Prove, JudgesSetUpDelayAndQuality) {
  Scenario scenario = scenario_of(office(std::string(plain) + ", codecs: [G.711a], post_dial_delay: 3s"));
  const auto holds = [&](std::optional<Span> delay, std::optional<double> quality) {
    scenario.objectives.setup_delay = delay;
    scenario.objectives.quality = quality;
    auto plan = capacity_plan(scenario, {});
    const auto proofs = prove(scenario, plan.value(), {});
    return proofs.value()->front().holds();
  };
  EXPECT_TRUE(holds(4s, 3.5));
  EXPECT_FALSE(holds(2s, 3.5));
  EXPECT_FALSE(holds(4s, 4.4));
  EXPECT_TRUE(holds(std::nullopt, std::nullopt));
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
