// The whole plan in simulation, case by case; more is ordered where that shows too little.
#include <algorithm>
#include <vector>

#include "models/record/words.hpp"
#include "sim/planning/confirm.hpp"
#include "sim/planning/scenes.hpp"

namespace trunklab {
namespace {

/// Other calls than those that the search chose its number by.
constexpr std::uint32_t first_replication = 1000;
constexpr int raises_max = 8;

/// What came out of one case so far: a tally for each replication and part.
using Tallies = std::vector<std::vector<Tally>>;

/// The commonest kind of failed_otherwise.
std::string commonest_failure(const Counts& counts) {
  std::string what;
  std::int64_t most = 0;
  const auto look = [&](std::int64_t count, std::string_view name) {
    if (count <= most) return;
    most = count;
    what = name;
  };
  constexpr auto first = static_cast<int>(Count::failed_no_response);
  constexpr auto last = static_cast<int>(Count::failed_codec);
  for (int count = first; count <= last; ++count) {
    look(counts[static_cast<Count>(count)], word(static_cast<Reason>(static_cast<int>(Reason::no_response) + count - first)));
  }
  look(counts[Count::lost_in_setup], "lost in set-up");
  look(counts[Count::one_way], "heard by one side only");
  look(counts[Count::no_audio], "no audio");
  std::ranges::replace(what, '_', ' ');
  return what;
}

class Prover {
 public:
  Prover(const Scenario& scenario, const CapacityPlan& plan, const ConfirmOptions& options) : scenario_(scenario), plan_(plan), options_(options) {}

  /// nullopt: stopped.
  Result<std::optional<Proof>> prove(std::size_t gone) const {
    Proof proof{.gone = gone};
    const auto scene = whole_scene(scenario_, plan_, gone);
    if (!scene) {
      proof.too_large = true;
      return std::optional(proof);
    }
    const Directory directory = directory_of(scene->scenario);
    Tallies tallies;
    for (std::uint32_t until = replications_first; until <= scene->replications_max(); until *= 2) {
      while (proof.replications < until) {
        auto counted = run_scene(*scene, directory, first_replication + proof.replications++, options_.stop);
        if (!counted) return counted.problems();
        if (!counted.value()) return std::optional<Proof>{};
        tallies.push_back(std::move(*counted.value()));
        const double share = std::min(1.0, static_cast<double>(tallies.size()) / replications_first);
        if (options_.on_progress) options_.on_progress((static_cast<double>(gone) + share) / static_cast<double>(plan_.cases.size()));
      }
      if (judge_blocking(*scene, tallies, proof)) break;
    }
    judge_calls(*scene, directory, tallies, proof);
    return std::optional(proof);
  }

 private:
  /// true: more replications would not help.
  bool judge_blocking(const Scene& scene, const Tallies& tallies, Proof& proof) const {
    proof.blocking = proof.failing = {};
    proof.calls = 0;
    for (std::size_t place = 0; place < plan_.sites.size(); ++place)
      judge_site(plan_.sites[place].site, scene, scene.part_of_site[place], tallies, proof);
    if (proof.calls == 0) return false;
    const double objective = plan_.request.blocking.value();
    const bool within = proof.blocking.mean <= objective * (1 + indifference) && proof.blocking.high <= objective * (1 + 2 * indifference);
    const bool beyond = proof.blocking.low > objective * (1 + indifference);
    proof.blocking_verdict = within ? Proof::Blocking::holds : beyond ? Proof::Blocking::misses : Proof::Blocking::open;
    proof.calls_work = proof.failing.low <= objective;
    return within || beyond;
  }

  /// Of the hour that has this site's busiest time.
  static void judge_site(std::uint16_t site, const Scene& scene, std::size_t part, const Tallies& tallies, Proof& proof) {
    std::vector<RatioTerm> blocked;
    std::vector<RatioTerm> failing;
    Counts sum;
    for (const auto& replication : tallies) {
      const Counts counts = replication[part].counts(EntityKind::site, site);
      const auto offered = static_cast<double>(counts[Count::offered]);
      blocked.push_back({static_cast<double>(counts[Count::blocked]), offered});
      failing.push_back({failed_otherwise(counts), offered});
      sum += counts;
    }
    proof.calls += static_cast<std::uint64_t>(sum[Count::offered]);
    if (std::ranges::count_if(blocked, [](const RatioTerm& term) { return term.denominator > 0; }) < 2) return;
    if (const Interval blocking = failing_interval(blocked, scene.looks); blocking.mean >= proof.blocking.mean) {
      const auto share_of = [&](std::int64_t calls) { return static_cast<double>(calls) / static_cast<double>(sum[Count::offered]); };
      proof.worst_site = site;
      proof.blocking = blocking;
      proof.by_channels = share_of(sum[Count::blocked_site_channels]);
      proof.by_cps = share_of(sum[Count::blocked_cap_cps]);
      proof.by_caps = share_of(sum[Count::blocked_cap_cps] + sum[Count::blocked_cap_sessions]);
    }
    if (const Interval share = failing_interval(failing, scene.looks); share.mean >= proof.failing.mean) {
      proof.failing_site = site;
      proof.failing = share;
      proof.failing_most = commonest_failure(sum);
    }
  }

