// trunklab load: real SIPp on loopback against the simulator's own calls; what is refused; what is left when it is stopped or killed.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string two_sites = R"(
service: { preset: sinch, authentication: { code: 407 } }
horizon: { duration: 20s }
warmup: 0s
sites:
  a: { routing: { target: addresses, regions: [euc1] } }
  b: { transport: tcp, routing: { target: addresses, regions: [use1], order: rotate } }
demand:
  d: { site: a, arrivals: { process: poisson, rate: 4/s }, holding: { distribution: fixed, value: 1s }, ring_time: { distribution: fixed, value: 1s },
       post_dial_delay: { distribution: fixed, value: 200ms }, answer: { answered: 60%, busy: 20%, no_answer: 20% } }
  e: { site: b, arrivals: { process: poisson, rate: 2/s }, holding: { distribution: fixed, value: 2s }, ring_time: { distribution: fixed, value: 500ms } }
)";

class Load : public CommandTest {
 protected:
  void SetUp() override {
    fs::create_directory(folder() / "tmp");
    ASSERT_EQ(run_command("generate", "case.yaml", two_sites, {"-o", "bundle"}).code, 0);
  }
  /// Its temporary files are in a folder that the test can look into.
  [[nodiscard]] Launch isolated() const {
    return {.folder = folder(), .out = {}, .deadline = 120s, .with = {"env", "TMPDIR=" + (folder() / "tmp").string()}};
  }
  [[nodiscard]] Ended run(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"load", "bundle"};
    words.insert(words.end(), more.begin(), more.end());
    return run_trunklab(words, isolated());
  }
  /// Programs that still run and have this test's folder in their words.
  [[nodiscard]] std::vector<std::string> left_running() const {
    std::vector<std::string> left;
    for (const fs::directory_entry& process : fs::directory_iterator("/proc")) {
      std::ifstream stream(process.path() / "cmdline", std::ios::binary);
      std::string words{std::istreambuf_iterator<char>(stream), {}};
      if (words.starts_with("sipp") && words.find(folder().string()) != std::string::npos) left.push_back(process.path().filename());
    }
    return left;
  }
};

/// "demand.window.number: outcome by edge, attempts" of the calls offered in [0, until).
std::set<std::string> calls_in(const fs::path& record, double until_s) {
  SQLite::Database database(record.string());
  SQLite::Statement rows(database, "SELECT demand, window, number, outcome, edge, attempts FROM calls WHERE offered < ? AND offered >= -10000000");
  rows.bind(1, static_cast<std::int64_t>(until_s * 1e9));
  std::set<std::string> calls;
  while (rows.executeStep()) {
    std::string call;
    for (int column = 0; column < 6; ++column) call += rows.getColumn(column).getString() + ' ';
    calls.insert(call);
  }
  return calls;
}

