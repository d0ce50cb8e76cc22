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

TEST(CallerLines, OfAnotherClockAreMovedToOurs) {
  const auto call = std::get<CallLine>(earlier(*parse_caller_line("call;c.0.1;answered;200;1;1010;1011;0;1012;1013;1014"), 10));
  EXPECT_EQ(call.due_ms, 1000);
  EXPECT_EQ(call.rang_ms, 0) << "did not happen";
  EXPECT_EQ(call.closed_ms, 1004);
  const auto attempt = std::get<AttemptLine>(earlier(*parse_caller_line("attempt;c;1;0;refused;503;1010;0;0;1020"), 10));
  EXPECT_EQ(attempt.sent_ms, 1000);
  EXPECT_EQ(attempt.heard_ms, 0);
  EXPECT_EQ(attempt.over_ms, 1010);
}

/// Two shards of ten and of one call, due every 100 ms.
OpenBundle two_shards() {
  OpenBundle bundle;
  bundle.lead = std::chrono::seconds{5};
  bundle.calls = 11;
  for (const int calls : {10, 1}) {
    BundleShard& shard = bundle.shards.emplace_back();
    for (int i = 0; i < calls; ++i) {
      shard.rows.push_back({.call = "d." + std::to_string(calls) + "." + std::to_string(i),
                            .due_ms = 100.0 * i,
                            .expected = "answered",
                            .line = std::to_string(100 * i) + ";d;+9991;+9992;100;60000;0;0;200;7000;callee;8 0;20;a=sendrecv;answered"});
    }
  }
  return bundle;
}

TEST(KeepPart, GivesEveryCallToOneRank) {
  std::vector<std::string> calls;
  for (std::size_t part = 0; part < 3; ++part) {
    OpenBundle own = two_shards();
    keep_part(own, part, 3);
    EXPECT_EQ(own.shards.size(), part == 0 ? 2U : 1U);
    std::size_t rows = 0;
    for (const BundleShard& shard : own.shards) {
      EXPECT_GT(shard.rate, 0);
      rows += shard.rows.size();
      for (const BundleRow& row : shard.rows) calls.push_back(row.call);
    }
    EXPECT_EQ(own.calls, rows);
  }
  std::ranges::sort(calls);
  EXPECT_EQ(calls.size(), 11U);
  EXPECT_EQ(std::ranges::unique(calls).size(), 0U);
}

TEST(AtEvenRate, PlaysTheFirstCallsWithShortTalks) {
  const OpenBundle even = at_even_rate(two_shards(), 2.2, std::chrono::seconds{2});
  ASSERT_EQ(even.shards.front().rows.size(), 4U) << "ten of eleven calls, 2/s of 2.2/s";
  EXPECT_EQ(even.calls, 5U);
  EXPECT_EQ(even.shards.front().rows[1].line, "500.000;d;+9991;+9992;100;60000;0;0;200;500;caller;8 0;20;a=sendrecv;answered");
  // Every call is created before it is due: the i-th of them at i / rate, with the lead ahead.
  for (const BundleShard& shard : even.shards) {
    for (std::size_t i = 0; i < shard.rows.size(); ++i) {
      EXPECT_LE(static_cast<double>(i + 1) / shard.rate, shard.rows[i].due_ms / 1e3 + in_seconds(even.lead) + 1e-9);
    }
  }
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