  void judge_calls(const Scene& scene, const Directory& directory, const Tallies& tallies, Proof& proof) const {
    const Objectives& objectives = scenario_.objectives;
    for (std::size_t part = 0; part < scene.parts.size(); ++part) {
      std::vector<Tally> of_part;
      for (const auto& replication : tallies) of_part.push_back(replication[part]);
      const std::vector<Measure> measures = summarise(of_part, directory);
      if (const Measure* delay = find_measure(measures, "pdd_p95")) proof.setup_delay_s = std::max(proof.setup_delay_s, delay->mean);
      if (const Measure* mos = find_measure(measures, "mos_p5")) proof.mos = std::min(proof.mos.value_or(mos->mean), mos->mean);
    }
    if (objectives.setup_delay) proof.delay_holds = proof.setup_delay_s <= in_seconds(*objectives.setup_delay);
    if (objectives.quality && proof.calls > 0) proof.quality_holds = proof.mos && *proof.mos >= *objectives.quality;
  }

  const Scenario& scenario_;
  const CapacityPlan& plan_;
  const ConfirmOptions& options_;
};

/// More sessions for every scope, up to the channels of its sites. false: all have as many already.
bool raise_sessions(const Scenario& scenario, CapacityPlan& plan, int times) {
  const auto sessions_of = [&plan] {
    std::vector<std::uint32_t> sessions;
    for (const ScopePlan& scope : plan.scopes) sessions.push_back(scope.sessions);
    return sessions;
  };
  const auto before = sessions_of();
  for (ScopePlan& scope : plan.scopes) scope.sessions_raised += std::max<std::uint32_t>(1, scope.sessions / 50) << times;
  order_sessions(scenario, plan);
  return sessions_of() != before;
}

/// More channels for the site of which a case shows too few, or more sessions or calls per second where caps refused them. false: it shows no such
/// thing.
bool raise_orders(const Scenario& scenario, CapacityPlan& plan, const Proof& proof, int times) {
  if (proof.too_large || proof.blocking_verdict == Proof::Blocking::holds) return false;
  const double half = proof.blocking.mean / 2;
  if (proof.by_cps > half) {
    for (ScopePlan& scope : plan.scopes) {
      const std::uint32_t more = std::max<std::uint32_t>(1, scope.cps / 10) << times;
      scope.cps += more;
      scope.cps_raised += more;
    }
    return true;
  }
  if (proof.by_caps - proof.by_cps > half) return raise_sessions(scenario, plan, times);
  if (proof.by_channels < half) return false;  // ports
  SitePlan& site = *std::ranges::find(plan.sites, proof.worst_site, &SitePlan::site);
  const std::uint32_t usable = site.ordered - plan.request.kept_free;
  const std::uint32_t more = std::max<std::uint32_t>(1, usable / 100) << times;
  site.raised += more;
  order_channels(scenario, plan, site.site, usable + more);
  order_sessions(scenario, plan);
  return true;
}

}  // namespace

Result<std::optional<std::vector<Proof>>> prove(const Scenario& scenario, CapacityPlan& plan, const ConfirmOptions& options) {
  const Prover prover(scenario, plan, options);
  std::vector<Proof> proofs;
  for (std::size_t gone = 0; gone < plan.cases.size(); ++gone) {
    for (int raised = 0;; ++raised) {
      const auto proof = prover.prove(gone);
      if (!proof) return proof.problems();
      if (!proof.value()) return std::optional<std::vector<Proof>>{};
      if (raised < raises_max && raise_orders(scenario, plan, *proof.value(), raised)) continue;
      proofs.push_back(*proof.value());
      break;
    }
  }
  return std::optional(std::move(proofs));
}

}  // namespace trunklab
