// trunklab generate: what it writes for the scenarios that ship, what it replaces and what it does not, mistakes and signals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

const std::string small =
    "horizon: { duration: 1h }\nseed: 7\nsites:\n  stockholm:\n    routing: { target: addresses, regions: [euc1] }\n"
    "demand:\n  retail:\n    arrivals: { process: poisson, rate: 6/min }\n    holding: { distribution: exponential, mean: 60s }\n";

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class Generate : public CommandTest {
 protected:
  Ended run(const std::string& scenario, const Words& more) const { return run_command("generate", "case.yaml", scenario, more); }
};

/// A scenario's bundle in a few lines: groups and what they hold, the first rows.
std::string told(const std::string& name, const fs::path& bundle) {
  const auto manifest = nlohmann::json::parse(text_of(bundle / "manifest.json"));
  std::ostringstream text;
  text << name << '\n';
  for (const auto& group : manifest["groups"]) {
    const std::string group_name = group["name"];
    text << "  " << group_name << ": " << group["calls"] << " calls, " << group["processes"] << " processes, " << group["targets"].size()
         << " targets";
    for (const auto& [outcome, calls] : group["expected"].items()) text << ", " << outcome << ' ' << calls;
    text << '\n';
    std::ifstream rows(bundle / "groups" / group_name / "calls-1.csv");
    std::string row;
    for (int line = 0; line < 4 && std::getline(rows, row); ++line) {
      if (line >= 2) text << "    " << row << '\n';
    }
    const auto& files = manifest["files"];
    text << "    calls-1.csv " << files["groups/" + group_name + "/calls-1.csv"].get<std::string>().substr(0, 16) << '\n';
  }
  return text.str();
}

TEST_F(Generate, WritesTheSameBundlesOfTheLibraryAsEver) {
  std::string all = "# seed: each scenario's own. TRUNKLAB_REWRITE_GOLDEN=1 writes this anew: look at the difference first.\n";
  const fs::path library = fs::path(TRUNKLAB_SOURCE_DIR) / "scenarios/library";
  for (const std::string& name : files_in(library)) {
    const std::string scenario = text_of(library / name);
    if (scenario.find("shared/data") != std::string::npos) continue;  // needs call files that are not part of the project
    const Ended ended = run_trunklab({"generate", (library / name).string(), "-o", "bundle"}, here());
    ASSERT_EQ(ended.code, 0) << name << ": " << ended.err;
    all += told(name, folder() / "bundle");
  }
  const fs::path golden = fs::path(TRUNKLAB_SOURCE_DIR) / "tests/golden/bundles.txt";
  if (std::getenv("TRUNKLAB_REWRITE_GOLDEN") != nullptr) std::ofstream(golden, std::ios::binary) << all;
  EXPECT_EQ(all, text_of(golden)) << "tests/golden/bundles.txt";
}

TEST_F(Generate, TwiceIsByteForByteTheSame) {
  ASSERT_EQ(run(small, {"-o", "one"}).code, 0);
  ASSERT_EQ(run(small, {"-o", "two"}).code, 0);
  EXPECT_EQ(std::system(("diff -r '" + (folder() / "one").string() + "' '" + (folder() / "two").string() + "'").c_str()), 0);
  ASSERT_EQ(run(small, {"-o", "two", "--replication", "1"}).code, 0);
  EXPECT_NE(text_of(folder() / "one/groups/stockholm/calls-1.csv"), text_of(folder() / "two/groups/stockholm/calls-1.csv"));
}

TEST_F(Generate, ChecksumsAreThoseOfTheFiles) {
  ASSERT_EQ(run(small, {"-o", "bundle"}).code, 0);
  EXPECT_EQ(std::system(("cd '" + (folder() / "bundle").string() + "' && sha256sum --check --quiet SHA256SUMS").c_str()), 0);
}

TEST_F(Generate, CountsOfSecondsAddUpToTheCalls) {
  const Ended ended = run(small, {"-o", "bundle", "--json"});
  const auto document = nlohmann::json::parse(ended.out);
  std::ifstream seconds(folder() / "bundle/expected.csv");
  std::string line;
  std::getline(seconds, line);
  std::uint64_t calls = 0;
  while (std::getline(seconds, line)) calls += std::stoull(line.substr(line.rfind(';') + 1));
  EXPECT_EQ(document["calls"], calls);
  EXPECT_EQ(document["groups"][0]["expected"]["answered"], calls);
  EXPECT_EQ(document["command"], "generate");
}

