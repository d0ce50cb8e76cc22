// Help, version, mistakes on the command line, and a standard output that takes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

TEST(Help, ListsEveryCommandAndTheExitCodes) {
  for (const char* word : {"--help", "-h", "help"}) {
    const Ended ended = run_trunklab({word});
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(ended.err, "");
    for (const char* text :
         {"\n  demo ", "\n  check ", "\n  simulate ", "\n  report ", "\n  erlang ", "Exit codes: 0 done, 1 failed, 2 misused, 3"}) {
      EXPECT_THAT(ended.out, HasSubstr(text)) << word;
    }
  }
}

TEST(Help, OfEachCommandShowsUsageOptionsAndExamples) {
  for (const std::string command : {"demo", "check", "simulate", "report", "erlang"}) {
    for (const char* word : {"--help", "-h"}) {
      const Ended ended = run_trunklab({command, word});
      EXPECT_EQ(ended.code, 0);
      EXPECT_EQ(ended.err, "");
      EXPECT_THAT(ended.out, StartsWith("Usage: trunklab " + command));
      EXPECT_THAT(ended.out, HasSubstr("--json"));
      EXPECT_THAT(ended.out, HasSubstr("Examples:\n  trunklab " + command));
    }
  }
}

TEST(Version, IsOneLine) {
  const Ended ended = run_trunklab({"--version"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, ::testing::MatchesRegex("trunklab [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

struct MisuseRow {
  Words words;
  const char* message;
};
class Misuses : public ::testing::TestWithParam<MisuseRow> {};

TEST_P(Misuses, EndWithTwoAMessageAndNothingWritten) {
  const TemporaryFolder folder;
  const Ended ended = run_trunklab(GetParam().words, {.folder = folder.path(), .out = {}});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr(GetParam().message));
  EXPECT_EQ(files_in(folder.path()), Words{});
}

INSTANTIATE_TEST_SUITE_P(
    Table, Misuses,
    ::testing::Values(MisuseRow{{}, "Usage: trunklab COMMAND"}, MisuseRow{{"frobnicate"}, "found 'frobnicate', expected a command"},
                      MisuseRow{{""}, "found '', expected a command"}, MisuseRow{{"--frobnicate"}, "found '--frobnicate', expected a command"},
                      MisuseRow{{"demo", "--frobnicate"}, "--frobnicate"}, MisuseRow{{"demo", "word"}, "see trunklab demo --help"},
                      MisuseRow{{"check"}, "found no scenario"}, MisuseRow{{"check", "a", "b"}, "see trunklab check --help"},
                      MisuseRow{{"check", "a.yaml", "--jsn"}, "--jsn"}, MisuseRow{{"check", "a.yaml", "--js"}, "--js"},
                      MisuseRow{{"simulate"}, "found no scenario"}, MisuseRow{{"simulate", "a.yaml", "-o"}, "--output"},
                      MisuseRow{{"simulate", "a.yaml", "-x"}, "see trunklab simulate --help"},
                      MisuseRow{{"simulate", "a.yaml", "--replications", "0"}, "--replications: found '0', expected a whole number from 1"},
                      MisuseRow{{"simulate", "a.yaml", "--replications", "-1"}, "--replications"},
                      MisuseRow{{"simulate", "a.yaml", "--replications", "two"}, "found 'two'"},
                      MisuseRow{{"simulate", "a.yaml", "-n", "99999999999999999999"}, "found '99999999999999999999'"},
                      MisuseRow{{"simulate", "a.yaml", "--cdr", "some"}, "--cdr: found 'some', expected all, failed or none"},
                      MisuseRow{{"simulate", "a.yaml", "-o", "run.sqlite"}, "a.yaml: found no such file"},
                      MisuseRow{{"report"}, "found no run record"},
                      MisuseRow{{"report", "run.sqlite", "--format", "xml"},
                                "--format: found 'xml', expected text, markdown, json, csv, junit or html"}));

TEST(FullDevice, AsStandardOutputIsAFailureThatIsReported) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const std::string scenario = TRUNKLAB_SOURCE_DIR "/scenarios/library/erlang-b.yaml";
  for (const Words& words : {Words{"--help"}, Words{"--version"}, Words{"simulate", "--help"}, Words{"check", scenario},
                             Words{"erlang", "b", "--offered", "1", "--trunks", "1"}, Words{"demo", "--scenario"}}) {
    const Ended ended = run_trunklab(words, {.folder = {}, .out = "/dev/full"});
    EXPECT_EQ(ended.code, 1) << words.front();
    EXPECT_EQ(ended.err, "trunklab: writing to standard output failed\n") << words.front();
  }
}

}  // namespace
}  // namespace trunklab
