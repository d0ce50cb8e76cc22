// trunklab demo and report: from a run to its record and back to text, JSON and CSV, for readers that stop reading too.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/program.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

/// The demo runs once; every test reads its record.
class Report : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::filesystem::path(::testing::TempDir()) / "trunklab-report-suite";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    const auto begun = std::chrono::steady_clock::now();
    demo_ = run_trunklab({"demo"}, here());
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

  static Launch here() { return {.folder = folder_, .out = {}}; }
  static Ended report(const Words& more = {}) {
    Words words{"report", "trunklab-demo.sqlite"};
    words.insert(words.end(), more.begin(), more.end());
    return run_trunklab(words, here());
  }

  static inline std::filesystem::path folder_;
  static inline Ended demo_;
  static inline double seconds_ = 0;
};

TEST_F(Report, DemoFindsWhatALostEdgeDoesInUnderTenSeconds) {
  EXPECT_EQ(demo_.code, 3) << "the demo's failover objective is missed: that is its point";
  EXPECT_EQ(demo_.err, "") << "no progress bar in a pipe";
  EXPECT_THAT(demo_.out, HasSubstr("euc1/1 crash: "));
  EXPECT_THAT(demo_.out, HasSubstr("calls hit"));
  EXPECT_THAT(demo_.out, HasSubstr("What would have helped most: "));
  EXPECT_THAT(demo_.out, HasSubstr("run record: trunklab-demo.sqlite\n"));
  EXPECT_EQ(demo_.out.find('\033'), std::string::npos) << "no colours in a pipe";
  EXPECT_THAT(demo_.out, HasSubstr("report:     trunklab-demo.html (open it in a browser)\n"));
  EXPECT_EQ(files_in(folder_), (Words{"trunklab-demo.html", "trunklab-demo.sqlite"}));
#if !defined(TRUNKLAB_SANITIZED)
  EXPECT_LT(seconds_, 10);
#endif
}

TEST_F(Report, DemoPrintsItsScenarioAsAStartForOnesOwn) {
  const Ended ended = run_trunklab({"demo", "--scenario"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.out, text_of(TRUNKLAB_SOURCE_DIR "/scenarios/library/euc1-edge-loss.yaml"));
}

TEST_F(Report, TextRepeatsTheSummaryAndTheFinding) {
  const Ended ended = report();
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  std::istringstream lines(ended.out);
  std::size_t charts = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(", max ") != std::string::npos) ++charts;
    const bool chart =
        line.find(", max ") != std::string::npos || line.starts_with("Calls ") || line.starts_with("Channels ") || line.starts_with("Set-up ");
    if (chart) continue;
    EXPECT_THAT(demo_.out, HasSubstr(line + '\n')) << "word by word what the run itself said";
  }
  EXPECT_EQ(charts, 9U) << "three rates, two edges, a site, three percentiles";
  EXPECT_EQ(ended.out.find("INCOMPLETE"), std::string::npos);
  EXPECT_GT(report({"--all"}).out.size(), ended.out.size());
}

