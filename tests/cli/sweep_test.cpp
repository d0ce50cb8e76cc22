// trunklab sweep: alone, under a real mpirun, killed and gone on with.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::vector<std::string>;

constexpr const char* short_run = R"(horizon: { start: 2026-03-02T08:00:00Z, duration: 2h }
sites:
  oslo: { channels: 20, routing: { target: addresses, regions: [euc1] } }
demand:
  calls: { site: oslo, arrivals: { process: poisson, rate: 6/min }, holding: { distribution: exponential, mean: 180s } }
objectives: { blocking: 5% }
)";
const Words points{"--vary", "sites.*.channels=15..25/5", "--vary", "seed=1,2,3"};

/// `mpirun -n ranks`, also as root and on few cores.
Words mpirun(int ranks, const Words& more = {}) {
  Words words{"env", "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "mpirun", "--oversubscribe", "-n", std::to_string(ranks)};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

class Sweep : public CommandTest {
 protected:
  void SetUp() override { write_file(folder() / "short.yaml", short_run); }

  [[nodiscard]] static Words sweep(const std::string& scenario, const std::string& output, const Words& more) {
    Words words{"sweep", scenario, "-o", output};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  [[nodiscard]] Ended run(const Words& words, const Words& with = {}) const {
    return run_trunklab(words, {.folder = folder(), .out = {}, .deadline = std::chrono::seconds{100}, .with = with});
  }
  /// Everything but who did it, and when.
  [[nodiscard]] std::string table(const std::string& file) const {
    SQLite::Database database((folder() / file).string());
    std::ostringstream text;
    for (const char* name : {"sweep", "keys", "settings", "points", "verdicts", "measures"}) {
      SQLite::Statement query(database, std::string("SELECT * FROM ") + name);
      while (query.executeStep()) {
        for (int column = 0; column < query.getColumnCount(); ++column) text << query.getColumn(column).getString() << '|';
        text << '\n';
      }
    }
    return text.str();
  }
  [[nodiscard]] int number(const std::string& file, const std::string& query) const {
    SQLite::Database database((folder() / file).string(), SQLite::OPEN_READWRITE, 1000);
    return database.execAndGet(query).getInt();
  }
};

TEST_F(Sweep, RunsEveryPointAndPrintsATable) {
  const Ended ended = run(sweep("short.yaml", "s.sqlite", points));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("point  channels  seed"));
  EXPECT_THAT(ended.out, HasSubstr("view \"results\""));
  EXPECT_EQ(number("s.sqlite", "SELECT count(*) FROM points"), 9);
  EXPECT_EQ(number("s.sqlite", "SELECT count(DISTINCT mean) FROM results WHERE name = 'blocking' AND entity = 'total'"), 9)
      << "no point is another's";
  EXPECT_EQ(number("s.sqlite", "SELECT count(*) FROM results WHERE \"sites.*.channels\" = 25 AND name = 'offered' AND entity = 'total'"), 3);
}

TEST_F(Sweep, APointIsTheRunOfItsScenario) {
  ASSERT_EQ(run(sweep("short.yaml", "s.sqlite", {"--vary", "sites.oslo.channels=15,25"})).code, 0);
  std::string other = short_run;
  other.replace(other.find("channels: 20"), 12, "channels: 25");
  write_file(folder() / "other.yaml", other);
  const auto json = nlohmann::json::parse(run({"simulate", "other.yaml", "--json"}).out);
  SQLite::Database database((folder() / "s.sqlite").string());
  for (const auto& measure : json.at("measures")) {
    SQLite::Statement query(database, "SELECT mean FROM measures WHERE point = 1 AND name = ? AND entity = ?");
    query.bind(1, measure.at("name").get<std::string>());
    query.bind(2, measure.at("entity").get<std::string>());
    ASSERT_TRUE(query.executeStep()) << measure;
    EXPECT_EQ(query.getColumn(0).getDouble(), measure.at("mean").get<double>()) << measure;
  }
}

TEST_F(Sweep, JsonHasSettingsAndMeasuresOfEveryPoint) {
  Words words = sweep("short.yaml", "s.sqlite", points);
  words.emplace_back("--json");
  const auto json = nlohmann::json::parse(run(words).out);
  EXPECT_EQ(json.at("points").size(), 9U);
  EXPECT_EQ(json.at("points").at(4).at("settings"), (nlohmann::json{{"sites.*.channels", "20"}, {"seed", "2"}}));
  EXPECT_GT(json.at("points").at(0).at("measures").size(), 10U);
}

TEST_F(Sweep, TwoRanksMakeTheSameTableAsOne) {
  ASSERT_EQ(run(sweep("short.yaml", "one.sqlite", points)).code, 0);
  const Ended ended = run(sweep("short.yaml", "two.sqlite", points), mpirun(2));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(table("one.sqlite"), table("two.sqlite"));
  EXPECT_EQ(number("two.sqlite", "SELECT count(DISTINCT rank) FROM work"), 2) << "both had work";
  EXPECT_EQ(ended.out.find("point  channels"), ended.out.rfind("point  channels")) << "one of them speaks";
}

/// A sweep of some seconds.
const Words long_points{"-n", "30", "--vary", "sites.*.channels=15..44/1"};

TEST_F(Sweep, KilledWhollyItGoesOnWhereItWas) {
  ASSERT_EQ(run(sweep("short.yaml", "whole.sqlite", long_points)).code, 0);
  {
    Program killed(sweep("short.yaml", "k.sqlite", long_points), {.folder = folder(), .out = {}});
    while (!std::filesystem::exists(folder() / "k.sqlite")) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    std::this_thread::sleep_for(std::chrono::milliseconds{400});
    killed.signal(SIGKILL);
    killed.wait();
  }
  const int there = number("k.sqlite", "SELECT count(*) FROM points");
  const Ended ended = run(sweep("short.yaml", "k.sqlite", long_points), mpirun(2));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, there > 0 ? HasSubstr(std::to_string(there) + " of 30 points are there already") : HasSubstr(""));
  EXPECT_EQ(table("k.sqlite"), table("whole.sqlite"));
  EXPECT_EQ(files_in(folder()), (Words{"k.sqlite", "short.yaml", "whole.sqlite"})) << "no journal stays";
}

/// The ranks of a job: children of mpirun, which is the child of env or took its place.
std::vector<pid_t> ranks_in(const std::filesystem::path& folder) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::error_code gone;
    if (std::filesystem::read_symlink(entry.path() / "cwd", gone) != folder) continue;
    std::ifstream comm(entry.path() / "comm");
    std::string word;
    comm >> word;
    if (word == "trunklab") found.push_back(std::stoi(name));
  }
  std::ranges::sort(found);
  return found;
}

