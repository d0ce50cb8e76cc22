// How many ports the allocators look at: freshly filled tables against Knuth's sums, random picks, and turnover at a fixed occupancy.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "models/media/port_figures.hpp"
#include "models/media/port_pool.hpp"
#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using std::chrono::seconds;

constexpr std::uint32_t slots = 5000;

#ifdef TRUNKLAB_SANITIZED
constexpr int fills = 20;
constexpr int turnovers = 5;
#else
constexpr int fills = 500;
constexpr int turnovers = 200;
#endif

PortPool pool_of(PortAllocator allocator, std::uint64_t luck) {
  return {{.first = 10'000, .last = 19'999, .allocator = allocator}, luck};
}

std::uint32_t places(double occupancy) {
  return static_cast<std::uint32_t>(std::lround(occupancy * slots));
}

struct Mean {
  double mean;
  double standard_error;
};
Mean mean_of(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  const auto n = static_cast<double>(values.size());
  const double mean = sum / n;
  return {mean, std::sqrt((squares / n - mean * mean) / (n - 1))};
}

/// Mean probes of a call that comes to a table which was filled so far and never emptied, each table drawn anew. Every call has a second of
/// its own; 20 next calls are tried on copies of each table.
Mean filled(PortAllocator allocator, double occupancy) {
  std::vector<double> means;
  for (std::uint64_t fill = 1; fill <= fills; ++fill) {
    PortPool pool = pool_of(allocator, fill);
    std::mt19937_64 random(fill);
    Instant now = run_start;
    for (std::uint32_t used = 0; used < places(occupancy); ++used) pool.take(now += seconds{1}, PortNeed::pair, random());
    double sum = 0;
    for (int next = 1; next <= 20; ++next) {
      PortPool copy = pool;
      sum += copy.take(now + seconds{next}, PortNeed::pair, random()).probes;
    }
    means.push_back(sum / 20);
  }
  return mean_of(means);
}

TEST(PortProbes, OfALinearWalkInAFilledTableAreKnuths) {
  for (const PortAllocator allocator : {PortAllocator::asterisk, PortAllocator::freeswitch}) {
    for (const double occupancy : {0.5, 0.8, 0.9}) {
      const Mean measured = filled(allocator, occupancy);
      EXPECT_NEAR(measured.mean, probes_of_filled_table(places(occupancy), slots), tolerance::standard_errors * measured.standard_error) << occupancy;
    }
  }
}

TEST(PortProbes, OfRtpproxyInAFilledTableAreThoseOfRandomPicks) {
  for (const double occupancy : {0.5, 0.8, 0.9, 0.95}) {
    const Mean measured = filled(PortAllocator::rtpproxy, occupancy);
    EXPECT_NEAR(measured.mean, probes_of_random_picks(occupancy), tolerance::standard_errors * measured.standard_error) << occupancy;
  }
}

enum class Holding { exponential, fixed };

/// Mean probes while the number in use stays the same: one call ends, at once one comes. Which one ends: any one alike (exponential holding
/// times), or the oldest (fixed). The first sixth is not counted.
double in_equilibrium(PortAllocator allocator, double occupancy, Holding holding, Span gap = seconds{1}) {
  PortPool pool = pool_of(allocator, 1);
  std::mt19937_64 random(1);
  Instant now = run_start;
  std::vector<std::uint16_t> held;
  while (held.size() < places(occupancy)) held.push_back(pool.take(now += gap, PortNeed::pair, random()).port);
  const std::size_t uncounted = held.size() * turnovers / 5;
  const std::size_t counted = held.size() * turnovers;
  double sum = 0;
  for (std::size_t call = 0; call < uncounted + counted; ++call) {
    std::uint16_t& port = held[(holding == Holding::fixed ? call : random()) % held.size()];
    pool.give(now, port);
    const PortGrant grant = pool.take(now += gap, PortNeed::pair, random());
    port = grant.port;
    if (call >= uncounted) sum += grant.probes;
  }
  return sum / static_cast<double>(counted);
}

struct EquilibriumRow {
  double occupancy;
  double exponential;
  double fixed;
};
class PortProbesInEquilibrium : public testing::TestWithParam<EquilibriumRow> {};

TEST_P(PortProbesInEquilibrium, AreThoseMeasuredElsewhereAndLieBetweenTheFormulas) {
#ifdef TRUNKLAB_SANITIZED
  GTEST_SKIP() << "takes long walks";
#endif
  const EquilibriumRow& row = GetParam();
  const double relative = row.occupancy < 0.95 ? tolerance::probes_relative : tolerance::probes_relative_at_95;
  for (const PortAllocator allocator : {PortAllocator::asterisk, PortAllocator::freeswitch}) {
    for (const auto& [holding, expected] : {std::pair{Holding::exponential, row.exponential}, {Holding::fixed, row.fixed}}) {
      const double measured = in_equilibrium(allocator, row.occupancy, holding);
      EXPECT_NEAR(measured, expected, relative * expected);
      EXPECT_GT(measured, probes_of_random_picks(row.occupancy));
      EXPECT_LT(measured, probes_of_filled_table(row.occupancy));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(FiveThousandSlots, PortProbesInEquilibrium,
                         testing::Values(EquilibriumRow{0.5, 2.34, 2.43}, EquilibriumRow{0.8, 8.34, 11.3}, EquilibriumRow{0.9, 20.9, 39.1},
                                         EquilibriumRow{0.95, 49.0, 145}));

TEST(PortProbes, OfOthersInEquilibrium) {
  for (const Holding holding : {Holding::exponential, Holding::fixed}) {
    EXPECT_NEAR(in_equilibrium(PortAllocator::rtpproxy, 0.8, holding), 5, 5 * tolerance::probes_relative);
    EXPECT_NEAR(in_equilibrium(PortAllocator::rtpengine, 0.8, holding), 1, 0.01) << "pairs that were given back lie side by side in its list";
    EXPECT_LE(in_equilibrium(PortAllocator::lowest_first, 0.8, holding), places(0.8) + 1);
  }
}

TEST(PortProbes, OfFreeswitchAreManyMoreWhenManyCallsShareASecond) {
  // 4000 calls of 180 s: 22 new ones a second, which all begin at the same slot.
  const double apart = in_equilibrium(PortAllocator::freeswitch, 0.8, Holding::exponential);
  const double together = in_equilibrium(PortAllocator::freeswitch, 0.8, Holding::exponential, std::chrono::milliseconds{45});
  EXPECT_GT(together, 8 * apart);
}

}  // namespace
}  // namespace trunklab
