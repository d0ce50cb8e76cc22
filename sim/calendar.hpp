// The call plane's event queue: a calendar whose days are lists threaded through the calls themselves, so that an event costs no memory of its own.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/call_slab.hpp"

namespace trunklab {

/// Events in the order (instant, rank, who asked first). Amortised O(1) an event as long as the day length suits the traffic; it adapts.
/// Source of the idea: R. Brown, Calendar queues, CACM 31 (1988) 1220.
class Calendar {
 public:
  explicit Calendar(CallSlab& calls);

  /// Enters the slot's pending event (its `at` and `step`). A slot may be entered once at a time. at >= the last instant asked for.
  void enter(SlotIndex slot);

  /// An event of today. Instant and rank in one number, so that one comparison orders them: 62 bits of nanoseconds are 146 years.
  struct Due {
    std::uint64_t order;
    SlotIndex slot;
    Due(Instant at, Rank rank, SlotIndex call)
        : order(static_cast<std::uint64_t>((at - run_start).count()) << 2U | static_cast<std::uint64_t>(rank)), slot(call) {}
    [[nodiscard]] Instant at() const { return run_start + Span{static_cast<Span::rep>(order >> 2U)}; }
  };
  /// The first event at or before `limit`, or nullptr. Stays valid until the next call of anything.
  const Due* due_by(Instant limit);
  /// Takes away what due_by() returned.
  void pop() {
    now_ = due_[next_++].at();
    --size_;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return days_.capacity() * sizeof(SlotIndex) + due_.capacity() * sizeof(Due); }

 private:
  using Day = std::int64_t;
  [[nodiscard]] Day day_of(Instant at) const { return (at - run_start).count() >> shift_; }
  [[nodiscard]] SlotIndex& list_of(Day day) { return days_[static_cast<std::size_t>(day) & (days_.size() - 1)]; }
  void enter_today(const Due& due);
  bool open_day();
  void sort_today();
  [[nodiscard]] Day first_day() const;
  /// Distributes all events anew, a day being 2^shift ns.
  void rebuild(unsigned shift);
  [[nodiscard]] unsigned first_guess() const;
  void review();

  CallSlab& calls_;
  std::vector<SlotIndex> days_;  ///< newest first; a list holds the days that are equal modulo its size
  std::vector<Due> due_;         ///< events of today and before, sorted; those below next_ are done
  std::size_t next_ = 0;
  std::size_t size_ = 0;
  Day today_ = -1;
  Instant now_ = run_start;        ///< of the last event taken away
  unsigned shift_ = 30;            ///< a day is 2^shift_ ns
  bool reviewed_ = false;          ///< the day length comes from a review, not from a guess
  std::uint32_t opened_days_ = 0;  ///< since the last review
  std::uint32_t opened_events_ = 0;
};

}  // namespace trunklab
