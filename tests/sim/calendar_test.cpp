// The calendar against a plain sorted list: same order, whatever the traffic.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "sim/calendar.hpp"

namespace trunklab {
namespace {

struct Traffic {
  const char* name;
  double mean_ns;     ///< of the delay until an event
  std::int64_t grid;  ///< instants are multiples of this: makes ties
  std::size_t events;
};

class CalendarOrder : public ::testing::TestWithParam<Traffic> {};

/// Enters and takes away at random and compares with a multimap, which keeps equals in order of insertion.
TEST_P(CalendarOrder, IsInstantThenRankThenWhoAskedFirst) {
  const Traffic& traffic = GetParam();
  std::mt19937_64 random(1);
  std::exponential_distribution<double> delay(1 / traffic.mean_ns);
  constexpr Step steps[] = {Step::site_release, Step::no_response, Step::invite_arrives};
  CallSlab calls;
  Calendar calendar(calls);
  std::multimap<std::pair<Instant, Rank>, SlotIndex> oracle;
  Instant now = run_start;
  for (std::size_t i = 0; i < traffic.events; ++i) {
    const bool grow = (i / 5000) % 2 == 0;  // tides, so that it must be rebuilt
    for (int n = grow ? 2 : 0; n-- > 0;) {
      const SlotIndex slot = calls.allocate();
      const auto ns = static_cast<std::int64_t>(delay(random)) / traffic.grid * traffic.grid;
      calls[slot].at = now + Span{ns};
      calls[slot].step = static_cast<std::uint8_t>(steps[random() % 3]) & 0xFU;
      calendar.enter(slot);
      oracle.emplace(std::pair(calls[slot].at, rank_of(calls[slot].pending())), slot);
    }
    const Instant limit = now + Span{static_cast<std::int64_t>(delay(random) / 50)};
    const Calendar::Due* due = calendar.due_by(limit);
    if (oracle.empty() || oracle.begin()->first.first > limit) {
      ASSERT_EQ(due, nullptr);
      now = limit;
      continue;
    }
    ASSERT_NE(due, nullptr);
    ASSERT_EQ(due->at(), oracle.begin()->first.first);
    ASSERT_EQ(due->slot, oracle.begin()->second) << "event " << i;
    now = due->at();
    calls.release(due->slot);
    calendar.pop();
    oracle.erase(oracle.begin());
    ASSERT_EQ(calendar.size(), oracle.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Traffic, CalendarOrder,
                         ::testing::Values(Traffic{"ordinary", 180e9, 1, 60'000}, Traffic{"ties", 10e9, 1'000'000'000, 60'000},
                                           Traffic{"all_at_one_instant", 1, 1'000'000'000, 20'000}, Traffic{"nanoseconds", 100, 1, 60'000},
                                           Traffic{"days", 1e14, 1, 60'000}),
                         [](const auto& each) { return each.param.name; });

TEST(Calendar, ALongSilenceIsSteppedOver) {
  CallSlab calls;
  Calendar calendar(calls);
  const SlotIndex slot = calls.allocate();
  calls[slot].at = run_start + std::chrono::hours{24 * 365 * 10};
  calls[slot].step = static_cast<std::uint8_t>(Step::abandon) & 0xFU;
  calendar.enter(slot);
  EXPECT_EQ(calendar.due_by(run_start + std::chrono::hours{1}), nullptr);
  ASSERT_NE(calendar.due_by(never), nullptr);
}

}  // namespace
}  // namespace trunklab
