// Calls from the service to a site, contact centres, redials, a site that is gone, caps that queue or drop, faults that overlap. Worked out by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/sim/support.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using testing::Parts;
using testing::run;
using testing::scenario_of;
using testing::stories;
using testing::story;
using namespace std::chrono_literals;

const std::string inbound = "direction: origination, region: euc1";

struct Row {
  const char* why;
  const char* service;
  const char* site;
  const char* demand;
  const char* faults;
  const char* expected;
};

/// INVITE at the site at 10.05, 180 at the edge at 10.1, 200 after 4 s of ringing: at the edge at 14.1.
TEST(Origination, OneCallFromTheService) {
  const Row table[] = {
      {"taken", "", "", "", "", "10: => answered normal @34.1"},
      {"the firewall lets no edge of the region in", "", "firewall: { allow: [use1/1] }", "", "", "10: => failed firewall @42"},
      {"fragments over UDP", "origination: { invite_bytes: 1100, cookie_bytes: 300 }", "drop_fragments: true", "", "", "10: => failed fragments @42"},
      {"fragments that get through", "origination: { invite_bytes: 1100, cookie_bytes: 300 }", "", "", "", "10: => answered normal @34.1"},
      {"1300 bytes are one packet", "origination: { invite_bytes: 1100, cookie_bytes: 200 }", "drop_fragments: true", "", "",
       "10: => answered normal @34.1"},
      {"nothing is in fragments over TCP", "origination: { cookie_bytes: 300 }", "drop_fragments: true, transport: tcp", "", "",
       "10: => answered normal @34.1"},
      {"a dead edge does not call, the other one does", "", "", "edges: fixed", "{ at: 5s, edge: euc1/1, kind: crash }",
       "10: => answered normal @34.1"},
      {"nor does a draining one", "", "firewall: { allow: [euc1/2] }", "edges: fixed", "{ at: 5s, edge: euc1/1, kind: drain }",
       "10: => answered normal @34.1"},
      {"no edge left", "", "", "", "{ at: 5s, region: euc1, kind: crash }", "10: => failed no_edge_left @10"},
      {"the site is gone", "", "", "", "{ at: 5s, kind: site }", "10: => failed site_down @42"},
      {"given up sooner", "origination: { no_response: 8s }", "", "", "{ at: 5s, kind: site }", "10: => failed site_down @18"},
      {"the caller's patience", "", "", "patience: 20s", "{ at: 5s, kind: site }", "10: => abandoned 487 @30"},
      {"the path heals at 11: the INVITE of 11.5", "", "", "", "{ at: 5s, for: 6s, kind: path-down }", "10: => answered normal @35.6"},
  };
  for (const Row& row : table) {
    Parts parts{.service = row.service, .site = row.site, .demand = inbound + (*row.demand != 0 ? ", " : "") + row.demand, .faults = row.faults};
    parts.life = "holding: 20s, ring_time: 4s, caller_hangs_up: 100%";
    EXPECT_EQ(story(parts), row.expected) << row.why;
  }
}

TEST(Origination, EdgesTakeTurnsAndTheFirewallLosesExactlyOnesCalls) {
  const auto rows = run(scenario_of(testing::text_of({.site = "firewall: { allow: [euc1/1] }",
                                                      .demand = inbound,
                                                      .arrivals = "process: deterministic, every: 10s, offset: 5s",
                                                      .duration = "99s"})))
                        .rows;
  for (const auto& [id, call] : rows.by_id()) {
    const int number = static_cast<int>(in_seconds(call.offered)) / 10;
    EXPECT_EQ(call.edge, number % 2);
    EXPECT_EQ(call.reason == Reason::firewall, call.edge == 1 && call.ended != never);
    EXPECT_EQ(call.answered != never, call.edge == 0);
  }
}

