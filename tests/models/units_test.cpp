// Units: whole nanoseconds, no overflow past "never", quantities that cannot be swapped.
#include "models/units.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace trunklab {
namespace {

using namespace std::chrono_literals;

static_assert(CallsPerSecond{0.5} * 180s == Erlangs{90});
static_assert(180s * CallsPerSecond{0.5} == Erlangs{90});
static_assert(!std::is_convertible_v<double, Erlangs> && !std::is_convertible_v<Erlangs, Probability>);
static_assert(!std::is_constructible_v<Erlangs, CallsPerSecond>);
static_assert(Erlangs{1} < Erlangs{2} && Probability{0.5} == Probability{0.5});

TEST(Units, SecondsAreRoundedToTheNearestNanosecond) {
  struct Row {
    double seconds;
    Span span;
  };
  for (const auto& [seconds, span] : {Row{0, 0ns}, Row{1, 1s}, Row{0.1, 100ms}, Row{1.0 / 3, 333'333'333ns}, Row{2.0 / 3, 666'666'667ns},
                                      Row{0.4e-9, 0ns}, Row{0.6e-9, 1ns}, Row{-0.6e-9, -1ns}, Row{31'536'000, 8760h}}) {
    EXPECT_EQ(from_seconds(seconds), span) << seconds;
  }
}

TEST(Units, SecondsReadBackWhatWasWritten) {
  for (const Span span : {Span{1ns}, Span{17ms}, Span{86'400s}, Span{8760h}, Span{123'456'789ns}}) EXPECT_EQ(from_seconds(in_seconds(span)), span);
  EXPECT_EQ(in_seconds(run_start + 1500ms), 1.5);
}

TEST(Units, LaterStaysAtNever) {
  struct Row {
    Instant from;
    Span span;
    Instant result;
  };
  for (const auto& [from, span, result] : {Row{run_start, 1s, run_start + 1s}, Row{run_start + 1h, 0s, run_start + 1h},
                                           Row{run_start, endless, never}, Row{run_start + 1ns, endless, never}, Row{never, 0s, never},
                                           Row{never, 1s, never}, Row{never - 1s, 1s, never}, Row{never - 1s, 1s - 1ns, never - 1ns}}) {
    EXPECT_EQ(later(from, span), result) << from.time_since_epoch().count() << " + " << span.count();
  }
}

}  // namespace
}  // namespace trunklab
