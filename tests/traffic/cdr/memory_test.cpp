// A million rows take no more memory than a fifth of them, but for the samples that grow up to their fixed sizes.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdio>

#include "tests/traffic/cdr/support.hpp"

namespace trunklab {
namespace {

class Memory : public testing::CallFiles {
 protected:
  /// Writes and tallies so many rows; the process's peak in kB.
  long peak_after(int rows) {
    std::FILE* const file = std::fopen("many.csv", "w");
    std::fputs("arrival,duration,src\n", file);
    for (int i = 0; i < rows; ++i) std::fprintf(file, "%d,%d,+4670%07d\n", 1'704'067'200 + i * 3, 1 + i * 7 % 600, i * 37 % 1'000'003);
    std::fclose(file);
    TallyWishes wishes;
    wishes.file.path = "many.csv";
    const auto tallies = tally_calls(wishes);
    EXPECT_TRUE(tallies);
    if (tallies) {
      EXPECT_EQ(tallies.value().kept, static_cast<std::uint64_t>(rows));
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  }
};

TEST_F(Memory, DoesNotGrowWithTheRows) {
#ifdef TRUNKLAB_SANITIZED
  GTEST_SKIP() << "the sanitizer's own memory grows";
#else
  const long before = peak_after(200'000);
  const long after = peak_after(1'000'000);
  EXPECT_LT(after - before, 16'000);  // hours' arrivals: up to 8 MB; rows held whole would be 40 MB and more
  EXPECT_LT(after, 200'000);
#endif
}

}  // namespace
}  // namespace trunklab
