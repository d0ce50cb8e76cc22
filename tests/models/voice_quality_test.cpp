// The E-model against figures from elsewhere, and what must hold of it whatever they are.
#include "models/media/voice_quality.hpp"

#include <gtest/gtest.h>

namespace trunklab {
namespace {

using namespace std::chrono_literals;

/// The figures are given with so many decimals.
constexpr double four_decimals = 5e-5;
constexpr double six_decimals = 5e-7;

// Oracle: a public E-model for measurements of flent, which has No and Is of G.107's defaults, (7-3) and (7-8), as constants.
TEST(EModel, DefaultsGiveTheIntermediateValuesOfOtherImplementations) {
  const EmodelResult result = e_model({});
  EXPECT_NEAR(result.no, -61.17921438624169, 1e-12);
  EXPECT_NEAR(result.ro, 94.768822, six_decimals);
  EXPECT_NEAR(result.is, 1.413568, six_decimals);
  EXPECT_NEAR(e_model({.t = 100}).is, 1.4135680813438616, 1e-12) << "its constant leaves out that sidetone and an early echo add up";
  EXPECT_NEAR(result.idle, 0.149046, six_decimals);
  EXPECT_EQ(result.ie_eff, 0);
  EXPECT_NEAR(result.r, 93.206208, six_decimals) << "G.107 rounds it to 93.2";
  EXPECT_NEAR(mos_of(result.r), 4.409406, six_decimals);
}

struct Row {
  const char* name;
  SpeechPath path;
  double r;
  double mos;
};
class RatingTest : public testing::TestWithParam<Row> {};
TEST_P(RatingTest, MeetsTheFiguresOfOtherImplementations) {
  const double r = rating_of(GetParam().path);
  EXPECT_NEAR(r, GetParam().r, four_decimals);
  EXPECT_NEAR(mos_of(r), GetParam().mos, four_decimals);
}
// Worked out for our research notes (section 6) from the formulas of public implementations, before this code was written. Ie and Bpl: G.113
// appendix I.
INSTANTIATE_TEST_SUITE_P(Table, RatingTest,
                         testing::Values(Row{"G711At0ms", {.bpl = 4.3}, 93.206208, 4.409406},                                 //
                                         Row{"G711At100ms", {.one_way = 100ms, .bpl = 4.3}, 90.6637, 4.3549},                 //
                                         Row{"G711At150ms", {.one_way = 150ms, .bpl = 4.3}, 89.5391, 4.3275},                 //
                                         Row{"G711At250ms", {.one_way = 250ms, .bpl = 4.3}, 79.1771, 3.9925},                 //
                                         Row{"G711With1PercentLost", {.loss = 0.01, .bpl = 4.3}, 75.2817, 3.8339},            //
                                         Row{"G711ConcealedWith1PercentLost", {.loss = 0.01, .bpl = 25.1}, 89.5664, 4.3282},  //
                                         Row{"G729A", {.ie = 11, .bpl = 19}, 82.2062, 4.1046},                                //
                                         Row{"G729AAt150msWith1PercentLost", {150ms, 0.01, 11, 19}, 74.3391, 3.7933},         //
                                         Row{"G711ConcealedAt150msWith3PercentLost", {150ms, 0.03, 0, 25.1}, 79.3968, 4.0010}),
                         [](const auto& test) { return test.param.name; });

// Equation (7-20) counts talker echo from 1 ms on, and begins a little below 0.
TEST(Rating, FallsWithDelayFromOneMillisecondOn) {
  double last = rating_of({.one_way = 1ms});
  EXPECT_NEAR(last, rating_of({}), 0.06);
  for (int ms = 2; ms <= 1000; ++ms) {
    const double r = rating_of({.one_way = std::chrono::milliseconds{ms}});
    ASSERT_LT(r, last) << ms;
    last = r;
  }
}

TEST(Rating, FallsWithLossAndLossIsWorseWithoutConcealment) {
  double last = rating_of({});
  for (int percent = 1; percent <= 100; ++percent) {
    const double r = rating_of({.loss = percent / 100.0});
    ASSERT_LT(r, last) << percent;
    ASSERT_LT(rating_of({.loss = percent / 100.0, .bpl = 4.3}), r);
    last = r;
  }
}

TEST(Rating, FallsByTheImpairmentOfACodecWhereNothingIsLost) {
  EXPECT_NEAR(rating_of({}) - rating_of({.ie = 22}), 22, 1e-12) << "two G.729A in tandem";
}

TEST(Rating, StaysOnTheScale) {
  for (const Span one_way : {Span{0}, Span{150ms}, Span{2s}, Span{60s}}) {
    for (const double loss : {0.0, 0.5, 1.0}) {
      for (const double ie : {0.0, 40.0, 95.0, 200.0}) {
        const double r = rating_of({.one_way = one_way, .loss = loss, .ie = ie, .bpl = 1});
        EXPECT_GE(r, 0);
        EXPECT_LE(r, 93.21);
      }
    }
  }
}

TEST(EModel, LossInBurstsIsWorse) {
  EXPECT_LT(e_model({.ppl = 5, .burst_r = 2}).r, e_model({.ppl = 5}).r);
}

TEST(EModel, MoreSensitiveDelayClassesNoticeDelayEarlier) {
  EXPECT_GT(e_model({.ta = 140, .st = 0.4, .mt = 150}).r, e_model({.ta = 140, .st = 0.55, .mt = 120}).r);
  EXPECT_EQ(e_model({.ta = 140, .st = 0.4, .mt = 150}).r, e_model({}).r);
}

TEST(EModel, EchoIsWorseTheLaterAndTheLouder) {
  EXPECT_LT(e_model({.telr = 35, .t = 100}).r, e_model({.telr = 45, .t = 100}).r);
  EXPECT_LT(e_model({.telr = 35, .t = 200}).r, e_model({.telr = 35, .t = 100}).r);
  EXPECT_LT(e_model({.stmr = 20, .t = 100}).r, e_model({.t = 100}).r) << "sidetone that is too weak";
  EXPECT_LT(e_model({.stmr = 5, .t = 100}).r, e_model({.t = 100}).r) << "sidetone that is too strong";
}

TEST(EModel, AnAdvantageIsAdded) {
  EXPECT_EQ(e_model({.a = 10}).r, e_model({}).r + 10);
}

TEST(MeanOpinionScore, RunsFromOneToFourAndAHalfAndNeverFalls) {
  EXPECT_EQ(mos_of(-5), 1);
  EXPECT_EQ(mos_of(0), 1);
  EXPECT_EQ(mos_of(3), 1) << "G.107's polynomial says 0.99 here";
  EXPECT_EQ(mos_of(100), 4.5);
  EXPECT_EQ(mos_of(120), 4.5);
  double last = 1;
  for (int i = 1; i < 1000; ++i) {
    const double mos = mos_of(i / 10.0);
    ASSERT_GE(mos, last) << i;
    ASSERT_LE(mos, 4.5);
    last = mos;
  }
}

// G.107 annex B, table B.1: lower limits of R and MOS for users very satisfied, satisfied, some, many, nearly all dissatisfied.
TEST(MeanOpinionScore, HasTheClassesOfG107) {
  constexpr double as_printed = 0.01;  // two decimals; 4.024 is printed as 4.03
  EXPECT_NEAR(mos_of(90), 4.34, as_printed);
  EXPECT_NEAR(mos_of(80), 4.03, as_printed);
  EXPECT_NEAR(mos_of(70), 3.60, as_printed);
  EXPECT_NEAR(mos_of(60), 3.10, as_printed);
  EXPECT_NEAR(mos_of(50), 2.58, as_printed);
}

TEST(CodingDelay, IsAPacketAndTheLookAhead) {
  EXPECT_EQ(coding_delay({.codec = Codec::pcma}), 20ms);
  EXPECT_EQ(coding_delay({.codec = Codec::pcmu, .ptime = 10ms}), 10ms);
  EXPECT_EQ(coding_delay({.codec = Codec::g729}), 25ms);
  EXPECT_EQ(coding_delay({.codec = Codec::opus}), 26'500us);
}

}  // namespace
}  // namespace trunklab
