// What is noticed of a fault: by probes, by callers, in logs, at the edges.
#include "models/measures/fault_watch.hpp"
#include "models/measures/fault_impact.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace trunklab {
namespace {

Instant at(double seconds) {
  return run_start + from_seconds(seconds);
}

/// Two sites, two regions; euc1/1 is lost from 1000 s to 1900 s of 3600 s.
struct Watched {
  Directory directory{.sites = {"oslo", "bergen"},
                      .regions = {"euc1", "use1"},
                      .edges = {{"euc1/1", 0}, {"euc1/2", 0}, {"use1/1", 1}},
                      .demands = {{"retail", 0}},
                      .faults = {{"euc1/1 crash", at(1000), at(1900), {0}}},
                      .caps = {}};
  WatchedFault fault{.from = at(1000), .until = at(1900), .edges = {0}, .sites = {}, .names = {{}, {0}}};
  TwinTable twin{at(3600)};
  FaultNotice notice;

  /// One replication with this twin and these rows.
  void replicate(const std::vector<CallRecord>& undisturbed, const std::vector<CallRecord>& calls, const std::vector<Attempt>& attempts,
                 const std::vector<RunEvent>& events = {}, const std::vector<Sample>& samples = {}, const std::vector<Ghost>& ghosts = {}) {
    twin = TwinTable(at(3600));
    twin.calls(undisturbed);
    twin.close();
    TwinComparison comparison(directory, twin);
    FaultWatch watch(directory, fault, at(3600));
    comparison.on_hit([&watch](const CallRecord& call, const Hit& /*hit*/) { watch.hit(call); });
    watch.attempts(attempts);  // before their calls, as the simulator may give them
    watch.calls(calls);
    comparison.disturbed(calls);
    watch.events(events);
    watch.samples(samples);
    watch.ghosts(ghosts);
    watch.finish(notice);
  }
};

CallRecord call(std::uint32_t number, double offered_s, Outcome outcome, double set_up_s = 5) {
  CallRecord row{.id = {.number = number}};
  row.offered = at(offered_s);
  row.outcome = outcome;
  row.attempts = 1;
  row.ended = at(offered_s + set_up_s + 60);
  if (outcome != Outcome::answered) return row;
  row.answered = at(offered_s + set_up_s);
  row.ending = Ending::normal;
  return row;
}

Attempt attempt(std::uint32_t call, double sent_s, AttemptEnd end, std::uint16_t code = 0, EdgeIndex edge = 0) {
  return {.call = {.number = call}, .edge = edge, .end = end, .code = code, .sent = at(sent_s)};
}

struct HeardRow {
  Outcome outcome;
  Ending ending;
  bool progressed;
  int silent;
  Heard heard;
  const char* why;
};
class HeardBy : public testing::TestWithParam<HeardRow> {};

TEST_P(HeardBy, TheCallerOfACallThatWasHit) {
  const HeardRow& row = GetParam();
  Watched watched;
  CallRecord now = call(1, 1100, row.outcome, 13);
  now.ending = row.ending;
  if (row.progressed) now.progressed = at(1103);
  std::vector<Attempt> attempts;
  for (int each = 0; each < row.silent; ++each) attempts.push_back(attempt(1, 1100 + 4 * each, AttemptEnd::no_response));
  watched.replicate({call(1, 1100, Outcome::answered)}, {now}, attempts);
  for (int what = 0; what <= static_cast<int>(Heard::last); ++what) {
    EXPECT_EQ(watched.notice[static_cast<Heard>(what)], what == static_cast<int>(row.heard) ? 1U : 0U) << row.why << ", " << what;
  }
}

INSTANTIATE_TEST_SUITE_P(Callers, HeardBy,
                         testing::Values(HeardRow{Outcome::answered, Ending::dropped, true, 0, Heard::cut_off, "cut off"},
                                         HeardRow{Outcome::answered, Ending::orphaned, true, 0, Heard::nothing_unusual, "hung up in vain"},
                                         HeardRow{Outcome::answered, Ending::normal, false, 2, Heard::silence_then_through, "two edges were silent"},
                                         HeardRow{Outcome::answered, Ending::normal, false, 0, Heard::slow, "refused and tried elsewhere"},
                                         HeardRow{Outcome::busy, Ending::none, false, 1, Heard::silence_then_through, "through to a busy one"},
                                         HeardRow{Outcome::failed, Ending::none, false, 1, Heard::silence_then_busy, "no edge left"},
                                         HeardRow{Outcome::failed, Ending::none, false, 0, Heard::fast_busy, "refused"},
                                         HeardRow{Outcome::blocked, Ending::none, false, 0, Heard::fast_busy, "a cap"},
                                         HeardRow{Outcome::lost_in_setup, Ending::none, true, 0, Heard::ringback, "it rang, then the edge died"},
                                         HeardRow{Outcome::lost_in_setup, Ending::none, false, 0, Heard::silence_to_the_end,
                                                  "only a 100, then the edge died"},
                                         HeardRow{Outcome::abandoned, Ending::none, false, 1, Heard::silence_to_the_end, "gave up waiting"}));

TEST(FaultWatch, CallersOfADeadSiteFindTheLineDead) {
  Watched watched;
  CallRecord now = call(1, 1100, Outcome::failed);
  now.reason = Reason::site_down;
  watched.replicate({call(1, 1100, Outcome::answered)}, {now}, {});
  EXPECT_EQ(watched.notice[Heard::dead_line], 1U);
  EXPECT_EQ(watched.notice[Heard::fast_busy], 0U);
}

TEST(FaultWatch, LogsTheAttemptsOfCallsThatWereHit) {
  Watched watched;
  const std::vector<CallRecord> twin{call(1, 1100, Outcome::answered), call(2, 1100, Outcome::answered), call(3, 1101, Outcome::answered)};
  const std::vector<CallRecord> now{call(1, 1100, Outcome::answered, 9), call(2, 1100, Outcome::failed), call(3, 1101, Outcome::answered)};
  const std::vector<Attempt> attempts{attempt(1, 1100, AttemptEnd::no_response),     attempt(1, 1104, AttemptEnd::answered, 200, 1),
                                      attempt(2, 1100, AttemptEnd::no_response),     attempt(2, 1104, AttemptEnd::no_response, 0, 1),
                                      attempt(2, 1108, AttemptEnd::refused, 503, 2), attempt(3, 1101, AttemptEnd::answered, 200, 1)};
  watched.replicate(twin, now, attempts);
  const std::map<Logged, std::uint64_t> expected{
      {{AttemptEnd::no_response, 0}, 3}, {{AttemptEnd::answered, 200}, 1}, {{AttemptEnd::refused, 503}, 1}};
  EXPECT_EQ(watched.notice.logged, expected) << "the third call was not hit";
  EXPECT_EQ(watched.notice.silent, (std::map<std::uint32_t, std::uint64_t>{{1, 1}, {2, 1}}));
  EXPECT_EQ(watched.notice.calls, 3U);
  EXPECT_EQ(watched.notice.attempts, 3U);
}

TEST(FaultWatch, DetectionIsTheFirstDownOfATouchedEdgeWhileItLasts) {
  Watched watched;
  const auto down = [](double at_s, EventKind kind, EdgeIndex edge, std::uint16_t site) {
    return RunEvent{.at = at(at_s), .kind = kind, .edge = edge, .site = site};
  };
  watched.replicate({}, {}, {},
                    {down(900, EventKind::probe_down, 0, 0), down(1010, EventKind::probe_down, 1, 0), down(1025, EventKind::health_down, 0, 0),
                     down(1080, EventKind::probe_down, 0, 0), down(1090, EventKind::probe_down, 0, 0)});
  watched.replicate({}, {}, {}, {down(1020, EventKind::probe_down, 0, 0), down(1950, EventKind::health_down, 0, 0)});
  const auto& seen = watched.notice.detection;
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0], (FaultNotice::Detection{.seen = 2, .sum_s = 80 + 20, .by_name = false})) << "before the fault and of another edge: not meant";
  EXPECT_EQ(seen[1], (FaultNotice::Detection{.seen = 1, .sum_s = 25, .by_name = true})) << "the second time it was over when it was seen";
}

