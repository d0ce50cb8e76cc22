// Every file of the library can be read, and the preset says what the seed says.
#include <gtest/gtest.h>

#include "scenarios/embedded.hpp"
#include "scenarios/reader.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr const char* bank_folder = TRUNKLAB_SOURCE_DIR "/../shared/data";

Scenario library(const std::string& name) {
  Result<Scenario> result = read_scenario(TRUNKLAB_SOURCE_DIR "/scenarios/library/" + name + ".yaml");
  if (!result) throw std::runtime_error(text_of(result.problems()));
  return std::move(result).value();
}

class LibraryScenario : public testing::TestWithParam<std::string> {};

TEST_P(LibraryScenario, CanBeReadAndOpensWithItsQuestion) {
  if (GetParam().starts_with("bank-") && !std::filesystem::exists(bank_folder)) GTEST_SKIP() << "the bank's files are not here";
  const Scenario scenario = library(GetParam());
  EXPECT_EQ(scenario.name, GetParam());
  EXPECT_EQ(scenario.text.front(), '#');
  EXPECT_NE(scenario.text.substr(0, scenario.text.find("\nhorizon")).find('?'), std::string::npos) << "no question in the head";
}

INSTANTIATE_TEST_SUITE_P(All, LibraryScenario, testing::ValuesIn(names_in("scenarios/library")), name_of);

// Source: the seed's table of regions and addresses.
TEST(SinchPreset, HasTheRegionsAndAddressesOfTheSeed) {
  struct Row {
    const char* name;
    const char* title;
    const char* host_name;
    const char* first;
    const char* second;
  };
  constexpr Row rows[]{
      {"euc1", "Europe", "euc1.sip.sinch.com", "18.184.175.4", "18.196.245.254"},
      {"use1", "North America", "use1.sip.sinch.com", "34.194.41.43", "34.197.97.9"},
      {"sae1", "South America", "sae1.sip.sinch.com", "52.67.242.103", "54.233.100.129"},
      {"apse1", "Southeast Asia", "apse1.sip.sinch.com", "52.74.7.178", "54.251.177.8"},
      {"apse2", "Australia", "apse2.sip.sinch.com", "13.210.20.49", "13.210.220.180"},
  };
  const Service service = library("erlang-b").service;
  EXPECT_EQ(service.name, "sinch");
  EXPECT_TRUE(service.caps.empty());
  EXPECT_EQ(service.names, NameSpec{});
  ASSERT_EQ(service.regions.size(), std::size(rows));
  ASSERT_EQ(service.edges.size(), 10U);
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const RegionSpec& region = service.regions[i];
    EXPECT_EQ(region.name, rows[i].name);
    EXPECT_EQ(region.title, rows[i].title);
    EXPECT_EQ(region.host_name, rows[i].host_name);
    EXPECT_EQ(region.edges, (std::vector<EdgeIndex>{static_cast<EdgeIndex>(2 * i), static_cast<EdgeIndex>(2 * i + 1)}));
    EXPECT_EQ(service.edges[2 * i].address, rows[i].first);
    EXPECT_EQ(service.edges[2 * i + 1].address, rows[i].second);
    EXPECT_EQ(service.edges[2 * i].name, region.name + "/1");
    EXPECT_EQ(service.edges[2 * i + 1].name, region.name + "/2");
    EXPECT_EQ(service.region_of_edge[2 * i + 1], i);
  }
}

TEST(DemoScenario, IsReadKeyByKey) {
  const Result<Scenario> result = parse_scenario(std::string(demo_scenario_text()), "demo.yaml");
  ASSERT_TRUE(result) << text_of(result.problems());
  const Scenario& scenario = result.value();
  EXPECT_EQ(scenario.text, text_of(TRUNKLAB_SOURCE_DIR "/scenarios/library/euc1-edge-loss.yaml"));
  EXPECT_EQ(scenario.name, "demo");
  EXPECT_EQ(scenario.horizon.start_unix_ns, 1'772'438'400'000'000'000);
  EXPECT_EQ(scenario.horizon.duration, 4h);
  EXPECT_EQ(scenario.seed, 7U);
  EXPECT_FALSE(scenario.warmup);
  ASSERT_EQ(scenario.sites.size(), 1U);
  const Site& site = scenario.sites[0];
  EXPECT_EQ(site.name, "stockholm");
  EXPECT_EQ(site.transport, Transport::udp);
  EXPECT_EQ(site.channels, 600U);
  EXPECT_EQ(site.rtt, (std::vector<Span>{32ms, 110ms, 0ms, 0ms, 0ms}));
  EXPECT_EQ(site.routing.target, TargetKind::addresses);
  EXPECT_EQ(site.routing.regions, (std::vector<std::uint16_t>{0, 1}));
  EXPECT_EQ(site.routing.edge, no_edge);
  EXPECT_EQ(site.routing.hunting, HuntingPolicy{});
  ASSERT_EQ(scenario.demands.size(), 1U);
  EXPECT_EQ(scenario.demands[0], (DemandSpec{.name = "retail",
                                             .site = 0,
                                             .arrivals = PoissonArrivals{CallsPerSecond{3}},
                                             .holding = Lognormal{180s, 1.2},
                                             .answer = {Probability{0.7}, Probability{0.12}, Probability{0.15}, Probability{0.03}},
                                             .post_dial_delay = Gamma{2500ms, 0.5},
                                             .ring_time = Gamma{9s, 0.7},
                                             .patience = Fixed{60s},
                                             .caller_hangs_up = Probability{0.5}}));
  ASSERT_EQ(scenario.faults.size(), 1U);
  EXPECT_EQ(scenario.faults[0].at, run_start + 2h);
  EXPECT_EQ(scenario.faults[0].duration, 15min);
  EXPECT_EQ(scenario.faults[0].edges, std::vector<EdgeIndex>{0});
  EXPECT_EQ(scenario.objectives.blocking, Probability{0.01});
  EXPECT_EQ(scenario.objectives.failover, 10s);
  EXPECT_EQ(scenario.objectives.answer_seizure_ratio, Probability{0.6});
}

