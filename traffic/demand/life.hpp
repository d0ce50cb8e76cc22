// What is drawn at a call's birth besides its instant: talk time, answer, delays, patience.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include "models/planned_call.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

/// A demand's laws made ready for drawing.
class LifeLaws {
 public:
  /// The talk time comes from elsewhere (a trace) if `talk_is_given`.
  LifeLaws(const DemandSpec& demand, bool talk_is_given);

  /// Fills everything but `id`, `at` (and `talk` if that is given). `index` numbers the call among its owner's, `attempt` its redials.
  void draw(const Luck& luck, Purpose purpose, std::uint64_t index, PlannedCall& call, std::uint32_t attempt = 0) const;

  /// Whether and when a call is answered differs from call to call, its answer apart.
  [[nodiscard]] bool needs_luck_to_get_through() const { return needs_third_block_ || !far_.front().fixed() || !patience_.fixed(); }
  [[nodiscard]] const DurationLaw& talk() const { return talk_; }
  /// How the called side answers at a destination, with the probability of each.
  [[nodiscard]] std::array<std::pair<PstnAnswer, double>, 4> answer_shares(std::uint8_t destination) const;

 private:
  /// What the called side does, of one destination.
  struct FarSide {
    FarSide(const DemandSpec& demand, const DestinationSpec* destination);
    [[nodiscard]] PstnAnswer answer(double u) const;
    [[nodiscard]] bool fixed() const { return post_dial.fixed() && ring.fixed(); }
    DurationLaw post_dial;
    DurationLaw ring;
    double busy_from;  ///< shares of the answer mix, cumulated
    double no_answer_from;
    double rejected_from;
    double share_until;  ///< shares of the destinations, cumulated
  };
  void draw_third_block(const Luck::Block& words, PlannedCall& call) const;

  DurationLaw talk_;
  DurationLaw patience_;
  std::vector<FarSide> far_;  ///< by destination; one if all calls are alike
  double caller_hangs_up_;
  double not_e164_;
  double unknown_caller_id_;
  bool talk_is_given_;
  bool needs_first_block_;
  bool needs_second_block_;
  bool needs_third_block_;
};

}  // namespace trunklab
