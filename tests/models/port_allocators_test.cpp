// Each port allocator against a plain second telling of its rules: every short history of small ranges, and long random ones.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "tests/models/naive_port_pool.hpp"

namespace trunklab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array allocators{PortAllocator::rtpengine, PortAllocator::freeswitch, PortAllocator::asterisk, PortAllocator::rtpproxy,
                                PortAllocator::lowest_first};

/// A pool and its plain twin, which must agree after every step.
struct Twins {
  Twins(const PortPoolSpec& spec, std::uint64_t luck) : pool(spec, luck), naive(spec, luck) {}
  PortPool pool;
  NaivePortPool naive;
  std::vector<std::uint16_t> held;
  Instant now = run_start;
  std::uint64_t step = 0;

  void pass(Span span) {
    now += span;
    ++step;
    pool.advance(now);
    naive.advance(now);
    for (const auto& [port, state] : naive.states()) naive.set_foreign(port, pool.state(port) == PortState::foreign);
    expect_equal();
  }
  bool take(PortNeed need) {
    const PortGrant got = pool.take(now, need, step);
    const PortGrant expected = naive.take(now, need, step);
    EXPECT_EQ(got.port, expected.port);
    EXPECT_EQ(got.refusal, expected.refusal);
    EXPECT_EQ(got.probes, expected.probes);
    EXPECT_EQ(got.reuse_after.has_value(), expected.reuse_after.has_value());
    if (got.reuse_after && expected.reuse_after) {
      EXPECT_GE(*got.reuse_after, *expected.reuse_after);
      EXPECT_LT(*got.reuse_after, *expected.reuse_after + Span{1 << 16});
    }
    EXPECT_EQ(got.collision, expected.collision);
    if (got) held.push_back(got.port);
    expect_equal();
    return bool(got);
  }
  std::uint16_t drop(std::size_t which) {
    const std::uint16_t port = held.at(which);
    held.erase(held.begin() + static_cast<std::ptrdiff_t>(which));
    return port;
  }
  void give(std::size_t which) {
    const std::uint16_t port = drop(which);
    pool.give(now, port);
    naive.give(now, port);
    expect_equal();
  }
  void leak(std::size_t which, std::optional<Span> time) {
    const std::uint16_t port = drop(which);
    pool.leak(now, port, time);
    naive.leak(now, port, time);
    expect_equal();
  }
  void expect_equal() const {
    std::array<std::uint32_t, port_states> counts{};
    for (const auto& [port, state] : naive.states()) {
      EXPECT_EQ(pool.state(port), state) << port;
      ++counts.at(static_cast<std::size_t>(state));
    }
    for (std::size_t state = 0; state < port_states; ++state) EXPECT_EQ(pool.count(static_cast<PortState>(state)), counts.at(state));
  }
};

constexpr int actions = 5;

/// false: there is nothing that this could be done to.
bool act(Twins& twins, int action) {
  if (action >= 2 && twins.held.empty()) return false;
  if (action == 3 && twins.held.size() == 1) return false;
  twins.pass(seconds{1});
  switch (action) {
    case 0: twins.take(PortNeed::single); break;
    case 1: twins.take(PortNeed::pair); break;
    case 2: twins.give(0); break;
    case 3: twins.give(twins.held.size() - 1); break;
    default: twins.leak(0, seconds{3}); break;
  }
  return true;
}

/// Every history of so many more actions.
void branch(const Twins& twins, int depth, std::string& history) {
  for (int action = 0; action < actions && !testing::Test::HasFailure(); ++action) {
    Twins next = twins;
    if (!act(next, action)) continue;
    history.push_back(static_cast<char>('0' + action));
    EXPECT_FALSE(testing::Test::HasFailure()) << "after the actions " << history;
    if (depth > 1) branch(next, depth - 1, history);
    history.pop_back();
  }
}

struct Case {
  PortAllocator allocator;
  std::uint16_t first;
  std::uint16_t last;
  Span quarantine;
  bool others;
};

PortPoolSpec spec_of(const Case& each) {
  PortPoolSpec spec{.first = each.first, .last = each.last, .allocator = each.allocator, .quarantine = each.quarantine};
  spec.late_packets = milliseconds{2500};
  if (each.others) spec.foreign = ForeignUse{.rate = CallsPerSecond{0.7}, .holding = seconds{3}};
  return spec;
}

TEST(PortAllocators, AgreeWithTheirPlainRulesInEveryShortHistory) {
#ifdef TRUNKLAB_SANITIZED
  constexpr int depth = 4;
#else
  constexpr int depth = 7;
#endif
  for (const PortAllocator allocator : allocators) {
    // Both ends of a range may be odd or even; two ports may be no pair.
    for (const auto& [first, last] : {std::pair<std::uint16_t, std::uint16_t>{10, 15}, {10, 14}, {11, 14}, {11, 12}}) {
      for (const Span quarantine : {Span{0}, Span{seconds{2}}}) {
        for (const bool others : {false, true}) {
          SCOPED_TRACE(testing::Message() << "allocator " << int(allocator) << ", ports " << first << '-' << last << ", quarantine "
                                          << in_seconds(quarantine) << " s, others " << others);
          std::string history;
          branch(Twins(spec_of({allocator, first, last, quarantine, others}), 1), depth, history);
          if (HasFailure()) return;
        }
      }
    }
  }
}

TEST(PortAllocators, AgreeWithTheirPlainRulesInLongRandomHistories) {
#ifdef TRUNKLAB_SANITIZED
  constexpr int steps = 1000;
#else
  constexpr int steps = 10'000;
#endif
  for (const PortAllocator allocator : allocators) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      SCOPED_TRACE(testing::Message() << "allocator " << int(allocator) << ", seed " << seed);
      Twins twins(spec_of({allocator, static_cast<std::uint16_t>(9999 + seed % 2), static_cast<std::uint16_t>(10'058 + seed / 3),
                           seconds{2 * (seed % 2)}, seed > 2}),
                  seed);
      std::mt19937_64 random(seed);
      for (int step = 0; step < steps && !HasFailure(); ++step) {
        // Takes and gives in turn have the upper hand, so that the pool is now nearly empty, now full.
        const bool rising = step / 200 % 2 == 0;
        twins.pass(Span{static_cast<Span::rep>(random() % 300'000'000)});
        if (random() % 8 < (rising ? 6U : 2U)) {
          twins.take(random() % 2 == 0 ? PortNeed::single : PortNeed::pair);
        } else if (!twins.held.empty()) {
          const std::size_t which = random() % twins.held.size();
          random() % 8 == 0 ? twins.leak(which, seconds{3}) : twins.give(which);
        }
      }
    }
  }
}

}  // namespace
}  // namespace trunklab
