// Cycle by cycle, each beside its twin.
#include "sim/availability/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <map>

#include "sim/availability/cycles.hpp"
#include "sim/availability/served.hpp"
#include "sim/piece.hpp"
#include "sim/run.hpp"
#include "sim/study.hpp"

namespace trunklab {
namespace {

constexpr double z95 = 1.959963984540054;

bool has_calls(const Scenario& scenario, std::uint16_t site) {
  return std::ranges::any_of(scenario.demands, [site](const DemandSpec& demand) { return demand.site == site; });
}

std::vector<SiteStructure> structures_of(const Scenario& scenario) {
  std::vector<SiteStructure> structures;
  for (std::uint16_t site = 0; site < scenario.sites.size(); ++site) {
    if (has_calls(scenario, site)) structures.emplace_back(scenario, site);
  }
  return structures;
}

/// Random faults that some site with calls may feel.
FaultSet felt(const Scenario& scenario, const std::vector<SiteStructure>& structures) {
  FaultSet faults = 0;
  for (const SiteStructure& each : structures) faults |= each.relevant();
  for (std::size_t place = 0; place < scenario.random_faults.size(); ++place) {
    const FaultKind kind = scenario.random_faults[place].kind;
    const bool of_edges = kind == FaultKind::crash || kind == FaultKind::drain || kind == FaultKind::overload || kind == FaultKind::grey;
    const bool concerns = !of_edges || !watchers_of(scenario, scenario.random_faults[place]).empty();
    if (concerns) faults |= FaultSet{1} << place;
  }
  return faults;
}

/// Calls offered in the long run by a site a second; nullopt for the site: all.
double calls_per_s(const Scenario& scenario, std::optional<std::uint16_t> site) {
  Scenario part = scenario;
  std::erase_if(part.demands, [&](const DemandSpec& demand) { return site && demand.site != *site; });
  return expected_calls(part) / in_seconds(scenario.horizon.duration);
}

/// Every site with calls, and how many.
std::vector<CycleSource::Site> sites_of(const Scenario& scenario) {
  std::vector<CycleSource::Site> sites;
  for (std::uint16_t site = 0; site < scenario.sites.size(); ++site) {
    if (has_calls(scenario, site)) sites.push_back({SiteStructure(scenario, site), calls_per_s(scenario, site)});
  }
  return sites;
}

/// Cycles in which some site has no way out, and the others: rare but dear, frequent but cheap.
enum Stratum : std::uint8_t { dear, cheap };

/// A sum over both strata, each with a mean of its own.
class Estimate {
 public:
  /// `at_stake`: what the cycle is expected to cost if it costs all. `informed`: there was a call that it could have cost.
  void add(Stratum stratum, double value, double at_stake, bool informed) {
    moments_.at(stratum).add(value);
    at_stake_.at(stratum).add(at_stake);
    informed_.at(stratum) += informed;
    seen_.at(stratum) = seen_.at(stratum) || value != 0;
  }
  /// Of the mean divided by `per`. Where nothing at all was seen in n cycles with calls, all that was at stake may be lost in 3 of n
  /// (the 95 % bound).
  [[nodiscard]] Interval interval(double per) const {
    const double mean = (moments_[dear].mean() + moments_[cheap].mean()) / per;
    const double half = z95 * std::sqrt(error(dear) + error(cheap)) / per;
    if (!nothing_seen()) return {mean, std::max(0.0, mean - half), mean + half};
    double unseen = 0;
    for (const Stratum stratum : {dear, cheap}) {
      const auto informed = static_cast<double>(informed_.at(stratum));
      unseen += at_stake_.at(stratum).mean() * std::min(1.0, 3.0 / std::max(informed, 1.0));
    }
    return {0, 0, unseen / per};
  }
  [[nodiscard]] bool seen(Stratum stratum) const { return seen_.at(stratum); }
  [[nodiscard]] bool nothing_seen() const { return !seen_[dear] && !seen_[cheap]; }
  /// Variance of the stratum's mean.
  [[nodiscard]] double error(Stratum stratum) const {
    const Moments& own = moments_.at(stratum);
    return own.count() > 1 ? own.variance() / static_cast<double>(own.count()) : 0;
  }
  [[nodiscard]] std::uint64_t count(Stratum stratum) const { return moments_.at(stratum).count(); }

