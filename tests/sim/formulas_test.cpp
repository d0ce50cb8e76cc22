// The simulator against formulas of teletraffic theory. The literals are of tests/oracles; the unit of time there is one mean holding time, 100 s
// here.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/teletraffic/fixed_point.hpp"
#include "tests/sim/support.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using testing::scenario_of;
using namespace std::chrono_literals;

/// Counts without keeping rows.
struct CountingSink : RunSink {
  double first = 0, first_blocked = 0, all = 0, all_blocked = 0, queued = 0, queued_calls = 0, admitted = 0, callback_failed = 0;
  void begin_replication(std::uint32_t) override {}
  void calls(std::span<const CallRecord> rows) override {
    for (const CallRecord& row : rows) {
      const bool blocked = row.outcome == Outcome::blocked;
      ++all;
      all_blocked += blocked ? 1 : 0;
      if (row.id.redial == 0) {
        ++first;
        first_blocked += blocked ? 1 : 0;
      }
      callback_failed += row.reason == Reason::callback ? 1 : 0;
      if (!blocked) {
        ++admitted;
        queued += in_seconds(row.queued);
        queued_calls += row.queued > Span::zero() ? 1 : 0;
      }
    }
  }
  void attempts(std::span<const Attempt>) override {}
  void events(std::span<const RunEvent>) override {}
  void samples(std::span<const Sample>) override {}
};

CountingSink counted(const Scenario& scenario) {
  CountingSink sink;
  if (!run_once(scenario, {}, sink)) throw std::runtime_error("the run was refused");
  return sink;
}

void expect_meets(const std::vector<double>& values, double theory, const char* what) {
  const auto n = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value / n;
  double variance = 0;
  for (const double value : values) variance += (value - mean) * (value - mean) / (n - 1);
  const double standard_error = std::sqrt(variance / n);
  EXPECT_NEAR(mean, theory, tolerance::standard_errors * standard_error) << what;
  EXPECT_LE(standard_error, tolerance::relative_standard_error * theory) << what;
}

/// Callers who redial: 5 channels, 4 Erlang, half of the blocked ones, exponential delay.
struct Retrial {
  const char* delay;
  int most;
  double first;
  double all;
};

TEST(Formulas, Retrials) {
  for (const Retrial& c : {Retrial{"10s", 1, .215935659473, .266575491780}, Retrial{"100s", 2, .243144906473, .264232432142}}) {
    Scenario scenario = scenario_of(fmt::format(R"(
horizon: {{ duration: 20d }}
warmup: 0s
series_every: 1d
sites: {{ pbx: {{ channels: 5, routing: {{ target: addresses, regions: [euc1], probe: never }} }} }}
demand:
  d: {{ arrivals: {{ process: poisson, rate: 0.04/s }}, holding: {{ distribution: exponential, mean: 100s }},
       redial: {{ probability: 50%, delay: {{ distribution: exponential, mean: {} }}, most: {} }} }}
)",
                                                c.delay, c.most));
    std::vector<double> first;
    std::vector<double> all;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      scenario.seed = seed;
      const CountingSink sink = counted(scenario);
      first.push_back(sink.first_blocked / sink.first);
      all.push_back(sink.all_blocked / sink.all);
    }
    expect_meets(first, c.first, "first attempts");
    expect_meets(all, c.all, "all attempts");
  }
}

struct Bucket {
  double rho;
  int depth;
  double loss;
};

TEST(Formulas, TokenBucket) {
  for (const Bucket& c :
       {Bucket{.5, 1, .333333333333333}, Bucket{.8, 2, .199570306363143}, Bucket{1, 4, .130436501429071}, Bucket{1.5, 10, .333397014953593}}) {
    Scenario scenario = scenario_of(fmt::format(R"(
horizon: {{ duration: 24h }}
warmup: 0s
service: {{ preset: sinch, caps: [{{ scope: account, cps: 1/s, burst: {}, code: 603 }}] }}
sites: {{ pbx: {{ routing: {{ target: addresses, regions: [euc1], probe: never }} }} }}
demand: {{ d: {{ arrivals: {{ process: poisson, rate: {}/s }}, holding: 1s }} }}
)",
                                                c.depth, c.rho));
    std::vector<double> loss;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      scenario.seed = seed;
      const CountingSink sink = counted(scenario);
      loss.push_back(sink.all_blocked / sink.all);
    }
    expect_meets(loss, c.loss, "loss");
  }
}

