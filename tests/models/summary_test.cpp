// Definitions of the measures and the choice of their intervals.
#include "models/measures/summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

namespace trunklab {
namespace {

Instant at(double seconds) {
  return run_start + from_seconds(seconds);
}

Directory one_site() {
  return {.sites = {"oslo"}, .regions = {"euc1"}, .edges = {{"euc1/1", 0}}, .demands = {{"retail", 0}}, .faults = {}, .caps = {}};
}

CallRecord call_at(double offered_s, Outcome outcome, std::uint16_t code) {
  CallRecord call{.id = {}};
  call.offered = at(offered_s);
  call.ended = at(offered_s + 10);
  call.outcome = outcome;
  call.code = code;
  call.edge = 0;
  if (outcome == Outcome::answered) {
    call.progressed = at(offered_s + 2);
    call.answered = at(offered_s + 4);
    call.ending = Ending::normal;
  }
  return call;
}

/// `blocked` blocked calls and `answered` answered ones, spread evenly over an hour.
Tally hour_with(int blocked, int answered, Span batch = endless) {
  Tally tally(one_site(), run_start, at(3600), batch);
  const auto fill = [&](int count, Outcome outcome, std::uint16_t code) {
    for (int call = 0; call < count; ++call) tally.calls(std::vector{call_at(3599.0 * call / std::max(count, 1), outcome, code)});
  };
  fill(blocked, Outcome::blocked, 503);
  fill(answered, Outcome::answered, 200);
  return tally;
}

std::optional<Measure> find(const std::vector<Measure>& measures, std::string_view name, std::string_view entity = "total") {
  const auto found = std::ranges::find_if(measures, [&](const Measure& each) { return each.name == name && each.entity == entity; });
  return found == measures.end() ? std::nullopt : std::optional{*found};
}

TEST(Summary, DefinesTheRatios) {
  Tally tally(one_site(), run_start, at(3600));
  CallRecord rang = call_at(1, Outcome::abandoned, 487);
  rang.progressed = at(3);
  CallRecord talking = call_at(1, Outcome::answered, 200);
  talking.ended = never;
  talking.ending = Ending::in_progress;
  tally.calls(std::vector{call_at(1, Outcome::answered, 200), talking, call_at(1, Outcome::busy, 486), call_at(1, Outcome::no_answer, 480),
                          call_at(1, Outcome::rejected, 603), rang, call_at(1, Outcome::failed, 302), call_at(1, Outcome::blocked, 503),
                          call_at(1, Outcome::failed, 404), call_at(1, Outcome::abandoned, 487)});
  const auto measures = summarise(std::vector{tally}, one_site());
  const auto mean = [&](std::string_view name) { return find(measures, name).value().mean; };
  EXPECT_DOUBLE_EQ(mean("blocking"), 1.0 / 10);
  EXPECT_DOUBLE_EQ(mean("asr"), 2.0 / 10);
  EXPECT_DOUBLE_EQ(mean("ner"), 6.0 / 10);
  EXPECT_DOUBLE_EQ(mean("ser"), 2.0 / 9);
  EXPECT_DOUBLE_EQ(mean("seer"), 5.0 / 9);
  EXPECT_DOUBLE_EQ(mean("isa"), 1.0 / 10);
  EXPECT_DOUBLE_EQ(mean("scr"), 1.0 / 9);
  EXPECT_DOUBLE_EQ(mean("srd_mean"), 2);
}

TEST(Summary, TellsOfQueuesGhostsAndWhyCallsFailed) {
  Tally tally(one_site(), run_start, at(3600));
  CallRecord waited = call_at(1, Outcome::answered, 200);
  waited.queued = std::chrono::seconds{9};
  CallRecord failed = call_at(2, Outcome::failed, 0);
  failed.reason = Reason::callback;
  tally.calls(std::vector{waited, call_at(1, Outcome::answered, 200), call_at(1, Outcome::answered, 200), failed});
  Ghost ghost{.call = {}, .number = 0, .edge = 0, .given_up = at(6), .rang = at(7), .answered = at(8), .ended = at(10)};
  tally.ghosts(std::vector{ghost});
  const auto measures = summarise(std::vector{tally}, one_site());
  EXPECT_DOUBLE_EQ(find(measures, "queued").value().mean, 1);
  EXPECT_DOUBLE_EQ(find(measures, "queued_mean").value().mean, 3) << "over all that were answered";
  EXPECT_DOUBLE_EQ(find(measures, "failed_callback").value().mean, 1);
  EXPECT_DOUBLE_EQ(find(measures, "failed_refused").value().mean, 0);
  EXPECT_DOUBLE_EQ(find(measures, "ghosts", "edge/euc1/1").value().mean, 1);
  EXPECT_EQ(find(measures, "ghosts").value().unit, "attempts");
  EXPECT_DOUBLE_EQ(find(measures, "double_rings").value().mean, 1);
  EXPECT_DOUBLE_EQ(find(measures, "ghost_s").value().mean, 2);
}

TEST(Summary, ARatioOverNothingIsLeftOut) {
  const auto measures = summarise(std::vector{hour_with(0, 0)}, one_site());
  EXPECT_FALSE(find(measures, "blocking"));
  EXPECT_FALSE(find(measures, "pdd_p50"));
  EXPECT_FALSE(find(measures, "srd_mean"));
  EXPECT_FALSE(find(measures, "queued_mean"));
  EXPECT_FALSE(find(measures, "concurrent_mean"));
  ASSERT_TRUE(find(measures, "offered"));
}

TEST(Summary, FewEventsGetAnUpperBoundAndNeverZeroPlusMinusZero) {
  const auto measures = summarise(std::vector{hour_with(0, 1000), hour_with(0, 1000)}, one_site());
  const Measure blocked = find(measures, "blocked").value();
  EXPECT_EQ(blocked.mean, 0);
  EXPECT_EQ(blocked.low, 0);
  EXPECT_NEAR(blocked.high.value(), 2.9957 / 2, 1e-4);
  EXPECT_EQ(blocked.note, "upper bound: fewer than 30 events");
  const Measure blocking = find(measures, "blocking").value();
  EXPECT_NEAR(blocking.high.value(), 2.9957 / 2000, 1e-7);
  const Measure asr = find(measures, "asr").value();
  EXPECT_NEAR(asr.low.value(), 1 - 2.9957 / 2000, 1e-7);
  EXPECT_EQ(asr.high, 1);
  EXPECT_EQ(asr.note, "lower bound: fewer than 30 misses");
}

TEST(Summary, FewCallsInAllGetTheBoundOnTheRareSide) {
  const auto asr_of = [](int blocked, int answered) { return find(summarise(std::vector{hour_with(blocked, answered)}, one_site()), "asr").value(); };
  EXPECT_NEAR(asr_of(0, 8).low.value(), 1 - 2.9957 / 8, 1e-4);
  EXPECT_EQ(asr_of(0, 8).high, 1);
  EXPECT_EQ(asr_of(0, 8).note, "lower bound: fewer than 30 misses");
  EXPECT_EQ(asr_of(8, 0).note, "upper bound: fewer than 30 events");
  EXPECT_EQ(asr_of(4, 4).note, "upper bound: fewer than 30 events");
}

TEST(Summary, ReplicationsGetStudentIntervals) {
  const auto measures = summarise(std::vector{hour_with(90, 910), hour_with(100, 900), hour_with(110, 890)}, one_site());
  const Measure blocked = find(measures, "blocked").value();
  EXPECT_DOUBLE_EQ(blocked.mean, 100);
  EXPECT_EQ(blocked.n, 3U);
  // t(0.975, 2) = 4.3026527 times 10 / sqrt(3)
  EXPECT_NEAR(blocked.high.value(), 100 + 24.841377, 1e-5);
  const Measure blocking = find(measures, "blocking", "site/oslo").value();
  EXPECT_DOUBLE_EQ(blocking.mean, 0.1);
  EXPECT_NEAR(blocking.low.value(), 0.1 - 0.024841377, 1e-8);
  EXPECT_TRUE(blocking.note.empty());
}

TEST(Summary, OneShortRunGetsNoInterval) {
  const auto measures = summarise(std::vector{hour_with(100, 900)}, one_site());
  const Measure blocking = find(measures, "blocking").value();
  EXPECT_DOUBLE_EQ(blocking.mean, 0.1);
  EXPECT_EQ(blocking.low, std::nullopt);
  EXPECT_EQ(blocking.high, std::nullopt);
  EXPECT_EQ(blocking.n, 1U);
}

TEST(Summary, OneLongRunGetsBatches) {
  const auto measures = summarise(std::vector{hour_with(100, 900, std::chrono::seconds{180})}, one_site());
  const Measure blocked = find(measures, "blocked").value();
  EXPECT_EQ(blocked.n, 20U);
  EXPECT_NEAR(blocked.mean, 100, 1e-9) << "scaled back to the run";
  EXPECT_LT(blocked.low.value(), 100);
  EXPECT_GT(blocked.high.value(), 100);
  const Measure blocking = find(measures, "blocking").value();
  EXPECT_DOUBLE_EQ(blocking.mean, 0.1);
  EXPECT_NEAR(blocking.high.value(), 0.1, 0.01);
}

TEST(Summary, MediaComesFromTheSimulatorAndQualityFromCalls) {
  Directory directory = one_site();
  directory.codecs = {"G.711a"};
  std::vector<Tally> tallies;
  for (const double r : {80.02, 70.02}) {
    Tally& tally = tallies.emplace_back(directory, run_start, at(3600));
    CallRecord call = call_at(1, Outcome::answered, 200);
    call.codecs = 0;
    call.r_factor = static_cast<float>(r);
    tally.calls(std::vector{call});
    MediaSeen seen;
    seen.sites.emplace_back().mbit_max = r;
    RegionMediaSeen& region = seen.regions.emplace_back();
    region.ports.takes = 10;
    region.ports.probes = 25;
    region.ports.ports_max = 8;
    region.addresses_max = 2;
    tally.media(seen);
  }
  const auto measures = summarise(tallies, directory);
  // R 80.05 and 70.05, the middles of their buckets: 1 + .035 R + R (R - 60)(100 - R) 7e-6 = 4.02589 and 3.59934.
  for (const char* entity : {"total", "site/oslo", "codecs/G.711a"}) EXPECT_NEAR(find(measures, "mos_p5", entity)->mean, 3.81262, 1e-5) << entity;
  EXPECT_NEAR(find(measures, "mbit_max", "site/oslo")->mean, 75.02, 1e-9);
  EXPECT_EQ(find(measures, "addresses_max", "region/euc1")->mean, 2);
  EXPECT_EQ(find(measures, "port_probes_mean", "region/euc1")->mean, 2.5);
  EXPECT_EQ(find(measures, "port_reuse_p5", "region/euc1"), std::nullopt);
}

TEST(Summary, OccupancyComesFromTheSimulator) {
  std::vector<Tally> tallies{hour_with(0, 10), hour_with(0, 10)};
  tallies[0].occupancy(EntityKind::site, 0, {7200, 3600, 5});
  tallies[1].occupancy(EntityKind::site, 0, {14400, 3600, 7});
  const auto measures = summarise(tallies, one_site());
  EXPECT_DOUBLE_EQ(find(measures, "concurrent_mean", "site/oslo").value().mean, 3);
  EXPECT_DOUBLE_EQ(find(measures, "concurrent_max", "site/oslo").value().mean, 6);
  EXPECT_FALSE(find(measures, "concurrent_mean", "total"));
  EXPECT_TRUE(find(measures, "cps_max"));
  EXPECT_FALSE(find(measures, "cps_max", "site/oslo"));
}

TEST(Summary, IntervalsContainTheirMeans) {
  const auto measures = summarise(std::vector{hour_with(37, 400), hour_with(50, 300), hour_with(2, 20)}, one_site());
  for (const Measure& measure : measures) {
    EXPECT_TRUE(std::isfinite(measure.mean)) << measure.name;
    if (!measure.low) continue;
    EXPECT_LE(*measure.low, measure.mean) << measure.name;
    EXPECT_GE(*measure.high, measure.mean) << measure.name;
  }
}

}  // namespace
}  // namespace trunklab
