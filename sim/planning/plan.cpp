// Loads of every case, then the largest of each.
#include "sim/planning/plan.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "models/teletraffic/erlang_b.hpp"
#include "sim/planning/load.hpp"

namespace trunklab {
namespace {

/// Traffic at one instant, or the largest of many.
struct Flow {
  double erlangs = 0;
  double calls_per_s = 0;
};

void raise(Worst& worst, const Flow& flow, std::size_t gone) {
  if (flow.erlangs > worst.erlangs) {
    worst.erlangs = flow.erlangs;
    worst.erlangs_case = gone;
  }
  if (flow.calls_per_s > worst.calls_per_s) {
    worst.calls_per_s = flow.calls_per_s;
    worst.rate_case = gone;
  }
}

/// Traffic of a demand of the scenario at each instant that is looked at, if its calls hold their channels so long.
struct Curve {
  Seizure seizure;
  std::vector<Flow> flows{};
  bool constant = true;
};

/// Part of a curve: what a site gets of it.
struct Share {
  const Curve* curve;
  double part;
};

class Planner {
 public:
  Planner(const Scenario& scenario, const PlanRequest& request) : scenario_(scenario), request_(request) {
    plan_.request = request;
    plan_.cases = survival_cases(scenario, request.survive);
  }

  Result<CapacityPlan> plan() {
    if (auto problems = look_at_rates(); !problems.empty()) return problems;
    lay_out();
    for (std::size_t gone = 0; gone < plan_.cases.size(); ++gone) add_case(gone);
    for (SitePlan& site : plan_.sites) finish(site);
    for (ScopePlan& scope : plan_.scopes) finish(scope);
    std::erase_if(plan_.scopes, [](const ScopePlan& scope) { return scope.peak.erlangs == 0; });
    for (SitePlan& site : plan_.sites) order_channels(scenario_, plan_, site.site, site.channels);
    order_sessions(scenario_, plan_);
    return std::move(plan_);
  }

 private:
  Problems look_at_rates() {
    bool varies = false;
    for (const DemandSpec& demand : scenario_.demands) {
      auto rate = rate_of(scenario_, demand);
      if (!rate) return rate.problems();
      rates_.push_back(std::move(rate).value());
      varies = varies || rates_.back().pieces.size() > 1;
    }
    // One instant if nothing varies.
    constexpr std::int64_t looks = 1000;
    const Instant first = run_start + scenario_.warmup.value_or(Span{});
    instants_ = {first};
    for (std::int64_t look = 1; varies && look < looks; ++look) {
      instants_.push_back(first + (run_start + scenario_.horizon.duration - first) / looks * look);
    }
    return {};
  }

  void lay_out() {
    const auto add = [&](CapScope kind, std::size_t index, std::string name) {
      plan_.scopes.push_back({.scope = kind,
                              .index = static_cast<std::uint16_t>(index),
                              .name = std::move(name),
                              .peak = {},
                              .by_case = std::vector<ScopeUse>(plan_.cases.size())});
    };
    const Service& service = scenario_.service;
    add(CapScope::account, 0, "account");
    for (std::size_t region = 0; region < service.regions.size(); ++region) add(CapScope::region, region, "region/" + service.regions[region].name);
    for (std::size_t edge = 0; edge < service.edges.size(); ++edge) add(CapScope::edge, edge, "edge/" + service.edges[edge].name);
    const bool by_address = std::ranges::find(service.caps, CapScope::source_address, &CapSpec::scope) != service.caps.end();
    for (const std::uint16_t site : sites_with_calls(scenario_)) {
      const Site& own = scenario_.sites[site];
      plan_.sites.push_back({.site = site, .peak = {}, .busiest = instants_.front(), .seizure = {}, .has = own.channels});
      if (by_address) add(CapScope::source_address, site, "source address of " + own.name);
    }
  }

