// Drawing a call's life. Each quantity has its own word, so that a changed law leaves the others' luck alone.
#include "traffic/demand/life.hpp"

#include <limits>

namespace trunklab {

namespace {

/// The call plane keeps a patience in 32 bits of microseconds; more than that is as good as for ever.
Span on_patience_grid(Span patience) {
  const auto whole = std::chrono::floor<std::chrono::microseconds>(patience);
  return whole.count() >= std::numeric_limits<std::uint32_t>::max() ? endless : Span{whole};
}

}  // namespace

LifeLaws::LifeLaws(const DemandSpec& demand, bool talk_is_given)
    : talk_(demand.holding),
      post_dial_(demand.post_dial_delay),
      ring_(demand.ring_time),
      patience_(demand.patience),
      busy_from_(demand.answer.answered.value()),
      no_answer_from_(busy_from_ + demand.answer.busy.value()),
      rejected_from_(no_answer_from_ + demand.answer.no_answer.value()),
      caller_hangs_up_(demand.caller_hangs_up.value()),
      talk_is_given_(talk_is_given),
      needs_first_block_((!talk_is_given && !talk_.fixed()) || busy_from_ < 1 || !post_dial_.fixed() || !ring_.fixed()),
      needs_second_block_(!patience_.fixed() || (caller_hangs_up_ > 0 && caller_hangs_up_ < 1)) {}

PstnAnswer LifeLaws::answer(double u) const {
  if (u < busy_from_) return PstnAnswer::answered;
  if (u < no_answer_from_) return PstnAnswer::busy;
  if (u < rejected_from_) return PstnAnswer::no_answer;
  return PstnAnswer::rejected;
}

void LifeLaws::draw(const Luck& luck, Purpose purpose, std::uint64_t index, PlannedCall& call) const {
  constexpr double middle = 0.5;  // a fixed law gives the same for every share
  Luck::Block words{};
  if (needs_first_block_) words = luck.block(purpose, index, 0);
  if (!talk_is_given_) call.talk = talk_.quantile(talk_.fixed() ? middle : unit_interval(words[0]));
  call.answer = busy_from_ < 1 ? answer(unit_interval(words[1])) : PstnAnswer::answered;
  call.post_dial = post_dial_.quantile(post_dial_.fixed() ? middle : unit_interval(words[2]));
  call.ring = ring_.quantile(ring_.fixed() ? middle : unit_interval(words[3]));
  if (needs_second_block_) words = luck.block(purpose, index, 1);
  call.patience = on_patience_grid(patience_.quantile(patience_.fixed() ? middle : unit_interval(words[0])));
  call.caller_hangs_up = caller_hangs_up_ >= 1 || (caller_hangs_up_ > 0 && unit_interval(words[1]) < caller_hangs_up_);
}

}  // namespace trunklab
