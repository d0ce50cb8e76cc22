// The calls in progress, 56 bytes each, in chunks that never move.
#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/planned_call.hpp"
#include "models/record/record.hpp"
#include "models/units.hpp"

namespace trunklab {

using SlotIndex = std::uint32_t;
inline constexpr SlotIndex no_slot = 0xFFFFFFFF;

/// What a call's one pending event is. A call has exactly one at any time.
enum class Step : std::uint8_t {
  site_release,   ///< the far side's BYE reaches the site: its channel is freed
  site_hangs_up,  ///< at the site
  far_hangs_up,   ///< at the edge
  bye_at_edge,    ///< the site's BYE (or CANCEL) passes the edge
  bye_from_edge,  ///< the far side's BYE, sent again, passes the edge
  no_response,    ///< the site's timers from here on
  no_progress,
  rang_too_long,  ///< Timer C
  abandon,
  media_timeout,    ///< the side that was not told hangs up
  refresh,          ///< the site refreshes the session (RFC 4028)
  refresh_failed,   ///< and got no answer
  callee_gives_up,  ///< the called side ends a call whose 200 nobody acknowledged
  refusal_heard,    ///< a final code >= 300 reaches the site
  resolved,         ///< the answer to the site's DNS query, or the end of its waiting for one
  progress,         ///< the called side's first answer passes the edge: 18x, or an early refusal
  final_answer,     ///< 200 or a late refusal passes the edge
  service_refuses,  ///< the service has worked out that it will not connect the call
  invite_arrives,   ///< at the edge
  invite_served,    ///< an edge that is busy, or a grey one that is slow, has come round to it
  invite_again,     ///< one more transmission of an INVITE that is waiting there
  site_reached,     ///< origination: the INVITE arrives at the site
  site_answers,     ///< origination: the 200 of the site passes the edge
  echo,             ///< at a busy edge: a message comes once more because the first one still waits there
  redial,           ///< a caller tries again
  none,             ///< a free slot
};

/// Order within one instant: what frees comes before what times out, that before what arrives, that before samples and control.
enum class Rank : std::uint8_t { release, timer, arrival };

constexpr Rank rank_of(Step step) {
  if (step <= Step::bye_from_edge) return Rank::release;
  return step >= Step::invite_arrives ? Rank::arrival : Rank::timer;
}

/// An answered call that nobody has hung up yet is waiting for one of these.
constexpr bool talks(Step step) {
  return step == Step::site_hangs_up || step == Step::far_hangs_up || step == Step::refresh || step == Step::refresh_failed;
}

using SetUpIndex = std::uint32_t;
inline constexpr SetUpIndex no_set_up = 0xFFFFFFFF;

/// One call in progress. Spans are counted from `offered` where that saves bits: 48 bits of nanoseconds are 78 hours.
/// Fields whose meanings take turns say so; what only a call in set-up needs is kept aside, see SetUp.
struct CallSlot {
  Instant at;  ///< of the pending event
  Instant offered;
  std::uint64_t progress : 48;  ///< offered -> 18x heard, once `ringing`
  std::uint64_t demand : 16;
  std::uint64_t answer_after : 48;  ///< offered -> 200 heard, once `is_answered`
  std::uint64_t edge : 8;
  std::uint64_t step : 5;
  std::uint64_t ringing : 1;   ///< a 18x was heard; the call never advances any more
  std::uint64_t accepted : 1;  ///< the edge holds a session for it
  std::uint64_t is_answered : 1;
  std::uint64_t talk : 48;  ///< before the hang-up: talk time; afterwards: offered -> hang-up
  std::uint64_t attempts : 4;
  std::uint64_t resend : 4;          ///< which transmission of a BYE or CANCEL is under way
  std::uint64_t site_hangs_up : 1;   ///< who ends the call once it is answered
  std::uint64_t reported : 1;        ///< its CallRecord is out; only the service's side is still there
  std::uint64_t served : 1;          ///< the busy edge has come round to the message that the pending event is about
  std::uint64_t is_void : 1;         ///< its story goes on in another slot; the pending event is nothing
  std::uint64_t cut : 1;             ///< it was ended for want of a session refresh or of media
  std::uint64_t private_caller : 1;  ///< its caller ID is not known to the service
  std::uint64_t bye_served : 1;      ///< `served` for a BYE or CANCEL: a ghost's may wait beside its 18x or 200
  std::uint64_t : 1;
  std::uint64_t number : 32;
  std::uint64_t window : 24;
  std::uint64_t redial : 3;
  std::uint64_t : 5;
  SlotIndex next;     ///< in the calendar's list, or in the list of free slots
  SetUpIndex set_up;  ///< no_set_up once the call is answered

