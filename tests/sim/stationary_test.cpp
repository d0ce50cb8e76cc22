// A stationary start: the first minute of a run looks like any later one.
#include <gtest/gtest.h>

#include <cmath>

#include "models/teletraffic/erlang_b.hpp"
#include "sim/stationary.hpp"
#include "tests/sim/support.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using testing::scenario_of;
using namespace std::chrono_literals;

struct Found {
  double talking = 0;
  double in_set_up = 0;
  double left_s = 0;  ///< mean of what is left of the talk
};

Found mean_start(const Scenario& scenario, std::uint32_t replications) {
  Found found;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    for (const InitialCall& initial : stationary_calls(scenario, replication)) {
      (initial.talking ? found.talking : found.in_set_up) += 1;
      if (initial.talking) found.left_s += in_seconds(initial.answered + initial.call.talk);
    }
  }
  found.left_s /= found.talking;
  found.talking /= replications;
  found.in_set_up /= replications;
  return found;
}

TEST(StationaryStart, NumbersAndResidualsAreThoseOfTheEquilibrium) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 1h }
sites:
  pbx: { routing: { target: addresses, regions: [euc1] } }
demand:
  d: { arrivals: { process: poisson, rate: 1/s }, holding: { distribution: lognormal, mean: 100s, cv: 1 }, answer: { answered: 80%, busy: 20% },
       post_dial_delay: 2s, ring_time: 10s, patience: 60s }
)");
  constexpr std::uint32_t replications = 200;
  const Found found = mean_start(scenario, replications);
  const auto poisson_tolerance = [&](double mean) { return tolerance::standard_errors * std::sqrt(mean / replications); };
  EXPECT_NEAR(found.talking, 80, poisson_tolerance(80));
  EXPECT_NEAR(found.in_set_up, 0.8 * 12 + 0.2 * 2, poisson_tolerance(10));
  // Mean residual: m (1 + cv^2) / 2; third moments of a lognormal of cv 1 give the residual a standard deviation of about 2.2 m.
  EXPECT_NEAR(found.left_s, 100, tolerance::standard_errors * 220 / std::sqrt(80.0 * replications));
}

TEST(StationaryStart, OnLimitedChannelsItIsTheErlangDistribution) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 1h }
sites:
  pbx: { channels: 20, routing: { target: addresses, regions: [euc1] } }
demand:
  d: { arrivals: { process: poisson, rate: 12/min }, holding: { distribution: exponential, mean: 100s } }
)");
  constexpr std::uint32_t replications = 2000;
  const double blocking = erlang_b(Erlangs{20}, 20).value();
  double full = 0;
  for (std::uint32_t replication = 0; replication < replications; ++replication) full += stationary_calls(scenario, replication).size() == 20 ? 1 : 0;
  EXPECT_NEAR(full / replications, blocking, tolerance::standard_errors * std::sqrt(blocking * (1 - blocking) / replications));
}

TEST(StationaryStart, SitesThatShareACapNeverExceedIt) {
  const Scenario scenario = scenario_of(R"(
service: { preset: sinch, caps: [ { scope: account, sessions: 30 } ] }
horizon: { duration: 1h }
sites:
  a: { channels: 25, routing: { target: addresses, regions: [euc1] } }
  b: { routing: { target: addresses, regions: [use1] } }
demand:
  one: { site: a, arrivals: { process: poisson, rate: 12/min }, holding: 100s }
  two: { site: b, arrivals: { process: poisson, rate: 12/min }, holding: 100s }
)");
  double full = 0;
  constexpr std::uint32_t replications = 1000;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    const auto calls = stationary_calls(scenario, replication);
    EXPECT_LE(calls.size(), 30U);
    full += calls.size() == 30 ? 1 : 0;
  }
  // Were it not for a's channels: 40 Erlang on 30 sessions. They take a little away.
  EXPECT_NEAR(full / replications, erlang_b(Erlangs{40}, 30).value(), 0.05);
}

TEST(StationaryStart, DeterministicAndTracedDemandsStartEmpty) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 1h }
sites:
  pbx: { routing: { target: addresses, regions: [euc1] } }
demand:
  d: { arrivals: { process: deterministic, every: 1s }, holding: 100s }
)");
  EXPECT_TRUE(stationary_calls(scenario, 0).empty());
}

}  // namespace
}  // namespace trunklab
