// Laws that hold in every scenario: 200 small ones drawn over all that can fail.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::MemorySink;
using testing::Ran;
using testing::run;
using testing::scenario_of;
using namespace std::chrono_literals;

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : random_(seed) {}
  bool often() { return random_() % 2 == 0; }
  bool rarely() { return random_() % 4 == 0; }
  std::string of(std::initializer_list<const char*> choices) { return *(choices.begin() + random_() % choices.size()); }
  int upto(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most)) + 1; }

 private:
  std::mt19937 random_;
};

std::string service_of(Draw& draw) {
  std::string text = "{ preset: sinch, role: " + draw.of({"proxy", "b2bua"});
  if (draw.rarely()) text += ", capacity: { service_time: " + draw.of({"1ms", "40ms", "{ distribution: exponential, mean: 90ms }"}) + ", queue: 20 }";
  if (draw.rarely()) text += ", authentication: { code: 407, challenge: " + draw.of({"every_call", "remembered, nonce_lifetime: 30s"}) + " }";
  if (draw.rarely())
    text += ", callback: { latency: { distribution: exponential, mean: 1s }, timeout: 2s, errors: 5%, fallback_latency: 200ms, workers: 2 }";
  if (draw.rarely())
    text += ", caps: [{ scope: " + draw.of({"edge", "account", "source_address"}) +
            ", cps: 2/s, burst: 2, mode: " + draw.of({"reject", "queue", "drop"}) + " }]";
  if (draw.rarely())
    text += ", names: { ttl: 20s, answer: " + draw.of({"one", "all"}) + ", order: " + draw.of({"fixed", "rotate", "random"}) +
            ", all_sick: answer_none }";
  return text + ", drain: { retry_after: 20s }, merged_482: " + draw.of({"true", "false"}) + " }";
}

/// Ports and media addresses, few enough to be short of now and then.
std::string media_of(Draw& draw) {
  std::string text = "media: { ports: " + draw.of({"10000-10019", "10000-10099", "10001-10030"}) +
                     ", allocator: " + draw.of({"rtpengine", "freeswitch", "asterisk", "rtpproxy", "lowest-first"}) +
                     ", rtcp: " + draw.of({"pair", "mux", "30%"}) + ", legs: " + draw.of({"one", "both", "split"}) +
                     ", quarantine: " + draw.of({"0s", "5s"});
  text += ", addresses: { choice: " + draw.of({"fewest_calls", "round_robin", "random", "hash"}) + ", most: 3, start_up: " + draw.of({"0s", "10s"}) +
          draw.of({"", ", scale_in: 30%, scale_in_after: 20s"}) + " }";
  if (draw.rarely()) text += ", taken_by_others: { rate: 20/min, holding: 20s }";
  return text + ", packets_max: 1000, transcoding: " + draw.of({"true", "false"}) + ", srtp: " + draw.of({"true", "false"}) + " }";
}

std::string site_of(Draw& draw) {
  std::string text = "{ rtt: { euc1: 60ms, use1: 140ms }, session_expires: 90s";
  if (draw.often()) text += ", transport: tcp, tcp: { user_timeout: 30s }";
  if (draw.often()) text += fmt::format(", channels: {}", draw.upto(60));
  text += ", routing: { target: " + draw.of({"fqdn", "addresses"}) + ", regions: [euc1, use1], order: " + draw.of({"fixed", "rotate", "random"});
  text += ", probe: " + draw.of({"never", "{ every: 10s, timeout: 2s, fail_after: 2 }"});
  text += ", hold_down: " + draw.of({"never", "20s", "{ for: 20s, half_open: true, jitter: 20%, return_over: 10s, trip: { failures: 2, of: 4 } }"});
  if (draw.often()) text += ", cseq_on_failover: same";
  return text + " } }";
}

std::string demand_of(Draw& draw, bool inbound) {
  std::string text =
      fmt::format("{{ arrivals: {{ process: varying, table: [{{ from: 0s, rate: {}/min }}, {{ from: 300s, rate: 0/s }}] }}", 10 * draw.upto(12));
  text +=
      ", holding: { distribution: exponential, mean: 40s }, post_dial_delay: " + draw.of({"0s", "1s", "{ distribution: gamma, mean: 2s, cv: 0.5 }"});
  text += ", ring_time: " + draw.of({"0s", "3s", "{ distribution: exponential, mean: 6s }"}) + ", patience: " + draw.of({"10s", "40s"});
  text += ", answer: { answered: 70%, busy: 10%, no_answer: 15%, rejected: 5% }";
  if (draw.often()) text += ", redial: { probability: 60%, delay: 5s, most: 2 }";
  if (inbound) return text + ", direction: origination, region: euc1 }";
  return text + ", not_e164: 3%, destinations: [{ prefix: '46', share: 80% }, { prefix: '47', share: 20% }] }";
}

