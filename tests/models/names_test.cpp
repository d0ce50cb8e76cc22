// The DNS answer rule: who is in the answer, and who stands first.
#include "models/names.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

namespace trunklab {
namespace {

using enum NameSpec::Answer;

struct AnswerRow {
  NameSpec::Answer rule;
  std::size_t count;
  TargetSet healthy;
  TargetSet answer;
  const char* why;
};
class DnsAnswer : public testing::TestWithParam<AnswerRow> {};

TEST_P(DnsAnswer, HoldsTheAddressesOfTheRule) {
  const AnswerRow& row = GetParam();
  const NameAnswer answer = name_answer({.answer = row.rule}, row.count, row.healthy, 0);
  EXPECT_EQ(answer.set, row.answer) << row.why;
  EXPECT_EQ(answer.first, std::countr_zero(row.answer)) << row.why;
}

INSTANTIATE_TEST_SUITE_P(Table, DnsAnswer,
                         testing::Values(AnswerRow{one, 2, 0b11, 0b01, "the first"}, AnswerRow{one, 2, 0b10, 0b10, "the first that is healthy"},
                                         AnswerRow{one, 2, 0, 0b01, "all sick: as if all were healthy"},
                                         AnswerRow{one, 1, 0, 0b1, "a single sick edge"}, AnswerRow{all, 2, 0b11, 0b11, "both"},
                                         AnswerRow{all, 2, 0b01, 0b01, "the healthy one"}, AnswerRow{all, 4, 0b1010, 0b1010, "every healthy one"},
                                         AnswerRow{all, 3, 0, 0b111, "all sick: all"},
                                         AnswerRow{all, 2, 0b100, 0b11, "a bit beyond the region's edges is nobody's health"},
                                         AnswerRow{all, 15, 0x7fff, 0x7fff, "as many as there can be"}));

TEST(DnsAnswer, IsEmptyOnlyWhereTheRuleSaysSo) {
  const NameSpec none{.all_sick = NameSpec::AllSick::answer_none};
  EXPECT_EQ(name_answer(none, 2, 0, 0), NameAnswer{});
  EXPECT_EQ(name_answer(none, 2, 0b10, 0), (NameAnswer{.set = 0b10, .first = 1}));
}

TEST(DnsAnswer, RotatesOverTheHealthyOnes) {
  std::vector<int> first;
  for (std::uint64_t turn = 0; turn < 6; ++turn) {
    const NameAnswer answer = name_answer({.answer = all, .order = TargetOrder::rotate}, 4, 0b1011, turn);
    EXPECT_EQ(answer.set, 0b1011) << "the others stand behind";
    first.push_back(answer.first);
  }
  EXPECT_EQ(first, (std::vector<int>{0, 1, 3, 0, 1, 3}));
}

TEST(DnsAnswer, NeverNamesASickEdgeBesideAHealthyOne) {
  for (std::size_t count = 1; count <= 6; ++count) {
    for (TargetSet healthy = 0; healthy < (1U << count); ++healthy) {
      for (const auto rule : {one, all}) {
        for (const auto order : {TargetOrder::fixed, TargetOrder::rotate, TargetOrder::random}) {
          const NameAnswer answer = name_answer({.answer = rule, .order = order}, count, healthy, healthy * 7U + count);
          ASSERT_NE(answer.set, 0);
          ASSERT_LT(answer.set, 1U << count);
          ASSERT_TRUE(healthy == 0 || (answer.set & ~healthy) == 0);
          ASSERT_TRUE(rule == all || std::popcount(answer.set) == 1);
          ASSERT_NE(answer.set & 1U << answer.first, 0U);
        }
      }
    }
  }
}

}  // namespace
}  // namespace trunklab