void await_points(const std::filesystem::path& file) {
  while (!std::filesystem::exists(file) || std::filesystem::file_size(file) < 20'000) std::this_thread::sleep_for(std::chrono::milliseconds{5});
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
}

TEST_F(Sweep, WithoutRecoveryADeadRankEndsTheJobAndTheNextGoesOn) {
  ASSERT_EQ(run(sweep("short.yaml", "whole.sqlite", long_points)).code, 0);
  Program job(sweep("short.yaml", "k.sqlite", long_points), {.folder = folder(), .out = {}, .with = mpirun(2)});
  await_points(folder() / "k.sqlite");
  const auto ranks = ranks_in(std::filesystem::canonical(folder()));
  ASSERT_EQ(ranks.size(), 2U);
  kill(ranks[1], SIGKILL);
  EXPECT_NE(job.wait().code, 0);
  EXPECT_EQ(ranks_in(std::filesystem::canonical(folder())).size(), 0U) << "nothing outlives the job";
  EXPECT_EQ(run(sweep("short.yaml", "k.sqlite", long_points)).code, 0);
  EXPECT_EQ(table("k.sqlite"), table("whole.sqlite"));
}

TEST_F(Sweep, WithRecoveryADeadRankLosesOnlyItsPoint) {
  ASSERT_EQ(run(sweep("short.yaml", "whole.sqlite", long_points)).code, 0);
  Words words = sweep("short.yaml", "k.sqlite", long_points);
  words.insert(words.end(), {"--lost-after", "2"});
  Program job(words, {.folder = folder(), .out = {}, .with = mpirun(3, {"--enable-recovery"})});
  await_points(folder() / "k.sqlite");
  const auto ranks = ranks_in(std::filesystem::canonical(folder()));
  ASSERT_EQ(ranks.size(), 3U);
  kill(ranks[2], SIGKILL);
  const Ended ended = job.wait();
  EXPECT_THAT(ended.err, HasSubstr("1 of 3 ranks fell silent; their points were run by others"));
  EXPECT_EQ(table("k.sqlite"), table("whole.sqlite"));
  EXPECT_EQ(ranks_in(std::filesystem::canonical(folder())).size(), 0U);
}

TEST_F(Sweep, RefusesWhatIsNotThisSweep) {
  ASSERT_EQ(run(sweep("short.yaml", "s.sqlite", points)).code, 0);
  const std::string before = table("s.sqlite");
  const auto misused = [&](const std::string& file, const Words& more) {
    const Ended ended = run(sweep("short.yaml", file, more));
    EXPECT_EQ(ended.code, 2) << ended.err;
    return ended.err;
  };
  const auto says = [&](const Words& more) { return misused("s.sqlite", more); };
  EXPECT_THAT(says({"--vary", "seed=1,2"}),
              HasSubstr("s.sqlite: cannot be the result of this sweep: it varies sites.*.channels, seed; this sweep seed"));
  EXPECT_THAT(says({points[0], points[1], points[2], "seed=1,2,4"}), HasSubstr("its point 2 is 15, 3, this sweep's is 15, 4"));
  EXPECT_THAT(says({points[0], points[1], points[2], "seed=1,2"}), HasSubstr("it visits 9 points, this sweep 6"));
  EXPECT_THAT(says({points[0], points[1], points[2], points[3], "-n", "2"}), HasSubstr("it has 1 replication a point, this sweep 2"));
  write_file(folder() / "note.txt", "my own words, long enough for a header of a database file, one would think\n");
  EXPECT_THAT(misused("note.txt", points), HasSubstr("is no sweep"));
  EXPECT_THAT(misused("none/s.sqlite", points), HasSubstr("there is no folder none"));
  EXPECT_EQ(table("s.sqlite"), before);
}

TEST_F(Sweep, AFilesNameIsAPlainPath) {
  for (const char* name : {":memory:", "file:x?mode=memory"}) {
    const Ended ended = run(sweep("short.yaml", name, {"--vary", "seed=1"}));
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_TRUE(std::filesystem::is_regular_file(folder() / name)) << name;
  }
}

TEST_F(Sweep, AFileRemovedMeanwhileIsAFailure) {
  Program job(sweep("short.yaml", "gone.sqlite", long_points), {.folder = folder(), .out = {}});
  await_points(folder() / "gone.sqlite");
  std::filesystem::remove(folder() / "gone.sqlite");
  const Ended ended = job.wait();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("gone.sqlite: was removed or replaced while the sweep ran"));
}

