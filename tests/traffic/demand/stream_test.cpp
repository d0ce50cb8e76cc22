// What every stream of calls keeps, whatever its arrival process; and what a call's life is drawn from.
#include "traffic/demand/stream.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/scenarios/files.hpp"
#include "tests/tolerances.hpp"
#include "tests/traffic/demand/support.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using testing::demand_with;
using testing::Rows;
using testing::rows_of;

VaryingArrivals rush() {
  return {.table = {{.from = run_start, .rate = CallsPerSecond{1}},
                    {.from = run_start + 150s, .rate = CallsPerSecond{0}},
                    {.from = run_start + 300s, .rate = CallsPerSecond{9}}},
          .between = VaryingArrivals::Between::step};
}

struct ProcessRow {
  Arrivals arrivals;
  const char* name;
};
class EveryStream : public ::testing::TestWithParam<ProcessRow> {
 protected:
  static constexpr Span horizon = 601s + 7ns;  // cuts a window
  static DemandSpec demand() {
    DemandSpec demand = demand_with(GetParam().arrivals);
    demand.holding = Exponential{180s};
    demand.ring_time = Gamma{9s, 0.7};
    return demand;
  }
};

TEST_P(EveryStream, IsInTimeOrderAndEndsBeforeTheHorizon) {
  const Rows rows = rows_of(demand(), horizon);
  ASSERT_GT(rows.size(), 100U);
  EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &PlannedCall::at));
  EXPECT_GE(rows.front().at, run_start);
  EXPECT_LT(rows.back().at, run_start + horizon);
}

TEST_P(EveryStream, NumbersEveryCallOnceWithinItsWindow) {
  std::set<CallId> seen;
  CallId last;
  for (const PlannedCall& row : rows_of(demand(), horizon)) {
    EXPECT_TRUE(seen.insert(row.id).second);
    EXPECT_EQ(row.id.window, static_cast<std::uint32_t>((row.at - run_start) / arrival_window));
    EXPECT_EQ(row.id.number, seen.size() > 1 && row.id.window == last.window ? last.number + 1 : 0);
    last = row.id;
  }
}

TEST_P(EveryStream, IsAFunctionOfSeedReplicationAndName) {
  const Rows rows = rows_of(demand(), horizon, 1, 0);
  EXPECT_EQ(rows, rows_of(demand(), horizon, 1, 0));
  DemandSpec renamed = demand();
  renamed.name = "wholesale";
  EXPECT_NE(rows, rows_of(demand(), horizon, 2, 0));
  EXPECT_NE(rows, rows_of(demand(), horizon, 1, 1));
  EXPECT_NE(rows, rows_of(renamed, horizon, 1, 0));
}

TEST_P(EveryStream, OfALongerRunBeginsWithThatOfAShorterOne) {
  const Rows rows = rows_of(demand(), horizon);
  const Rows longer = rows_of(demand(), 2 * horizon);
  ASSERT_GT(longer.size(), rows.size());
  EXPECT_TRUE(std::equal(rows.begin(), rows.end(), longer.begin()));
}

TEST_P(EveryStream, ComesInFullChunksUntilItsEnd) {
  auto stream = open_stream(demand(), 0, Luck(1, "demand/retail", 0), horizon);
  ASSERT_TRUE(stream);
  Rows chunk;
  std::vector<std::size_t> sizes;
  do {
    stream.value()->fill(chunk);
    sizes.push_back(chunk.size());
  } while (!chunk.empty());
  for (std::size_t i = 0; i + 2 < sizes.size(); ++i) EXPECT_EQ(sizes[i], CallStream::chunk_size);
  stream.value()->fill(chunk);
  EXPECT_TRUE(chunk.empty()) << "the end stays the end";
}

