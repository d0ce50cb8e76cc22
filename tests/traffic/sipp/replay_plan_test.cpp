// The replay plan: the simulator's very calls, with the fate that the simulator gives them where nothing is in the way.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/sim/support.hpp"
#include "traffic/sipp/call_row.hpp"
#include "traffic/sipp/replay_survey.hpp"

namespace trunklab {
namespace {

using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

const std::string mixed = R"(
service: { preset: sinch, authentication: { code: 401 } }
horizon: { duration: 1h }
warmup: 1ms
seed: 11
sites:
  a: { routing: { target: addresses, regions: [euc1, use1], order: rotate, hold_down: never, probe: never } }
  b: { routing: { target: addresses, regions: [euc1], order: random, hold_down: never, probe: never } }
demand:
  one: { site: a, arrivals: { process: poisson, rate: 30/min }, holding: { distribution: lognormal, mean: 60s, cv: 1.2 },
         answer: { answered: 60%, busy: 15%, no_answer: 20%, rejected: 5% }, post_dial_delay: { distribution: gamma, mean: 5s, cv: 2 },
         ring_time: { distribution: exponential, mean: 20s }, patience: { distribution: exponential, mean: 60s }, not_e164: 5%,
         codecs: [ { share: 60%, offer: [G.711a] }, { share: 40%, offer: [Opus, G.711u] } ] }
  two: { site: b, arrivals: { process: poisson, rate: 10/min }, holding: { distribution: exponential, mean: 120s }, ring_time: 5s,
         destinations: [ { prefix: 44, share: 70% }, { prefix: 4670, share: 30%, ring_time: 250s } ], patience: 400s }
  three: { site: b, direction: origination, region: euc1, arrivals: { process: poisson, rate: 10/min }, ring_time: { distribution: exponential, mean: 9s },
           holding: 60s, answer: { answered: 80%, busy: 20% }, patience: { distribution: exponential, mean: 30s } }
)";

std::vector<ReplayCall> calls_of(const Scenario& scenario) {
  auto plan = ReplayPlan::open(scenario, 0);
  std::vector<ReplayCall> calls;
  ReplayCall call;
  while (plan.value().next(call)) calls.push_back(call);
  return calls;
}

TEST(ReplayPlan, HasTheTimetablesCallsInItsOrder) {
  const Scenario scenario = scenario_of(mixed);
  auto table = Timetable::open(scenario, 0);
  for (const ReplayCall& call : calls_of(scenario)) {
    ASSERT_NE(table.value().peek(), nullptr);
    EXPECT_EQ(*table.value().peek(), call.planned);
    table.value().pop();
  }
  EXPECT_EQ(table.value().peek(), nullptr);
}

TEST(ReplayPlan, CallsEndAsTheyDoInAnUndisturbedSimulation) {
  const Scenario scenario = scenario_of(mixed);
  const auto simulated = run(scenario).rows.by_id();
  std::map<Outcome, int> compared;
  for (const ReplayCall& call : calls_of(scenario)) {
    const CallRecord& record = simulated.at(call.planned.id);
    if (record.outcome == Outcome::in_progress) continue;
    ++compared[call.fate.outcome];
    EXPECT_EQ(call.fate.outcome, record.outcome) << call_name(scenario, call.planned.id);
    const Instant decided = record.outcome == Outcome::answered ? record.answered : record.ended;
    EXPECT_EQ(call.fate.decided, decided - record.offered) << call_name(scenario, call.planned.id);
    if (record.outcome == Outcome::answered && record.ending == Ending::normal) {
      EXPECT_EQ(call.planned.talk, record.ended - record.answered);
    }
  }
  EXPECT_GE(compared.size(), 6U) << "one of each kind at least";
}

TEST(ReplayPlan, HuntsBeginAtTheTargetOfTheSimulatorsFirstAttempt) {
  const Scenario scenario = scenario_of(mixed);
  const auto ran = run(scenario);
  std::map<CallId, EdgeIndex> first;
  for (const Attempt& attempt : ran.rows.attempt_rows) {
    if (attempt.number == 0) first.emplace(attempt.call, attempt.edge);
  }
  auto plan = ReplayPlan::open(scenario, 0);
  ReplayCall call;
  int compared = 0;
  while (plan.value().next(call)) {
    const ReplayGroup& group = plan.value().groups()[call.group];
    if (group.direction == Direction::origination || !first.contains(call.planned.id)) continue;
    const std::uint8_t target = hunting_order(group, call.first_target).front();
    EXPECT_EQ(group.targets[target].name, scenario.service.edges[first.at(call.planned.id)].name);
    ++compared;
  }
  EXPECT_GT(compared, 1000);
}

TEST(ReplayPlan, OffersAreThoseOfTheSimulation) {
  const Scenario scenario = scenario_of(mixed);
  const auto simulated = run(scenario).rows.by_id();
  // Which pair of codecs a call agreed on tells which offer it made: the first takes G.711a, the second Opus.
  std::map<std::uint8_t, std::set<const CodecOffer*>> offers;
  for (const ReplayCall& call : calls_of(scenario)) {
    const CallRecord& record = simulated.at(call.planned.id);
    if (call.offer != nullptr && record.codecs != no_codecs) offers[record.codecs].insert(call.offer);
  }
  EXPECT_EQ(offers.size(), 2U);
  for (const auto& [codecs, made] : offers) EXPECT_EQ(made.size(), 1U);
}

TEST(HuntingOrder, UsesUpOneSetOfTargetsBeforeTheNext) {
  ReplayGroup group;
  group.targets.resize(5);
  group.target_sets = {{.first = 0, .count = 2}, {.first = 2, .count = 3}};
  EXPECT_EQ(hunting_order(group, 0), (std::vector<std::uint8_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(hunting_order(group, 1), (std::vector<std::uint8_t>{1, 0, 3, 4, 2}));
  EXPECT_EQ(hunting_order(group, 5), (std::vector<std::uint8_t>{1, 0, 4, 2, 3}));
}

TEST(Survey, SharesCallsOutAmongAsManyProcessesAsTheyNeed) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 100s }
sites: { a: { routing: { target: addresses, regions: [euc1] } } }
demand: { calls: { arrivals: { process: deterministic, every: 10ms }, holding: 20s } }
)");
  const auto look = [&](const SippLimits& limits) { return survey(ReplayPlan::open(scenario, 0).value(), limits, nullptr).value().front(); };
  const GroupSurvey one = look({});
  EXPECT_EQ(one.calls, 10'000U);
  EXPECT_EQ(one.peak_a_second, 100U);
  EXPECT_EQ(one.concurrent, 2000U);
  EXPECT_EQ(one.shards, 1U);
  EXPECT_EQ(one.last_over, 99990ms + 20s);
  EXPECT_EQ(look({.calls_a_second = 30}).shards, 4U) << "30, 30, 30 and 10 a second";
  EXPECT_EQ(look({.concurrent = 700}).shards, 3U);
  EXPECT_NEAR(one.calls_ahead, 10'000 / 104.99, 0.01) << "all calls of 99.99 s, from 5 s before on";
}

TEST(CallRows, NumbersCannotRingAtAStrangers) {
  const Scenario scenario = scenario_of(mixed);
  const auto groups = replay_groups(scenario);
  const CallRows rows(scenario, groups);
  std::string text;
  for (const ReplayCall& call : calls_of(scenario)) rows.append(call, text);
  std::istringstream lines(text);
  std::size_t refused = 0;
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ';');) fields.push_back(cell);
    ASSERT_EQ(fields.size(), 15U) << line;
    const bool e164 = fields[2].starts_with("+999");
    EXPECT_TRUE(e164 || fields[2].starts_with("999")) << line;
    EXPECT_LE(fields[2].size(), 16U) << "E.164: 15 digits";
    EXPECT_TRUE(fields[3].starts_with("+9999"));
    EXPECT_EQ(fields[8] == "484", !e164);
    refused += e164 ? 0 : 1;
  }
  EXPECT_GT(refused, 50U);
}

TEST(CallRows, SdpNamesWhatIsOffered) {
  CodecOffer offer{.share = Probability{1}, .formats = {{.codec = Codec::g729, .ptime = 30ms}, {.codec = Codec::opus}, {.codec = Codec::pcmu}}};
  const OfferText text = offer_text(&offer);
  EXPECT_EQ(text.payloads, "18 96 0");
  EXPECT_EQ(text.ptime_ms, "30");
  EXPECT_EQ(text.attribute, "a=rtpmap:96 opus/48000/2");
}

}  // namespace
}  // namespace trunklab
