// The DNS answer rule: who is in the answer.
#include "models/names.hpp"

#include <gtest/gtest.h>

#include <bit>

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
  EXPECT_EQ(dns_answer(row.rule, row.count, row.healthy), row.answer) << row.why;
}

INSTANTIATE_TEST_SUITE_P(Table, DnsAnswer,
                         testing::Values(AnswerRow{one, 2, 0b11, 0b01, "the first"}, AnswerRow{one, 2, 0b10, 0b10, "the first that is healthy"},
                                         AnswerRow{one, 2, 0, 0b01, "all sick: as if all were healthy"},
                                         AnswerRow{one, 1, 0, 0b1, "a single sick edge"}, AnswerRow{all, 2, 0b11, 0b11, "both"},
                                         AnswerRow{all, 2, 0b01, 0b01, "the healthy one"}, AnswerRow{all, 4, 0b1010, 0b1010, "every healthy one"},
                                         AnswerRow{all, 3, 0, 0b111, "all sick: all"},
                                         AnswerRow{all, 2, 0b100, 0b11, "a bit beyond the region's edges is nobody's health"},
                                         AnswerRow{all, 15, 0x7fff, 0x7fff, "as many as there can be"}));

TEST(DnsAnswer, IsNeverEmptyAndNeverNamesASickEdgeBesideAHealthyOne) {
  for (std::size_t count = 1; count <= 6; ++count) {
    for (TargetSet healthy = 0; healthy < (1U << count); ++healthy) {
      for (const auto rule : {one, all}) {
        const TargetSet answer = dns_answer(rule, count, healthy);
        ASSERT_NE(answer, 0);
        ASSERT_LT(answer, 1U << count);
        ASSERT_TRUE(healthy == 0 || (answer & ~healthy) == 0);
        ASSERT_TRUE(rule == all || std::popcount(answer) == 1);
      }
    }
  }
}

}  // namespace
}  // namespace trunklab
