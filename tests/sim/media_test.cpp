// Ports, media addresses, firewalls, codecs and quality in the simulator: by hand, and against teletraffic formulas.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/media/voice_quality.hpp"
#include "sim/study.hpp"
#include "tests/sim/support.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using testing::MemorySink;
using testing::Parts;
using testing::Ran;
using testing::run;
using testing::scenario_of;
using testing::stories;
using testing::story;
using namespace std::chrono_literals;

/// Counts without keeping rows.
struct MediaCounts : testing::MemorySink {
  double offered = 0, blocked = 0, fragmented = 0;
  void calls(std::span<const CallRecord> rows) override {
    for (const CallRecord& row : rows) {
      if (row.initial()) continue;
      ++offered;
      blocked += row.outcome == Outcome::blocked ? 1 : 0;
      fragmented += row.ports == PortRefusal::fragmented ? 1 : 0;
    }
  }
  void attempts(std::span<const Attempt>) override {}
  void samples(std::span<const Sample>) override {}
};

struct Estimate {
  double mean = 0;
  double standard_error = 0;
};
Estimate estimate_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Estimate estimate;
  for (const double value : values) estimate.mean += value / n;
  for (const double value : values) estimate.standard_error += (value - estimate.mean) * (value - estimate.mean);
  estimate.standard_error = std::sqrt(estimate.standard_error / (n - 1) / n);
  return estimate;
}

/// Poisson calls of exponential length (100 s) on one media address; `media` are keys of it.
Scenario one_address(const std::string& rate, const std::string& media, std::uint64_t seed, const char* duration = "4d") {
  return scenario_of(fmt::format(R"(
horizon: {{ duration: {} }}
warmup: 2h
seed: {}
series_every: 1d
service: {{ preset: sinch, media: {{ addresses: {{ least: 1, most: 1 }}, {} }} }}
sites: {{ pbx: {{ routing: {{ target: addresses, regions: [euc1], probe: never }} }} }}
demand: {{ d: {{ arrivals: {{ process: poisson, rate: {} }}, holding: {{ distribution: exponential, mean: 100s }}, codecs: [G.711a] }} }}
)",
                                 duration, seed, media, rate));
}

std::vector<MediaCounts> counts_of(const std::string& rate, const std::string& media) {
  std::vector<MediaCounts> counts(tolerance::seeds);
  for (std::uint64_t seed = 1; seed <= tolerance::seeds; ++seed) {
    if (!run_once(one_address(rate, media, seed), {}, counts[seed - 1])) throw std::runtime_error("the run was refused");
  }
  return counts;
}
template <class Ratio>
Estimate ratio(const std::vector<MediaCounts>& counts, const Ratio& part) {
  std::vector<double> values;
  for (const MediaCounts& each : counts) values.push_back(part(each) / each.offered);
  return estimate_of(values);
}

/// Fifty pairs and 50 Erlang: B = 0.10478 (recursion B(n) = A B / (n + A B), worked out apart).
TEST(MediaFormulas, PortsAreAnErlangLossSystem) {
  const Estimate blocking = ratio(counts_of("0.5/s", "ports: 10000-10099, legs: one"), [](const MediaCounts& c) { return c.blocked; });
  EXPECT_NEAR(blocking.mean, .1047855, tolerance::standard_errors * blocking.standard_error);
  EXPECT_LE(blocking.standard_error, tolerance::relative_standard_error * blocking.mean);
}

/// Insensitivity: a pair is out of use for the call and the quarantine, 40 Erlang become 50.
TEST(MediaFormulas, QuarantineIsMoreHolding) {
  const Estimate blocking =
      ratio(counts_of("0.4/s", "ports: 10000-10099, legs: one, quarantine: 25s"), [](const MediaCounts& c) { return c.blocked; });
  EXPECT_NEAR(blocking.mean, .1047855, tolerance::standard_errors * blocking.standard_error);
  EXPECT_LE(blocking.standard_error, tolerance::relative_standard_error * blocking.mean);
}

