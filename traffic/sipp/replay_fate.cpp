// The undisturbed fate of a call.
#include "traffic/sipp/replay_fate.hpp"

#include <algorithm>

namespace trunklab {

namespace {

std::uint16_t code_of(PstnAnswer answer) {
  switch (answer) {
    case PstnAnswer::answered: return 200;
    case PstnAnswer::busy: return 486;
    case PstnAnswer::no_answer: return 480;
    case PstnAnswer::rejected: return 603;
  }
  return 0;
}

Outcome outcome_of(std::uint16_t code) {
  switch (code) {
    case 200: return Outcome::answered;
    case 486: return Outcome::busy;
    case 480: return Outcome::no_answer;
    case 603: return Outcome::rejected;
    default: return Outcome::failed;
  }
}

}  // namespace

ReplayPart part_of(const PlannedCall& call, const ReplayGroup& group, std::uint16_t number_format_code, bool contact_centre) {
  if (group.direction == Direction::origination) {
    if (contact_centre) return {.delay = Span::zero(), .ring = Span::zero(), .code = 200};
    return {.delay = Span::zero(), .ring = call.ring, .code = code_of(call.answer)};
  }
  if (!call.e164) return {.delay = Span::zero(), .ring = Span::zero(), .code = number_format_code};
  const bool rings = call.answer == PstnAnswer::answered || call.answer == PstnAnswer::no_answer;
  return {.delay = call.post_dial, .ring = rings ? call.ring : Span::zero(), .code = code_of(call.answer)};
}

ReplayFate fate_of(const PlannedCall& call, const ReplayPart& part, const ReplayGroup& group) {
  if (part.delay >= group.no_progress) {  // a hunt from target to target, all of them too slow
    const Span last = group.no_progress * static_cast<std::int64_t>(group.targets.size());
    const Span over = group.give_up_after < last ? (group.give_up_after / group.no_progress + 1) * group.no_progress : last;
    if (call.patience <= over) return {.outcome = Outcome::abandoned, .decided = call.patience};
    return {.outcome = Outcome::failed, .decided = over};
  }
  const bool rang_out = part.ring > sip::timer_c;
  const Span decided = part.delay + (rang_out ? sip::timer_c : part.ring);
  if (call.patience < decided) return {.outcome = Outcome::abandoned, .decided = call.patience};
  return {.outcome = rang_out ? Outcome::no_answer : outcome_of(part.code), .decided = decided};
}

}  // namespace trunklab
