// trunklab erlang: two of three are given, the third is the answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace trunklab {
namespace {

using Words = std::vector<std::string>;

struct AnswerRow {
  Words words;
  const char* answer;
  const char* source;
};
class ErlangAnswers : public ::testing::TestWithParam<AnswerRow> {};

TEST_P(ErlangAnswers, AreThoseOfTheTables) {
  Words words{"erlang", "b"};
  words.insert(words.end(), GetParam().words.begin(), GetParam().words.end());
  const Ended ended = run_trunklab(words);
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.out, GetParam().answer) << GetParam().source;
}

INSTANTIATE_TEST_SUITE_P(Table, ErlangAnswers,
                         ::testing::Values(AnswerRow{{"--offered", "33.333", "--blocking", "1%"},
                                                     "45 trunks (blocking 0.9653 %)\n",
                                                     "erlang.com forum; B(45) = .00965402"},
                                           AnswerRow{{"-a", "33.333", "-b", "0.01"}, "45 trunks (blocking 0.9653 %)\n", "short options, a share"},
                                           AnswerRow{{"--offered=10", "--trunks=10"}, "blocking 21.4582 %\n", "B(10, 10) = .2145823431"},
                                           AnswerRow{{"-a", "2", "-n", "0"}, "blocking 100 %\n", "no trunk: all blocked"},
                                           AnswerRow{
                                               {"--trunks", "15", "--blocking", "1%"}, "8.10804 Erlangs\n", "erlang.com, calculator manual: 8.108"},
                                           AnswerRow{{"-n", "100", "-b", "1%"}, "84.0642 Erlangs\n", "exact arithmetic"}));

TEST(Erlang, AnswersInJsonWithAllThree) {
  for (const Words& words : {Words{"--offered", "33.333", "--blocking", "1%"}, Words{"--offered", "33.333", "--trunks", "45"}}) {
    Words all{"erlang", "b", "--json"};
    all.insert(all.end(), words.begin(), words.end());
    const auto json = nlohmann::json::parse(run_trunklab(all).out);
    EXPECT_EQ(json["command"], "erlang b");
    EXPECT_EQ(json["offered"], 33.333);
    EXPECT_EQ(json["trunks"], 45);
    EXPECT_NEAR(json["blocking"].get<double>(), 0.00965, 1e-5);
  }
}

struct RefusedRow {
  Words words;
  const char* message;
};
class ErlangMisuses : public ::testing::TestWithParam<RefusedRow> {};

TEST_P(ErlangMisuses, EndWithTwoAndAMessage) {
  const Ended ended = run_trunklab(GetParam().words);
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, ::testing::HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(Table, ErlangMisuses,
                         ::testing::Values(RefusedRow{{"erlang"}, "found no formula"},
                                           RefusedRow{{"erlang", "x", "-a", "1", "-n", "1"}, "found 'x', expected a formula: b, xb"},
                                           RefusedRow{{"erlang", "b"}, "found 0 of"}, RefusedRow{{"erlang", "b", "-a", "1"}, "found 1 of"},
                                           RefusedRow{{"erlang", "b", "-a", "1", "-n", "1", "-b", "1%"}, "found 3 of"},
                                           RefusedRow{{"erlang", "b", "-a", "-1", "-n", "3"}, "--offered: found '-1'"},
                                           RefusedRow{{"erlang", "b", "-a", "0", "-n", "3"}, "--offered: found '0'"},
                                           RefusedRow{{"erlang", "b", "-a", "many", "-n", "3"}, "--offered: found 'many'"},
                                           RefusedRow{{"erlang", "b", "-a", "nan", "-n", "3"}, "--offered: found 'nan'"},
                                           RefusedRow{{"erlang", "b", "-a", "1e8", "-n", "3"}, "--offered: found '1e8'"},
                                           RefusedRow{{"erlang", "b", "-a", "1", "-b", "0%"}, "--blocking: found '0%'"},
                                           RefusedRow{{"erlang", "b", "-a", "1", "-b", "100%"}, "--blocking: found '100%'"},
                                           RefusedRow{{"erlang", "b", "-a", "1", "-b", "1"}, "--blocking: found '1'"},
                                           RefusedRow{{"erlang", "b", "-a", "1", "-b", "1 percent"}, "--blocking: found '1 percent'"},
                                           RefusedRow{{"erlang", "b", "-a", "1", "-n", "1.5"}, "--trunks: found '1.5'"},
                                           RefusedRow{{"erlang", "b", "-a", "1", "-n", "-1"}, "--trunks: found '-1'"},
                                           RefusedRow{{"erlang", "b", "-b", "1%", "-n", "0"}, "--trunks: found '0'"},
                                           RefusedRow{{"erlang", "b", "-a", "1", "-n", "100000001"}, "--trunks: found '100000001'"}));

}  // namespace
}  // namespace trunklab