TEST(Embedded, KnowsThePresetsAndTheSchemaOnly) {
  EXPECT_EQ(preset_text("sinch"), text_of(std::filesystem::path(TRUNKLAB_SOURCE_DIR "/scenarios/sinch.yaml")));
  EXPECT_EQ(schema_text(), text_of(std::filesystem::path(TRUNKLAB_SOURCE_DIR "/scenarios/schema.json")));
  EXPECT_TRUE(preset_text("twilio").empty());
  EXPECT_TRUE(embedded_file("nothing").empty());
}

TEST(Directory, NamesEverythingThatRecordsReferTo) {
  const Directory demo = directory_of(library("euc1-edge-loss"));
  EXPECT_EQ(demo.sites, std::vector<std::string>{"stockholm"});
  EXPECT_EQ(demo.regions, (std::vector<std::string>{"euc1", "use1", "sae1", "apse1", "apse2"}));
  ASSERT_EQ(demo.edges.size(), 10U);
  EXPECT_EQ(demo.edges[3].name, "use1/2");
  EXPECT_EQ(demo.edges[3].region, 1);
  ASSERT_EQ(demo.demands.size(), 1U);
  EXPECT_EQ(demo.demands[0].name, "retail");
  ASSERT_EQ(demo.faults.size(), 1U);
  EXPECT_EQ(demo.faults[0].text, "euc1/1 crash");
  EXPECT_EQ(demo.faults[0].until, run_start + 2h + 15min);

  const Directory capped = directory_of(library("account-cap"));
  ASSERT_EQ(capped.caps.size(), 2U);
  EXPECT_EQ(capped.caps[0].text, "account cap of 4/s");
  EXPECT_EQ(capped.caps[1].text, "edge cap of 400 sessions");
  EXPECT_EQ(capped.caps[1].scope, CapScope::edge);
}

TEST(BankFebruary, IsTheWholeMonthInLocalTime) {
  if (!std::filesystem::exists(bank_folder)) GTEST_SKIP() << "the bank's files are not here";
  const Scenario scenario = library("bank-february");
  EXPECT_EQ(scenario.horizon.utc_offset_s, 7200);
  EXPECT_EQ(scenario.horizon.start_unix_ns, 917'820'000'000'000'000);
  const auto& trace = std::get<TraceArrivals>(scenario.demands[0].arrivals);
  EXPECT_EQ(trace.from_unix_ns, 917'827'200'000'000'000) << "the file's own time, as if UTC";
  EXPECT_EQ(Span{trace.to_unix_ns - trace.from_unix_ns}, 28 * 24h);
  EXPECT_EQ(trace.arrival_column, "arrival");
  EXPECT_EQ(trace.holding_column, "holding_s");
  EXPECT_FALSE(trace.where_column);
}

TEST(BankCounts, BecomeATableOfRates) {
  if (!std::filesystem::exists(bank_folder)) GTEST_SKIP() << "the bank's files are not here";
  const auto arrivals = std::get<VaryingArrivals>(library("bank-counts").demands[0].arrivals);
  EXPECT_EQ(arrivals.between, VaryingArrivals::Between::step);
  ASSERT_EQ(arrivals.table.size(), 168U) << "fourteen hours of five minutes";
  EXPECT_EQ(arrivals.table[0].from, run_start);
  EXPECT_DOUBLE_EQ(arrivals.table[0].rate.value(), 111 * 0.1 / 300) << "first row of the file: 111 calls";
  EXPECT_EQ(arrivals.table[1].from, run_start + 5min);
  EXPECT_DOUBLE_EQ(arrivals.table[1].rate.value(), 113 * 0.1 / 300);
}

}  // namespace
}  // namespace trunklab
