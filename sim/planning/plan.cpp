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

/// Instants at which loads are looked at: one if nothing varies.
std::vector<Instant> instants_of(const Scenario& scenario, bool varies) {
  if (!varies) return {run_start};
  constexpr std::int64_t looks = 1000;
  std::vector<Instant> instants;
  for (std::int64_t look = 0; look < looks; ++look) instants.push_back(run_start + scenario.horizon.duration / looks * look);
  return instants;
}

class Planner {
 public:
  Planner(const Scenario& scenario, const PlanRequest& request) : scenario_(scenario), request_(request) {
    plan_.request = request;
    plan_.cases = survival_cases(scenario, request.survive);
  }

  Result<CapacityPlan> plan() {
    for (std::size_t gone = 0; gone < plan_.cases.size(); ++gone) {
      demands_ = demands_in(scenario_, plan_.cases[gone]);
      if (auto problems = look_at_rates(); !problems.empty()) return problems;
      if (gone == 0) lay_out();
      add_case(gone);
    }
    for (SitePlan& site : plan_.sites) finish(site);
    for (ScopePlan& scope : plan_.scopes) finish(scope);
    std::erase_if(plan_.scopes, [](const ScopePlan& scope) { return scope.peak.erlangs == 0; });
    for (SitePlan& site : plan_.sites) order_channels(scenario_, plan_, site.site, site.channels);
    order_sessions(scenario_, plan_);
    return std::move(plan_);
  }

 private:
  Problems look_at_rates() {
    rates_.clear();
    bool varies = false;
    for (const DemandSpec& demand : demands_) {
      auto rate = rate_of(scenario_, demand);
      if (!rate) return rate.problems();
      rates_.push_back(std::move(rate).value());
      varies = varies || rates_.back().pieces.size() > 1;
    }
    instants_ = instants_of(scenario_, varies);
    return {};
  }

  void lay_out() {
    for (std::uint16_t site = 0; site < scenario_.sites.size(); ++site) {
      const bool calls = std::ranges::any_of(scenario_.demands, [&](const DemandSpec& demand) { return demand.site == site; });
      if (calls) plan_.sites.push_back({.site = site, .peak = {}, .busiest = run_start, .seizure = {}, .has = scenario_.sites[site].channels});
    }
    const Service& service = scenario_.service;
    plan_.scopes.push_back({.scope = CapScope::account, .name = "account", .peak = {}});
    for (std::uint16_t region = 0; region < service.regions.size(); ++region) {
      plan_.scopes.push_back({.scope = CapScope::region, .index = region, .name = "region/" + service.regions[region].name, .peak = {}});
    }
    for (std::uint16_t edge = 0; edge < service.edges.size(); ++edge) {
      plan_.scopes.push_back({.scope = CapScope::edge, .index = edge, .name = "edge/" + service.edges[edge].name, .peak = {}});
    }
  }

  /// The traffic of each demand in this case, on the grid.
  void add_case(std::size_t gone) {
    const SurvivalCase& what = plan_.cases[gone];
    std::vector<std::vector<Flow>> scopes(plan_.scopes.size(), std::vector<Flow>(instants_.size()));
    for (SitePlan& site : plan_.sites) add_site(site, gone, what, scopes);
    for (std::size_t scope = 0; scope < scopes.size(); ++scope) {
      for (const Flow& flow : scopes[scope]) raise(plan_.scopes[scope].peak, flow, gone);
    }
  }

  void add_site(SitePlan& site, std::size_t gone, const SurvivalCase& what, std::vector<std::vector<Flow>>& scopes) {
    const WayOut out = way_out(scenario_, scenario_.sites[site.site], what);
    std::vector<Flow> flows(instants_.size());
    std::vector<Seizure> seizures;
    std::vector<DemandLoad> loads;
    bool lost = false;
    for (std::size_t index = 0; index < demands_.size(); ++index) {
      const DemandSpec& demand = demands_[index];
      if (demand.site != site.site) continue;
      const bool from_service = demand.direction == Direction::origination;
      const std::vector<EdgeIndex> edges = from_service ? alive(demand.region, what) : out.edges;
      if (edges.empty()) {
        lost = true;
        continue;
      }
      const std::uint16_t region = from_service ? demand.region : *out.region;
      Seizure seizure = seizure_known(index, gone, from_service ? Span{} : out.hunting);
      if (rates_[index].talk_s) seizure.talk_s = seizure.answered * *rates_[index].talk_s;
      const DemandLoad load(demand, rates_[index], seizure);
      const double each = !from_service && out.one_at_a_time ? 1 : 1.0 / static_cast<double>(edges.size());
      const std::size_t first_edge = 1 + scenario_.service.regions.size();
      be_at(0, site.site);
      be_at(1 + region, site.site);
      for (const EdgeIndex edge : edges) be_at(first_edge + edge, site.site);
      for (std::size_t at = 0; at < instants_.size(); ++at) {
        const Flow flow{load.erlangs(instants_[at]) * request_.scale, load.calls_per_s(instants_[at]) * request_.scale};
        add(flows[at], flow, 1);
        add(scopes[0][at], flow, 1);
        add(scopes[1 + region][at], flow, 1);
        for (const EdgeIndex edge : edges) add(scopes[first_edge + edge][at], flow, each);
      }
      seizures.push_back(seizure);
      loads.push_back(load);
    }
    if (lost) plan_.without_way_out.push_back(scenario_.sites[site.site].name + " " + what.title);
    take_peak(site, gone, flows, seizures, loads);
  }

