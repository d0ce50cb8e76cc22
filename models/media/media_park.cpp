// Growing, shrinking, choosing and losing media addresses.
#include "models/media/media_park.hpp"

#include <algorithm>
#include <cassert>

#include "models/media/split_mix.hpp"

namespace trunklab {

namespace {

/// Another word of luck from one.
std::uint64_t stirred(std::uint64_t word, std::uint64_t number) {
  return split_mix(word + split_mix_step * (number + 1));
}

}  // namespace

void note(PortsSeen& seen, const PortGrant& grant) {
  ++seen.takes;
  seen.probes += grant.probes;
  seen.collisions += grant.collision;
  if (grant && grant.reuse_after) seen.reuse_after.add(*grant.reuse_after);
}

void note_refused(PortsSeen& seen, PortRefusal refusal, Instant at) {
  ++seen.refusals[static_cast<std::size_t>(refusal)];
  seen.refused_from = std::min(seen.refused_from, at);
}

MediaPark::MediaPark(const Setting& setting)
    : setting_(setting), there_(setting.measure_from, setting.measure_until), in_use_(setting.measure_from, setting.measure_until) {
  assert(setting.policy.least >= 1 && setting.policy.least <= addresses_max);
  for (std::uint32_t i = 0; i < setting.policy.least; ++i) {
    addresses_.emplace_back(setting.measure_from, setting.measure_until);
    make_ready(run_start, static_cast<std::uint16_t>(i));
  }
  events_.clear();
}

void MediaPark::log(Instant at, Change change, std::uint16_t address) {
  events_.push_back({.at = at, .change = change, .address = address});
}

void MediaPark::make_ready(Instant at, std::uint16_t index) {
  Address& address = addresses_[index];
  const bool was_there = address.state == State::draining;
  if (!was_there) {
    address.pool.reset();
    address.luck = stirred(setting_.luck, pools_made_++);
    address.legs = 0;
    there_.add(at, 1);
  }
  address.state = State::ready;
  ++ready_;
  used_ += in_use(address);
  capacity_ += ports_of_each();
  log(at, Change::ready, index);
}

/// What has become due is done in the order of time: each of them may change what comes after it.
void MediaPark::catch_up(Instant at) {
  for (;;) {
    const Instant drains = low_since_ == never || starting_ > 0 ? never : later(low_since_, setting_.policy.scale_in_after);
    const Instant next = std::min(next_ready_, drains);
    if (next > at) return;
    if (next_ready_ <= drains) {
      next_ready_ = never;
      for (std::uint16_t index = 0; index < addresses_.size(); ++index) {
        Address& address = addresses_[index];
        if (address.state != State::starting) continue;
        if (address.ready_at <= next) {
          --starting_;
          make_ready(next, index);
        } else {
          next_ready_ = std::min(next_ready_, address.ready_at);
        }
      }
      consider_growth(next);
    } else {
      drain_one(next);
    }
    consider_shrinking(next);
  }
}

/// One that drains comes back at once; else a new one starts, in the place of one that is gone, if there is any.
void MediaPark::order(Instant at) {
  const auto draining = std::ranges::find(addresses_, State::draining, &Address::state);
  if (draining != addresses_.end()) return make_ready(at, static_cast<std::uint16_t>(draining - addresses_.begin()));
  const std::uint32_t most = setting_.policy.most ? std::min<std::uint32_t>(*setting_.policy.most, addresses_max) : addresses_max;
  if (ready_ + starting_ >= most) return;
  auto place = std::ranges::find(addresses_, State::absent, &Address::state);
  if (place == addresses_.end()) {
    if (addresses_.size() >= addresses_max) return;
    place = addresses_.emplace(addresses_.end(), setting_.measure_from, setting_.measure_until);
  }
  const auto index = static_cast<std::uint16_t>(place - addresses_.begin());
  if (measured(at)) ++seen_.scale_outs;
  log(at, Change::ordered, index);
  if (settling_ || setting_.policy.start_up == Span::zero()) return make_ready(at, index);
  place->state = State::starting;
  place->ready_at = later(at, setting_.policy.start_up);
  ++starting_;
  next_ready_ = std::min(next_ready_, place->ready_at);
}

void MediaPark::consider_growth(Instant at) {
  if (starting_ > 0) return;
  if (ready_ < setting_.policy.least || static_cast<double>(used_) > setting_.policy.scale_out.value() * static_cast<double>(capacity_)) order(at);
}

void MediaPark::consider_shrinking(Instant at) {
  if (!setting_.policy.scale_in) return;
  bool too_many = ready_ > setting_.policy.least && starting_ == 0;
  if (too_many) {
    const double rest = static_cast<double>(capacity_) * (ready_ - 1) / ready_;
    too_many = static_cast<double>(used_) < setting_.policy.scale_in->value() * rest;
  }
  if (!too_many) {
    low_since_ = never;
  } else if (low_since_ == never) {
    low_since_ = at;
  }
}

/// The one with the fewest calls takes no more of them.
void MediaPark::drain_one(Instant at) {
  low_since_ = never;
  std::uint16_t least = no_address;
  for (std::uint16_t index = 0; index < addresses_.size(); ++index) {
    if (addresses_[index].state != State::ready) continue;
    if (least == no_address || addresses_[index].legs <= addresses_[least].legs) least = index;
  }
  Address& address = addresses_[least];
  address.state = State::draining;
  --ready_;
  used_ -= in_use(address);
  capacity_ -= ports_of_each();
  if (measured(at)) ++seen_.scale_ins;
  log(at, Change::draining, least);
  remove_if_empty(at, least);
}

void MediaPark::remove_if_empty(Instant at, std::uint16_t index) {
  Address& address = addresses_[index];
  if (address.state != State::draining || address.legs > 0) return;
  address.state = State::absent;
  address.pool.reset();
  there_.add(at, -1);
  log(at, Change::removed, index);
}

/// `number` chooses, unless the policy does.
std::uint16_t MediaPark::first_choice(std::uint64_t number, std::uint16_t other_than) const {
  const auto takes_calls = [&](std::size_t index) { return addresses_[index].state == State::ready && index != other_than; };
  if (setting_.policy.choice == AddressChoice::fewest_calls) {
    std::uint16_t fewest = no_address;
    for (std::uint16_t index = 0; index < addresses_.size(); ++index) {
      if (takes_calls(index) && (fewest == no_address || addresses_[index].legs < addresses_[fewest].legs)) fewest = index;
    }
    return fewest;
  }
  // The n-th of those that take calls. A hash of the call stays with its address as long as their number stays.
  const std::uint32_t able = ready_ - (other_than != no_address && addresses_[other_than].state == State::ready ? 1U : 0U);
  if (able == 0) return no_address;
  std::uint64_t nth = number % able;
  for (std::uint16_t index = 0; index < addresses_.size(); ++index) {
    if (takes_calls(index) && nth-- == 0) return index;
  }
  return no_address;
}

PortGrant MediaPark::take_at(Instant at, std::uint16_t index, PortNeed need, std::uint64_t luck) {
  Address& address = addresses_[index];
  if (!address.pool) address.pool = std::make_unique<PortPool>(setting_.ports, address.luck, at);
  PortGrant grant;
  change_ports(address, [&](PortPool& pool) { grant = pool.take(at, need, luck); });
  if (measured(at)) note(seen_.ports, grant);
  address.legs += bool{grant} ? 1U : 0U;
  return grant;
}

/// Does something with a pool, and keeps count of the ports in use.
template <class Act>
void MediaPark::change_ports(Address& address, const Act& act) {
  const std::uint32_t before = address.pool->in_use();
  act(*address.pool);
  const std::uint64_t more = std::uint64_t{address.pool->in_use()} - before;  // round the circle where it is fewer
  in_use_now_ += more;
  if (address.state == State::ready) used_ += more;
}

void MediaPark::tell_ports_in_use(Instant at) {
  in_use_.add(at, static_cast<std::int64_t>(in_use_now_) - in_use_.now());
}

/// A call that gets one leg but not the other has never sent a packet.
void MediaPark::undo(const MediaPlace& place) {
  Address& address = addresses_[place.address];
  change_ports(address, [&](PortPool& pool) { pool.undo(place.port); });
  --address.legs;
}

/// The leg towards the site, and the other one where both are on the same address; neither if there is no room for both.
MediaPark::Grant MediaPark::take_both(Instant at, std::uint16_t address, PortNeed need, std::uint64_t luck) {
  Grant grant;
  const PortGrant site = take_at(at, address, need, stirred(luck, 0));
  grant.refusal = site.refusal;
  if (!site) return grant;
  grant.site = {.address = address, .port = site.port};
  if (setting_.legs != MediaLegs::both) return grant;
  const PortGrant far = take_at(at, address, need, stirred(luck, 1));
  if (far) {
    grant.far = {.address = address, .port = far.port};
    return grant;
  }
  undo(grant.site);
  return {.site = {}, .far = {}, .refusal = far.refusal};
}

/// Asks `first`, then the others that take calls, round the park, until one of them has what is asked for.
template <class Ask>
void MediaPark::ask_round(std::uint16_t first, std::uint16_t other_than, const Ask& ask) {
  if (first == no_address) return;
  for (std::uint32_t step = 0; step < addresses_.size(); ++step) {
    const auto index = static_cast<std::uint16_t>((first + step) % addresses_.size());
    if (addresses_[index].state == State::ready && index != other_than && ask(index)) return;
  }
}

MediaPark::Grant MediaPark::take(Instant at, PortNeed need, std::uint64_t luck, std::uint64_t call) {
  catch_up(at);
  const AddressChoice choice = setting_.policy.choice;
  const std::uint64_t number = choice == AddressChoice::round_robin ? turn_++ : stirred(choice == AddressChoice::hash ? call : luck, 7) >> 32U;
  Grant grant = ask_all(at, need, luck, number);
  if (grant.refusal == PortRefusal::none) {
    consider_growth(at);
  } else if (starting_ == 0) {
    const std::uint32_t before = ready_;
    order(at);
    if (ready_ > before) grant = ask_all(at, need, luck, number);  // it is there at once
  }
  if (grant.refusal != PortRefusal::none && measured(at)) {
    note_refused(seen_.ports, grant.refusal, at);
    note_leaked(at);
  }
  tell_ports_in_use(at);
  consider_shrinking(at);
  return grant;
}

MediaPark::Grant MediaPark::ask_all(Instant at, PortNeed need, std::uint64_t luck, std::uint64_t number) {
  Grant grant;
  const auto keep_first_refusal = [&grant](PortRefusal refusal) {
    if (grant.refusal == PortRefusal::none) grant.refusal = refusal;
  };
  ask_round(first_choice(number, no_address), no_address, [&](std::uint16_t index) {
    const Grant here = take_both(at, index, need, luck);
    keep_first_refusal(here.refusal);
    if (here.site.port == 0) return false;
    grant = here;
    return true;
  });
  if (grant.site.port != 0 && setting_.legs == MediaLegs::split) {
    const std::uint16_t other_than = ready_ > 1 ? grant.site.address : no_address;
    ask_round(first_choice(number, other_than), other_than, [&](std::uint16_t index) {
      const PortGrant far = take_at(at, index, need, stirred(luck, 1));
      keep_first_refusal(far.refusal);
      if (far) grant.far = {.address = index, .port = far.port};
      return bool{far};
    });
    if (grant.far.port == 0) {
      undo(grant.site);
      grant.site = {};
    }
  }
  if (grant.site.port == 0) {
    keep_first_refusal(PortRefusal::exhausted);  // no address takes calls
  } else {
    grant.refusal = PortRefusal::none;
  }
  return grant;
}

void MediaPark::give(Instant at, const MediaPlace& place) {
  catch_up(at);
  release(at, place, [&](PortPool& pool) { pool.give(at, place.port); });
}

void MediaPark::leak(Instant at, const MediaPlace& place, std::optional<Span> held) {
  catch_up(at);
  release(at, place, [&](PortPool& pool) { pool.leak(at, place.port, held); });
  if (measured(at)) note_leaked(at);
}

template <class Act>
void MediaPark::release(Instant at, const MediaPlace& place, const Act& act) {
  Address& address = addresses_[place.address];
  change_ports(address, act);
  --address.legs;
  tell_ports_in_use(at);
  remove_if_empty(at, place.address);
  consider_shrinking(at);
}

void MediaPark::note_leaked(Instant at) {
  std::uint32_t leaked = 0;
  for (const Address& address : addresses_) {
    if (!address.pool) continue;
    address.pool->advance(at);
    leaked += address.pool->count(PortState::leaked);
  }
  seen_.ports.leaked_max = std::max(seen_.ports.leaked_max, leaked);
}

bool MediaPark::fail(Instant at, std::uint16_t index) {
  catch_up(at);
  if (!is_there(at, index)) return false;
  Address& address = addresses_[index];
  if (address.state == State::ready) {
    --ready_;
    used_ -= in_use(address);
    capacity_ -= ports_of_each();
  }
  in_use_now_ -= in_use(address);
  tell_ports_in_use(at);
  there_.add(at, -1);
  address.state = State::failed;
  address.legs = 0;
  address.pool.reset();
  consider_growth(at);
  consider_shrinking(at);
  return true;
}

void MediaPark::repair(Instant at, std::uint16_t index) {
  catch_up(at);
  if (index >= addresses_.size() || addresses_[index].state != State::failed) return;
  if (there() + starting_ >= setting_.policy.most.value_or(addresses_max)) {  // its place has been taken meanwhile
    addresses_[index].state = State::absent;
    return;
  }
  make_ready(at, index);
  consider_shrinking(at);
}

void MediaPark::integrate_loss(Instant at, Address& address) const {
  const double load = static_cast<double>(address.millipackets.now()) * 1e-3;
  if (setting_.packets_max && load > *setting_.packets_max) {
    address.lost_seconds += (1 - *setting_.packets_max / load) * in_seconds(at - address.streamed_at);
  }
  address.streamed_at = at;
}

void MediaPark::stream(Instant at, std::uint16_t index, std::int64_t millipackets) {
  Address& address = addresses_[index];
  integrate_loss(at, address);
  address.millipackets.add(at, millipackets);
  assert(address.millipackets.now() >= 0);
}

double MediaPark::lost_seconds(Instant at, std::uint16_t index) {
  Address& address = addresses_[index];
  integrate_loss(at, address);
  return address.lost_seconds;
}

bool MediaPark::is_there(Instant at, std::uint16_t index) {
  catch_up(at);
  return index < addresses_.size() && (addresses_[index].state == State::ready || addresses_[index].state == State::draining);
}

const PortPool* MediaPark::pool(Instant at, std::uint16_t index) {
  catch_up(at);
  if (index >= addresses_.size() || !addresses_[index].pool) return nullptr;
  addresses_[index].pool->advance(at);
  return addresses_[index].pool.get();
}

RegionMediaSeen MediaPark::seen() {
  RegionMediaSeen seen = seen_;
  seen.addresses_max = static_cast<std::uint32_t>(there_.max());
  for (Address& address : addresses_) seen.pps_max = std::max(seen.pps_max, static_cast<double>(address.millipackets.max()) * 1e-3);
  seen.ports.ports_max = static_cast<std::uint32_t>(in_use_.max());
  return seen;
}

std::size_t MediaPark::bytes() const {
  std::size_t bytes = addresses_.capacity() * sizeof(Address);
  for (const Address& address : addresses_) {
    if (address.pool) bytes += address.pool->bytes();
  }
  return bytes;
}

}  // namespace trunklab