/// 8 agents behind 10 trunks, 7 Erlang; 8 behind 20, 7.5 Erlang. Callers wait for ever.
struct Centre {
  int trunks;
  double erlangs;
  double blocked;
  double waits;
  double wait;
};

TEST(Formulas, ContactCentre) {
  for (const Centre& c :
       {Centre{10, 7, .105854820402369, .289926402085624, .053153173715698}, Centre{20, 7.5, .035715954432809, .693026297569896, .497120635383869}}) {
    Scenario scenario = scenario_of(fmt::format(R"(
horizon: {{ duration: {} }}
warmup: 0s
series_every: 1d
sites: {{ pbx: {{ channels: {}, contact_centre: {{ agents: 8 }}, routing: {{ target: addresses, regions: [euc1], probe: never }} }} }}
demand:
  d: {{ arrivals: {{ process: poisson, rate: {}/s }}, holding: {{ distribution: exponential, mean: 100s }}, patience: 72h, direction: origination, region: euc1 }}
)",
                                                c.trunks == 20 ? "60d" : "20d", c.trunks, c.erlangs / 100));
    std::vector<double> blocked;
    std::vector<double> waits;
    std::vector<double> wait;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      scenario.seed = seed;
      const CountingSink sink = counted(scenario);
      blocked.push_back(sink.all_blocked / sink.all);
      waits.push_back(sink.queued_calls / sink.admitted);
      wait.push_back(sink.queued / sink.admitted / 100);
    }
    expect_meets(blocked, c.blocked, "blocked");
    expect_meets(waits, c.waits, "share that waits");
    expect_meets(wait, c.wait, "mean wait");
  }
}

/// 2 workers, 1 s each on average, .9 busy: what takes longer than 5 s is hung up.
TEST(Formulas, CallbackBackend) {
  Scenario scenario = scenario_of(R"(
horizon: { duration: 72h }
warmup: 0s
service: { preset: sinch, callback: { latency: { distribution: exponential, mean: 1s }, timeout: 5s, workers: 2 } }
sites: { pbx: { routing: { target: addresses, regions: [euc1], probe: never } } }
demand: { d: { arrivals: { process: poisson, rate: 1.8/s }, holding: 1s } }
)");
  std::vector<double> late;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    scenario.seed = seed;
    const CountingSink sink = counted(scenario);
    late.push_back(sink.callback_failed / sink.all);
  }
  expect_meets(late, .391638749998571, "P(sojourn > 5 s)");
}

/// 8 Erlang; the first edge takes 5 sessions and refuses the rest without delay. The other 14 take 5 each, 70 in all: as good as endless for 3.8.
TEST(Formulas, OverflowOfTheFirstEdge) {
  Scenario scenario = scenario_of(R"(
horizon: { duration: 40d }
warmup: 0s
series_every: 1d
service:
  regions: { lab: { host_name: lab.example, edges: [10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5, 10.0.0.6, 10.0.0.7, 10.0.0.8, 10.0.0.9, 10.0.0.10,
    10.0.0.11, 10.0.0.12, 10.0.0.13, 10.0.0.14, 10.0.0.15] } }
  caps: [{ scope: edge, sessions: 5 }]
sites: { pbx: { routing: { target: addresses, regions: [lab], probe: never, hold_down: never } } }
demand: { d: { arrivals: { process: poisson, rate: 0.08/s }, holding: { distribution: exponential, mean: 100s } } }
)");
  std::vector<double> means;
  std::vector<double> variances;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    scenario.seed = seed;
    std::vector<std::pair<Instant, int>> steps;
    for (const CallRecord& call : testing::run(scenario, {.left_out = {Role::cap_watch}}).rows.call_rows) {
      if (call.edge == 0 || call.ended == never) continue;
      steps.emplace_back(call.offered, 1);
      steps.emplace_back(call.ended, -1);
    }
    std::ranges::sort(steps);
    double sums[2] = {};
    int busy = 0;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
      busy += steps[i].second;
      const double span_s = in_seconds(steps[i + 1].first - steps[i].first);
      sums[0] += busy * span_s;
      sums[1] += static_cast<double>(busy) * busy * span_s;
    }
    const double whole_s = in_seconds(scenario.horizon.duration);
    means.push_back(sums[0] / whole_s);
    variances.push_back(sums[1] / whole_s - means.back() * means.back());
  }
  expect_meets(means, 3.83206642497953, "mean");
  expect_meets(variances, 5.88064113985604, "variance");
}

