// What is dropped, what is only counted, and where each kind was met first.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/traffic/cdr/support.hpp"

namespace trunklab {
namespace {

using testing::count_of;
using testing::plain_calls;

class Cleaning : public testing::CallFiles {};

TEST_F(Cleaning, CountsEveryKindWithItsFirstLine) {
  std::string text = "arrival,holding,number\n";                                                                             // line 1
  for (int i = 0; i < 100; ++i) text += fmt::format("{},60,70{}\n", testing::local_text("2024-03-04T10:00:00", i * 60), i);  // lines 2 to 101
  text += "2024-03-04T12:00:00,-5,701\n";                                                                                    // 102: negative
  text += "2024-03-04T12:01:00,-7,702\n";                                                                                    // 103
  text += "2024-03-04T12:02:00,90000,703\n";                                                                                 // 104: 25 h
  text += "2024-03-04T12:03:00,600,704\n";                                                                                   // 105
  text += "2024-03-04T12:03:00,600,704\n";                                                                                   // 106: a duplicate
  text += "2024-03-04T12:05:00,10,704\n";  // 107: number 704 is still talking
  text += "2024-03-04T12:04:00,10,705\n";  // 108: earlier than the row before
  text += "2014-03-04T12:04:00,10,706\n";  // 109: ten years away, and earlier
  const auto tallies = tally_calls(wishes_for(text));
  ASSERT_TRUE(tallies) << text_of(tallies.problems());
  const auto expect = [&](Oddity oddity, std::uint64_t rows, std::size_t line) {
    EXPECT_EQ(count_of(tallies.value(), oddity).rows, rows) << words_of(oddity).key;
    EXPECT_EQ(count_of(tallies.value(), oddity).first_line, line) << words_of(oddity).key;
  };
  expect(Oddity::negative, 2, 102);
  expect(Oddity::absurd, 1, 104);
  expect(Oddity::duplicate, 1, 106);
  expect(Oddity::overlapping, 1, 107);
  expect(Oddity::out_of_order, 2, 108);
  expect(Oddity::far_away, 1, 109);
  EXPECT_EQ(tallies.value().rows, 108U);
  EXPECT_EQ(tallies.value().calls, 103) << "108 less the five that were dropped";
  EXPECT_EQ(tallies.value().days.size(), 1U);
}

TEST_F(Cleaning, KeepsEqualRowsWhereNothingTellsCallsApart) {
  const std::string text = "arrival,holding\n" + plain_calls("2024-03-04T10:00:00", 100) + "2024-03-04T11:39:00,60\n";
  TallyWishes wishes = wishes_for(text);
  const auto kept = tally_calls(wishes);
  EXPECT_EQ(count_of(kept.value(), Oddity::equal_row).rows, 1U);
  EXPECT_EQ(kept.value().kept, 101U);
  wishes.drops_equal_rows = true;
  const auto dropped = tally_calls(wishes);
  EXPECT_EQ(count_of(dropped.value(), Oddity::duplicate).rows, 1U);
  EXPECT_EQ(dropped.value().kept, 100U);
}

TEST_F(Cleaning, FindsADuplicateFarBack) {
  std::string text = "arrival,holding,id\n";
  for (int i = 0; i < 100'000; ++i) text += fmt::format("{},60,{}\n", 1709546400 + i, i);
  text += "1709546400,60,0\n";
  const auto tallies = tally_calls(wishes_for(text));
  EXPECT_EQ(count_of(tallies.value(), Oddity::duplicate).rows, 1U);
}

TEST_F(Cleaning, EstimatesRedialsBeyondThoseWhoCallAnyway) {
  // Of 400 numbers half fail; of those three quarters call again after 30 s (answered). Of the answered ones none does.
  std::string text = "arrival,holding,outcome,number\n";
  for (int i = 0; i < 400; ++i) {
    const int at = 1709546400 + i * 100;
    const bool fails = i % 2 == 0;
    text += fmt::format("{},10,{},46{:06}\n", at, fails ? "busy" : "answered", i);
    if (fails && i % 8 != 0) text += fmt::format("{},10,answered,46{:06}\n", at + 40, i);
  }
  const auto tallies = tally_calls(wishes_for(text));
  ASSERT_TRUE(tallies);
  const RedialSeen& redial = tallies.value().redial;
  EXPECT_EQ(redial.failed, 200U);
  EXPECT_EQ(redial.failed_then_again, 150U);
  ASSERT_TRUE(redial.probability());
  EXPECT_DOUBLE_EQ(*redial.probability(), 0.75);
  EXPECT_DOUBLE_EQ(redial.delay_sum_s / 150, 30);
}

TEST(Outcomes, AreUnderstood) {
  for (const char* word : {"ANSWERED", "NORMAL_CLEARING", "200", "16", "Agent", "ok"})
    EXPECT_EQ(meaning_of(word).answer, PstnAnswer::answered) << word;
  for (const char* word : {"BUSY", "USER_BUSY", "486", "17"}) EXPECT_EQ(meaning_of(word).answer, PstnAnswer::busy) << word;
  for (const char* word : {"NO ANSWER", "abandoned", "487", "19", "ORIGINATOR_CANCEL"})
    EXPECT_EQ(meaning_of(word).answer, PstnAnswer::no_answer) << word;
  for (const char* word : {"FAILED", "503", "CALL_REJECTED", "404"}) EXPECT_EQ(meaning_of(word).answer, PstnAnswer::rejected) << word;
  EXPECT_FALSE(meaning_of("transferred").known);
}

}  // namespace
}  // namespace trunklab
