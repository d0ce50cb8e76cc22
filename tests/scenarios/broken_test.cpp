// Every file under scenarios/broken is refused with exactly the messages beside it.
#include <gtest/gtest.h>

#include <cstdlib>

#include "scenarios/reader.hpp"
#include "tests/scenarios/files.hpp"

namespace trunklab {
namespace {

class BrokenScenario : public testing::TestWithParam<std::string> {};

// With TRUNKLAB_REWRITE_GOLDEN set, the expected messages are written anew: look at the difference before it is committed.
TEST_P(BrokenScenario, IsAnsweredWithExactlyItsMessages) {
  const ScopedFolder folder(TRUNKLAB_SOURCE_DIR);
  const std::filesystem::path file = "scenarios/broken/" + GetParam() + ".yaml";
  const std::filesystem::path expected = "scenarios/broken/" + GetParam() + ".expected";
  const Result<Scenario> result = read_scenario(file);
  ASSERT_FALSE(result);
  const std::string messages = text_of(result.problems());
  if (std::getenv("TRUNKLAB_REWRITE_GOLDEN")) write_file(expected, messages);
  EXPECT_EQ(messages, text_of(expected));
}

INSTANTIATE_TEST_SUITE_P(All, BrokenScenario, testing::ValuesIn(names_in("scenarios/broken")), name_of);

TEST(BrokenScenarios, CoverAtLeastThirtyFiveFiles) {
  EXPECT_GE(names_in("scenarios/broken").size(), 35U);
}

}  // namespace
}  // namespace trunklab
