// The rules of advice, one function each.
#include "scenarios/lint.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;
using Origin = Advice::Origin;

constexpr Span no_response_advised = 10s;
constexpr Span probe_interval_advised = 10s;

/// The highest rate of a demand; 0 for a trace, whose rate is not known before it is played.
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

/// A rate that changes by so much at an instant.
struct RateChange {
  Instant at;
  double by = 0;
};

/// What a demand adds to a rate in the course of time. A slope becomes steps, each as high as its higher end.
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

/// Gathers the advice about one scenario.
class Linter {
 public:
  explicit Linter(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<Advice> run() {
    for (std::size_t i = 0; i < scenario_.sites.size(); ++i) look_at_site(i);
    const Directory directory = directory_of(scenario_);
    for (std::size_t i = 0; i < scenario_.service.caps.size(); ++i) look_at_cap(scenario_.service.caps[i], directory.caps[i].text);
    return std::move(advice_);
  }

 private:
  void add(const std::string& where, std::string what, std::string why, Origin origin) {
    advice_.push_back({.where = where, .what = std::move(what), .why = std::move(why), .origin = origin});
  }

  void look_at_site(std::size_t index) {
    const Site& site = scenario_.sites[index];
    const std::string where = "site " + site.name;
    look_at_target(site, where);
    look_at_hunting(site.routing.hunting, where);
    look_at_channels(site, index, where);
  }

  void look_at_target(const Site& site, const std::string& where) {
    const Routing& routing = site.routing;
    if (routing.target == TargetKind::single_address) {
      add(where, "all calls go to one address",
          "\"make sure you are not restricted to use only one single IP address\": nothing is left when that edge is lost", Origin::seed);
      return;
    }
    if (routing.target == TargetKind::addresses) {
      add(where, "calls go to addresses instead of a name", "\"Sinch strongly recommends to use this FQDN names\"", Origin::seed);
      look_for_missing_addresses(routing, where);
    }
    if (routing.target == TargetKind::fqdn && routing.cache == DnsCache::forever) {
      add(where, "the name is resolved once and for ever", "an edge that is lost later stays in use, whatever the name says by then", Origin::ours);
    }
    if (routing.regions.size() == 1) add(where, "only one region is used", "nothing is left when that region is lost", Origin::ours);
  }

  void look_for_missing_addresses(const Routing& routing, const std::string& where) {
    Reading reading("preset sinch");
    const Service preset = read_service(reading, nullptr);
    const auto& edges = scenario_.service.edges;
    for (const std::uint16_t index : routing.regions) {
      const RegionSpec& used = scenario_.service.regions[index];
      const auto known = std::ranges::find(preset.regions, used.host_name, &RegionSpec::host_name);
      if (known == preset.regions.end()) continue;
      for (const EdgeIndex edge : known->edges) {
        const std::string& address = preset.edges[edge].address;
        if (std::ranges::find(edges, address, &EdgeSpec::address) != edges.end()) continue;
        add(where, fmt::format("address {} of {} is left out", address, used.name), "\"Make sure to utilize all IP addresses\"", Origin::seed);
      }
    }
  }

  void look_at_hunting(const HuntingPolicy& hunting, const std::string& where) {
    if (!hunting.probe && !hunting.hold_down) {
      add(where, "neither probes nor a hold-down", "every call tries a lost edge again and waits out no_response first", Origin::ours);
    }
    if (hunting.no_response > no_response_advised) {
      add(where, "no_response of " + span_text(hunting.no_response), "while an edge is lost, callers hear nothing for so long", Origin::ours);
    }
    if (hunting.probe && hunting.probe->every < probe_interval_advised) {
      add(where, "a probe every " + span_text(hunting.probe->every), "carriers may take frequent OPTIONS for abuse; 10s or more is customary",
          Origin::ours);
    }
  }

  void look_at_channels(const Site& site, std::size_t index, const std::string& where) {
    if (!site.channels) return;
    double erlangs = 0;
    for (const DemandSpec& demand : scenario_.demands) {
      if (demand.site == index) erlangs += peak_rate(demand) * seconds_held(demand);
    }
    if (erlangs <= *site.channels) return;
    add(where, fmt::format("about {:.0f} erlangs offered to {} channels at the peak", erlangs, *site.channels),
        "a good part of the calls will be blocked", Origin::ours);
  }

  void look_at_cap(const CapSpec& cap, const std::string& where) {
    const bool elsewhere = cap.scope == CapScope::edge || cap.scope == CapScope::region;
    for (const Site& site : scenario_.sites) {
      const bool advances = site.routing.hunting.advances_on(cap.code);
      if (elsewhere && !advances) {
        add(where, fmt::format("refuses with {}, on which site {} does not advance", cap.code, site.name),
            "calls are lost that another target might take", Origin::ours);
      } else if (!elsewhere && advances && targets_of(site.routing) > 1) {
        add(where, fmt::format("refuses with {}, on which site {} advances", cap.code, site.name),
            "every target refuses alike, so each refused call is tried at all of them", Origin::ours);
      }
    }
    if (cap.cps) look_at_rate(cap, where);
  }

  /// How many targets a call may try.
  [[nodiscard]] std::size_t targets_of(const Routing& routing) const {
    if (routing.target == TargetKind::single_address) return 1;
    if (routing.target == TargetKind::fqdn && scenario_.service.names.answer == NameSpec::Answer::one) return routing.regions.size();
    std::size_t targets = 0;
    for (const std::uint16_t region : routing.regions) targets += scenario_.service.regions[region].edges.size();
    return targets;
  }

  void look_at_rate(const CapSpec& cap, const std::string& where) {
    constexpr double seconds_an_hour = 3600;
    double worst = 0;
    for (const Counted& counted : counted_by(cap.scope)) {
      if (counted.peak <= cap.cps->value() || cap.burst >= counted.peak * seconds_an_hour) continue;
      if (runs_dry(counted.changes, run_start + scenario_.horizon.duration, cap.cps->value(), cap.burst)) worst = std::max(worst, counted.peak);
    }
    if (worst == 0) return;
    add(where, "the demand's peak is " + rate_text(CallsPerSecond{worst}), "calls above the cap are refused for as long as the peak lasts",
        Origin::ours);
  }

  /// What a cap counts together.
  struct Counted {
    std::vector<RateChange> changes;
    double peak = 0;
  };

  /// Edges and regions: as if each site's calls went to its first region, to one edge there.
  [[nodiscard]] std::vector<Counted> counted_by(CapScope scope) const {
    std::vector<Counted> all(std::max(scenario_.sites.size(), scenario_.service.regions.size()));
    for (const DemandSpec& demand : scenario_.demands) {
      std::size_t counted = 0;
      if (scope == CapScope::source_address) counted = demand.site;
      if (scope == CapScope::edge || scope == CapScope::region) counted = scenario_.sites[demand.site].routing.regions.front();
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

  const Scenario& scenario_;
  std::vector<Advice> advice_;
};

}  // namespace

std::vector<Advice> lint(const Scenario& scenario) {
  return Linter(scenario).run();
}

}  // namespace trunklab
