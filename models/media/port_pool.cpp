// Ports change hands: the books, and what time does.
#include "models/media/port_pool.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include "models/media/split_mix.hpp"

namespace trunklab {

namespace {

/// Of an exponential law, at least 1 ns. A mean above three years is cut to three: nanoseconds end after 292 years.
Span exponential(double mean_s, std::uint64_t drawn) {
  const double uniform = (static_cast<double>(drawn >> 11U) + 0.5) * 0x1p-53;
  return std::max(Span{1}, from_seconds(-std::min(mean_s, 1e8) * std::log(uniform)));
}

constexpr unsigned given_unit_bits = 16;
constexpr unsigned given_bits = 40;

std::uint64_t nanoseconds(Instant at) {
  return static_cast<std::uint64_t>((at - run_start).count());
}

}  // namespace

void LowestBit::put(std::uint32_t index, bool value) {
  const auto put_bit = [](std::uint64_t& word, std::uint32_t bit, bool set) {
    const std::uint64_t mask = std::uint64_t{1} << (bit & 63U);
    word = set ? word | mask : word & ~mask;
  };
  std::uint64_t& word = words_[index / 64];
  put_bit(word, index, value);
  put_bit(words_with_some_[index / 4096], index / 64, word != 0);
}

std::optional<std::uint32_t> LowestBit::lowest() const {
  const auto some = std::ranges::find_if(words_with_some_, [](std::uint64_t word) { return word != 0; });
  if (some == words_with_some_.end()) return std::nullopt;
  const auto word = static_cast<std::uint32_t>(some - words_with_some_.begin()) * 64 + static_cast<std::uint32_t>(std::countr_zero(*some));
  return word * 64 + static_cast<std::uint32_t>(std::countr_zero(words_[word]));
}

PortPool::PortPool(const PortPoolSpec& spec, std::uint64_t luck, Instant born)
    : spec_(spec),
      luck_(next_luck(luck)),
      foreign_luck_(next_luck(luck)),
      first_even_(spec.first & 1U),
      slots_((size() - first_even_ + 1) / 2),
      pairs_((size() - first_even_) / 2),
      states_(size()),
      given_back_(size() / 2 + 1) {
  assert(spec.first > 0 && spec.first < spec.last && spec.quarantine >= Span{0} && spec.late_packets >= Span{0});
  counts_[static_cast<std::size_t>(PortState::free)] = size();
  singles_[0] = takes_slots() ? slots_ : size();
  doubles_[0] = takes_slots() ? slots_ : pairs_;

  std::uint64_t stream = luck_;
  const auto shuffled = [&](std::uint32_t count) {
    std::vector<std::uint16_t> order(count);
    std::iota(order.begin(), order.end(), std::uint16_t{0});
    for (std::uint32_t left = count; left > 1; --left) std::swap(order[left - 1], order[below(left, next_luck(stream))]);
    return order;
  };
  if (spec.allocator == PortAllocator::rtpengine) {
    const auto end = static_cast<std::uint16_t>(size());
    links_.assign(size() + 1, {.next = end, .previous = end});
    for (const std::uint16_t index : shuffled(size())) push_tail(index);
  } else if (spec.allocator == PortAllocator::rtpproxy) {
    table_ = shuffled(slots_);
    table_at_ = slots_ - 1;
  } else if (spec.allocator == PortAllocator::lowest_first) {
    free_ports_ = LowestBit(size());
    free_pairs_ = LowestBit(pairs_);
    for (Index index = 0; index < size(); ++index) free_ports_.put(index, true);
    for (std::uint32_t pair = 0; pair < pairs_; ++pair) free_pairs_.put(pair, true);
  }
  if (spec.foreign) {
    assert(spec.foreign->rate.value() > 0 && spec.foreign->holding > Span{0});
    next_foreign_ = later(born, exponential(1 / spec.foreign->rate.value(), next_luck(foreign_luck_)));
    settle_others(born);
  }
  due_ = next_due();
}

/// As if others had been at work for ever: tries at one port come at rate / size, and one that is free is taken for an exponential time, so that it
/// is taken for r / (1 + r) of the time, r = rate * holding / size; and what is left of such a time is exponential too.
void PortPool::settle_others(Instant born) {
  const double holding_s = in_seconds(spec_.foreign->holding);
  const double tries = spec_.foreign->rate.value() * holding_s / size();
  for (Index index = 0; index < size(); ++index) {
    const double uniform = static_cast<double>(next_luck(foreign_luck_) >> 11U) * 0x1p-53;
    if (uniform >= tries / (1 + tries)) continue;
    set(index, PortState::foreign);
    foreign_ends_.push({.at = later(born, exponential(holding_s, next_luck(foreign_luck_))), .index = index});
  }
}

PortGrant PortPool::take(Instant at, PortNeed need, std::uint64_t luck) {
  advance(at);
  if (need == PortNeed::single && !takes_slots() && !notes_by_port_) keep_notes_by_port();
  const Pick picked = pick(at, need, luck);
  PortGrant grant{.probes = picked.probes};
  if (picked.index >= no_port) {
    grant.refusal = picked.index == foreign_port ? PortRefusal::foreign : reason(need);
    return grant;
  }
  const Index index = picked.index;
  assert(fits(index, need));
  grant.port = static_cast<std::uint16_t>(spec_.first + index);
  grant.reuse_after = since_given_back(index, at);
  if (need == PortNeed::pair && index + 1 < size()) {
    const auto partner = notes_by_port_ ? since_given_back(index + 1, at) : std::nullopt;
    if (partner && (!grant.reuse_after || *partner < *grant.reuse_after)) grant.reuse_after = partner;
    set_pair(index, PortState::rtp, PortState::rtcp);
  } else {
    set(index, PortState::rtp);
  }
  grant.collision = grant.reuse_after && *grant.reuse_after < spec_.late_packets;
  return grant;
}

void PortPool::give(Instant at, std::uint16_t port) {
  advance(at);
  assert(state(port) == PortState::rtp);
  const Index index = Index{port} - spec_.first;
  release(at, index, is_pair(index));
}

void PortPool::undo(std::uint16_t port) {
  assert(state(port) == PortState::rtp);
  const Index index = Index{port} - spec_.first;
  make_free(index, is_pair(index));
}

void PortPool::leak(Instant at, std::uint16_t port, std::optional<Span> held) {
  advance(at);
  assert(state(port) == PortState::rtp);
  const Index index = Index{port} - spec_.first;
  const bool pair = is_pair(index);
  pair ? set_pair(index, PortState::leaked, PortState::leaked) : set(index, PortState::leaked);
  if (!held) return;
  const Instant until = later(at, *held);
  assert(leaked_.empty() || leaked_.back().until <= until);
  leaked_.push_back({.until = until, .index = static_cast<std::uint16_t>(index), .pair = pair});
  due_ = std::min(due_, until);
}

PortState PortPool::state(std::uint16_t port) const {
  assert(port >= spec_.first && port <= spec_.last);
  return state_at(Index{port} - spec_.first);
}

std::size_t PortPool::bytes() const {
  return sizeof(*this) + states_.capacity() + given_back_.capacity() * sizeof(Note) + links_.capacity() * sizeof(Links) +
         table_.capacity() * sizeof(std::uint16_t) + free_ports_.bytes() + free_pairs_.bytes() +
         (quarantined_.size() + leaked_.size()) * sizeof(Held) + foreign_ends_.size() * sizeof(ForeignEnd);
}

// ---- Books

PortPool::Obstacle PortPool::obstacle_of(PortState state) {
  static constexpr std::array by_state{Obstacle::none, Obstacle::call, Obstacle::call, Obstacle::quarantine, Obstacle::leak, Obstacle::foreign};
  return by_state[static_cast<std::size_t>(state)];
}

PortPool::Obstacle PortPool::obstacle_of_unit(Index even) const {
  const Obstacle own = obstacle_of(state_at(even));
  return even + 1 == size() ? own : std::max(own, obstacle_of(state_at(even + 1)));
}

bool PortPool::fits(Index index, PortNeed need) const {
  return need == PortNeed::pair ? obstacle_of_unit(index) == Obstacle::none : state_at(index) == PortState::free;
}

void PortPool::set(Index index, PortState state) {
  const bool even = is_even(index);
  const Index unit = even ? index : index - 1;
  const bool in_unit = takes_slots() ? even || index > 0 : index >= first_even_ && unit + 1 < size();
  const bool is_single = even || !takes_slots();
  const auto book = [&](std::uint32_t by) {
    counts_[static_cast<std::size_t>(state_at(index))] += by;
    if (is_single) singles_[static_cast<std::size_t>(obstacle_of(state_at(index)))] += by;
    if (in_unit) doubles_[static_cast<std::size_t>(obstacle_of_unit(unit))] += by;
  };
  book(std::uint32_t(-1));
  states_[index] = static_cast<std::uint8_t>((states_[index] & ~state_bits) | static_cast<std::uint8_t>(state));
  book(1);
  if (spec_.allocator != PortAllocator::lowest_first) return;
  free_ports_.put(index, state == PortState::free);
  if (in_unit) free_pairs_.put((unit - first_even_) / 2, obstacle_of_unit(unit) == Obstacle::none);
}

void PortPool::set_pair(Index even, PortState rtp, PortState rtcp) {
  const auto book = [&](std::uint32_t by) {
    const PortState first = state_at(even);
    const PortState second = state_at(even + 1);
    const Obstacle of_first = obstacle_of(first);
    const Obstacle of_second = obstacle_of(second);
    counts_[static_cast<std::size_t>(first)] += by;
    counts_[static_cast<std::size_t>(second)] += by;
    singles_[static_cast<std::size_t>(of_first)] += by;
    if (!takes_slots()) singles_[static_cast<std::size_t>(of_second)] += by;
    doubles_[static_cast<std::size_t>(std::max(of_first, of_second))] += by;
  };
  book(std::uint32_t(-1));
  states_[even] = static_cast<std::uint8_t>((states_[even] & ~state_bits) | static_cast<std::uint8_t>(rtp));
  states_[even + 1] = static_cast<std::uint8_t>((states_[even + 1] & ~state_bits) | static_cast<std::uint8_t>(rtcp));
  book(1);
  if (spec_.allocator != PortAllocator::lowest_first) return;
  const bool is_free = rtp == PortState::free && rtcp == PortState::free;
  free_ports_.put(even, rtp == PortState::free);
  free_ports_.put(even + 1, rtcp == PortState::free);
  free_pairs_.put((even - first_even_) / 2, is_free);
}

void PortPool::make_free(Index index, bool pair) {
  pair ? set_pair(index, PortState::free, PortState::free) : set(index, PortState::free);
  if (spec_.allocator != PortAllocator::rtpengine) return;
  push_tail(index);
  if (pair) push_tail(index + 1);
}

void PortPool::release(Instant at, Index index, bool pair) {
  note_given_back(index, at);
  if (pair) note_given_back(index + 1, at);
  if (spec_.quarantine == Span{0}) return make_free(index, pair);
  pair ? set_pair(index, PortState::quarantined, PortState::quarantined) : set(index, PortState::quarantined);
  const Instant until = later(at, spec_.quarantine);
  quarantined_.push_back({.until = until, .index = static_cast<std::uint16_t>(index), .pair = pair});
  due_ = std::min(due_, until);
}

void PortPool::keep_notes_by_port() {
  std::vector<Note> by_port(size());
  for (Index index = 0; index < size(); ++index) by_port[index] = given_back_[note_of(index)];
  given_back_ = std::move(by_port);
  notes_by_port_ = true;
}

void PortPool::note_given_back(Index index, Instant at) {
  const std::uint64_t units = nanoseconds(at) >> given_unit_bits;
  Note& note = given_back_[note_of(index)];
  for (std::size_t byte = 0; byte < note.size(); ++byte) note[byte] = static_cast<std::uint8_t>(units >> (8 * byte));
  states_[index] |= given_back_once;
}

std::optional<Span> PortPool::since_given_back(Index index, Instant at) const {
  if ((states_[index] & given_back_once) == 0) return std::nullopt;
  const Note& note = given_back_[note_of(index)];
  std::uint64_t units = 0;
  for (std::size_t byte = 0; byte < note.size(); ++byte) units |= std::uint64_t{note[byte]} << (8 * byte);
  const std::uint64_t since = nanoseconds(at) - (units << given_unit_bits);
  return Span{static_cast<Span::rep>(since & ((std::uint64_t{1} << (given_bits + given_unit_bits)) - 1))};
}

// ---- What time alone does

Instant PortPool::next_due() const {
  Instant due = next_foreign_;
  if (!leaked_.empty()) due = std::min(due, leaked_.front().until);
  if (!quarantined_.empty()) due = std::min(due, quarantined_.front().until);
  if (!foreign_ends_.empty()) due = std::min(due, foreign_ends_.top().at);
  return due;
}

void PortPool::advance(Instant at) {
  assert(at < never);
  for (; due_ <= at; due_ = next_due()) {
    if (!leaked_.empty() && leaked_.front().until == due_) {
      const Held over = leaked_.front();
      leaked_.pop_front();
      release(over.until, over.index, over.pair);
    } else if (!quarantined_.empty() && quarantined_.front().until == due_) {
      const Held over = quarantined_.front();
      quarantined_.pop_front();
      make_free(over.index, over.pair);
    } else if (!foreign_ends_.empty() && foreign_ends_.top().at == due_) {
      set(foreign_ends_.top().index, PortState::free);
      foreign_ends_.pop();
    } else {
      others_come(due_);
    }
  }
}

void PortPool::others_come(Instant at) {
  const Index index = below(size(), next_luck(foreign_luck_));
  next_foreign_ = later(at, exponential(1 / spec_.foreign->rate.value(), next_luck(foreign_luck_)));
  if (state_at(index) != PortState::free) return;
  const Span kept = exponential(in_seconds(spec_.foreign->holding), next_luck(foreign_luck_));
  set(index, PortState::foreign);
  foreign_ends_.push({.at = later(at, kept), .index = index});
}

// ---- What is listed, and why there is nothing

PortRefusal PortPool::reason(PortNeed need) const {
  const ByObstacle& units = need == PortNeed::pair ? doubles_ : singles_;
  const auto some = [&](Obstacle obstacle) { return units[static_cast<std::size_t>(obstacle)] > 0; };
  if (some(Obstacle::none)) return PortRefusal::fragmented;
  if (need == PortNeed::pair && !takes_slots()) {
    std::uint32_t free = count(PortState::free);
    if (first_even_ == 1 && state_at(0) == PortState::free) --free;
    if (is_even(size() - 1) && state_at(size() - 1) == PortState::free) --free;
    if (free >= 2) return PortRefusal::fragmented;
  }
  if (some(Obstacle::quarantine)) return PortRefusal::quarantined;
  if (some(Obstacle::leak)) return PortRefusal::leaked;
  return some(Obstacle::foreign) ? PortRefusal::foreign : PortRefusal::exhausted;
}

void PortPool::unlink(Index index) {
  const std::uint16_t next = links_[index].next;
  const std::uint16_t previous = links_[index].previous;
  links_[previous].next = next;
  links_[next].previous = previous;
  --listed_;
}

void PortPool::push_tail(Index index) {
  const auto end = static_cast<std::uint16_t>(size());
  const std::uint16_t tail = links_[end].previous;
  links_[tail].next = static_cast<std::uint16_t>(index);
  links_[index] = {.next = end, .previous = tail};
  links_[end].previous = static_cast<std::uint16_t>(index);
  ++listed_;
}

}  // namespace trunklab
