// What is drawn at a call's birth besides its instant: talk time, answer, delays, patience.
#pragma once

#include <optional>

#include "models/planned_call.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

/// A demand's laws made ready for drawing.
class LifeLaws {
 public:
  /// The talk time comes from elsewhere (a trace) if `talk_is_given`.
  LifeLaws(const DemandSpec& demand, bool talk_is_given);

  /// Fills everything but `id`, `at` (and `talk` if that is given). `index` numbers the call among its owner's.
  void draw(const Luck& luck, Purpose purpose, std::uint64_t index, PlannedCall& call) const;

  /// Whether and when a call is answered differs from call to call, its answer apart.
  [[nodiscard]] bool needs_luck_to_get_through() const { return !post_dial_.fixed() || !ring_.fixed() || !patience_.fixed(); }
  [[nodiscard]] const DurationLaw& talk() const { return talk_; }

 private:
  [[nodiscard]] PstnAnswer answer(double u) const;

  DurationLaw talk_;
  DurationLaw post_dial_;
  DurationLaw ring_;
  DurationLaw patience_;
  double busy_from_;  ///< shares of the answer mix, cumulated
  double no_answer_from_;
  double rejected_from_;
  double caller_hangs_up_;
  bool talk_is_given_;
  bool needs_first_block_;
  bool needs_second_block_;
};

}  // namespace trunklab
