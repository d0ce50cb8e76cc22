// RTP ports on paper: what a range holds, carries and costs to search, and whether another address comes in time.
#pragma once

#include <cstdint>
#include <optional>

#include "models/media/media_spec.hpp"
#include "models/units.hpp"

namespace trunklab {

/// A range of ports on each of so many addresses, and how calls use them.
struct PortPlan {
  std::uint16_t first = 10000;  ///< 10000-20000 at Sinch (seed)
  std::uint16_t last = 20000;   ///< > first > 0
  std::uint32_t addresses = 1;  ///< >= 1
  MediaLegs legs = MediaLegs::both;
  PortNeed need = PortNeed::pair;
  PortAllocator allocator = PortAllocator::rtpengine;
};

/// Legs that one address has ports for: whole pairs (or ports, with rtcp-mux) for rtpengine and lowest_first, even ports for the others.
std::uint32_t legs_of_address(const PortPlan& plan);
/// Calls that all addresses together have ports for, if every call is of this kind. Where both legs are on the same address, one that is
/// left over on an address is of no use; where they are split, a single address has to take both.
std::uint32_t calls_of_plan(const PortPlan& plan);

/// Ports of a range that begins with an even one and holds so many legs. With slots the last RTCP port is counted too.
std::uint64_t ports_for_legs(std::uint64_t legs, PortNeed need, PortAllocator allocator);
/// Legs that so many calls put on each of so many addresses, evenly spread, at the one that has most of them.
std::uint64_t legs_per_address(std::uint64_t calls, MediaLegs legs, std::uint32_t addresses);
/// The fewest addresses with this range that so many calls fit on.
std::uint32_t addresses_for(std::uint32_t calls, PortPlan plan);

/// Calls per second of which so many places for calls block no more than `blocking`. A port in quarantine is held: Erlang B with the holding
/// time h + q, exact for any law of either (insensitivity), where refused calls are lost and any free place will do. 0 < blocking < 1.
CallsPerSecond rate_for(std::uint32_t calls, Probability blocking, Span holding, Span quarantine);
/// The share of calls that is refused, likewise.
Probability port_blocking(std::uint32_t calls, CallsPerSecond rate, Span holding, Span quarantine);
/// The fewest places that will do, likewise. 0 < blocking <= 1.
std::uint32_t calls_for(CallsPerSecond rate, Span holding, Span quarantine, Probability blocking);

/// Mean number of places looked at by one that walks up from a random one, in a table of so many places that was only filled, by such walks,
/// and never emptied. in_use < places. Source: D. E. Knuth, The Art of Computer Programming 3, 6.4, theorem K (unsuccessful search), exact:
/// (1 + Q1) / 2 with Q1 = sum over k of (k + 1) N (N - 1) ... (N - k + 1) / M^k. O(in_use).
double probes_of_filled_table(std::uint32_t in_use, std::uint32_t places);
/// Its limit for many places, which it never exceeds: (1 + 1/(1 - a)^2) / 2. 0 <= occupancy < 1.
double probes_of_filled_table(double occupancy);
/// The same where the places in use are spread at random, any set of them alike: (M + 1)/(M - N + 1).
double probes_of_random_spread(std::uint32_t in_use, std::uint32_t places);
/// Places looked at by one that picks anew at random each time, 1/(1 - a), and the limit of a random spread for many places.
/// 0 <= occupancy < 1.
double probes_of_random_picks(double occupancy);

/// Within which the mean number of probes lies.
struct ProbeBounds {
  double least = 1;
  std::optional<double> most;  ///< nullopt = no formula
};
/// Means over calls of the same need while so many places are in use, in_use < places.
///   rtpengine     1; for pairs up to 2 while the list is still as it was shuffled, odd ports being passed over
///   rtpproxy      1/(1 - a): its walk is through a shuffled table
///   asterisk      between a random spread and a filled table: walks make clusters, departures dissolve them, the more so the more talk times vary
///   freeswitch    at least a random spread; as Asterisk while there is hardly more than a call a second, then far more, since all calls of a
///                 second begin at the same slot
///   lowest_first  at most the places in use and one more
ProbeBounds probe_bounds(PortAllocator allocator, PortNeed need, std::uint32_t in_use, std::uint32_t places);

/// A burst of calls that meets addresses which are there, and one more that is ordered.
struct ScaleOutRace {
  std::uint32_t calls = 2500;  ///< that the addresses there hold, >= 1
  Probability threshold{0.8};  ///< one more is ordered when more than this share is in use
  CallsPerSecond rate{0};      ///< calls arriving from the start on
  Span holding{};              ///< mean, exponential, > 0
  double calls_at_start = 0;   ///< 0 <= calls_at_start <= calls
  Span start_up{};             ///< from the order until it takes calls
};
/// What becomes of it, in seconds from the start of the burst.
struct ScaleOutEstimate {
  std::optional<double> ordered_s;         ///< nullopt = never
  std::optional<double> full_s;            ///< without another address; nullopt = never
  std::optional<double> ready_s;           ///< when the ordered one takes calls
  double refused = 0;                      ///< calls, until then
  std::optional<double> threshold_to_try;  ///< the largest that avoids refusals, 0..1; nullopt = none does, the start-up is too long
};
/// Fluid estimate: calls in progress follow n' = rate - n / holding, without chance: n(t) = A + (n0 - A) exp(-t / h) with A = rate * holding,
/// and calls are refused at rate - calls / holding while n = calls. Chance adds some sqrt(n) calls either way. Only the first address that
/// is ordered counts.
ScaleOutEstimate scale_out_race(const ScaleOutRace& race);

}  // namespace trunklab
