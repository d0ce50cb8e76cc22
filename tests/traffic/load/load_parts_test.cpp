// The parts of load that need no SIPp: lines of logs, shares of calls, rows from lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/scenarios/files.hpp"
#include "traffic/load/caller_log.hpp"
#include "traffic/load/child_process.hpp"
#include "traffic/load/open_bundle.hpp"

namespace trunklab {
namespace {

TEST(CallerLines, AreReadAsTheScenarioWritesThem) {
  const auto attempt = parse_caller_line("attempt;a.b.3.4;2.000000;01;refused;503;1000.5;1001.0;0.000000;1200.25");
  ASSERT_TRUE(attempt && std::holds_alternative<AttemptLine>(*attempt));
  const auto& line = std::get<AttemptLine>(*attempt);
  EXPECT_EQ(line.call, "a.b.3.4");
  EXPECT_EQ(line.attempt, 1);
  EXPECT_EQ(line.target, 1);
  EXPECT_EQ(line.code, 503);
  EXPECT_EQ(line.sent_ms, 1000.5);
  EXPECT_EQ(line.rang_ms, 0);
  EXPECT_EQ(line.over_ms, 1200.25);
  // The code of an earlier attempt is not this one's.
  EXPECT_EQ(std::get<AttemptLine>(*parse_caller_line("attempt;c;2.0;01;no_response;503;1;0;0;2")).code, 0);
  const auto ghost = std::get<GhostLine>(*parse_caller_line("ghost;c.0.1;2011;77.5"));
  EXPECT_EQ(ghost.attempt, 1);
  EXPECT_EQ(ghost.target, 1);
  EXPECT_EQ(ghost.at_ms, 77.5);
  const auto call = std::get<CallLine>(*parse_caller_line("call;c.0.1;answered;200;1.000000;10.000000;11.5;12;13;14;15"));
  EXPECT_EQ(call.attempts, 1);
  EXPECT_EQ(call.due_ms, 10);
  EXPECT_EQ(call.closed_ms, 15);
}

TEST(CallerLines, OthersAreNone) {
  for (const char* line : {"", ";", "call", "call;", "call;a;answered;200", "sent;a;1;00", "sent;a;1;00;5", "dialog;a;100;0;1@b",
                           "dialog;a;100;0;1@b|c|d", "attempt;a;1;0;refused;503;1;2;3", "other;a;b;c;d", "ghost;a;1"}) {
    EXPECT_FALSE(parse_caller_line(line)) << line;
  }
}

TEST(CallerLines, NonsenseInFieldsIsBounded) {
  const auto sent = std::get<SentLine>(*parse_caller_line("sent;a;999;77;nan;x;y"));
  EXPECT_EQ(sent.attempt, 0);
  EXPECT_EQ(sent.target, 0);
}

TEST(CallerLog, GivesWholeLinesOnlyAndEachOnce) {
  const TemporaryFolder folder;
  CallerLog log(folder.path() / "log");
  std::string line;
  EXPECT_FALSE(log.next(line));
  std::ofstream file(folder.path() / "log");
  file << "one\ntw" << std::flush;
  EXPECT_TRUE(log.next(line));
  EXPECT_EQ(line, "one");
  EXPECT_FALSE(log.next(line));
  file << "o\n" << std::flush;
  EXPECT_TRUE(log.next(line));
  EXPECT_EQ(line, "two");
  EXPECT_FALSE(log.next(line));
}

TEST(ShareOf, IsSpreadEvenlyAndDependsOnTheNameAlone) {
  constexpr int calls = 20'000;
  int below = 0;
  for (int i = 0; i < calls; ++i) {
    const double share = share_of("retail.7." + std::to_string(i));
    EXPECT_GE(share, 0);
    EXPECT_LT(share, 1);
    below += share < 0.3 ? 1 : 0;
  }
  EXPECT_NEAR(below, 0.3 * calls, 4 * 65);  // four standard deviations
  EXPECT_EQ(share_of("retail.7.1"), share_of("retail.7.1"));
}

TEST(ChildProcess, TellsHowItEndedAndDoesNotOutliveItsObject) {
  const TemporaryFolder folder;
  const auto wait = [](ChildProcess& child) {
    while (!child.ended()) {
    }
    return *child.ended();
  };
  ChildProcess three({"sh", "-c", "echo said; exit 3"}, folder.path(), folder.path() / "out");
  EXPECT_EQ(wait(three), 3);
  ChildProcess none({"no-such-program"}, folder.path(), folder.path() / "out2");
  EXPECT_EQ(wait(none), 127);
  pid_t id = 0;
  {
    const ChildProcess sleeper({"sleep", "100"}, folder.path(), folder.path() / "out3");
    id = sleeper.id();
  }
  EXPECT_NE(kill(id, 0), 0);
  std::ifstream out(folder.path() / "out");
  std::string line;
  std::getline(out, line);
  EXPECT_EQ(line, "said");
}

}  // namespace
}  // namespace trunklab