  [[nodiscard]] CallId id() const {
    return {.demand = static_cast<std::uint16_t>(demand),
            .redial = static_cast<std::uint8_t>(redial),
            .window = static_cast<std::uint32_t>(window),
            .number = static_cast<std::uint32_t>(number)};
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

/// The part of a call in set-up that every attempt begins with.
struct SetUpPlan {
  Instant patience_end = never;
  Span post_dial{};         ///< accepted -> 18x
  Span ring{};              ///< 18x -> final answer
  std::uint32_t first = 0;  ///< where the order of targets begins, for this call
  TargetSet tried = 0;
  PstnAnswer answer = PstnAnswer::answered;
  std::uint8_t destination = 0;
  bool e164 = true;
  bool merged = false;  ///< an earlier attempt with the same CSeq went through to the called side
};

/// What a call needs until it is answered (or until what is left of a given-up attempt is over). Two clocks run: the site's, that is
/// its next time-out, and the service's, that is the next thing to happen at the edge. The pending event is the earlier of the two.
struct SetUp : SetUpPlan {
  Instant began = never;             ///< first INVITE of this attempt; never = none is under way
  Instant sent;                      ///< first transmission of the INVITE under way (with credentials, after a challenge)
  Instant site_at = never;           ///< the site's clock
  Instant service_at = never;        ///< the service's clock
  Instant trying = never;            ///< first response of this INVITE heard, 100 and challenges included
  Instant arrived = never;           ///< the INVITE under way was taken in by the edge
  Instant connected = never;         ///< TCP: when the connection that the INVITE uses was opened
  Instant provisional_left = never;  ///< the edge's last 1xx of it
  Instant given_up = never;          ///< by the site; what follows is a ghost
  Instant rang = never;              ///< a ghost's ringing
  Instant ghost_answered = never;
  Span queued{};                                   ///< origination: will wait for an agent for so long
  std::optional<Span> retry_after = std::nullopt;  ///< of the refusal under way
  std::uint16_t refusal = 0;                       ///< final code under way, or the one that the service will send
  Step site_step = Step::none;
  Step service_step = Step::none;
  Reason reason = Reason::none;  ///< of the refusal
  GreyEffect grey = GreyEffect::error;
  std::uint8_t cap = no_cap;     ///< that refused this attempt
  std::uint8_t invite_send = 0;  ///< which transmission of the INVITE is under way
  std::uint8_t again = 0;        ///< which transmission follows one that waits at a busy edge
  std::uint8_t final_send = 0;   ///< which transmission of the final answer is under way
  bool is_grey = false;          ///< this INVITE met the edge's bad side
  bool authenticated = false;    ///< the INVITE under way carries credentials
  bool connecting = false;       ///< TCP: what arrives is a SYN
  bool provisional_heard = false;
  bool grey_met = false;        ///< whether it meets the edge's bad side has been drawn
  bool lost = false;            ///< the final answer of this attempt met a silent edge
  bool trial = false;           ///< of a target after its hold-down
  bool bye_sent = false;        ///< a ghost's: its 200 was heard, and what is under way is a BYE, no CANCEL
  SetUpIndex next = no_set_up;  ///< in the list of free ones
};

/// Records by index, in chunks that never move; freed ones are used again first. A record has a member `next` for the list of free ones.
template <class Record, unsigned chunk_bits>
class Slab {
 public:
  using Index = std::uint32_t;

  Record& operator[](Index index) { return chunks_[index >> chunk_bits][index & chunk_mask]; }
  const Record& operator[](Index index) const { return chunks_[index >> chunk_bits][index & chunk_mask]; }

  /// What is in the record is whatever was there.
  Index allocate() {
    if (free_ != none) {
      const Index index = free_;
      free_ = (*this)[index].next;
      return index;
    }
    if ((fresh_ & chunk_mask) == 0) chunks_.push_back(std::make_unique<Record[]>(std::size_t{1} << chunk_bits));
    return fresh_++;
  }
  void release(Index index) {
    (*this)[index].next = free_;
    free_ = index;
  }

  /// Every index ever handed out lies below this.
  [[nodiscard]] Index bound() const { return fresh_; }
  [[nodiscard]] std::size_t bytes() const { return chunks_.size() * ((std::size_t{1} << chunk_bits) * sizeof(Record) + sizeof(void*)); }

 private:
  static constexpr Index none = 0xFFFFFFFF;
  static constexpr Index chunk_mask = (Index{1} << chunk_bits) - 1;
  std::vector<std::unique_ptr<Record[]>> chunks_;
  Index free_ = none;
  Index fresh_ = 0;
};

using CallSlab = Slab<CallSlot, 7>;
using SetUps = Slab<SetUp, 3>;

}  // namespace trunklab
