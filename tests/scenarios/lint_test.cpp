// Advice is given where it is due, and only there.
#include "scenarios/lint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/reader.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

struct Row {
  const char* name;
  std::string service = "{ preset: sinch, authentication: {} }";
  std::string channels = "600";
  std::string routing = "{ target: fqdn, regions: [euc1, use1] }";
  std::string arrivals = "{ process: poisson, rate: 1/s }";
  std::string rest = "";  ///< more keys of the demand
  std::string duration = "1h";
  std::vector<std::string> advice = {};  ///< the beginning of each
};

class Lint : public testing::TestWithParam<Row> {};

TEST_P(Lint, GivesExactlyThisAdvice) {
  const Row& row = GetParam();
  const Result<Scenario> scenario =
      parse_scenario("service: " + row.service + "\nhorizon: { duration: " + row.duration + " }\nsites:\n  a: { channels: " + row.channels +
                         ", routing: " + row.routing + " }\ndemand:\n  d: { arrivals: " + row.arrivals + ", holding: 180s" + row.rest + " }\n",
                     "lint.yaml");
  ASSERT_TRUE(scenario) << text_of(scenario.problems());
  std::vector<testing::Matcher<std::string>> expected;
  for (const std::string& advice : row.advice) expected.push_back(testing::StartsWith(advice));
  std::vector<std::string> given;
  for (const Advice& advice : lint(scenario.value())) given.push_back(advice.text());
  EXPECT_THAT(given, testing::ElementsAreArray(expected));
}