std::string fault_of(Draw& draw, const std::string& service) {
  std::string kind =
      draw.of({"crash, edge: euc1/1", "crash, edge: euc1/2, mode: process", "crash, region: euc1", "drain, edge: euc1/1",
               "grey, edge: euc1/1, share: 60%, effect: silent-before-100", "grey, edge: euc1/1, share: 60%, effect: silent-after-100",
               "grey, edge: euc1/1, share: 60%, effect: slow, delay: 5s", "grey, edge: euc1/2, share: 30%, effect: error, code: 500",
               "path-down, edge: euc1/1", "path-down", "path-loss, share: 30%", "dns, effect: no-answer", "dns, effect: servfail",
               "dns, effect: frozen", "dns, effect: slow, delay: 3s", "destination, prefix: '47', code: 503", "destination, prefix: '47'", "site"});
  if (draw.rarely() && service.find("capacity") != std::string::npos) kind = "overload, edge: euc1/1, factor: 4";
  if (draw.rarely() && service.find("callback") != std::string::npos) kind = "callback, effect: down";
  if (draw.rarely() && service.find("authentication") != std::string::npos) kind = "secret";
  if (draw.rarely()) return "{ kind: " + kind + ", random: { mtbf: 60s, mttr: 15s } }";
  return fmt::format("{{ at: {}s, for: {}s, kind: {} }}", draw.upto(250), draw.upto(60), kind);
}

void insert_after(std::string& text, const std::string& where, const std::string& what) {
  text.insert(text.find(where) + where.size(), what);
}

/// Media in every second scenario, by luck of their own: the others are as they would be without.
void add_media(std::uint32_t seed, std::string& text) {
  Draw draw(seed + 1'000'000);
  insert_after(text, "preset: sinch", ", " + media_of(draw));
  insert_after(text, "pbx: { ",
               "rtp_ports: { range: " + draw.of({"20000-20019", "20000-20199"}) + ", rtcp: 50%, quarantine: 1s }, nat: " +
                   draw.of({"true", "false"}) + ", firewall: { media: { direction: " + draw.of({"in", "out", "both"}) + ", ports: 10000-10020 } }, ");
  insert_after(text, "\n  out: { ", "codecs: [{ share: 60%, offer: [Opus, G.711a] }, { share: 40%, offer: [G.729] }], ");
  if (draw.often()) insert_after(text, "\n  in: { ", "codecs: [G.711u], ");
  if (draw.often()) insert_after(text, "pbx: { ", "contact_centre: { agents: 5 }, ");
  insert_after(text, "faults: [",
               fmt::format("{{ at: {}s, for: 40s, kind: media, region: euc1, address: {}, calls: {} }}, ", draw.upto(250), draw.upto(2),
                           draw.of({"dropped", "silent"})));
}

std::string scenario_text(std::uint32_t seed, const char* duration = "1500s") {
  Draw draw(seed);
  const std::string service = service_of(draw);
  const std::string site = site_of(draw);
  std::string text =
      fmt::format("horizon: {{ duration: {} }}\nwarmup: 0s\nseed: {}\nservice: {}\nsites: {{ pbx: {} }}\ndemand:\n", duration, seed, service, site);
  text += "  out: " + demand_of(draw, false) + "\n  in: " + demand_of(draw, true) + "\nfaults: [" + fault_of(draw, service);
  for (int i = draw.upto(4); i > 0; --i) text += ", " + fault_of(draw, service);
  text += "]\n";
  if (seed % 2 == 0) add_media(seed, text);
  return text;
}

constexpr std::uint32_t scenarios = 200;

void expect_attempts_in_order(const CallRecord& call, std::vector<Attempt> attempts, const Scenario& scenario) {
  std::ranges::sort(attempts, {}, &Attempt::number);
  const bool inbound = scenario.demands[call.id.demand].direction == Direction::origination;
  EXPECT_EQ(attempts.size(), inbound ? 0U : call.attempts);
  Instant before = call.offered;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const Attempt& each = attempts[i];
    EXPECT_EQ(each.number, i);
    EXPECT_GE(each.sent, before);
    EXPECT_TRUE(each.trying == never || each.trying >= each.sent);
    EXPECT_TRUE(each.ringing == never || each.ringing >= each.trying);
    EXPECT_TRUE(each.finished == never || each.trying == never || each.finished >= each.trying || each.end == AttemptEnd::abandoned);
    EXPECT_EQ(each.end == AttemptEnd::none, each.finished == never);
    EXPECT_TRUE(i + 1 == attempts.size() || (each.end != AttemptEnd::answered && each.finished != never && each.ringing == never));
    before = each.finished == never ? each.sent : each.finished;
  }
  if (!attempts.empty()) {
    EXPECT_EQ(attempts.back().end == AttemptEnd::answered, call.answered != never);
    EXPECT_EQ(attempts.back().edge, call.edge);
  }
}