TEST_F(Generate, ReplacesABundleAndNothingElse) {
  ASSERT_EQ(run(small, {"-o", "bundle"}).code, 0);
  EXPECT_EQ(run(small, {"-o", "bundle", "--seed", "8"}).code, 0);
  EXPECT_THAT(text_of(folder() / "bundle/manifest.json"), HasSubstr("\"seed\": 8"));
  fs::create_directory(folder() / "mine");
  write_file(folder() / "mine/letter.txt", "dear");
  const Ended ended = run(small, {"-o", "mine"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.err, "trunklab: mine: cannot be written: a folder of this name is there, and is no bundle\n");
  EXPECT_THAT(files_in(folder() / "mine"), ElementsAre("letter.txt"));
  write_file(folder() / "file", "text");
  EXPECT_EQ(run(small, {"-o", "file"}).err, "trunklab: file: cannot be written: it is there, and is no folder\n");
  EXPECT_EQ(run(small, {"-o", "none/bundle"}).err, "trunklab: none/bundle: cannot be written: there is no folder none\n");
  EXPECT_THAT(files_in(folder()), ElementsAre("bundle", "case.yaml", "file", "mine"));
}

TEST_F(Generate, ReplacesNoBundleThatHoldsSomethingElse) {
  ASSERT_EQ(run(small, {"-o", "bundle"}).code, 0);
  fs::create_directory(folder() / "bundle/logs");
  write_file(folder() / "bundle/logs/letter.txt", "dear");
  const Ended ended = run(small, {"-o", "bundle", "--seed", "8"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.err, "trunklab: bundle: cannot be written: it holds logs/letter.txt, which is no part of the bundle there\n");
  EXPECT_EQ(text_of(folder() / "bundle/logs/letter.txt"), "dear");
  fs::create_directory(folder() / "copied");
  fs::copy_file(folder() / "bundle/manifest.json", folder() / "copied/manifest.json");
  write_file(folder() / "copied/letter.txt", "dear");
  EXPECT_EQ(run(small, {"-o", "copied"}).code, 1);
  EXPECT_EQ(text_of(folder() / "copied/letter.txt"), "dear");
}

TEST_F(Generate, SitesMayBeCalledLikeTheBundlesOwnFiles) {
  for (const std::string name : {"due", "callers", "run.sh", "manifest.json", "SHA256SUMS"}) {
    std::string scenario = small;
    for (std::size_t at = scenario.find("stockholm"); at != std::string::npos; at = scenario.find("stockholm", at + name.size())) {
      scenario.replace(at, 9, name);
    }
    const Ended ended = run(scenario, {"-o", "bundle"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_TRUE(fs::is_regular_file(folder() / "bundle/groups" / name / "calls-1.csv"));
  }
}

TEST_F(Generate, TakesAnyNameOfAScenarioFile) {
  const Ended ended = run_command("generate", "{{name}}{{#x}}.yaml", small, {"-o", "bundle"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(text_of(folder() / "bundle/README.md"), HasSubstr("# SIPp bundle: {{name}}{{#x}}\n"));
}

TEST_F(Generate, MistakesLeaveNothingBehind) {
  EXPECT_EQ(run(small + "  office:\n", {"-o", "bundle"}).code, 2);
  EXPECT_EQ(run(small, {}).err, "trunklab: --output: found nothing, expected a folder for the bundle: -o BUNDLE\n");
  std::string quiet = small;
  quiet.replace(quiet.find("rate: 6/min"), 11, "rate: 0.000001/h");
  const Ended ended = run(quiet, {"-o", "bundle"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.err, "case.yaml: found a timetable without a call, expected at least one call within the horizon\n");
  EXPECT_THAT(files_in(folder()), ElementsAre("case.yaml"));
}

TEST_F(Generate, RefusesACookieThatNoScenarioFileHasRoomFor) {
  const std::string inward =
      "service: { preset: sinch, origination: { cookie_bytes: 60000 } }\nhorizon: { duration: 1min }\nsites: { oslo: { routing: { regions: [euc1] } "
      "} }\n"
      "demand:\n  in: { site: oslo, direction: origination, region: euc1, arrivals: { process: poisson, rate: 1/s }, holding: { distribution: fixed, "
      "value: 2s } }\n";
  const Ended ended = run(inward, {"-o", "bundle"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("case.yaml: found cookie_bytes: 60000, expected "));
  EXPECT_FALSE(fs::exists(folder() / "bundle"));
}

TEST_F(Generate, StopsAtASignalAndLeavesNothingBehind) {
  std::string year = small;
  year.replace(year.find("duration: 1h"), 12, "duration: 365d");
  year.replace(year.find("6/min"), 5, "50/s");
  write_file(folder() / "case.yaml", year);
  Program program({"generate", "case.yaml", "-o", "bundle"}, here());
  std::this_thread::sleep_for(300ms);
  program.signal(SIGINT);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 128 + SIGINT);
  EXPECT_THAT(ended.err, HasSubstr("stopped: nothing was written"));
  EXPECT_THAT(files_in(folder()), ElementsAre("case.yaml"));
}

}  // namespace
}  // namespace trunklab
