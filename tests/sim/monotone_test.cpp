// More of everything never hurts: path by path in a plain group of channels, in the mean elsewhere. And every message at an edge is accounted for.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/statistics/intervals.hpp"
#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::Ran;
using testing::run;
using testing::scenario_of;

std::int64_t blocked_in(const Scenario& scenario, std::uint32_t replication) {
  const Ran ran = run(scenario, {.replication = replication});
  return std::ranges::count(ran.rows.call_rows, Outcome::blocked, &CallRecord::outcome);
}

TEST(Monotone, OneMoreChannelNeverBlocksMoreCallsPathByPath) {
  for (std::uint32_t replication = 0; replication < 30; ++replication) {
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    for (int channels = 1; channels <= 20; channels += 1 + channels / 6) {
      const auto scenario = scenario_of(fmt::format(R"(
horizon: {{ duration: 1h }}
warmup: 0s
sites: {{ pbx: {{ channels: {}, routing: {{ target: addresses, regions: [euc1], probe: never }} }} }}
demand: {{ d: {{ arrivals: {{ process: poisson, rate: 6/min }}, holding: {{ distribution: lognormal, mean: 100s, cv: 1.5 }} }} }}
)",
                                                    channels));
      const std::int64_t blocked = blocked_in(scenario, replication);
      EXPECT_LE(blocked, before) << channels << " channels, replication " << replication;
      before = blocked;
    }
    EXPECT_LT(before, 30);
  }
}

struct PairRow {
  const char* what;
  const char* less;
  const char* more;
};

/// The texts differ in one place of the scenario: {0} service, {1} site, {2} demand.
TEST(Monotone, ElsewhereMoreBlocksNoMoreInTheMean) {
  const std::vector<PairRow> rows{
      {"channels with redials", "caps: []|channels: 8|, redial: { probability: 70%, delay: 20s, most: 3 }",
       "caps: []|channels: 9|, redial: { probability: 70%, delay: 20s, most: 3 }"},
      {"a deeper bucket", "caps: [{ scope: account, cps: 12/min, burst: 2 }]|channels: 30|",
       "caps: [{ scope: account, cps: 12/min, burst: 4 }]|channels: 30|"},
      {"a faster bucket, hunting", "caps: [{ scope: edge, cps: 4/min, burst: 2 }]|channels: 30|",
       "caps: [{ scope: edge, cps: 5/min, burst: 2 }]|channels: 30|"},
  };
  const auto scenario = [](const std::string& parts) {
    const auto first = parts.find('|');
    const auto second = parts.find('|', first + 1);
    return scenario_of(fmt::format(R"(
service: {{ preset: sinch, {} }}
horizon: {{ duration: 30min }}
warmup: 0s
sites: {{ pbx: {{ {}, routing: {{ target: addresses, regions: [euc1], probe: never }} }} }}
demand: {{ d: {{ arrivals: {{ process: poisson, rate: 10/min }}, holding: {{ distribution: exponential, mean: 60s }}{} }} }}
)",
                                   parts.substr(0, first), parts.substr(first + 1, second - first - 1), parts.substr(second + 1)));
  };
  constexpr std::uint32_t replications = 100;
  for (const PairRow& row : rows) {
    const Scenario less = scenario(row.less);
    const Scenario more = scenario(row.more);
    std::vector<double> gains;
    for (std::uint32_t i = 0; i < replications; ++i) gains.push_back(static_cast<double>(blocked_in(less, i) - blocked_in(more, i)));
    EXPECT_GT(t_interval(gains, 0.99).low, 0) << row.what;
  }
}

/// A hundred calls, 12 s apart and none at the same time as another: what each costs at an edge.
TEST(Messages, AtAnEdgeAddUp) {
  const auto served = [](const std::string& rest) {
    const auto scenario = scenario_of(fmt::format(R"(
service: {{ preset: sinch, capacity: {{ service_time: 1ms }}{}
horizon: {{ duration: 1200s }}
warmup: 0s
sites: {{ pbx: {{ routing: {{ target: addresses, regions: [euc1], probe: never }} }} }}
)",
                                                  rest));
    const Ran ran = run(scenario, {.left_out = {Role::health_check}});
    EXPECT_EQ(ran.end.offered, 100U);
    EXPECT_EQ(ran.end.messages_lost, 0U);
    return ran.end.messages_served;
  };
  const std::string calls = "arrivals: { process: deterministic, every: 12s, offset: 5s }, holding: 3s";
  const auto demand = [&](const std::string& more) { return " }\ndemand: { d: { " + calls + more + " } }"; };
  struct Row {
    const char* what;
    std::string text;
    std::uint64_t messages;
  };
  const std::vector<Row> rows{
      {"rings, is answered", demand(", ring_time: 2s"), 500},
      {"answered without ringing", demand(""), 400},
      {"busy", demand(", answer: { busy: 100% }"), 300},
      {"with a challenge: one INVITE and one ACK more", ", authentication: { code: 407 }" + demand(", ring_time: 2s"), 700},
      {"refused by the edge at once: INVITE and ACK", ", number_format_code: 484" + demand(", not_e164: 100%"), 200},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(served(row.text), row.messages) << row.what;
  }
}

}  // namespace
}  // namespace trunklab