TEST(LawsOfEverything, EveryCallEndsOnceAndItsAttemptsAreInOrder) {
  for (std::uint32_t seed = 1; seed <= scenarios; ++seed) {
    SCOPED_TRACE(scenario_text(seed));
    const Scenario scenario = scenario_of(scenario_text(seed));
    const Ran ran = run(scenario);
    std::map<CallId, std::vector<Attempt>> attempts;
    for (const Attempt& each : ran.rows.attempt_rows) attempts[each.call].push_back(each);
    const auto calls = ran.rows.by_id();
    EXPECT_EQ(calls.size(), ran.rows.call_rows.size());
    EXPECT_EQ(calls.size(), ran.end.offered);
    for (const auto& [id, call] : calls) {
      expect_attempts_in_order(call, attempts[id], scenario);
      EXPECT_TRUE(call.progressed == never || call.progressed >= call.offered);
      EXPECT_TRUE(call.answered == never || call.progressed == never || call.answered >= call.progressed);
      EXPECT_TRUE(call.ended == never || call.ended >= call.offered);
      // The called side may hang up before the site has heard its 200 (over TCP on a path that loses, long before): each tells its own instants.
      const bool tcp = scenario.sites[0].transport == Transport::tcp;
      EXPECT_TRUE(tcp || call.ended == never || call.answered == never || call.ended + 70ms >= call.answered);
      EXPECT_EQ(call.outcome == Outcome::answered, call.answered != never);
      EXPECT_EQ(call.ending == Ending::none, call.answered == never);
      EXPECT_NE(call.outcome, Outcome::in_progress);  // 20 min after the last one was dialled
      EXPECT_EQ(call.ports != PortRefusal::none, call.reason == Reason::site_ports || call.reason == Reason::media_ports);
      EXPECT_TRUE(call.r_factor == 0 || (call.audio == Audio::both && call.r_factor > 0 && call.r_factor < 100));
      EXPECT_EQ(call.reason != Reason::none, call.outcome == Outcome::blocked || call.outcome == Outcome::failed || call.reason == Reason::site_down);
      CallId first = id;
      first.redial = 0;
      EXPECT_TRUE(calls.contains(first));
    }
    for (const auto& [id, list] : attempts) EXPECT_TRUE(list.empty() || calls.contains(id));
    for (const Ghost& ghost : ran.rows.ghost_rows) {
      EXPECT_TRUE(calls.contains(ghost.call));
      EXPECT_GE(ghost.ended, ghost.given_up);
    }
    if (HasFailure()) return;
  }
}

TEST(LawsOfEverything, NothingIsHeldAtTheEnd) {
  for (std::uint32_t seed = 1; seed <= scenarios; ++seed) {
    SCOPED_TRACE(scenario_text(seed));
    const Ran ran = run(scenario_of(scenario_text(seed)));
    std::map<std::pair<EntityKind, std::uint16_t>, double> last;
    for (const Sample& each : ran.rows.sample_rows) {
      if (each.metric == Metric::concurrent || each.metric == Metric::ports_in_use || each.metric == Metric::mbit_per_s)
        last[{each.kind, each.index}] = each.value;
    }
    for (const auto& [entity, value] : last) EXPECT_EQ(value, 0) << static_cast<int>(entity.first) << ' ' << entity.second;
    if (HasFailure()) return;
  }
}

/// What a silent edge has not let pass nobody hears: a first response and a 18x passed their edge half a round trip before.
TEST(LawsOfEverything, NothingPassesASilentEdge) {
  for (std::uint32_t seed = 1; seed <= scenarios; ++seed) {
    const Scenario scenario = scenario_of(scenario_text(seed));
    const Ran ran = run(scenario);
    std::map<EdgeIndex, std::vector<std::pair<Instant, Instant>>> silences;
    for (const RunEvent& event : ran.rows.event_rows) {
      if (event.kind == EventKind::edge_crashed) silences[event.edge].emplace_back(event.at, never);
      if (event.kind == EventKind::edge_recovered) silences[event.edge].back().second = event.at;
    }
    for (const Attempt& each : ran.rows.attempt_rows) {
      const Span back = scenario.sites[0].rtt[scenario.service.region_of_edge[each.edge]] / 2;
      for (const auto& [from, until] : silences[each.edge]) {
        const bool late = scenario.sites[0].transport == Transport::tcp;  // a path that loses delays what has passed
        if (late) continue;
        for (const Instant heard : {each.trying, each.ringing}) {
          const bool passed = heard != never && heard - back > from && heard - back <= until;
          ASSERT_FALSE(passed) << in_seconds(heard) << '\n' << scenario_text(seed);
        }
      }
    }
  }
}

TEST(LawsOfEverything, TheSameSeedGivesTheSameRowsAndALongerRunTheSameBeginning) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(scenario_text(seed));
    const Ran one = run(scenario_of(scenario_text(seed)));
    EXPECT_EQ(one.rows, run(scenario_of(scenario_text(seed))).rows);
    const auto calls = one.rows.by_id();
    for (const auto& [id, call] : run(scenario_of(scenario_text(seed, "320s"))).rows.by_id()) {
      const auto same = calls.find(id);
      ASSERT_NE(same, calls.end());
      if (call.ended != never && call.ending != Ending::in_progress && call.ending != Ending::orphaned && call.stuck_site == Span{} &&
          call.stuck_carrier == Span{}) {
        EXPECT_EQ(call, same->second);
      }
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace trunklab