/// Of very many points some are read before the first runs, the others in their turn: the file is there soon.
TEST_F(Sweep, OfVeryManyPointsTheFirstRunsSoon) {
  const auto begun = std::chrono::steady_clock::now();
  Program job(sweep("short.yaml", "many.sqlite", {"--vary", "seed=1..200000/1"}), {.folder = folder(), .out = {}});
  while (!std::filesystem::exists(folder() / "many.sqlite") && job.running()) std::this_thread::sleep_for(std::chrono::milliseconds{20});
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{20}) << "all of them take minutes";
  await_points(folder() / "many.sqlite");
  job.signal(SIGINT);
  const Ended ended = job.wait();
  EXPECT_EQ(ended.code, 130);
  EXPECT_THAT(ended.err, HasSubstr("200000 points: 2000 are read before the first runs"));
  EXPECT_THAT(ended.err, HasSubstr("stopped by the user"));
}

TEST_F(Sweep, MisuseIsAnsweredWithWhatIsExpected) {
  const auto says = [&](const Words& words) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.code, 2) << ended.err;
    return ended.err;
  };
  EXPECT_THAT(says({"sweep", "short.yaml", "-o", "s.sqlite"}), HasSubstr("--vary is missing"));
  EXPECT_THAT(says({"sweep", "short.yaml", "--vary", "seed=1,2"}), HasSubstr("--output is missing"));
  EXPECT_THAT(says(sweep("short.yaml", "s.sqlite", {"--vary", "seed=1", "--vary", "seed=2"})), HasSubstr("'seed' a second time"));
  EXPECT_THAT(says(sweep("short.yaml", "s.sqlite", {"--vary", "sites.oslo.chanels=1,2"})), HasSubstr("short.yaml:3:9 with sites.oslo.chanels=1"));
  EXPECT_THAT(says(sweep("short.yaml", "s.sqlite", {"--vary", "sites.oslo.channels=1..9"})), HasSubstr("found a range without a step"));
  EXPECT_THAT(says(sweep("short.yaml", "s.sqlite", {"--vary", "seed=1", "--show", "blocking,nope"})), HasSubstr("--show: found 'nope', expected"));
  EXPECT_THAT(says(sweep("short.yaml", "s.sqlite", {"--vary", "sites.oslo.channels=5", "--vary", "sites.*.channels=6"})),
              HasSubstr("'sites.*.channels' beside 'sites.oslo.channels'"));
  EXPECT_LT(says(sweep("short.yaml", "s.sqlite", {"--vary", std::string(10'000, 'a')})).size(), 300U) << "no echo of it all";
  EXPECT_LT(says(sweep("short.yaml", "s.sqlite", {"--vary", "sites.oslo.channels=" + std::string(10'000, 'a')})).size(), 600U);
  EXPECT_EQ(files_in(folder()), (Words{"short.yaml"})) << "nothing is made";
  const Ended ended = run(sweep("short.yaml", "s.sqlite", {"--vary", "seed=x"}), mpirun(2));
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.err.find("found 'x'"), ended.err.rfind("found 'x'")) << "one of the ranks says it";
}

/// SimGrid's library has functions of MPI's names, which end the program: the real ones have to be found first.
TEST_F(Sweep, MpiInitIsOpenMpis) {
  const Ended ended = run({"--version"}, {"env", "LD_BIND_NOW=1", "LD_DEBUG=bindings"});
  std::istringstream lines(ended.err);
  int bound = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("binding file " TRUNKLAB_BINARY_DIR "/trunklab") == std::string::npos || line.find("symbol `MPI_") == std::string::npos) continue;
    ++bound;
    EXPECT_THAT(line, HasSubstr("/libmpi.so")) << line;
    EXPECT_THAT(line, Not(HasSubstr("libsimgrid")));
  }
  EXPECT_GE(bound, 5);
}

}  // namespace
}  // namespace trunklab
