// The customer's backend, the called numbers, and dead destinations. Worked out by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::Parts;
using testing::run;
using testing::scenario_of;
using testing::stories;
using testing::story;
using namespace std::chrono_literals;

struct Row {
  const char* why;
  const char* callback;
  const char* fault;  ///< of kind callback, or none
  const char* expected;
};

/// 100 at once; the backend's time comes before the way to the called side.
TEST(Callback, WhatTheBackendDoesDecidesOverTheCall) {
  const Row table[] = {
      {"300 ms more", "latency: 300ms", "", "10: euc1/1 10 10.1 12.4 answered 200 @16.4 => answered normal @36.4"},
      {"to SIP just the same", "latency: 300ms, answers: { connect_pstn: 0%, connect_sip: 100% }", "",
       "10: euc1/1 10 10.1 12.4 answered 200 @16.4 => answered normal @36.4"},
      {"hangs up", "latency: 300ms, answers: { connect_pstn: 0%, hang_up: 100% }", "",
       "10: euc1/1 10 10.1 - refused 603 @10.4 => failed callback 603 @10.4"},
      {"hangs up with a code of its own", "latency: 300ms, hang_up_code: 480, answers: { connect_pstn: 0%, hang_up: 100% }", "",
       "10: euc1/1 10 10.1 - refused 480 @10.4 => failed callback 480 @10.4"},
      {"no instructions: the policy hangs up", "latency: 300ms, answers: { connect_pstn: 0%, none: 100% }", "",
       "10: euc1/1 10 10.1 - refused 603 @10.4 => failed callback 603 @10.4"},
      {"no instructions: the policy connects", "latency: 300ms, policy: connect_pstn, answers: { connect_pstn: 0%, none: 100% }", "",
       "10: euc1/1 10 10.1 12.4 answered 200 @16.4 => answered normal @36.4"},
      {"errors, no fallback", "latency: 300ms, errors: 100%", "", "10: euc1/1 10 10.1 - refused 603 @10.4 => failed callback 603 @10.4"},
      {"errors, the fallback takes 500 ms", "latency: 300ms, errors: 100%, fallback_latency: 500ms", "",
       "10: euc1/1 10 10.1 12.9 answered 200 @16.9 => answered normal @36.9"},
      {"errors by a fault", "latency: 300ms", "effect: errors, share: 100%", "10: euc1/1 10 10.1 - refused 603 @10.4 => failed callback 603 @10.4"},
      {"too slow: 5 s", "latency: 5s", "", "10: euc1/1 10 10.1 - refused 603 @15.1 => failed callback 603 @15.1"},
      {"ten times slower by a fault: 3 s", "latency: 300ms", "effect: slow, factor: 10",
       "10: euc1/1 10 10.1 15.1 answered 200 @19.1 => answered normal @39.1"},
      {"down: the time-out", "latency: 300ms, timeout: 2s", "effect: down", "10: euc1/1 10 10.1 - refused 603 @12.1 => failed callback 603 @12.1"},
      {"down, policy connects", "latency: 300ms, timeout: 2s, policy: connect_pstn", "effect: down",
       "10: euc1/1 10 10.1 14.1 answered 200 @18.1 => answered normal @38.1"},
      {"down, the fallback takes 500 ms", "latency: 300ms, timeout: 2s, fallback_latency: 500ms", "effect: down",
       "10: euc1/1 10 10.1 14.6 answered 200 @18.6 => answered normal @38.6"},
      {"both down", "latency: 300ms, timeout: 2s, fallback_latency: 500ms", "effect: down, fallback_too: true",
       "10: euc1/1 10 10.1 - refused 603 @14.1 => failed callback 603 @14.1"},
      {"hangs up with 503: the call hunts in vain", "latency: 300ms, hang_up_code: 503, answers: { connect_pstn: 0%, hang_up: 100% }", "",
       "10: euc1/1 10 10.1 - refused 503 @10.4; euc1/2 10.4 10.5 - refused 503 @10.8 => failed callback 503 @10.8"},
  };
  for (const Row& row : table) {
    EXPECT_EQ(story({.service = std::string("callback: { ") + row.callback + " }",
                     .faults = *row.fault != 0 ? std::string("{ at: 5s, kind: callback, ") + row.fault + " }" : ""}),
              row.expected)
        << row.why;
  }
}

