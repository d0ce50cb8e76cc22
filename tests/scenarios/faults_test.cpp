// Faults: what the reader makes of each kind, and what they are called.
#include <gtest/gtest.h>

#include "scenarios/reader.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

/// A scenario in which every kind of fault has something to happen to.
std::string with_faults(const std::string& faults) {
  return "service: { preset: sinch, authentication: {}, callback: {}, capacity: { service_time: 1ms }, zones: { west: [euc1/1, use1/1] } }\n"
         "horizon: { duration: 10h }\nwarmup: 1h\nsites:\n  stockholm: { routing: { regions: [euc1] } }\n  oslo: { routing: { regions: [euc1] } }\n"
         "demand:\n  d: { site: oslo, arrivals: { process: poisson, rate: 1/s }, holding: 180s, destinations: [{ prefix: 4670, share: 100% }], "
         "codecs: [G.711a] }\n"
         "faults:\n" +
         faults;
}

Scenario read(const std::string& faults) {
  const Result<Scenario> scenario = parse_scenario(with_faults(faults), "faults.yaml");
  if (!scenario) throw std::runtime_error(text_of(scenario.problems()));
  return scenario.value();
}

FaultSpec one(const std::string& keys) {
  return read("  - { at: 1h, for: 5min, " + keys + " }\n").faults.at(0);
}

constexpr Instant when = run_start + 1h;
constexpr std::optional<Span> lasts = 5min;

struct Row {
  const char* keys;
  const char* name;
  FaultSpec expected;  ///< but for the name
};

class Fault : public testing::TestWithParam<Row> {};

TEST_P(Fault, IsReadAndNamedAsPeopleWouldSayIt) {
  FaultSpec expected = GetParam().expected;
  expected.name = GetParam().name;
  const FaultSpec found = one(GetParam().keys);
  EXPECT_EQ(found.name, expected.name);
  EXPECT_EQ(found, expected) << GetParam().keys;
}

using Edges = std::vector<EdgeIndex>;
using Sites = std::vector<std::uint16_t>;

INSTANTIATE_TEST_SUITE_P(
    Table, Fault,
    testing::Values(
        Row{"kind: crash, edge: euc1/1", "euc1/1 crash", {.kind = FaultKind::crash, .at = when, .duration = lasts, .edges = {0}}},
        Row{"kind: crash, edges: [euc1/1, use1/2]", "euc1/1 and use1/2 crash", {.at = when, .duration = lasts, .edges = {0, 3}}},
        Row{"kind: crash, edges: [euc1/1, euc1/2, use1/1, use1/2]",
            "euc1/1 and 3 others crash",
            {.at = when, .duration = lasts, .edges = {0, 1, 2, 3}}},
        Row{"kind: crash, region: use1", "use1 region crash", {.at = when, .duration = lasts, .edges = {2, 3}}},
        Row{"kind: crash, zone: west", "zone west crash", {.at = when, .duration = lasts, .edges = {0, 2}}},
        Row{"kind: crash, zone: euc1/2", "zone euc1/2 crash", {.at = when, .duration = lasts, .edges = {1}}},
        Row{"kind: crash, edge: all", "every edge crash", {.at = when, .duration = lasts, .edges = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}},
        Row{"kind: crash, edge: euc1/1, mode: process",
            "euc1/1 process crash",
            {.at = when, .duration = lasts, .edges = {0}, .mode = CrashMode::process}},
        Row{"kind: crash, edge: euc1/1, mode: network, sites: [oslo]",
            "oslo path down to euc1/1",
            {.kind = FaultKind::path_down, .at = when, .duration = lasts, .edges = {0}, .sites = {1}}},
        Row{"kind: drain, edge: euc1/1", "euc1/1 drain", {.kind = FaultKind::drain, .at = when, .duration = lasts, .edges = {0}}},
        Row{"kind: overload, edge: euc1/1, factor: 5",
            "euc1/1 overload x5",
            {.kind = FaultKind::overload, .at = when, .duration = lasts, .edges = {0}, .factor = 5}},
        Row{"kind: grey, edge: euc1/1, share: 10%, effect: silent-before-100",
            "euc1/1 grey 10 % (silent before 100)",
            {.kind = FaultKind::grey, .at = when, .duration = lasts, .edges = {0}, .share = Probability{0.1}}},
        Row{"kind: grey, edge: euc1/1, share: 10%, effect: silent-after-challenge",
            "euc1/1 grey 10 % (silent after challenge)",
            {.kind = FaultKind::grey,
             .at = when,
             .duration = lasts,
             .edges = {0},
             .grey = GreyEffect::silent_after_challenge,
             .share = Probability{0.1}}},
        Row{"kind: grey, edge: euc1/1, share: 50%, effect: error, code: 500",
            "euc1/1 grey 50 % (error 500)",
            {.kind = FaultKind::grey,
             .at = when,
             .duration = lasts,
             .edges = {0},
             .grey = GreyEffect::error,
             .share = Probability{0.5},
             .code = 500}},
        Row{"kind: grey, edge: euc1/1, share: 50%, effect: slow, delay: 2s",
            "euc1/1 grey 50 % (slow by 2s)",
            {.kind = FaultKind::grey, .at = when, .duration = lasts, .edges = {0}, .grey = GreyEffect::slow, .share = Probability{0.5}, .delay = 2s}},
        Row{"kind: path-down, site: stockholm", "stockholm path down", {.kind = FaultKind::path_down, .at = when, .duration = lasts, .sites = {0}}},
        Row{"kind: path-down, sites: [stockholm, oslo], region: euc1",
            "stockholm and oslo path down to euc1 region",
            {.kind = FaultKind::path_down, .at = when, .duration = lasts, .edges = {0, 1}, .sites = {0, 1}}},
        Row{"kind: path-loss, site: stockholm, share: 5%",
            "stockholm path loss 5 %",
            {.kind = FaultKind::path_loss, .at = when, .duration = lasts, .sites = {0}, .share = Probability{0.05}}},
        Row{"kind: dns, effect: frozen", "dns frozen", {.kind = FaultKind::dns, .at = when, .duration = lasts, .dns = DnsEffect::frozen}},
        Row{"kind: dns, region: use1, effect: no-answer",
            "use1 dns no answer",
            {.kind = FaultKind::dns, .at = when, .duration = lasts, .regions = {1}}},
        Row{"kind: dns, effect: slow, delay: 2s",
            "dns slow by 2s",
            {.kind = FaultKind::dns, .at = when, .duration = lasts, .dns = DnsEffect::slow, .delay = 2s}},
        Row{"kind: media, region: use1", "use1 media address 1 down", {.kind = FaultKind::media, .at = when, .duration = lasts, .regions = {1}}},
        Row{"kind: media, region: euc1, address: 3, calls: silent",
            "euc1 media address 3 down (calls silent)",
            {.kind = FaultKind::media, .at = when, .duration = lasts, .regions = {0}, .media = MediaLoss::silent, .address = 2}},
        Row{"kind: callback, effect: down", "callback down", {.kind = FaultKind::callback, .at = when, .duration = lasts}},
        Row{"kind: callback, effect: down, fallback_too: true",
            "callback and fallback down",
            {.kind = FaultKind::callback, .at = when, .duration = lasts, .factor = 0}},
        Row{"kind: callback, effect: errors, share: 20%",
            "callback errors 20 %",
            {.kind = FaultKind::callback, .at = when, .duration = lasts, .callback = CallbackEffect::errors, .share = Probability{0.2}}},
        Row{"kind: callback, effect: slow, factor: 10",
            "callback slow x10",
            {.kind = FaultKind::callback, .at = when, .duration = lasts, .callback = CallbackEffect::slow, .factor = 10}},
        Row{"kind: destination, prefix: 4670",
            "destination 4670 silent",
            {.kind = FaultKind::destination, .at = when, .duration = lasts, .code = 0, .destination = "4670"}},
        Row{"kind: destination, prefix: \"4670\", code: 480",
            "destination 4670 refused with 480",
            {.kind = FaultKind::destination, .at = when, .duration = lasts, .code = 480, .destination = "4670"}},
        Row{"kind: secret", "wrong secret", {.kind = FaultKind::secret, .at = when, .duration = lasts}},
        Row{"kind: secret, site: oslo", "oslo wrong secret", {.kind = FaultKind::secret, .at = when, .duration = lasts, .sites = {1}}},
        Row{"kind: site, site: oslo", "oslo site down", {.kind = FaultKind::site_down, .at = when, .duration = lasts, .sites = {1}}}),
    [](const auto& test) {
      std::string name;
      for (const char c : std::string(test.param.keys)) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
      }
      return name;
    });

