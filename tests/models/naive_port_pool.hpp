// The rules of the port allocators once more, as slow and plain as can be, to hold the fast pool to.
#pragma once

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "models/media/port_pool.hpp"

namespace trunklab {

/// Ports by name in a map, instants in a list; every question is answered by looking at all of them. What others do it is told.
class NaivePortPool {
 public:
  NaivePortPool(const PortPoolSpec& spec, std::uint64_t luck) : spec_(spec), luck_(luck) {
    for (std::uint32_t port = spec.first; port <= spec.last; ++port) states_[number(port)] = PortState::free;
    for (const auto& [port, state] : states_) {
      if (port % 2 == 0) evens_.push_back(port);
    }
    spec_.foreign.reset();
    if (spec.allocator == PortAllocator::rtpengine) list_ = list_as_observed();
    if (spec.allocator == PortAllocator::rtpproxy) table_ = shuffled_evens();
    table_at_ = evens_.size() - 1;
  }

  PortGrant take(Instant at, PortNeed need, std::uint64_t luck) {
    PortGrant grant = pick(at, need, luck);
    if (!grant) {
      if (grant.refusal == PortRefusal::none) grant.refusal = reason(need);
      return grant;
    }
    const auto claim = [&](std::uint16_t port, PortState state) {
      states_[port] = state;
      std::erase(list_, port);
      const auto given = given_back_.find(port);
      if (given == given_back_.end()) return;
      const Span since = at - given->second;
      if (!grant.reuse_after || since < *grant.reuse_after) grant.reuse_after = since;
    };
    claim(grant.port, PortState::rtp);
    if (need == PortNeed::pair && grant.port < spec_.last) claim(number(grant.port + 1), PortState::rtcp);
    grant.collision = grant.reuse_after && *grant.reuse_after < spec_.late_packets;
    return grant;
  }

  void give(Instant at, std::uint16_t port) {
    for (const std::uint16_t each : ports_of(port)) {
      given_back_[each] = at;
      states_[each] = PortState::quarantined;
      timed_.push_back({at + spec_.quarantine, each, false});
    }
    advance(at);
  }

  void leak(Instant at, std::uint16_t port, std::optional<Span> held) {
    for (const std::uint16_t each : ports_of(port)) {
      states_[each] = PortState::leaked;
      if (held) timed_.push_back({at + *held, each, true});
    }
  }

  void advance(Instant at) {
    for (;;) {
      const auto first = std::ranges::min_element(
          timed_, [](const Timed& a, const Timed& b) { return std::pair(a.until, a.leaked ? 0 : 1) < std::pair(b.until, b.leaked ? 0 : 1); });
      if (first == timed_.end() || first->until > at) return;
      const Timed over = *first;
      timed_.erase(first);
      if (over.leaked) given_back_[over.port] = over.until;
      if (over.leaked && spec_.quarantine > Span{0}) {
        states_[over.port] = PortState::quarantined;
        timed_.push_back({over.until + spec_.quarantine, over.port, false});
      } else {
        states_[over.port] = PortState::free;
        if (spec_.allocator == PortAllocator::rtpengine) list_.push_back(over.port);
      }
    }
  }

  void set_foreign(std::uint16_t port, bool foreign) {
    PortState& state = states_[port];
    if (foreign != (state == PortState::foreign)) state = foreign ? PortState::foreign : PortState::free;
  }

  [[nodiscard]] const std::map<std::uint16_t, PortState>& states() const { return states_; }

 private:
  struct Timed {
    Instant until;
    std::uint16_t port;
    bool leaked;
  };
  static std::uint16_t number(std::uint32_t port) { return static_cast<std::uint16_t>(port); }
  [[nodiscard]] bool is(std::uint32_t port, PortState state) const {
    const auto found = states_.find(number(port));
    return found != states_.end() && found->second == state;
  }
  [[nodiscard]] bool knows_slots_only() const {
    return spec_.allocator != PortAllocator::rtpengine && spec_.allocator != PortAllocator::lowest_first;
  }
  [[nodiscard]] std::vector<std::uint16_t> ports_of(std::uint16_t rtp) const {
    if (is(rtp + 1U, PortState::rtcp)) return {rtp, number(rtp + 1U)};
    return {rtp};
  }

  /// May this be the RTP port of a call, if ports in these states were free?
  [[nodiscard]] bool would_do(std::uint32_t port, PortNeed need, const std::vector<PortState>& free) const {
    const auto is_free = [&](std::uint32_t each) { return std::ranges::any_of(free, [&](PortState state) { return is(each, state); }); };
    if (knows_slots_only()) return port % 2 == 0 && is_free(port) && (need == PortNeed::single || port == spec_.last || is_free(port + 1));
    return is_free(port) && (need == PortNeed::single || (port % 2 == 0 && is_free(port + 1)));
  }
  [[nodiscard]] bool any_would_do(PortNeed need, const std::vector<PortState>& free) const {
    return std::ranges::any_of(states_, [&](const auto& port) { return would_do(port.first, need, free); });
  }
  [[nodiscard]] PortRefusal reason(PortNeed need) const {
    std::vector<PortState> free{PortState::free};
    if (any_would_do(need, free)) return PortRefusal::fragmented;
    const auto is_free_of_a_pair = [&](const auto& port) { return port.second == PortState::free && states_.contains(number(port.first ^ 1U)); };
    const bool enough = std::ranges::count_if(states_, is_free_of_a_pair) >= 2;
    if (!knows_slots_only() && need == PortNeed::pair && enough) return PortRefusal::fragmented;
    for (const auto& [state, refusal] : {std::pair{PortState::quarantined, PortRefusal::quarantined},
                                         std::pair{PortState::leaked, PortRefusal::leaked}, std::pair{PortState::foreign, PortRefusal::foreign}}) {
      free.push_back(state);
      if (any_would_do(need, free)) return refusal;
    }
    return PortRefusal::exhausted;
  }