/// Calls with one port and calls with two on 100 ports, 30 Erlang each. Kaufman and Roberts (0.04242, mean of both classes, worked out apart) take
/// free ports for alike wherever they are; a pair needs two neighbours. What comes on top is refused as `fragmented`.
TEST(MediaFormulas, FragmentsCostMoreThanKaufmanAndRobertsSay) {
  const auto counts = counts_of("0.6/s", "ports: 10000-10099, legs: one, rtcp: 50%");
  const Estimate blocking = ratio(counts, [](const MediaCounts& c) { return c.blocked; });
  const Estimate fragmented = ratio(counts, [](const MediaCounts& c) { return c.fragmented; });
  const double excess = blocking.mean - .0424214;
  EXPECT_GT(excess, .3 * .0424214) << "half as much again";
  EXPECT_GT(fragmented.mean, excess) << "all of it, and some that would have been refused anyway";
  EXPECT_LT(fragmented.mean, blocking.mean);
}

/// 40 calls a second, none of which ends, on one address of 2,000 ports with both legs: 500 calls. The second one is ordered above 80 % (at 10 s) and
/// takes calls 20 s later. The first is full at 12.5 s: 17.5 s of refusals, 700 calls.
TEST(MediaScaleOut, ABurstFasterThanTheStartUpIsRefusedAsTheFluidSays) {
  const char* const text = R"(
horizon: {{ duration: 40s }}
warmup: 0s
seed: {}
service: {{ preset: sinch, media: {{ ports: 10000-11999, addresses: {{ most: 2, scale_out: {}, start_up: 20s }} }} }}
sites: {{ pbx: {{ routing: {{ target: addresses, regions: [euc1], probe: never, advance_on: [] }} }} }}
demand: {{ d: {{ arrivals: {{ process: poisson, rate: 40/s }}, holding: 1000s, codecs: [G.711a] }} }}
)";
  std::vector<double> refused;
  for (std::uint64_t seed = 1; seed <= tolerance::seeds; ++seed) {
    const Ran ran = run(scenario_of(fmt::format(fmt::runtime(text), seed, "80%")));
    refused.push_back(static_cast<double>(std::ranges::count(ran.rows.call_rows, Reason::media_ports, &CallRecord::reason)));
  }
  const Estimate estimate = estimate_of(refused);
  EXPECT_NEAR(estimate.mean, 700, tolerance::standard_errors * estimate.standard_error + 4) << "and the 401st call orders, not the 400th";
  EXPECT_LT(estimate.standard_error, 12);
}

/// One way 50 ms; the call is answered at 16.1 and talks for 20 s.
Parts with_media(const std::string& media, const std::string& faults = "") {
  return {.service = "media: " + media, .demand = "codecs: [G.711a]", .faults = faults};
}
const std::string undisturbed = "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered normal @36.1";

TEST(Media, CostsACallNoTime) {
  EXPECT_EQ(story(with_media("{ legs: both }")), undisturbed);
}

TEST(Media, AnAddressThatFailsDropsItsCalls) {
  EXPECT_EQ(story(with_media("{ legs: both }", "{ at: 20s, kind: media, region: euc1, address: 1, calls: dropped }")),
            "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered dropped @20");
  EXPECT_EQ(story(with_media("{ legs: both }", "{ at: 20s, kind: media, region: euc1, address: 2, calls: dropped }")), undisturbed) << "not there";
  EXPECT_EQ(story(with_media("{ legs: both }", "{ at: 20s, kind: media, region: use1, address: 1, calls: dropped }")), undisturbed)
      << "not its region";
}

TEST(Media, AnAddressThatFailsSilentlyIsFoundOutByTheMediaTimeOut) {
  Parts parts = with_media("{ legs: both }", "{ at: 20s, kind: media, region: euc1, address: 1, calls: silent }");
  EXPECT_EQ(story(parts), undisturbed) << "the call ends before anybody finds out";
  parts.site = "media_timeout: 10s";
  EXPECT_EQ(story(parts), "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered dropped @30");
  parts.faults = "{ at: 13s, kind: media, region: euc1, address: 1, calls: silent }";  // while it rings
  EXPECT_EQ(story(parts), "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered dropped @26.1");
}

/// A caller who has waited for an agent when the address fails: the call goes on in another slot, and everything is given back once.
TEST(Media, AQueuedCallersMediaMayFailToo) {
  Parts parts = with_media("{ legs: both }", "{ at: 40s, kind: media, region: euc1, address: 1, calls: dropped }");
  parts.demand = "codecs: [G.711a], direction: origination, region: euc1";
  parts.site = "contact_centre: { agents: 1 }, rtp_ports: 20000-20009";
  parts.arrivals = "process: deterministic, every: 5s, offset: 10s";
  parts.life = "holding: 25s, patience: 200s";
  parts.duration = "100s";
  const Ran ran = run(scenario_of(testing::text_of(parts)));
  int dropped = 0;
  for (const CallRecord& call : ran.rows.call_rows) {
    if (call.ending != Ending::dropped) continue;
    ++dropped;
    EXPECT_LE(call.queued, call.ended - call.answered);
  }
  EXPECT_EQ(dropped, 4) << "five have ports, and the first of them hung up at 35 s";
}

