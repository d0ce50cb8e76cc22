// The carrier's consent, limits, and reasons to stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "scenarios/time_text.hpp"
#include "tests/scenarios/files.hpp"
#include "traffic/load/destination.hpp"
#include "traffic/load/permission/authorization.hpp"
#include "traffic/load/permission/load_limits.hpp"
#include "traffic/load/stop_rules.hpp"

namespace trunklab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class AuthorizationFile : public ::testing::Test {
 protected:
  Result<Authorization> read(const std::string& text) {
    write_file(folder_.path() / "consent.yaml", text);
    return read_authorization(folder_.path() / "consent.yaml");
  }
  TemporaryFolder folder_;
};

TEST_F(AuthorizationFile, SaysWhoWhenWhereAndHowMuch) {
  const auto given = read(
      "contact: noc@carrier.example\nreference: C-1\nfrom: 2026-03-02T09:00:00+01:00\nuntil: 2026-03-02T11:00:00+01:00\n"
      "hosts: [EUC1.example]\ncalls_per_second: 2.5\nsessions: 30\n");
  ASSERT_TRUE(given) << given.problems().front().text();
  EXPECT_EQ(given.value().text(),
            "noc@carrier.example (C-1), 2026-03-02T08:00:00Z to 2026-03-02T10:00:00Z, at most 2.5 calls/s and 30 calls at the same time");
  EXPECT_EQ(given.value().hosts, std::vector<std::string>{"euc1.example"});
}

TEST_F(AuthorizationFile, IsRefusedWhereItSaysLess) {
  const std::string whole =
      "contact: a\nfrom: 2026-03-02T09:00:00Z\nuntil: 2026-03-02T11:00:00Z\nhosts: [a.example]\ncalls_per_second: 1\nsessions: 1\n";
  ASSERT_TRUE(read(whole));
  const auto with = [&](const std::string& old, const std::string& now) {
    std::string text = whole;
    text.replace(text.find(old), old.size(), now);
    return read(text);
  };
  EXPECT_FALSE(with("contact: a\n", ""));
  EXPECT_FALSE(with("contact: a", "contact: \"a\\eb\"")) << "would colour a terminal";
  EXPECT_FALSE(with("from: 2026-03-02T09:00:00Z", "from: 2026-03-02T09:00:00")) << "in which time zone?";
  EXPECT_FALSE(with("until: 2026-03-02T11:00:00Z", "until: 2026-03-02T09:00:00Z")) << "no time at all";
  EXPECT_FALSE(with("hosts: [a.example]", "hosts: []"));
  EXPECT_FALSE(with("hosts: [a.example]", "hosts: a.example"));
  EXPECT_FALSE(with("calls_per_second: 1", "calls_per_second: 0"));
  EXPECT_FALSE(with("sessions: 1", "sessions: 0"));
  EXPECT_FALSE(with("sessions: 1", "sessions: 1\nanything: goes"));
  EXPECT_FALSE(read(""));
}

/// `calls` calls, one every 100 ms, each up for at most 60 s of ringing and 10 s of talk.
OpenBundle even(int calls) {
  OpenBundle bundle;
  bundle.shards.push_back({.rows = {}});
  for (int i = 0; i < calls; ++i) {
    bundle.shards[0].rows.push_back(
        {.call = "a.0." + std::to_string(i), .due_ms = 100.0 * i, .patience_ms = 60'000, .talk_ms = 10'000, .expected = {}, .line = {}});
  }
  return bundle;
}

TEST(ReplayPeakOf, CountsEachCallForAsLongAsItMayTake) {
  const ReplayPeak peak = peak_of(even(1000));
  EXPECT_EQ(peak.calls, 1000U);
  EXPECT_EQ(peak.calls_per_second, 10);
  EXPECT_EQ(peak.at_once, 700U);
  EXPECT_NEAR(peak.over_s, 99.9 + 70 + 32, 1e-9);
}

TEST(WorstCost, HasEveryCallBilledAndTheBusiestTimeStuck) {
  // Two calls of 10 s in steps of a minute, both of them up half an hour more: 2 + 60 minutes.
  EXPECT_NEAR(worst_cost(even(2), {.per_minute = 0.5}), 31, 1e-9);
  EXPECT_NEAR(worst_cost(even(2), {.per_minute = 0.6, .increment = 1s}), 0.6 * (20 + 3600) / 60, 1e-9);
}