  PortGrant pick(Instant at, PortNeed need, std::uint64_t luck) {
    switch (spec_.allocator) {
      case PortAllocator::rtpengine: return pick_from_list(need);
      case PortAllocator::freeswitch: return pick_unseen(at, need);
      case PortAllocator::asterisk: return pick_seen(at, need, luck);
      case PortAllocator::rtpproxy: return pick_from_table(need, luck);
      case PortAllocator::lowest_first: break;
    }
    PortGrant grant;
    for (const auto& [port, state] : states_) {
      if (need == PortNeed::pair && (port % 2 == 1 || port == spec_.last)) continue;
      ++grant.probes;
      if (!would_do(port, need, {PortState::free})) continue;
      grant.port = port;
      break;
    }
    return grant;
  }

  PortGrant pick_from_list(PortNeed need) {
    PortGrant grant;
    const std::size_t tries = list_.size();
    if (tries < (need == PortNeed::pair ? 2U : 1U)) return grant;
    while (!grant && grant.probes < tries) {
      ++grant.probes;
      const std::uint16_t port = list_.front();
      list_.erase(list_.begin());
      if (would_do(port, need, {PortState::free})) {
        grant.port = port;
        break;
      }
      list_.push_back(port);
      // Both ports were taken from the list before bind() failed for one of them: both go to the tail.
      const auto partner = std::ranges::find(list_, number(port + 1U));
      if (need == PortNeed::single || port % 2 == 1 || partner == list_.end()) continue;
      std::rotate(partner, partner + 1, list_.end());
    }
    return grant;
  }

  PortGrant pick_unseen(Instant at, PortNeed need) {
    PortGrant grant;
    const auto believed_free = [&](std::uint16_t port) { return is(port, PortState::free) || is(port, PortState::foreign); };
    if (std::ranges::none_of(evens_, believed_free)) return grant;
    std::size_t slot = slot_of(PortPool(spec_, luck_).take(at, PortNeed::single, 0).port);
    for (grant.probes = 1; !believed_free(evens_[slot]); ++grant.probes) slot = (slot + 1) % evens_.size();
    if (would_do(evens_[slot], need, {PortState::free})) {
      grant.port = evens_[slot];
    } else {
      grant.refusal = PortRefusal::foreign;
    }
    return grant;
  }

  PortGrant pick_seen(Instant at, PortNeed need, std::uint64_t luck) {
    PortGrant grant;
    const std::size_t start = slot_of(PortPool(spec_, luck_).take(at, PortNeed::single, luck).port);
    while (!grant && grant.probes < evens_.size()) {
      const std::uint16_t port = evens_[(start + grant.probes++) % evens_.size()];
      if (would_do(port, need, {PortState::free})) grant.port = port;
    }
    return grant;
  }

  PortGrant pick_from_table(PortNeed need, std::uint64_t luck) {
    PortGrant grant;
    const std::size_t before = table_at_;
    while (!grant && grant.probes + 1 < table_.size()) {
      const std::size_t at = (before + ++grant.probes) % table_.size();
      const std::uint16_t port = table_[at];
      std::swap(table_[at], table_[draw(luck, table_.size())]);
      if (!would_do(port, need, {PortState::free})) continue;
      grant.port = port;
      table_at_ = at;
    }
    return grant;
  }

  [[nodiscard]] std::size_t slot_of(std::uint16_t port) const { return static_cast<std::size_t>(std::ranges::find(evens_, port) - evens_.begin()); }

  /// The order in which a fresh pool gives out all its ports, one by one.
  [[nodiscard]] std::vector<std::uint16_t> list_as_observed() const {
    std::vector<std::uint16_t> list;
    PortPool fresh(spec_, luck_);
    for (PortGrant grant; (grant = fresh.take(run_start, PortNeed::single, 0));) list.push_back(grant.port);
    return list;
  }

  static std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  /// An index from the upper 32 bits.
  static std::size_t draw(std::uint64_t& state, std::size_t count) { return ((splitmix64(state) >> 32U) * count) >> 32U; }
  /// Fisher and Yates, by a stream that begins with the first number drawn from the pool's luck.
  [[nodiscard]] std::vector<std::uint16_t> shuffled_evens() const {
    std::vector<std::uint16_t> table = evens_;
    std::uint64_t luck = luck_;
    std::uint64_t state = splitmix64(luck);
    for (std::size_t left = table.size(); left > 1; --left) std::swap(table[left - 1], table[draw(state, left)]);
    return table;
  }

  PortPoolSpec spec_;
  std::uint64_t luck_;
  std::map<std::uint16_t, PortState> states_;
  std::vector<std::uint16_t> evens_;
  std::map<std::uint16_t, Instant> given_back_;
  std::vector<Timed> timed_;
  std::vector<std::uint16_t> list_;
  std::vector<std::uint16_t> table_;
  std::size_t table_at_ = 0;
};

}  // namespace trunklab