TEST(FaultWatch, OfAPathLooksAtItsSitesOnly) {
  Watched watched;
  watched.fault.sites = {1};
  watched.fault.edges = {};
  watched.replicate(
      {}, {}, {},
      {{.at = at(1080), .kind = EventKind::probe_down, .edge = 2, .site = 0}, {.at = at(1081), .kind = EventKind::probe_down, .edge = 2, .site = 1}});
  EXPECT_EQ(watched.notice.detection[0].seen, 0U);
  EXPECT_EQ(watched.notice.detection[1].sum_s, 81);
}

TEST(FaultWatch, FindsTheHighestLoadDuringAndAfter) {
  Watched watched;
  const auto concurrent = [](double at_s, EdgeIndex edge, double value) {
    return Sample{.at = at(at_s), .metric = Metric::concurrent, .kind = EntityKind::edge, .index = edge, .value = value};
  };
  watched.replicate({}, {},
                    {attempt(1, 1500.1, AttemptEnd::answered, 200, 1), attempt(2, 1500.9, AttemptEnd::answered, 200, 1),
                     attempt(3, 1501.0, AttemptEnd::answered, 200, 1), attempt(4, 1900.0, AttemptEnd::answered, 200, 0),
                     attempt(5, 1899.9, AttemptEnd::answered, 200, 0), attempt(6, 999.0, AttemptEnd::answered, 200, 2)},
                    {}, {concurrent(999, 1, 90), concurrent(1200, 1, 40), concurrent(1300, 1, 30), concurrent(1900, 1, 20), concurrent(2021, 1, 80)});
  const auto& peaks = watched.notice.peaks;
  EXPECT_EQ(peaks[0], (FaultNotice::Peak{.cps_during = 1, .cps_after = 1}));
  EXPECT_EQ(peaks[1], (FaultNotice::Peak{.cps_during = 2, .concurrent_during = 40, .concurrent_after = 20}));
  EXPECT_EQ(peaks[2], FaultNotice::Peak{}) << "before the fault";
}