INSTANTIATE_TEST_SUITE_P(
    Table, Lint,
    testing::Values(
        Row{.name = "SilentWhereAllIsWell"},
        Row{.name = "SingleAddress",
            .routing = "{ target: single-address, edge: euc1/1 }",
            .advice = {"site a: all calls go to one address: \"make sure"}},
        Row{.name = "Addresses",
            .routing = "{ target: addresses, regions: [euc1, use1] }",
            .advice = {"site a: calls go to addresses instead of a name: \"Sinch strongly recommends"}},
        Row{.name = "AddressLeftOut",
            .service = "{ preset: sinch, authentication: {}, regions: { euc1: { host_name: euc1.sip.sinch.com, edges: [18.184.175.4] } } }",
            .routing = "{ target: addresses, regions: [euc1, use1] }",
            .advice = {"site a: calls go to addresses",
                       "site a: address 18.196.245.254 of euc1 is left out: \"Make sure to utilize all IP addresses and failover"}},
        Row{.name = "CacheForever",
            .routing = "{ target: fqdn, regions: [euc1, use1], cache: forever }",
            .advice = {"site a: the name is resolved once and for ever"}},
        Row{.name = "OneRegion", .routing = "{ regions: [euc1] }", .advice = {"site a: only one region is used"}},
        Row{.name = "NeitherProbeNorHoldDown",
            .routing = "{ regions: [euc1, use1], probe: never, hold_down: never }",
            .advice = {"site a: neither probes nor a hold-down"}},
        Row{.name = "HoldDownAloneIsEnough", .routing = "{ regions: [euc1, use1], probe: never }"},
        Row{.name = "LongNoResponse", .routing = "{ regions: [euc1, use1], no_response: 12s }", .advice = {"site a: no_response of 12s"}},
        Row{.name = "FrequentProbe", .routing = "{ regions: [euc1, use1], probe: { every: 5s } }", .advice = {"site a: a probe every 5s"}},
        Row{.name = "ProbeAtTenSecondsIsCustomary", .routing = "{ regions: [euc1, use1], probe: { every: 10s } }"},
        Row{.name = "TooFewChannels", .channels = "179", .advice = {"site a: about 180 erlangs offered to 179 channels at the peak"}},
        Row{.name = "JustEnoughChannels", .channels = "180"},
        Row{.name = "PeakOfATable",
            .channels = "300",
            .arrivals = "{ process: varying, table: [{ from: 0s, rate: 1/s }, { from: 10min, rate: 2/s }] }",
            .advice = {"site a: about 360 erlangs offered to 300 channels"}},
        Row{.name = "EdgeCapThatStopsTheHunt",
            .service = "{ preset: sinch, authentication: {}, caps: [{ scope: edge, cps: 5/s, code: 603 }] }",
            .advice = {"edge cap of 5/s: refuses with 603, on which site a does not advance"}},
        Row{.name = "EdgeCapThatMovesOn", .service = "{ preset: sinch, authentication: {}, caps: [{ scope: edge, cps: 5/s }] }"},
        Row{.name = "AccountCapThatIsTriedEverywhere",
            .service = "{ preset: sinch, authentication: {}, caps: [{ scope: account, cps: 5/s }] }",
            .advice = {"account cap of 5/s: refuses with 503, on which site a advances"}},
        Row{.name = "PeakAboveTheCap",
            .service = "{ preset: sinch, authentication: {}, caps: [{ scope: region, cps: 30/min }] }",
            .advice = {"region cap of 30/min: the demand's peak is 1/s"}},
        Row{.name = "RareCallsAreShownByTheHour",
            .service = "{ preset: sinch, authentication: {}, caps: [{ scope: region, cps: 0.001/h }] }",
            .arrivals = "{ process: poisson, rate: 5/h }",
            .advice = {"region cap of 0.001/h: the demand's peak is 5/h"}},
        Row{.name = "PeakThatTheBurstOutlasts",
            .service = "{ preset: sinch, authentication: {}, caps: [{ scope: region, cps: 1/s, burst: 601 }] }",
            .arrivals = "{ process: varying, table: [{ from: 0s, rate: 1/min }, { from: 10min, rate: 2/s }, { from: 20min, rate: 1/min }] }"},
        Row{.name = "PeakThatOutlastsTheBurst",
            .service = "{ preset: sinch, authentication: {}, caps: [{ scope: region, cps: 1/s, burst: 599 }] }",
            .arrivals = "{ process: varying, table: [{ from: 0s, rate: 1/min }, { from: 10min, rate: 2/s }, { from: 20min, rate: 1/min }] }",
            .advice = {"region cap of 1/s: the demand's peak is 2/s"}},
        Row{.name = "BurstOfAnHourAtThePeak",
            .service = "{ preset: sinch, authentication: {}, caps: [{ scope: region, cps: 1/h, burst: 3600 }] }",
            .duration = "48h"},
        Row{.name = "PeakOfASlope",
            .service = "{ preset: sinch, authentication: {}, caps: [{ scope: region, cps: 90/min }] }",
            .arrivals =
                "{ process: varying, between: linear, table: [{ from: 0s, rate: 0/s }, { from: 10min, rate: 2/s }, { from: 20min, rate: 0/s }] }",
            .advice = {"region cap of 1.5/s: the demand's peak is 2/s"}},
        Row{.name = "OneTargetIsTriedOnce",
            .service = "{ preset: sinch, authentication: {}, caps: [{ scope: account, cps: 5/s }] }",
            .routing = "{ target: fqdn, regions: [euc1] }",
            .advice = {"site a: only one region is used"}},
        Row{.name = "ANameThatGivesAllAddressesIsSeveralTargets",
            .service = "{ preset: sinch, authentication: {}, names: { answer: all }, caps: [{ scope: account, cps: 5/s }] }",
            .routing = "{ target: fqdn, regions: [euc1] }",
            .advice = {"site a: only one region is used", "account cap of 5/s: refuses with 503, on which site a advances"}},
        Row{.name = "NobodyWaitsLongerThanThePatience",
            .channels = "61",
            .rest = ", ring_time: 100s, patience: 60s, answer: { answered: 50%, no_answer: 50% }"},
        Row{.name = "RingingHoldsChannelsToo",
            .channels = "199",
            .rest = ", ring_time: 20s",
            .advice = {"site a: about 200 erlangs offered to 199 channels at the peak"}},
        Row{.name = "BusyCallsDoNotRing", .channels = "105", .rest = ", post_dial_delay: 5s, ring_time: 20s, answer: { answered: 50%, busy: 50% }"},
        Row{.name = "BusyCallsHoldChannelsUntilThen",
            .channels = "104",
            .rest = ", post_dial_delay: 5s, ring_time: 20s, answer: { answered: 50%, busy: 50% }",
            .advice = {"site a: about 105 erlangs offered to 104 channels at the peak"}}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace trunklab
