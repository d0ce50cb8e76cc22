// The RTP ports of one address: which are free, and which one a call gets, by the rules of allocators that people really run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "models/media/media_spec.hpp"
#include "models/units.hpp"

namespace trunklab {

enum class PortState : std::uint8_t {
  free,
  rtp,          ///< of a call; with rtcp-mux its RTCP as well
  rtcp,         ///< of the call whose RTP is on the port below
  quarantined,  ///< given back less than `quarantine` ago
  leaked,       ///< held for a call that is over
  foreign,      ///< another program has it
};
inline constexpr std::size_t port_states = 6;

/// What a call got, or why it got nothing.
struct PortGrant {
  std::uint16_t port = 0;                   ///< the RTP port; 0 = refused. A pair's RTCP is on port + 1
  PortRefusal refusal = PortRefusal::none;  ///< the one thing but for which it would have got a port; see PortPool::take
  std::uint32_t probes = 0;                 ///< ports (or pairs) looked at, the one that it got included
  bool collision = false;                   ///< late packets of the port's last call may still come (of a pair: of either port's)
  std::optional<Span> reuse_after =
      std::nullopt;  ///< since the port (of a pair: the later one) was given back, up to 66 us too long; nullopt = never
  [[nodiscard]] explicit operator bool() const { return port != 0; }
};

/// One bit for each of so many things, and the lowest one that is set, in O(1) for the 65,536 ports that there can be.
class LowestBit {
 public:
  explicit LowestBit(std::uint32_t size) : words_((size + 63) / 64), words_with_some_((words_.size() + 63) / 64) {}
  void put(std::uint32_t index, bool value);
  [[nodiscard]] std::optional<std::uint32_t> lowest() const;
  [[nodiscard]] std::size_t bytes() const { return (words_.capacity() + words_with_some_.capacity()) * sizeof(std::uint64_t); }

 private:
  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> words_with_some_;
};

/// Instants never go back from call to call. All operations are O(1), or amortised so, but for the walks that the allocators themselves make.
///
/// rtpengine and lowest_first give any port to a call that needs one, and whole pairs to one that needs two: 10,001 ports or 5000 pairs in
/// 10000-20000. freeswitch, asterisk and rtpproxy know nothing but slots, an even port each: a call that needs one port takes a slot all the
/// same, and the odd port stays idle; and the last slot of 10000-20000 is port 20000, whose RTCP lies outside of the range, where this pool
/// does not look: 5001 slots either way.
class PortPool {
 public:
  /// `luck` shuffles the allocators that shuffle, and decides when and where others take ports. 0 < first < last.
  /// Others have been at work for some time when it is born.
  PortPool(const PortPoolSpec& spec, std::uint64_t luck, Instant born = run_start);

  /// A port for RTP, and for a pair the next one, which is odd, for RTCP. `luck` is this call's.
  /// A refusal names what would have to be otherwise, the first that suffices: `fragmented` there are as many free ports as are needed, but
  /// not as a pair, or the allocator gave up before it found it; `quarantined`, `leaked`, `foreign` with the ports of these states free (in
  /// this order, each with those before) it would have found some; else `exhausted`: calls hold them all. Only ports that the allocator could
  /// give count: no odd ones where it knows only slots, and for a pair none whose partner lies outside of the range. An allocator that does
  /// not look before it binds (freeswitch) is refused as `foreign` when the port that it picked is another program's.
  PortGrant take(Instant at, PortNeed need, std::uint64_t luck);
  /// Gives back what take() granted, by its RTP port.
  void give(Instant at, std::uint16_t port);
  /// Takes back a grant of this very instant: no packet was ever sent, so neither quarantine nor collision comes of it.
  void undo(std::uint16_t port);
  /// The call is over, and nobody gives its ports back: they are held for `held`, the same for all such calls, and count as given back then;
  /// nullopt = for ever.
  void leak(Instant at, std::uint16_t port, std::optional<Span> held);
  /// What time alone does up to `at`: quarantines and timed leaks that are over, ports that others take and leave.
  void advance(Instant at);

  [[nodiscard]] PortState state(std::uint16_t port) const;
  [[nodiscard]] std::uint32_t count(PortState state) const { return counts_[static_cast<std::size_t>(state)]; }
  /// Ports of the range.
  [[nodiscard]] std::uint32_t size() const { return std::uint32_t{spec_.last} - spec_.first + 1; }
  /// Ports that calls use or hold.
  [[nodiscard]] std::uint32_t in_use() const { return count(PortState::rtp) + count(PortState::rtcp); }
  /// Memory: 3.5 bytes a port, 4.5 with rtpproxy's table, 7.5 with rtpengine's list, and 16 a pair in quarantine or leaked for a time; 2.5 more once
  /// a call has asked rtpengine or lowest_first for a single port.
  [[nodiscard]] std::size_t bytes() const;

 private:
  /// Of a port in the range, from 0.
  using Index = std::uint32_t;

