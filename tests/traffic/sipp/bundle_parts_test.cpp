// Parts of a bundle: templates, checksums, scenario files that are valid and small enough for SIPp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/scenarios/files.hpp"
#include "tests/sim/support.hpp"
#include "traffic/sipp/not_played.hpp"
#include "traffic/sipp/scenario_xml.hpp"
#include "traffic/sipp/sha256.hpp"
#include "traffic/sipp/template_text.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::scenario_of;

std::string hash_of(std::string_view text, std::size_t piece = std::string_view::npos) {
  Sha256 hash;
  for (; text.size() > piece; text.remove_prefix(piece)) hash.add(text.substr(0, piece));
  hash.add(text);
  return hash.finish();
}

TEST(Sha256, GivesTheExamplesOfTheStandard) {
  // NIST's example values for FIPS 180-4.
  EXPECT_EQ(hash_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hash_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hash_of(std::string(1'000'000, 'a'), 997), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(TemplateText, FillsInBlanksAndKeepsOrDropsParts) {
  const TemplateValues values{.words = {}, .texts = {{"who", "{{first}} B"}, {"first", "A"}}, .flags = {"yes"}};
  EXPECT_EQ(fill_in("1 {{who}}\n{{#yes}}\n2\n{{/yes}}\n{{#no}}\n3\n{{/no}}\n4", values), "1 A B\n2\n4");
}

TEST(TemplateText, PutsInWhatComesFromAUserAsItIs) {
  const TemplateValues values{.words = {{"who", "{{who}} {{nobody}} {{#no}}"}}, .texts = {}, .flags = {}};
  EXPECT_EQ(fill_in("1 {{who}} 2", values), "1 {{who}} {{nobody}} {{#no}} 2");
}

const std::string all_kinds = R"(
service: { preset: sinch, authentication: { code: 401 } }
horizon: { duration: 1h }
sites:
  a: { routing: { target: addresses, regions: [euc1, use1, sae1], no_response: 2500ms, advance_on: [503, 408] } }
  b: { transport: tcp, routing: { target: fqdn, regions: [euc1], advance_on: [] } }
demand:
  one: { site: a, arrivals: { process: poisson, rate: 1/s }, holding: 60s }
  two: { site: b, arrivals: { process: poisson, rate: 1/s }, holding: 60s }
  three: { site: a, direction: origination, region: euc1, arrivals: { process: poisson, rate: 1/s }, holding: 60s }
)";

TEST(ScenarioXml, CompilesTheHuntingPolicyOfTheSite) {
  const auto groups = replay_groups(scenario_of(all_kinds));
  ASSERT_EQ(groups.size(), 3U);
  const std::string a = caller_xml(groups[0]);
  EXPECT_THAT(a, HasSubstr("value=\"2500\""));
  EXPECT_THAT(a, HasSubstr("regexp=\"^(408|503)$\""));
  EXPECT_THAT(a, HasSubstr("compare=\"greater_than_equal\" value=\"6\"")) << "six targets";
  EXPECT_THAT(a, HasSubstr("[authentication username=\"[$user]\" password=\"[$secret]\"]"));
  EXPECT_THAT(a, HasSubstr("@euc1.sip.sinch.com>"));
  EXPECT_THAT(a, Not(HasSubstr("response_txn")));
  EXPECT_EQ(groups[1].name, "a+in");
  EXPECT_THAT(caller_xml(groups[1]), HasSubstr("Record-Route: <sip:[local_ip]:[local_port];ftag="));
  EXPECT_THAT(caller_xml(groups[1]), Not(HasSubstr("[authentication")));
  EXPECT_THAT(caller_xml(groups[2]), HasSubstr("^none$")) << "nothing to advance on";
}

TEST(ScenarioXml, IsValidAndNotTooLarge) {
  const TemporaryFolder folder;
  const std::string dtd = std::string(TRUNKLAB_SOURCE_DIR) + "/tests/traffic/sipp/scenario.dtd";
  for (const std::string code : {"401", "407"}) {
    std::string text = all_kinds;
    text.replace(text.find("401"), 3, code);
    for (const ReplayGroup& group : replay_groups(scenario_of(text))) {
      for (const std::string& xml : {caller_xml(group), answerer_xml(group)}) {
        EXPECT_LE(xml.size(), scenario_xml_bytes_max);
        write_file(folder.path() / "scenario.xml", xml);
        const std::string command = "xmllint --noout --dtdvalid '" + dtd + "' '" + (folder.path() / "scenario.xml").string() + "'";
        EXPECT_EQ(std::system(command.c_str()), 0) << group.name << "; xmllint is in Debian's libxml2-utils";
      }
    }
  }
}

TEST(NotPlayed, NamesWhatThisScenarioHasAndNothingElse) {
  const Scenario scenario = scenario_of(all_kinds);
  std::vector<std::string> names;
  for (const NotPlayed& each : not_played(scenario, replay_groups(scenario))) names.push_back(each.what);
  EXPECT_THAT(names, ::testing::IsSupersetOf({"DNS", "hold-down", "probes", "the digest's uri of each number"}));
  EXPECT_THAT(names, ::testing::Each(Not("RTP")));
  EXPECT_THAT(names, ::testing::Each(Not("faults")));
}

}  // namespace
}  // namespace trunklab
