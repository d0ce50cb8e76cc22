// Drawing a call's life. Each quantity has its own word, so that a changed law leaves the others' luck alone.
#include "traffic/demand/life.hpp"

#include <algorithm>
#include <limits>

namespace trunklab {

namespace {

/// Whole microseconds; from 2^32 of them on, 71 minutes, a patience is as good as endless (ours).
Span on_patience_grid(Span patience) {
  const auto whole = std::chrono::floor<std::chrono::microseconds>(patience);
  return whole.count() >= std::numeric_limits<std::uint32_t>::max() ? endless : Span{whole};
}

}  // namespace

LifeLaws::FarSide::FarSide(const DemandSpec& demand, const DestinationSpec* destination)
    : post_dial(destination && destination->post_dial_delay ? *destination->post_dial_delay : demand.post_dial_delay),
      ring(destination && destination->ring_time ? *destination->ring_time : demand.ring_time) {
  const AnswerMix& mix = destination && destination->answer ? *destination->answer : demand.answer;
  busy_from = mix.answered.value();
  no_answer_from = busy_from + mix.busy.value();
  rejected_from = no_answer_from + mix.no_answer.value();
  share_until = destination ? destination->share.value() : 1;
}

LifeLaws::LifeLaws(const DemandSpec& demand, bool talk_is_given)
    : talk_(demand.holding),
      patience_(demand.patience),
      caller_hangs_up_(demand.caller_hangs_up.value()),
      not_e164_(demand.not_e164.value()),
      unknown_caller_id_(demand.unknown_caller_id.value()),
      talk_is_given_(talk_is_given),
      needs_second_block_(!patience_.fixed() || (caller_hangs_up_ > 0 && caller_hangs_up_ < 1)),
      needs_third_block_(not_e164_ > 0 || unknown_caller_id_ > 0 || demand.destinations.size() > 1) {
  double share = 0;
  for (const DestinationSpec& destination : demand.destinations) {
    far_.emplace_back(demand, &destination);
    far_.back().share_until = share += destination.share.value();
  }
  if (far_.empty()) far_.emplace_back(demand, nullptr);
  const auto varies = [](const FarSide& far) { return !far.fixed() || far.busy_from < 1; };
  needs_first_block_ = (!talk_is_given && !talk_.fixed()) || std::ranges::any_of(far_, varies);
}

PstnAnswer LifeLaws::FarSide::answer(double u) const {
  if (u < busy_from) return PstnAnswer::answered;
  if (u < no_answer_from) return PstnAnswer::busy;
  if (u < rejected_from) return PstnAnswer::no_answer;
  return PstnAnswer::rejected;
}

std::array<std::pair<PstnAnswer, double>, 4> LifeLaws::answer_shares(std::uint8_t destination) const {
  const FarSide& far = far_[destination];
  return {{{PstnAnswer::answered, far.busy_from},
           {PstnAnswer::busy, far.no_answer_from - far.busy_from},
           {PstnAnswer::no_answer, far.rejected_from - far.no_answer_from},
           {PstnAnswer::rejected, 1 - far.rejected_from}}};
}

void LifeLaws::draw_third_block(const Luck::Block& words, PlannedCall& call) const {
  const double u = unit_interval(words[0]);
  while (call.destination + 1U < far_.size() && u >= far_[call.destination].share_until) ++call.destination;
  call.e164 = unit_interval(words[1]) >= not_e164_;
  call.known_caller_id = unit_interval(words[2]) >= unknown_caller_id_;
}

void LifeLaws::draw(const Luck& luck, Purpose purpose, std::uint64_t index, PlannedCall& call, std::uint32_t attempt) const {
  constexpr double middle = 0.5;  // a fixed law gives the same for every share
  constexpr std::uint32_t third_block = 3;
  if (needs_third_block_) draw_third_block(luck.block(purpose, index, third_block, attempt), call);
  const FarSide& far = far_[call.destination];
  Luck::Block words{};
  if (needs_first_block_) words = luck.block(purpose, index, 0, attempt);
  if (!talk_is_given_) call.talk = talk_.quantile(talk_.fixed() ? middle : unit_interval(words[0]));
  call.answer = far.busy_from < 1 ? far.answer(unit_interval(words[1])) : PstnAnswer::answered;
  call.post_dial = far.post_dial.quantile(far.post_dial.fixed() ? middle : unit_interval(words[2]));
  call.ring = far.ring.quantile(far.ring.fixed() ? middle : unit_interval(words[3]));
  if (needs_second_block_) words = luck.block(purpose, index, 1, attempt);
  call.patience = on_patience_grid(patience_.quantile(patience_.fixed() ? middle : unit_interval(words[0])));
  call.caller_hangs_up = caller_hangs_up_ >= 1 || (caller_hangs_up_ > 0 && unit_interval(words[1]) < caller_hangs_up_);
}

}  // namespace trunklab
