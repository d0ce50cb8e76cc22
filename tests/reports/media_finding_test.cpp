// What is said of media: every reason in its own words, and nothing where nothing was wrong.
#include "reports/media_finding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/example.hpp"

namespace trunklab {
namespace {

using testing::HasSubstr;

Measure measure(const char* entity, const char* name, double mean) {
  Measure measure;
  measure.name = name;
  measure.entity = entity;
  measure.mean = mean;
  return measure;
}

TEST(MediaFinding, SaysWhyThereWasNoPort) {
  RunInfo info = example::info();
  info.replications = 1;
  const std::vector measures{measure("region/euc1", "refused_leaked", 12), measure("region/euc1", "refused_from", 3600.9),
                             measure("region/euc1", "ports_leaked_max", 10000), measure("region/euc1", "ports_max", 220)};
  EXPECT_EQ(media_finding_text(info, measures),
            "region/euc1: no RTP port for 12 INVITEs, the first of them after 1 h (2026-03-02\n  10:00:00 +01:00).\n"
            "  12 of them: 10000 ports were held for calls that were over, and never given\n"
            "    back in time; calls themselves never used more than 220\n");
}

TEST(MediaFinding, TellsOfCollisionsThatAreWorthAWordAndOfSilence) {
  const std::vector measures{measure("site/oslo", "port_requests", 1000), measure("site/oslo", "port_collisions", 2),
                             measure("site/oslo", "port_reuse_p5", 0.02), measure("site/oslo", "one_way", 3),
                             measure("site/oslo", "answered", 9),         measure("region/euc1", "port_requests", 10000),
                             measure("region/euc1", "port_collisions", 2)};
  const std::string text = media_finding_text(example::info(), measures);
  EXPECT_THAT(text, HasSubstr("site/oslo: 2 times a port was given out again"));
  EXPECT_THAT(text, HasSubstr("of 9 answered calls, in 3 only one side heard the other"));
  EXPECT_EQ(text.find("region/euc1"), std::string::npos) << "one in five thousand";
}

TEST(MediaFinding, SaysNothingWhereNothingIsWrong) {
  EXPECT_EQ(media_finding_text(example::info(), std::vector{measure("site/oslo", "ports_max", 20), measure("total", "refused_leaked", 3)}), "");
}

}  // namespace
}  // namespace trunklab
