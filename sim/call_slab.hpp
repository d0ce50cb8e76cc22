// The calls in progress, 56 bytes each, in chunks that never move.
#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/planned_call.hpp"
#include "models/record/record.hpp"
#include "models/units.hpp"

namespace trunklab {

using SlotIndex = std::uint32_t;
inline constexpr SlotIndex no_slot = 0xFFFFFFFF;

/// What a call's one pending event is. A call has exactly one at any time.
enum class Step : std::uint8_t {
  site_release,     ///< the callee's BYE reaches the site: its channel is freed
  caller_hangs_up,  ///< at the site
  callee_hangs_up,  ///< at the edge
  bye_at_edge,      ///< the caller's BYE (or CANCEL) passes the edge
  bye_from_edge,    ///< the callee's BYE, sent again, passes the edge
  no_response,      ///< timers of the site from here on
  no_progress,
  rang_too_long,  ///< Timer C
  abandon,
  media_timeout,    ///< the side that was not told hangs up
  callee_gives_up,  ///< the called side ends a call whose 200 nobody acknowledged
  refusal_heard,    ///< a final code >= 300 reaches the site
  progress,         ///< the called side's first answer passes the edge: 18x, or an early refusal
  final_answer,     ///< 200 or a late refusal passes the edge
  invite_arrives,   ///< at the edge
  none,             ///< a free slot
};

/// Order within one instant: what frees comes before what times out, that before what arrives, that before samples and control.
enum class Rank : std::uint8_t { release, timer, arrival };

constexpr Rank rank_of(Step step) {
  if (step <= Step::bye_from_edge) return Rank::release;
  return step == Step::invite_arrives ? Rank::arrival : Rank::timer;
}

inline constexpr std::uint8_t slot_no_cap = 0x7F;
inline constexpr std::uint32_t unlimited_patience = 0xFFFFFFFF;

/// One call in progress. Spans are counted from `offered` where that saves bits: 48 bits of nanoseconds are 78 hours.
/// Fields whose meanings take turns say so; what only a hunting call needs is kept aside (see CallPlane::Aside).
struct CallSlot {
  Instant at;  ///< of the pending event
  Instant offered;
  std::uint64_t progress : 48;  ///< before the 18x: post-dial delay; once `ringing`: offered -> 18x heard
  std::uint64_t demand : 16;
  std::uint64_t answer_after : 48;  ///< before the answer: ring time; afterwards: offered -> 200 heard
  std::uint64_t edge : 8;
  std::uint64_t step : 4;
  std::uint64_t attempts : 4;
  std::uint64_t talk : 48;               ///< before the hang-up: talk time; afterwards: offered -> hang-up
  std::uint64_t cap : 7;                 ///< that refused this attempt; slot_no_cap = none did
  std::uint64_t capped_by_sessions : 1;  ///< else by calls per second
  std::uint64_t answer : 2;              ///< PstnAnswer
  std::uint64_t caller_hangs_up : 1;
  std::uint64_t ringing : 1;   ///< a 18x was heard; the call never advances any more
  std::uint64_t lost : 1;      ///< the final answer of this attempt met a silent edge
  std::uint64_t accepted : 1;  ///< the edge holds a session for it
  std::uint64_t is_answered : 1;
  std::uint64_t reported : 1;  ///< its CallRecord is out; only the service's side is still held
  std::uint64_t number : 32;
  std::uint64_t window : 24;
  std::uint64_t invite_send : 4;  ///< which transmission of the INVITE is under way or was heard
  std::uint64_t resend : 4;       ///< which transmission of 200 or BYE is under way
  SlotIndex next;                 ///< in the calendar's list, or in the list of free slots
  std::uint32_t patience_us;      ///< or unlimited_patience

  [[nodiscard]] CallId id() const {
    return {.demand = static_cast<std::uint16_t>(demand), .window = static_cast<std::uint32_t>(window), .number = static_cast<std::uint32_t>(number)};
  }
  [[nodiscard]] Step pending() const { return static_cast<Step>(step); }
  void set_progress(Span span) { progress = in_48_bits(span) & mask_48; }
  void set_answer_after(Span span) { answer_after = in_48_bits(span) & mask_48; }
  void set_talk(Span span) { talk = in_48_bits(span) & mask_48; }

 private:
  static constexpr std::uint64_t mask_48 = 0xFFFFFFFFFFFFU;
  static std::uint64_t in_48_bits(Span span) {
    assert(span.count() >= 0 && span.count() <= static_cast<std::int64_t>(mask_48));
    return static_cast<std::uint64_t>(span.count());
  }
};
static_assert(sizeof(CallSlot) == 56);

/// Slots by index; freed ones are used again first.
class CallSlab {
 public:
  CallSlot& operator[](SlotIndex slot) { return chunks_[slot >> chunk_bits][slot & chunk_mask]; }
  const CallSlot& operator[](SlotIndex slot) const { return chunks_[slot >> chunk_bits][slot & chunk_mask]; }

  SlotIndex allocate() {
    ++used_;
    if (free_ != no_slot) {
      const SlotIndex slot = free_;
      free_ = (*this)[slot].next;
      return slot;
    }
    if ((fresh_ & chunk_mask) == 0) chunks_.push_back(std::make_unique<CallSlot[]>(std::size_t{1} << chunk_bits));
    return fresh_++;
  }
  void release(SlotIndex slot) {
    --used_;
    (*this)[slot].next = free_;
    free_ = slot;
  }

  [[nodiscard]] std::size_t used() const { return used_; }
  /// Every slot ever handed out lies below this.
  [[nodiscard]] SlotIndex bound() const { return fresh_; }
  [[nodiscard]] std::size_t bytes() const { return chunks_.size() * ((std::size_t{1} << chunk_bits) * sizeof(CallSlot) + sizeof(void*)); }

 private:
  static constexpr unsigned chunk_bits = 8;
  static constexpr SlotIndex chunk_mask = (SlotIndex{1} << chunk_bits) - 1;
  std::vector<std::unique_ptr<CallSlot[]>> chunks_;
  SlotIndex free_ = no_slot;
  SlotIndex fresh_ = 0;
  std::size_t used_ = 0;
};

}  // namespace trunklab
