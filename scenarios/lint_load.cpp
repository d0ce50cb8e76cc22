// Advice that comes from adding up the demand: channels of a site, and caps.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "models/teletraffic/erlang_b.hpp"
#include "scenarios/lint_parts.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab {
namespace {

constexpr int grid = 24;

/// As many values of a duration, each as likely as the others: the middles of equal parts of its law.
std::array<double, grid> sampled_seconds(const Distribution& distribution) {
  const DurationLaw law(distribution);
  std::array<double, grid> seconds{};
  for (int i = 0; i < grid; ++i) seconds[static_cast<std::size_t>(i)] = in_seconds(law.quantile((i + 0.5) / grid));
  return seconds;
}

/// How long a call holds a channel on average: until the caller's patience or the set-up is over, and the talk of those who were answered in
/// time. Hunting and round trips are left out.
double seconds_held(const DemandSpec& demand) {
  const std::array<double, grid> delays = sampled_seconds(demand.post_dial_delay);
  const std::array<double, grid> rings = sampled_seconds(demand.ring_time);
  const std::array<double, grid> patiences = sampled_seconds(demand.patience);
  const double ringing = demand.answer.answered.value() + demand.answer.no_answer.value();
  const double refused = demand.answer.busy.value() + demand.answer.rejected.value();
  double waited = 0;
  double in_time = 0;
  for (const double delay : delays) {
    for (const double patience : patiences) {
      waited += refused * std::min(delay, patience) * grid;
      for (const double ring : rings) {
        waited += ringing * std::min(delay + ring, patience);
        in_time += delay + ring <= patience ? 1 : 0;
      }
    }
  }
  constexpr double combinations = double{grid} * grid * grid;
  return waited / combinations + demand.answer.answered.value() * in_time / combinations * in_seconds(mean_of(demand.holding));
}

/// Does a bucket of that depth, filled at that rate, ever run dry? `changes` in the order of time.
bool runs_dry(const std::vector<RateChange>& changes, Instant end, double fill, double depth) {
  double rate = 0;
  double used = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    rate += changes[i].by;
    const Instant until = i + 1 < changes.size() ? changes[i + 1].at : end;
    used = std::max(0.0, used + (rate - fill) * in_seconds(until - changes[i].at));
    if (used > depth) return true;
  }
  return false;
}

/// How many targets a call may try.
std::size_t targets_of(const Scenario& scenario, const Routing& routing) {
  if (routing.target == TargetKind::single_address) return 1;
  if (routing.target == TargetKind::fqdn && scenario.service.names.answer == NameSpec::Answer::one) return routing.regions.size();
  std::size_t targets = 0;
  for (const std::uint16_t region : routing.regions) targets += scenario.service.regions[region].edges.size();
  return targets;
}

/// What a cap counts together.
struct Counted {
  std::vector<RateChange> changes;
  double peak = 0;
};

/// Edges and regions: as if each site's calls went to its first region, to one edge there.
std::vector<Counted> counted_by(const Scenario& scenario, CapScope scope) {
  std::vector<Counted> all(std::max(scenario.sites.size(), scenario.service.regions.size()));
  for (const DemandSpec& demand : scenario.demands) {
    if (demand.direction != Direction::termination) continue;
    std::size_t counted = 0;
    if (scope == CapScope::source_address) counted = demand.site;
    if (scope == CapScope::edge || scope == CapScope::region) counted = scenario.sites[demand.site].routing.regions.front();
    add_changes(demand, all[counted].changes);
  }
  for (Counted& counted : all) {
    std::ranges::stable_sort(counted.changes, {}, &RateChange::at);
    double rate = 0;
    for (std::size_t i = 0; i < counted.changes.size(); ++i) {
      rate += counted.changes[i].by;
      const bool lasts = i + 1 == counted.changes.size() || counted.changes[i + 1].at > counted.changes[i].at;
      if (lasts) counted.peak = std::max(counted.peak, rate);
    }
  }
  return all;
}

void advise_on_rate(Advisor& advisor, const CapSpec& cap, const std::string& where) {
  constexpr double seconds_an_hour = 3600;
  const Scenario& scenario = advisor.scenario();
  double worst = 0;
  for (const Counted& counted : counted_by(scenario, cap.scope)) {
    if (counted.peak <= cap.cps->value() || cap.burst >= counted.peak * seconds_an_hour) continue;
    if (runs_dry(counted.changes, run_start + scenario.horizon.duration, cap.cps->value(), cap.burst)) worst = std::max(worst, counted.peak);
  }
  if (worst == 0) return;
  const std::string peak = rate_text(CallsPerSecond{worst});
  advisor.add("cap-below-peak", where, "the demand's peak is " + peak, "calls above the cap are refused for as long as the peak lasts",
              "cps: " + peak + ", or a larger burst");
}

}  // namespace