/// Two agents, three trunks; calls of 10, 11, 12, 13 s talk 20 s each: the third waits until 30, the fourth finds no trunk.
TEST(ContactCentre, WhoFindsAllAgentsBusyWaitsAndHoldsATrunk) {
  EXPECT_EQ(stories({.site = "channels: 3, contact_centre: { agents: 2 }",
                     .demand = inbound + ", patience: 60s",
                     .arrivals = "process: deterministic, every: 1s, offset: 10s",
                     .life = "holding: 20s, caller_hangs_up: 100%",
                     .duration = "13500ms"}),
            (std::vector<std::string>{"10: => answered in_progress @-", "11: => answered in_progress @-", "12: => answered in_progress @-, queued 18",
                                      "13: => blocked site_channels 486 @13.05"}));
}

struct Redial {
  const char* redial;
  std::vector<double> dialled;
};

TEST(Redials, AreCallsOfTheirOwn) {
  for (const Redial& row :
       {Redial{"probability: 100%, delay: 10s, most: 3", {10, 24, 38, 52}}, Redial{"probability: 100%, delay: 10s, most: 1", {10, 24}},
        Redial{"probability: 0%, delay: 10s", {10}}, Redial{"probability: 100%, delay: 30s", {10, 44}}}) {
    const auto ran = run(scenario_of(
        testing::text_of({.routing = "target: single-address, edge: euc1/1, hold_down: never, probe: never",
                          .demand = std::string("redial: { ") + row.redial + " }",
                          .faults = std::string("{ at: 5s, ") + (std::string(row.redial).find("30s") != std::string::npos ? "for: 30s, " : "") +
                                    "edge: euc1/1, kind: crash }"})));
    std::vector<double> dialled;
    for (const auto& [id, call] : ran.rows.by_id()) {
      EXPECT_EQ(id.redial, dialled.size());
      dialled.push_back(in_seconds(call.offered));
    }
    EXPECT_EQ(dialled, row.dialled) << row.redial;
    EXPECT_EQ(ran.end.offered, dialled.size());
  }
}

TEST(SiteFault, DropsItsCallsAndFreesItsChannels) {
  EXPECT_EQ(story({.faults = "{ at: 20s, kind: site }"}).substr(0, 79),
            "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered dropped @20, carrier stu");
  EXPECT_EQ(story({.faults = "{ at: 12500ms, kind: site }"}), "10: euc1/1 10 10.1 12.1 lost_in_setup 0 @12.5 => lost_in_setup site_down @12.5");
  EXPECT_EQ(story({.faults = "{ at: 5s, for: 10s, kind: site }"}), "10: => failed site_down @10");
  // One channel: the call of 10 s is lost at 20, the one of 40 s finds the channel free and the site back.
  const auto calls = stories({.site = "channels: 1",
                              .arrivals = "process: deterministic, every: 30s, offset: 10s",
                              .life = "holding: 100s",
                              .faults = "{ at: 20s, for: 5s, kind: site }",
                              .duration = "60s"});
  EXPECT_EQ(calls[1], "40: euc1/1 40 40.1 - answered 200 @40.1 => answered in_progress @-");
}

/// One call a second, two tokens at first and one more every 4 s.
TEST(CapModes, RejectQueueDrop) {
  const auto with = [](const std::string& mode) {
    return stories({.service = "caps: [{ scope: account, cps: 15/min, burst: 2, code: 603, mode: " + mode + " }]",
                    .arrivals = "process: deterministic, every: 1s, offset: 10s",
                    .life = "holding: 1h, post_dial_delay: 1s, ring_time: 1s",
                    .duration = "30s"});
  };
  const std::string let_in = " => answered in_progress @-";
  EXPECT_EQ(with("reject")[2], "12: euc1/1 12 12.1 - refused 603 @12.1 => blocked cap_cps 603 @12.1");
  // Tokens come at 14.05, 18.05, ..: the call of 12 s waits 2 s, that of 13 s 5 s.
  EXPECT_EQ(with("queue, longest_wait: 4s")[2], "12: euc1/1 12 12.1 15.1 answered 200 @16.1" + let_in);
  EXPECT_EQ(with("queue, longest_wait: 4s")[3], "13: euc1/1 13 13.1 - refused 603 @13.1 => blocked cap_cps 603 @13.1");
  EXPECT_EQ(with("queue, longest_wait: 5s")[3], "13: euc1/1 13 13.1 19.1 answered 200 @20.1" + let_in);
  // Dropped at 12.05, 12.55, 13.55, 15.55: the token of 14.05 is taken by the call of 14 s, the one of 18.05 by that of 18 s.
  EXPECT_EQ(with("drop")[2], "12: euc1/1 12 - - no_response 0 @16; euc1/2 16 - - no_response 0 @20 => failed no_response @20");
  EXPECT_EQ(with("drop")[4], "14: euc1/1 14 14.1 15.1 answered 200 @16.1" + let_in);
}

