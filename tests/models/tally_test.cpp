// What is counted, where, and in which batch.
#include "models/measures/tally.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "tests/models/two_sites.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using enum Count;

/// A call offered at `offered` that rang after 2 s, was answered after 5 s and talked for 100 s.
CallRecord answered_call(double offered_s, std::uint16_t demand = 0, EdgeIndex edge = 0) {
  CallRecord call{.id = {.demand = demand}};
  call.offered = at(offered_s);
  call.progressed = at(offered_s + 2);
  call.answered = at(offered_s + 5);
  call.ended = at(offered_s + 105);
  call.outcome = Outcome::answered;
  call.ending = Ending::normal;
  call.edge = edge;
  call.attempts = 1;
  call.code = 200;
  return call;
}

CallRecord unanswered_call(double offered_s, Outcome outcome, std::uint16_t code, Reason reason = Reason::none) {
  CallRecord call{.id = {}};
  call.offered = at(offered_s);
  call.ended = at(offered_s + 1);
  call.outcome = outcome;
  call.reason = reason;
  call.code = code;
  return call;
}

Counts total_of(const std::vector<CallRecord>& calls) {
  Tally tally(two_sites(), run_start, at(3600));
  tally.calls(calls);
  return tally.counts(EntityKind::total, 0);
}

TEST(Tally, APartMayStandForMore) {
  Tally part(two_sites(), run_start, at(100));
  part.calls(std::vector{answered_call(1, 0), answered_call(2, 0), answered_call(3, 1), unanswered_call(4, Outcome::busy, 486)});
  Tally whole(two_sites(), run_start, at(36000), from_seconds(1000));
  ASSERT_GT(whole.batches(), 7U);
  whole.add(7, part, std::vector{10.0, 2.5, 1.0});
  EXPECT_EQ(whole.counts(EntityKind::demand, 0)[offered], 30);
  EXPECT_EQ(whole.counts(EntityKind::demand, 0)[answered], 20);
  EXPECT_EQ(whole.counts(EntityKind::demand, 1)[answered], 3) << "2.5, rounded";
  EXPECT_EQ(whole.counts(EntityKind::total, 0, 7)[offered], 33);
  EXPECT_EQ(whole.counts(EntityKind::total, 0, 6)[offered], 0);
  EXPECT_EQ(whole.post_dial(EntityKind::demand, 0).count(), 20U);
  EXPECT_EQ(whole.cps_max(), 1U);
  EXPECT_EQ(whole.span_of(7).first, whole.span_of(6).second);
  EXPECT_EQ(whole.span_of(whole.batches() - 1).second, at(36000));
}

