// trunklab erlang: every formula beyond Erlang B, in every direction, as tables and as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/program.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

Ended ask(const Words& words) {
  Words all{"erlang"};
  all.insert(all.end(), words.begin(), words.end());
  return run_trunklab(all);
}

struct AnswerRow {
  Words words;
  const char* first_line;
  const char* source;
};
class ErlangFormulas : public ::testing::TestWithParam<AnswerRow> {};

TEST_P(ErlangFormulas, AnswerInTheFirstLine) {
  const Ended ended = ask(GetParam().words);
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, StartsWith(std::string(GetParam().first_line) + "\n")) << GetParam().source;
}

constexpr const char* notes = "domain notes, section 5";
constexpr const char* inverse = "the same the other way round";
INSTANTIATE_TEST_SUITE_P(
    Table, ErlangFormulas,
    ::testing::Values(
        AnswerRow{{"b", "-a", "33.333", "-n", "44.5", "--fractional"}, "blocking 1.12971 %", "Fortet's integral by Simpson's rule: .01129714837"},
        AnswerRow{{"b", "-a", "10", "-n", "15", "--fractional"}, "blocking 3.64969 %", notes},
        AnswerRow{{"b", "-n", "1000000", "-b", "1%"}, "1010002.0 Erlangs", "the recursion: B(1010002) = .010000035, B(1010001.9) = .00999994"},
        AnswerRow{{"xb", "-a", "5", "-n", "10", "-r", "40%"}, "blocking 1.91148 %", notes},
        AnswerRow{{"xb", "-n", "10", "-r", "40%", "-b", "1.91148%"}, "5 Erlangs of first calls", inverse},
        AnswerRow{{"xb", "-a", "5", "-r", "40%", "-b", "1.92%"}, "10 trunks", inverse},
        AnswerRow{{"c", "-a", "10", "-s", "14"}, "17.4132 % of the calls wait", notes},
        AnswerRow{{"c", "-a", "10", "-l", "80%", "-t", "20s", "--holding", "3min"}, "14 agents", "pyworkforce, README"},
        AnswerRow{{"c", "-s", "14", "-l", "88.835002%"}, "10 Erlangs", inverse},
        AnswerRow{{"mmsk", "-a", "7.5", "-s", "8", "-n", "20"}, "blocking 3.5716 %", "tests/oracles/contact_centre.py"},
        AnswerRow{{"mmsk", "-a", "7.5", "-s", "8", "-b", "3.58%"}, "20 trunks", inverse},
        AnswerRow{{"mmsk", "-s", "8", "-n", "20", "-b", "3.5715954432809%"}, "7.5 Erlangs", inverse},
        AnswerRow{{"mmsk", "-a", "7", "-n", "10", "-l", "82%", "-t", "18s"}, "8 agents", "P(W > .1) = .1789 with 8 agents"},
        AnswerRow{{"engset", "-s", "20", "-a", "0.1", "-n", "5"}, "blocking 1.91159 %", notes},
        AnswerRow{{"engset", "-s", "20", "-a", "0.1", "-b", "1.92%"}, "5 trunks", inverse},
        AnswerRow{{"engset", "-a", "0.1", "-n", "5", "-b", "1.92%"}, "20 sources", inverse},
        AnswerRow{{"engset", "-s", "20", "-n", "5", "-b", "1.91159451%"}, "idle load 0.1 E", inverse},
        AnswerRow{{"overflow", "-p", "10:10"}, "2.14582 E overflow, peakedness 2.033", notes},
        AnswerRow{{"overflow", "-p", "10:0", "-n", "15"}, "3.64969 % of the overflow is lost", "Poisson traffic: B(10, 15)"},
        AnswerRow{{"overflow", "-p", "10:0", "-b", "3.65%"}, "15 trunks in the second group", inverse},
        AnswerRow{{"shared", "-c", "4:1,1:3", "-n", "10"}, "blocking 28.6599 % at most", notes},
        AnswerRow{{"shared", "-c", "4:1,1:3", "-b", "28.66%"}, "10 trunks", inverse},
        AnswerRow{{"retrial", "-a", "4", "-n", "5", "-p", "50%", "--redial-after", "3min"},
                  "15.4537 % of the callers are lost",
                  "tests/oracles/retrial.cpp: 1 - 3.381852463213 / 4"},
        AnswerRow{{"retrial", "-a", "4", "-l", "15.46%", "-p", "50%", "--redial-after", "3min"}, "5 trunks", inverse},
        AnswerRow{{"availability", "-n", "1", "--mtbf", "1000h", "--mttr", "2h"}, "available 99.800 %", notes},
        AnswerRow{{"availability", "-n", "2", "--mtbf", "1000h", "--mttr", "2h"}, "available 99.999602 %", notes},
        AnswerRow{{"availability", "--mtbf", "1000h", "--mttr", "2h", "-d", "0.0004%"}, "2 units, available 99.999602 %", inverse},
        AnswerRow{{"alternate", "-l", "50,50", "-d", "40:1/2,40:2/1"}, "blocking 0.0570283 %", "tests/models: two links, each the other's way out"},
        AnswerRow{{"alternate", "-l", "10", "-d", "10:1"}, "blocking 21.4582 %", "no way out: Erlang B, B(10, 10) = .2145823431"},
        AnswerRow{{"alternate", "-l", "100000,100000,100000", "-d", "98000:1/2+3,98000:2/1+3,98000:3/1+2"},
                  "two states: blocking 0 % and 12.3 %",
                  "Gibbens, Hunt and Kelly 1990: two states in fully connected networks"},
        AnswerRow{{"b", "-a", "1e1", "-n", "10"}, "blocking 21.4582 %", "with an exponent"},
        AnswerRow{{"b", "-a", "10", "-b", "1e-7%"}, "35 trunks (blocking 4.394e-08 %)", "B(34, 10) = 1.5e-9, by the recursion"},
        AnswerRow{{"b", "-a", "10", "-b", "99.9999999%"}, "1 trunk (blocking 90.91 %)", "10/11; one of them"},
        AnswerRow{{"retrial", "-a", "100", "-n", "1000", "-p", "99%", "--redial-after", "30s"},
                  "0 % of the callers are lost",
                  "blocking below 1e-290, where weights are no numbers"},
        AnswerRow{{"mt", "--rates", "20/min:1h", "-n", "60"}, "blocking 9.62668 % at the peak", "steady: B(60, 60) = .0962668120"},
        AnswerRow{{"mt", "--rates", "1000/h:30min,2000/h:5min", "--before", "0/h", "--holding", "2min", "-b", "1%"},
                  "79 trunks",
                  "1000/30 + (1000/30)(1 - e^-2.5) = 63.9305 E; B(78) = .01105, B(79) = .00886"}));