INSTANTIATE_TEST_SUITE_P(Processes, EveryStream,
                         ::testing::Values(ProcessRow{PoissonArrivals{CallsPerSecond{3}}, "poisson"}, ProcessRow{rush(), "varying"},
                                           ProcessRow{DeterministicArrivals{.every = 700ms, .offset = 3s}, "deterministic"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(DeterministicStream, ArrivesAtExactInstants) {
  struct Row {
    Span every, offset, horizon;
    std::vector<Span> instants;
  };
  for (const auto& [every, offset, horizon, instants] :
       {Row{10s, 3s, 60s, {3s, 13s, 23s, 33s, 43s, 53s}}, Row{20s, 0s, 60s, {0s, 20s, 40s}}, Row{20s, 0s, 60s + 1ns, {0s, 20s, 40s, 60s}},
        Row{1s, 2s, 2s, {}}, Row{333'333'333ns, 1ns, 1s, {1ns, 333'333'334ns, 666'666'667ns}}}) {
    std::vector<Span> arrivals;
    for (const PlannedCall& row : rows_of(demand_with(DeterministicArrivals{.every = every, .offset = offset}), horizon)) {
      arrivals.push_back(row.at - run_start);
    }
    EXPECT_EQ(arrivals, instants) << every.count() << " ns from " << offset.count() << " ns";
  }
}

TEST(VaryingStream, IsSilentWhereTheRateIsZero) {
  for (const PlannedCall& row : rows_of(demand_with(rush()), 600s)) EXPECT_FALSE(row.at >= run_start + 150s && row.at < run_start + 300s);
}

TEST(VaryingStream, EndsWhereTheRateDoes) {
  VaryingArrivals arrivals = rush();
  arrivals.table.push_back({.from = run_start + 400s, .rate = CallsPerSecond{0}});
  const Rows rows = rows_of(demand_with(arrivals), 24h);
  EXPECT_LT(rows.back().at, run_start + 400s);
  EXPECT_GT(rows.back().at, run_start + 395s);
}

// ---- a call's life

constexpr Span life_horizon = 20'000s;

DemandSpec with_life() {
  DemandSpec demand = demand_with(DeterministicArrivals{.every = 100ms});
  demand.holding = Exponential{180s};
  demand.answer = {.answered = Probability{0.7}, .busy = Probability{0.12}, .no_answer = Probability{0.15}, .rejected = Probability{0.03}};
  demand.post_dial_delay = Gamma{2500ms, 0.5};
  demand.ring_time = Gamma{9s, 0.7};
  demand.patience = Lognormal{60s, 0.5};
  demand.caller_hangs_up = Probability{0.4};
  return demand;
}

TEST(Life, AnswersComeInTheSharesOfTheMix) {
  const Rows rows = rows_of(with_life(), life_horizon);
  struct Row {
    PstnAnswer answer;
    double share;
  };
  const auto n = static_cast<double>(rows.size());
  for (const auto& [answer, share] :
       {Row{PstnAnswer::answered, 0.7}, Row{PstnAnswer::busy, 0.12}, Row{PstnAnswer::no_answer, 0.15}, Row{PstnAnswer::rejected, 0.03}}) {
    const auto seen = static_cast<double>(std::ranges::count(rows, answer, &PlannedCall::answer));
    EXPECT_LE(std::abs(seen - n * share), tolerance::standard_errors * std::sqrt(n * share * (1 - share))) << share;
  }
  const auto by_caller = static_cast<double>(std::ranges::count(rows, true, &PlannedCall::caller_hangs_up));
  EXPECT_LE(std::abs(by_caller - n * 0.4), tolerance::standard_errors * std::sqrt(n * 0.4 * 0.6));
}

TEST(Life, DurationsFollowTheirLaws) {
  const Rows rows = rows_of(with_life(), life_horizon);
  struct Row {
    Span PlannedCall::*part;
    double mean, cv;
    const char* name;
  };
  for (const auto& [part, mean, cv, name] : {Row{&PlannedCall::talk, 180, 1, "talk"}, Row{&PlannedCall::post_dial, 2.5, 0.5, "post-dial delay"},
                                             Row{&PlannedCall::ring, 9, 0.7, "ring"}, Row{&PlannedCall::patience, 60, 0.5, "patience"}}) {
    Moments moments;
    for (const PlannedCall& row : rows) moments.add(in_seconds(row.*part));
    const double standard_error = mean * cv / std::sqrt(static_cast<double>(rows.size()));
    ASSERT_LE(standard_error, tolerance::relative_standard_error * mean);
    EXPECT_LE(std::abs(moments.mean() - mean), tolerance::standard_errors * standard_error) << name;
    EXPECT_NEAR(std::sqrt(moments.variance()) / moments.mean(), cv, 0.02) << name;
  }
  std::vector<double> probabilities;
  for (const PlannedCall& row : rows) probabilities.push_back(1 - std::exp(-in_seconds(row.talk) / 180));
  EXPECT_LE(testing::ks_statistic(probabilities), tolerance::ks_limit);
}

TEST(Life, APartsLawLeavesTheOtherPartsLuckAlone) {
  const Rows rows = rows_of(with_life(), 1000s);
  struct Change {
    void (*change)(DemandSpec&);
    void (*keep)(PlannedCall&, const PlannedCall&);  ///< takes the changed part over, so that the rest can be compared
    const char* name;
  };
  for (const auto& [change, keep, name] : {
           Change{[](DemandSpec&d) { d.holding = Fixed{10s}; }, [](PlannedCall&to, const PlannedCall&from) { to.talk = from.talk; }, "talk"},
           Change{[](DemandSpec&d) { d.ring_time = Fixed{1s}; }, [](PlannedCall&to, const PlannedCall&from) { to.ring = from.ring; }, "ring"},
           Change{[](DemandSpec&d) { d.post_dial_delay = Exponential{1s}; },
                  [](PlannedCall&to, const PlannedCall&from) { to.post_dial = from.post_dial; }, "post-dial delay"},
           Change{[](DemandSpec&d) { d.patience = Fixed{60s}; }, [](PlannedCall&to, const PlannedCall&from) { to.patience = from.patience; },
                  "patience"},
           Change{[](DemandSpec&d) { d.answer = {}; }, [](PlannedCall&to, const PlannedCall&from) { to.answer = from.answer; }, "answer"},
           Change{[](DemandSpec&d) { d.caller_hangs_up = Probability{1}; },
                  [](PlannedCall&to, const PlannedCall&from) { to.caller_hangs_up = from.caller_hangs_up; }, "who hangs up"},
       }) {
    DemandSpec demand = with_life();
    change(demand);
    Rows changed = rows_of(demand, 1000s);
    EXPECT_NE(changed, rows) << name;
    ASSERT_EQ(changed.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) keep(changed[i], rows[i]);
    EXPECT_EQ(changed, rows) << name;
  }
}

TEST(Life, WithoutChanceIsTheSameForEveryCall) {
  DemandSpec demand = demand_with(PoissonArrivals{CallsPerSecond{1}});
  demand.holding = Fixed{42s};
  for (const double share : {0.0, 1.0}) {
    demand.caller_hangs_up = Probability{share};
    for (const PlannedCall& row : rows_of(demand, 600s)) {
      EXPECT_EQ(row.talk, 42s);
      EXPECT_EQ(row.ring, 0s);
      EXPECT_EQ(row.post_dial, 0s);
      EXPECT_EQ(row.patience, 60s);
      EXPECT_EQ(row.answer, PstnAnswer::answered);
      EXPECT_EQ(row.caller_hangs_up, share > 0);
    }
  }
}

TEST(Life, PatienceIsOnAGridOfMicrosecondsAndLongOnesLastForEver) {
  DemandSpec demand = demand_with(DeterministicArrivals{.every = 1s});
  demand.patience = Fixed{1'234'567'899ns};
  EXPECT_EQ(rows_of(demand, 1s).at(0).patience, 1'234'567us);
  demand.patience = Fixed{2h};
  EXPECT_EQ(rows_of(demand, 1s).at(0).patience, endless);
}

}  // namespace
}  // namespace trunklab