TEST_F(Report, JsonIsOneDocumentOfTheSharedShape) {
  const Ended ended = report({"--format", "json"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.out, report({"--json"}).out);
  const auto json = nlohmann::json::parse(ended.out);
  EXPECT_EQ(json["command"], "report");
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["simulated_s"], 4 * 3600);
  EXPECT_GT(json["calls"], 40'000);
  EXPECT_GT(json["measures"].size(), 50U);
}

TEST_F(Report, CsvHasAHeadingAndALinePerRow) {
  const auto json = nlohmann::json::parse(report({"--json"}).out);
  struct Row {
    const char* table;
    const char* heading;
  };
  for (const auto& [table, heading] :
       {Row{"calls", "replication,demand,window,number,"}, Row{"calls_readable", "replication,call,demand,site,"},
        Row{"events_readable", "replication,run_s,at_utc,"}, Row{"measures", "name,entity,unit,mean,"}, Row{"advice", "ordinal,setting,text,"}}) {
    const Ended ended = report({"--format", "csv", "--table", table});
    EXPECT_EQ(ended.code, 0) << table;
    EXPECT_EQ(ended.err, "") << table;
    EXPECT_THAT(ended.out, StartsWith(heading)) << table;
    EXPECT_TRUE(ended.out.ends_with("\r\n")) << table;
  }
  const std::string calls = report({"--format", "csv"}).out;
  EXPECT_GE(std::ranges::count(calls, '\n'), json["calls"].get<std::int64_t>());
}

TEST_F(Report, OfATableThatIsNotThereNamesThoseThatAre) {
  for (const char* table : {"frobs", "calls; DROP TABLE calls", ""}) {
    const Ended ended = report({"--format", "csv", "--table", table});
    EXPECT_EQ(ended.code, 1) << table;
    EXPECT_EQ(ended.out, "") << table;
    EXPECT_THAT(ended.err, HasSubstr("there is no table '" + std::string(table) + "'; there are")) << table;
  }
}

TEST_F(Report, OfWhatIsNoRunRecordFails) {
  const TemporaryFolder folder;
  write_file(folder.path() / "text.sqlite", "hello\n");
  write_file(folder.path() / "empty.sqlite", "");
  write_file(folder.path() / "cut.sqlite", text_of(folder_ / "trunklab-demo.sqlite").substr(0, 50'000));
  std::filesystem::create_directory(folder.path() / "folder");
  struct Row {
    const char* name;
    const char* why;
  };
  for (const auto& [name, why] :
       {Row{"text.sqlite", "it is not a run record"}, Row{"empty.sqlite", "it is not a run record"}, Row{"cut.sqlite", "truncated or damaged"},
        Row{"folder", "cannot read the run record"}, Row{"absent", "there is no such file"}}) {
    for (const char* format : {"text", "json", "csv"}) {
      const Ended ended = run_trunklab({"report", name, "--format", format}, {.folder = folder.path(), .out = {}});
      EXPECT_EQ(ended.code, 1) << name << " as " << format;
      EXPECT_THAT(ended.err, HasSubstr("trunklab: " + std::string(name) + ": ")) << format;
      EXPECT_THAT(ended.err, HasSubstr(why)) << name << " as " << format;
    }
  }
}

TEST_F(Report, OfARecordThatIsBeingWrittenSaysSo) {
  const TemporaryFolder folder;
  const Program writer({"simulate", TRUNKLAB_SOURCE_DIR "/scenarios/library/five-regions.yaml", "-n", "1000", "-o", "run.sqlite"},
                       {.folder = folder.path(), .out = {}});
  while (files_in(folder.path()).empty()) ASSERT_TRUE(writer.running());
  const auto look = [&] { return run_trunklab({"report", files_in(folder.path()).front()}, {.folder = folder.path(), .out = {}}); };
  Ended ended = look();
  while (ended.err.find("it is not a run record") != std::string::npos && writer.running()) ended = look();  // its tables are not there yet
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("another program is still writing it"));
  writer.signal(SIGKILL);
}

TEST_F(Report, TheEndingOfTheFilesNameTellsTheFormat) {
  const TemporaryFolder folder;
  const auto record = (folder_ / "trunklab-demo.sqlite").string();
  for (const auto& [name, opening] :
       {std::pair{"r.html", "<!DOCTYPE html>\n<!-- trunklab report -->"},
        std::pair{"r.md", "<!-- trunklab report -->\n# euc1-edge-loss: report of a run\n"}, std::pair{"r.txt", "euc1/1 crash: "},
        std::pair{"r.json", "{\"command\":\"report\""}, std::pair{"r.xml", "<?xml "}, std::pair{"r.csv", "replication,"}}) {
    for (int time = 0; time < 2; ++time) {  // the second time over the first one's file
      const Ended ended = run_trunklab({"report", record, "-o", name}, {.folder = folder.path(), .out = {}});
      if (time == 1 && (std::string(name) == "r.txt" || std::string(name) == "r.csv")) {
        EXPECT_EQ(ended.code, 1) << "nothing tells such a file from another";
        EXPECT_THAT(ended.err, HasSubstr("a file of this name is there already"));
        continue;
      }
      EXPECT_EQ(ended.code, 0) << ended.err << " time " << time;
      EXPECT_EQ(ended.out, "") << name;
      EXPECT_EQ(ended.err, "report: " + std::string(name) + "\n");
      EXPECT_THAT(text_of(folder.path() / name), StartsWith(opening));
    }
  }
  EXPECT_EQ(files_in(folder.path()), (Words{"r.csv", "r.html", "r.json", "r.md", "r.txt", "r.xml"})) << "nothing half-written stays";
}

TEST_F(Report, NeverWritesOverSomethingElse) {
  const TemporaryFolder folder;
  const auto record = (folder_ / "trunklab-demo.sqlite").string();
  for (const char* name : {"mine.html", "mine.md", "mine.json", "mine.xml", "mine.txt", "mine.csv"}) {
    write_file(folder.path() / name, "my own work\n");
    const Ended ended = run_trunklab({"report", record, "-o", name}, {.folder = folder.path(), .out = {}});
    EXPECT_EQ(ended.code, 1) << name;
    EXPECT_THAT(ended.err, HasSubstr("mine.")) << name;
    EXPECT_THAT(ended.err, HasSubstr("a file of this name is there"));
    EXPECT_EQ(text_of(folder.path() / name), "my own work\n");
  }
  write_file(folder.path() / "notes.md", "# My own notes\n");
  EXPECT_EQ(run_trunklab({"report", record, "-o", "notes.md"}, {.folder = folder.path(), .out = {}}).code, 1);
  EXPECT_EQ(text_of(folder.path() / "notes.md"), "# My own notes\n");
  std::filesystem::remove(folder.path() / "notes.md");
  for (const char* format : {"html", "csv", "text"}) {
    EXPECT_EQ(run_trunklab({"report", record, "-o", record, "--format", format}, here()).code, 1) << format;
  }
  EXPECT_EQ(run_trunklab({"demo", "-o", "mine.sqlite"}, {.folder = folder.path(), .out = {}}).code, 1) << "its page is mine.html";
  EXPECT_EQ(files_in(folder.path()), (Words{"mine.csv", "mine.html", "mine.json", "mine.md", "mine.txt", "mine.xml"})) << "nor is a record written";
  EXPECT_EQ(run_trunklab({"demo", "-o", "new.html"}, {.folder = folder.path(), .out = {}}).code, 2);
  EXPECT_EQ(report().code, 0) << "the record is still one";
  const Ended nowhere = run_trunklab({"report", record, "-o", "absent/r.html"}, {.folder = folder.path(), .out = {}});
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("there is no folder absent"));
}

TEST_F(Report, JunitFailsWhereAnObjectiveWasMissed) {
  const Ended ended = report({"--format", "junit"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("<testsuites name=\"trunklab\" tests=\"4\" failures=\"1\" errors=\"0\">"));
  EXPECT_THAT(ended.out, HasSubstr("<testcase classname=\"trunklab.euc1-edge-loss\" name=\"blocking of total\"/>"));
  EXPECT_THAT(ended.out, HasSubstr("<failure message=\"objective missed: failover of euc1/1 crash 72 s, at most 10 s\"/>"));
  EXPECT_THAT(ended.out, HasSubstr("<system-out>Of 43257 calls offered: 27 lost in set-up"));
}

TEST_F(Report, OfAStrangersRecordNothingCommandsTheTerminal) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "strange.sqlite";
  std::filesystem::copy_file(folder_ / "trunklab-demo.sqlite", file);
  const std::string name = "\x1b]0;owned\x07<script>alert(1)</script>\xE2\x80\xAE\n# =1+1";
  {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    for (const char* sql : {"UPDATE run SET scenario_name = ?", "UPDATE sites SET name = ?", "UPDATE edges SET name = ? || id",
                            "UPDATE faults SET text = ?", "UPDATE remarks SET text = ?", "UPDATE objectives SET text = ?",
                            "UPDATE advice SET setting = ?", "UPDATE demands SET name = ?", "UPDATE run SET scenario_text = ? || '</script>'"}) {
      SQLite::Statement update(database, sql);
      update.bind(1, name);
      update.exec();
    }
  }
  for (const char* format : {"text", "markdown", "json", "junit", "html"}) {
    const Ended ended = run_trunklab({"report", "strange.sqlite", "--format", format}, {.folder = folder.path(), .out = {}});
    EXPECT_EQ(ended.code, 0) << format << ended.err;
    for (const char* harm : {"\x1b", "\x07", "\xE2\x80\xAE"}) EXPECT_EQ(ended.out.find(harm), std::string::npos) << format;
    const bool markup = std::string(format) == "html" || std::string(format) == "junit";
    EXPECT_EQ(markup && ended.out.find("<script>alert") != std::string::npos, false) << format;
  }
}

TEST_F(Report, OfADamagedRecordSaysWhatIsWrong) {
  const TemporaryFolder folder;
  for (const char* harm : {"UPDATE run SET horizon_ns = 'abc'",
                           "UPDATE run SET horizon_ns = -1",
                           "UPDATE run SET series_step_ns = -5",
                           "UPDATE run SET seed = 'x'",
                           "UPDATE run SET replications = 0",
                           "UPDATE edges SET region = 99",
                           "UPDATE demands SET site = 99",
                           "UPDATE fault_edges SET edge = 250",
                           "UPDATE fault_edges SET fault = 9",
                           "UPDATE fault_watchers SET site = 99",
                           "UPDATE faults SET repaired = 5",
                           "UPDATE advice SET failover_s = -1e308",
                           "UPDATE impacts SET failover_s = 9e999",
                           "UPDATE calls SET site = 77",
                           "UPDATE calls SET outcome = 99",
                           "UPDATE hits SET fault = 12",
                           "UPDATE attempts SET edge = 200",
                           "UPDATE attempts SET end = 55",
                           "UPDATE events SET kind = 99",
                           "UPDATE series SET entity = 60000",
                           "UPDATE measures SET mean = 9e999",
                           "UPDATE series SET at = 9223372036854775807",
                           "UPDATE attempts SET sent = 9223372036854775807",
                           "UPDATE calls SET offered = -9223372036854775807",
                           "UPDATE sites SET no_response = -1",
                           "UPDATE hits SET phase = 9e999",
                           "UPDATE events SET value = 1e300",
                           "UPDATE wall SET wall_s = -1",
                           "DELETE FROM sites",
                           "DELETE FROM run",
                           "DROP TABLE hits"}) {
    const auto file = folder.path() / "harmed.sqlite";
    std::filesystem::copy_file(folder_ / "trunklab-demo.sqlite", file, std::filesystem::copy_options::overwrite_existing);
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(harm);
    for (const char* format : {"text", "html"}) {
      const Ended ended = run_trunklab({"report", "harmed.sqlite", "--format", format}, {.folder = folder.path(), .out = {}});
      EXPECT_EQ(ended.signal, 0) << harm << " as " << format << ": " << ended.err;
      EXPECT_TRUE(ended.code == 0 || ended.code == 1) << harm << " as " << format;
      EXPECT_EQ(ended.code == 1, ended.err.starts_with("trunklab: ")) << harm << " as " << format << ": " << ended.err;
    }
  }
}

TEST_F(Report, MisuseIsAnsweredWithWhatIsExpected) {
  struct Row {
    Words words;
    const char* why;
  };
  for (const auto& [words, why] :
       {Row{{"report"}, "found no run record, expected: trunklab report RUN..."},
        Row{{"report", "trunklab-demo.sqlite", "--format", "pdf"}, "--format: found 'pdf', expected text, markdown, json, csv, junit or html"},
        Row{{"report", "trunklab-demo.sqlite", "-o", "r.pdf"}, "--output: found 'r.pdf', expected a name that ends in .html"},
        Row{{"report", "trunklab-demo.sqlite", "-o", ""}, "--output: found ''"},
        Row{{"report", "trunklab-demo.sqlite", "trunklab-demo.sqlite", "--format", "csv"}, "found 2 run records, expected one"}}) {
    const Ended ended = run_trunklab(words, here());
    EXPECT_EQ(ended.code, 2) << why;
    EXPECT_EQ(ended.out, "") << why;
    EXPECT_THAT(ended.err, HasSubstr(why));
  }
}

TEST_F(Report, IntoAPipeThatClosesEarlyNeitherCrashesNorHangs) {
  for (const Words& words : {Words{"report", "trunklab-demo.sqlite", "--format", "csv"}, Words{"report", "trunklab-demo.sqlite", "--all"}}) {
    Launch launch = here();
    launch.out_bytes_max = 20;
    launch.deadline = std::chrono::seconds{30};
    const Ended ended = run_trunklab(words, launch);
    EXPECT_FALSE(ended.hung);
    EXPECT_EQ(ended.out.size(), 20U);
    EXPECT_TRUE(ended.signal == SIGPIPE || ended.code == 1 || ended.code == 0) << "signal " << ended.signal << ", code " << ended.code;
  }
}

TEST_F(Report, IntoAFullDeviceFailsWithAMessage) {
  for (const char* format : {"text", "json", "csv"}) {
    const Ended ended = run_trunklab({"report", "trunklab-demo.sqlite", "--format", format}, {.folder = folder_, .out = "/dev/full"});
    EXPECT_EQ(ended.code, 1) << format;
    EXPECT_THAT(ended.err, HasSubstr("failed")) << format;
  }
}

}  // namespace
}  // namespace trunklab