TEST(Tally, EveryOfferedCallHasOneOutcome) {
  std::vector<CallRecord> calls;
  for (int outcome = 0; outcome <= static_cast<int>(Outcome::abandoned); ++outcome) {
    for (int times = 0; times <= outcome; ++times) calls.push_back(unanswered_call(times, static_cast<Outcome>(outcome), 0));
  }
  const Counts counts = total_of(calls);
  EXPECT_EQ(counts[offered], static_cast<std::int64_t>(calls.size()));
  const std::vector<std::int64_t> by_outcome{counts[in_progress], counts[answered], counts[busy],          counts[no_answer], counts[rejected],
                                             counts[blocked],     counts[failed],   counts[lost_in_setup], counts[abandoned]};
  EXPECT_EQ(by_outcome, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(std::accumulate(by_outcome.begin(), by_outcome.end(), std::int64_t{0}), counts[offered]);
}

struct CodeRow {
  std::uint16_t code;
  Reason reason;
  bool redirected, effective, ineffective;
};
class FinalCode : public testing::TestWithParam<CodeRow> {};
TEST_P(FinalCode, CountsAsRfc6076Has) {
  const CodeRow& row = GetParam();
  const Counts counts = total_of({unanswered_call(1, Outcome::failed, row.code, row.reason)});
  EXPECT_EQ(counts[redirected], row.redirected);
  EXPECT_EQ(counts[effective], row.effective);
  EXPECT_EQ(counts[ineffective], row.ineffective);
}
INSTANTIATE_TEST_SUITE_P(Codes, FinalCode,
                         testing::Values(CodeRow{302, Reason::refused, true, false, false}, CodeRow{480, Reason::refused, false, true, false},
                                         CodeRow{486, Reason::refused, false, true, false}, CodeRow{600, Reason::refused, false, true, false},
                                         CodeRow{603, Reason::refused, false, true, false}, CodeRow{404, Reason::refused, false, false, false},
                                         CodeRow{408, Reason::refused, false, false, true}, CodeRow{500, Reason::refused, false, false, true},
                                         CodeRow{503, Reason::refused, false, false, true}, CodeRow{504, Reason::refused, false, false, true},
                                         CodeRow{0, Reason::no_response, false, false, true}, CodeRow{0, Reason::no_progress, false, false, true},
                                         CodeRow{0, Reason::site_channels, false, false, false}));

TEST(Tally, BlockedCallsAreSplitByReason) {
  const Counts counts =
      total_of({unanswered_call(1, Outcome::blocked, 0, Reason::site_channels), unanswered_call(1, Outcome::blocked, 503, Reason::cap_cps),
                unanswered_call(1, Outcome::blocked, 503, Reason::cap_cps), unanswered_call(1, Outcome::blocked, 503, Reason::cap_sessions)});
  EXPECT_EQ(counts[blocked], 4);
  EXPECT_EQ(counts[blocked_site_channels], 1);
  EXPECT_EQ(counts[blocked_cap_cps], 2);
  EXPECT_EQ(counts[blocked_cap_sessions], 1);
}

TEST(Tally, FailedCallsAreSplitByReason) {
  const std::vector<Count> parts{failed_no_response,       failed_no_progress,  failed_refused,       failed_transport_error,
                                 failed_name_not_resolved, failed_unauthorized, failed_number_format, failed_callback,
                                 failed_destination,       failed_firewall,     failed_fragments,     failed_no_edge_left,
                                 failed_site_down,         failed_codec};
  const int first = static_cast<int>(Reason::no_response);
  ASSERT_EQ(first + static_cast<int>(parts.size()) - 1, static_cast<int>(Reason::codec));
  std::vector<CallRecord> calls;
  for (int place = 0; place < static_cast<int>(parts.size()); ++place) {
    for (int times = 0; times <= place; ++times) calls.push_back(unanswered_call(1, Outcome::failed, 0, static_cast<Reason>(first + place)));
  }
  const Counts counts = total_of(calls);
  std::int64_t sum = 0;
  for (std::size_t place = 0; place < parts.size(); ++place) {
    EXPECT_EQ(counts[parts[place]], static_cast<std::int64_t>(place) + 1) << place;
    sum += counts[parts[place]];
  }
  EXPECT_EQ(sum, counts[failed]);
  EXPECT_EQ(counts[blocked_cap_cps], 0);
}

TEST(Tally, CallsWithoutAPortAreSplitByWhatWasInTheWay) {
  const std::vector<Count> parts{ports_exhausted, ports_fragmented, ports_quarantined, ports_leaked, ports_foreign};
  std::vector<CallRecord> calls;
  for (std::size_t place = 0; place < parts.size(); ++place) {
    CallRecord call = unanswered_call(1, Outcome::blocked, 503, place % 2 == 0 ? Reason::media_ports : Reason::site_ports);
    call.ports = static_cast<PortRefusal>(place + 1);
    calls.insert(calls.end(), place + 1, call);
  }
  const Counts counts = total_of(calls);
  for (std::size_t place = 0; place < parts.size(); ++place) EXPECT_EQ(counts[parts[place]], static_cast<std::int64_t>(place + 1));
  EXPECT_EQ(counts[blocked_media_ports], 1 + 3 + 5);
  EXPECT_EQ(counts[blocked_site_ports], 2 + 4);
}

TEST(Tally, RatingsCountByCellAndByCodecs) {
  Directory directory = two_sites();
  directory.codecs = {"G.711a", "G.729"};
  Tally tally(directory, run_start, at(3600));
  for (int call = 0; call < 100; ++call) {
    CallRecord row = answered_call(1);
    row.audio = Audio::both;
    row.codecs = call < 10 ? 1 : 0;
    row.r_factor = call < 10 ? 60.02F : 90.07F;
    tally.calls(std::vector{row});
  }
  CallRecord half = answered_call(2);
  half.audio = Audio::to_site_only;
  CallRecord silent = answered_call(2);
  silent.audio = Audio::none;
  tally.calls(std::vector{half, silent});
  EXPECT_NEAR(*tally.ratings(EntityKind::total, 0).percentile(0.1), 60.05, 1e-9);
  EXPECT_NEAR(*tally.ratings(EntityKind::total, 0).percentile(0.11), 90.05, 1e-9);
  EXPECT_NEAR(*tally.ratings(EntityKind::codecs, 0).percentile(0.01), 90.05, 1e-9);
  EXPECT_EQ(tally.ratings(EntityKind::codecs, 1).count(), 10U);
  const Counts counts = tally.counts(EntityKind::site, 0);
  EXPECT_EQ(counts[rated], 100);
  EXPECT_EQ(counts[one_way], 1);
  EXPECT_EQ(counts[no_audio], 1);
}

TEST(Tally, RedialsQueuesAndPrivateCallersAreCounted) {
  CallRecord redialled = answered_call(1);
  redialled.id.redial = 2;
  redialled.queued = 8s;
  CallRecord anonymous = answered_call(2);
  anonymous.private_caller_id = true;
  const Counts counts = total_of({redialled, anonymous, answered_call(3)});
  EXPECT_EQ(counts[offered], 3);
  EXPECT_EQ(counts[redials], 1);
  EXPECT_EQ(counts[private_caller_id], 1);
  EXPECT_EQ(counts[queued], 1);
  EXPECT_EQ(counts[queued_ns], 8'000'000'000);
  EXPECT_EQ(counts[left_queue], 0);
}

TEST(Tally, WhoHangsUpBeforeAnAgentIsFreeHasLeftTheQueue) {
  CallRecord served = answered_call(1);
  served.queued = served.ended - served.answered - 1ns;
  CallRecord left = answered_call(2);
  left.queued = left.ended - left.answered;
  const Counts counts = total_of({served, left});
  EXPECT_EQ(counts[queued], 2);
  EXPECT_EQ(counts[left_queue], 1);
}

TEST(Tally, GhostsCountWhereTheirAttemptWasGivenUp) {
  Tally tally(two_sites(), at(600), at(3600));
  const auto ghost = [](double given_up_s, EdgeIndex edge) {
    return Ghost{.call = {.demand = 1}, .number = 0, .edge = edge, .given_up = at(given_up_s)};
  };
  Ghost rang = ghost(700, 0);
  rang.rang = at(701);
  Ghost late_answer = ghost(800, 1);
  late_answer.answered = at(803);
  late_answer.ended = at(803.25);
  Ghost both = ghost(3590, 1);
  both.rang = at(3591);
  both.answered = at(3598);  // and the run ends at 3600 s
  Ghost in_warm_up = both;
  in_warm_up.given_up = at(599);
  Ghost initial = both;
  initial.call.window = initial_window;
  tally.ghosts(std::vector{rang, late_answer, both, in_warm_up, initial});
  const Counts first = tally.counts(EntityKind::edge, 0);
  const Counts second = tally.counts(EntityKind::edge, 1);
  EXPECT_EQ(first[ghosts], 0);
  EXPECT_EQ(first[double_rings], 1);
  EXPECT_EQ(second[ghosts], 2);
  EXPECT_EQ(second[double_rings], 1);
  EXPECT_EQ(second[ghost_ns], 2'250'000'000);
  EXPECT_EQ(tally.counts(EntityKind::demand, 1)[ghosts], 2);
}

TEST(Tally, CellsAddUpToEveryEntity) {
  Tally tally(two_sites(), run_start, at(3600));
  tally.calls(std::vector{answered_call(1, 0, 0), answered_call(2, 1, 1), answered_call(3, 2, 2), answered_call(4, 2, no_edge)});
  const auto offered_to = [&](EntityKind kind, std::uint16_t index) { return tally.counts(kind, index)[offered]; };
  EXPECT_EQ(offered_to(EntityKind::total, 0), 4);
  EXPECT_EQ(offered_to(EntityKind::site, 0), 1);
  EXPECT_EQ(offered_to(EntityKind::site, 1), 3);
  EXPECT_EQ(offered_to(EntityKind::region, 0), 2);
  EXPECT_EQ(offered_to(EntityKind::region, 1), 1);
  EXPECT_EQ(offered_to(EntityKind::edge, 1), 1);
  EXPECT_EQ(offered_to(EntityKind::demand, 2), 2);
}

TEST(Tally, PostDialDelayEndsWithTheFirstEighteenOrTheAnswer) {
  Tally tally(two_sites(), run_start, at(3600));
  CallRecord silent = answered_call(10);
  silent.progressed = never;
  tally.calls(std::vector{answered_call(1), silent, unanswered_call(5, Outcome::busy, 486)});
  const Counts counts = tally.counts(EntityKind::total, 0);
  EXPECT_EQ(counts[set_up], 2);
  EXPECT_EQ(counts[post_dial_ns], 7'000'000'000);
  EXPECT_NEAR(in_seconds(*tally.post_dial(EntityKind::total, 0).percentile(1)), 5, 5.0 / 128);
}

TEST(Tally, WarmUpAndInitialCallsCountOnlyWhenTheyComeToHarm) {
  Tally tally(two_sites(), at(600), at(3600));
  CallRecord initial = answered_call(-50);
  initial.id.window = initial_window;
  initial.ended = at(700);
  CallRecord initial_dropped = initial;
  initial_dropped.ending = Ending::dropped;
  CallRecord warm = answered_call(590);
  warm.ending = Ending::orphaned;
  warm.stuck_carrier = 30s;
  CallRecord harmed_before = answered_call(10);
  harmed_before.ending = Ending::dropped;
  tally.calls(std::vector{initial, initial_dropped, warm, harmed_before, answered_call(600)});
  const Counts counts = tally.counts(EntityKind::total, 0);
  EXPECT_EQ(counts[offered], 1);
  EXPECT_EQ(counts[completed], 1);
  EXPECT_EQ(counts[dropped], 1);
  EXPECT_EQ(counts[orphaned], 1);
  EXPECT_EQ(counts[stuck_carrier_ns], 30'000'000'000);
}

TEST(Tally, AnAbandonedRingIsARingWithoutAnswer) {
  CallRecord rang = unanswered_call(1, Outcome::abandoned, 487);
  rang.progressed = at(1.5);
  const Counts counts = total_of({rang, unanswered_call(2, Outcome::abandoned, 487)});
  EXPECT_EQ(counts[abandoned], 2);
  EXPECT_EQ(counts[rang_out], 1);
}

TEST(Tally, StillTalkingIsOpen) {
  CallRecord talking = answered_call(1);
  talking.ended = never;
  talking.ending = Ending::in_progress;
  CallRecord ringing = unanswered_call(2, Outcome::in_progress, 0);
  ringing.ended = never;
  const Counts counts = total_of({talking, ringing, answered_call(3)});
  EXPECT_EQ(counts[open], 2);
  EXPECT_EQ(counts[completed], 1);
}

Attempt attempt_at(double sent_s, AttemptEnd end, std::uint16_t code, EdgeIndex edge = 0) {
  Attempt attempt{.call = {}};
  attempt.edge = edge;
  attempt.end = end;
  attempt.code = code;
  attempt.sent = at(sent_s);
  return attempt;
}

TEST(Tally, AttemptsCountAtTheirOwnEdge) {
  Tally tally(two_sites(), run_start, at(3600));
  Attempt gave_up_ringing = attempt_at(4, AttemptEnd::abandoned, 487, 1);
  gave_up_ringing.ringing = at(5);
  Attempt initial = attempt_at(1, AttemptEnd::answered, 200);
  initial.call.window = initial_window;
  tally.attempts(std::vector{attempt_at(1, AttemptEnd::no_response, 0), attempt_at(2, AttemptEnd::answered, 200, 1),
                             attempt_at(3, AttemptEnd::refused, 486, 1), gave_up_ringing, initial, attempt_at(6, AttemptEnd::refused, 503, 1),
                             attempt_at(7, AttemptEnd::transport_error, 0, 0)});
  const Counts first = tally.counts(EntityKind::edge, 0);
  const Counts second = tally.counts(EntityKind::edge, 1);
  EXPECT_EQ(first[attempts], 2);
  EXPECT_EQ(first[attempts_transport_error], 1);
  EXPECT_EQ(first[attempts_effective], 0);
  EXPECT_EQ(second[attempts], 4);
  EXPECT_EQ(second[attempts_answered], 1);
  EXPECT_EQ(second[attempts_effective], 3);
}

TEST(Tally, BatchesShareTheWindowEvenly) {
  const Directory directory = two_sites();
  EXPECT_EQ(Tally(directory, run_start, at(3600)).batches(), 1U);
  EXPECT_EQ(Tally(directory, run_start, at(3600), 361s).batches(), 1U) << "nine are too few";
  EXPECT_EQ(Tally(directory, run_start, at(3600), 360s).batches(), 10U);
  EXPECT_EQ(Tally(directory, run_start, at(3600), 1s).batches(), batches_max);

  Tally tally(directory, run_start, at(3600), 360s);
  for (int second = 0; second < 3600; ++second) tally.calls(std::vector{answered_call(second)});
  std::int64_t sum = 0;
  for (std::uint32_t batch = 0; batch < tally.batches(); ++batch) {
    const std::int64_t here = tally.counts(EntityKind::total, 0, batch)[offered];
    EXPECT_NEAR(static_cast<double>(here), 360, 1);
    sum += here;
  }
  EXPECT_EQ(sum, 3600);
}

TEST(Tally, FindsTheBusiestSecond) {
  Tally tally(two_sites(), run_start, at(3600));
  EXPECT_EQ(tally.cps_max(), 0U);
  tally.calls(std::vector{answered_call(17.1), answered_call(5.0), answered_call(17.99), answered_call(18.0), answered_call(17.5)});
  EXPECT_EQ(tally.cps_max(), 3U);
}

}  // namespace
}  // namespace trunklab