  /// What is in a call's way, the hardest to be rid of last; of two ports the harder one.
  enum class Obstacle : std::uint8_t { none, quarantine, leak, foreign, call };
  using ByObstacle = std::array<std::uint32_t, 5>;

  static constexpr Index no_port = 0x10000;       ///< refused
  static constexpr Index foreign_port = 0x10001;  ///< refused because what was picked unseen is another program's
  /// Two words, so that it is returned in a register: this is the hottest call.
  struct Pick {
    Index index = no_port;
    std::uint32_t probes = 0;
  };
  /// Ports that come free by themselves.
  struct Held {
    Instant until;
    std::uint16_t index;
    bool pair;
  };
  struct ForeignEnd {
    Instant at;
    Index index;
    bool operator>(const ForeignEnd& other) const { return at > other.at; }
  };

  [[nodiscard]] Pick pick(Instant at, PortNeed need, std::uint64_t luck);
  [[nodiscard]] Pick pick_from_list(PortNeed need);
  [[nodiscard]] Pick walk_unseen(Instant at, PortNeed need) const;
  [[nodiscard]] Pick walk_seen(PortNeed need, std::uint64_t luck) const;
  [[nodiscard]] Pick walk_table(PortNeed need, std::uint64_t luck);
  [[nodiscard]] Pick pick_lowest(PortNeed need) const;
  [[nodiscard]] PortRefusal reason(PortNeed need) const;

  [[nodiscard]] bool takes_slots() const { return spec_.allocator != PortAllocator::rtpengine && spec_.allocator != PortAllocator::lowest_first; }
  [[nodiscard]] bool is_even(Index index) const { return ((spec_.first + index) & 1U) == 0; }
  [[nodiscard]] Index slot_index(std::uint32_t slot) const { return first_even_ + 2 * slot; }
  [[nodiscard]] PortState state_at(Index index) const { return static_cast<PortState>(states_[index] & state_bits); }
  /// `index` even where a pair is needed.
  [[nodiscard]] bool fits(Index index, PortNeed need) const;
  static Obstacle obstacle_of(PortState state);
  /// Of a pair or slot, by its even port; what lies outside of the range is no obstacle.
  [[nodiscard]] Obstacle obstacle_of_unit(Index even) const;

  /// The only ways to change a state: they keep all the books. `even` is in the range, and so is the port after it.
  void set(Index index, PortState state);
  void set_pair(Index even, PortState rtp, PortState rtcp);
  /// Calls or leaks give up a port, or a pair.
  void release(Instant at, Index index, bool pair);
  void make_free(Index index, bool pair);
  [[nodiscard]] bool is_pair(Index index) const { return index + 1 < size() && state_at(index + 1) == PortState::rtcp; }
  void settle_others(Instant born);
  void others_come(Instant at);
  [[nodiscard]] Instant next_due() const;

  /// Ports that only ever change hands as pairs, or as slots, share the note of when they did.
  [[nodiscard]] std::size_t note_of(Index index) const { return notes_by_port_ ? index : (index + first_even_) / 2; }
  void keep_notes_by_port();
  void note_given_back(Index index, Instant at);
  [[nodiscard]] std::optional<Span> since_given_back(Index index, Instant at) const;

  void unlink(Index index);
  void push_tail(Index index);

  static constexpr std::uint8_t state_bits = 7;
  static constexpr std::uint8_t given_back_once = 8;

  PortPoolSpec spec_;
  std::uint64_t luck_;
  std::uint64_t foreign_luck_;  ///< state of the stream of its own
  Index first_even_;
  std::uint32_t slots_;  ///< even ports
  std::uint32_t pairs_;  ///< even ports whose partner is inside of the range

  std::array<std::uint32_t, port_states> counts_{};
  ByObstacle singles_{};  ///< ports that a call may get which needs one
  ByObstacle doubles_{};  ///< pairs, or slots

  std::vector<std::uint8_t> states_;  ///< state_bits, and given_back_once
  /// When a port was given back, in units of 2^16 ns, modulo 2^40 units (2.3 years), least byte first.
  using Note = std::array<std::uint8_t, 5>;
  bool notes_by_port_ = false;
  std::vector<Note> given_back_;

  // rtpengine: the list of the ports that it believes free, linked both ways, with an end mark at index size().
  struct Links {
    std::uint16_t next;
    std::uint16_t previous;
  };
  std::vector<Links> links_;
  std::uint32_t listed_ = 0;
  // rtpproxy
  std::vector<std::uint16_t> table_;  ///< slots
  std::uint32_t table_at_ = 0;        ///< where the last walk stopped
  // lowest_first
  LowestBit free_ports_{0};
  LowestBit free_pairs_{0};

  Instant due_ = never;  ///< when time alone does something next
  std::deque<Held> quarantined_;
  std::deque<Held> leaked_;
  Instant next_foreign_ = never;
  std::priority_queue<ForeignEnd, std::vector<ForeignEnd>, std::greater<>> foreign_ends_;
};

}  // namespace trunklab
