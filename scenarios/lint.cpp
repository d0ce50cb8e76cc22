// The rules of advice, one function each.
#include "scenarios/lint.hpp"

#include <algorithm>
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

/// How long a call holds a channel on average, roughly: the waiting of unanswered calls beyond the ring time is left out.
double seconds_held(const DemandSpec& demand) {
  return in_seconds(mean_of(demand.post_dial_delay)) + in_seconds(mean_of(demand.ring_time)) +
         demand.answer.answered.value() * in_seconds(mean_of(demand.holding));
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
      } else if (!elsewhere && advances && site.routing.target != TargetKind::single_address) {
        add(where, fmt::format("refuses with {}, on which site {} advances", cap.code, site.name),
            "every target refuses alike, so each refused call is tried at all of them", Origin::ours);
      }
    }
    if (cap.cps) look_at_rate(cap, where);
  }

  void look_at_rate(const CapSpec& cap, const std::string& where) {
    double peak = 0;
    for (const double rate : peaks_by_scope(cap.scope)) peak = std::max(peak, rate);
    if (peak <= cap.cps->value()) return;
    add(where, fmt::format("the demand's peak is {:g}/s", peak), "calls above the cap are refused for as long as the peak lasts", Origin::ours);
  }

  /// Peak rates of what such a cap counts together. Edges and regions: as if each site's calls went to its first region, to one edge there.
  [[nodiscard]] std::vector<double> peaks_by_scope(CapScope scope) const {
    std::vector<double> peaks(std::max(scenario_.sites.size(), scenario_.service.regions.size()), 0.0);
    for (const DemandSpec& demand : scenario_.demands) {
      std::size_t counted = 0;
      if (scope == CapScope::source_address) counted = demand.site;
      if (scope == CapScope::edge || scope == CapScope::region) counted = scenario_.sites[demand.site].routing.regions.front();
      peaks[counted] += peak_rate(demand);
    }
    return peaks;
  }

  const Scenario& scenario_;
  std::vector<Advice> advice_;
};

}  // namespace

std::vector<Advice> lint(const Scenario& scenario) {
  return Linter(scenario).run();
}

}  // namespace trunklab