 private:
  std::array<Moments, 2> moments_;
  std::array<Moments, 2> at_stake_;
  std::array<std::uint64_t, 2> informed_{};
  std::array<bool, 2> seen_{};
};

struct SiteEstimates {
  std::uint16_t site;
  double calls_per_s;
  Estimate not_served;
  Estimate cut_off;
};

class Simulation {
 public:
  Simulation(const Scenario& scenario, const AvailabilityRequest& request)
      : scenario_(scenario),
        request_(request),
        all_per_s_(calls_per_s(scenario, std::nullopt)),
        source_(scenario, felt(scenario, structures_of(scenario)), sites_of(scenario)),
        draws_(scenario.seed) {
    for (std::uint16_t site = 0; site < scenario.sites.size(); ++site) {
      if (has_calls(scenario, site)) sites_.push_back({site, calls_per_s(scenario, site), {}, {}});
    }
  }

  Result<Availability> run() {
    Availability found;
    for (std::uint32_t rounds = 1; rounds <= request_.cycles_max; ++rounds) {
      const auto went = cycle(found);
      if (!went) return went.problems();
      if (!went.value()) {
        found.cut_short = true;
        break;
      }
      const double half = relative_half_width();
      // What costs nothing in so many cycles has a bound, and more of them would not tell more.
      const bool nothing = not_served_.nothing_seen() && rounds >= 5 * request_.cycles_min;
      found.precise = nothing || (rounds >= request_.cycles_min && half <= request_.half_width);
      if (request_.on_progress) request_.on_progress(progress(rounds, half), found.calls);
      if (found.precise) break;
    }
    tell(found);
    found.harmless_cycles = not_served_.seen(cheap) ? 0 : simulated_[cheap];
    return found;
  }

 private:
  [[nodiscard]] bool is_stopped() const { return request_.stop != nullptr && *request_.stop; }

  /// Infinite while nothing was seen.
  [[nodiscard]] double relative_half_width() const {
    const Interval now = not_served_.interval(1);
    return now.mean > 0 ? (now.high - now.mean) / now.mean : std::numeric_limits<double>::infinity();
  }

  /// Cycles needed fall with the square of the half-width.
  [[nodiscard]] double progress(std::uint32_t rounds, double half) const {
    const double by_width = std::isfinite(half) ? std::pow(request_.half_width / half, 2) : 0;
    return std::min({1.0, by_width, static_cast<double>(rounds) / request_.cycles_min});
  }

  /// One cycle of a stratum among many, each with a chance in proportion to how many calls it may cost; its weight makes up for the choice. Drawing a
  /// cycle costs a thousandth of simulating its calls. nullopt: none of them is of this stratum, or stopped.
  std::optional<FaultCycle> draw(Stratum stratum) {
    constexpr int among = 1000;
    std::optional<FaultCycle> chosen;
    double chosen_cost = 0;
    double costs = 0;
    for (int each = 0; each < among && !is_stopped(); ++each) {
      FaultCycle cycle = source_.draw(draws_);
      if ((cycle.calls_down > 0 ? dear : cheap) != stratum) continue;
      const double cost = cycle.weight * (stratum == dear ? cycle.calls_down : static_cast<double>(cycle.faults.size()));
      costs += cost;
      if (draws_.uniform() * costs >= cost) continue;
      chosen = std::move(cycle);
      chosen_cost = cost;
    }
    if (chosen) chosen->weight *= costs / among / chosen_cost;
    return chosen;
  }

