// trunklab check: sound scenarios, every broken one, and files that are no scenario at all. simulate answers them alike and writes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class LibraryFile : public ::testing::TestWithParam<std::string> {};

TEST_P(LibraryFile, IsSound) {
  if (GetParam().starts_with("bank-") && !std::filesystem::exists(TRUNKLAB_SOURCE_DIR "/../shared/data")) {
    GTEST_SKIP() << "the bank's files are not here";
  }
  const std::string file = "scenarios/library/" + GetParam() + ".yaml";
  const Ended ended = run_trunklab({"check", file}, {.folder = TRUNKLAB_SOURCE_DIR, .out = {}});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, HasSubstr(file + ": sound; "));
}

INSTANTIATE_TEST_SUITE_P(All, LibraryFile, ::testing::ValuesIn(names_in("scenarios/library")), name_of);

class BrokenFile : public ::testing::TestWithParam<std::string> {};

TEST_P(BrokenFile, IsRefusedWithItsMessagesAndNothingIsWritten) {
  const TemporaryFolder folder;
  const std::string file = "scenarios/broken/" + GetParam() + ".yaml";
  const std::string expected = text_of(TRUNKLAB_SOURCE_DIR "/scenarios/broken/" + GetParam() + ".expected");
  for (const Words& words : {Words{"check", file}, Words{"simulate", file, "-o", (folder.path() / "run.sqlite").string()}}) {
    const Ended ended = run_trunklab(words, {.folder = TRUNKLAB_SOURCE_DIR, .out = {}});
    EXPECT_EQ(ended.code, 2) << words.front();
    EXPECT_EQ(ended.out, "") << words.front();
    EXPECT_EQ(ended.err, expected) << words.front();
    EXPECT_EQ(files_in(folder.path()), Words{}) << words.front();
  }
}

INSTANTIATE_TEST_SUITE_P(All, BrokenFile, ::testing::ValuesIn(names_in("scenarios/broken")), name_of);

struct HostileRow {
  const char* name;
  void (*make)(const std::filesystem::path& file);
  const char* message;
};
class HostileFile : public ::testing::TestWithParam<HostileRow> {};

/// Nine lists of nine of the list before: 3.5e8 words if anybody unfolded them.
void write_alias_bomb(const std::filesystem::path& file) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int copy = 1; copy < 9; ++copy) text += ", " + before;
    text += "]\n";
  }
  write_file(file, text);
}

TEST_P(HostileFile, IsRefusedAtOnceAndNothingIsWritten) {
  const TemporaryFolder folder;
  GetParam().make(folder.path() / "hostile.yaml");
  const Words before = files_in(folder.path());
  for (const Words& words : {Words{"check", "hostile.yaml"}, Words{"simulate", "hostile.yaml", "-o", "run.sqlite"}}) {
    const Ended ended = run_trunklab(words, {.folder = folder.path(), .out = {}, .deadline = std::chrono::seconds{10}});
    EXPECT_FALSE(ended.hung);
    EXPECT_EQ(ended.code, 2) << words.front();
    EXPECT_EQ(ended.out, "") << words.front();
    EXPECT_THAT(ended.err, HasSubstr(GetParam().message)) << words.front();
    EXPECT_EQ(files_in(folder.path()), before) << words.front();
  }
}

using Path = std::filesystem::path;
INSTANTIATE_TEST_SUITE_P(
    Table, HostileFile,
    ::testing::Values(HostileRow{"absent", [](const Path&) {}, "hostile.yaml: found no such file"},
                      HostileRow{"empty", [](const Path& file) { write_file(file, ""); }, "found an empty file"},
                      HostileRow{"binary",
                                 [](const Path& file) {
                                   std::string bytes;
                                   for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 37);
                                   write_file(file, bytes);
                                 },
                                 "hostile.yaml"},
                      HostileRow{"folder", [](const Path& file) { std::filesystem::create_directory(file); }, "found a directory"},
                      HostileRow{"huge",
                                 [](const Path& file) {
                                   write_file(file, "");
                                   std::filesystem::resize_file(file, 100'000'000);
                                 },
                                 "found a file of 100000000 bytes"},
                      HostileRow{"alias_bomb", write_alias_bomb, "hostile.yaml:1:"},
                      HostileRow{"endless", [](const Path& file) { std::filesystem::create_symlink("/dev/zero", file); }, "not a regular file"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Check, AFileThatMayNotBeReadIsRefused) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TemporaryFolder folder;
  write_file(folder.path() / "secret.yaml", "seed: 1\n");
  std::filesystem::permissions(folder.path() / "secret.yaml", std::filesystem::perms::none);
  const Ended ended = run_trunklab({"check", "secret.yaml"}, {.folder = folder.path(), .out = {}});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("permission denied"));
}

