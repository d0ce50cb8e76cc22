// M/M/s/K: the chain of calls present, from Erlang B at the number of agents upwards.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "models/teletraffic/root.hpp"
#include "models/teletraffic/waiting.hpp"

namespace trunklab {

namespace {

/// Probabilities of s, s + 1, ..., K calls present.
std::vector<double> upper_states(const AgentsBehindTrunks& system) {
  assert(system.offered.value() > 0 && std::isfinite(system.offered.value()) && system.agents >= 1 && system.trunks >= system.agents);
  const double rho = system.offered.value() / system.agents;
  // 1/P(n) within the first n states: grows by the same step as that of Erlang B.
  double inverse = 1 / erlang_b(system.offered, whole(system.agents)).value();
  std::vector<double> states(std::size_t{system.trunks} - system.agents + 1);
  double weight = 1;
  double total = inverse;
  if (rho <= 1) {
    for (std::size_t j = 1; j < states.size(); ++j) total += weight *= rho;
    states.front() = 1 / total;
    for (std::size_t j = 1; j < states.size(); ++j) states[j] = states[j - 1] * rho;
  } else {
    for (std::size_t j = 1; j < states.size(); ++j) inverse = 1 + inverse / rho;
    states.back() = 1 / inverse;
    for (std::size_t j = states.size() - 1; j > 0; --j) states[j - 1] = states[j] / rho;
  }
  return states;
}

bool keeps(const AgentsBehindTrunks& system, const ServiceLevel& promise) {
  return wait_beyond(system, promise.within).value() <= 1 - promise.share.value();
}

}  // namespace

WaitingFigures figures_of(const AgentsBehindTrunks& system) {
  const std::vector<double> states = upper_states(system);
  WaitingFigures figures;
  figures.blocked = Probability{states.back()};
  double admitted = 1 - states.back();
  if (states.back() > 0.5) {
    // 1 - P would cancel: the other states are summed instead.
    double below = 0;
    double p = states.front();
    for (std::uint32_t n = system.agents; n > 0 && p > 0; --n) below += p *= n / system.offered.value();
    for (std::size_t j = 0; j + 1 < states.size(); ++j) below += states[j];
    admitted = below;
  }
  double waits = 0;
  for (std::size_t j = 0; j < states.size(); ++j) {
    if (j + 1 < states.size()) waits += states[j];
    figures.mean_queue += static_cast<double>(j) * states[j];
  }
  figures.waits = Probability{waits / admitted};
  figures.carried = Erlangs{system.offered.value() * admitted};
  figures.mean_wait = figures.mean_queue / figures.carried.value();
  figures.occupancy = figures.carried.value() / system.agents;
  figures.trunks_busy = figures.carried.value() + figures.mean_queue;
  return figures;
}

Probability wait_beyond(const AgentsBehindTrunks& system, double wait) {
  assert(wait >= 0);
  const std::vector<double> states = upper_states(system);
  const WaitingFigures figures = figures_of(system);
  const double mean = system.agents * wait;
  // The call that finds j waiting, itself not counted, is served after j + 1 ends: too late while a Poisson number of ends is at most j.
  double sum = 0;
  double beyond = 0;
  for (std::size_t j = 0; j + 1 < states.size(); ++j) {
    const auto k = static_cast<double>(j);
    beyond += mean == 0 ? (j == 0 ? 1.0 : 0.0) : std::exp(k * std::log(mean) - mean - std::lgamma(k + 1));
    sum += states[j] * std::min(1.0, beyond);
  }
  return Probability{sum * system.offered.value() / figures.carried.value()};
}

std::optional<std::uint32_t> trunks_for_agents(Erlangs offered, std::uint32_t agents, Probability blocked, std::uint32_t most) {
  assert(offered.value() > 0 && agents >= 1 && blocked.value() > 0 && blocked.value() <= 1);
  double inverse = 1 / erlang_b(offered, whole(agents)).value();
  for (std::uint32_t trunks = agents; trunks <= most; ++trunks) {
    if (inverse * blocked.value() >= 1) return trunks;
    const double next = 1 + inverse * agents / offered.value();
    if (next <= inverse) return std::nullopt;
    inverse = next;
  }
  return std::nullopt;
}

std::uint32_t agents_behind(Erlangs offered, std::uint32_t trunks, const ServiceLevel& promise) {
  return least_that(1, trunks, [&](std::uint32_t agents) { return keeps({offered, agents, trunks}, promise); }).value_or(trunks);
}

AgentsBehindTrunks agents_and_trunks_for(Erlangs offered, Probability blocked, const ServiceLevel& promise) {
  assert(blocked.value() > 0 && blocked.value() < 1);
  // So many at least are busy on average; one more has always some idle time.
  const double carried = offered.value() * (1 - blocked.value());
  for (auto agents = std::max(1U, static_cast<std::uint32_t>(carried));; ++agents) {
    const auto trunks = trunks_for_agents(offered, agents, blocked);
    if (trunks && keeps({offered, agents, *trunks}, promise)) return {offered, agents, *trunks};
  }
}

Erlangs offered_behind(std::uint32_t agents, std::uint32_t trunks, Probability blocked) {
  const double target = blocked.value();
  assert(target > 0 && target < 1);
  const auto excess = [&](double log_a) { return std::log(upper_states({Erlangs{std::exp(log_a)}, agents, trunks}).back() / target); };
  double high = std::log(agents / (1 - target)) + 1e-9;
  double low = high - 1;
  while (excess(low) > 0) low -= 2 * (high - low);
  return Erlangs{std::exp(root_between(low, high, excess))};
}

}  // namespace trunklab
