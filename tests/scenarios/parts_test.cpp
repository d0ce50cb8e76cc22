// What the reader makes of the parts that the demo does not use.
#include <gtest/gtest.h>

#include "scenarios/reader.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr const char* one_site = "sites:\n  a: { routing: { regions: [euc1] } }\n";
constexpr const char* one_demand = "demand:\n  d: { arrivals: { process: poisson, rate: 1/s }, holding: 180s }\n";

class Parts : public testing::Test {
 protected:
  Scenario read(const std::string& text) {
    Result<Scenario> result = parse_scenario(text, folder_.path() / "x.yaml");
    if (!result) throw std::runtime_error(text_of(result.problems()));
    return std::move(result).value();
  }
  /// The one demand of a scenario with these arrivals and this talk time.
  DemandSpec demand(const std::string& arrivals, const std::string& rest) {
    return read(std::string("horizon: { duration: 1h }\n") + one_site + "demand:\n  d: { arrivals: " + arrivals + rest + " }\n").demands.at(0);
  }
  Site site(const std::string& text) { return read("horizon: { duration: 1h }\nsites:\n  a: " + text + "\n" + one_demand).sites.at(0); }
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }

 private:
  TemporaryFolder folder_;
};

TEST_F(Parts, CountsBecomeRatesAndGapsBecomeSilence) {
  write_file(file("counts.csv"),
             "when,n\n2026-03-02 07:55:00,99\n2026-03-02 08:05:00,30\n2026-03-02 08:10:00,60\n2026-03-02 08:20:00,15\n2026-03-02 09:00:00,99\n");
  const auto arrivals = std::get<VaryingArrivals>(
      demand("{ process: counts, file: counts.csv, time_column: when, count_column: n, every: 5min, from: 2026-03-02T08:00:00, scale: 200% }",
             ", holding: 1s")
          .arrivals);
  const auto point = [](Span at, double rate) { return RatePoint{run_start + at, CallsPerSecond{rate}}; };
  EXPECT_EQ(arrivals.table,
            (std::vector<RatePoint>{point(0s, 0), point(5min, 0.2), point(10min, 0.4), point(15min, 0), point(20min, 0.1), point(25min, 0)}));
}

TEST_F(Parts, TraceIsCheckedByItsHeadingAndKeptByName) {
  write_file(file("calls.csv"), "arrival,seconds,outcome\nnot looked at yet\n");
  const DemandSpec spec = demand(
      "{ process: trace, file: calls.csv, arrival_column: arrival, holding_column: seconds, where: { column: outcome, is: answered }, "
      "from: 1970-01-01T00:00:10, to: 1970-01-01T00:30:00, scale: 250%, jitter: 30s }",
      "");
  EXPECT_EQ(std::get<TraceArrivals>(spec.arrivals), (TraceArrivals{.file = file("calls.csv").string(),
                                                                   .arrival_column = "arrival",
                                                                   .holding_column = "seconds",
                                                                   .where_column = "outcome",
                                                                   .where_value = "answered",
                                                                   .from_unix_ns = 10'000'000'000,
                                                                   .to_unix_ns = 1'800'000'000'000,
                                                                   .scale = 2.5,
                                                                   .jitter = 30s}));
}

TEST_F(Parts, EmpiricalValuesAreSorted) {
  write_file(file("talk.csv"), "id,talk_s\n1,30\n2,0.5\n3,12\n");
  const auto holding = std::get<Empirical>(
      demand("{ process: deterministic, every: 10s, offset: 1s }", ", holding: { distribution: empirical, file: talk.csv, column: talk_s }").holding);
  EXPECT_EQ(*holding.sorted_values, (std::vector<Span>{500ms, 12s, 30s}));
}

TEST_F(Parts, ABareDurationIsAFixedOne) {
  const DemandSpec spec = demand("{ process: deterministic, every: 10s }", ", holding: 3min, ring_time: { distribution: exponential, mean: 8s }");
  EXPECT_EQ(spec.holding, Distribution{Fixed{3min}});
  EXPECT_EQ(spec.ring_time, Distribution{Exponential{8s}});
  EXPECT_EQ(spec.post_dial_delay, Distribution{Fixed{0s}});
  EXPECT_EQ(std::get<DeterministicArrivals>(spec.arrivals), (DeterministicArrivals{.every = 10s, .offset = 0s}));
}

TEST_F(Parts, ASingleAddressUsesTheRegionOfItsEdge) {
  const Routing routing = site("{ routing: { target: single-address, edge: use1/2, regions: [euc1, use1] } }").routing;
  EXPECT_EQ(routing.target, TargetKind::single_address);
  EXPECT_EQ(routing.edge, 3);
  EXPECT_EQ(routing.regions, std::vector<std::uint16_t>{1});
}

