// The loss system: simulated blocking meets Erlang B, whatever the law of the talk time.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <cmath>

#include "models/teletraffic/erlang_b.hpp"
#include "tests/sim/support.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

struct Case {
  const char* name;
  std::uint32_t channels;
  double offered;       ///< Erlang
  const char* holding;  ///< mean 100 s
  const char* duration;
  std::uint32_t replications;
};

class LossSystem : public ::testing::TestWithParam<Case> {};

/// Counts without keeping rows.
struct BlockingSink : RunSink {
  std::uint64_t offered = 0;
  std::uint64_t blocked = 0;
  void begin_replication(std::uint32_t) override {}
  void calls(std::span<const CallRecord> rows) override {
    for (const CallRecord& row : rows) {
      offered += row.initial() ? 0U : 1U;
      blocked += row.outcome == Outcome::blocked ? 1U : 0U;
    }
  }
  void attempts(std::span<const Attempt>) override {}
  void events(std::span<const RunEvent>) override {}
  void samples(std::span<const Sample>) override {}
};

TEST_P(LossSystem, BlockingMeetsErlangB) {
  const Case& c = GetParam();
  Scenario scenario = scenario_of(fmt::format(R"(
horizon: {{ duration: {} }}
sites:
  pbx: {{ channels: {}, routing: {{ target: addresses, regions: [euc1] }} }}
demand:
  d: {{ arrivals: {{ process: poisson, rate: {:.6f}/s }}, holding: {{ {} }}, caller_hangs_up: 100% }}
)",
                                              c.duration, c.channels, c.offered / 100, c.holding));
  const double theory = erlang_b(Erlangs{c.offered}, c.channels).value();
  std::vector<double> blocking;
  for (std::uint32_t seed = 1; seed <= c.replications; ++seed) {
    scenario.seed = seed;
    BlockingSink sink;
    ASSERT_TRUE(run_once(scenario, {}, sink));
    blocking.push_back(static_cast<double>(sink.blocked) / static_cast<double>(sink.offered));
  }
  double mean = 0;
  for (const double b : blocking) mean += b / c.replications;
  double variance = 0;
  for (const double b : blocking) variance += (b - mean) * (b - mean) / (c.replications - 1);
  const double standard_error = std::sqrt(variance / c.replications);
  EXPECT_NEAR(mean, theory, tolerance::standard_errors * standard_error);
  EXPECT_LE(standard_error, tolerance::relative_standard_error * theory);
}

INSTANTIATE_TEST_SUITE_P(Sizes, LossSystem,
                         ::testing::Values(Case{"ten_exponential", 10, 8, "distribution: exponential, mean: 100s", "20d", 10},
                                           Case{"ten_lognormal", 10, 8, "distribution: lognormal, mean: 100s, cv: 1.5", "20d", 10},
                                           Case{"hundred_exponential", 100, 97, "distribution: exponential, mean: 100s", "4d", 10},
                                           Case{"hundred_lognormal", 100, 97, "distribution: lognormal, mean: 100s, cv: 1.5", "4d", 10},
                                           Case{"thousand_exponential", 1000, 1000, "distribution: exponential, mean: 100s", "1d", 10},
                                           Case{"thousand_lognormal", 1000, 1000, "distribution: lognormal, mean: 100s, cv: 1.5", "1d", 10}),
                         [](const auto& each) { return each.param.name; });

TEST(OneInstant, AChannelFreedAtTheInstantOfANewCallServesIt) {
  const auto rows = run(scenario_of(R"(
horizon: { duration: 100s }
warmup: 0s
sites:
  pbx: { channels: 1, routing: { target: addresses, regions: [euc1] } }
demand:
  d: { arrivals: { process: deterministic, every: 10s, offset: 0s }, holding: 10s, caller_hangs_up: 100% }
)"))
                        .rows;
  for (const CallRecord& call : rows.call_rows) EXPECT_EQ(call.outcome, Outcome::answered) << in_seconds(call.offered);
  EXPECT_EQ(rows.call_rows.size(), 10U);
}

TEST(Laws, EveryOfferedCallEndsOnceAndMoreChannelsBlockLess) {
  std::uint64_t blocked_before = ~0ULL;
  for (const std::uint32_t channels : {5U, 10U, 20U, 40U}) {
    const auto ran = run(scenario_of(fmt::format(R"(
horizon: {{ duration: 1d }}
sites:
  pbx: {{ channels: {}, routing: {{ target: addresses, regions: [euc1] }} }}
demand:
  d: {{ arrivals: {{ process: poisson, rate: 6/min }}, holding: {{ distribution: gamma, mean: 100s, cv: 0.7 }}, ring_time: 5s }}
)",
                                                 channels)));
    std::uint64_t blocked = 0;
    std::uint64_t offered = 0;
    for (const CallRecord& call : ran.rows.call_rows) {
      offered += call.initial() ? 0U : 1U;
      blocked += call.outcome == Outcome::blocked ? 1U : 0U;
    }
    EXPECT_EQ(offered, ran.end.offered);
    EXPECT_LT(blocked, blocked_before);
    blocked_before = blocked;
    EXPECT_LE(ran.end.total.max, channels);
  }
}

TEST(Caps, TheRefusingCapIsNamedAndItsCodeDecidesWhetherTheCallHunts) {
  const auto scenario = scenario_of(R"(
service: { preset: sinch, caps: [ { scope: edge, sessions: 2, code: 503 }, { scope: account, sessions: 3, code: 603 }, { scope: region, cps: 1/s, burst: 100, code: 603 } ] }
horizon: { duration: 100s }
warmup: 0s
sites:
  pbx: { routing: { target: addresses, regions: [euc1], hold_down: never } }
demand:
  d: { arrivals: { process: deterministic, every: 1s, offset: 1s }, holding: 1h }
)");
  const auto rows = run(scenario).rows.by_id();
  std::vector<CallRecord> calls;
  for (const auto& [id, call] : rows) calls.push_back(call);
  ASSERT_EQ(calls.size(), 99U);
  EXPECT_EQ(calls[0].edge, 0);
  EXPECT_EQ(calls[1].edge, 0);
  EXPECT_EQ(calls[2].edge, 1);  // the first edge's 503 makes the call hunt
  EXPECT_EQ(calls[2].attempts, 2);
  EXPECT_EQ(calls[3].outcome, Outcome::blocked);  // the account's 603 stops it at the second edge
  EXPECT_EQ(calls[3].reason, Reason::cap_sessions);
  EXPECT_EQ(calls[3].cap, 1);
  EXPECT_EQ(calls[3].code, 603);
}

}  // namespace
}  // namespace trunklab