/// One worker, 1 s each: three calls at the same time have their replies after 1, 2, 3 s; one that takes too long is worked on all the same.
TEST(Callback, RequestsWaitForAWorker) {
  const std::string demand = "arrivals: { process: deterministic, every: 1000s, offset: 10s }, holding: 1s, post_dial_delay: 2s, ring_time: 4s";
  const auto scenario =
      scenario_of(R"(
horizon: { duration: 99s }
warmup: 0s
service: { preset: sinch, callback: { latency: 1s, timeout: 2500ms, workers: 1 } }
sites:
  pbx: { routing: { target: addresses, regions: [euc1], hold_down: never, probe: never } }
demand:
  a: { )" + demand +
                  " }\n  b: { " + demand + " }\n  c: { " + demand +
                  " }\n  e: { arrivals: { process: deterministic, every: 1000s, offset: 12s }, holding: 1s, post_dial_delay: 2s, ring_time: 4s }\n");
  std::vector<CallRecord> calls = run(scenario).rows.call_rows;
  std::ranges::sort(calls, {}, [](const CallRecord& call) { return call.id.demand; });
  EXPECT_EQ(calls[0].progressed, run_start + 13s);
  EXPECT_EQ(calls[1].progressed, run_start + 14s);
  EXPECT_EQ(calls[2].reason, Reason::callback);  // its reply of 13 comes too late
  EXPECT_EQ(calls[2].ended, run_start + 12500ms);
  EXPECT_EQ(calls[3].progressed, run_start + 16s);  // of 12 s: the worker is free at 13
}

TEST(Callback, SharesOfAnswers) {
  const auto rows = run(scenario_of(testing::text_of(
                            {.service = "callback: { latency: 100ms, errors: 10%, answers: { connect_pstn: 50%, hang_up: 30%, none: 20% } }",
                             .arrivals = "process: poisson, rate: 5/s",
                             .life = "holding: 1s",
                             .duration = "2h"})))
                        .rows;
  double connected = 0;
  double all = 0;
  for (const CallRecord& call : rows.call_rows) {
    if (call.outcome == Outcome::in_progress) continue;
    ++all;
    connected += call.outcome == Outcome::answered ? 1 : 0;
  }
  const double p = 0.9 * 0.5;
  EXPECT_GT(all, 30000);
  EXPECT_NEAR(connected, all * p, 4 * std::sqrt(all * p * (1 - p)));
}

TEST(Numbers, OneThatIsNotE164IsRefusedAndAnUnknownCallerIsPrivate) {
  EXPECT_EQ(story({.demand = "not_e164: 100%"}), "10: euc1/1 10 10.1 - refused 484 @10.1 => failed number_format 484 @10.1");
  EXPECT_EQ(story({.service = "number_format_code: 400", .demand = "not_e164: 100%"}),
            "10: euc1/1 10 10.1 - refused 400 @10.1 => failed number_format 400 @10.1");
  const auto rows = run(scenario_of(testing::text_of({.demand = "not_e164: 5%, unknown_caller_id: 20%",
                                                      .arrivals = "process: poisson, rate: 5/s",
                                                      .life = "holding: 1s",
                                                      .duration = "2h"})))
                        .rows;
  const auto all = static_cast<double>(rows.call_rows.size());
  const auto wrong = static_cast<double>(std::ranges::count(rows.call_rows, Reason::number_format, &CallRecord::reason));
  const auto unknown = static_cast<double>(std::ranges::count(rows.call_rows, true, &CallRecord::private_caller_id));
  EXPECT_NEAR(wrong, all * 0.05, 4 * std::sqrt(all * 0.05 * 0.95));
  EXPECT_NEAR(unknown, all * 0.2, 4 * std::sqrt(all * 0.2 * 0.8));
}

