// The search for the fewest channels, one run at a time.
#include "sim/planning/confirm.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "models/teletraffic/erlang_b.hpp"
#include "sim/planning/scenes.hpp"

namespace trunklab {
namespace {

/// One scene with its number of channels varied.
class Search {
 public:
  Search(Scene scene, std::uint16_t site, double objective, const ConfirmOptions& options)
      : scene_(std::move(scene)), directory_(directory_of(scene_.scenario)), site_(site), objective_(objective), options_(options) {}

  [[nodiscard]] const Scene& scene() const { return scene_; }

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
      const Tried& seen = *tried.value();
      if (seen.verdict == Tried::Verdict::rare && channels == formula) return std::optional(found(seen));
      const bool enough = seen.verdict == Tried::Verdict::meets || seen.verdict == Tried::Verdict::rare;
      if (!enough && seen.by_channels == 0) return in_vain(formula);
      (enough ? meets : fails) = channels;
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
    ConfirmedSite confirmed = found(tried_.at(meets));
    if (meets > 1) confirmed.less = tried_.at(meets - 1);
    for (std::uint32_t fewer = meets - 1; fewer > 0 && !confirmed.too_few; --fewer) {
      const auto tried = at(fewer);
      if (!tried) return tried.problems();
      if (!tried.value()) return std::optional<ConfirmedSite>{};
      if (tried.value()->verdict == Tried::Verdict::fails) confirmed.too_few = *tried.value();
    }
    confirmed.tried = static_cast<std::uint32_t>(tried_.size());
    return std::optional(confirmed);
  }

  /// nullopt: stopped.
  Result<std::optional<Tried>> at(std::uint32_t channels) {
    if (const auto known = tried_.find(channels); known != tried_.end()) return std::optional(known->second);
    scene_.scenario.sites[site_].channels = channels;
    std::vector<RatioTerm> blocked;
    std::vector<RatioTerm> failing;
    Tried tried{.channels = channels, .blocking = {}};
    for (std::uint32_t until = replications_first; until <= scene_.replications_max(); until *= 2) {
      while (tried.replications < until) {
        const auto tallies = run_scene(scene_, directory_, tried.replications++, options_.stop);
        if (!tallies) return tallies.problems();
        if (!tallies.value()) return std::optional<Tried>{};
        const Counts counts = tallies.value()->front().counts(EntityKind::total, 0);
        const auto offered = static_cast<double>(counts[Count::offered]);
        tried.blocked += static_cast<std::uint64_t>(counts[Count::blocked]);
        tried.by_channels += static_cast<std::uint64_t>(counts[Count::blocked_site_channels]);
        blocked.push_back({static_cast<double>(counts[Count::blocked]), offered});
        failing.push_back({failed_otherwise(counts), offered});
        if (options_.on_progress) options_.on_progress(static_cast<double>(tried_.size()) / 8);
      }
      if (judge(blocked, failing, tried)) break;
    }
    tried_.emplace(channels, tried);
    return std::optional(tried);
  }

 private:
  /// nullopt: stopped.
  Result<std::optional<ConfirmedSite>> in_vain(std::uint32_t formula) {
    const auto tried = at(formula);
    if (!tried) return tried.problems();
    if (!tried.value()) return std::optional<ConfirmedSite>{};
    ConfirmedSite confirmed = found(*tried.value());
    confirmed.in_vain = true;
    return std::optional(confirmed);
  }

  [[nodiscard]] ConfirmedSite found(const Tried& enough) const {
    return {
        .site = site_, .enough = enough, .tried = static_cast<std::uint32_t>(tried_.size()), .measured = scene_.parts.front().length(), .cause = {}};
  }

  /// true: more replications would not help.
  bool judge(const std::vector<RatioTerm>& blocked, const std::vector<RatioTerm>& failing, Tried& tried) const {
    const auto with_calls = std::ranges::count_if(blocked, [](const RatioTerm& term) { return term.denominator > 0; });
    const bool few = tried.blocked < static_cast<std::uint64_t>(events_min);
    tried.verdict = few ? Tried::Verdict::rare : Tried::Verdict::open;
    if (with_calls < 2) return false;
    tried.blocking = failing_interval(blocked, scene_.looks);
    tried.failing = failing_interval(failing, scene_.looks);
    if (tried.blocking.high <= objective_) tried.verdict = Tried::Verdict::meets;
    if (!few && tried.blocking.low > objective_) tried.verdict = Tried::Verdict::fails;
    const bool indifferent = !few && tried.blocking.high - tried.blocking.low <= indifference * objective_;
    return tried.verdict == Tried::Verdict::meets || tried.verdict == Tried::Verdict::fails || indifferent;
  }

