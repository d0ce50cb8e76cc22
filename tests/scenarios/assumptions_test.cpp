// Which of our defaults a scenario relies on.
#include <gmock/gmock.h>

#include "scenarios/reader.hpp"

namespace trunklab {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

std::vector<Assumption> assumed(const std::string& text) {
  const auto scenario = parse_scenario(text, "test.yaml");
  if (!scenario) throw std::runtime_error(scenario.problems().front().text());
  return scenario.value().assumptions;
}

auto of(const std::string& where, const std::string& what) {
  return Contains(testing::AllOf(Field(&Assumption::where, where), Field(&Assumption::what, HasSubstr(what))));
}

const std::string head = "horizon: { duration: 1h }\n";

TEST(Assumptions, AreWhatTheScenarioLeavesOpen) {
  const auto list = assumed(head +
                            "sites:\n  oslo: { routing: { regions: [euc1] } }\n"
                            "demand:\n  retail: { arrivals: { process: poisson, rate: 1/s }, holding: 60s }\n");
  EXPECT_THAT(list, of("service", "no caps"));
  EXPECT_THAT(list, of("service", "names have a TTL of 1"));
  EXPECT_THAT(list, of("site oslo", "round-trip times of 0"));
  EXPECT_THAT(list, of("site oslo", "gives up an attempt after 4s"));
  EXPECT_THAT(list, of("site oslo", "probes by OPTIONS every 30s"));
  EXPECT_THAT(list, of("demand retail", "callers wait 1min"));
  EXPECT_THAT(list, of("demand retail", "no codecs"));
}

TEST(Assumptions, AreNotWhatItSays) {
  const auto list = assumed(head +
                            "service: { preset: sinch, caps: [{ scope: account, cps: 10/s }], names: { ttl: 30s } }\n"
                            "sites:\n  oslo: { channels: 30, rtt: { euc1: 20ms }, media_timeout: 30s, routing: { regions: [euc1], no_response: 4s, "
                            "no_progress: 120s, advance_on: [503], hold_down: 60s, probe: never } }\n"
                            "demand:\n  retail: { arrivals: { process: poisson, rate: 1/s }, holding: 60s, post_dial_delay: 1s, ring_time: 5s, "
                            "patience: 60s, caller_hangs_up: 50%, redial: { probability: 10% }, codecs: [{ share: 100%, offer: [G.711a] }] }\n");
  EXPECT_TRUE(list.empty()) << list.front().where << ": " << list.front().what;
}

TEST(Assumptions, OfSeveralSitesStandTogether) {
  std::string text = head + "sites:\n";
  for (const char* name : {"a", "b", "c", "d"}) text += std::string("  ") + name + ": { channels: 5, routing: { regions: [euc1] } }\n";
  text += "demand:\n";
  for (const char* name : {"a", "b", "c", "d"}) {
    text += std::string("  ") + name + ": { site: " + name + ", arrivals: { process: poisson, rate: 1/s }, holding: 60s }\n";
  }
  const auto list = assumed(text);
  EXPECT_THAT(list, of("sites a, b and 2 more", "round-trip times of 0"));
  EXPECT_THAT(list, Not(of("sites a, b and 2 more", "as many channels")));
}

}  // namespace
}  // namespace trunklab
