// trunklab ports: what a range holds and carries, what a load needs, and the race of a burst against an address that is starting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/program.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::vector<std::string>;

Ended run_ports(const Words& words) {
  Words all{"ports"};
  all.insert(all.end(), words.begin(), words.end());
  return run_trunklab(all);
}

nlohmann::json json_of(Words words) {
  words.emplace_back("--json");
  const Ended ended = run_ports(words);
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  return nlohmann::json::parse(ended.out);
}

/// The text with runs of spaces as one, and none where a line begins.
std::string squeezed(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    if (letter != ' ' || (!result.empty() && result.back() != ' ' && result.back() != '\n')) result += letter;
  }
  return result;
}

struct TextRow {
  Words words;
  Words lines;
  const char* source;
};
class PortsText : public ::testing::TestWithParam<TextRow> {};

TEST_P(PortsText, HasTheFiguresOfTheTables) {
  const Ended ended = run_ports(GetParam().words);
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  for (const std::string& line : GetParam().lines) EXPECT_THAT(squeezed(ended.out), HasSubstr("\n" + line)) << GetParam().source;
}

INSTANTIATE_TEST_SUITE_P(
    Table, PortsText,
    ::testing::Values(
        TextRow{{}, {"legs of an address 5000 whole pairs", "calls 2500 two legs each", "traffic that fits 2474.5 E Erlang B"}, "10000-20000"},
        TextRow{{"--legs", "one"}, {"traffic that fits 4990.2 E", "calls per second 27.72 "}, "5000 pairs at 1 %"},
        TextRow{{"--legs", "one", "--blocking", "0.1%"}, {"traffic that fits 4868.5 E", "calls per second 27.05 "}, "5000 pairs at 0.1 %"},
        TextRow{{"--legs=one", "--rtcp=mux"}, {"legs of an address 10001 single ports", "calls 10001 a leg each"}, "rtcp-mux"},
        TextRow{{"--legs=one", "--range=10-11"}, {"traffic that fits 0.0101 E "}, "A / (1 + A) = 1 %: 1/99"},
        TextRow{{"--legs=split", "--addresses=2"}, {"calls 5000 two legs each, on two addresses; 2 addresses"}, "a leg on each"},
        TextRow{{"--allocator", "freeswitch", "--legs", "one"},
                {"legs of an address 5001 slots, an even port each", "80 % 4001 at least 4.997\n"},
                "slots"},
        TextRow{{"--allocator", "asterisk", "--legs=one", "--range=10000-19999"},
                {"50 % 2500 2 to 2.498\n", "90 % 4500 9.982 to 48.03\n"},
                "Knuth, in 60 digits"},
        TextRow{{"--allocator", "rtpproxy", "--occupancy", "0.75", "--range=10000-19999"}, {"75 % 3750 4\n"}, "1/(1 - a)"},
        TextRow{{"--range", "16384-32767", "--legs", "one"}, {"ports of an address 16384 ", "legs of an address 8192 "}, "counted"},
        // 45 trunks for 33.333 E at 1 %: erlang.com forum; two legs of two ports each.
        TextRow{{"--load", "33.333"}, {"calls needed 45 ", "addresses needed 1 ", "or ports needed 180 on one address: 10000-10179\n"}, "45 calls"},
        TextRow{{"--load", "33.333", "--legs=one", "--rtcp=mux", "--range", "10001-10010"},
                {"addresses needed 5 ", "or ports needed 45 on one address: 10001-10045\n"},
                "ten a range"}));

TEST(Ports, SaysWhichDefaultsAreOurs) {
  EXPECT_THAT(run_ports({"--holding", "120s"}).out,
              HasSubstr("Defaults of ours: --addresses 1, --legs both, --rtcp pair, --allocator\nrtpengine, --quarantine 0s, --blocking 1%.\n"));
  EXPECT_THAT(
      run_ports({"--addresses=1", "--legs=both", "--rtcp=pair", "--allocator=rtpengine", "--quarantine=0s", "--holding=180s", "--blocking=1%"}).out,
      Not(HasSubstr("Defaults")));
  EXPECT_THAT(run_ports({"--help"}).out, HasSubstr("default 10000-20000: Sinch's"));
}