TEST(Faults, MayMeetOneAnother) {
  const Scenario scenario = read("  - { at: 1h, edge: euc1/1, kind: crash }\n  - { at: 1h, for: 5min, region: euc1, kind: crash }\n");
  EXPECT_EQ(scenario.faults.size(), 2U);
}

TEST(Faults, Flap) {
  const FaultSpec fault = one("edge: euc1/1, kind: crash, repeat: { times: 5, every: 10min }");
  EXPECT_EQ(fault.times, 5U);
  EXPECT_EQ(fault.every, 10min);
  EXPECT_EQ(fault.name, "euc1/1 crash, 5 times");
}

TEST(Faults, AtRandomStandApart) {
  const Scenario scenario = read("  - { kind: crash, region: euc1, random: { mtbf: 60d, mttr: 20min, shape: 1.5 } }\n  - { at: 1h, kind: secret }\n");
  ASSERT_EQ(scenario.faults.size(), 1U);
  ASSERT_EQ(scenario.random_faults.size(), 1U);
  const FaultSpec& fault = scenario.random_faults[0];
  EXPECT_EQ(fault.name, "euc1 region crash");
  EXPECT_EQ(fault.edges, (Edges{0, 1})) << "the edges of a region fail together";
  EXPECT_EQ(fault.random, (FaultSpec::Random{.up = {.mean = 60 * 24h, .shape = 1.5}, .down = {.mean = 20min, .shape = 1}}));
}

TEST(Faults, AtRandomOfEveryEdgeAreOneForEach) {
  const std::vector<FaultSpec> faults = read("  - { kind: crash, edge: all, mode: process, random: { mtbf: 60d, mttr: 20min } }\n").random_faults;
  ASSERT_EQ(faults.size(), 10U);
  EXPECT_EQ(faults[3].edges, Edges{3});
  EXPECT_EQ(faults[3].name, "use1/2 process crash");
  EXPECT_EQ(faults[3].mode, CrashMode::process);
}

TEST(Faults, OfTheOnlySiteNeedNotNameIt) {
  const Result<Scenario> scenario = parse_scenario(
      "horizon: { duration: 2h }\nsites:\n  a: { routing: { regions: [euc1] } }\ndemand:\n  d: { arrivals: { process: poisson, rate: 1/s }, "
      "holding: 180s }\nfaults: [{ at: 1h, kind: path-down }]\n",
      "x.yaml");
  ASSERT_TRUE(scenario) << text_of(scenario.problems());
  EXPECT_EQ(scenario.value().faults.at(0).sites, Sites{0});
  EXPECT_EQ(scenario.value().faults.at(0).name, "a path down");
}

}  // namespace
}  // namespace trunklab