/// Two faults of one edge: it is gone as long as either lasts.
TEST(Faults, OverlapAndFlap) {
  const auto events = [](const std::string& faults) {
    std::vector<std::pair<EventKind, double>> seen;
    for (const RunEvent& event : run(scenario_of(testing::text_of({.faults = faults}))).rows.event_rows) {
      if (event.kind == EventKind::edge_crashed || event.kind == EventKind::edge_recovered) seen.emplace_back(event.kind, in_seconds(event.at));
    }
    return seen;
  };
  using Events = std::vector<std::pair<EventKind, double>>;
  constexpr auto down = EventKind::edge_crashed;
  constexpr auto up = EventKind::edge_recovered;
  EXPECT_EQ(events("{ at: 10s, for: 20s, edge: euc1/1, kind: crash }, { at: 20s, for: 30s, edge: euc1/1, kind: crash }"),
            (Events{{down, 10}, {up, 50}}));
  EXPECT_EQ(events("{ at: 10s, for: 50s, edge: euc1/1, kind: crash }, { at: 20s, for: 10s, edge: euc1/1, kind: crash }"),
            (Events{{down, 10}, {up, 60}}));
  EXPECT_EQ(events("{ at: 10s, for: 20s, edge: euc1/1, kind: crash, repeat: { times: 3, every: 60s } }"),
            (Events{{down, 10}, {up, 30}, {down, 70}, {up, 90}, {down, 130}, {up, 150}}));
}

/// Means and shape of random faults: exponential has P(X > mean) = 1/e. Another seed, other faults; the same seed, the same.
TEST(Faults, RandomOnesFollowTheirLaw) {
  const auto run_of = [](int seed) {
    return run(scenario_of(testing::text_of({.faults = "{ edge: euc1/1, kind: crash, random: { mtbf: 2h, mttr: 20min } }",
                                             .duration = "500d",
                                             .more = "series_every: 1d\nseed: " + std::to_string(seed)})))
        .rows.event_rows;
  };
  const auto events = run_of(1);
  EXPECT_EQ(events, run_of(1));
  EXPECT_NE(events, run_of(2));
  std::vector<double> up;
  std::vector<double> down;
  Instant last = run_start;
  for (const RunEvent& event : events) {
    if (event.kind != EventKind::edge_crashed && event.kind != EventKind::edge_recovered) continue;
    (event.kind == EventKind::edge_crashed ? up : down).push_back(in_seconds(event.at - last));
    last = event.at;
  }
  for (auto& [times, mean] : {std::pair(up, 7200.0), std::pair(down, 1200.0)}) {
    const auto n = static_cast<double>(times.size());
    EXPECT_GT(n, 4500);
    double distance = 0;  // Kolmogorov-Smirnov
    std::vector<double> sorted = times;
    std::ranges::sort(sorted);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      const double law = 1 - std::exp(-sorted[i] / mean);
      distance = std::max({distance, std::abs(law - static_cast<double>(i) / n), std::abs(law - static_cast<double>(i + 1) / n)});
    }
    EXPECT_LT(distance * std::sqrt(n), tolerance::ks_limit);
  }
}

}  // namespace
}  // namespace trunklab
