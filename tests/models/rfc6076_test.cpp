// What RFC 6076 makes of hand-made calls and attempts; all answers were worked out on paper.
#include "models/measures/rfc6076.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/models/two_sites.hpp"

namespace trunklab {
namespace {

using enum RequestEnd;

/// Times in seconds since dialling; below 0 = did not happen.
struct CallRow {
  const char* why;
  Outcome outcome;
  Reason reason;
  std::uint16_t code;
  double progressed;
  double answered;
  double ended;
  Ending ending;
  double stuck;
  RequestEnd end;  ///< what it counts as
  std::uint16_t final_code;
  double srd;
  double sdt;
};

constexpr double no = -1;

/// Twelve session requests of which two are no more than begun, one call without any.
const std::vector<CallRow>& rows() {
  using enum Outcome;
  static const std::vector<CallRow> all{
      {"RingsAndTalks", answered, Reason::none, 200, 2, 5, 105, Ending::normal, 0, established, 200, 2, 100},
      {"NoRingNoByeAnswered", answered, Reason::none, 200, no, 1, 11, Ending::orphaned, 0, established, 200, 1, 10},
      {"RingsThenBusy", busy, Reason::none, 486, 3, no, 20, Ending::none, 0, user_decided, 486, 3, no},
      {"NobodyThere", no_answer, Reason::none, 480, no, no, 30, Ending::none, 0, user_decided, 480, 30, no},
      {"CapRefuses", blocked, Reason::cap_cps, 503, no, no, 4.5, Ending::none, 0, ineffective, 503, 4.5, no},
      {"NoResponseIs408", failed, Reason::no_response, 0, no, no, 4, Ending::none, 0, ineffective, 408, 4, no},
      {"Redirected", failed, Reason::refused, 302, no, no, 1, Ending::none, 0, redirected, 302, no, no},
      {"WrongSecret", failed, Reason::unauthorized, 401, no, no, 1, Ending::none, 0, challenged, 401, no, no},
      {"NotFound", failed, Reason::refused, 404, no, no, 0.1, Ending::none, 0, refused, 404, 0.1, no},
      {"GivenUpBeforeAnyAnswer", abandoned, Reason::none, 0, no, no, 9, Ending::none, 0, unheard, 0, no, no},
      {"Undecided", in_progress, Reason::none, 0, no, no, no, Ending::none, 0, undecided, 0, no, no},
      {"StillTalking", answered, Reason::none, 200, 2, 5, no, Ending::in_progress, 0, established, 200, 2, no},
      {"CutOff", answered, Reason::none, 200, 2, 5, 55, Ending::dropped, 0, established, 200, 2, 50},
      {"ByeSentAgain", answered, Reason::none, 200, 2, 5, 105, Ending::normal, 3.5, established, 200, 2, 100},
      {"TransportErrorIs503", failed, Reason::transport_error, 0, no, no, 1, Ending::none, 0, ineffective, 503, 1, no},
      {"FirewallSwallows", failed, Reason::firewall, 0, no, no, 32, Ending::none, 0, ineffective, 408, 32, no},
      {"LostInSetupAfterRinging", lost_in_setup, Reason::none, 0, 6, no, 40, Ending::none, 0, unheard, 0, 6, no}};
  return all;
}

CallRecord call_of(const CallRow& row, double offered, std::uint32_t number = 0) {
  const auto instant = [&](double seconds) { return seconds < 0 ? never : at(offered + seconds); };
  CallRecord call{.id = {.number = number}};
  call.offered = at(offered);
  call.progressed = instant(row.progressed);
  call.answered = instant(row.answered);
  call.ended = instant(row.ended);
  call.outcome = row.outcome;
  call.ending = row.ending;
  call.reason = row.reason;
  call.code = row.code;
  call.stuck_carrier = from_seconds(row.stuck);
  call.edge = 0;
  call.attempts = 1;
  return call;
}

std::optional<Span> span_of(double seconds) {
  return seconds < 0 ? std::nullopt : std::optional(from_seconds(seconds));
}

class CallAsRequest : public ::testing::TestWithParam<CallRow> {};

TEST_P(CallAsRequest, CountsAs) {
  const CallRow& row = GetParam();
  const auto request = session_request(call_of(row, 100));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->end, row.end);
  EXPECT_EQ(request->code, row.final_code);
  EXPECT_EQ(request->srd, span_of(row.srd));
  EXPECT_EQ(request->sdt, span_of(row.sdt));
  EXPECT_EQ(request->bye_delay, row.stuck > 0 ? span_of(row.stuck) : std::nullopt);
}

std::string name_of(const ::testing::TestParamInfo<CallRow>& info) {
  return info.param.why;
}

INSTANTIATE_TEST_SUITE_P(ByHand, CallAsRequest, ::testing::ValuesIn(rows()), name_of);

TEST(CallWithoutInvite, IsNoRequest) {
  CallRecord call = call_of(rows().front(), 0);
  call.attempts = 0;
  EXPECT_FALSE(session_request(call));
}

struct AttemptRow {
  AttemptEnd attempt;
  std::uint16_t code;
  double ringing;
  double finished;
  RequestEnd end;
  std::uint16_t final_code;
  double srd;
};

TEST(AttemptAsRequest, CountsAs) {
  for (const AttemptRow& row :
       {AttemptRow{AttemptEnd::answered, 200, 2, 5, established, 200, 2}, AttemptRow{AttemptEnd::answered, 200, no, 5, established, 200, 5},
        AttemptRow{AttemptEnd::no_response, 0, no, 4, ineffective, 408, 4}, AttemptRow{AttemptEnd::no_progress, 0, no, 6, ineffective, 408, 6},
        AttemptRow{AttemptEnd::transport_error, 0, no, 0.1, ineffective, 503, 0.1},
        AttemptRow{AttemptEnd::refused, 500, no, 0.2, ineffective, 500, 0.2}, AttemptRow{AttemptEnd::refused, 504, no, 0.2, ineffective, 504, 0.2},
        AttemptRow{AttemptEnd::refused, 502, no, 0.2, refused, 502, 0.2}, AttemptRow{AttemptEnd::refused, 603, 1, 9, user_decided, 603, 1},
        AttemptRow{AttemptEnd::refused, 600, no, 9, user_decided, 600, 9}, AttemptRow{AttemptEnd::abandoned, 487, 3, 8, refused, 487, 3},
        AttemptRow{AttemptEnd::abandoned, 0, no, 8, unheard, 0, no}, AttemptRow{AttemptEnd::lost_in_setup, 0, 2, 8, unheard, 0, 2},
        AttemptRow{AttemptEnd::none, 0, 2, no, undecided, 0, no}}) {
    Attempt attempt{.call = {}};
    attempt.end = row.attempt;
    attempt.code = row.code;
    attempt.sent = at(50);
    attempt.ringing = row.ringing < 0 ? never : at(50 + row.ringing);
    attempt.finished = row.finished < 0 ? never : at(50 + row.finished);
    const SessionRequest request = session_request(attempt, attempt.sent);
    EXPECT_EQ(request.end, row.end) << row.code;
    EXPECT_EQ(request.code, row.final_code);
    EXPECT_EQ(request.srd, span_of(row.srd)) << row.code;
  }
}

/// All rows as calls of one second each, the first with an attempt, one more at a site without a free channel, one of the stationary start.
Rfc6076 counted_by(std::optional<EntityKind> by) {
  Rfc6076 counted(two_sites(), by, {.from = run_start, .until = at(3600), .batch_length = endless, .replications = 1});
  counted.begin_replication(0);
  Attempt attempt{.call = {}};
  attempt.edge = 0;
  attempt.end = AttemptEnd::answered;
  attempt.code = 200;
  attempt.sent = at(0);
  attempt.finished = at(5);
  counted.attempts(std::vector{attempt});
  counted.finish_attempts();
  std::vector<CallRecord> calls;
  for (const CallRow& row : rows()) {
    const auto number = static_cast<std::uint32_t>(calls.size());
    calls.push_back(call_of(row, number, number));
  }
  CallRecord not_sent = call_of(rows().front(), 60);
  not_sent.outcome = Outcome::blocked;
  not_sent.reason = Reason::site_channels;
  not_sent.edge = no_edge;
  not_sent.attempts = 0;
  calls.push_back(not_sent);
  CallRecord initial = call_of(rows().front(), -60);
  initial.id.window = initial_window;
  calls.push_back(initial);
  counted.calls(calls);
  return counted;
}

TEST(Rfc6076, AddsUpByHand) {
  const Rfc6076 counted = counted_by(std::nullopt);
  ASSERT_EQ(counted.entities().size(), 1U);
  const SessionSeries& calls = counted.entities().front().calls;
  const SessionCounts sum = calls.sum();
  EXPECT_EQ(sum.requests(), 16) << "17 rows, one of them undecided";
  EXPECT_EQ(sum[undecided], 1);
  EXPECT_EQ(sum.not_sent, 1);
  // established 5 (RingsAndTalks, NoRing, StillTalking, CutOff, ByeSentAgain), 3xx 1, user 2, ineffective 4, challenged 1, refused 1, unheard 2
  EXPECT_EQ(ser(sum), (Share{5, 15}));
  EXPECT_EQ(seer(sum), (Share{7, 15}));
  EXPECT_EQ(isa(sum), (Share{4, 16}));
  EXPECT_EQ(scr(sum), (Share{2, 15})) << "one still talks";
  EXPECT_EQ(sum.orphaned, 1);
  EXPECT_EQ(sum.cut_off, 1);
  EXPECT_EQ(calls.srd_successful.count(), 5U);
  EXPECT_DOUBLE_EQ(calls.srd_successful.mean_s(), (2 + 1 + 2 + 2 + 2) / 5.0);
  EXPECT_EQ(calls.srd_failed.count(), 8U);
  EXPECT_DOUBLE_EQ(calls.srd_failed.mean_s(), (3 + 30 + 4.5 + 4 + 0.1 + 1 + 32 + 6) / 8.0);
  EXPECT_DOUBLE_EQ(calls.srd_failed.max_s(), 32);
  EXPECT_DOUBLE_EQ(calls.sdt_successful.mean_s(), 100);
  EXPECT_DOUBLE_EQ(calls.sdt_failed.mean_s(), (10 + 50) / 2.0);
  EXPECT_EQ(calls.bye_repeated.count(), 1U);
  EXPECT_DOUBLE_EQ(calls.bye_repeated.max_s(), 3.5);
}

TEST(Rfc6076, ACallBelongsToItsDemandsSiteAndItsLastEdge) {
  const Rfc6076 sites = counted_by(EntityKind::site);
  ASSERT_EQ(sites.entities().size(), 3U);
  EXPECT_EQ(sites.entities()[1].name, "site/oslo");
  EXPECT_EQ(sites.entities()[1].calls.sum(), sites.entities()[0].calls.sum());
  EXPECT_EQ(sites.entities()[2].calls.sum().requests(), 0);
  const Rfc6076 edges = counted_by(EntityKind::edge);
  EXPECT_EQ(edges.entities()[1].calls.sum().requests(), 16);
  EXPECT_EQ(edges.entities()[1].calls.sum().not_sent, 0) << "it tried none";
}

TEST(Rfc6076, UndefinedWhereThereIsNoRequest) {
  const Rfc6076 counted(two_sites(), std::nullopt, {.from = run_start, .until = at(1), .batch_length = endless, .replications = 1});
  EXPECT_FALSE(estimate(counted.entities().front().calls, ser));
}

/// Attempt `number` of call `call`, sent at `sent`, over after a second.
Attempt tried(std::uint32_t call, std::uint8_t number, EdgeIndex edge, double sent, AttemptEnd end, std::uint16_t code) {
  Attempt attempt{.call = {.number = call}};
  attempt.number = number;
  attempt.edge = edge;
  attempt.end = end;
  attempt.code = code;
  attempt.sent = at(sent);
  attempt.finished = at(sent + 1);
  return attempt;
}

TEST(Rfc6076, AChallengeAndTheInviteAfterItAreOneRequest) {
  Rfc6076 counted(two_sites(), EntityKind::edge, {.from = run_start, .until = at(3600), .batch_length = endless, .replications = 1});
  counted.begin_replication(0);
  // Call 0: challenged, then answered: one request of 1 + 0.5 + 1 s. Call 1: challenged twice at one edge. Call 2: challenged, then another edge.
  // Call 3: hunting, two targets.
  counted.attempts(std::vector{tried(0, 0, 0, 10, AttemptEnd::refused, 401), tried(1, 0, 0, 10.2, AttemptEnd::refused, 407),
                               tried(0, 1, 0, 11.5, AttemptEnd::answered, 200), tried(1, 1, 0, 11.6, AttemptEnd::refused, 407),
                               tried(2, 0, 0, 20, AttemptEnd::refused, 401), tried(2, 1, 1, 21, AttemptEnd::refused, 486),
                               tried(3, 0, 0, 30, AttemptEnd::no_response, 0), tried(3, 1, 1, 31, AttemptEnd::answered, 200)});
  counted.finish_attempts();
  const SessionSeries& all = counted.entities()[0].attempts;
  EXPECT_EQ(all.sum().requests(), 6);
  EXPECT_EQ(all.sum().repeated, 2);
  EXPECT_EQ(all.sum()[challenged], 2);
  EXPECT_EQ(ser(all.sum()), (Share{2, 6}));
  EXPECT_EQ(isa(all.sum()), (Share{1, 6}));
  EXPECT_DOUBLE_EQ(all.srd_successful.max_s(), 2.5) << "the challenge belongs to the interval (RFC 6076 section 5.3)";
  EXPECT_EQ(counted.entities()[1].attempts.sum().requests(), 4) << "euc1/1";
  EXPECT_EQ(counted.entities()[2].attempts.sum().requests(), 2) << "euc1/2";
}

TEST(Rfc6076, SessionsOfAttemptsAreThoseOfDemandsThatHaveAttempts) {
  Rfc6076 counted(two_sites(), std::nullopt, {.from = run_start, .until = at(3600), .batch_length = endless, .replications = 1});
  counted.begin_replication(0);
  counted.attempts(std::vector{tried(0, 0, 0, 0, AttemptEnd::answered, 200), tried(1, 0, 0, 0, AttemptEnd::refused, 503)});
  counted.finish_attempts();
  CallRecord from_service = call_of(rows().front(), 5);
  from_service.id.demand = 1;
  counted.calls(std::vector{call_of(rows().front(), 0), from_service});
  EXPECT_EQ(scr(counted.entities().front().attempts.sum()), (Share{1, 2}));
  EXPECT_EQ(scr(counted.entities().front().calls.sum()), (Share{2, 2}));
  EXPECT_EQ(counted.demands_without_attempts(), std::vector<std::uint16_t>{1});
}

TEST(Rfc6076, IntervalsOverReplicationsOnceThereIsEnoughOfBoth) {
  Rfc6076 counted(two_sites(), std::nullopt, {.from = run_start, .until = at(3600), .batch_length = endless, .replications = 3});
  for (std::uint32_t replication = 0; replication < 3; ++replication) {
    counted.begin_replication(replication);
    std::vector<CallRecord> calls;
    for (std::uint32_t number = 0; number < 100; ++number) calls.push_back(call_of(rows()[number < 50 + replication ? 0 : 2], number, number));
    counted.calls(calls);
  }
  const auto made = estimate(counted.entities().front().calls, ser);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->basis, ShareEstimate::Basis::parts);
  // Shares 0.50, 0.51, 0.52: standard error 0.01 / sqrt(3), t of 2 degrees 4.3027.
  EXPECT_NEAR(made->interval.mean, 0.51, 1e-12);
  EXPECT_NEAR(made->interval.low, 0.51 - 4.3027 * 0.01 / std::sqrt(3.0), 1e-5);
  const auto rare = estimate(counted.entities().front().calls, isa);
  ASSERT_TRUE(rare);
  EXPECT_EQ(rare->basis, ShareEstimate::Basis::independent);
  EXPECT_NEAR(rare->interval.high, 0.0126, 5e-5) << "z^2 / (300 + z^2)";
}

}  // namespace
}  // namespace trunklab