  /// The traffic of each demand in this case, on the grid.
  void add_case(std::size_t gone) {
    demands_ = demands_in(scenario_, plan_.cases[gone]);
    flows_.assign(plan_.scopes.size(), std::vector<Flow>(instants_.size()));
    for (SitePlan& site : plan_.sites) add_site(site, gone);
    for (std::size_t scope = 0; scope < flows_.size(); ++scope) {
      ScopePlan& plan = plan_.scopes[scope];
      for (const Flow& flow : flows_[scope]) {
        raise(plan.peak, flow, gone);
        plan.by_case[gone].erlangs = std::max(plan.by_case[gone].erlangs, flow.erlangs);
      }
    }
  }

  void add_site(SitePlan& site, std::size_t gone) {
    const SurvivalCase& what = plan_.cases[gone];
    const WayOut out = way_out(scenario_, scenario_.sites[site.site], what);
    std::vector<Flow> flows(instants_.size());
    std::vector<Share> shares;
    bool lost = false;
    for (const CaseDemand& demand : demands_) {
      if (demand.spec.site != site.site) continue;
      const bool from_service = demand.spec.direction == Direction::origination;
      const std::vector<EdgeIndex> edges = from_service ? alive(demand.spec.region, what) : out.edges;
      if (edges.empty()) {
        lost = true;
        continue;
      }
      const Share share{&curve_of(demand, from_service ? Span{} : out.hunting), demand.share * request_.scale};
      const double each = !from_service && out.one_at_a_time ? 1 : 1.0 / static_cast<double>(edges.size());
      add(flows, share, 1);
      for (std::size_t scope = 0; scope < plan_.scopes.size(); ++scope) {
        const ScopePlan& plan = plan_.scopes[scope];
        const bool at_edge = plan.scope == CapScope::edge && std::ranges::find(edges, plan.index) != edges.end();
        const bool at_region = plan.scope == CapScope::region && plan.index == (from_service ? demand.spec.region : *out.region);
        const bool at_site = plan.scope == CapScope::source_address && plan.index == site.site;
        if (at_edge || at_region || at_site || plan.scope == CapScope::account) use(scope, gone, site.site, share, at_edge ? each : 1);
      }
      shares.push_back(share);
    }
    if (lost) plan_.without_way_out.push_back(scenario_.sites[site.site].name + " " + what.title);
    take_peak(site, gone, flows, shares);
  }

  /// Drawing calls takes long, and most cases are alike.
  const Curve& curve_of(const CaseDemand& demand, Span hunting) {
    const std::tuple key{demand.origin, round_trip(scenario_, demand.spec), hunting};
    if (const auto known = curves_.find(key); known != curves_.end()) return known->second;
    const DemandSpec& origin = scenario_.demands[demand.origin];
    const DemandRate& rate = rates_[demand.origin];
    Curve curve{.seizure = seizure_of(scenario_, demand.spec, hunting)};
    if (rate.talk_s) curve.seizure.talk_s = curve.seizure.answered * *rate.talk_s;
    const DemandLoad load(origin, rate, curve.seizure);
    curve.constant = load.constant();
    for (const Instant at : instants_) curve.flows.push_back({load.erlangs(at), load.calls_per_s(at)});
    return curves_.emplace(key, std::move(curve)).first->second;
  }

  void use(std::size_t scope, std::size_t gone, std::uint16_t site, const Share& share, double part) {
    add(flows_[scope], share, part);
    auto& sites = plan_.scopes[scope].by_case[gone].sites;
    if (std::ranges::find(sites, site) == sites.end()) sites.push_back(site);
  }

  /// Is the edge that the site would call first one of those that are gone?
  [[nodiscard]] bool moves(const SitePlan& site, std::size_t gone) const {
    const auto& edges = plan_.cases[gone].edges;
    return std::ranges::find(edges, targets_of(scenario_, scenario_.sites[site.site]).front()) != edges.end();
  }