TEST(Media, ASilentTalkHasNoRating) {
  Parts parts = with_media("{ legs: both }", "{ at: 20s, kind: media, region: euc1, address: 1, calls: silent }");
  parts.site = "media_timeout: 10s";
  const CallRecord call = run(scenario_of(testing::text_of(parts))).rows.call_rows.at(0);
  EXPECT_EQ(call.audio, Audio::lost);
  EXPECT_EQ(call.r_factor, 0);
}

/// The far side's BYE meets a dead edge, so the site's end of the call is still there when the address fails; but the talk was over.
TEST(Media, ATalkThatIsOverKeepsItsRating) {
  Parts parts = with_media("{ legs: both }",
                           "{ at: 30s, for: 60s, kind: crash, edge: euc1/1 }, { at: 50s, kind: media, region: euc1, address: 1, calls: silent }");
  const CallRecord call = run(scenario_of(testing::text_of(parts))).rows.call_rows.at(0);
  EXPECT_EQ(call.ending, Ending::orphaned);
  EXPECT_EQ(call.audio, Audio::both);
  EXPECT_GT(call.r_factor, 80);
}

/// Pieces of a second that were lost whole may add up to a little more than one.
TEST(Media, NoMoreThanEverythingIsLost) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 600s }
sites: { pbx: { routing: { regions: [use1] } } }
demand: { in: { arrivals: { process: deterministic, every: 1s }, holding: 1h, codecs: [G.711a], direction: origination, region: use1 } }
faults: [ { kind: path-down, random: { mtbf: 60s, mttr: 15s } }, { at: 58s, kind: path-loss, share: 100% } ]
)");
  for (const CallRecord& call : run(scenario).rows.call_rows) EXPECT_GE(call.r_factor, 0);
}

TEST(Media, AFaultIsBlamedForCallsOfItsOwnRegion) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 10min }
sites: { pbx: { routing: { target: addresses, regions: [euc1, use1], probe: never } } }
demand: { out: { arrivals: { process: poisson, rate: 2/s }, holding: 60s, codecs: [G.711a] } }
faults: [ { at: 2min, for: 3min, kind: media, region: euc1 }, { at: 2min, for: 3min, kind: media, region: use1 } ]
)");
  const auto twin = twin_of(scenario, 0, nullptr);
  const auto impacts = impacts_of(scenario, twin.value(), 0, nullptr);
  EXPECT_GT(impacts.value().at(0).all().lost, 80U);
  EXPECT_EQ(impacts.value().at(1).all().hit, 0U);
}

TEST(Media, NoPortAtTheSiteIsBlockedThere) {
  Parts parts = with_media("{ legs: both }");
  parts.site = "rtp_ports: { range: 20000-20001, rtcp: pair }";
  parts.arrivals = "process: deterministic, every: 15s, offset: 10s";
  parts.duration = "30s";
  EXPECT_EQ(stories(parts),
            (std::vector<std::string>{"10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered in_progress @-", "25: => blocked site_ports @25"}));
}

TEST(Media, NoPortAtTheServiceGoesOnToTheNextRegion) {
  Parts parts = with_media("{ ports: 10000-10003, addresses: { most: 1 } }");
  parts.routing = "target: addresses, regions: [euc1, use1], hold_down: never, probe: never";
  parts.arrivals = "process: deterministic, every: 15s, offset: 10s";
  parts.duration = "45s";
  const auto lines = stories(parts);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_TRUE(lines[1].starts_with("25: euc1/1 25 25.1 - refused 503 @25.1; euc1/2 25.1 25.2 - refused 503 @25.2; use1/1 ")) << lines[1];
}

TEST(Media, WithoutACommonCodecTheAnswerIs488) {
  Parts parts = with_media("{ codecs: [G.711u] }");
  EXPECT_EQ(story(parts), "10: euc1/1 10 10.1 - refused 488 @10.1 => failed codec 488 @10.1");
  parts.demand = "codecs: [G.711a], direction: origination, region: euc1";
  EXPECT_EQ(story(parts), "10: => failed codec 488 @10.05") << "the site is reached after one way, and says so";
}