TEST_F(Load, MeasuresTheCallsThatTheSimulatorPlays) {
  const Ended ended = run({"--until", "6s", "-o", "measured.sqlite", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto document = nlohmann::json::parse(ended.out);
  EXPECT_EQ(document["load"]["not_as_expected"], 0);
  EXPECT_EQ(document["load"]["over"], document["load"]["calls"]);
  EXPECT_LT(document["load"]["latest_ms"].get<double>(), 1000);
  ASSERT_EQ(run_trunklab({"simulate", "case.yaml", "-o", "simulated.sqlite"}, isolated()).code, 0);
  const auto measured = calls_in(folder() / "measured.sqlite", 60);
  // Who is due just before the end of the sixth second may be sent just after it; the count of the bundle's rows decides.
  const auto simulated = calls_in(folder() / "simulated.sqlite", 6);
  EXPECT_GT(measured.size(), 20U);
  EXPECT_EQ(measured, simulated);
  EXPECT_THAT(run_trunklab({"measures", "measured.sqlite"}, isolated()).out, HasSubstr("by SIPp on loopback"));
  EXPECT_EQ(run_trunklab({"report", "measured.sqlite"}, isolated()).code, 0);
  EXPECT_THAT(files_in(folder() / "tmp"), IsEmpty());
  EXPECT_THAT(left_running(), IsEmpty());
}

/// Ranks share the calls and keep one record: that of one process, but for when and by whom it was measured.
TEST_F(Load, OfTwoRanksKeepsTheRecordOfOne) {
  Launch launch = isolated();
  launch.with.insert(launch.with.end(), {"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "mpirun", "--oversubscribe", "-n", "2"});
  const Ended two = run_trunklab({"load", "bundle", "--until", "6s", "-o", "two.sqlite", "--json"}, launch);
  ASSERT_EQ(two.code, 0) << two.err;
  EXPECT_THAT(two.err, HasSubstr("rank 1: its clock is"));
  const auto document = nlohmann::json::parse(two.out);
  EXPECT_EQ(document["load"]["not_as_expected"], 0);
  EXPECT_LT(document["load"]["latest_ms"].get<double>(), 1000);
  ASSERT_EQ(run({"--until", "6s", "-o", "one.sqlite"}).code, 0);
  const auto calls = calls_in(folder() / "one.sqlite", 60);
  EXPECT_GT(calls.size(), 20U);
  EXPECT_EQ(calls_in(folder() / "two.sqlite", 60), calls);
  // Each rank played its own: the callers' Call-IDs have two process numbers a site, of which nothing is in the record; its attempts are whole.
  SQLite::Database database((folder() / "two.sqlite").string());
  EXPECT_EQ(database.execAndGet("SELECT count(*) FROM attempts").getInt64(),
            SQLite::Database((folder() / "one.sqlite").string()).execAndGet("SELECT count(*) FROM attempts").getInt64());
  EXPECT_THAT(files_in(folder() / "tmp"), IsEmpty());
  EXPECT_THAT(left_running(), IsEmpty());
}

TEST_F(Load, RefusesABundleThatWasChanged) {
  std::ofstream(folder() / "bundle/groups/a/calls-1.csv", std::ios::app) << "1;2\n";
  const Ended ended = run({});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("calls-1.csv: found a file that was changed after it was generated, expected the checksum in SHA256SUMS"));
}

TEST_F(Load, RefusesANumberThatSomebodyHasWhateverTheChecksumsSay) {
  const fs::path rows = folder() / "bundle/groups/a/calls-1.csv";
  const std::string change = "sed -i 's/;+999/;+4670/' '" + rows.string() + "'; cd '" + (folder() / "bundle").string() +
                             "'; f=$(cut -c67- SHA256SUMS); sha256sum $f > new; mv new SHA256SUMS";
  ASSERT_EQ(std::system(change.c_str()), 0);
  const Ended ended = run({});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("calls-1.csv:3: found '"));
  EXPECT_THAT(ended.err, HasSubstr("expected a row as generate writes it"));
}

/// The checksums are no secret: somebody may make them anew. What SIPp is given is then still what generate would have written.
TEST_F(Load, RefusesWhatGenerateWouldNotWriteWhateverTheChecksumsSay) {
  const auto change = [&](const std::string& file, const std::string& edit) {
    const std::string command = "sed -i '" + edit + "' '" + (folder() / "bundle" / file).string() + "'; cd '" + (folder() / "bundle").string() +
                                "'; f=$(cut -c67- SHA256SUMS); sha256sum $f > new; mv new SHA256SUMS";
    ASSERT_EQ(std::system(command.c_str()), 0);
    const Ended ended = run({});
    EXPECT_EQ(ended.code, 2) << file << ' ' << edit;
    EXPECT_THAT(ended.err, AnyOf(HasSubstr("expected a bundle of this trunklab"), HasSubstr("expected a row as generate writes it")))
        << file << ' ' << edit;
    ASSERT_EQ(run_trunklab({"generate", "case.yaml", "-o", "bundle"}, isolated()).code, 0);
  };
  change("groups/a/caller.xml", "s/INVITE sip:\\[field2\\]/INVITE sip:112/");
  change("groups/a/answerer.xml", "s/<nop>/<nop><action><exec command=\"true\"\\/><\\/action><\\/nop><nop>/");
  change("groups/a/calls-1.csv", "3s/;caller;/;[field0];/");
  change("groups/a/calls-1.csv", "3s/;60000.000;/;nan;/");
  change("groups/a/calls-1.csv", "3s/;60000.000;/;inf;/");
  change("groups/a/calls-1.csv", "3s/;60000.000;/;-5;/");
  change("groups/a/calls-1.csv", "3s/;60000.000;/;1e300;/");
}

TEST_F(Load, RefusesOptionsThatMakeNoSense) {
  EXPECT_EQ(run({"--scale", "1.2"}).code, 2);
  EXPECT_EQ(run({"--scale", "0"}).code, 2);
  EXPECT_EQ(run({"--until", "soon"}).code, 2);
  EXPECT_EQ(run({"--from", "5s", "--until", "5s"}).code, 2);
  const Ended late = run({"--from", "1h"});
  EXPECT_EQ(late.code, 2);
  EXPECT_THAT(late.err, HasSubstr("bundle: found no call in that time, of that share, expected at least one"));
  EXPECT_EQ(run_trunklab({"load", "nothing"}, isolated()).code, 2);
  EXPECT_EQ(run_trunklab({"load"}, isolated()).code, 2);
}

TEST_F(Load, SaysThatThereIsNoSipp) {
  Launch launch = isolated();
  launch.with = {"env", "PATH=/nowhere", "TMPDIR=" + (folder() / "tmp").string()};
  const Ended ended = run_trunklab({"load", "bundle"}, launch);
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("there is no sipp on this machine"));
  EXPECT_THAT(files_in(folder() / "tmp"), IsEmpty());
}

TEST_F(Load, EndsEverythingAtASignalAndKeepsWhatItHas) {
  Program program({"load", "bundle", "-o", "stopped.sqlite"}, isolated());
  std::this_thread::sleep_for(10s);
  program.signal(SIGINT);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 130) << ended.err;
  EXPECT_GT(calls_in(folder() / "stopped.sqlite", 60).size(), 1U);
  EXPECT_THAT(files_in(folder() / "tmp"), IsEmpty());
  EXPECT_THAT(left_running(), IsEmpty());
}

TEST_F(Load, LeavesARecordAndNothingElseWhenItIsKilled) {
  Program program({"load", "bundle", "-o", "killed.sqlite"}, isolated());
  std::this_thread::sleep_for(10s);
  program.signal(SIGKILL);
  const Ended ended = program.wait();  // its watchdog has the same stderr
  EXPECT_EQ(ended.signal, SIGKILL);
  EXPECT_THAT(ended.err, HasSubstr("what was measured so far: killed.sqlite (incomplete)"));
  EXPECT_GT(calls_in(folder() / "killed.sqlite", 60).size(), 1U);
  EXPECT_THAT(left_running(), IsEmpty());
  EXPECT_THAT(files_in(folder() / "tmp"), IsEmpty());
}

}  // namespace
}  // namespace trunklab