TEST(LoadLimitsOf, NameEverythingThatGoesBeyond) {
  const OpenBundle bundle = even(1000);
  const auto found = [&](const LoadLimits& limits, const Authorization* authorization = nullptr, std::int64_t start = 0) {
    std::string all;
    for (const Problem& problem : beyond_limits(bundle, limits, authorization, start)) all += problem.text() + '\n';
    return all;
  };
  EXPECT_THAT(found({.calls_per_second = 10, .at_once = 700, .calls = 1000}), IsEmpty());
  EXPECT_THAT(found({.calls_per_second = 9.5}), HasSubstr("--max-cps: found 10"));
  EXPECT_THAT(found({.at_once = 699}), HasSubstr("--max-concurrent: found 700"));
  EXPECT_THAT(found({.calls = 999}), HasSubstr("--max-calls: found 1000"));
  EXPECT_THAT(found({.budget = 1, .price = {.per_minute = 0.01}}), HasSubstr("--budget"));
  const std::int64_t hour = 3'600'000'000'000;
  const Authorization given{.contact = "a",
                            .reference = {},
                            .from_unix_ns = hour,
                            .until_unix_ns = 2 * hour,
                            .hosts = {},
                            .calls_per_second = CallsPerSecond{10},
                            .sessions = 700};
  EXPECT_THAT(found({}, &given, hour), IsEmpty());
  EXPECT_THAT(found({}, &given, hour - 1), HasSubstr("window"));
  EXPECT_THAT(found({}, &given, 2 * hour - 200'000'000'000), HasSubstr("window")) << "its last call would be over too late";
  EXPECT_THAT(found({.free_sessions = 1}, &given, hour), HasSubstr("sessions"));
  EXPECT_THAT(found({.free_calls_per_second = 1}, &given, hour), HasSubstr("calls_per_second"));
}

TEST(ReasonToStop, IsGivenAsSoonAsThereIsOne) {
  LoadCounts counts;
  StopRules rules;
  EXPECT_EQ(reason_to_stop(rules, counts), "");
  counts = {.sent = 20, .over = 12, .orphaned = 1, .latest_ms = 1500, .refused = {{403, 1}}, .recent = std::deque<bool>(12, true)};
  EXPECT_EQ(reason_to_stop(rules, counts), "") << "no rule";
  EXPECT_THAT(reason_to_stop({.codes = {403}}, counts), HasSubstr("403"));
  EXPECT_EQ(reason_to_stop({.codes = {401}}, counts), "");
  EXPECT_THAT(reason_to_stop({.byes = true}, counts), HasSubstr("BYE"));
  EXPECT_THAT(reason_to_stop({.failed = 0.5}, counts), HasSubstr("12 of the last 12"));
  counts.recent.resize(9);
  EXPECT_EQ(reason_to_stop({.failed = 0.5}, counts), "") << "nine calls say nothing";
  EXPECT_THAT(reason_to_stop({.late = 1s}, counts), HasSubstr("1500 ms too late"));
  EXPECT_EQ(reason_to_stop({.late = 2s}, counts), "");
  EXPECT_THAT(reason_to_stop({.at_once = 7}, counts), HasSubstr("8 calls are up"));
  EXPECT_EQ(reason_to_stop({.at_once = 8}, counts), "");
  EXPECT_THAT(reason_to_stop({.until_ns = 1}, counts), HasSubstr("window"));
  const TemporaryFolder folder;
  rules.file = folder.path() / "stop";
  EXPECT_EQ(reason_to_stop(rules, counts), "");
  write_file(*rules.file, "");
  EXPECT_THAT(reason_to_stop(rules, counts), HasSubstr("is there"));
}

TEST(SipAddressOf, IsFourNumbersAndAPort) {
  const auto address = parse_sip_address("127.0.0.11:5070", "here");
  ASSERT_TRUE(address);
  EXPECT_EQ(address.value(), (SipAddress{.ip = "127.0.0.11", .port = 5070}));
  EXPECT_TRUE(is_loopback(address.value()));
  for (const char* outside : {"8.8.8.8", "128.0.0.1", "12.7.0.1", "1.127.0.0"})
    EXPECT_FALSE(is_loopback(parse_sip_address(outside, "here").value())) << outside;
  for (const char* none : {"", "localhost", "127.1", "0x7f000001", "2130706433", "127.0.0.1.", "127.0.0.256", "0127.0.0.1",
                           "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:5060:1", "127.0.0.1 ", " 127.0.0.1", "[::1]:5060",
                           "127.0.0.1@8.8.8.8", "127.0.0.1;8.8.8.8", "127.0.0.1\n8.8.8.8"}) {
    EXPECT_FALSE(parse_sip_address(none, "here")) << none;
  }
}

}  // namespace
}  // namespace trunklab
