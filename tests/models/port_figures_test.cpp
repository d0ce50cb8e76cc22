// What port ranges hold and carry against published figures, and the scale-out race against steps of its own equation.
#include "models/media/port_figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "models/media/port_pool.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using std::chrono::seconds;

// ---- What a range holds

struct HoldsRow {
  PortPlan plan;
  std::uint32_t calls;
  const char* source;
};
class PortPlans : public testing::TestWithParam<HoldsRow> {};

TEST_P(PortPlans, HoldSoManyCalls) {
  EXPECT_EQ(calls_of_plan(GetParam().plan), GetParam().calls) << GetParam().source;
}

INSTANTIATE_TEST_SUITE_P(
    Table, PortPlans,
    testing::Values(HoldsRow{{}, 2500, "10000-20000: 5000 pairs, two a call"}, HoldsRow{{.legs = MediaLegs::one}, 5000, "5000 pairs"},
                    HoldsRow{{.legs = MediaLegs::one, .need = PortNeed::single}, 10'001, "every port"},
                    HoldsRow{{.need = PortNeed::single}, 5000, "10,001 ports, two a call, one left over"},
                    HoldsRow{{.addresses = 3, .need = PortNeed::single}, 15'000, "one left over on each address"},
                    HoldsRow{{.addresses = 3, .legs = MediaLegs::split, .need = PortNeed::single}, 15'001, "30,003 ports, two a call"},
                    HoldsRow{{.legs = MediaLegs::split}, 2500, "nowhere to split to"},
                    HoldsRow{{.addresses = 2, .legs = MediaLegs::split}, 5000, "a leg on each"},
                    HoldsRow{{.legs = MediaLegs::one, .allocator = PortAllocator::freeswitch}, 5001, "track_len = (20000 - 10000 + 2) / 2"},
                    HoldsRow{{.legs = MediaLegs::one, .need = PortNeed::single, .allocator = PortAllocator::asterisk}, 5001, "slots all the same"},
                    HoldsRow{{.allocator = PortAllocator::rtpproxy}, 2500, "5001 slots, two a call"},
                    HoldsRow{{.first = 11, .last = 12, .legs = MediaLegs::one}, 0, "11 and 12 are no pair"},
                    HoldsRow{{.first = 1, .last = 65'535, .addresses = 100'000, .legs = MediaLegs::split, .need = PortNeed::single},
                             3'276'750'000,
                             "more legs than 32 bits count"}));

TEST(PortPlans, AgreeWithThePool) {
  for (const PortAllocator allocator : {PortAllocator::rtpengine, PortAllocator::freeswitch, PortAllocator::asterisk, PortAllocator::lowest_first}) {
    for (const PortNeed need : {PortNeed::pair, PortNeed::single}) {
      for (std::uint16_t first = 10; first <= 13; ++first) {
        for (std::uint16_t last = 14; last <= 19; ++last) {
          PortPool pool({.first = first, .last = last, .allocator = allocator}, 1);
          std::uint32_t legs = 0;
          while (pool.take(run_start, need, legs)) ++legs;
          EXPECT_EQ(legs_of_address({.first = first, .last = last, .need = need, .allocator = allocator}), legs) << first << '-' << last;
        }
      }
    }
  }
}

TEST(PortPlans, AddressesAndPortsForCallsAreTheFewest) {
  for (const MediaLegs legs : {MediaLegs::both, MediaLegs::split, MediaLegs::one}) {
    for (const PortNeed need : {PortNeed::pair, PortNeed::single}) {
      for (const std::uint32_t calls : {1U, 2499U, 2500U, 2501U, 5000U, 5001U, 10'001U, 10'002U, 30'000U}) {
        PortPlan plan{.legs = legs, .need = need};
        plan.addresses = addresses_for(calls, plan);
        EXPECT_GE(calls_of_plan(plan), calls);
        const std::uint64_t ports = ports_for_legs(legs_per_address(calls, legs, plan.addresses), need, plan.allocator);
        EXPECT_LE(ports, 10'001U);
        if (plan.addresses == 1) continue;
        --plan.addresses;
        EXPECT_LT(calls_of_plan(plan), calls);
      }
    }
  }
}

// ---- What it carries

struct CarriesRow {
  MediaLegs legs;
  double blocking;
  double erlangs;
  double rate_at_180_s;
};
class PortTraffic : public testing::TestWithParam<CarriesRow> {};

TEST_P(PortTraffic, OfTheSeedsRange) {
  const CarriesRow& row = GetParam();
  const std::uint32_t calls = calls_of_plan({.legs = row.legs});
  const CallsPerSecond rate = rate_for(calls, Probability{row.blocking}, seconds{180}, Span{0});
  EXPECT_NEAR((rate * seconds{180}).value(), row.erlangs, 0.05);
  EXPECT_NEAR(rate.value(), row.rate_at_180_s, 0.05);
}

// Computed elsewhere, to one decimal.
INSTANTIATE_TEST_SUITE_P(Table, PortTraffic,
                         testing::Values(CarriesRow{MediaLegs::one, 0.001, 4868.5, 27.0}, CarriesRow{MediaLegs::one, 0.01, 4990.2, 27.7},
                                         CarriesRow{MediaLegs::both, 0.001, 2399.0, 2399.0 / 180},
                                         CarriesRow{MediaLegs::both, 0.01, 2474.5, 2474.5 / 180}));

TEST(PortTraffic, AQuarantineIsHeldLikeACall) {
  const CallsPerSecond without = rate_for(5000, Probability{0.01}, seconds{180}, Span{0});
  const CallsPerSecond with = rate_for(5000, Probability{0.01}, seconds{180}, seconds{60});
  EXPECT_NEAR(with.value() / without.value(), 180.0 / 240, 1e-12);
  EXPECT_NEAR(port_blocking(5000, with, seconds{180}, seconds{60}).value(), 0.01, 1e-9);
  EXPECT_EQ(calls_for(CallsPerSecond{with.value() * (1 - 1e-9)}, seconds{180}, seconds{60}, Probability{0.01}), 5000U);
}

// ---- Probes

TEST(PortProbes, AreThoseOfTheBooks) {
  // D. E. Knuth: 2.5 at a half, 50.5 at 90 %, 200.5 at 95 %.
  for (const auto& [occupancy, walk, picks] :
       {std::tuple{0.0, 1.0, 1.0}, {0.5, 2.5, 2.0}, {0.8, 13.0, 5.0}, {0.9, 50.5, 10.0}, {0.95, 200.5, 20.0}}) {
    EXPECT_NEAR(probes_of_filled_table(occupancy), walk, 1e-9);
    EXPECT_NEAR(probes_of_random_picks(occupancy), picks, 1e-9);
  }
}

TEST(PortProbes, OfASmallFilledTableAreCountedByHand) {
  EXPECT_DOUBLE_EQ(probes_of_filled_table(0, 3), 1);
  EXPECT_DOUBLE_EQ(probes_of_filled_table(1, 3), 4.0 / 3) << "one start in three meets it";
  EXPECT_DOUBLE_EQ(probes_of_filled_table(2, 3), 2) << "from the free one 1, from before it 2, from two before it 3";
  EXPECT_DOUBLE_EQ(probes_of_filled_table(4, 5), 3);
  // The same sum in 60 decimal digits.
  EXPECT_NEAR(probes_of_filled_table(4500, 5000), 48.027762436694545, 1e-10);
  EXPECT_NEAR(probes_of_filled_table(4750, 5000), 166.77962811931934, 1e-9);
  EXPECT_NEAR(probes_of_filled_table(9'000'000, 10'000'000), probes_of_filled_table(0.9), 0.01 * 50.5) << "the limit";
}

TEST(PortProbes, BoundsEncloseWhatAPoolDoes) {
  for (const PortAllocator allocator : {PortAllocator::rtpengine, PortAllocator::freeswitch, PortAllocator::asterisk, PortAllocator::lowest_first}) {
    for (const PortNeed need : {PortNeed::pair, PortNeed::single}) {
      const std::uint32_t places = legs_of_address({.first = 10, .last = 29, .need = need, .allocator = allocator});
      for (std::uint32_t in_use = 0; in_use < places; ++in_use) {
        const ProbeBounds bounds = probe_bounds(allocator, need, in_use, places);
        double sum = 0;
        double squares = 0;
        constexpr int pools = 400;
        for (std::uint64_t luck = 1; luck <= pools; ++luck) {
          PortPool pool({.first = 10, .last = 29, .allocator = allocator}, luck);
          PortGrant last;
          for (std::uint32_t call = 0; call <= in_use; ++call) last = pool.take(run_start + seconds{call}, need, 100 * luck + call);
          sum += last.probes;
          squares += double(last.probes) * last.probes;
        }
        const double mean = sum / pools;
        const double slack = tolerance::standard_errors * std::sqrt(std::max(0.0, squares / pools - mean * mean) / pools) + 1e-9;
        EXPECT_GE(mean, bounds.least - slack) << int(allocator) << ", in use " << in_use;
        EXPECT_LE(mean, bounds.most.value_or(places) + slack) << int(allocator) << ", in use " << in_use;
      }
    }
  }
}

// ---- The race

TEST(ScaleOutRace, IsWhatSmallStepsOfItsEquationGive) {
  const ScaleOutRace race{.calls = 2500,
                          .threshold = Probability{0.8},
                          .rate = CallsPerSecond{50},
                          .holding = seconds{180},
                          .calls_at_start = 1000,
                          .start_up = seconds{60}};
  const ScaleOutEstimate estimate = scale_out_race(race);
  constexpr double step = 1e-4;
  double n = 1000;
  double ordered = -1;
  double full = -1;
  double refused = 0;
  for (double t = 0; ordered < 0 || t < ordered + 60; t += step) {
    if (ordered < 0 && n > 2000) ordered = t;
    if (full < 0 && n >= 2500) full = t;
    const double change = (50 - n / 180) * step;
    refused += std::max(0.0, n + change - 2500);
    n = std::min(2500.0, n + change);
  }
  EXPECT_NEAR(estimate.ordered_s.value(), ordered, 10 * step);
  EXPECT_NEAR(estimate.full_s.value(), full, 10 * step);
  EXPECT_NEAR(estimate.ready_s.value(), ordered + 60, 10 * step);
  EXPECT_NEAR(estimate.refused, refused, 100 * step);
  EXPECT_GT(refused, 1000);
}

TEST(ScaleOutRace, TheThresholdToTryJustSuffices) {
  ScaleOutRace race{.calls = 2500,
                    .threshold = Probability{0.8},
                    .rate = CallsPerSecond{50},
                    .holding = seconds{180},
                    .calls_at_start = 500,
                    .start_up = seconds{30}};
  const double most = scale_out_race(race).threshold_to_try.value();
  EXPECT_GT(most, 0.2);
  EXPECT_LT(most, 0.8);
  race.threshold = Probability{most - 1e-9};
  EXPECT_EQ(scale_out_race(race).refused, 0);
  race.threshold = Probability{most + 1e-6};
  EXPECT_GT(scale_out_race(race).refused, 0);
}

TEST(ScaleOutRace, KnowsItsEdges) {
  ScaleOutRace race{.calls = 100, .threshold = Probability{0.5}, .rate = CallsPerSecond{0.4}, .holding = seconds{100}, .start_up = seconds{10}};
  ScaleOutEstimate estimate = scale_out_race(race);
  EXPECT_FALSE(estimate.ordered_s) << "40 calls never pass 50";
  EXPECT_FALSE(estimate.full_s);
  EXPECT_EQ(estimate.threshold_to_try, 1);

  race.rate = CallsPerSecond{0.9};
  estimate = scale_out_race(race);
  EXPECT_TRUE(estimate.ready_s);
  EXPECT_FALSE(estimate.full_s) << "90 of 100";
  EXPECT_EQ(estimate.refused, 0);

  race.rate = CallsPerSecond{2};
  race.calls_at_start = 100;
  estimate = scale_out_race(race);
  EXPECT_EQ(estimate.ordered_s, 0);
  EXPECT_EQ(estimate.full_s, 0);
  EXPECT_NEAR(estimate.refused, 10 * (2 - 1.0), 1e-12) << "a call a second leaves, two come, ten seconds long";
  EXPECT_FALSE(estimate.threshold_to_try) << "already full";

  race.start_up = Span{0};
  estimate = scale_out_race(race);
  EXPECT_EQ(estimate.refused, 0);
  EXPECT_EQ(estimate.threshold_to_try, 1) << "there at once";
}

}  // namespace
}  // namespace trunklab
