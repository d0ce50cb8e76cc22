// trunklab failover: which faults, what is printed, the record of the first one, objectives, mistakes and signals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "tests/cli/command_test.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

const std::string trunk =
    "horizon: { duration: 40min }\nseed: 7\nsites:\n  stockholm:\n    routing: { target: addresses, regions: [euc1], no_response: 4s }\n"
    "demand:\n  retail:\n    arrivals: { process: poisson, rate: 1/s }\n    holding: { distribution: exponential, mean: 60s }\n";

class Failover : public CommandTest {
 protected:
  Ended run(const Words& more, const std::string& scenario = trunk) const { return run_command("failover", "trunk.yaml", scenario, more); }
};

std::vector<std::string> first_words(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) words.push_back(line.substr(0, line.find(' ')));
  return words;
}

TEST_F(Failover, ListsTheFaultsAndRunsNothing) {
  const Ended ended = run({"--list"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, HasSubstr("crash-euc1-1 "));
  EXPECT_THAT(ended.out, Not(HasSubstr("simulated")));
  EXPECT_THAT(first_words(run({"--list", "--faults", "crash"}).out), ElementsAre("fault", "crash-euc1-1", "crash-euc1-2"));
  EXPECT_THAT(first_words(run({"--list", "--faults", "site-stockholm,crash-euc1-2"}).out), ElementsAre("fault", "site-stockholm", "crash-euc1-2"));
}

TEST_F(Failover, PrintsTheTableTheDetailsAndTheConfiguration) {
  const Ended ended = run({"--faults", "crash-euc1-1,crash-euc1-2"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, StartsWith("fault "));
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("\ncrash-euc1-1 "), HasSubstr("No call was hit by crash-euc1-2."), HasSubstr("\neuc1/1 crash: "),
                    HasSubstr("stockholm: seen by its probes after "), HasSubstr(" met 1 attempt without an answer: 4.0 s of silence"),
                    HasSubstr("What would have helped most: "), HasSubstr(" as configuration for stockholm:\n\nrouting:  # of stockholm")));
  EXPECT_THAT(ended.out, HasSubstr("calls simulated in "));
  const Ended plain = run({"--faults", "crash-euc1-1", "--no-advice"});
  EXPECT_THAT(plain.out, AllOf(Not(HasSubstr("What would have helped")), Not(HasSubstr("as configuration"))));
}

TEST_F(Failover, TheReportOfItsRecordNoticesWhatTheStudyNoticed) {
  const Ended study = run({"--faults", "crash-euc1-1", "--no-advice", "-n", "2", "-o", "crash.sqlite"});
  ASSERT_EQ(study.code, 0) << study.err;
  const Ended report = run_trunklab({"report", "crash.sqlite", "--format", "markdown"}, here());
  ASSERT_EQ(report.code, 0) << report.err;
  // "    16 heard ringback to nobody until they gave up": from the run as it went, and from the tables of the record.
  std::istringstream lines(study.out);
  int compared = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t number = line.find_first_not_of(' ');
    const bool count = number != std::string::npos && number >= 4 && line[number] >= '0' && line[number] <= '9';
    const bool heard =
        line.find(" heard ") != std::string::npos || line.find(" met ") != std::string::npos || line.find(" were cut off") != std::string::npos;
    if (!count || !heard) continue;
    const std::size_t space = line.find(' ', number);
    EXPECT_THAT(report.out, HasSubstr("| " + line.substr(number, space - number) + " | " + line.substr(space + 1, line.find(" (") - space - 1)))
        << line;
    ++compared;
  }
  EXPECT_GE(compared, 3) << study.out;
  const std::size_t seen = study.out.find("seen by its probes after ");
  EXPECT_THAT(report.out, HasSubstr(study.out.substr(seen, study.out.find_first_of(",\n", seen) - seen)));
}

