// Keeping about one or two events in a day.
#include "sim/calendar.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

namespace trunklab {

namespace {
constexpr std::size_t days_min = 16;
constexpr std::uint32_t review_after = 4096;
/// A list holds at most so many events on average before there are more lists.
constexpr std::size_t crowd = 2;
}  // namespace

Calendar::Calendar(CallSlab& calls) : calls_(calls), days_(days_min, no_slot) {}

void Calendar::enter(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  assert(call.at >= run_start);
  ++size_;
  const Day day = day_of(call.at);
  if (day <= today_) return enter_today({.at = call.at, .slot = slot, .rank = rank_of(call.pending())});
  SlotIndex& list = list_of(day);
  call.next = list;
  list = slot;
  if (size_ > crowd * days_.size()) rebuild();
}

void Calendar::enter_today(const Due& due) {
  assert(next_ == 0 || due.at >= due_[next_ - 1].at);
  const auto open = due_.begin() + static_cast<std::ptrdiff_t>(next_);
  // After its equals: who asked first goes first.
  const auto place = std::upper_bound(open, due_.end(), due, [](const Due& left, const Due& right) { return left.before(right); });
  due_.insert(place, due);
}

const Calendar::Due* Calendar::due_by(Instant limit) {
  if (next_ == due_.size()) {
    due_.clear();
    next_ = 0;
    const Day last = day_of(limit);
    if (size_ == 0) {
      today_ = std::max(today_, last);
      return nullptr;
    }
    std::size_t passed = 0;
    for (bool found = false; !found;) {
      if (today_ >= last) return nullptr;
      if (++passed > days_.size()) today_ = std::min(first_day(), last) - 1;  // a year without events: look where they are
      ++today_;
      found = open_day();
    }
    if (opened_days_ >= review_after) review();
  }
  const Due& first = due_[next_];
  return first.at <= limit ? &first : nullptr;
}

bool Calendar::open_day() {
  ++opened_days_;
  SlotIndex* link = &list_of(today_);
  if (*link == no_slot) return false;
  while (*link != no_slot) {
    CallSlot& call = calls_[*link];
    if (day_of(call.at) == today_) {
      due_.push_back({.at = call.at, .slot = *link, .rank = rank_of(call.pending())});
      *link = call.next;
    } else {
      link = &call.next;
    }
  }
  if (due_.size() > 1) sort_today();
  opened_events_ += static_cast<std::uint32_t>(due_.size());
  return !due_.empty();
}

void Calendar::sort_today() {
  std::ranges::reverse(due_);  // lists hold the newest first
  const auto before = [](const Due& left, const Due& right) { return left.before(right); };
  if (due_.size() > 16) {
    std::ranges::stable_sort(due_, before);
    return;
  }
  for (std::size_t i = 1; i < due_.size(); ++i) {
    const Due moving = due_[i];
    std::size_t place = i;
    for (; place > 0 && moving.before(due_[place - 1]); --place) due_[place] = due_[place - 1];
    due_[place] = moving;
  }
}

Calendar::Day Calendar::first_day() const {
  Day first = std::numeric_limits<Day>::max();
  for (SlotIndex slot : days_) {
    for (; slot != no_slot; slot = calls_[slot].next) first = std::min(first, day_of(calls_[slot].at));
  }
  return first;
}

void Calendar::review() {
  // Wanted: one to two events a day. Far from it, the traffic has changed.
  const bool crowded = opened_events_ > 6 * opened_days_;
  const bool deserted = opened_events_ * 6 < opened_days_ && days_.size() > days_min;
  opened_days_ = 0;
  opened_events_ = 0;
  if (crowded || deserted) rebuild();
}

void Calendar::rebuild() {
  std::vector<SlotIndex> waiting;  // newest first within each list, as they lie
  waiting.reserve(size_);
  const Instant now = run_start + Span{std::max<Day>(today_, 0) << shift_};
  double remaining_ns = 0;
  for (const SlotIndex first : days_) {
    for (SlotIndex slot = first; slot != no_slot; slot = calls_[slot].next) {
      waiting.push_back(slot);
      remaining_ns += static_cast<double>((calls_[slot].at - now).count());
    }
  }
  const std::size_t days = std::bit_floor(std::max(days_min, waiting.size()));
  // The year is twice the mean time that an event still has to wait: few events lie in a later one.
  const double day_ns = waiting.empty() ? 1e9 : 2 * remaining_ns / static_cast<double>(waiting.size()) / static_cast<double>(days);
  const auto wanted = static_cast<std::uint64_t>(std::clamp(day_ns, 1.0, 0x1p50));
  const Day reached = today_ < 0 ? -1 : ((today_ + 1) << shift_) - 1;  // last nanosecond of the days that are open
  shift_ = static_cast<unsigned>(std::bit_width(wanted)) - 1;
  today_ = reached < 0 ? -1 : reached >> shift_;
  days_.assign(days, no_slot);
  // Oldest first, so that newest ends up first again. Events of what is now today join it in their order.
  for (auto slot = waiting.rbegin(); slot != waiting.rend(); ++slot) {
    CallSlot& call = calls_[*slot];
    const Day day = day_of(call.at);
    if (day <= today_) {
      enter_today({.at = call.at, .slot = *slot, .rank = rank_of(call.pending())});
    } else {
      SlotIndex& list = list_of(day);
      call.next = list;
      list = *slot;
    }
  }
}

}  // namespace trunklab
