// Loads of every case, then the largest of each.
#include "sim/planning/plan.hpp"

#include <algorithm>
#include <cmath>

#include "models/media/codec.hpp"
#include "models/media/port_figures.hpp"
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

/// Mean of one direction of the site's own stream, over the codecs that its demands come to.
struct Stream {
  double bit_s = 0;
  double packets_s = 0;
};
Stream stream_of(const Scenario& scenario, std::uint16_t site) {
  const MediaSpec& media = scenario.service.media;
  Stream most;
  for (const DemandSpec& demand : scenario.demands) {
    if (demand.site != site) continue;
    Stream mean;
    for (const CodecOffer& offer : demand.codecs) {
      const auto pair =
          demand.direction == Direction::termination ? negotiate_from_site(offer.formats, media) : negotiate_to_site(offer.formats, media);
      if (!pair) continue;
      const StreamRate rate = stream_rate(pair->site, media.srtp, scenario.sites[site].media.frame_bytes);
      mean.bit_s += offer.share.value() * rate.frame_bit_s * scenario.sites[site].media.activity.value();
      mean.packets_s += offer.share.value() * rate.packets_per_s * scenario.sites[site].media.activity.value();
    }
    most = {std::max(most.bit_s, mean.bit_s), std::max(most.packets_s, mean.packets_s)};
  }
  return most;
}

class Planner {
 public:
  Planner(const Scenario& scenario, const PlanRequest& request) : scenario_(scenario), request_(request) {
    plan_.request = request;
    plan_.cases = survival_cases(scenario, request.survive);
  }

  Result<CapacityPlan> plan() {
    for (const DemandSpec& demand : scenario_.demands) {
      auto rate = rate_of(scenario_, demand);
      if (!rate) return rate.problems();
      rates_.push_back(std::move(rate).value());
      varies_ = varies_ || rates_.back().pieces.size() > 1;
    }
    instants_ = instants_of(scenario_, varies_);
    lay_out();
    for (std::size_t gone = 0; gone < plan_.cases.size(); ++gone) add_case(gone);
    for (SitePlan& site : plan_.sites) finish(site);
    for (ScopePlan& scope : plan_.scopes) finish(scope);
    std::erase_if(plan_.scopes, [](const ScopePlan& scope) { return scope.peak.erlangs == 0; });
    return std::move(plan_);
  }

 private:
  void lay_out() {
    for (std::uint16_t site = 0; site < scenario_.sites.size(); ++site) {
      const bool calls = std::ranges::any_of(scenario_.demands, [&](const DemandSpec& demand) { return demand.site == site; });
      if (calls) plan_.sites.push_back({.site = site, .peak = {}, .busiest = run_start, .seizure = {}, .has = scenario_.sites[site].channels});
    }
    const Service& service = scenario_.service;
    plan_.scopes.push_back({.scope = CapScope::account, .name = "account", .peak = {}});
    for (const RegionSpec& region : service.regions) plan_.scopes.push_back({.scope = CapScope::region, .name = "region/" + region.name, .peak = {}});
    for (const EdgeSpec& edge : service.edges) plan_.scopes.push_back({.scope = CapScope::edge, .name = "edge/" + edge.name, .peak = {}});
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
    for (std::size_t index = 0; index < scenario_.demands.size(); ++index) {
      const DemandSpec& demand = scenario_.demands[index];
      if (demand.site != site.site) continue;
      const bool from_service = demand.direction == Direction::origination;
      const std::vector<EdgeIndex> edges = from_service ? alive(demand.region, what) : out.edges;
      if (edges.empty()) {
        lost = true;
        continue;
      }
      const std::uint16_t region = from_service ? demand.region : *out.region;
      Seizure seizure = seizure_of(scenario_, demand, from_service ? Span{} : out.hunting);
      if (rates_[index].talk_s) seizure.talk_s = seizure.answered * *rates_[index].talk_s;
      const DemandLoad load(demand, rates_[index], seizure);
      const double each = !from_service && out.one_at_a_time ? 1 : 1.0 / static_cast<double>(edges.size());
      for (std::size_t at = 0; at < instants_.size(); ++at) {
        const Flow flow{load.erlangs(instants_[at]) * request_.growth, load.calls_per_s(instants_[at]) * request_.growth};
        add(flows[at], flow, 1);
        add(scopes[0][at], flow, 1);
        add(scopes[1 + region][at], flow, 1);
        for (const EdgeIndex edge : edges) add(scopes[1 + scenario_.service.regions.size() + edge][at], flow, each);
      }
      seizures.push_back(seizure);
      loads.push_back(load);
    }
    if (lost) plan_.without_way_out.push_back(scenario_.sites[site.site].name + " " + what.title);
    take_peak(site, gone, flows, seizures, loads);
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
    double calls = 0;
    for (const DemandLoad& load : loads) calls += load.calls_per_s(site.busiest);
    for (std::size_t i = 0; i < loads.size() && calls > 0; ++i) {
      const double share = loads[i].calls_per_s(site.busiest) / calls;
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
    const Stream stream = stream_of(scenario_, site.site);
    site.mbit_per_s = stream.bit_s * site.channels / 1e6;
    site.packets_per_s = stream.packets_s * site.channels;
  }

  void finish(ScopePlan& scope) const {
    const Probability share{request_.blocking.value() * cap_share};
    scope.sessions = channels_for(Erlangs{scope.peak.erlangs}, share);
    scope.cps = cps_for(CallsPerSecond{scope.peak.calls_per_s}, share);
    for (const CapSpec& cap : scenario_.service.caps) {
      if (cap.scope != scope.scope) continue;
      if (cap.sessions) scope.has_sessions = std::min(scope.has_sessions.value_or(*cap.sessions), *cap.sessions);
      if (cap.cps) scope.has_cps = std::min(scope.has_cps.value_or(cap.cps->value()), cap.cps->value());
    }
    if (scope.scope != CapScope::region || !has_media(scenario_)) return;
    const MediaSpec& media = scenario_.service.media;
    const PortNeed need = media.mux.value() < 1 ? PortNeed::pair : PortNeed::single;
    scope.media_addresses = addresses_for(
        scope.sessions,
        {.first = media.ports.first, .last = media.ports.last, .addresses = 1, .legs = media.legs, .need = need, .allocator = media.ports.allocator});
  }

  const Scenario& scenario_;
  const PlanRequest& request_;
  CapacityPlan plan_;
  std::vector<DemandRate> rates_;
  std::vector<Instant> instants_;
  bool varies_ = false;
};

}  // namespace

std::uint32_t cps_for(CallsPerSecond rate, Probability share) {
  const double mean = rate.value();
  if (mean <= 0) return 0;
  // E[(N - c)+] = mean * P(N >= c) - c * P(N > c), summed from the top: every term is positive.
  const auto above = [&](double c) {
    double sum = 0;
    double log_term = -mean + (c + 1) * std::log(mean) - std::lgamma(c + 2);
    for (double k = c + 1;; ++k) {
      const double term = std::exp(log_term) * (k - c);
      sum += term;
      if (k > mean && term < sum * 1e-12) return sum;
      log_term += std::log(mean) - std::log(k + 1);
    }
  };
  auto c = static_cast<std::uint32_t>(std::ceil(mean));
  while (above(c) > share.value() * mean) ++c;
  return c;
}

Result<CapacityPlan> capacity_plan(const Scenario& scenario, const PlanRequest& request) {
  return Planner(scenario, request).plan();
}

}  // namespace trunklab
