// Which calls a fault has hit, to whom they belong, and when things were normal again.
#include "models/measures/fault_impact.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace trunklab {
namespace {

Instant at(double seconds) {
  return run_start + from_seconds(seconds);
}

/// One fault from 1000 s to 1900 s, a second one at 3000 s that lasts; the run ends at 3600 s.
Directory two_faults() {
  return {.sites = {"oslo"},
          .regions = {"euc1"},
          .edges = {{"euc1/1", 0}},
          .demands = {{"retail", 0}},
          .faults = {{"euc1/1 crash", at(1000), at(1900), {0}}, {"euc1/1 crash", at(3000), never, {0}}},
          .caps = {}};
}

CallRecord answered_call(std::uint32_t number, double offered_s, double set_up_s = 5, double talk_s = 100) {
  CallRecord call{.id = {0, 0, 3, number}};
  call.offered = at(offered_s);
  call.answered = at(offered_s + set_up_s);
  call.ended = at(offered_s + set_up_s + talk_s);
  call.outcome = Outcome::answered;
  call.ending = Ending::normal;
  return call;
}

CallRecord unanswered_call(std::uint32_t number, double offered_s, Outcome outcome, double end_s) {
  CallRecord call{.id = {0, 0, 3, number}};
  call.offered = at(offered_s);
  call.ended = at(offered_s + end_s);
  call.outcome = outcome;
  return call;
}

CallRecord with_ending(CallRecord call, Ending ending, double ended_s) {
  call.ending = ending;
  call.ended = at(ended_s);
  return call;
}

CallRecord undecided_call(std::uint32_t number, double offered_s) {
  CallRecord call{.id = {0, 0, 3, number}};
  call.offered = at(offered_s);
  return call;
}

CallRecord on_edge(CallRecord call, EdgeIndex edge) {
  call.edge = edge;
  return call;
}

std::vector<FaultImpact> compared(const Directory& directory, const std::vector<CallRecord>& twin, const std::vector<CallRecord>& disturbed) {
  TwinTable table(at(3600));
  table.calls(twin);
  table.close();
  TwinComparison comparison(directory, table);
  comparison.disturbed(disturbed);
  return comparison.result();
}

std::vector<FaultImpact> impacts(const std::vector<CallRecord>& twin, const std::vector<CallRecord>& disturbed) {
  return compared(two_faults(), twin, disturbed);
}

struct Row {
  const char* what;
  CallRecord twin, now;
  std::size_t fault;
  ImpactGroup fresh, in_setup, talking;
};
class OneCall : public testing::TestWithParam<Row> {};
TEST_P(OneCall, IsJudged) {
  const Row& row = GetParam();
  const auto result = impacts({row.twin}, {row.now});
  EXPECT_EQ(result[row.fault].fresh, row.fresh) << row.what;
  EXPECT_EQ(result[row.fault].in_setup, row.in_setup) << row.what;
  EXPECT_EQ(result[row.fault].talking, row.talking) << row.what;
  EXPECT_EQ(result[1 - row.fault].all(), ImpactGroup{}) << row.what;
}

constexpr ImpactGroup none{};
constexpr ImpactGroup lost{.hit = 1, .lost = 1};
constexpr ImpactGroup late{.hit = 1, .delayed = 1};
constexpr ImpactGroup orphan{.hit = 1, .orphaned = 1};
constexpr ImpactGroup gained{.gained = 1};
INSTANTIATE_TEST_SUITE_P(
    Calls, OneCall,
    testing::Values(
        Row{"unchanged", answered_call(1, 1100), answered_call(1, 1100), 0, none, none, none},
        Row{"100 ms later is not noticed", answered_call(1, 1100), answered_call(1, 1100, 5.1), 0, none, none, none},
        Row{"101 ms later is", answered_call(1, 1100), answered_call(1, 1100, 5.101), 0, late, none, none},
        Row{"new and failed", answered_call(1, 1100), unanswered_call(1, 1100, Outcome::failed, 8), 0, lost, none, none},
        Row{"new and given up", answered_call(1, 1100), unanswered_call(1, 1100, Outcome::abandoned, 60), 0, lost, none, none},
        Row{"busy would have been the answer", unanswered_call(1, 1100, Outcome::busy, 3), unanswered_call(1, 1100, Outcome::failed, 9), 0, lost,
            none, none},
        Row{"busy a little later", unanswered_call(1, 1100, Outcome::busy, 3), unanswered_call(1, 1100, Outcome::busy, 7), 0, late, none, none},
        Row{"given up in both", unanswered_call(1, 1100, Outcome::abandoned, 60), unanswered_call(1, 1100, Outcome::abandoned, 60), 0, none, none,
            none},
        Row{"given up, now refused: worse but not lost anew",
            unanswered_call(1, 1100, Outcome::abandoned, 60),
            unanswered_call(1, 1100, Outcome::failed, 60),
            0,
            {.hit = 1},
            none,
            none},
        Row{"blocked in both", unanswered_call(1, 1100, Outcome::blocked, 0), unanswered_call(1, 1100, Outcome::blocked, 0), 0, none, none, none},
        Row{"blocked, now through", unanswered_call(1, 1100, Outcome::blocked, 0), answered_call(1, 1100), 0, gained, none, none},
        Row{"given up, now busy", unanswered_call(1, 998, Outcome::abandoned, 60), unanswered_call(1, 998, Outcome::busy, 3), 0, none, gained, none},
        Row{"blocked, now dropped: lost in both", unanswered_call(1, 1100, Outcome::blocked, 0),
            with_ending(answered_call(1, 1100), Ending::dropped, 1150), 0, none, none, none},
        Row{"undecided at the end", answered_call(1, 3590), undecided_call(1, 3590), 1, none, none, none},
        Row{"undecided in the twin", undecided_call(1, 3590), unanswered_call(1, 3590, Outcome::failed, 4), 1, none, none, none},
        Row{"ringing at the fault", answered_call(1, 998), unanswered_call(1, 998, Outcome::lost_in_setup, 40), 0, none, lost, none},
        Row{"under way at the fault", answered_call(1, 998), answered_call(1, 998, 9), 0, none, late, none},
        Row{"talking and cut off", answered_call(1, 950), with_ending(answered_call(1, 950), Ending::dropped, 1030), 0, none, none, lost},
        Row{"talking and orphaned", answered_call(1, 950), with_ending(answered_call(1, 950), Ending::orphaned, 1055), 0, none, none, orphan},
        Row{"answered before the second fault, dropped by it", answered_call(1, 2950), with_ending(answered_call(1, 2950), Ending::dropped, 3010), 1,
            none, none, lost},
        Row{"offered during the first, lost to the second", answered_call(1, 1100, 5, 5000),
            with_ending(answered_call(1, 1100, 5, 5000), Ending::dropped, 3020), 1, none, none, lost},
        Row{"before any fault: the first one's", answered_call(1, 900, 150), unanswered_call(1, 900, Outcome::failed, 1), 0, none, lost, none}));

/// Edges 0 and 1 crash at the same instant, edge 2 a minute later.
std::vector<FaultImpact> region_impacts(const std::vector<CallRecord>& twin, const std::vector<CallRecord>& disturbed) {
  Directory directory = two_faults();
  directory.faults = {{"euc1/1 crash", at(1000), never, {0}}, {"euc1/2 crash", at(1000), never, {1}}, {"euc1/3 crash", at(1060), never, {2}}};
  return compared(directory, twin, disturbed);
}

std::vector<std::uint64_t> hits_of(const std::vector<FaultImpact>& impacts) {
  std::vector<std::uint64_t> hits;
  for (const FaultImpact& impact : impacts) hits.push_back(impact.all().hit);
  return hits;
}

TEST(TwinComparison, GivesEdgesThatCrashTogetherTheirOwnCalls) {
  const std::vector<CallRecord> twin{on_edge(answered_call(1, 1100), 0), on_edge(answered_call(2, 1100), 0), on_edge(answered_call(3, 1100), 1),
                                     on_edge(answered_call(4, 950), 1)};
  const std::vector<CallRecord> now{on_edge(answered_call(1, 1100, 9), 1), on_edge(answered_call(2, 1100, 9), 3),
                                    on_edge(unanswered_call(3, 1100, Outcome::failed, 8), 0),
                                    on_edge(with_ending(answered_call(4, 950), Ending::orphaned, 1055), 1)};
  const auto result = region_impacts(twin, now);
  EXPECT_EQ(hits_of(result), (std::vector<std::uint64_t>{2, 2, 0}));
  EXPECT_EQ(result[0].fresh.delayed, 2U);
  EXPECT_EQ(result[1].fresh.lost, 1U);
  EXPECT_EQ(result[1].talking.orphaned, 1U);
}

TEST(TwinComparison, WithoutAFaultOnTheTwinsEdgeGoesByTheCallsOwnThenByTime) {
  const auto hits = [](EdgeIndex twin_edge, EdgeIndex edge_now, double offered_s) {
    return hits_of(region_impacts({on_edge(answered_call(1, offered_s), twin_edge)}, {on_edge(answered_call(1, offered_s, 9), edge_now)}));
  };
  EXPECT_EQ(hits(3, 0, 1100), (std::vector<std::uint64_t>{1, 0, 0})) << "the call's own edge";
  EXPECT_EQ(hits(3, no_edge, 1100), (std::vector<std::uint64_t>{0, 0, 1})) << "the last that began";
  EXPECT_EQ(hits(2, 0, 1010), (std::vector<std::uint64_t>{1, 0, 0})) << "the twin's edge had not crashed yet";
  EXPECT_EQ(hits(2, 1, 900), (std::vector<std::uint64_t>{1, 0, 0})) << "none had begun";
}

/// A call of edge 0 in the twin that is late by 4 s when these faults happen: which of them it is counted for.
std::size_t blamed(std::vector<Directory::Fault> faults, double offered_s, EdgeIndex twin_edge = 0) {
  Directory directory = two_faults();
  directory.faults = std::move(faults);
  const auto hits =
      hits_of(compared(directory, {on_edge(answered_call(1, offered_s), twin_edge)}, {on_edge(answered_call(1, offered_s, 9), no_edge)}));
  EXPECT_EQ(std::ranges::count(hits, 1U), 1);
  return static_cast<std::size_t>(std::ranges::find(hits, 1U) - hits.begin());
}

TEST(TwinComparison, BlamesAFaultOfManyEdgesForEachOfThem) {
  const std::vector<Directory::Fault> faults{{"region", at(1000), at(1900), {0, 2}}, {"euc1/2", at(1010), at(1900), {1}}};
  EXPECT_EQ(blamed(faults, 1100, 0), 0U);
  EXPECT_EQ(blamed(faults, 1100, 1), 1U);
  EXPECT_EQ(blamed(faults, 1100, 2), 0U);
}

TEST(TwinComparison, BlamesAFaultWithoutEdgesByTime) {
  const Directory::Fault crash{"euc1/1 crash", at(1000), at(1900), {0}};
  const Directory::Fault dns{"dns", at(1100), at(2000), {}};
  const Directory::Fault later_dns{"dns", at(2500), at(2600), {}};
  EXPECT_EQ(blamed({crash, dns}, 1500), 0U) << "the edge is still down: that says more";
  EXPECT_EQ(blamed({crash, dns}, 1950), 1U) << "the edge is back, the name is not";
  EXPECT_EQ(blamed({crash, dns}, 1500, 5), 1U) << "an edge that no fault touches";
  EXPECT_EQ(blamed({crash, later_dns}, 2200), 0U) << "not begun yet";
  EXPECT_EQ(blamed({crash, later_dns}, 2550), 1U);
  EXPECT_EQ(blamed({crash, later_dns}, 2700), 1U) << "both are over: the later one";
  EXPECT_EQ(blamed({later_dns}, 900), 0U) << "the first of all";
}

TEST(TwinComparison, BlamesAFaultThatLastsBeforeOneThatIsOver) {
  Directory directory = two_faults();
  directory.faults = {{"euc1/1 drain", at(1000), at(1450), {0}}, {"euc1/2 drain", at(1450), at(1900), {1}}};
  const auto hits = [&](double offered_s) {
    return hits_of(compared(directory, {on_edge(answered_call(1, offered_s), 0)}, {on_edge(answered_call(1, offered_s, 9), 1)}));
  };
  EXPECT_EQ(hits(1100), (std::vector<std::uint64_t>{1, 0}));
  EXPECT_EQ(hits(1500), (std::vector<std::uint64_t>{0, 1})) << "it would have gone to the first edge, which is back";
  EXPECT_EQ(hits(2000), (std::vector<std::uint64_t>{1, 0})) << "both are over";
}

TEST(TwinComparison, AddsUpStuckSecondsAndLostTalk) {
  CallRecord orphaned = with_ending(answered_call(1, 950), Ending::orphaned, 1055);
  orphaned.stuck_site = std::chrono::seconds{32};
  orphaned.stuck_carrier = std::chrono::seconds{600};
  const std::vector<CallRecord> twin{answered_call(1, 950), answered_call(2, 1100, 5, 60), answered_call(3, 950, 5, 200),
                                     unanswered_call(4, 1100, Outcome::busy, 3), answered_call(5, 1200, 5, 9000)};
  const std::vector<CallRecord> now{orphaned, unanswered_call(2, 1100, Outcome::failed, 8),
                                    with_ending(answered_call(3, 950, 5, 200), Ending::dropped, 1030), unanswered_call(4, 1100, Outcome::failed, 3),
                                    unanswered_call(5, 1200, Outcome::failed, 8)};
  const FaultImpact impact = impacts(twin, now)[0];
  EXPECT_DOUBLE_EQ(impact.stuck_site_s, 32);
  EXPECT_DOUBLE_EQ(impact.stuck_carrier_s, 600);
  // 60 s of the second, 125 s of the third (75 s were talked), and of the last what the run has: 1205 s to 3600 s.
  EXPECT_DOUBLE_EQ(impact.lost_talk_s, 60 + 125 + 2395);
}

TEST(TwinComparison, TellsRedialsApart) {
  CallRecord redial = answered_call(1, 1130);
  redial.id.redial = 1;
  CallRecord failed_redial = unanswered_call(1, 1130, Outcome::failed, 8);
  failed_redial.id.redial = 1;
  const auto result = impacts({unanswered_call(1, 1100, Outcome::busy, 3), redial}, {failed_redial, unanswered_call(1, 1100, Outcome::busy, 3)});
  EXPECT_EQ(result[0].all(), (ImpactGroup{.hit = 1, .lost = 1}));
}

TEST(TwinComparison, TakesNoTimesFromBlockedCalls) {
  const std::vector<CallRecord> twin{answered_call(1, 1004), answered_call(2, 1500), answered_call(3, 1912), answered_call(4, 2000)};
  const std::vector<CallRecord> now{answered_call(1, 1004, 9), unanswered_call(2, 1500, Outcome::blocked, 0), answered_call(3, 1912, 9),
                                    unanswered_call(4, 2000, Outcome::blocked, 0)};
  const FaultImpact impact = impacts(twin, now)[0];
  EXPECT_EQ(impact.fresh.lost, 2U);
  EXPECT_DOUBLE_EQ(impact.failover_s, 4);
  EXPECT_DOUBLE_EQ(impact.return_s, 12);
}

TEST(TwinComparison, IgnoresCallsThatOnlyOneRunKnows) {
  const auto result = impacts({answered_call(1, 1100)}, {unanswered_call(2, 1100, Outcome::failed, 1)});
  EXPECT_EQ(result[0].all(), ImpactGroup{});
}

TEST(TwinComparison, TellsCallsApartByAllOfTheirId) {
  CallRecord other_window = answered_call(1, 1100);
  other_window.id.window = 4;
  CallRecord failed = unanswered_call(1, 1100, Outcome::failed, 1);
  const auto result = impacts({other_window, answered_call(1, 1100), answered_call(2, 1100)}, {failed, other_window});
  EXPECT_EQ(result[0].all().hit, 1U);
}

TEST(TwinComparison, MeasuresFailoverAndReturn) {
  const std::vector<CallRecord> twin{answered_call(1, 1000), answered_call(2, 1004), answered_call(3, 1008),
                                     answered_call(4, 1900), answered_call(5, 1912), answered_call(6, 2000)};
  const std::vector<CallRecord> now{answered_call(6, 2000),    answered_call(5, 1912, 9), answered_call(4, 1900, 9),
                                    answered_call(3, 1008, 9), answered_call(2, 1004, 9), answered_call(1, 1000, 9)};
  const FaultImpact impact = impacts(twin, now)[0];
  EXPECT_DOUBLE_EQ(impact.failover_s, 8);
  EXPECT_FALSE(impact.not_before_repair);
  EXPECT_DOUBLE_EQ(impact.return_s, 12);
  EXPECT_DOUBLE_EQ(impact.extra_delay_s, 20);
  EXPECT_EQ(impact.fresh.delayed, 5U);
}

TEST(TwinComparison, SeesThatNothingHelpedBeforeTheRepair) {
  std::vector<CallRecord> twin;
  std::vector<CallRecord> now;
  for (std::uint32_t call = 0; call < 300; ++call) {
    const double offered = 1002 + 3.0 * call;
    twin.push_back(answered_call(call, offered));
    now.push_back(offered < 1900 ? unanswered_call(call, offered, Outcome::failed, 4) : answered_call(call, offered));
  }
  const FaultImpact impact = impacts(twin, now)[0];
  EXPECT_DOUBLE_EQ(impact.failover_s, 899);
  EXPECT_TRUE(impact.not_before_repair) << "the last call before the repair still failed";
}

TEST(TwinComparison, AnUnrepairedFaultEndsWithTheRun) {
  std::vector<CallRecord> twin;
  std::vector<CallRecord> now;
  for (std::uint32_t call = 0; call < 600; ++call) {
    twin.push_back(answered_call(call, 3000 + call));
    now.push_back(unanswered_call(call, 3000 + call, Outcome::failed, 4));
  }
  EXPECT_TRUE(impacts(twin, now)[1].not_before_repair);
  now.erase(now.begin() + 20, now.end());
  const FaultImpact recovered = impacts(twin, now)[1];
  EXPECT_FALSE(recovered.not_before_repair);
  EXPECT_DOUBLE_EQ(recovered.failover_s, 19);
}

std::optional<Measure> find(const std::vector<Measure>& measures, std::string_view name) {
  const auto found = std::ranges::find_if(measures, [&](const Measure& each) { return each.name == name && each.entity == "fault/0"; });
  return found == measures.end() ? std::nullopt : std::optional{*found};
}

TEST(SummariseImpacts, GivesIntervalsOverReplications) {
  std::vector<std::vector<FaultImpact>> replications(3);
  for (std::uint16_t run = 0; run < 3; ++run) {
    FaultImpact impact;
    impact.fresh = {.hit = 40U + 10U * run, .lost = 2, .delayed = 38U + 10U * run, .orphaned = 0, .gained = 20};
    impact.failover_s = 8 + run;
    impact.extra_delay_s = 4.0 * (38 + 10 * run);
    impact.not_before_repair = run == 2;
    impact.lost_talk_s = 60.0 * run;
    impact.stuck_carrier_s = 30;
    replications[run] = {impact, FaultImpact{.fault = 1}};
  }
  const auto measures = summarise_impacts(replications, two_faults());
  const Measure hit = find(measures, "calls_hit").value();
  EXPECT_DOUBLE_EQ(hit.mean, 50);
  EXPECT_NEAR(hit.high.value(), 50 + 24.841377, 1e-5);
  const Measure few = find(measures, "calls_lost_new").value();
  EXPECT_DOUBLE_EQ(few.mean, 2);
  EXPECT_NEAR(few.high.value(), 11.8424 / 3, 1e-4) << "six events";
  EXPECT_DOUBLE_EQ(find(measures, "calls_gained").value().mean, 20);
  EXPECT_EQ(find(measures, "failover_s").value().note, "not before repair");
  EXPECT_DOUBLE_EQ(find(measures, "extra_delay_mean").value().mean, 4);
  EXPECT_DOUBLE_EQ(find(measures, "lost_minutes").value().mean, 1);
  EXPECT_DOUBLE_EQ(find(measures, "stuck_s_carrier").value().mean, 30);
  EXPECT_TRUE(summarise_impacts({}, two_faults()).empty());
}

}  // namespace
}  // namespace trunklab