TEST_F(Parts, RoutingKeepsItsDefaultsUnlessAKeySaysOtherwise) {
  const Routing usual = site("{ routing: { regions: [euc1] } }").routing;
  EXPECT_EQ(usual.target, TargetKind::fqdn);
  EXPECT_EQ(usual.cache, DnsCache::ttl);
  EXPECT_EQ(usual.hunting, HuntingPolicy{});

  const Routing own =
      site("{ routing: { regions: [euc1], cache: forever, no_response: 2s, advance_on: [503, 408], probe: { every: 60s }, hold_down: never } }")
          .routing;
  EXPECT_EQ(own.cache, DnsCache::forever);
  EXPECT_EQ(own.hunting.no_response, 2s);
  EXPECT_EQ(own.hunting.advance_codes, (std::vector<std::uint16_t>{408, 503}));
  EXPECT_EQ(own.hunting.hold_down, std::nullopt);
  EXPECT_EQ(own.hunting.probe, (ProbeSpec{.every = 60s}));
  EXPECT_EQ(site("{ routing: { regions: [euc1], probe: never } }").routing.hunting.probe, std::nullopt);
}

TEST_F(Parts, AServiceMayBeChangedOrAllTheUsersOwn) {
  const Service changed = read(R"(
service:
  preset: sinch
  names: { ttl: 5s, answer: all }
  caps: [{ scope: source_address, cps: 30/min, burst: 3, sessions: 1, code: 486, retry_after: 2s }]
  regions:
    euc1: { host_name: euc1.example.com, edges: [192.0.2.1, 192.0.2.2, 192.0.2.3] }
    lab: { title: Laboratory, host_name: lab.example.com, edges: [192.0.2.9] }
horizon: { duration: 1h }
)" + std::string(one_site) + one_demand)
                              .service;
  EXPECT_EQ(changed.name, "sinch");
  EXPECT_EQ(changed.names, (NameSpec{.ttl = 5s, .answer = NameSpec::Answer::all}));
  ASSERT_EQ(changed.caps.size(), 1U);
  EXPECT_EQ(changed.caps[0], (CapSpec{CapScope::source_address, CallsPerSecond{0.5}, 3, 1, 486, 2s}));
  ASSERT_EQ(changed.regions.size(), 6U);
  EXPECT_EQ(changed.regions[0].title, "euc1") << "a region is replaced whole";
  EXPECT_EQ(changed.regions[0].edges.size(), 3U);
  EXPECT_EQ(changed.edges.size(), 12U);
  EXPECT_EQ(changed.edges.back().name, "lab/1");
  EXPECT_EQ(changed.region_of_edge.back(), 5);

  const Scenario own = read("service:\n  regions: { euc1: { host_name: a.example.com, edges: [192.0.2.1] } }\nhorizon: { duration: 1h }\n" +
                            std::string(one_site) + one_demand);
  EXPECT_EQ(own.service.name, "own");
  EXPECT_EQ(own.service.edges.size(), 1U);
}

TEST_F(Parts, WhatIsLeftOutHasItsDocumentedDefault) {
  const Scenario scenario = read("horizon: { duration: 1h }\n" + std::string(one_site) + one_demand);
  EXPECT_EQ(scenario.horizon.start_unix_ns, 0);
  EXPECT_EQ(scenario.seed, 1U);
  EXPECT_EQ(scenario.warmup, std::nullopt);
  EXPECT_EQ(scenario.series_every, std::nullopt);
  EXPECT_EQ(scenario.service.name, "sinch");
  EXPECT_EQ(scenario.sites[0].channels, std::nullopt);
  EXPECT_EQ(scenario.sites[0].transport, Transport::udp);
  EXPECT_EQ(scenario.sites[0].media_timeout, 60s);
  EXPECT_EQ(scenario.demands[0].answer, AnswerMix{});
  EXPECT_EQ(scenario.demands[0].patience, Distribution{Fixed{60s}});
  EXPECT_TRUE(scenario.faults.empty());
  EXPECT_EQ(scenario.objectives.blocking, std::nullopt);
}

TEST_F(Parts, TimesOfTheRunAreKept) {
  const Scenario scenario = read("horizon: { start: 2026-03-02T08:00:00+01:00, duration: 2h }\nwarmup: 30min\nseries_every: 10s\n" +
                                 std::string(one_site) + one_demand + "faults: [{ at: 1h30min, edge: apse2/2, kind: crash }]\n");
  EXPECT_EQ(scenario.horizon.start_unix_ns, 1'772'434'800'000'000'000);
  EXPECT_EQ(scenario.horizon.utc_offset_s, 3600);
  EXPECT_EQ(scenario.warmup, 30min);
  EXPECT_EQ(scenario.series_every, 10s);
  ASSERT_EQ(scenario.faults.size(), 1U);
  EXPECT_EQ(scenario.faults[0].edges, std::vector<EdgeIndex>{9});
  EXPECT_EQ(scenario.faults[0].duration, std::nullopt);
  EXPECT_EQ(directory_of(scenario).faults[0].until, never);
}

}  // namespace
}  // namespace trunklab