std::map<Audio, double> audio_of(const std::string& site) {
  const Ran ran = run(scenario_of(fmt::format(R"(
horizon: {{ duration: 2h }}
sites: {{ pbx: {{ {}, routing: {{ target: addresses, regions: [euc1], probe: never }} }} }}
demand: {{ d: {{ arrivals: {{ process: poisson, rate: 2/s }}, holding: 100s, codecs: [G.711a] }} }}
)",
                                              site)));
  std::map<Audio, double> shares;
  double calls = 0;
  for (const CallRecord& row : ran.rows.call_rows) {
    if (row.answered == never) continue;
    ++calls;
    ++shares[row.audio];
    const bool cut = row.audio != Audio::both && row.ended != never;
    if (!row.initial()) {
      EXPECT_EQ(row.ending == Ending::dropped, cut) << "a side that hears nothing for a minute hangs up";
    }
    EXPECT_EQ(row.r_factor > 0, row.audio == Audio::both && row.answered < run_start + 2h);
  }
  for (auto& [audio, share] : shares) share /= calls;
  return shares;
}

/// Half of the service's range: rtpengine hands all of it out alike.
TEST(MediaFirewall, AnOutboundFilterSilencesItsShare) {
  const auto plain = audio_of("firewall: { media: { direction: out, ports: 10000-14999 } }");
  EXPECT_NEAR(plain.at(Audio::both), .5, .03);
  EXPECT_NEAR(plain.at(Audio::to_site_only), .5, .03);
  const auto nat = audio_of("nat: true, firewall: { media: { direction: out, ports: 10000-14999 } }");
  EXPECT_NEAR(nat.at(Audio::both), .5, .03);
  EXPECT_NEAR(nat.at(Audio::none), .5, .03);
}

/// A FIFO hands out other ports once one call differs: half of the calls are one-way in either run, but not the same ones.
TEST(MediaFirewall, WhoseTurnItIsToBeSilentIsNoFaultsDoing) {
  const Scenario scenario = scenario_of(R"(
horizon: { duration: 1h }
sites: { pbx: { firewall: { media: { direction: out, ports: 10000-14999 } }, routing: { target: addresses, regions: [euc1], probe: never } } }
demand: { d: { arrivals: { process: poisson, rate: 2/s }, holding: 100s, codecs: [G.711a] } }
faults: [ { at: 30min, for: 10s, edge: euc1/1, kind: grey, share: 100%, effect: silent-before-100 } ]
)");
  const auto twin = twin_of(scenario, 0, nullptr);
  ASSERT_TRUE(twin);
  const auto impacts = impacts_of(scenario, twin.value(), 0, nullptr);
  ASSERT_TRUE(impacts);
  EXPECT_LT(impacts.value().at(0).all().hit, 60U) << "some twenty are new while it lasts, and those of a hold-down's end";
  EXPECT_EQ(impacts.value().at(0).all().lost, 0U);
}

TEST(MediaFirewall, AStatefulInboundFilterLosesNothing) {
  EXPECT_EQ(audio_of("firewall: { media: { direction: in, stateful: true, ports: 10000-14999 } }").at(Audio::both), 1);
  EXPECT_NEAR(audio_of("firewall: { media: { direction: in, stateful: false, ports: 10000-14999 } }").at(Audio::to_far_only), .5, .03);
  EXPECT_NEAR(audio_of("symmetric_rtp: false, firewall: { media: { direction: in, stateful: true, ports: 10000-14999 } }").at(Audio::to_far_only), .5,
              .03);
}

/// 20 ms of packing, 50 ms on the way, 40 ms of jitter buffer, 40 ms beyond the service: 150 ms; R of research section 6.
TEST(MediaQuality, IsTheEModels) {
  Parts parts = with_media("{ far_delay: 40ms }");
  const auto r_of = [&](const std::string& more, const char* codec = "G.711a") {
    Parts each = parts;
    each.faults = more;
    each.demand = std::string("codecs: [") + codec + "]";
    return static_cast<double>(run(scenario_of(testing::text_of(each))).rows.call_rows.at(0).r_factor);
  };
  EXPECT_NEAR(r_of(""), 89.5391, 1e-4);
  // Half of the talk with 6 % loss: 3 % on average.
  EXPECT_NEAR(r_of("{ at: 26100ms, kind: path-loss, share: 6% }"), 79.3968, 1e-4);
}

}  // namespace
}  // namespace trunklab
