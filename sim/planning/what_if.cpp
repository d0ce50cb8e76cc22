// Changed scenarios, planned alike.
#include "sim/planning/what_if.hpp"

#include <algorithm>

namespace trunklab {
namespace {

struct Change {
  std::string what;
  Scenario scenario;
};

bool by_address(const Site& site) {
  return site.routing.target == TargetKind::addresses;
}

/// The region that most sites call first.
std::uint16_t main_region(const Scenario& scenario) {
  std::vector<int> votes(scenario.service.regions.size(), 0);
  for (const Site& site : scenario.sites) ++votes[site.routing.regions.front()];
  return static_cast<std::uint16_t>(std::ranges::max_element(votes) - votes.begin());
}

void add_edge(const Scenario& scenario, std::vector<Change>& changes) {
  Scenario changed = scenario;
  Service& service = changed.service;
  const std::uint16_t region = main_region(scenario);
  const auto edge = static_cast<EdgeIndex>(service.edges.size());
  const std::string name = service.regions[region].name + "/" + std::to_string(service.regions[region].edges.size() + 1);
  service.edges.push_back({.name = name, .address = "0.0.0.0", .zone = name});
  service.regions[region].edges.push_back(edge);
  service.region_of_edge.push_back(region);
  for (Site& site : changed.sites) site.allows.resize(service.edges.size(), true);
  changes.push_back({"one more edge in " + service.regions[region].name, std::move(changed)});
}

/// The nearest region that the site does not use.
std::optional<std::uint16_t> nearest_other(const Scenario& scenario, const Site& site) {
  std::optional<std::uint16_t> best;
  for (std::uint16_t region = 0; region < scenario.service.regions.size(); ++region) {
    if (std::ranges::find(site.routing.regions, region) != site.routing.regions.end()) continue;
    if (!best || site.rtt[region] < site.rtt[*best]) best = region;
  }
  return best;
}

void add_region(const Scenario& scenario, std::vector<Change>& changes) {
  Scenario changed = scenario;
  std::string names;
  for (Site& site : changed.sites) {
    if (site.routing.target == TargetKind::single_address || site.routing.regions.size() > 1) continue;
    const auto other = nearest_other(scenario, site);
    if (!other) continue;
    site.routing.regions.push_back(*other);
    names += (names.empty() ? "" : ", ") + scenario.service.regions[*other].name + " for " + site.name;
  }
  if (!names.empty()) changes.push_back({"a second region: " + names, std::move(changed)});
}

void add_codecs(const Scenario& scenario, std::vector<Change>& changes) {
  if (!has_media(scenario)) return;
  const auto offered = [&](Codec codec) {
    return std::ranges::all_of(scenario.demands, [&](const DemandSpec& demand) {
      return std::ranges::all_of(demand.codecs,
                                 [&](const CodecOffer& offer) { return !offer.formats.empty() && offer.formats.front().codec == codec; });
    });
  };
  constexpr std::pair<Codec, const char*> codecs[]{{Codec::pcma, "G.711"}, {Codec::opus, "Opus"}, {Codec::g729, "G.729"}};
  for (const auto& [codec, name] : codecs) {
    if (offered(codec)) continue;
    Scenario changed = scenario;
    for (DemandSpec& demand : changed.demands) {
      if (!demand.codecs.empty()) demand.codecs = {{.share = Probability{1}, .formats = {{.codec = codec}}}};
    }
    changes.push_back({std::string("all calls in ") + name, std::move(changed)});
  }
}

void add_settings(const Scenario& scenario, std::vector<Change>& changes) {
  Scenario probed = scenario;
  bool changed = false;
  for (Site& site : probed.sites) {
    if (!by_address(site) || site.routing.hunting.probe) continue;
    site.routing.hunting.probe = ProbeSpec{};
    changed = true;
  }
  if (changed) changes.push_back({"probes on (every 30 s)", std::move(probed)});
  Scenario spread = scenario;
  changed = false;
  for (Site& site : spread.sites) {
    if (!by_address(site) || site.routing.hunting.order != TargetOrder::fixed) continue;
    site.routing.hunting.order = TargetOrder::rotate;
    changed = true;
  }
  if (changed) changes.push_back({"calls spread over the edges of a region", std::move(spread)});
  Scenario anew = scenario;
  changed = false;
  for (Site& site : anew.sites) {
    if (site.routing.target != TargetKind::fqdn || site.routing.choice == DnsChoice::call) continue;
    site.routing.choice = DnsChoice::call;
    changed = true;
  }
  if (changed) changes.push_back({"each call picks its own address of a name", std::move(anew)});
  Scenario apart = with_separate_trunks(scenario);
  if (apart.sites.size() > scenario.sites.size()) changes.push_back({"trunks of each direction apart", std::move(apart)});
}

Alternative alternative_of(std::string what, const CapacityPlan& plan, const Prices& prices) {
  Alternative option{.what = std::move(what), .without_way_out = plan.without_way_out.size()};
  for (const SitePlan& site : plan.sites) {
    ++option.sites;
    option.channels += site.ordered;
    option.mbit_per_s += site.mbit_per_s;
    option.hunting_s = std::max(option.hunting_s, site.seizure.hunting_s);
  }
  for (const ScopePlan& scope : plan.scopes) {
    if (scope.scope == CapScope::account) {
      option.sessions = scope.sessions;
      option.cps = scope.cps;
    }
    if (scope.scope == CapScope::edge) option.edge_sessions = std::max(option.edge_sessions, scope.sessions);
  }
  option.monthly = monthly_cost(prices, plan);
  return option;
}

}  // namespace

std::optional<double> monthly_cost(const Prices& prices, const CapacityPlan& plan) {
  if (!prices.channel && !prices.session && !prices.cps && !prices.mbit) return std::nullopt;
  double cost = 0;
  for (const SitePlan& site : plan.sites) cost += site.ordered * prices.channel.value_or(0) + site.mbit_per_s * prices.mbit.value_or(0);
  for (const ScopePlan& scope : plan.scopes) {
    if (scope.scope == CapScope::account) cost += scope.sessions * prices.session.value_or(0) + scope.cps * prices.cps.value_or(0);
  }
  return cost;
}

Result<std::vector<Alternative>> alternatives_of(const Scenario& scenario, const PlanRequest& request) {
  std::vector<Change> changes{{"as it is", scenario}};
  add_edge(scenario, changes);
  add_region(scenario, changes);
  add_codecs(scenario, changes);
  add_settings(scenario, changes);
  std::vector<Alternative> options;
  for (Change& change : changes) {
    const auto plan = capacity_plan(change.scenario, request);
    if (!plan) return plan.problems();
    options.push_back(alternative_of(std::move(change.what), plan.value(), scenario.prices));
  }
  return options;
}

}  // namespace trunklab