TEST(ErlangTables, HaveALineForEachValue) {
  const Ended ended = ask({"b", "--trunks", "10..50/10", "--blocking", "1%"});
  EXPECT_EQ(ended.out,
            "  offered  trunks  blocking\n"
            "4.46118 E      10       1 %\n"
            "12.0306 E      20       1 %\n"
            "20.3373 E      30       1 %\n"
            "29.0074 E      40       1 %\n"
            "37.9014 E      50       1 %\n");
  EXPECT_EQ(ask({"b", "-a", "2", "-n", "2", "--table"}).out, "offered  trunks  blocking\n    2 E       2      40 %\n");
}

TEST(ErlangTables, RangeOverSharesAndTimesToo) {
  EXPECT_EQ(nlohmann::json::parse(ask({"b", "-a", "10", "-b", "0.5%..2%/0.5%", "--json"}).out)["rows"].size(), 4U);
  const auto json = nlohmann::json::parse(ask({"availability", "-n", "2", "--mtbf", "1000h", "--mttr", "1h..3h/1h", "--json"}).out);
  EXPECT_EQ(json["command"], "erlang availability");
  ASSERT_EQ(json["rows"].size(), 3U);
  EXPECT_EQ(json["rows"][1]["mttr_s"], 7200);
  EXPECT_NEAR(json["rows"][1]["down"].get<double>(), 4.0 / (1002.0 * 1002.0), 1e-18);
}

TEST(ErlangJson, HasTheFiguresInFull) {
  const auto overflow = nlohmann::json::parse(ask({"overflow", "-p", "10:10,8:5", "--json"}).out);
  EXPECT_NEAR(overflow["primary"][0]["variance"].get<double>(), 4.36244728062286, 1e-12);
  EXPECT_NEAR(overflow["mean"].get<double>(), 2.14582343107347 + 3.83206642497953, 1e-12);
  const auto shared = nlohmann::json::parse(ask({"shared", "-c", "4:1,1:3", "-n", "10", "--json"}).out);
  EXPECT_NEAR(shared["classes"][0]["blocking"].get<double>(), .07677903472334, 1e-13);
  const auto waits = nlohmann::json::parse(ask({"c", "-a", "10", "-s", "14", "--json"}).out);
  EXPECT_NEAR(waits["service_level"].get<double>(), .88835002, 5e-9);
  EXPECT_EQ(waits["holding_s"], 180);
  const auto endless = nlohmann::json::parse(ask({"c", "-a", "10", "-s", "10", "--json"}).out);
  EXPECT_TRUE(endless["mean_wait_s"].is_null());
}