TEST(Check, JsonHoldsProblemsAndAdvice) {
  const auto check = [](const std::string& file) {
    const Ended ended = run_trunklab({"check", "--json", file}, {.folder = TRUNKLAB_SOURCE_DIR, .out = {}});
    EXPECT_EQ(ended.err, "");
    return std::pair{ended.code, nlohmann::json::parse(ended.out)};
  };
  const auto [good, advised] = check("scenarios/library/single-address.yaml");
  EXPECT_EQ(good, 0);
  EXPECT_EQ(advised["command"], "check");
  EXPECT_EQ(advised["valid"], true);
  EXPECT_EQ(advised["problems"], nlohmann::json::array());
  ASSERT_GE(advised["advice"].size(), 1U);
  EXPECT_EQ(advised["silenced"], 0);
  for (const char* key : {"id", "where", "what", "why", "fix", "origin"}) EXPECT_TRUE(advised["advice"][0][key].is_string()) << key;

  const auto [bad, refused] = check("scenarios/broken/several.yaml");
  EXPECT_EQ(bad, 2);
  EXPECT_EQ(refused["valid"], false);
  std::string messages;
  for (const auto& problem : refused["problems"]) {
    messages += problem["where"].get<std::string>() + ": found " + problem["found"].get<std::string>() + ", expected " +
                problem["expected"].get<std::string>() + "\n";
  }
  EXPECT_EQ(messages, text_of(TRUNKLAB_SOURCE_DIR "/scenarios/broken/several.expected"));
}

TEST(Check, SilencedAdviceIsLeftOutAndCounted) {
  const TemporaryFolder folder;
  const std::string scenario =
      "horizon: { duration: 1h }\nsites:\n  a: { routing: { regions: [euc1] } }\ndemand:\n  d: { arrivals: { process: poisson, rate: 1/s }, holding: "
      "60s }\n";
  write_file(folder.path() / "loud.yaml", scenario);
  write_file(folder.path() / "quiet.yaml", scenario + "lint: { silence: [one-region] }\n");
  const Ended loud = run_trunklab({"check", "loud.yaml"}, {.folder = folder.path(), .out = {}});
  EXPECT_THAT(loud.out, HasSubstr("(ours) [one-region]\n  fix: regions: [euc1, use1]\n"));
  EXPECT_THAT(loud.out, HasSubstr("[no-authentication]\n"));
  EXPECT_THAT(loud.out, ::testing::Not(HasSubstr("silenced")));
  const Ended quiet = run_trunklab({"check", "quiet.yaml"}, {.folder = folder.path(), .out = {}});
  EXPECT_THAT(quiet.out, ::testing::Not(HasSubstr("[one-region]")));
  EXPECT_THAT(quiet.out, HasSubstr("; 1 piece of advice silenced\n"));
}

// The reader looks at a call file's heading only; check and simulate read its rows too.
TEST(Check, RowsOfACallFileAreCheckedAndASimulationLeavesNothing) {
  const TemporaryFolder folder;
  write_file(folder.path() / "calls.csv", "arrival,talk\n2026-03-02T08:00:00,18\n2026-03-02T08:00:01,long\n");
  write_file(
      folder.path() / "trace.yaml",
      "horizon: { duration: 1h }\nsites:\n  a: { routing: { regions: [euc1] } }\ndemand:\n  a:\n    arrivals: { process: trace, file: calls.csv, "
      "arrival_column: arrival, holding_column: talk, from: 2026-03-02T08:00:00, to: 2026-03-02T09:00:00 }\n");
  for (const Words& words : {Words{"check", "trace.yaml"}, Words{"simulate", "trace.yaml", "-o", "run.sqlite"}}) {
    const Ended ended = run_trunklab(words, {.folder = folder.path(), .out = {}});
    EXPECT_EQ(ended.code, 2) << words.front();
    EXPECT_THAT(ended.err, HasSubstr("calls.csv:3:21: found 'long', expected a duration of 0 to 172800 seconds\n")) << words.front();
    EXPECT_EQ(files_in(folder.path()), (Words{"calls.csv", "trace.yaml"})) << words.front();
  }
}

}  // namespace
}  // namespace trunklab