double peak_rate(const DemandSpec& demand) {
  if (const auto* poisson = std::get_if<PoissonArrivals>(&demand.arrivals)) return poisson->rate.value();
  if (const auto* even = std::get_if<DeterministicArrivals>(&demand.arrivals)) return 1 / in_seconds(even->every);
  if (const auto* varying = std::get_if<VaryingArrivals>(&demand.arrivals)) {
    double peak = 0;
    for (const RatePoint& point : varying->table) peak = std::max(peak, point.rate.value());
    return peak;
  }
  return 0;
}

double peak_erlangs(const DemandSpec& demand) {
  return peak_rate(demand) * seconds_held(demand);
}

void add_changes(const DemandSpec& demand, std::vector<RateChange>& changes) {
  const auto* varying = std::get_if<VaryingArrivals>(&demand.arrivals);
  if (!varying) return changes.push_back({run_start, peak_rate(demand)});
  constexpr int steps = 8;
  double last = 0;
  const auto go_to = [&](Instant at, double rate) {
    if (rate != last) changes.push_back({at, rate - last});
    last = rate;
  };
  for (std::size_t i = 0; i < varying->table.size(); ++i) {
    const RatePoint& point = varying->table[i];
    const double here = point.rate.value();
    if (varying->between == VaryingArrivals::Between::step || i + 1 == varying->table.size()) {
      go_to(point.from, here);
      continue;
    }
    const RatePoint& next = varying->table[i + 1];
    const double slope = (next.rate.value() - here) / steps;
    for (int step = 0; step < steps; ++step) {
      go_to(point.from + (next.from - point.from) / steps * step, here + slope * (slope > 0 ? step + 1 : step));
    }
  }
}

void advise_on_channels(Advisor& advisor, std::size_t index) {
  const Site& site = advisor.scenario().sites[index];
  if (!site.channels) return;
  double erlangs = 0;
  for (const DemandSpec& demand : advisor.scenario().demands) {
    if (demand.site == index) erlangs += peak_erlangs(demand);
  }
  if (erlangs <= *site.channels) return;
  constexpr double erlangs_max = 1e6;  // counting channels takes a step for each
  constexpr Probability blocking{0.01};
  const std::string enough =
      erlangs > erlangs_max ? "more channels" : fmt::format("channels: {} (Erlang B, 1% blocked)", channels_for(Erlangs{erlangs}, blocking));
  advisor.add("too-few-channels", "site " + site.name,
              fmt::format("about {:.0f} erlangs offered to {} channels at the peak", erlangs, *site.channels),
              "a good part of the calls will be blocked", enough);
}

void advise_on_cap(Advisor& advisor, const CapSpec& cap, const std::string& where) {
  constexpr std::uint16_t everywhere = 600;  // RFC 3261 21.6: "Global Failures"
  const bool elsewhere = cap.scope == CapScope::edge || cap.scope == CapScope::region;
  for (std::size_t i = 0; cap.mode != CapSpec::Mode::drop && i < advisor.scenario().sites.size(); ++i) {
    const Site& site = advisor.scenario().sites[i];
    if (!advisor.calls_out(i)) continue;
    const bool advances = site.routing.hunting.advances_on(cap.code);
    const std::string not_advanced = fmt::format("refuses with {}, on which site {} does not advance", cap.code, site.name);
    if (!advances && cap.code >= everywhere) {
      advisor.add("cap-code-6xx", where, not_advanced,
                  "RFC 3261 21.6 has 6xx for what holds everywhere, so hunters stop and the call looks declined by the called side", "code: 503");
    } else if (!advances && elsewhere) {
      advisor.add("cap-not-advanced", where, not_advanced, "calls are lost that another target might take",
                  fmt::format("add {} to advance_on of site {}", cap.code, site.name));
    } else if (!elsewhere && advances && targets_of(advisor.scenario(), site.routing) > 1) {
      advisor.add("cap-tried-everywhere", where, fmt::format("refuses with {}, on which site {} advances", cap.code, site.name),
                  "every target refuses alike, so each refused call is tried at all of them",
                  fmt::format("leave {} out of advance_on of site {}, or give_up_after", cap.code, site.name));
    }
  }
  if (cap.cps) advise_on_rate(advisor, cap, where);
}

}  // namespace trunklab
