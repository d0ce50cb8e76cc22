// What becomes of a call if nothing but the call itself decides: no fault, no cap, no delay on the way. What a replay is held against.
#pragma once

#include "models/record/record.hpp"
#include "traffic/sipp/replay_group.hpp"

namespace trunklab {

/// What the answering side is asked to play.
struct ReplayPart {
  Span delay{};            ///< INVITE -> first 18x, or the final code if `ring` is 0
  Span ring{};             ///< 18x -> final code
  std::uint16_t code = 0;  ///< final code
};

/// `contact_centre`: of the answering site, where somebody answers at once.
ReplayPart part_of(const PlannedCall& call, const ReplayGroup& group, std::uint16_t number_format_code, bool contact_centre);

/// How it ends, and how long that takes from dialling: until the answer, the refusal, or the caller's giving up.
struct ReplayFate {
  Outcome outcome = Outcome::answered;
  Span decided{};
};

/// Every target behaves alike, hears the INVITE at once and says 100 at once.
ReplayFate fate_of(const PlannedCall& call, const ReplayPart& part, const ReplayGroup& group);

}  // namespace trunklab
