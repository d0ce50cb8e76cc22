// The whole plan in simulation, case by case.
#include <algorithm>
#include <vector>

#include "sim/planning/confirm.hpp"
#include "sim/planning/scenes.hpp"

namespace trunklab {
namespace {

constexpr std::uint32_t stage = 4;
constexpr std::uint32_t replications_max = 64;
/// Other calls than those that the search chose its number by.
constexpr std::uint32_t first_replication = 1000;

class Prover {
 public:
  Prover(const Scenario& scenario, const CapacityPlan& plan, const ConfirmOptions& options) : scenario_(scenario), plan_(plan), options_(options) {}

  /// nullopt: stopped.
  Result<std::optional<Proof>> prove(std::size_t gone) const {
    Proof proof{.gone = gone, .mos = {}};
    const auto scene = whole_scene(scenario_, plan_, gone);
    if (!scene) {
      proof.too_large = true;
      return std::optional(proof);
    }
    const Directory directory = directory_of(*scene);
    std::vector<Tally> tallies;
    for (bool clear = false; !clear && tallies.size() < replications_max;) {
      for (std::uint32_t more = 0; more < stage; ++more) {
        auto tally = run_scene(*scene, directory, first_replication + proof.replications++, options_.stop);
        if (!tally) return tally.problems();
        if (!tally.value()) return std::optional<Proof>{};
        tallies.push_back(std::move(*tally.value()));
        const double share = std::min(1.0, static_cast<double>(tallies.size()) / stage);
        if (options_.on_progress) options_.on_progress((static_cast<double>(gone) + share) / static_cast<double>(plan_.cases.size()));
      }
      clear = judge_blocking(tallies, proof);
    }
    judge_calls(summarise(tallies, directory), proof);
    return std::optional(proof);
  }

 private:
  /// true: more replications would not help.
  bool judge_blocking(const std::vector<Tally>& tallies, Proof& proof) const {
    proof.blocking = {};
    double offered = 0;
    double by_caps = 0;
    for (const SitePlan& site : plan_.sites) {
      std::vector<RatioTerm> terms;
      for (const Tally& tally : tallies) {
        const Counts counts = tally.counts(EntityKind::site, site.site);
        terms.push_back({static_cast<double>(counts[Count::blocked]), static_cast<double>(counts[Count::offered])});
        offered += terms.back().denominator;
        by_caps += static_cast<double>(counts[Count::blocked_cap_cps] + counts[Count::blocked_cap_sessions]);
      }
      if (std::ranges::count_if(terms, [](const RatioTerm& term) { return term.denominator > 0; }) < 2) continue;
      const Interval blocking = blocking_interval(terms);
      if (blocking.mean < proof.blocking.mean) continue;
      proof.worst_site = site.site;
      proof.blocking = blocking;
    }
    proof.calls = static_cast<std::uint64_t>(offered);
    proof.by_caps = offered > 0 ? by_caps / offered : 0;
    if (proof.calls == 0) return false;
    const double objective = plan_.request.blocking.value();
    const bool within = proof.blocking.mean <= objective * (1 + indifference) && proof.blocking.high <= objective * (1 + 2 * indifference);
    const bool beyond = proof.blocking.low > objective * (1 + indifference);
    proof.blocking_verdict = within ? Proof::Blocking::holds : beyond ? Proof::Blocking::misses : Proof::Blocking::open;
    return within || beyond;
  }

  void judge_calls(const std::vector<Measure>& measures, Proof& proof) const {
    const Objectives& objectives = scenario_.objectives;
    if (const Measure* delay = find_measure(measures, "pdd_p95")) proof.setup_delay_s = delay->mean;
    if (const Measure* mos = find_measure(measures, "mos_p5")) proof.mos = mos->mean;
    if (objectives.setup_delay) proof.delay_holds = proof.setup_delay_s <= in_seconds(*objectives.setup_delay);
    if (objectives.quality && proof.calls > 0) proof.quality_holds = proof.mos && *proof.mos >= *objectives.quality;
  }

  const Scenario& scenario_;
  const CapacityPlan& plan_;
  const ConfirmOptions& options_;
};

}  // namespace

Result<std::optional<std::vector<Proof>>> prove(const Scenario& scenario, const CapacityPlan& plan, const ConfirmOptions& options) {
  const Prover prover(scenario, plan, options);
  std::vector<Proof> proofs;
  for (std::size_t gone = 0; gone < plan.cases.size(); ++gone) {
    const auto proof = prover.prove(gone);
    if (!proof) return proof.problems();
    if (!proof.value()) return std::optional<std::vector<Proof>>{};
    proofs.push_back(*proof.value());
  }
  return std::optional(std::move(proofs));
}

}  // namespace trunklab