TEST(ErlangAvailability, SaysEndlessOfOutagesBeyondTheClock) {
  const Words words{"availability", "-n", "1000", "-k", "990", "--mtbf", "1000h", "--mttr", "2h", "-r", "1"};
  EXPECT_THAT(ask(words).out, HasSubstr("mean outage     endless"));
}

TEST(ErlangRanges, EndWithAWordWhenInterrupted) {
  Program program({"erlang", "b", "--offered", "1000000..9990000/10000", "--blocking", "1%"});  // a minute
  std::this_thread::sleep_for(std::chrono::milliseconds{500});
  program.signal(SIGINT);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 130);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "stopped by the user\n");
}

TEST(ErlangHelp, ListsTheFormulasAndTheirOptions) {
  EXPECT_THAT(ask({"--help"}).out, HasSubstr("availability"));
  for (const char* formula : {"b", "xb", "c", "mmsk", "engset", "overflow", "shared", "retrial", "availability", "mt", "alternate"}) {
    const Ended ended = ask({formula, "--help"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_THAT(ended.out, HasSubstr(std::string("Usage: trunklab erlang ") + formula));
    EXPECT_THAT(ended.out, HasSubstr("Examples:"));
  }
}

struct RefusedRow {
  Words words;
  const char* message;
};
class ErlangFormulaMisuses : public ::testing::TestWithParam<RefusedRow> {};

TEST_P(ErlangFormulaMisuses, EndWithTwoAndAMessage) {
  const Ended ended = ask(GetParam().words);
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Table, ErlangFormulaMisuses,
    ::testing::Values(
        RefusedRow{{"--json"}, "found '--json', expected a formula: b, xb, c"}, RefusedRow{{"b", "-a", "1..2", "-n", "1"}, "--offered: found '1..2'"},
        RefusedRow{{"b", "-a", "3..1/1", "-n", "1"}, "--offered: found '3..1/1'"}, RefusedRow{{"b", "-a", "1..3/0", "-n", "1"}, "expected a range"},
        RefusedRow{{"b", "-a", "1", "-b", "1%..5%/1"}, "in one unit"}, RefusedRow{{"b", "-a", "1..9999/1", "-n", "1"}, "at most 1000 values"},
        RefusedRow{{"b", "-a", "1..2/1", "-n", "1..2/1"}, "one range at most"}, RefusedRow{{"b", "-a", "0..2/1", "-n", "1"}, "--offered: found '0'"},
        RefusedRow{{"b", "-a", "1", "-n", "2.5"}, "a whole number"}, RefusedRow{{"engset", "--fractional"}, "unrecognised option"},
        RefusedRow{{"xb", "-a", "5", "-n", "10"}, "found 2 of --offered, --trunks, --recall and --blocking, expected three"},
        RefusedRow{{"xb", "-a", "5", "-n", "10", "-r", "100%"}, "--recall: found '100%'"},
        RefusedRow{{"xb", "-a", "5", "-n", "10", "-b", "1%"}, "--blocking: found '1%', expected at least the 1.838 %"},
        RefusedRow{{"c", "-a", "5"}, "found 1 of --offered, --agents and --service-level"},
        RefusedRow{{"c", "-a", "5", "-l", "80%", "-w", "3s"}, "expected one of them"},
        RefusedRow{{"c", "-a", "5", "-w", "soon"}, "--mean-wait: found 'soon'"}, RefusedRow{{"c", "-a", "5", "-s", "0"}, "--agents: found '0'"},
        RefusedRow{{"c", "-a", "5", "-s", "6", "--holding", "0s"}, "--holding: found '0s'"},
        RefusedRow{{"mmsk", "-a", "5", "-s", "6"}, "what is left out is the answer"},
        RefusedRow{{"mmsk", "-a", "5", "-s", "6", "-n", "5"}, "--trunks: found '5', expected one for each of the 6 agents"},
        RefusedRow{{"mmsk", "-a", "7.5", "-s", "7", "-b", "1%"}, "--agents: found '7', expected more agents"},
        RefusedRow{{"engset", "-s", "5", "-n", "5", "-b", "1%"}, "--trunks: found '5', expected fewer"},
        RefusedRow{{"overflow"}, "found no --primary"}, RefusedRow{{"overflow", "-p", "10"}, "--primary: found '10'"},
        RefusedRow{{"overflow", "-p", "10:10,"}, "--primary: found '10:10,'"},
        RefusedRow{{"overflow", "-p", "10:10", "-n", "1", "-b", "1%"}, "expected one of them"},
        RefusedRow{{"overflow", "-p", "1:9000"}, "nothing overflows"}, RefusedRow{{"shared", "-n", "3"}, "found no --classes"},
        RefusedRow{{"shared", "-c", "1:0", "-n", "3"}, "--classes: found '1:0'"},
        RefusedRow{{"shared", "-c", "1:1"}, "found 0 of --trunks and --blocking, expected one"},
        RefusedRow{{"retrial", "-a", "5", "-n", "5"}, "found no --persistence"},
        RefusedRow{{"retrial", "-a", "90000", "-n", "5", "-p", "99.9%", "--redial-after", "24h"}, "more callers between two attempts than can be"},
        RefusedRow{{"availability", "-n", "2"}, "found 1 of --units, --mtbf, --mttr and --down"},
        RefusedRow{{"availability", "-n", "1", "-k", "2", "--mtbf", "1h", "--mttr", "1h"}, "--units: found '1', expected the 2 needed"},
        RefusedRow{{"availability", "-n", "2", "--mtbf", "1h", "--mttr", "1h", "--coverage", "99%"}, "without --takeover"},
        RefusedRow{{"availability", "--mtbf", "1h", "--mttr", "1h", "--coverage", "99%", "--takeover", "1h", "-d", "0.0001%"}, "up to 1000 units"},
        RefusedRow{{"availability", "-n", "2", "--mtbf", "1h", "--mttr", "1h", "--takeover", "1h"}, "without --coverage"},
        RefusedRow{{"engset", "-a", "0.000001", "-n", "5000", "-b", "1%"}, "the answer is above 4000000000 sources"},
        RefusedRow{{"mmsk", "-a", "10", "-s", "3", "-l", "80%"}, "found --offered --agents --service-level, expected --offered with"},
        RefusedRow{{"b", "-a", "1e8", "-n", "5"}, "up to 10000000"}, RefusedRow{{"b", "-a", "1e", "-n", "5"}, "--offered: found '1e'"},
        RefusedRow{{"b", "-a", "1\x1b[31m", "-n", "5"}, "--offered: found '1\xef\xbf\xbd[31m'"},
        RefusedRow{{"b", "-a", std::string(10'000, 'x'), "-n", "5"}, "xxx…', expected"},
        RefusedRow{{std::string(10'000, 'x')}, "xxx…', expected a formula"},
        RefusedRow{{"shared", "-c", "4:1,1:0", "-n", "3"}, "--classes: found '1:0'"},
        RefusedRow{{"shared", "-c", "4:1,1:10001", "-n", "3"}, "the number from 1 to 10000"},
        RefusedRow{{"alternate", "-l", "5"}, "found no --demands"}, RefusedRow{{"alternate", "-l", "5,0", "-d", "3:1"}, "--links: found '0'"},
        RefusedRow{{"alternate", "-l", "5,5", "-d", "3:1,3"}, "--demands: found '3', expected ERLANGS:ROUTE"},
        RefusedRow{{"alternate", "-l", "5,5", "-d", "3:3"}, "expected routes of links from 1 to 2"},
        RefusedRow{{"alternate", "-l", "5,5", "-d", "3:1+1"}, "none twice"},
        RefusedRow{{"alternate", "-l", "5,5", "-d", "1e9:1"}, "expected Erlangs above 0 and up to 10000000"},
        RefusedRow{{"alternate", "-l", "5,5,5,5", "-d", "1:1+2+3+4/1+2+3+4/1+2+3+4/1+2+3+4/1+2+3+4/1+2+3+4/1+2+3+4/1+2+3+4/1+2+3+4"},
                   "100000 over all demands at most"},
        RefusedRow{{"mt", "-n", "5"}, "found no --rates"}, RefusedRow{{"mt", "--rates", "1000000/s:1h", "-n", "5"}, "a rate from 0 to 100000/s"},
        RefusedRow{{"mt", "--rates", "600/h:0s", "-n", "5"}, "a time from 1s to 7d"},
        RefusedRow{{"mt", "--rates", "5/s", "-n", "5"}, "--rates: found '5/s'"},
        RefusedRow{{"mt", "--rates", "5/s:1h", "--cv", "x", "-n", "5"}, "--cv: found 'x'"}));

}  // namespace
}  // namespace trunklab