  /// Drawing calls takes long, and cases are alike for most demands.
  const Seizure& seizure_known(std::size_t index, std::size_t gone, Span hunting) {
    // Of a case in which a site is gone, demands are not the scenario's.
    const std::tuple key{plan_.cases[gone].site ? gone : 0, index, hunting};
    const auto known = seizures_.find(key);
    return known != seizures_.end() ? known->second : seizures_.emplace(key, seizure_of(scenario_, demands_[index], hunting)).first->second;
  }

  void be_at(std::size_t scope, std::uint16_t site) {
    auto& sites = plan_.scopes[scope].sites;
    if (std::ranges::find(sites, site) == sites.end()) sites.push_back(site);
  }

  /// Is the edge that the site would call first one of those that are gone?
  [[nodiscard]] bool moves(const SitePlan& site, std::size_t gone) const {
    const auto& edges = plan_.cases[gone].edges;
    return std::ranges::find(edges, targets_of(scenario_, scenario_.sites[site.site]).front()) != edges.end();
  }

  void take_peak(SitePlan& site, std::size_t gone, const std::vector<Flow>& flows, const std::vector<Seizure>& seizures,
                 const std::vector<DemandLoad>& loads) {
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
    site.varies = std::ranges::any_of(loads, [](const DemandLoad& load) { return !load.constant(); });
    site.seizure = {};
    site.rates.clear();
    double calls = 0;
    // Not the rate of that very moment: the busiest may be when a burst has just ended.
    for (std::size_t i = 0; i < loads.size(); ++i) {
      const double seconds = seizures[i].total_s();
      site.rates.emplace_back(seconds > 0 ? loads[i].erlangs(site.busiest) * request_.scale / seconds : 0);
      calls += site.rates.back().value();
    }
    for (std::size_t i = 0; i < loads.size() && calls > 0; ++i) {
      const double share = site.rates[i].value() / calls;
      site.seizure.hunting_s += share * seizures[i].hunting_s;
      site.seizure.delay_s += share * seizures[i].delay_s;
      site.seizure.ringing_s += share * seizures[i].ringing_s;
      site.seizure.talk_s += share * seizures[i].talk_s;
      site.seizure.answered += share * seizures[i].answered;
    }
  }

  [[nodiscard]] std::vector<EdgeIndex> alive(std::uint16_t region, const SurvivalCase& what) const {
    std::vector<EdgeIndex> edges = scenario_.service.regions[region].edges;
    std::erase_if(edges, [&](EdgeIndex edge) { return std::ranges::find(what.edges, edge) != what.edges.end(); });
    return edges;
  }

  static void add(Flow& sum, const Flow& flow, double share) {
    sum.erlangs += flow.erlangs * share;
    sum.calls_per_s += flow.calls_per_s * share;
  }

  void finish(SitePlan& site) const {
    site.channels = channels_for(Erlangs{site.peak.erlangs}, request_.blocking);
    site.cps = cps_for(CallsPerSecond{site.peak.calls_per_s}, plan_.share_of_cap());
  }

  void finish(ScopePlan& scope) const {
    scope.cps = cps_for(CallsPerSecond{scope.peak.calls_per_s}, plan_.share_of_cap());
    for (const CapSpec& cap : scenario_.service.caps) {
      if (cap.scope != scope.scope) continue;
      if (cap.sessions) scope.has_sessions = std::min(scope.has_sessions.value_or(*cap.sessions), *cap.sessions);
      if (cap.cps && (!scope.has_cps || cap.cps->value() < scope.has_cps->cps->value())) scope.has_cps = cap;
    }
  }

  const Scenario& scenario_;
  const PlanRequest& request_;
  CapacityPlan plan_;
  std::map<std::tuple<std::size_t, std::size_t, Span>, Seizure> seizures_;
  // Of the case at hand:
  std::vector<DemandSpec> demands_;
  std::vector<DemandRate> rates_;
  std::vector<Instant> instants_;
};

}  // namespace

Result<CapacityPlan> capacity_plan(const Scenario& scenario, const PlanRequest& request) {
  return Planner(scenario, request).plan();
}

}  // namespace trunklab