  /// Where another cycle makes the result more certain.
  [[nodiscard]] Stratum next_stratum() const {
    const std::uint64_t least = request_.cycles_min / 2;
    if (not_served_.count(dear) < least) return dear;
    if (not_served_.count(cheap) < least) return cheap;
    for (const Stratum stratum : {dear, cheap}) {
      if (simulated_.at(stratum) == 0) return stratum == dear ? cheap : dear;  // there are none
    }
    // What one more takes away of a variance v / n is about (v / n) / n.
    const auto gain = [this](Stratum stratum) { return not_served_.error(stratum) / static_cast<double>(not_served_.count(stratum)); };
    return gain(dear) >= gain(cheap) ? dear : cheap;
  }

  /// Counts of one piece. nullopt: stopped.
  Result<std::optional<ServedCount>> count(const Scenario& piece, Span counted, bool with_faults, Availability& found) const {
    const Instant from = run_start + piece.warmup.value_or(Span{});
    ServedCount served(piece, from);
    Until part(served, from + counted, true);
    const auto end = run_once(piece, {.with_faults = with_faults, .stop = request_.stop}, part);
    if (!end) return end.problems();
    found.calls += end.value().offered;
    if (!end.value().complete) return std::optional<ServedCount>{};
    return std::optional(std::move(served));
  }

  /// false: stopped.
  Result<bool> cycle(Availability& found) {
    const Stratum stratum = next_stratum();
    const std::optional<FaultCycle> chosen = draw(stratum);
    if (is_stopped()) return false;
    if (!chosen) {
      add_nothing(stratum);
      return true;
    }
    const FaultCycle& drawn = *chosen;
    const Instant at = run_start + from_seconds(draws_.uniform() * in_seconds(scenario_.horizon.duration));
    const Span counted = piece_lead + drawn.length + settling_of(scenario_);
    std::vector<FaultSpec> faults = drawn.faults;
    for (FaultSpec& fault : faults) fault.at += at - run_start + piece_lead;
    const Scenario piece = piece_of(scenario_, at, at + counted + piece_tail, faults, next_++);
    const auto disturbed = count(piece, counted, true, found);
    if (!disturbed) return disturbed.problems();
    if (!disturbed.value()) return false;
    const auto twin = count(piece, counted, false, found);
    if (!twin) return twin.problems();
    if (!twin.value()) return false;
    ++found.cycles;
    ++simulated_.at(stratum);
    double all_not_served = 0;
    double all_cut_off = 0;
    double all_at_stake = 0;
    bool any_informed = false;
    for (SiteEstimates& site : sites_) {
      const Served& now = disturbed.value()->of(site.site);
      const Served& then = twin.value()->of(site.site);
      const double not_served = drawn.weight * static_cast<double>(now.not_served - then.not_served);
      const double cut_off = drawn.weight * static_cast<double>(now.cut_off - then.cut_off);
      const double at_stake = drawn.weight * site.calls_per_s * in_seconds(counted);
      const bool informed = then.callers > 0;
      site.not_served.add(stratum, not_served, at_stake, informed);
      site.cut_off.add(stratum, cut_off, at_stake, informed);
      any_informed = any_informed || informed;
      all_at_stake += at_stake;
      all_not_served += not_served;
      all_cut_off += cut_off;
    }
    not_served_.add(stratum, all_not_served, all_at_stake, any_informed);
    cut_off_.add(stratum, all_cut_off, all_at_stake, any_informed);
    Combination& combination = combinations_[drawn.worst].at(stratum);
    combination.not_served += all_not_served;
    combination.weight += drawn.weight;
    return true;
  }

  void add_nothing(Stratum stratum) {
    for (SiteEstimates& site : sites_) {
      site.not_served.add(stratum, 0, 0, true);
      site.cut_off.add(stratum, 0, 0, true);
    }
    not_served_.add(stratum, 0, 0, true);
    cut_off_.add(stratum, 0, 0, true);
  }