  void take_peak(SitePlan& site, std::size_t gone, const std::vector<Flow>& flows, const std::vector<Share>& shares) {
    const double before = site.peak.erlangs;
    std::size_t busiest = 0;
    for (std::size_t at = 0; at < flows.size(); ++at) {
      raise(site.peak, flows[at], gone);
      if (flows[at].erlangs > flows[busiest].erlangs) busiest = at;
    }
    // Of cases alike the one in which the site's calls have to move: simulation may tell what the formula cannot.
    const bool as_bad = flows[busiest].erlangs >= before * (1 - 1e-9) && moves(site, gone) && !moves(site, site.peak.erlangs_case);
    if (as_bad) site.peak.erlangs_case = gone;
    if (site.peak.erlangs <= before && !as_bad) return;
    site.busiest = instants_[busiest];
    site.varies = !std::ranges::all_of(shares, [](const Share& share) { return share.curve->constant; });
    site.seizure = {};
    site.rates.clear();
    double calls = 0;
    // Not the rate of that very moment: the busiest may be when a burst has just ended.
    for (const Share& share : shares) {
      const double seconds = share.curve->seizure.total_s();
      site.rates.emplace_back(seconds > 0 ? share.curve->flows[busiest].erlangs * share.part / seconds : 0);
      calls += site.rates.back().value();
    }
    for (std::size_t i = 0; i < shares.size() && calls > 0; ++i) {
      const double part = site.rates[i].value() / calls;
      const Seizure& seizure = shares[i].curve->seizure;
      site.seizure.hunting_s += part * seizure.hunting_s;
      site.seizure.delay_s += part * seizure.delay_s;
      site.seizure.ringing_s += part * seizure.ringing_s;
      site.seizure.talk_s += part * seizure.talk_s;
      site.seizure.answered += part * seizure.answered;
    }
  }

  [[nodiscard]] std::vector<EdgeIndex> alive(std::uint16_t region, const SurvivalCase& what) const {
    std::vector<EdgeIndex> edges = scenario_.service.regions[region].edges;
    std::erase_if(edges, [&](EdgeIndex edge) { return std::ranges::find(what.edges, edge) != what.edges.end(); });
    return edges;
  }

  static void add(std::vector<Flow>& sums, const Share& share, double part) {
    for (std::size_t at = 0; at < sums.size(); ++at) {
      sums[at].erlangs += share.curve->flows[at].erlangs * share.part * part;
      sums[at].calls_per_s += share.curve->flows[at].calls_per_s * share.part * part;
    }
  }

  void finish(SitePlan& site) const {
    site.channels = channels_for(Erlangs{site.peak.erlangs}, request_.blocking);
    site.cps = cps_for(CallsPerSecond{site.peak.calls_per_s}, plan_.share_of_cap());
  }

  void finish(ScopePlan& scope) const {
    for (const CapSpec& cap : scenario_.service.caps) {
      if (cap.scope != scope.scope) continue;
      const double tokens = cap.cps ? tokens_of_call(scenario_, cap) : 1;
      scope.tokens = std::max(scope.tokens, tokens);
      if (cap.sessions) scope.has_sessions = std::min(scope.has_sessions.value_or(*cap.sessions), *cap.sessions);
      const auto calls_through = [&](const CapSpec& each) { return each.cps->value() / tokens_of_call(scenario_, each); };
      if (cap.cps && (!scope.has_cps || calls_through(cap) < calls_through(*scope.has_cps))) scope.has_cps = cap;
    }
    const double calls = cps_for(CallsPerSecond{scope.peak.calls_per_s}, plan_.share_of_cap());
    scope.cps = static_cast<std::uint32_t>(calls * scope.tokens);
  }

  const Scenario& scenario_;
  const PlanRequest& request_;
  CapacityPlan plan_;
  std::vector<DemandRate> rates_;
  std::vector<Instant> instants_;
  std::map<std::tuple<std::size_t, Span, Span>, Curve> curves_;  ///< by demand, round-trip time, hunting
  // Of the case at hand:
  std::vector<CaseDemand> demands_;
  std::vector<std::vector<Flow>> flows_;  ///< of each scope
};

}  // namespace

Result<CapacityPlan> capacity_plan(const Scenario& scenario, const PlanRequest& request) {
  return Planner(scenario, request).plan();
}

}  // namespace trunklab
