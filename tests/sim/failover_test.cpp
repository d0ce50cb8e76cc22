// The failover study: what it finds is what a study of the same fault finds, and the best setting is the one that loses the fewest calls.
#include "sim/failover.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "sim/sinks.hpp"
#include "tests/sim/support.hpp"

namespace trunklab {
namespace {

using testing::MemorySink;
using testing::scenario_of;

Scenario two_sites() {
  return scenario_of(
      "horizon: { duration: 40min }\nseed: 3\nsites:\n"
      "  oslo: { routing: { target: addresses, regions: [euc1], probe: never, hold_down: never } }\n"
      "  bergen: { routing: { target: addresses, regions: [euc1], probe: { every: 10s, timeout: 3s, fail_after: 2, recover_after: 1 } } }\n"
      "demand:\n"
      "  retail:\n    site: oslo\n    arrivals: { process: poisson, rate: 1/s }\n    holding: { distribution: exponential, mean: 60s }\n"
      "  office:\n    site: bergen\n    arrivals: { process: poisson, rate: 1/s }\n    holding: { distribution: exponential, mean: 60s }\n");
}

std::vector<FaultCase> crashes(const Scenario& scenario) {
  std::vector<FaultCase> chosen;
  for (const FaultCase& each : catalogue_of(scenario)) {
    if (each.id == "crash-euc1-1" || each.id == "crash-euc1-2") chosen.push_back(each);
  }
  return chosen;
}

FailoverStudy studied(const Scenario& scenario, const FailoverOptions& options, RunSink& first) {
  const auto cases = crashes(scenario);
  auto result = run_failover(scenario, cases, options, first);
  if (!result) throw std::runtime_error(result.problems().front().text());
  return std::move(result).value();
}

TEST(RunFailover, FindsWhatAStudyOfTheSameFaultFinds) {
  const Scenario scenario = two_sites();
  MemorySink first;
  const FailoverStudy study = studied(scenario, {.replications = 2, .other_settings = false}, first);
  ASSERT_EQ(study.cases.size(), 2U);
  const auto cases = crashes(scenario);
  for (std::size_t place = 0; place < cases.size(); ++place) {
    NoSink nobody;
    const auto alone = run_study(with_case(scenario, cases[place]), {.replications = 2}, nobody);
    ASSERT_TRUE(alone);
    EXPECT_EQ(study.cases[place].impacts, alone.value().impacts) << cases[place].id;
  }
  EXPECT_GT(study.cases[0].impacts[0][0].all().hit, 100U) << "the first edge carries everything";
  EXPECT_EQ(study.cases[1].impacts[0][0].all().hit, 0U) << "the second one nothing";
}

TEST(RunFailover, DrawsTheLoadOfTheFirstReplicationIfAsked) {
  const Scenario scenario = two_sites();
  MemorySink first;
  const FailoverStudy without = studied(scenario, {.replications = 1, .other_settings = false}, first);
  EXPECT_FALSE(without.undisturbed);
  EXPECT_FALSE(without.cases[0].curve);
  const FailoverStudy study = studied(scenario, {.replications = 2, .other_settings = false, .curves = true}, first);
  ASSERT_TRUE(study.undisturbed && study.cases[0].curve && study.cases[1].curve);
  const auto sum = [](const std::vector<float>& values) { return std::accumulate(values.begin(), values.end(), 0.0); };
  EXPECT_EQ(study.undisturbed->offered(), study.cases[0].curve->offered()) << "the same calls";
  EXPECT_NEAR(sum(study.undisturbed->offered()), 4800, 400) << "2 calls a second for 40 minutes, steps of a second";
  EXPECT_EQ(sum(study.undisturbed->lost()), 0);
  EXPECT_NE(study.undisturbed->answered(), study.cases[0].curve->answered()) << "calls are set up late";
  EXPECT_EQ(study.undisturbed->concurrent(1), study.cases[1].curve->concurrent(1)) << "nobody uses the second edge";
  EXPECT_GT(sum(study.cases[0].curve->concurrent(1)), 0) << "but while the first one is gone";
}

TEST(RunFailover, GivesTheFirstCasesRecordsOn) {
  const Scenario scenario = two_sites();
  MemorySink first;
  const FailoverStudy study = studied(scenario, {.replications = 1, .other_settings = false}, first);
  const auto alone = testing::run(with_case(scenario, crashes(scenario).front()));
  EXPECT_TRUE(first == alone.rows);
  ASSERT_EQ(study.tallies.size(), 1U);
  EXPECT_EQ(study.tallies[0].counts(EntityKind::total, 0)[Count::offered], static_cast<std::int64_t>(alone.end.offered));
}

TEST(RunFailover, TellsWhoSawItAndWhatCallersHeard) {
  const Scenario scenario = two_sites();
  NoSink nobody;
  const FailoverStudy study = studied(scenario, {.replications = 2, .other_settings = false}, nobody);
  const FaultNotice& notice = study.cases[0].notice;
  EXPECT_EQ(notice.replications, 2U);
  EXPECT_EQ(notice.detection.at(0).seen, 0U) << "oslo does not probe";
  ASSERT_EQ(notice.detection.at(1).seen, 2U);
  // The first probe that is missed comes within 10 s of the crash, the second one 10 s later; each is given up after 3 s.
  EXPECT_GE(notice.detection[1].sum_s / 2, 13);
  EXPECT_LE(notice.detection[1].sum_s / 2, 23);
  EXPECT_GT(notice[Heard::silence_then_through], 100U) << "oslo meets the dead edge with every call";
  std::uint64_t hit = 0;
  for (const auto& impacts : study.cases[0].impacts) hit += impacts[0].all().hit;
  std::uint64_t heard = 0;
  for (const std::uint64_t calls : notice.heard) heard += calls;
  EXPECT_EQ(heard, hit) << "every call hit is heard of once";
}

TEST(RunFailover, TriesOtherSettingsOnceEach) {
  const Scenario scenario = two_sites();
  NoSink nobody;
  const FailoverStudy study = studied(scenario, {.replications = 2, .other_settings = true}, nobody);
  ASSERT_FALSE(study.variants.empty());
  for (const CaseOutcome& outcome : study.cases) EXPECT_EQ(outcome.tried.size(), study.variants.size());
  const auto best = best_of(study.cases[0]);
  ASSERT_TRUE(best) << "without probes and hold-down nearly everything helps";
  EXPECT_LT(best->impact.failover_s, study.cases[0].impacts[0][0].failover_s);
  EXPECT_FALSE(best_of(study.cases[1])) << "nobody was hit, nothing can be better";
}

TEST(RunFailover, StopsWhenAskedTo) {
  const std::atomic<bool> stop = true;
  NoSink nobody;
  const FailoverStudy study = studied(two_sites(), {.replications = 2, .other_settings = true, .stop = &stop}, nobody);
  EXPECT_FALSE(study.complete);
  EXPECT_TRUE(study.cases[0].impacts.empty());
}

TEST(RunFailover, CountsTheWorkThatIsDone) {
  std::vector<double> shares;
  FailoverOptions options{.replications = 2, .other_settings = true};
  options.on_progress = [&](double share, std::uint64_t) { shares.push_back(share); };
  NoSink nobody;
  studied(two_sites(), options, nobody);
  EXPECT_TRUE(std::ranges::is_sorted(shares));
  EXPECT_DOUBLE_EQ(shares.back(), 1);
}

SettingTried setting(std::size_t variant, std::uint64_t lost, double failover_s, std::uint64_t hit) {
  SettingTried tried{.variant = variant, .impact = {}};
  tried.impact.fresh = {.hit = hit, .lost = lost};
  tried.impact.failover_s = failover_s;
  return tried;
}

TEST(BestOf, PutsLostCallsFirstThenTimeThenHits) {
  CaseOutcome outcome;
  outcome.impacts = {{setting(0, 10, 60, 40).impact}};
  EXPECT_FALSE(best_of(outcome)) << "nothing was tried";
  outcome.tried = {setting(0, 10, 60, 40), setting(1, 11, 1, 1)};
  EXPECT_FALSE(best_of(outcome)) << "as good is not better";
  outcome.tried.push_back(setting(2, 10, 60, 39));
  EXPECT_EQ(best_of(outcome)->variant, 2U);
  outcome.tried.push_back(setting(3, 10, 59, 90));
  EXPECT_EQ(best_of(outcome)->variant, 3U);
  outcome.tried.push_back(setting(4, 9, 900, 900));
  EXPECT_EQ(best_of(outcome)->variant, 4U);
  outcome.tried.push_back(setting(5, 12, 900, 900));
  outcome.tried.back().impact.fresh.gained = 4;
  EXPECT_EQ(best_of(outcome)->variant, 5U) << "gained calls are set off";
}

}  // namespace
}  // namespace trunklab