TEST_F(Failover, WritesAPageWithASectionForEachFaultThatHitCalls) {
  const Ended ended = run({"--faults", "crash-euc1-1,crash-euc1-2", "-o", "study.html", "-o", "first.sqlite"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("report: study.html (open it in a browser)\n"), HasSubstr("run record of crash-euc1-1: first.sqlite\n")));
  const std::string page = text_of(folder() / "study.html");
  EXPECT_THAT(page, HasSubstr("<h1>trunk: failover study</h1>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"#fault-crash-euc1-1\">crash-euc1-1</a>"));
  EXPECT_THAT(page, HasSubstr("<details class=\"fold\" id=\"fault-crash-euc1-1\">"));
  EXPECT_THAT(page, Not(HasSubstr("id=\"fault-crash-euc1-2\""))) << "it hit nobody";
  EXPECT_THAT(page, HasSubstr("\"name\":\"with the fault\""));
  EXPECT_EQ(run({"-o", "a.html", "-o", "b.html"}).code, 2);
}

TEST_F(Failover, AnObjectiveThatIsMissedEndsWithThree) {
  const Ended missed = run({"--faults", "crash-euc1-1", "--no-advice"}, trunk + "objectives: { failover: 1s }\n");
  EXPECT_EQ(missed.code, 3);
  EXPECT_THAT(missed.out, HasSubstr("objective missed: failover of 1 of 1 faults longer than 1.0 s\n"));
  const Ended met = run({"--faults", "crash-euc1-1", "--no-advice"}, trunk + "objectives: { failover: 30min }\n");
  EXPECT_EQ(met.code, 0);
  EXPECT_THAT(met.out, HasSubstr("objective met:    failover of every fault at most 30 min\n"));
}

TEST_F(Failover, JsonHasTheShapeThatEveryCommandShares) {
  const Ended ended = run({"--faults", "crash", "--json", "-n", "2"});
  EXPECT_EQ(ended.err, "");
  const auto json = nlohmann::json::parse(ended.out);
  std::set<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.insert(key);
  EXPECT_EQ(keys, (std::set<std::string>{"command", "scenario", "seed", "replications", "simulated_s", "wall_s", "calls", "measures"}));
  EXPECT_EQ(json["command"], "failover");
  EXPECT_EQ(json["replications"], 2);
  std::map<std::pair<std::string, std::string>, double> means;
  for (const auto& measure : json["measures"]) {
    EXPECT_TRUE(means.emplace(std::pair{measure["entity"], measure["name"]}, measure["mean"]).second) << "twice: " << measure;
  }
  EXPECT_GT((means.at({"fault/crash-euc1-1", "calls_hit"})), 10);
  EXPECT_EQ((means.at({"fault/crash-euc1-2", "calls_hit"})), 0);
  EXPECT_GT((means.at({"fault/crash-euc1-1/site/stockholm", "detection_s"})), 60) << "three probes, 30 s apart";
  EXPECT_GT((means.at({"fault/crash-euc1-1/edge/euc1/2", "concurrent_max"})), 10) << "it takes over";
}

TEST_F(Failover, WritesARecordOfTheFirstFaultThatReportReads) {
  ASSERT_EQ(run({"--faults", "crash-euc1-1,crash-euc1-2", "-n", "2", "-o", "crash.sqlite"}).code, 0);
  EXPECT_EQ(SQLite::Database((folder() / "crash.sqlite").string()).execAndGet("SELECT count(*) FROM faults").getInt(), 1);
  EXPECT_EQ(SQLite::Database((folder() / "crash.sqlite").string()).execAndGet("SELECT count(DISTINCT replication) FROM calls").getInt(), 2);
  const Ended report = run_trunklab({"report", "crash.sqlite"}, here());
  EXPECT_EQ(report.code, 0);
  EXPECT_THAT(report.out, AllOf(HasSubstr("euc1/1 crash: "), HasSubstr("trunk, crash-euc1-1: 40 min"), HasSubstr("Means over 2 replications"),
                                HasSubstr("What would have helped most")));
}

TEST_F(Failover, AnswersMistakes) {
  EXPECT_EQ(run({"--faults", "nonsense"}).code, 2);
  EXPECT_THAT(run({"--faults", "crash-euc1-1,"}).err, HasSubstr("--faults: found '', expected names of faults, or how they begin"));
  EXPECT_EQ(run({"-n", "0"}).code, 2);
  EXPECT_EQ(run_trunklab({"failover"}, here()).code, 2);
  EXPECT_EQ(run({}, "horizon: { duration: 1h }\nsites: none\n").code, 2);
  const Ended help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("write the run record"));
}

TEST_F(Failover, StopsOnCtrlC) {
  write_file(folder() / "trunk.yaml", "horizon: { duration: 100d }\n" + trunk.substr(trunk.find('\n') + 1));
  Program program({"failover", "trunk.yaml", "--faults", "crash", "-o", "cut.sqlite"}, here());
  std::this_thread::sleep_for(500ms);
  program.signal(SIGINT);
  const Ended ended = program.wait();
  EXPECT_FALSE(ended.hung);
  EXPECT_EQ(ended.code, 130);
  EXPECT_THAT(ended.err, HasSubstr("stopped by the user; cut.sqlite is readable and marked incomplete"));
  EXPECT_THAT(run_trunklab({"report", "cut.sqlite"}, here()).out, HasSubstr("INCOMPLETE"));
}

}  // namespace
}  // namespace trunklab
