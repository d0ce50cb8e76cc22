// The hunting policy decision by decision: which target next, whether the hunt goes on, who is left out for how long.
#include "models/hunting.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace trunklab {
namespace {

using namespace std::chrono_literals;

struct OrderRow {
  std::vector<TargetGroup> groups;
  TargetSet usable;
  unsigned first;
  std::vector<int> targets;
  const char* why;
};
class HuntOrder : public testing::TestWithParam<OrderRow> {};

/// Tries target after target, each of which fails.
std::vector<int> hunted(const std::vector<TargetGroup>& groups, TargetSet usable, unsigned first) {
  std::vector<int> taken;
  TargetSet tried = 0;
  while (const auto target = Hunt::next(groups, usable, tried, first)) {
    taken.push_back(*target);
    tried = static_cast<TargetSet>(tried | 1U << *target);
  }
  return taken;
}

TEST_P(HuntOrder, IsAsListed) {
  const auto& [groups, usable, first, targets, why] = GetParam();
  EXPECT_EQ(hunted(groups, usable, first), targets) << why;
}

const std::vector<TargetGroup> two_regions{{0, 2}, {2, 3}};

INSTANTIATE_TEST_SUITE_P(Table, HuntOrder,
                         testing::Values(OrderRow{two_regions, 0b11111, 0, {0, 1, 2, 3, 4}, "the listed order, region by region"},
                                         OrderRow{two_regions, 0b10010, 0, {1, 4}, "those left out are passed over"},
                                         OrderRow{two_regions, 0b11111, 1, {1, 0, 3, 4, 2}, "one further in each region"},
                                         OrderRow{two_regions, 0b11111, 4, {0, 1, 3, 4, 2}, "a place beyond a region's size goes round"},
                                         OrderRow{two_regions, 0b01011, 2, {0, 1, 3}, "nothing usable from there on: from the region's beginning"},
                                         OrderRow{two_regions, 0, 0, {0}, "all left out: never given up without an attempt"},
                                         OrderRow{two_regions, 0, 1, {1}, "the first one for this call"},
                                         OrderRow{
                                             {{0, 15}}, 0x7fff, 0, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, "as many as there can be"}));

TEST(Hunt, SeesWhatHasBecomeUsableMeanwhile) {
  const std::vector<TargetGroup> group{{0, 3}};
  EXPECT_EQ(Hunt::next(group, 0b110, 0, 0), 1);
  EXPECT_EQ(Hunt::next(group, 0b111, 0b010, 0), 0) << "recovered while the first attempt ran";
  EXPECT_EQ(Hunt::next(group, 0b011, 0b011, 0), std::nullopt) << "the last one is held down, and there was an attempt";
}

TEST(Hunt, LastResortIsTriedOnceAndThenRecoveredTargetsAre) {
  const std::vector<TargetGroup> group{{0, 2}};
  EXPECT_EQ(Hunt::next(group, 0, 0, 0), 0);
  EXPECT_EQ(Hunt::next(group, 0, 0b01, 0), std::nullopt);
  EXPECT_EQ(Hunt::next(group, 0b11, 0b01, 0), 1);
}

struct AdvanceRow {
  AttemptEnd end;
  std::uint16_t code;
  bool advances;
};

// With the default policy; the codes are those of DESIGN's list.
const std::vector<AdvanceRow> advance_rows{
    {AttemptEnd::no_response, 0, true},  {AttemptEnd::no_progress, 0, true},    {AttemptEnd::refused, 408, true},  {AttemptEnd::refused, 500, true},
    {AttemptEnd::refused, 502, true},    {AttemptEnd::refused, 503, true},      {AttemptEnd::refused, 504, true},  {AttemptEnd::refused, 400, false},
    {AttemptEnd::refused, 403, false},   {AttemptEnd::refused, 404, false},     {AttemptEnd::refused, 410, false}, {AttemptEnd::refused, 480, false},
    {AttemptEnd::refused, 482, false},   {AttemptEnd::refused, 484, false},     {AttemptEnd::refused, 486, false}, {AttemptEnd::refused, 487, false},
    {AttemptEnd::refused, 501, false},   {AttemptEnd::refused, 600, false},     {AttemptEnd::refused, 603, false}, {AttemptEnd::answered, 200, false},
    {AttemptEnd::abandoned, 487, false}, {AttemptEnd::lost_in_setup, 0, false}, {AttemptEnd::none, 0, false},
};

TEST(Hunt, AdvancesOnNoAnswerAndOnListedCodesOnly) {
  for (const auto& [end, code, advances] : advance_rows) {
    EXPECT_EQ(Hunt::advances(HuntingPolicy{}, end, code, false), advances) << "end " << static_cast<int>(end) << ", code " << code;
  }
}

TEST(Hunt, NeverAdvancesOnceItRang) {
  for (const auto& [end, code, advances] : advance_rows) {
    EXPECT_FALSE(Hunt::advances(HuntingPolicy{}, end, code, true)) << "end " << static_cast<int>(end) << ", code " << code;
  }
}

TEST(Hunt, AdvancesOnTheCodesOfItsOwnPolicy) {
  HuntingPolicy policy;
  policy.advance_codes = {486, 503};
  for (const std::uint16_t code : std::vector<std::uint16_t>{486, 503}) EXPECT_TRUE(Hunt::advances(policy, AttemptEnd::refused, code, false)) << code;
  for (const std::uint16_t code : std::vector<std::uint16_t>{408, 485, 487, 500, 504})
    EXPECT_FALSE(Hunt::advances(policy, AttemptEnd::refused, code, false)) << code;
  policy.advance_codes.clear();
  EXPECT_FALSE(Hunt::advances(policy, AttemptEnd::refused, 503, false));
  EXPECT_TRUE(Hunt::advances(policy, AttemptEnd::no_response, 0, false)) << "silence is no code";
}

struct BlameRow {
  HoldDown policy;
  AttemptEnd end;
  std::uint16_t code;
  bool blamed;
  const char* why;
};
class Blame : public testing::TestWithParam<BlameRow> {};

TEST_P(Blame, FollowsTheListOfCauses) {
  const BlameRow& row = GetParam();
  EXPECT_EQ(Hunt::blames(row.policy, row.end, row.code), row.blamed) << row.why;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Blame,
    testing::Values(BlameRow{{}, AttemptEnd::no_response, 0, true, "silence"}, BlameRow{{}, AttemptEnd::transport_error, 0, true, "refused at once"},
                    BlameRow{{}, AttemptEnd::refused, 503, false, "a code only if it is listed"},
                    BlameRow{{}, AttemptEnd::refused, 486, false, "the callee's answer"},
                    BlameRow{{}, AttemptEnd::no_progress, 0, false, "it answered 100: alive"},
                    BlameRow{{}, AttemptEnd::answered, 200, false, "answered"}, BlameRow{{}, AttemptEnd::abandoned, 487, false, "the caller's doing"},
                    BlameRow{{}, AttemptEnd::lost_in_setup, 0, false, "it had rung"},
                    BlameRow{{.no_response = false}, AttemptEnd::no_response, 0, false, "silence is not on this list"},
                    BlameRow{{.transport_error = false}, AttemptEnd::transport_error, 0, false, "nor a refused connection on this one"},
                    BlameRow{{.codes = {500, 503}}, AttemptEnd::refused, 503, true, "a listed code"},
                    BlameRow{{.codes = {500, 503}}, AttemptEnd::refused, 502, false, "between two listed codes"}));

TEST(Hunt, AdvancesAfterARefusedConnection) {
  EXPECT_TRUE(Hunt::advances(HuntingPolicy{}, AttemptEnd::transport_error, 0, false));
  EXPECT_FALSE(Hunt::advances(HuntingPolicy{}, AttemptEnd::transport_error, 0, true));
}

struct GoodRow {
  std::uint16_t code;
  bool any, ok, not_5xx;
};

TEST(ProbeSpec, CountsAnAnswerAsItsRuleSays) {
  for (const GoodRow& row : std::vector<GoodRow>{{0, false, false, false},
                                                 {200, true, true, true},
                                                 {302, true, false, true},
                                                 {483, true, false, true},
                                                 {500, true, false, false},
                                                 {503, true, false, false},
                                                 {599, true, false, false},
                                                 {600, true, false, true}}) {
    EXPECT_EQ((ProbeSpec{.alive = ProbeSpec::Alive::any}.good(row.code)), row.any) << row.code;
    EXPECT_EQ((ProbeSpec{.alive = ProbeSpec::Alive::ok}.good(row.code)), row.ok) << row.code;
    EXPECT_EQ((ProbeSpec{.alive = ProbeSpec::Alive::not_5xx}.good(row.code)), row.not_5xx) << row.code;
  }
}

}  // namespace
}  // namespace trunklab
