// The finding, word for word, as a tired engineer reads it.
#include "reports/finding.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/reports/example.hpp"

namespace trunklab {
namespace {

TEST(Finding, TellsTheStoryOfEachFault) {
  const std::vector<std::vector<FaultImpact>> one{example::impacts()};
  EXPECT_EQ(finding_text(example::info(), example::directory(), one, example::advice()),
            R"(euc1/1 crash: 602 calls hit, 34 lost; new calls were normal after 8.5 s.
  began      02:00:00 of the run = 2026-03-02 11:00:00 +01:00 on site
  repaired   02:15:00 of the run = 2026-03-02 11:15:00 +01:00, 15 min later
  calls hit, by what they were doing when it began
    new        27: 3 lost, 24 set up late
    in set-up  35: 31 lost, 4 set up late
    talking    540: 540 hung up in vain (channel or billing ran on)
  late calls waited 4.1 s more on average
  talk time lost, all calls together: 1 h 42 min
  after the hang-up channels of the sites were held for 2 h, sessions of the
    service (and billing) for 24 h, all calls together

use1/1 crash: 400 calls hit, 400 lost; new calls were not normal before the run
  ended.
  began      02:30:00 of the run = 2026-03-02 11:30:00 +01:00 on site
  run ended  04:00:00 of the run = 2026-03-02 13:00:00 +01:00, 1 h 30 min later
  313 other calls got through that were lost without the fault: net 87 lost
  calls hit, by what they were doing when it began
    new        400: 400 lost
    in set-up  none
    talking    none

What would have helped most: target: addresses
  34 lost instead of 434; new calls normal after 8.5 s instead of 1 h 29 min

setting            lost   hit    failover
as it is            434  1002  1 h 29 min  target: single-address
target: addresses    34    71       8.5 s  moves on to the second edge after 4 s
                                           without an answer
target: fqdn        110   240        92 s
)");
}

TEST(Finding, OfAFaultThatNobodyNoticed) {
  Directory directory = example::directory();
  directory.faults.pop_back();
  const std::vector<std::vector<FaultImpact>> runs{{FaultImpact{.fault = 0}}, {FaultImpact{.fault = 0}}};
  EXPECT_EQ(finding_text(example::info(), directory, runs, {}), R"(euc1/1 crash: no call was hit; new calls noticed nothing.
  began      02:00:00 of the run = 2026-03-02 11:00:00 +01:00 on site
  repaired   02:15:00 of the run = 2026-03-02 11:15:00 +01:00, 15 min later
Means over 2 replications.
)");
}

TEST(Finding, TellsOfTheReturnAndOfSmallMeans) {
  FaultImpact impact{.fault = 0};
  impact.fresh = {.hit = 1, .lost = 0, .delayed = 1, .orphaned = 0};
  impact.extra_delay_s = 0.35;
  impact.failover_s = 4;
  impact.return_s = 65;
  Directory directory = example::directory();
  directory.faults.pop_back();
  const std::vector<std::vector<FaultImpact>> runs{{impact}, {FaultImpact{.fault = 0}}};
  EXPECT_EQ(finding_text(example::info(), directory, runs, {}), R"(euc1/1 crash: 0.5 calls hit, 0 lost; new calls were normal after 2.0 s.
  began      02:00:00 of the run = 2026-03-02 11:00:00 +01:00 on site
  repaired   02:15:00 of the run = 2026-03-02 11:15:00 +01:00, 15 min later
  calls hit, by what they were doing when it began
    new        0.5: 0.5 set up late
    in set-up  none
    talking    none
  late calls waited 350 ms more on average
  after the repair calls were disturbed for another 33 s
Means over 2 replications.
)");
}

TEST(Finding, OfBlockingThatOnlyChangedHands) {
  FaultImpact impact{.fault = 0};
  impact.fresh = {.hit = 40, .lost = 40, .gained = 52};
  Directory directory = example::directory();
  directory.faults.pop_back();
  const std::string text = finding_text(example::info(), directory, std::vector<std::vector<FaultImpact>>{{impact}}, {});
  EXPECT_TRUE(text.starts_with("euc1/1 crash: 40 calls hit, 40 lost; new calls met nothing worse than blocking.\n")) << text;
  EXPECT_NE(text.find("\n  52 other calls got through that were lost without the fault: net 12 won\n"), std::string::npos) << text;
}

TEST(Finding, SaysSoIfNothingWouldHaveHelped) {
  const std::vector<std::vector<FaultImpact>> one{example::impacts()};
  const std::vector<AdviceRow> advice{{"as it is", 10, 3, 8, ""}, {"probe every 5 s", 9, 3.5, 8, ""}};
  const std::string text = finding_text(example::info(), example::directory(), one, advice);
  EXPECT_NE(text.find("None of the settings tried would have helped."), std::string::npos) << text;
}

TEST(Finding, IsEmptyWithoutFaults) {
  EXPECT_EQ(finding_text(example::info(), {}, std::vector<std::vector<FaultImpact>>{{}}, example::advice()), "");
  EXPECT_EQ(finding_text(example::info(), example::directory(), {}, {}), "");
}

TEST(Finding, KeepsWithinEightyColumns) {
  const std::vector<std::vector<FaultImpact>> one{example::impacts()};
  std::istringstream lines(finding_text(example::info(), example::directory(), one, example::advice()));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(Finding, SaysWhoseChannelsWereStuck) {
  FaultImpact impact{.fault = 0};
  impact.talking = {.hit = 1, .orphaned = 1};
  impact.stuck_carrier_s = 90;
  Directory directory = example::directory();
  directory.faults.pop_back();
  const std::string text = finding_text(example::info(), directory, std::vector<std::vector<FaultImpact>>{{impact}}, {});
  EXPECT_NE(text.find("  after the hang-up sessions of the service (and billing) were held for 90 s,\n    all calls together\n"), std::string::npos)
      << text;
}

TEST(Advice, NamesTheGainThatThereIs) {
  const auto gain = [](AdviceRow as_it_is, AdviceRow best) {
    best.setting = "best";
    const std::string text = advice_text(std::vector{as_it_is, best});
    const std::size_t begin = text.find('\n') + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  EXPECT_EQ(gain({"", 40, 10, 60, ""}, {"", 30, 4, 20, ""}), "  4 lost instead of 10; new calls normal after 20 s instead of 60 s");
  EXPECT_EQ(gain({"", 40, 10, 60, ""}, {"", 30, 10, 20, ""}), "  10 lost all the same; new calls normal after 20 s instead of 60 s");
  EXPECT_EQ(gain({"", 40, 10, 60, ""}, {"", 30, 10, 60, ""}), "  10 lost all the same; 30 hit instead of 40");
  EXPECT_EQ(gain({"", 40, 0, 60, ""}, {"", 30, 0, 20, ""}), "  no call lost either way; new calls normal after 20 s instead of 60 s");
  EXPECT_EQ(advice_text(std::vector{AdviceRow{}}), "") << "nothing was tried";
  EXPECT_EQ(advice_text(std::vector(3, AdviceRow{"", 40, 10, 60, ""})), "None of the settings tried would have changed anything.\n");
}

}  // namespace
}  // namespace trunklab
