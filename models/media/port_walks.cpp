// Which port a call gets: how each allocator goes about it.
#include <algorithm>
#include <cassert>
#include <utility>

#include "models/media/port_pool.hpp"
#include "models/media/split_mix.hpp"

namespace trunklab {

PortPool::Pick PortPool::pick(Instant at, PortNeed need, std::uint64_t luck) {
  switch (spec_.allocator) {
    case PortAllocator::rtpengine: return pick_from_list(need);
    case PortAllocator::freeswitch: return walk_unseen(at, need);
    case PortAllocator::asterisk: return walk_seen(need, luck);
    case PortAllocator::rtpproxy: return walk_table(need, luck);
    case PortAllocator::lowest_first: break;
  }
  return pick_lowest(need);
}

/// rtpengine, __get_consecutive_ports() of daemon/media_socket.c: as many tries as ports are listed; what does not do goes to the tail.
PortPool::Pick PortPool::pick_from_list(PortNeed need) {
  const bool pair = need == PortNeed::pair;
  const std::uint32_t tries = listed_;
  if (tries < (pair ? 2U : 1U)) return {};
  // Every try would bring one port from head to tail: so many of them leave the list as it is.
  const bool in_vain = pair && doubles_[0] == 0 && count(PortState::foreign) == 0;
  if (in_vain) return {.probes = tries};
  const auto is_listed = [this](Index index) { return state_at(index) == PortState::free || state_at(index) == PortState::foreign; };
  for (std::uint32_t probes = 1; probes <= tries; ++probes) {
    const Index index = links_[size()].next;
    const bool has_partner = pair && is_even(index) && index + 1 < size() && is_listed(index + 1);
    unlink(index);
    if (has_partner) unlink(index + 1);
    const bool fit = pair == has_partner && state_at(index) == PortState::free && (!pair || state_at(index + 1) == PortState::free);
    if (fit) return {.index = index, .probes = probes};
    push_tail(index);
    if (has_partner) push_tail(index + 1);
  }
  return {.probes = tries};
}

/// FreeSWITCH, switch_core_port_allocator_request_port(): a table of its own slots only; a generator that is seeded anew with the second.
PortPool::Pick PortPool::walk_unseen(Instant at, PortNeed need) const {
  const auto known_free = [this](std::uint32_t slot) {
    const PortState state = state_at(slot_index(slot));
    return state == PortState::free || state == PortState::foreign;
  };
  if (singles_[static_cast<std::size_t>(Obstacle::none)] + singles_[static_cast<std::size_t>(Obstacle::foreign)] == 0) return {};
  std::uint64_t stream = luck_ + static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(at - run_start).count());
  std::uint32_t slot = below(slots_, next_luck(stream));
  std::uint32_t probes = 1;
  for (; !known_free(slot); ++probes) slot = slot + 1 == slots_ ? 0 : slot + 1;
  const Index index = slot_index(slot);
  if (!fits(index, need)) return {.index = foreign_port, .probes = probes};
  return {.index = index, .probes = probes};
}

/// Asterisk, res_rtp_asterisk.c: a random port from first to last - 1, made even, then up by two and round until bind() succeeds.
PortPool::Pick PortPool::walk_seen(PortNeed need, std::uint64_t luck) const {
  const bool in_vain = (need == PortNeed::pair ? doubles_ : singles_)[0] == 0;
  if (in_vain) return {.probes = slots_};
  std::uint32_t slot = below(std::max(pairs_, 1U), next_luck(luck));
  std::uint32_t probes = 1;
  for (; !fits(slot_index(slot), need); ++probes) slot = slot + 1 == slots_ ? 0 : slot + 1;
  return {.index = slot_index(slot), .probes = probes};
}

/// rtpproxy, rtpp_ptbl_get_port() of src/rtpp_port_table.c: on from where the last success was, one try fewer than there are entries.
PortPool::Pick PortPool::walk_table(PortNeed need, std::uint64_t luck) {
  std::uint32_t at = table_at_;
  for (std::uint32_t probes = 1; probes < slots_; ++probes) {
    at = at + 1 == slots_ ? 0 : at + 1;
    const Index index = slot_index(table_[at]);
    std::swap(table_[at], table_[below(slots_, next_luck(luck))]);
    if (!fits(index, need)) continue;
    table_at_ = at;
    return {.index = index, .probes = probes};
  }
  return {.probes = slots_ - 1};
}

PortPool::Pick PortPool::pick_lowest(PortNeed need) const {
  const bool pair = need == PortNeed::pair;
  const auto lowest = (pair ? free_pairs_ : free_ports_).lowest();
  if (!lowest) return {.probes = pair ? pairs_ : size()};
  return {.index = pair ? slot_index(*lowest) : *lowest, .probes = *lowest + 1};
}

}  // namespace trunklab
