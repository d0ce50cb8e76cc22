// The queue against exact formulas: M/M/c/K, M/D/1. The literals are of tests/oracles/queues.py.
#include "models/server_queue.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tests/tolerances.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

struct Mean {
  double mean;
  double standard_error;
};

Mean mean_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value / n;
  double variance = 0;
  for (const double value : values) variance += (value - mean) * (value - mean) / (n - 1);
  return {mean, std::sqrt(variance / n)};
}

void expect_meets(const std::vector<double>& values, double theory, const char* what) {
  const Mean found = mean_of(values);
  EXPECT_NEAR(found.mean, theory, tolerance::standard_errors * found.standard_error) << what;
  EXPECT_LE(found.standard_error, tolerance::relative_standard_error * theory) << what;
}

struct Case {
  std::uint32_t servers;
  std::uint32_t in_all;
  double rho;
  double blocking;
  double wait;
};

class Queue : public ::testing::TestWithParam<Case> {};

TEST_P(Queue, MeetsMMcK) {
  const Case& c = GetParam();
  std::vector<double> blocking;
  std::vector<double> wait;
  for (std::uint64_t seed = 1; seed <= tolerance::seeds; ++seed) {
    std::mt19937_64 random(seed);
    std::exponential_distribution<double> gap(c.rho * c.servers);
    std::exponential_distribution<double> service(1);
    ServerQueue queue(c.servers, c.in_all - c.servers);
    Instant now = run_start;
    constexpr int customers = 150000;
    int lost = 0;
    double waited = 0;
    for (int i = 0; i < customers; ++i) {
      now += from_seconds(gap(random));
      const auto turn = queue.admit(now, from_seconds(service(random)));
      turn ? void(waited += in_seconds(turn->begins - now)) : void(++lost);
    }
    blocking.push_back(static_cast<double>(lost) / customers);
    wait.push_back(waited / (customers - lost));
  }
  expect_meets(blocking, c.blocking, "blocking");
  if (c.wait > 0) {
    expect_meets(wait, c.wait, "wait");
  } else {
    EXPECT_EQ(mean_of(wait).mean, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Queue,
                         ::testing::Values(Case{1, 5, 0.8, 0.088819498655564, 1.563065207044265},
                                           Case{2, 10, 0.9, 0.054807332212236, 1.516483192872127}, Case{4, 4, 0.9, 0.270685067145244, 0}));

struct Constant {
  double rho;
  double no_wait;
  double up_to_1;
  double up_to_3;
  double mean;
};

TEST(Queue, MeetsMD1) {
  for (const Constant& c :
       {Constant{0.5, 0.5, 0.824360635350064, 0.984748700358268, 0.5}, Constant{0.8, 0.2, 0.445108185698494, 0.762099519745402, 2}}) {
    std::vector<double> none;
    std::vector<double> one;
    std::vector<double> three;
    std::vector<double> mean;
    for (std::uint64_t seed = 1; seed <= tolerance::seeds; ++seed) {
      std::mt19937_64 random(seed);
      std::exponential_distribution<double> gap(c.rho);
      ServerQueue queue(1);
      Instant now = run_start;
      constexpr int customers = 150000;
      double counts[4] = {};
      for (int i = 0; i < customers; ++i) {
        now += from_seconds(gap(random));
        const double wait = in_seconds(queue.admit(now, 1s)->begins - now);
        counts[0] += wait <= 0 ? 1 : 0;
        counts[1] += wait <= 1 ? 1 : 0;
        counts[2] += wait <= 3 ? 1 : 0;
        counts[3] += wait;
      }
      none.push_back(counts[0] / customers);
      one.push_back(counts[1] / customers);
      three.push_back(counts[2] / customers);
      mean.push_back(counts[3] / customers);
    }
    expect_meets(none, c.no_wait, "P(W = 0)");
    expect_meets(one, c.up_to_1, "P(W <= 1)");
    expect_meets(three, c.up_to_3, "P(W <= 3)");
    expect_meets(mean, c.mean, "mean");
  }
}

TEST(Queue, ByHand) {
  ServerQueue queue(1, 1);
  const auto first = queue.admit(run_start + 1s, 4s);
  EXPECT_EQ(first->begins, run_start + 1s);
  EXPECT_EQ(first->ends, run_start + 5s);
  const auto second = queue.admit(run_start + 2s, 4s);
  EXPECT_EQ(second->begins, run_start + 5s);
  EXPECT_FALSE(queue.admit(run_start + 3s, 1s));  // one is served, one waits
  EXPECT_EQ(queue.present(run_start + 4s), 2U);
  const auto third = queue.admit(run_start + 5s, 1s);  // the first one has just gone
  EXPECT_EQ(third->begins, run_start + 9s);
  EXPECT_EQ(queue.present(run_start + 10s), 0U);
  queue.admit(run_start + 10s, 100s);
  queue.clear();
  EXPECT_EQ(queue.admit(run_start + 11s, 1s)->begins, run_start + 11s);
}

TEST(Queue, WhoIsOutOfPatienceLeavesAndIsInTheQueueUntilThen) {
  ServerQueue queue(1, 1);
  queue.admit(run_start, 10s);
  EXPECT_FALSE(queue.admit(run_start + 1s, 5s, run_start + 4s));  // waits until 4
  EXPECT_FALSE(queue.admit(run_start + 3s, 5s));                  // full
  const auto next = queue.admit(run_start + 4s, 5s);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->begins, run_start + 10s);
}

}  // namespace
}  // namespace trunklab
