// Rates as pieces, and the traffic that comes of them.
#include "sim/planning/load.hpp"

#include <algorithm>
#include <cmath>

#include "traffic/demand/timetable.hpp"

namespace trunklab {
namespace {

/// Straight lines as so many steps.
constexpr int steps_of_line = 8;

void add_table(const VaryingArrivals& arrivals, Span horizon, std::vector<RatePiece>& pieces) {
  const auto& table = arrivals.table;
  for (std::size_t i = 0; i < table.size() && table[i].from < run_start + horizon; ++i) {
    const bool last = i + 1 == table.size();
    const Instant until = std::min(last ? run_start + horizon : table[i + 1].from, run_start + horizon);
    const Span length = until - table[i].from;
    if (length <= Span{}) continue;
    if (last || arrivals.between == VaryingArrivals::Between::step) {
      pieces.push_back({length, table[i].rate});
      continue;
    }
    const double rise = table[i + 1].rate.value() - table[i].rate.value();
    const double whole_s = in_seconds(table[i + 1].from - table[i].from);
    for (int step = 0; step < steps_of_line; ++step) {
      const double middle_s = in_seconds(length) * (step + 0.5) / steps_of_line;
      pieces.push_back({length / steps_of_line, CallsPerSecond{table[i].rate.value() + rise * middle_s / whole_s}});
    }
  }
}

/// Calls of a trace in each five minutes.
Result<DemandRate> counted(const Scenario& scenario, const DemandSpec& demand) {
  constexpr Span bin = std::chrono::minutes{5};
  Scenario alone = scenario;
  alone.demands = {demand};
  auto timetable = Timetable::open(alone, 0);
  if (!timetable) return timetable.problems();
  std::vector<double> calls(static_cast<std::size_t>((scenario.horizon.duration + bin - Span{1}) / bin), 0);
  double talk_s = 0;
  double all = 0;
  for (; const PlannedCall* call = timetable.value().peek(); timetable.value().pop()) {
    talk_s += in_seconds(call->talk);
    ++all;
    const auto place = static_cast<std::size_t>((call->at - run_start) / bin);
    if (place < calls.size()) ++calls[place];
  }
  DemandRate rate{CallsPerSecond{0}, {}, all > 0 ? talk_s / all : 0};
  rate.pieces.reserve(calls.size());
  for (const double count : calls) rate.pieces.push_back({bin, CallsPerSecond{count / in_seconds(bin)}});
  return rate;
}

HoldingLaw law_of(const Distribution& holding, double mean_s) {
  const Span mean = from_seconds(std::max(mean_s, 1e-3));
  if (const auto* lognormal = std::get_if<Lognormal>(&holding)) return HoldingLaw::lognormal(mean, lognormal->cv);
  if (std::holds_alternative<Fixed>(holding)) return HoldingLaw::constant(mean);
  return HoldingLaw::exponential(mean);
}

}  // namespace

Result<DemandRate> rate_of(const Scenario& scenario, const DemandSpec& demand) {
  const Span horizon = scenario.horizon.duration;
  if (const auto* poisson = std::get_if<PoissonArrivals>(&demand.arrivals)) return DemandRate{poisson->rate, {{horizon, poisson->rate}}};
  if (const auto* even = std::get_if<DeterministicArrivals>(&demand.arrivals)) {
    const CallsPerSecond rate{1 / in_seconds(even->every)};
    return DemandRate{rate, {{horizon, rate}}};
  }
  if (const auto* varying = std::get_if<VaryingArrivals>(&demand.arrivals)) {
    DemandRate rate{varying->table.front().rate, {}};
    add_table(*varying, horizon, rate.pieces);
    return rate;
  }
  return counted(scenario, demand);
}

DemandLoad::DemandLoad(const DemandSpec& demand, DemandRate rate, const Seizure& seizure)
    : rate_(std::move(rate)), law_(law_of(demand.holding, seizure.total_s())), mean_s_(seizure.total_s()), constant_(rate_.pieces.size() == 1) {}

double DemandLoad::erlangs(Instant at) const {
  if (constant_) return rate_.before.value() * mean_s_;
  return offered_at({.before = rate_.before, .pieces = rate_.pieces}, law_, at).value();
}

double DemandLoad::calls_per_s(Instant at) const {
  Instant end = run_start;
  for (const RatePiece& piece : rate_.pieces) {
    end += piece.length;
    if (at < end) return piece.rate.value();
  }
  return rate_.pieces.back().rate.value();
}

}  // namespace trunklab
