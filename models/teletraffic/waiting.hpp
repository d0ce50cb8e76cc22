// Calls that wait for an agent: Erlang C, and agents behind a limited number of trunks (M/M/s/K). Times are in mean holding times.
#pragma once

#include <cstdint>
#include <optional>

#include "models/teletraffic/erlang_b.hpp"
#include "models/units.hpp"

namespace trunklab {

// ---- Erlang C: every call waits until it is served

/// Chance that a call has to wait: Poisson offers, exponential holding, nobody gives up, room for all who wait. 1 where offered >= agents:
/// then the queue grows for ever. offered >= 0 and finite; agents >= 0, fractional ones as in erlang_b().
/// Source: A. K. Erlang (1917); from Erlang B: C = n B / (n - A (1 - B)), R. B. Cooper, "Introduction to Queueing Theory" (1981) 3.4.
Probability erlang_c(Erlangs offered, Channels agents);

/// Chance to wait longer than `wait`, first come first served: C e^(-(n - A) t). wait >= 0; otherwise as erlang_c(), also the source.
Probability erlang_c_wait_beyond(Erlangs offered, Channels agents, double wait);

/// Mean wait of all calls, those that do not wait included: C / (n - A), infinite where offered >= agents. As erlang_c().
double erlang_c_mean_wait(Erlangs offered, Channels agents);

/// What callers are promised.
struct ServiceLevel {
  double within = 0;  ///< wait, in mean holding times, >= 0
  Probability share;  ///< of the calls that wait no longer; above 0 and below 1
};

/// The fewest agents that keep the promise, and the fractional number that just does. offered > 0, finite.
std::uint32_t agents_for(Erlangs offered, const ServiceLevel& promise);
Channels fractional_agents_for(Erlangs offered, const ServiceLevel& promise);

/// The same for a mean wait of all calls. offered > 0, mean_wait > 0.
std::uint32_t agents_for_mean_wait(Erlangs offered, double mean_wait);
Channels fractional_agents_for_mean_wait(Erlangs offered, double mean_wait);

/// The most traffic for which so many agents keep the promise, or the mean wait; to a relative 1e-12. agents > 0.
Erlangs offered_for_service(Channels agents, const ServiceLevel& promise);
Erlangs offered_for_mean_wait(Channels agents, double mean_wait);

/// The wait that this share of calls does not exceed; infinite where offered >= agents. 0 < share < 1.
double erlang_c_wait_of(Erlangs offered, Channels agents, Probability share);

// ---- M/M/s/K: calls wait on trunks, and when none is free they are blocked

/// Agents behind trunks. A call holds a trunk while it waits and while it is served.
struct AgentsBehindTrunks {
  Erlangs offered{0};        ///< > 0, finite
  std::uint32_t agents = 1;  ///< >= 1
  std::uint32_t trunks = 1;  ///< >= agents
};

struct WaitingFigures {
  Probability blocked{0};  ///< of the calls offered
  Probability waits{0};    ///< of the calls admitted
  double mean_wait = 0;    ///< of the calls admitted
  double mean_queue = 0;   ///< calls
  Erlangs carried{0};      ///< mean agents busy
  double occupancy = 0;    ///< of the agents, 0 to 1
  double trunks_busy = 0;  ///< mean
};

/// The stationary state: Poisson offers, exponential holding, nobody gives up. O(trunks).
/// Source: Cooper (1981) 3.5 with P(j) proportional to A^j / (min(j, s)! s^max(0, j - s)); weights are carried upwards or downwards from the
/// heavier end, so that none overflows.
WaitingFigures figures_of(const AgentsBehindTrunks& system);

/// Chance that an admitted call waits longer than `wait` in mean holding times: with n - s calls before it, the sum of n - s + 1
/// exponential times. First come first served. wait >= 0. O(trunks).
Probability wait_beyond(const AgentsBehindTrunks& system, double wait);

/// The fewest trunks for so many agents at which no more calls are blocked; nullopt where no number will do (the agents are too few) or
/// more than `most` would be needed. 0 < blocked <= 1.
std::optional<std::uint32_t> trunks_for_agents(Erlangs offered, std::uint32_t agents, Probability blocked, std::uint32_t most = 10'000'000);

/// The fewest agents behind so many trunks that keep the promise to those admitted: at most one for each trunk, with whom nobody waits.
/// offered > 0, trunks >= 1.
std::uint32_t agents_behind(Erlangs offered, std::uint32_t trunks, const ServiceLevel& promise);

/// The fewest agents, and with them the fewest trunks, that keep the promise to those admitted and block no more than `blocked`.
/// 0 < blocked < 1.
AgentsBehindTrunks agents_and_trunks_for(Erlangs offered, Probability blocked, const ServiceLevel& promise);

/// The most traffic of which no more than `blocked` is blocked, to a relative 1e-12. 1 <= agents <= trunks, 0 < blocked < 1.
Erlangs offered_behind(std::uint32_t agents, std::uint32_t trunks, Probability blocked);

}  // namespace trunklab