/// Time shares of two edges: up 6/7 each, both down 1/49.
TEST(Formulas, TwoEdges) {
  std::vector<double> down;
  std::vector<double> both;
  Scenario scenario = scenario_of(R"(
horizon: { duration: 1100d }
warmup: 0s
series_every: 100d
sites: { pbx: { routing: { target: addresses, regions: [euc1], probe: never } } }
demand: { d: { arrivals: { process: deterministic, every: 366d }, holding: 1s } }
faults:
  - { edge: euc1/1, kind: crash, random: { mtbf: 2h, mttr: 20min } }
  - { edge: euc1/2, kind: crash, random: { mtbf: 2h, mttr: 20min } }
)");
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    scenario.seed = seed;
    std::array<bool, 2> is_down{};
    double down_s = 0;
    double both_s = 0;
    Instant last = run_start;
    const Instant end = run_start + scenario.horizon.duration;
    const auto pass = [&](Instant at) {
      down_s += is_down[0] ? in_seconds(at - last) : 0;
      both_s += is_down[0] && is_down[1] ? in_seconds(at - last) : 0;
      last = at;
    };
    for (const RunEvent& event : testing::run(scenario, {.left_out = {Role::health_check}}).rows.event_rows) {
      if (event.kind != EventKind::edge_crashed && event.kind != EventKind::edge_recovered) continue;
      pass(event.at);
      is_down[event.edge] = event.kind == EventKind::edge_crashed;
    }
    pass(end);
    down.push_back(down_s / in_seconds(scenario.horizon.duration));
    both.push_back(both_s / in_seconds(scenario.horizon.duration));
  }
  expect_meets(down, 1.0 / 7, "one down");  // about 11,300 cycles a seed
  expect_meets(both, 1.0 / 49, "both down");
}

/// Two sites, each with the other's region as its way out, regions that take 50 calls: where much is blocked the fixed point is within 5 %, where
/// little is it sees far too little, since overflow comes just when the other region is busy too (docs/erlang.md).
TEST(Formulas, AlternateRoutingMeetsItsFixedPointUnderHeavyLoadOnly) {
  const auto blocking_at = [](double erlangs) {
    const Scenario scenario = scenario_of(
        fmt::format("service: {{ preset: sinch, caps: [ {{ scope: region, sessions: 50 }} ] }}\nhorizon: {{ duration: 60h }}\nwarmup: 1h\nsites:\n"
                    "  a: {{ routing: {{ target: addresses, regions: [euc1, use1], probe: never, hold_down: never }} }}\n"
                    "  b: {{ routing: {{ target: addresses, regions: [use1, euc1], probe: never, hold_down: never }} }}\ndemand:\n"
                    "  x: {{ site: a, arrivals: {{ process: poisson, rate: {0}/s }}, holding: {{ distribution: exponential, mean: 100s }} }}\n"
                    "  y: {{ site: b, arrivals: {{ process: poisson, rate: {0}/s }}, holding: {{ distribution: exponential, mean: 100s }} }}\n",
                    erlangs / 100));
    const CountingSink seen = counted(scenario);
    const RoutedNetwork network{.links = {50, 50}, .demands = {{Erlangs{erlangs}, {{0}, {1}}}, {Erlangs{erlangs}, {{1}, {0}}}}};
    const FixedPoints found = erlang_fixed_points(network);
    EXPECT_FALSE(found.differ);
    return std::pair(seen.all_blocked / seen.all, found.from_empty.demands[0].value());
  };
  const auto [heavy, by_formula] = blocking_at(70);
  EXPECT_NEAR(by_formula / heavy, 1, 0.05);
  const auto [light, too_little] = blocking_at(45);
  EXPECT_LT(too_little, light / 2);
}

}  // namespace
}  // namespace trunklab