TEST(Ports, FitsIntoAHundredColumns) {
  for (const Words& words : {Words{}, Words{"--load", "9999999", "--addresses", "1000", "--burst", "999/s", "--start-up", "1h"}}) {
    std::istringstream lines(run_ports(words).out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST(Ports, AnswersInJson) {
  auto json = json_of({"--legs", "one", "--blocking", "0.1%"});
  EXPECT_EQ(json["command"], "ports");
  EXPECT_EQ(json["calls"], 5000);
  EXPECT_NEAR(json["offered"].get<double>(), 4868.5, 0.05);
  EXPECT_EQ(json["probes"].size(), 4U);
  EXPECT_FALSE(json.contains("needed"));
  EXPECT_FALSE(json.contains("race"));

  // A quarantine as long as the call halves what fits, and doubles what is needed for a load.
  EXPECT_NEAR(json_of({"--legs", "one", "--blocking", "0.1%", "--quarantine", "3min"})["offered"].get<double>(), 4868.5 / 2, 0.05);
  json = json_of({"--cps", "1/s", "--holding", "16.6665s", "--quarantine", "16.6665s", "--legs", "one"});
  EXPECT_EQ(json["needed"]["calls"], 45);
  EXPECT_EQ(json["needed"]["ports_per_address"], 90);
  EXPECT_EQ(json["needed"]["last"], 10'089);
  EXPECT_EQ(json["blocking"], 0) << "with 5000 pairs";
  EXPECT_TRUE(json_of({"--allocator", "freeswitch"})["probes"][0]["most"].is_null());
  EXPECT_TRUE(json_of({"--load", "40000"})["needed"]["last"].is_null()) << "no address has so many ports";
}

TEST(Ports, RunsTheRaceOfABurst) {
  // Ten a second on nothing, holding far longer than all this takes: a straight line, 2500 calls after some 250 s, 2000 after 200 s.
  const Words straight{"--burst", "10/s", "--start-up", "100s", "--holding", "24h"};
  const auto race = json_of(straight)["race"];
  EXPECT_EQ(race["in_progress"], 0);
  EXPECT_EQ(race["threshold"], 0.8);
  EXPECT_NEAR(race["ordered_s"].get<double>(), 200, 1);
  EXPECT_NEAR(race["ready_s"].get<double>(), 300, 1);
  EXPECT_NEAR(race["full_s"].get<double>(), 250, 1);
  EXPECT_NEAR(race["refused"].get<double>(), 500, 10);
  EXPECT_NEAR(race["threshold_to_try"].get<double>(), 0.6, 0.01) << "1500 calls, 100 s before all are full";
  const std::string text = squeezed(run_ports(straight).out);
  for (const char* line : {"\nburst 10/s meets 0 of 2500 calls\n", "\nthreshold to try 60.", "\nFluid estimate"}) EXPECT_THAT(text, HasSubstr(line));

  Words more = straight;
  more.insert(more.end(), {"--in-progress", "2400"});
  EXPECT_TRUE(json_of(more)["race"]["threshold_to_try"].is_null());
  EXPECT_THAT(squeezed(run_ports(more).out), HasSubstr("\nthreshold to try none will do"));
  EXPECT_EQ(json_of({"--load", "1000", "--burst", "1/s", "--start-up", "60s"})["race"]["in_progress"], 1000);
  EXPECT_THAT(squeezed(run_ports({"--burst", "1/s", "--start-up", "60s"}).out), HasSubstr("\nfull never without it\n"));
}

struct RefusedRow {
  Words words;
  const char* message;
};
class PortsMisuses : public ::testing::TestWithParam<RefusedRow> {};

TEST_P(PortsMisuses, EndWithTwoAndAMessage) {
  const Ended ended = run_ports(GetParam().words);
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Table, PortsMisuses,
    ::testing::Values(RefusedRow{{"--range", "20000-10000"}, "--range: found '20000-10000', expected two ports from 1 to 65535, the lower one first"},
                      RefusedRow{{"--range", "10000"}, "--range: found '10000'"}, RefusedRow{{"--range", "1-65536"}, "--range: found '1-65536'"},
                      RefusedRow{{"--range", "0-100"}, "--range: found '0-100'"}, RefusedRow{{"--range", ""}, "--range: found ''"},
                      RefusedRow{{"--range", "10-20-30"}, "--range: found '10-20-30'"},
                      RefusedRow{{"--range", "11-12"}, "--range: found '11-12', expected ports for at least one call"},
                      RefusedRow{{"--allocator", "random"}, "expected rtpengine, freeswitch, asterisk, rtpproxy or lowest-first"},
                      RefusedRow{{"--legs", "two"}, "--legs: found 'two', expected both, split or one"},
                      RefusedRow{{"--rtcp", "no"}, "--rtcp: found 'no', expected pair or mux"},
                      RefusedRow{{"--addresses", "0"}, "--addresses: found '0', expected a whole number from 1 to 1000"},
                      RefusedRow{{"--holding", "0s"}, "--holding: found '0s'"}, RefusedRow{{"--holding", "180"}, "--holding: found '180'"},
                      RefusedRow{{"--quarantine", "2d"}, "--quarantine: found '2d', expected a duration up to 24h"},
                      RefusedRow{{"--blocking", "0%"}, "--blocking: found '0%'"}, RefusedRow{{"--blocking", "100%"}, "--blocking: found '100%'"},
                      RefusedRow{{"--load", "0"}, "--load: found '0'"}, RefusedRow{{"--load", "1e9"}, "--load: found '1e9'"},
                      RefusedRow{{"--cps", "27"}, "--cps: found '27', expected calls above 0"}, RefusedRow{{"--cps", "0/s"}, "--cps: found '0/s'"},
                      RefusedRow{{"--cps", "1/s", "--load", "5"}, "found --load and --cps"},
                      RefusedRow{{"--load", "1000000", "--quarantine", "1h"}, "--quarantine: found '1h', expected no more than 10000000 calls held"},
                      RefusedRow{{"--occupancy", "50%,100%"}, "--occupancy: found '50%,100%'"},
                      RefusedRow{{"--occupancy", ""}, "--occupancy: found ''"}, RefusedRow{{"--burst", "5/s"}, "found --burst without --start-up"},
                      RefusedRow{{"--start-up", "5s"}, "found --start-up without --burst"},
                      RefusedRow{{"--threshold", "50%"}, "found --threshold without --burst"},
                      RefusedRow{{"--burst", "5/s", "--start-up", "1s", "--threshold", "101%"}, "--threshold: found '101%'"},
                      RefusedRow{{"--burst", "5/s", "--start-up", "1s", "--in-progress", "2501"},
                                 "--in-progress: found '2501', expected a whole number from 0 to 2500"},
                      RefusedRow{{"word"}, "see trunklab ports --help"}));

TEST(Ports, TellsHowManyASiteOf400ChannelsNeeds) {
  const Ended site = run_ports({"--calls", "400", "--legs", "one", "--range", "16384-32767"});
  EXPECT_EQ(site.code, 0);
  EXPECT_THAT(site.out, HasSubstr("16384-17183"));
  EXPECT_THAT(run_ports({"--calls", "400", "--load", "3"}).err, HasSubstr("found --calls beside --load"));
}

}  // namespace
}  // namespace trunklab
