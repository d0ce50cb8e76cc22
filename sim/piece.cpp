// Cutting a piece out of a scenario.
#include "sim/piece.hpp"

#include <algorithm>

#include "models/rate_table.hpp"

namespace trunklab {
namespace {

bool varies(const Scenario& scenario) {
  return std::ranges::any_of(scenario.demands, [](const DemandSpec& demand) { return std::holds_alternative<VaryingArrivals>(demand.arrivals); });
}

/// Rates as they are from `from` on.
VaryingArrivals shifted(const VaryingArrivals& arrivals, Span from) {
  VaryingArrivals moved{.table = {{run_start, CallsPerSecond{RateTable(arrivals).rate(run_start + from)}}}, .between = arrivals.between};
  for (const RatePoint& point : arrivals.table) {
    if (point.from > run_start + from) moved.table.push_back({point.from - from, point.rate});
  }
  return moved;
}

}  // namespace

Span longest_talk(const Scenario& scenario) {
  Span longest = std::chrono::seconds{1};
  for (const DemandSpec& demand : scenario.demands) longest = std::max(longest, mean_of(demand.holding));
  return longest;
}

Span settling_of(const Scenario& scenario) {
  Span longest{};
  for (const Site& site : scenario.sites) {
    const HuntingPolicy& hunting = site.routing.hunting;
    Span own = site.media_timeout;
    if (hunting.hold_down) own += hunting.hold_down->span + hunting.hold_down->return_over;
    if (hunting.probe) own += hunting.probe->every_down.value_or(hunting.probe->every) * (hunting.probe->recover_after + 1);
    if (site.session_expires) own += *site.session_expires;
    if (site.routing.target == TargetKind::fqdn) own += site.routing.ttl_min.value_or(Span{});
    longest = std::max(longest, own);
  }
  const NameSpec& names = scenario.service.names;
  longest += names.ttl + names.check.every * (names.check.recover_after + 1);
  Span again{};
  for (const DemandSpec& demand : scenario.demands) {
    if (demand.redial) again = std::max<Span>(again, mean_of(demand.redial->delay) * demand.redial->most);
  }
  longest += again;
  return std::chrono::minutes{5} + longest + 5 * longest_talk(scenario);
}

Scenario piece_of(const Scenario& scenario, Instant from, Instant until, const std::vector<FaultSpec>& faults, std::uint64_t luck) {
  constexpr std::uint64_t stride = 0x9E3779B97F4A7C15U;  // odd, so that no two pieces have the same seed
  Scenario piece = scenario;
  piece.seed = scenario.seed + stride * (luck + 1);
  piece.random_faults.clear();
  piece.faults = faults;
  const bool empty_start = varies(scenario) || scenario.warmup;
  const Span before = empty_start ? std::min<Span>(from - run_start, piece_talks * longest_talk(scenario)) : Span{};
  const Span moved = from - run_start - before;
  for (FaultSpec& fault : piece.faults) fault.at -= moved;
  for (DemandSpec& demand : piece.demands) {
    if (const auto* rates = std::get_if<VaryingArrivals>(&demand.arrivals)) demand.arrivals = shifted(*rates, moved);
  }
  piece.horizon.start_unix_ns += moved.count();
  piece.horizon.duration = until - from + before;
  piece.warmup = empty_start && before > Span{} ? std::optional(before) : std::nullopt;
  return piece;
}

}  // namespace trunklab