  Scene scene_;
  Directory directory_;
  std::uint16_t site_;
  double objective_;
  const ConfirmOptions& options_;
  std::map<std::uint32_t, Tried> tried_;
};

/// Lets so much more time go by before measuring begins, and before what fails fails.
void begin_later(Scene& scene, Span more) {
  if (scene.scenario.warmup) *scene.scenario.warmup += more;
  scene.scenario.horizon.duration += more;
  for (FaultSpec& fault : scene.scenario.faults) fault.at += more;
  for (MeasuredPart& part : scene.parts) part = {part.from + more, part.until + more};
}

/// The scene without one of the things that the formula does not know of; nullopt if there is no such thing in it.
std::optional<Scene> without(Cause::What what, Scene scene, const SitePlan& site) {
  Scenario& scenario = scene.scenario;
  bool changed = false;
  switch (what) {
    case Cause::What::redials:
      for (DemandSpec& demand : scenario.demands) {
        changed = changed || demand.redial;
        demand.redial.reset();
      }
      break;
    case Cause::What::agents:
      changed = scenario.sites[site.site].contact_centre.has_value();
      scenario.sites[site.site].contact_centre.reset();
      break;
    case Cause::What::failure:
      changed = !scenario.faults.empty();
      scenario.faults.clear();
      break;
    case Cause::What::arrivals: {
      if (site.rates.size() != scenario.demands.size()) break;  // some have no way out
      const auto constant = [](const DemandSpec& demand) { return std::holds_alternative<PoissonArrivals>(demand.arrivals); };
      changed = !std::ranges::all_of(scenario.demands, constant);
      for (std::size_t place = 0; place < site.rates.size(); ++place) {
        DemandSpec& demand = scenario.demands[place];
        // A recording has talk times of its own.
        if (std::holds_alternative<TraceArrivals>(demand.arrivals) && site.seizure.answered > 0)
          demand.holding = Exponential{from_seconds(site.seizure.talk_s / site.seizure.answered)};
        demand.arrivals = PoissonArrivals{site.rates[place]};
      }
      begin_later(scene, 10 * from_seconds(site.seizure.total_s()));
      break;
    }
    case Cause::What::none:
    case Cause::What::several:
    case Cause::What::failing:
    case Cause::What::unknown: break;
  }
  return changed ? std::optional(std::move(scene)) : std::nullopt;
}

/// Looks for what makes the formula's number of channels block more, or less, than the formula says. false: stopped.
Result<bool> find_cause(Search& search, const SitePlan& site, double objective, const ConfirmOptions& options, Cause& cause) {
  const auto as_it_is = search.at(site.channels);
  if (!as_it_is) return as_it_is.problems();
  if (!as_it_is.value()) return false;
  cause.formula = erlang_b(Erlangs{site.peak.erlangs}, site.channels).value();
  cause.as_it_is = as_it_is.value()->blocking;
  const double off = cause.as_it_is.mean - cause.formula;
  const bool within_chance = cause.as_it_is.low <= cause.formula && cause.formula <= cause.as_it_is.high;
  if (within_chance || std::abs(off) <= indifference * objective) return true;
  cause.what = as_it_is.value()->failing.low > objective ? Cause::What::failing : Cause::What::unknown;
  double left = 0.5;  // of the difference
  /// false: stopped.
  const auto look = [&](Cause::What what, const Scene& scene) -> Result<bool> {
    const auto tried = Search(scene, site.site, objective, options).at(site.channels);
    if (!tried) return tried.problems();
    if (!tried.value()) return false;
    const double unexplained = std::abs((tried.value()->blocking.mean - cause.formula) / off);
    if (unexplained > left) return true;
    left = unexplained;
    cause.what = what;
    cause.without_it = tried.value()->blocking;
    return true;
  };
  int present = 0;
  Scene without_all = search.scene();
  for (const auto what : {Cause::What::redials, Cause::What::agents, Cause::What::failure, Cause::What::arrivals}) {
    const auto scene = without(what, search.scene(), site);
    if (!scene) continue;
    ++present;
    without_all = *without(what, std::move(without_all), site);
    if (auto looked = look(what, *scene); !looked || !looked.value()) return looked;
  }
  const bool explained = cause.what != Cause::What::unknown && cause.what != Cause::What::failing;
  return explained || present < 2 ? Result<bool>(true) : look(Cause::What::several, without_all);
}

}  // namespace

double failed_otherwise(const Counts& counts) {
  return static_cast<double>(counts[Count::failed] + counts[Count::lost_in_setup] + counts[Count::one_way] + counts[Count::no_audio]);
}

Result<std::optional<ConfirmedSite>> confirm_site(const Scenario& scenario, const CapacityPlan& plan, const SitePlan& site,
                                                  const ConfirmOptions& options) {
  const std::size_t gone = site.peak.erlangs_case;
  auto scene = scene_of(scenario, plan, site, gone);
  if (!scene) return std::optional(ConfirmedSite{.site = site.site, .gone = gone, .too_large = true, .to_order = site.channels, .cause = {}});
  const double objective = plan.request.blocking.value();
  const bool recorded = has_recordings(scene->scenario);
  Search search(std::move(*scene), site.site, objective, options);
  auto found = search.run(site.channels);
  if (!found || !found.value()) return found;
  ConfirmedSite& confirmed = *found.value();
  confirmed.gone = gone;
  confirmed.to_order = confirmed.enough.channels;
  if (confirmed.to_order < site.channels && (recorded || confirmed.enough.failing.low > objective)) {
    confirmed.to_order = site.channels;
    confirmed.floor = recorded ? Floor::recording : Floor::failing;
  }
  if (confirmed.enough.channels != site.channels && !confirmed.in_vain) {
    const auto looked = find_cause(search, site, objective, options, confirmed.cause);
    if (!looked) return looked.problems();
    if (!looked.value()) return std::optional<ConfirmedSite>{};
  }
  return found;
}

}  // namespace trunklab
