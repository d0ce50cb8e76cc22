// The media addresses of a region, on demand: how many there are, which one a call gets, and what one that fails takes with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "models/measures/media_seen.hpp"
#include "models/measures/peak.hpp"
#include "models/media/media_spec.hpp"
#include "models/media/port_pool.hpp"
#include "models/units.hpp"

namespace trunklab {

/// Adds what one request to a pool showed.
void note(PortsSeen& seen, const PortGrant& grant);
/// Adds a call that got no ports.
void note_refused(PortsSeen& seen, PortRefusal refusal, Instant at);

/// A port of one of the addresses.
struct MediaPlace {
  std::uint16_t address = no_address;
  std::uint16_t port = 0;  ///< of RTP; 0 = none
};

/// Grows and shrinks by AddressPolicy. Time alone changes it too (an address becomes ready, a drain begins): whatever is asked of it first catches up
/// with `at`, so that nobody needs to wake it up. Instants never go back.
class MediaPark {
 public:
  struct Setting {
    AddressPolicy policy;
    PortPoolSpec ports;
    MediaLegs legs = MediaLegs::both;
    std::optional<double> packets_max;
    std::uint64_t luck = 0;
    Instant measure_from = run_start;
    Instant measure_until = never;
  };
  explicit MediaPark(const Setting& setting);

  struct Grant {
    MediaPlace site;                          ///< of the leg towards the site
    MediaPlace far;                           ///< of the other one; none if it takes no port here
    PortRefusal refusal = PortRefusal::none;  ///< of the address that was asked first
  };
  /// Ports for a call's legs. The address by the policy's choice, and if that refuses, the ones after it, round the park. A call that is refused has
  /// an address ordered too.
  /// `luck` is this attempt's; `call` is a number of the call's, the same at every attempt, for AddressChoice::hash.
  Grant take(Instant at, PortNeed need, std::uint64_t luck, std::uint64_t call = 0);
  void give(Instant at, const MediaPlace& place);
  /// As PortPool::leak.
  void leak(Instant at, const MediaPlace& place, std::optional<Span> held);
  /// The address is gone, and all ports of its calls with it: nobody gives them back. false: it was not there.
  bool fail(Instant at, std::uint16_t address);
  /// It is back, with all its ports free.
  void repair(Instant at, std::uint16_t address);

  /// While the calls of a stationary start are put in place, an address that is ordered is there at once, and nothing is counted.
  void settle(bool settling) { settling_ = settling; }

  /// A call's talk sends (and stops sending) so many thousandths of a packet a second into the address.
  void stream(Instant at, std::uint16_t address, std::int64_t millipackets);
  /// The share of packets lost at the address for want of processing, integrated over time up to `at`: the mean over a talk is the difference over
  /// its length. Fluid (ours): a load of x packets a second above packets_max loses 1 - packets_max / x.
  [[nodiscard]] double lost_seconds(Instant at, std::uint16_t address);

  enum class Change : std::uint8_t { ordered, ready, draining, removed };
  struct Event {
    Instant at;
    Change change = Change::ordered;
    std::uint16_t address = 0;
  };
  /// What has changed since the last call, in the order of time.
  std::vector<Event> take_events() { return std::exchange(events_, {}); }
  [[nodiscard]] bool has_events() const { return !events_.empty(); }

  [[nodiscard]] std::size_t addresses() const { return addresses_.size(); }
  /// Does it take calls, or drain?
  [[nodiscard]] bool is_there(Instant at, std::uint16_t address);
  /// The pool of an address, up to date with `at`; nullptr if it is not there (yet, or any more) or has never been used.
  [[nodiscard]] const PortPool* pool(Instant at, std::uint16_t address);
  /// Addresses that take calls, or drain.
  [[nodiscard]] std::uint32_t there() const { return static_cast<std::uint32_t>(there_.now()); }
  [[nodiscard]] RegionMediaSeen seen();
  [[nodiscard]] std::size_t bytes() const;

 private:
  enum class State : std::uint8_t { absent, starting, ready, draining, failed };
  struct Address {
    Address(Instant measure_from, Instant measure_until) : millipackets(measure_from, measure_until) {}
    State state = State::absent;
    Instant ready_at = never;
    std::uint32_t legs = 0;  ///< of calls, that it holds ports for
    std::uint64_t luck = 0;
    std::unique_ptr<PortPool> pool;  ///< made when it is first used: most scenarios call one region
    Peak millipackets;               ///< a second, coming in
    Instant streamed_at = run_start;
    double lost_seconds = 0;
  };

  void catch_up(Instant at);
  void make_ready(Instant at, std::uint16_t address);
  void drain_one(Instant at);
  void order(Instant at);
  void consider_growth(Instant at);
  void consider_shrinking(Instant at);
  void note_leaked(Instant at);
  [[nodiscard]] std::uint16_t first_choice(std::uint64_t number, std::uint16_t other_than) const;
  [[nodiscard]] static std::uint32_t in_use(const Address& address) { return address.pool ? address.pool->in_use() : 0; }
  [[nodiscard]] std::uint32_t ports_of_each() const { return std::uint32_t{setting_.ports.last} - setting_.ports.first + 1; }
  PortGrant take_at(Instant at, std::uint16_t address, PortNeed need, std::uint64_t luck);
  void undo(const MediaPlace& place);
  Grant ask_all(Instant at, PortNeed need, std::uint64_t luck, std::uint64_t number);
  template <class Act>
  void change_ports(Address& address, const Act& act);
  template <class Act>
  void release(Instant at, const MediaPlace& place, const Act& act);
  void tell_ports_in_use(Instant at);
  template <class Ask>
  void ask_round(std::uint16_t first, std::uint16_t other_than, const Ask& ask);
  Grant take_both(Instant at, std::uint16_t address, PortNeed need, std::uint64_t luck);
  void remove_if_empty(Instant at, std::uint16_t address);
  void log(Instant at, Change change, std::uint16_t address);
  [[nodiscard]] bool measured(Instant at) const { return !settling_ && at >= setting_.measure_from && at < setting_.measure_until; }
  void integrate_loss(Instant at, Address& address) const;

  Setting setting_;
  std::vector<Address> addresses_;
  std::uint32_t ready_ = 0;
  std::uint32_t starting_ = 0;
  std::uint32_t pools_made_ = 0;
  std::uint32_t turn_ = 0;
  Instant next_ready_ = never;
  Instant low_since_ = never;  ///< since when there has been one address too many
  bool settling_ = false;
  std::vector<Event> events_;
  RegionMediaSeen seen_;
  Peak there_;
  Peak in_use_;
  std::uint64_t in_use_now_ = 0;  ///< ports in use by calls at all addresses
  std::uint64_t used_ = 0;        ///< ports in use by calls at addresses that are ready
  std::uint64_t capacity_ = 0;    ///< ports of those addresses
};

}  // namespace trunklab
