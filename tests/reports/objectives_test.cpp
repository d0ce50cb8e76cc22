// Objectives against measures.
#include "reports/objectives.hpp"

#include <gmock/gmock.h>

#include "tests/reports/example.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

Measure figure(const char* name, const char* entity, double mean, const char* note = "") {
  return {.name = name, .entity = entity, .unit = "", .mean = mean, .low = {}, .high = {}, .n = 1, .note = note};
}

const Objectives all{.blocking = Probability{0.01}, .failover = 10s, .answer_seizure_ratio = Probability{0.6}};
const Instant end = example::at(14'400);

TEST(Objectives, AreMetAtTheirLimitAndMissedBeyond) {
  const Directory directory = example::directory();
  const auto verdicts = judge(all, directory,
                              std::vector{figure("blocking", "total", 0.01), figure("asr", "total", 0.5999), figure("failover_s", "fault/0", 10),
                                          figure("failover_s", "fault/1", 10.5)},
                              end);
  EXPECT_EQ(verdicts_text(verdicts), R"(objective met:    blocking 1 %, at most 1 %
objective missed: answer-seizure ratio 60 %, at least 60 %
objective met:    failover of euc1/1 crash 10 s, at most 10 s
objective missed: failover of use1/1 crash 11 s, at most 10 s
)");
  EXPECT_FALSE(all_met(verdicts));
  EXPECT_TRUE(all_met(std::vector{verdicts[0], verdicts[2]}));
}

TEST(Objectives, ThatNothingSpeaksOfAreNotMet) {
  const auto verdicts = judge(all, example::directory(), {}, end);
  ASSERT_THAT(verdicts, SizeIs(4));
  for (const Verdict& verdict : verdicts) EXPECT_EQ(verdict.kind, Verdict::Kind::not_judged);
  EXPECT_FALSE(all_met(verdicts));
  EXPECT_THAT(judge({}, example::directory(), {}, end), IsEmpty());
}

TEST(Objectives, AnOutageThatOutlivesTheRunMissesHoweverShortItWasSeen) {
  const std::vector measures{figure("failover_s", "fault/0", 5, "not before repair"), figure("failover_s", "fault/1", 5, "not before repair")};
  const auto verdicts = judge({.blocking = {}, .failover = 10s, .answer_seizure_ratio = {}}, example::directory(), measures, end);
  ASSERT_THAT(verdicts, SizeIs(2));
  EXPECT_EQ(verdicts[0].kind, Verdict::Kind::met) << "the first one was repaired after 900 s, and over then";
  EXPECT_EQ(verdicts[1].kind, Verdict::Kind::missed);
  EXPECT_EQ(verdicts[1].text, "failover of use1/1 crash more than 5.0 s, at most 10 s");
}

TEST(Objectives, OfSetUpAndQualityAreJudgedByPercentiles) {
  const Objectives objectives{.blocking = {}, .failover = {}, .answer_seizure_ratio = {}, .setup_delay = 5s, .quality = 4};
  const auto verdicts = judge(objectives, example::directory(), std::vector{figure("pdd_p95", "total", 4.93), figure("mos_p5", "total", 3.9)}, end);
  EXPECT_EQ(verdicts_text(verdicts), R"(objective met:    set-up delay of 95 % of the calls 4.9 s, at most 5.0 s
objective missed: MOS of 95 % of the talks 3.90, at least 4.00
)");
  const auto unknown = judge(objectives, example::directory(), {}, end);
  EXPECT_EQ(unknown[1].text, "MOS of 95 % of the talks, since no talk was rated: give the demand codecs");
}

}  // namespace
}  // namespace trunklab
