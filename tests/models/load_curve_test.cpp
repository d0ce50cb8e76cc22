// Samples sorted into steps.
#include "models/measures/load_curve.hpp"

#include <gmock/gmock.h>

namespace trunklab {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

Instant at(int seconds) {
  return run_start + std::chrono::seconds{seconds};
}

TEST(LoadCurve, AveragesCountsOverAStepAndSumsSites) {
  LoadCurve curve(10s, 35s, 1);
  curve.samples(std::vector<Sample>{{at(1), Metric::offered, EntityKind::site, 0, 3},
                                    {at(10), Metric::offered, EntityKind::site, 1, 2},  // tells of the second that ends at 10 s
                                    {at(11), Metric::offered, EntityKind::site, 0, 1},
                                    {at(35), Metric::answered, EntityKind::site, 0, 4},
                                    {at(12), Metric::lost, EntityKind::site, 0, 5},
                                    {at(12), Metric::answered, EntityKind::edge, 0, 99},      // counted at the site already
                                    {at(12), Metric::concurrent, EntityKind::site, 0, 77}});  // edges carry calls
  curve.close();
  EXPECT_EQ(curve.size(), 4U);
  EXPECT_THAT(curve.offered(), ElementsAre(0.5F, 0.1F, 0, 0));
  EXPECT_THAT(curve.answered(), ElementsAre(0, 0, 0, 0.4F));
  EXPECT_THAT(curve.lost(), ElementsAre(0, 0.5F, 0, 0));
}

TEST(LoadCurve, KeepsAGaugeUntilItChanges) {
  LoadCurve curve(10s, 50s, 2);
  curve.samples(std::vector<Sample>{{at(12), Metric::concurrent, EntityKind::edge, 1, 7},
                                    {at(19), Metric::concurrent, EntityKind::edge, 1, 8},
                                    {at(41), Metric::concurrent, EntityKind::edge, 1, 2}});
  curve.close();
  EXPECT_THAT(curve.concurrent(1), ElementsAre(0, 8, 8, 8, 2));
  EXPECT_THAT(curve.concurrent(0), ElementsAre(0, 0, 0, 0, 0));
}

}  // namespace
}  // namespace trunklab
