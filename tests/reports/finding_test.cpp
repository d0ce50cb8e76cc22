// The finding, word for word, as a tired engineer reads it.
#include "reports/finding.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/reports/example.hpp"

namespace trunklab {
namespace {

TEST(Finding, TellsTheStoryOfEachFault) {
  const std::vector<std::vector<FaultImpact>> one{example::impacts()};
  EXPECT_EQ(finding_text(example::info(), example::directory(), one, example::advice()), R"()");
}

TEST(Finding, OfAFaultThatNobodyNoticed) {
  Directory directory = example::directory();
  directory.faults.pop_back();
  const std::vector<std::vector<FaultImpact>> runs{{FaultImpact{.fault = 0}}, {FaultImpact{.fault = 0}}};
  EXPECT_EQ(finding_text(example::info(), directory, runs, {}), R"()");
}

TEST(Finding, SaysSoIfNothingWouldHaveHelped) {
  const std::vector<std::vector<FaultImpact>> one{example::impacts()};
  const std::vector<AdviceRow> advice{{"as it is", 10, 3, 8, ""}, {"probe every 5 s", 9, 3.5, 8, ""}};
  const std::string text = finding_text(example::info(), example::directory(), one, advice);
  EXPECT_NE(text.find("None of the settings tried loses fewer calls."), std::string::npos) << text;
}

TEST(Finding, IsEmptyWithoutFaults) {
  EXPECT_EQ(finding_text(example::info(), {}, std::vector<std::vector<FaultImpact>>{{}}, example::advice()), "");
  EXPECT_EQ(finding_text(example::info(), example::directory(), {}, {}), "");
}

TEST(Finding, KeepsWithinAHundredColumns) {
  const std::vector<std::vector<FaultImpact>> one{example::impacts()};
  std::istringstream lines(finding_text(example::info(), example::directory(), one, example::advice()));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

}  // namespace
}  // namespace trunklab