  void tell(Availability& found) const {
    const double cycle_s = source_.mean_length_s();
    const double per = all_per_s_ * cycle_s;
    found.all = {not_served_.interval(per), cut_off_.interval(per)};
    for (const SiteEstimates& site : sites_) {
      const double own = calls_per_s(scenario_, site.site) * cycle_s;
      found.sites.push_back({.site = site.site, .chain = {}, .calls = {site.not_served.interval(own), site.cut_off.interval(own)}});
    }
    constexpr double year_s = 8760.0 * 3600;
    const double all = not_served_.interval(1).mean;
    for (const auto& [faults, parts] : combinations_) {
      Combination mean;
      for (const Stratum stratum : {dear, cheap}) {
        const auto count = static_cast<double>(std::max<std::uint64_t>(1, not_served_.count(stratum)));
        mean.not_served += parts.at(stratum).not_served / count;
        mean.weight += parts.at(stratum).weight / count;
      }
      if (all <= 0 || mean.not_served <= 0) continue;
      found.contributions.push_back({.faults = names_of(faults), .share = mean.not_served / all, .outages_per_year = mean.weight * year_s / cycle_s});
    }
    std::ranges::stable_sort(found.contributions, std::ranges::greater{}, &Contribution::share);
    if (found.contributions.size() > 5) found.contributions.resize(5);
  }

  [[nodiscard]] std::string names_of(FaultSet faults) const {
    std::string names;
    for (std::size_t place = 0; place < scenario_.random_faults.size(); ++place) {
      if ((faults >> place & 1U) != 0) names += (names.empty() ? "" : " + ") + scenario_.random_faults[place].name;
    }
    return names;
  }

  struct Combination {
    double not_served = 0;
    double weight = 0;
  };

  const Scenario& scenario_;
  const AvailabilityRequest& request_;
  double all_per_s_;
  CycleSource source_;
  Draws draws_;
  std::vector<SiteEstimates> sites_;
  Estimate not_served_;
  Estimate cut_off_;
  std::map<FaultSet, std::array<Combination, 2>> combinations_;
  std::array<std::uint64_t, 2> simulated_{};  ///< cycles of each stratum; the rest of its count are draws that found none
  std::uint64_t next_ = 0;
};

}  // namespace

std::optional<Problem> no_cycles(const Scenario& scenario) {
  const auto problem = [&](std::string found, std::string expected) { return Problem{scenario.path, std::move(found), std::move(expected)}; };
  if (scenario.random_faults.size() > random_faults_max) {
    return problem(fmt::format("{} random faults", scenario.random_faults.size()), fmt::format("at most {}", random_faults_max));
  }
  if (scenario.random_faults.empty() || felt(scenario, structures_of(scenario)) == 0) {
    return problem("no random fault that any site's calls could feel", "one such as { edge: all, kind: crash, random: { mtbf: 60d, mttr: 20min } }");
  }
  for (const FaultSpec& fault : scenario.random_faults) {
    if (fault.random->up.shape != 1)
      return problem("shape " + fmt::format("{:g}", fault.random->up.shape) + " of " + fault.name, "1: exponential times; --chain has any");
  }
  for (const DemandSpec& demand : scenario.demands) {
    if (std::holds_alternative<TraceArrivals>(demand.arrivals))
      return problem("demand " + demand.name + ", which plays a trace", "demands with rates");
  }
  return std::nullopt;
}

Result<std::vector<SiteAvailability>> chain_availability(const Scenario& scenario) {
  std::vector<SiteAvailability> sites;
  if (scenario.random_faults.size() > random_faults_max) return *no_cycles(scenario);
  for (std::uint16_t site = 0; site < scenario.sites.size(); ++site) {
    if (!has_calls(scenario, site)) continue;
    const SiteStructure structure(scenario, site);
    const int relevant = std::popcount(structure.relevant());
    if (relevant > relevant_max) {
      return Problem{scenario.path, fmt::format("{} random faults of site {}", relevant, scenario.sites[site].name),
                     fmt::format("at most {}", relevant_max)};
    }
    sites.push_back({.site = site, .chain = chain_of(scenario, structure), .calls = {}});
  }
  return sites;
}

Result<Availability> simulate_availability(const Scenario& scenario, const AvailabilityRequest& request) {
  if (const auto refused = no_cycles(scenario)) return *refused;
  return Simulation(scenario, request).run();
}

}  // namespace trunklab
