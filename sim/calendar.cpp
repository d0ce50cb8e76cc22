// Keeping about one or two events in a day.
#include "sim/calendar.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace trunklab {

namespace {
constexpr std::size_t days_min = 16;
constexpr std::uint32_t review_after = 4096;
/// A list holds at most so many events on average before there are more lists.
constexpr std::size_t crowd = 2;
/// Days of 2^40 ns (18 min): longer ones would save nothing.
constexpr int shift_max = 40;
}  // namespace

Calendar::Calendar(CallSlab& calls) : calls_(calls), days_(days_min, no_slot) {}

void Calendar::enter(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  assert(call.at >= run_start);
  ++size_;
  const Day day = day_of(call.at);
  if (day <= today_) return enter_today({call.at, rank_of(call.pending()), slot});
  SlotIndex& list = list_of(day);
  call.next = list;
  list = slot;
  if (size_ - (due_.size() - next_) > crowd * days_.size()) rebuild(reviewed_ ? shift_ : first_guess());
}

void Calendar::enter_today(const Due& due) {
  assert(next_ == 0 || due.at() >= due_[next_ - 1].at());
  const auto open = due_.begin() + static_cast<std::ptrdiff_t>(next_);
  // After its equals: who asked first goes first.
  const auto place = std::ranges::upper_bound(open, due_.end(), due.order, {}, &Due::order);
  due_.insert(place, due);
  ++opened_events_;
}

const Calendar::Due* Calendar::due_by(Instant limit) {
  // A rebuild costs as much as it has events: not before as many have come.
  if (opened_days_ + opened_events_ >= std::max<std::size_t>(review_after, size_)) review();
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
  }
  const Due& first = due_[next_];
  return first.at() <= limit ? &first : nullptr;
}

bool Calendar::open_day() {
  ++opened_days_;
  // With a million calls the next days' slots are far away in memory: ask for one in time (10 % there, nothing lost with few calls).
  constexpr Day ahead = 4;
  if (const SlotIndex soon = list_of(today_ + ahead); soon != no_slot) __builtin_prefetch(&calls_[soon]);
  SlotIndex* link = &list_of(today_);
  if (*link == no_slot) return false;
  while (*link != no_slot) {
    CallSlot& call = calls_[*link];
    if (day_of(call.at) == today_) {
      due_.emplace_back(call.at, rank_of(call.pending()), *link);
      *link = call.next;
    } else {
      link = &call.next;
    }
  }
  if (due_.size() > 1) sort_today();
  opened_events_ += static_cast<std::uint32_t>(due_.size());
  return !due_.empty();
}

/// The list held the newest first: of equals, the one further back was entered earlier and goes first.
void Calendar::sort_today() {
  if (due_.size() > 16) {
    std::ranges::reverse(due_);
    std::ranges::stable_sort(due_, {}, &Due::order);
    return;
  }
  for (std::size_t i = 1; i < due_.size(); ++i) {
    const Due moving = due_[i];
    std::size_t place = i;
    for (; place > 0 && due_[place - 1].order >= moving.order; --place) due_[place] = due_[place - 1];
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
  // Wanted: about two events a day. Fewer, and most time goes into turning pages; more, and it goes into sorting.
  constexpr double wanted = 2;
  const double found = std::max(1.0, static_cast<double>(opened_events_)) / std::max(1.0, static_cast<double>(opened_days_));
  opened_days_ = 0;
  opened_events_ = 0;
  const int longer = static_cast<int>(std::lround(std::log2(wanted / found)));
  if (std::abs(longer) < 2) return;  // near enough
  reviewed_ = true;
  rebuild(static_cast<unsigned>(std::clamp(static_cast<int>(shift_) + longer, 0, shift_max)));
}

/// Before anything is known about the traffic: a year of twice the mean time that an event still has to wait.
unsigned Calendar::first_guess() const {
  const Instant now = run_start + Span{std::max<Day>(today_, 0) << shift_};
  double remaining_ns = 0;
  std::size_t waiting = 0;
  for (SlotIndex slot : days_) {
    for (; slot != no_slot; slot = calls_[slot].next) {
      remaining_ns += static_cast<double>((calls_[slot].at - now).count());
      ++waiting;
    }
  }
  const double day_ns = 2 * remaining_ns / static_cast<double>(std::max<std::size_t>(waiting, 1)) / static_cast<double>(days_.size());
  const auto length = static_cast<std::uint64_t>(std::clamp(day_ns, 1.0, 0x1p62));
  return std::min(static_cast<unsigned>(std::bit_width(length)) - 1, static_cast<unsigned>(shift_max));
}

void Calendar::rebuild(unsigned shift) {
  std::vector<SlotIndex> waiting;  // newest first within each instant
  waiting.reserve(size_);
  for (SlotIndex slot : days_) {
    for (; slot != no_slot; slot = calls_[slot].next) waiting.push_back(slot);
  }
  // Today's events go back too: a shorter day may end before them. Those of one instant are all here or all in a list.
  for (auto due = due_.rbegin(); due != due_.rend() - static_cast<std::ptrdiff_t>(next_); ++due) waiting.push_back(due->slot);
  due_.clear();
  next_ = 0;
  shift_ = shift;
  today_ = day_of(now_) - 1;
  days_.assign(std::bit_ceil(std::max(days_min, waiting.size())), no_slot);
  // Oldest first, so that newest ends up first again.
  for (auto slot = waiting.rbegin(); slot != waiting.rend(); ++slot) {
    SlotIndex& list = list_of(day_of(calls_[*slot].at));
    calls_[*slot].next = list;
    list = *slot;
  }
}

}  // namespace trunklab
