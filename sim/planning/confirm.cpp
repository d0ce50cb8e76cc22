// The search for the fewest channels, one run at a time.
#include "sim/planning/confirm.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "sim/run.hpp"
#include "sim/sinks.hpp"

namespace trunklab {
namespace {

constexpr std::uint32_t stage = 8;
constexpr std::uint32_t replications_max = 64;
constexpr double indifference = 0.05;  // of the objective
constexpr double level = 0.95;

/// The site's calls alone, with the case's edges gone.
Scenario scene_of(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site) {
  const Span mean = from_seconds(site.seizure.total_s());
  const Span settling = std::max<Span>(std::chrono::minutes{10}, 10 * mean);
  Span from = settling;
  Span length = std::max<Span>(scenario.horizon.duration, 2000 * mean);
  if (site.varies) {
    constexpr Span half = std::chrono::minutes{30};
    const Span busiest = site.busiest - run_start;
    from = std::max(busiest - half, std::min(settling, busiest));
    length = busiest + half - from;
  }
  Scenario scene = with_gone(scenario, plan.cases[site.peak.erlangs_case], run_start + from);
  std::erase_if(scene.demands, [&](const DemandSpec& demand) { return demand.site != site.site; });
  for (DemandSpec& demand : scene.demands) {
    if (auto* poisson = std::get_if<PoissonArrivals>(&demand.arrivals)) poisson->rate = CallsPerSecond{poisson->rate.value() * plan.request.growth};
    if (auto* varying = std::get_if<VaryingArrivals>(&demand.arrivals)) {
      for (RatePoint& point : varying->table) point.rate = CallsPerSecond{point.rate.value() * plan.request.growth};
    }
    if (auto* even = std::get_if<DeterministicArrivals>(&demand.arrivals)) even->every = from_seconds(in_seconds(even->every) / plan.request.growth);
    if (auto* trace = std::get_if<TraceArrivals>(&demand.arrivals)) trace->scale *= plan.request.growth;
  }
  scene.service.caps.clear();
  scene.warmup = from;
  scene.horizon.duration = from + length;
  return scene;
}

class Search {
 public:
  Search(Scenario scene, std::uint16_t site, double objective, const ConfirmOptions& options)
      : scene_(std::move(scene)), directory_(directory_of(scene_)), site_(site), objective_(objective), options_(options) {}

  /// nullopt: stopped.
  Result<std::optional<ConfirmedSite>> run(std::uint32_t formula) {
    std::uint32_t channels = std::max<std::uint32_t>(formula, 1);
    std::uint32_t step = std::max<std::uint32_t>(formula / 100, 1);
    // Away from the formula's number in growing steps until the answer changes, then halving.
    std::uint32_t fails = 0;
    std::uint32_t meets = 0;
    while (meets == 0 || (fails + 1 < meets)) {
      const auto tried = at(channels);
      if (!tried) return tried.problems();
      if (!tried.value()) return std::optional<ConfirmedSite>{};
      (tried.value()->verdict == Tried::Verdict::meets ? meets : fails) = channels;
      if (meets == 0) {
        channels += step;
        step *= 2;
      } else if (fails == 0) {
        channels = meets > step ? meets - step : 1;
        if (meets == 1) break;
        step *= 2;
      } else {
        channels = fails + (meets - fails) / 2;
      }
    }
    ConfirmedSite confirmed{.site = site_, .enough = tried_.at(meets), .tried = static_cast<std::uint32_t>(tried_.size())};
    if (meets > 1) confirmed.less = tried_.at(meets - 1);
    confirmed.measured = scene_.horizon.duration - *scene_.warmup;
    return std::optional(confirmed);
  }

 private:
  Result<std::optional<Tried>> at(std::uint32_t channels) {
    if (const auto known = tried_.find(channels); known != tried_.end()) return std::optional(known->second);
    scene_.sites[site_].channels = channels;
    std::vector<RatioTerm> terms;
    Tried tried{.channels = channels, .blocking = {}};
    while (tried.verdict == Tried::Verdict::open && tried.replications < replications_max) {
      for (std::uint32_t more = 0; more < stage; ++more) {
        const auto term = replication(tried.replications++);
        if (!term) return term.problems();
        if (!term.value()) return std::optional<Tried>{};
        terms.push_back(*term.value());
      }
      judge(terms, tried);
    }
    tried_.emplace(channels, tried);
    return std::optional(tried);
  }

  void judge(const std::vector<RatioTerm>& terms, Tried& tried) const {
    const auto with_calls = std::ranges::count_if(terms, [](const RatioTerm& term) { return term.denominator > 0; });
    if (with_calls < 2) return;
    tried.blocking = jackknife_ratio(terms, level);
    tried.blocking.low = std::max(tried.blocking.low, 0.0);
    if (tried.blocking.mean <= objective_ && tried.blocking.high <= objective_ * (1 + indifference)) tried.verdict = Tried::Verdict::meets;
    if (tried.blocking.low > objective_) tried.verdict = Tried::Verdict::fails;
  }

  Result<std::optional<RatioTerm>> replication(std::uint32_t number) {
    Tally tally(directory_, run_start + *scene_.warmup, run_start + scene_.horizon.duration);
    NoSink nowhere;
    Counting counting(nowhere, tally);
    const auto end = run_once(scene_, {.replication = number, .stop = options_.stop}, counting);
    if (!end) return end.problems();
    if (!end.value().complete) return std::optional<RatioTerm>{};
    if (options_.on_progress) options_.on_progress(static_cast<double>(tried_.size()) / 8);
    const Counts counts = tally.counts(EntityKind::site, site_);
    return std::optional(RatioTerm{static_cast<double>(counts[Count::blocked_site_channels]), static_cast<double>(counts[Count::offered])});
  }

  Scenario scene_;
  Directory directory_;
  std::uint16_t site_;
  double objective_;
  const ConfirmOptions& options_;
  std::map<std::uint32_t, Tried> tried_;
};

}  // namespace

Result<std::optional<ConfirmedSite>> confirm_site(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site,
                                                  const ConfirmOptions& options) {
  auto found = Search(scene_of(scenario, plan, site), site.site, plan.request.blocking.value(), options).run(site.channels);
  if (found && found.value()) found.value()->gone = site.peak.erlangs_case;
  return found;
}

}  // namespace trunklab