TEST(Destinations, ADeadOneRefusesOrIsSilent) {
  const std::string one = "destinations: [{ prefix: '46', share: 100% }]";
  EXPECT_EQ(story({.demand = one, .faults = "{ at: 5s, kind: destination, prefix: '46', code: 404 }"}),
            "10: euc1/1 10 10.1 - refused 404 @12.1 => failed destination 404 @12.1");
  EXPECT_EQ(story({.demand = one, .faults = "{ at: 5s, kind: destination, prefix: '46', code: 503 }"}),
            "10: euc1/1 10 10.1 - refused 503 @12.1; euc1/2 12.1 12.2 - refused 503 @14.2 => failed destination 503 @14.2");
  EXPECT_EQ(story({.demand = one + ", patience: 25s", .faults = "{ at: 5s, kind: destination, prefix: '46' }"}),
            "10: euc1/1 10 10.1 - abandoned 487 @35 => abandoned 487 @35");
  EXPECT_EQ(story({.demand = one + ", patience: 250s", .faults = "{ at: 5s, kind: destination, prefix: '46' }"}),
            "10: euc1/1 10 10.1 - no_progress 0 @130; euc1/2 130 130.1 - no_progress 0 @250 => failed no_progress @250");
  EXPECT_EQ(story({.demand = one, .faults = "{ at: 5s, for: 4s, kind: destination, prefix: '46', code: 404 }"}),
            "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered normal @36.1");
}

TEST(Destinations, EachHasItsOwnMixAndTimes) {
  const auto rows =
      run(scenario_of(testing::text_of({.demand = "destinations: [{ prefix: '46', share: 60%, answer: { answered: 100% }, post_dial_delay: 1s }, "
                                                  "{ prefix: '47', share: 40%, answer: { answered: 30%, busy: 70% }, post_dial_delay: 3s }]",
                                        .arrivals = "process: poisson, rate: 5/s",
                                        .life = "holding: 1s",
                                        .duration = "2h"})))
          .rows;
  double all = 0;
  double busy = 0;
  double fast = 0;
  for (const CallRecord& call : rows.call_rows) {
    if (call.outcome == Outcome::in_progress) continue;
    ++all;
    busy += call.outcome == Outcome::busy ? 1 : 0;
    fast += call.outcome == Outcome::answered && call.answered - call.offered == Span(1100ms) ? 1 : 0;
    EXPECT_TRUE(call.outcome != Outcome::busy || call.ended - call.offered == Span(3100ms));
  }
  EXPECT_GT(all, 30000);
  EXPECT_NEAR(busy, all * 0.28, 4 * std::sqrt(all * 0.28 * 0.72));
  EXPECT_NEAR(fast, all * 0.6, 4 * std::sqrt(all * 0.6 * 0.4));
}

/// 2 % of the calls go to a dead prefix that answers 500. With 500 in a careless list of causes these few calls take both edges out of use again and
/// again, and the others then go to edges that are held down; the default list does not care.
TEST(Destinations, ACarelessListOfCausesTakesBothEdgesOutOfUse) {
  for (const bool careless : {false, true}) {
    const auto rows = run(scenario_of(testing::text_of({.routing = std::string("target: addresses, regions: [euc1], probe: never, hold_down: ") +
                                                                   (careless ? "{ for: 60s, on: [500, 503] }" : "60s"),
                                                        .demand = "destinations: [{ prefix: '46', share: 98% }, { prefix: '99', share: 2% }]",
                                                        .arrivals = "process: poisson, rate: 5/s",
                                                        .life = "holding: 1s",
                                                        .faults = "{ at: 0s, kind: destination, prefix: '99', code: 500 }",
                                                        .duration = "1h"})))
                          .rows;
    std::size_t second = 0;
    std::size_t good = 0;
    for (const CallRecord& call : rows.call_rows) {
      if (call.outcome != Outcome::answered) continue;
      ++good;
      second += call.edge == 1 ? 1U : 0U;
    }
    if (careless) {
      EXPECT_GT(second, good / 20);  // driven away from the first edge although it is sound
    } else {
      EXPECT_EQ(second, 0U);
    }
  }
}

}  // namespace
}  // namespace trunklab
