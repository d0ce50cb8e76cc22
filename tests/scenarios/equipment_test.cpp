// The presets of equipment: what they hold, and how a scenario begins from one.
#include "scenarios/equipment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "scenarios/embedded.hpp"
#include "scenarios/reader.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

const EquipmentPreset& preset(const std::string& name) {
  const auto found = std::ranges::find(equipment_presets(), name, &EquipmentPreset::name);
  if (found == equipment_presets().end()) throw std::runtime_error(name);
  return *found;
}

Site site(const std::string& routing) {
  const Result<Scenario> scenario = parse_scenario("horizon: { duration: 1h }\nsites:\n  a: { routing: " + routing +
                                                       " }\ndemand:\n  d: { arrivals: { process: poisson, rate: 1/s }, holding: 180s }\n",
                                                   "x.yaml");
  if (!scenario) throw std::runtime_error(text_of(scenario.problems()));
  return scenario.value().sites.at(0);
}

TEST(Equipment, TellsItsSourceAndWhatIsOurs) {
  std::vector<std::string> names;
  for (const EquipmentPreset& each : equipment_presets()) {
    names.push_back(each.name);
    EXPECT_GT(each.title.size(), 10U) << each.name;
    EXPECT_THAT(each.source, testing::HasSubstr("Ours:")) << each.name;
    EXPECT_FALSE(each.keys.empty()) << each.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"rfc3261", "asterisk", "freeswitch", "kamailio", "opensips", "cisco-cube", "audiocodes", "oracle-sbc",
                                             "ribbon-sbc", "twilio-like", "telnyx-like"}));
}

TEST(Equipment, IsWhatTheSchemaOffers) {
  const nlohmann::json schema = nlohmann::json::parse(schema_text());
  std::vector<std::string> names;
  for (const EquipmentPreset& each : equipment_presets()) names.push_back(each.name);
  EXPECT_EQ(schema["definitions"]["hunting_preset"]["enum"].get<std::vector<std::string>>(), names);
}

// Every value of the file says where it comes from, in the same line or the one before.
TEST(Equipment, HasACommentAtEveryValue) {
  std::string before;
  std::istringstream lines{std::string(embedded_file("equipment.yaml"))};
  bool routing = false;
  for (std::string line; std::getline(lines, line); before = line) {
    if (!line.starts_with("  ")) routing = false;
    const bool opens = line.ends_with(":");
    if (routing && !opens && line.find_first_not_of(' ') != line.find('#')) {
      EXPECT_TRUE(line.find(" # ") != std::string::npos || before.find("    # ") == 0) << line;
    }
    if (line == "  routing:") routing = true;
  }
}

// Sources: see scenarios/equipment.yaml.
TEST(Equipment, HasThePublishedDefaults) {
  EXPECT_EQ(preset("rfc3261").routing.hunting.no_response, 32s);
  EXPECT_EQ(preset("rfc3261").routing.hunting.advance_codes, std::vector<std::uint16_t>{503});
  EXPECT_FALSE(preset("rfc3261").routing.hunting.hold_down->no_response);
  EXPECT_TRUE(preset("rfc3261").routing.hunting.hold_down->retry_after);
  EXPECT_EQ(preset("asterisk").routing.hunting.probe, std::nullopt);
  EXPECT_EQ(preset("kamailio").routing.hunting.no_response, 30s);
  EXPECT_EQ(preset("kamailio").routing.hunting.hold_down, std::nullopt);
  EXPECT_EQ(preset("opensips").routing.cache, DnsCache::start);
  EXPECT_EQ(preset("opensips").routing.hunting.probe, (ProbeSpec{.every = 30s, .timeout = 3s, .fail_after = 3, .recover_after = 1}));
  const std::optional<ProbeSpec> cube = preset("cisco-cube").routing.hunting.probe;
  EXPECT_EQ(cube->every, 60s);
  EXPECT_EQ(cube->every_down, 30s);
  EXPECT_EQ(cube->fail_after, 5U);
  EXPECT_EQ(preset("oracle-sbc").routing.hunting.hold_down->trip, 5);
  EXPECT_EQ(preset("oracle-sbc").routing.hunting.hold_down->of, 5);
  EXPECT_EQ(preset("ribbon-sbc").routing.hunting.hold_down->codes, std::vector<std::uint16_t>{503});
  EXPECT_EQ(preset("twilio-like").routing.hunting.order, TargetOrder::random);
  constexpr std::uint16_t stops[]{400, 404, 405, 410, 416, 482, 484, 486, 600, 603};
  for (const std::uint16_t stop : stops) {
    EXPECT_FALSE(preset("twilio-like").routing.hunting.advances_on(stop)) << stop;
  }
  EXPECT_EQ(preset("telnyx-like").routing.hunting.advance_codes, (std::vector<std::uint16_t>{408, 480, 503, 504}));
}

TEST(Equipment, IsWhereARoutingBegins) {
  const Site plain = site("{ regions: [euc1] }");
  EXPECT_EQ(plain.equipment, "");
  const Site kamailio = site("{ preset: kamailio, regions: [euc1, use1] }");
  EXPECT_EQ(kamailio.equipment, "kamailio");
  EXPECT_EQ(kamailio.routing.hunting, preset("kamailio").routing.hunting);
  EXPECT_EQ(kamailio.routing.regions, (std::vector<std::uint16_t>{0, 1}));
}

TEST(Equipment, GivesWayToTheScenariosOwnKeys) {
  const HuntingPolicy own =
      site("{ preset: oracle-sbc, regions: [euc1], no_response: 5s, hold_down: { for: 2min }, probe: { every: 20s } }").routing.hunting;
  EXPECT_EQ(own.no_response, 5s);
  EXPECT_EQ(own.hold_down->span, 2min);
  EXPECT_EQ(own.hold_down->trip, 5) << "what the mapping leaves out is the preset's";
  EXPECT_EQ(own.probe, (ProbeSpec{.every = 20s}));
  EXPECT_EQ(site("{ preset: oracle-sbc, regions: [euc1], hold_down: never }").routing.hunting.hold_down, std::nullopt);
}

TEST(Equipment, ForgetsWhatItDoesWithNamesWhereThereAreNone) {
  EXPECT_EQ(site("{ preset: opensips, regions: [euc1] }").routing.cache, DnsCache::start);
  EXPECT_EQ(site("{ preset: opensips, target: addresses, regions: [euc1] }").routing.cache, DnsCache::ttl);
}

TEST(Equipment, ShowsItsKeysAsAScenarioWouldWriteThem) {
  EXPECT_EQ(preset("rfc3261").keys, "no_response: 32s, no_progress: 181s, advance_on: [503], hold_down: { on: [], retry_after: true }, probe: never");
  for (const EquipmentPreset& each : equipment_presets()) {
    const Site copied = site("{ regions: [euc1], " + each.keys + " }");
    EXPECT_EQ(copied.routing.hunting, each.routing.hunting) << each.name;
    EXPECT_EQ(copied.routing.cache, each.routing.cache) << each.name;
  }
}

}  // namespace
}  // namespace trunklab
