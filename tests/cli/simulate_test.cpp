// trunklab simulate: the JSON document, objectives and exit codes, where the record goes, and signals in the middle of a run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <cmath>
#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

const std::string site = "sites:\n  stockholm:\n    channels: 5\n    routing: { target: addresses, regions: [euc1] }\n";
const std::string demand =
    "demand:\n  retail:\n    arrivals: { process: poisson, rate: 6/min }\n    holding: { distribution: exponential, mean: 60s }\n";
const std::string small = "horizon: { duration: 1h }\nseed: 7\n" + site + demand;
const std::string with_fault = small + "faults:\n  - { at: 30min, for: 5min, edge: euc1/1, kind: crash }\n";
const std::string year =
    "horizon: { duration: 365d }\nsites:\n  stockholm: { routing: { target: addresses, regions: [euc1] } }\n"
    "demand:\n  retail:\n    arrivals: { process: poisson, rate: 10/s }\n    holding: { distribution: exponential, mean: 60s }\n";

/// A folder with one scenario in it, in which the program is run.
class Simulate : public CommandTest {
 protected:
  Ended run(const std::string& scenario, const Words& more = {}) const { return run_command("simulate", "case.yaml", scenario, more); }
};

TEST_F(Simulate, AroundFaultsOnlyTakesAMomentForAYear) {
  const std::string crashes = "faults:\n  - { edge: euc1/1, kind: crash, random: { mtbf: 60d, mttr: 20min } }\n";
  const Ended ended = run(year + crashes, {"--windows", "faults"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("around faults: "));
  EXPECT_THAT(ended.out, HasSubstr("of what was simulated"));
  for (const Words& more : {Words{"--windows", "all"}, Words{"--windows", "faults", "-o", "run.sqlite"}, Words{"--windows", "faults", "--advice"}}) {
    EXPECT_EQ(run(year + crashes, more).code, 2);
  }
}

TEST_F(Simulate, JsonHasTheShapeThatEveryCommandShares) {
  const Ended ended = run(with_fault, {"--json", "--replications", "2"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "") << "no progress bar in a pipe";
  const auto json = nlohmann::json::parse(ended.out);
  std::set<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.insert(key);
  EXPECT_EQ(keys, (std::set<std::string>{"command", "scenario", "seed", "replications", "simulated_s", "wall_s", "calls", "finding", "objectives",
                                         "measures"}));
  EXPECT_EQ(json["command"], "simulate");
  EXPECT_EQ(json["scenario"], "case");
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["replications"], 2);
  EXPECT_EQ(json["simulated_s"], 3600);
  EXPECT_TRUE(json["wall_s"].is_number());
  EXPECT_TRUE(json["calls"].is_number_unsigned());

  std::map<std::string, std::set<std::string>> names;
  for (const auto& measure : json["measures"]) {
    for (const char* key : {"name", "entity", "unit"}) EXPECT_TRUE(measure[key].is_string()) << key;
    EXPECT_TRUE(measure["mean"].is_number());
    for (const char* key : {"low", "high"}) EXPECT_TRUE(measure[key].is_number() || measure[key].is_null()) << measure;
    EXPECT_TRUE(measure["n"].is_number_unsigned());
    if (measure["low"].is_number() && measure["high"].is_number()) {
      EXPECT_LE(measure["low"], measure["mean"]) << measure;
      EXPECT_GE(measure["high"], measure["mean"]) << measure;
    }
    EXPECT_TRUE(names[measure["entity"]].insert(measure["name"]).second) << "twice: " << measure;
    if (measure["name"] == "offered" && measure["entity"] == "total") {
      EXPECT_EQ(measure["mean"].get<double>() * 2, json["calls"].get<double>());
    }
  }
  for (const char* name : {"offered",        "answered",    "blocked", "failed",  "lost_in_setup", "dropped",  "orphaned",
                           "blocking",       "asr",         "ner",     "ser",     "seer",          "isa",      "scr",
                           "attempt_asr",    "attempt_ner", "pdd_p50", "pdd_p95", "pdd_p99",       "srd_mean", "concurrent_mean",
                           "concurrent_max", "cps_max"}) {
    EXPECT_TRUE(names["total"].contains(name)) << name;
  }
  for (const char* name : {"calls_hit", "calls_lost", "failover_s", "return_s"}) EXPECT_TRUE(names["fault/0"].contains(name)) << name;
  for (const char* entity : {"total", "site/stockholm", "region/euc1", "edge/euc1/1", "edge/euc1/2", "demand/retail", "fault/0"}) {
    EXPECT_TRUE(names.contains(entity)) << entity;
  }
}

TEST_F(Simulate, CountsOfASingleRunAreWholeNumbers) {
  // Long enough for thirty batches, whose means once gave back 266789.00000000006 calls.
  const auto json = nlohmann::json::parse(run("horizon: { duration: 20h }\n" + site + demand, {"--json"}).out);
  int counts = 0;
  for (const auto& measure : json["measures"]) {
    if (measure["unit"] != "calls") continue;
    ++counts;
    EXPECT_EQ(measure["mean"].get<double>(), std::round(measure["mean"].get<double>())) << measure;
    EXPECT_TRUE(measure["name"] != "offered" || measure["entity"] != "total" || measure["mean"] == json["calls"]) << measure;
  }
  EXPECT_GT(counts, 50);
}

struct ObjectiveRow {
  const char* objectives;
  int code;
  const char* line;
};

TEST_F(Simulate, MissedObjectivesEndWithThree) {
  // Five channels for 6 erlangs: about 36 % are blocked, every other call is answered.
  for (const auto& [objectives, code, line] :
       {ObjectiveRow{"{ blocking: 60% }", 0, "objective met:    blocking "}, ObjectiveRow{"{ blocking: 1% }", 3, "objective missed: blocking "},
        ObjectiveRow{"{ answer_seizure_ratio: 40% }", 0, "objective met:    answer-seizure ratio "},
        ObjectiveRow{"{ answer_seizure_ratio: 99% }", 3, "objective missed: answer-seizure ratio "},
        ObjectiveRow{"{ blocking: 60%, answer_seizure_ratio: 99% }", 3, "objective met:    blocking "}}) {
    const std::string scenario = small + "objectives: " + objectives + "\n";
    const Ended text = run(scenario);
    EXPECT_EQ(text.code, code) << objectives;
    EXPECT_EQ(text.err, "") << objectives;
    EXPECT_THAT(text.out, HasSubstr(line)) << objectives;
    const Ended json = run(scenario, {"--json"});
    EXPECT_EQ(json.code, code) << objectives;
    EXPECT_THAT(json.err, HasSubstr(line)) << objectives;
    EXPECT_TRUE(nlohmann::json::accept(json.out)) << "the document stays alone on stdout";
  }
}

TEST_F(Simulate, AMissedFailoverEndsWithThree) {
  const std::string single = "horizon: { duration: 1h }\nsites:\n  a: { routing: { target: single-address, edge: euc1/1 } }\n" + demand +
                             "faults:\n  - { at: 30min, for: 5min, edge: euc1/1, kind: crash }\n";
  EXPECT_EQ(run(single + "objectives: { failover: 10s }\n").code, 3);
  EXPECT_EQ(run(single + "objectives: { failover: 6min }\n").code, 0);
}

TEST_F(Simulate, SeedOptionReplacesTheScenarios) {
  const auto calls = [&](const Words& more) {
    Words words{"--json"};
    words.insert(words.end(), more.begin(), more.end());
    const auto json = nlohmann::json::parse(run(small, words).out);
    return std::pair{json["seed"].get<std::uint64_t>(), json["measures"]};
  };
  EXPECT_EQ(calls({}), calls({"--seed", "7"}));
  const auto [seed, measures] = calls({"--seed", "8"});
  EXPECT_EQ(seed, 8U);
  EXPECT_NE(measures, calls({}).second);
}

/// Every table as text, but for those that hold wall-clock times.
std::map<std::string, std::string> tables_of(const std::filesystem::path& file) {
  const SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
  std::map<std::string, std::string> tables;
  SQLite::Statement names(database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'wall'");
  while (names.executeStep()) {
    std::string& text = tables[names.getColumn(0).getString()];
    SQLite::Statement rows(database, "SELECT * FROM " + names.getColumn(0).getString() + " ORDER BY rowid");
    while (rows.executeStep()) {
      for (int i = 0; i < rows.getColumnCount(); ++i) text += rows.getColumn(i).getString() + '|';
      text += '\n';
    }
  }
  return tables;
}

TEST_F(Simulate, TheSameSeedGivesTheSameRecord) {
  for (const char* name : {"first.sqlite", "second.sqlite"}) {
    EXPECT_EQ(run(with_fault, {"-o", name, "--replications", "3"}).code, 0);
  }
  EXPECT_EQ(run(with_fault, {"-o", "other.sqlite", "--replications", "3", "--seed", "8"}).code, 0);
  const auto first = tables_of(folder() / "first.sqlite");
  const auto second = tables_of(folder() / "second.sqlite");
  const auto other = tables_of(folder() / "other.sqlite");
  for (const char* name : {"run", "calls", "attempts", "events", "series", "measures", "impacts"}) {
    ASSERT_TRUE(first.contains(name)) << name;
    EXPECT_FALSE(first.at(name).empty()) << name;
  }
  for (const auto& [name, rows] : first) EXPECT_TRUE(rows == second.at(name)) << name << " differs";
  EXPECT_NE(first.at("calls"), other.at("calls"));
}

TEST_F(Simulate, DetailOfTheRecordIsAsAskedFor) {
  const auto rows = [&](const char* detail) {
    EXPECT_EQ(run(with_fault, {"-o", "run.sqlite", "--cdr", detail}).code, 0);
    const SQLite::Database database((folder() / "run.sqlite").string(), SQLite::OPEN_READONLY);
    const auto count = [&](const std::string& what) {
      SQLite::Statement query(database, "SELECT count(*) FROM " + what);
      query.executeStep();
      return query.getColumn(0).getInt();
    };
    return std::tuple{count("calls"), count("calls_readable WHERE outcome = 'answered' AND ending = 'normal'"), count("measures") > 0};
  };
  const auto [all, answered, measured] = rows("all");
  EXPECT_GT(answered, 100);
  EXPECT_TRUE(measured);
  const auto [failed, answered_of_failed, measured_of_failed] = rows("failed");
  EXPECT_GT(failed, 10);
  EXPECT_LT(failed, all);
  EXPECT_EQ(answered_of_failed, 0);
  EXPECT_TRUE(measured_of_failed);
  EXPECT_EQ(rows("none"), (std::tuple{0, 0, true}));
}

// ---- where the record goes

TEST_F(Simulate, IntoAFolderThatIsNotThereFailsBeforeTheRun) {
  const Ended ended = run(year, {"-o", "nowhere/run.sqlite"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("trunklab: nowhere/run.sqlite"));
  EXPECT_THAT(ended.err, HasSubstr("there is no folder nowhere"));
  EXPECT_EQ(files_in(folder()), Words{"case.yaml"});
}

TEST_F(Simulate, AFileThatIsNoRunRecordIsNotOverwritten) {
  SQLite::Database((folder() / "foreign.sqlite").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE mine (x)");
  write_file(folder() / "thesis.txt", "years of work\n");
  write_file(folder() / "empty", "");
  for (const char* name : {"thesis.txt", "case.yaml", "foreign.sqlite", "empty"}) {
    const Ended ended = run(small, {"-o", name});
    EXPECT_EQ(ended.code, 1) << name;
    EXPECT_THAT(ended.err, HasSubstr(std::string(name) + ": cannot write the run record: the file exists and is not a run record")) << name;
  }
  EXPECT_THAT(run(small, {"-o", "."}).err, HasSubstr(".: cannot write the run record: it is a folder"));
  EXPECT_EQ(text_of(folder() / "thesis.txt"), "years of work\n");
  EXPECT_EQ(text_of(folder() / "case.yaml"), small);
  EXPECT_EQ(files_in(folder()), (Words{"case.yaml", "empty", "foreign.sqlite", "thesis.txt"}));
}

TEST_F(Simulate, AnOlderRecordIsReplacedByAFinishedOneOnly) {
  ASSERT_EQ(run(small, {"-o", "run.sqlite"}).code, 0);
  const auto first = tables_of(folder() / "run.sqlite");
  EXPECT_EQ(run("horizon: {}\n", {"-o", "run.sqlite"}).code, 2);
  EXPECT_TRUE(tables_of(folder() / "run.sqlite") == first) << "a refused scenario leaves it";
  ASSERT_EQ(run(small, {"-o", "run.sqlite", "--seed", "99"}).code, 0);
  EXPECT_FALSE(tables_of(folder() / "run.sqlite") == first);
  EXPECT_EQ(files_in(folder()), (Words{"case.yaml", "run.sqlite"}));
}

TEST_F(Simulate, WithoutOutputNothingIsWritten) {
  EXPECT_EQ(run(small).code, 0);
  EXPECT_EQ(files_in(folder()), Words{"case.yaml"});
}

TEST_F(Simulate, AFullStandardOutputFailsButTheRecordIsThere) {
  write_file(folder() / "case.yaml", small);
  const Ended ended = run_trunklab({"simulate", "case.yaml", "--json", "-o", "run.sqlite"}, {.folder = folder(), .out = "/dev/full"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.err, "trunklab: writing to standard output failed\n");
  EXPECT_EQ(run_trunklab({"report", "run.sqlite"}, here()).code, 0);
}

// ---- signals

struct SignalRow {
  int number;
  int code;
  const char* detail;
};
class Stopped : public Simulate, public ::testing::WithParamInterface<SignalRow> {
 protected:
  /// Waits until the program has begun its record, so that the signal meets the run.
  void await_run(const Program& program) const {
    const auto until = std::chrono::steady_clock::now() + 30s;
    const auto begun = [this] { return std::ranges::any_of(files_in(folder()), [](const std::string& name) { return name.ends_with(".partial"); }); };
    while (!begun() && program.running() && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(5ms);
    }
    std::this_thread::sleep_for(300ms);
  }
};

TEST_P(Stopped, RunLeavesAReadableRecordThatSaysIncomplete) {
  const auto& [number, code, detail] = GetParam();
  write_file(folder() / "case.yaml", year);
  Program program({"simulate", "case.yaml", "-o", "run.sqlite", "--cdr", detail}, here());
  await_run(program);
  ASSERT_TRUE(program.running()) << "a year is too short a run for this test";
  const auto asked = std::chrono::steady_clock::now();
  program.signal(number);
  const Ended ended = program.wait();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 20s);
  EXPECT_EQ(ended.code, code);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "stopped by the user; run.sqlite is readable and marked incomplete\n");
  EXPECT_EQ(files_in(folder()), (Words{"case.yaml", "run.sqlite"})) << "no .partial is left";

  const Ended text = run_trunklab({"report", "run.sqlite"}, here());
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("INCOMPLETE: the run was stopped before its end"));
  const Ended json = run_trunklab({"report", "run.sqlite", "--json"}, here());
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_THAT(json.err, HasSubstr("INCOMPLETE"));
  EXPECT_TRUE(nlohmann::json::accept(json.out));
}

INSTANTIATE_TEST_SUITE_P(Signals, Stopped,
                         ::testing::Values(SignalRow{SIGINT, 130, "all"}, SignalRow{SIGTERM, 143, "failed"}, SignalRow{SIGINT, 130, "none"}),
                         [](const auto& row) { return "by_" + std::to_string(row.param.number) + "_with_" + row.param.detail; });

TEST_F(Stopped, RunWithoutRecordEndsAsQuickly) {
  write_file(folder() / "case.yaml", year);
  Program program({"simulate", "case.yaml"}, here());
  std::this_thread::sleep_for(500ms);
  ASSERT_TRUE(program.running());
  program.signal(SIGINT);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 130);
  EXPECT_EQ(ended.err, "stopped by the user\n");
}

TEST_F(Stopped, RunKeepsAnOlderRecordWhenItIsKilled) {
  ASSERT_EQ(run(small, {"-o", "run.sqlite"}).code, 0);
  const auto before = tables_of(folder() / "run.sqlite");
  write_file(folder() / "case.yaml", year);
  Program program({"simulate", "case.yaml", "-o", "run.sqlite", "--cdr", "none"}, here());
  await_run(program);
  program.signal(SIGKILL);
  EXPECT_EQ(program.wait().signal, SIGKILL);
  EXPECT_TRUE(tables_of(folder() / "run.sqlite") == before);
  EXPECT_EQ(run(small, {"-o", "run.sqlite"}).code, 0) << "a partial file of a killed run is no obstacle";
  EXPECT_EQ(files_in(folder()), (Words{"case.yaml", "run.sqlite"}));
}

}  // namespace
}  // namespace trunklab