TEST(FaultWatch, CountsGhostsFromTheFaultOn) {
  Watched watched;
  const Ghost answered{.call = {}, .edge = 0, .given_up = at(1100), .answered = at(1103)};
  const Ghost rang{.call = {}, .edge = 0, .given_up = at(1900), .rang = at(1903)};
  Ghost before = answered;
  before.given_up = at(999);
  watched.replicate({}, {}, {}, {}, {}, {answered, rang, before});
  EXPECT_EQ(watched.notice.ghosts, 1U);
  EXPECT_EQ(watched.notice.double_rings, 1U);
}

TEST(FaultWatch, AFaultWithoutRepairEndsWithTheRun) {
  Watched watched;
  watched.fault.until = never;
  watched.directory.faults[0].until = never;
  watched.replicate({call(1, 3590, Outcome::busy)}, {call(1, 3590, Outcome::failed, 8)}, {attempt(1, 3599.9, AttemptEnd::no_response)});
  EXPECT_EQ(watched.notice[Heard::silence_then_busy], 1U);
  EXPECT_EQ(watched.notice.peaks[0].cps_during, 1U);
}

TEST(TakenTogether, AddsUpAndKeepsTheLongest) {
  FaultImpact first{.fault = 0};
  first.fresh = {.hit = 3, .lost = 1, .delayed = 2};
  first.failover_s = 8;
  first.return_s = 2;
  first.lost_talk_s = 30;
  FaultImpact second{.fault = 1};
  second.talking = {.hit = 5, .orphaned = 5};
  second.failover_s = 4;
  second.return_s = 9;
  second.not_before_repair = true;
  second.stuck_carrier_s = 100;
  const FaultImpact both = taken_together(std::vector{first, second});
  EXPECT_EQ(both.all(), (ImpactGroup{.hit = 8, .lost = 1, .delayed = 2, .orphaned = 5}));
  EXPECT_EQ(both.failover_s, 8);
  EXPECT_EQ(both.return_s, 9);
  EXPECT_TRUE(both.not_before_repair);
  EXPECT_EQ(both.lost_talk_s, 30);
  EXPECT_EQ(both.stuck_carrier_s, 100);
}

}  // namespace
}  // namespace trunklab
