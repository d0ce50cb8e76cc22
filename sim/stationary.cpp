// Drawing the steady state.
#include "sim/stationary.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/rate_table.hpp"
#include "traffic/demand/life.hpp"
#include "traffic/demand/timetable.hpp"

namespace trunklab {

namespace {

/// A Poisson number that is known not to exceed `limit`, by inversion. Terms far from the mode are left out below 1e-20 of it.
std::uint32_t truncated_poisson(double mean, std::uint32_t limit, double u) {
  if (mean <= 0 || limit == 0) return 0;
  const double mode = std::min(std::floor(mean), static_cast<double>(limit));
  constexpr double negligible = 1e-20;
  std::vector<double> below;  // weights at mode - 1, mode - 2, ...
  double weight = 1;
  for (double n = mode; n > 0 && (weight *= n / mean) > negligible; --n) below.push_back(weight);
  std::vector<double> weights(below.rbegin(), below.rend());
  const double first = mode - static_cast<double>(below.size());
  weights.push_back(1);
  weight = 1;
  for (double n = mode + 1; n <= limit && (weight *= mean / n) > negligible; ++n) weights.push_back(weight);
  double target = u * std::accumulate(weights.begin(), weights.end(), 0.0);
  std::size_t i = 0;
  while (i + 1 < weights.size() && target >= weights[i]) target -= weights[i++];
  return static_cast<std::uint32_t>(first + static_cast<double>(i));
}

double rate_at_start(const Arrivals& arrivals) {
  if (const auto* poisson = std::get_if<PoissonArrivals>(&arrivals)) return poisson->rate.value();
  if (const auto* varying = std::get_if<VaryingArrivals>(&arrivals)) return RateTable(*varying).rate(run_start);
  return 0;
}

/// What ends a call's set-up besides its own course.
struct SetUpLimits {
  Span no_progress;  ///< until it rings
  /// From dialling to the end of the set-up, if the caller waits for it.
  [[nodiscard]] Span time(const PlannedCall& call) const {
    const bool rings = call.answer == PstnAnswer::answered || call.answer == PstnAnswer::no_answer;
    return std::min(call.post_dial, no_progress) + (rings ? std::min<Span>(call.ring, sip::timer_c) : Span::zero());
  }
  [[nodiscard]] bool gets_through(const PlannedCall& call) const {
    return call.e164 && call.answer == PstnAnswer::answered && call.post_dial <= no_progress && call.ring <= sip::timer_c &&
           time(call) <= call.patience;
  }
};

/// One demand's calls in equilibrium.
class DemandEquilibrium {
 public:
  DemandEquilibrium(const Scenario& scenario, std::uint16_t number, std::uint32_t replication)
      : number_(number),
        luck_(demand_luck(scenario, scenario.demands[number], replication)),
        laws_(scenario.demands[number], false),
        limits_{scenario.sites[scenario.demands[number].site].routing.hunting.no_progress},
        rate_(rate_at_start(scenario.demands[number].arrivals)) {
    if (rate_ <= 0) return;
    // One estimate for all replications: their starts differ by the luck of the start alone. Lives that need no luck are all alike.
    const Luck lives_luck = demand_luck(scenario, scenario.demands[number], shared_by_all);
    const std::uint64_t lives = laws_.needs_luck_to_get_through() ? 16'384 : 1;
    double waiting_s = 0;
    double through = 0;
    for (std::uint64_t i = 0; i < lives; ++i) {
      PlannedCall life;
      laws_.draw(lives_luck, Purpose::initial, i, life);
      for (const auto& [answer, share] : laws_.answer_shares(life.destination)) {
        life.answer = answer;
        const Span time = std::min(limits_.time(life), life.patience);
        waiting_s += share * in_seconds(time) / static_cast<double>(lives);
        if (share > 0) longest_set_up_ = std::max<Span>(longest_set_up_, 2 * time);
        if (limits_.gets_through(life)) through += share / static_cast<double>(lives);
      }
    }
    set_up_ = rate_ * waiting_s;
    talking_ = rate_ * through * in_seconds(mean_of(scenario.demands[number].holding));
  }

  [[nodiscard]] double offered() const { return set_up_ + talking_; }

  InitialCall draw() {
    const bool talking = unit_interval(luck_.block(Purpose::initial, next_, 2)[3]) * offered() < talking_;
    return talking ? draw_talking() : draw_set_up();
  }

 private:
  static constexpr std::uint32_t shared_by_all = 0xFFFFFFFF;  ///< no replication has this number

  PlannedCall draw_life(std::uint64_t index) const {
    PlannedCall call;
    laws_.draw(luck_, Purpose::initial, index, call);
    return call;
  }

  InitialCall finish(PlannedCall call) {
    call.id = {.demand = number_, .window = initial_window, .number = drawn_++};
    return {.call = call, .talking = false, .answered = never};
  }

  InitialCall draw_talking() {
    for (;; ++next_) {
      PlannedCall call = draw_life(next_);
      if (!limits_.gets_through(call)) continue;
      const auto words = luck_.block(Purpose::initial, next_++, 2);
      call.talk = laws_.talk().length_biased_quantile(unit_interval(words[0]));
      const Span gone = from_seconds(in_seconds(call.talk) * unit_interval(words[1]));
      call.at = run_start - gone - limits_.time(call);
      InitialCall initial = finish(call);
      initial.talking = true;
      initial.answered = run_start - gone;
      return initial;
    }
  }

  InitialCall draw_set_up() {
    for (;; ++next_) {
      PlannedCall call = draw_life(next_);
      const Span age = from_seconds(in_seconds(longest_set_up_) * unit_interval(luck_.block(Purpose::initial, next_, 2)[2]));
      if (age >= std::min(limits_.time(call), call.patience)) continue;
      ++next_;
      call.at = run_start - age;
      return finish(call);
    }
  }

  std::uint16_t number_;
  Luck luck_;
  LifeLaws laws_;
  SetUpLimits limits_;
  double rate_;
  double set_up_ = 0;   ///< Erlangs
  double talking_ = 0;  ///< Erlangs
  Span longest_set_up_{};
  std::uint64_t next_ = 0;
  std::uint32_t drawn_ = 0;
};

EdgeIndex first_target(const Scenario& scenario, const Routing& routing) {
  if (routing.target == TargetKind::single_address) return routing.edge;
  return scenario.service.regions[routing.regions.front()].edges.front();
}

/// The limits that a site's calls share with others: its channels and the session caps at its first target.
class SharedLimits {
 public:
  explicit SharedLimits(const Scenario& scenario) : uses_(scenario.sites.size()) {
    for (std::size_t site = 0; site < scenario.sites.size(); ++site) {
      if (scenario.sites[site].channels) use(site, {"site", site}, *scenario.sites[site].channels);
      const auto comes_in = [site](const DemandSpec& demand) { return demand.site == site && demand.direction == Direction::origination; };
      if (std::ranges::any_of(scenario.demands, comes_in)) continue;  // caps do not count these, and the two are not told apart here
      const EdgeIndex edge = first_target(scenario, scenario.sites[site].routing);
      for (std::size_t cap = 0; cap < scenario.service.caps.size(); ++cap) {
        const CapSpec& spec = scenario.service.caps[cap];
        if (spec.sessions) use(site, {"cap " + std::to_string(cap), entity(scenario, spec.scope, site, edge)}, *spec.sessions);
      }
    }
  }

  /// How many calls `site` may have, given everybody's numbers.
  [[nodiscard]] std::uint32_t room(std::size_t site, const std::vector<std::uint32_t>& numbers) const {
    std::uint32_t room = std::numeric_limits<std::uint32_t>::max();
    for (const std::size_t limit : uses_[site]) {
      std::uint32_t others = 0;
      for (const std::size_t user : limits_[limit].users) others += user == site ? 0 : numbers[user];
      room = std::min(room, limits_[limit].size - std::min(others, limits_[limit].size));
    }
    return room;
  }

  /// How many `site` may have if it were alone.
  [[nodiscard]] std::uint32_t alone(std::size_t site) const { return room(site, std::vector<std::uint32_t>(uses_.size(), 0)); }

  [[nodiscard]] bool hold(const std::vector<std::uint32_t>& numbers) const {
    return std::ranges::all_of(limits_, [&](const Limit& limit) {
      std::uint64_t sum = 0;
      for (const std::size_t user : limit.users) sum += numbers[user];
      return sum <= limit.size;
    });
  }

  /// The part of its tightest limit that is `site`'s by its offered traffic.
  [[nodiscard]] std::uint32_t fair_share(std::size_t site, const std::vector<double>& offered) const {
    double share = offered[site];
    for (const std::size_t limit : uses_[site]) {
      double sum = 0;
      for (const std::size_t user : limits_[limit].users) sum += offered[user];
      if (sum > limits_[limit].size) share = std::min(share, offered[site] * limits_[limit].size / sum);
    }
    return static_cast<std::uint32_t>(share);
  }

 private:
  using Key = std::pair<std::string, std::size_t>;
  struct Limit {
    Key key;
    std::uint32_t size;
    std::vector<std::size_t> users;
  };

  static std::size_t entity(const Scenario& scenario, CapScope scope, std::size_t site, EdgeIndex edge) {
    switch (scope) {
      case CapScope::account: return 0;
      case CapScope::region: return scenario.service.region_of_edge[edge];
      case CapScope::edge: return edge;
      case CapScope::source_address: return site;
    }
    return 0;
  }

  void use(std::size_t site, const Key& key, std::uint32_t size) {
    auto limit = std::ranges::find(limits_, key, &Limit::key);
    if (limit == limits_.end()) limit = limits_.insert(limits_.end(), {.key = key, .size = size, .users = {}});
    limit->users.push_back(site);
    uses_[site].push_back(static_cast<std::size_t>(limit - limits_.begin()));
  }

  std::vector<Limit> limits_;
  std::vector<std::vector<std::size_t>> uses_;
};

/// How many calls each site starts with.
std::vector<std::uint32_t> draw_numbers(const Scenario& scenario, const std::vector<double>& offered, std::uint32_t replication) {
  const SharedLimits limits(scenario);
  std::vector<Luck> luck;
  for (const Site& site : scenario.sites) luck.emplace_back(scenario.seed, "site/" + site.name, replication);
  std::vector<std::uint32_t> numbers(offered.size(), 0);
  // Sites by themselves, until no shared limit is exceeded: exact, and quick unless a limit binds hard.
  constexpr std::uint64_t tries = 200;
  for (std::uint64_t attempt = 0; attempt < tries; ++attempt) {
    for (std::size_t site = 0; site < numbers.size(); ++site) {
      numbers[site] = truncated_poisson(offered[site], limits.alone(site), luck[site].uniform(Purpose::initial, attempt));
    }
    if (limits.hold(numbers)) return numbers;
  }
  // A shared limit binds hard: start from everybody's fair share of it and let each site in turn find its place (Gibbs).
  for (std::size_t site = 0; site < numbers.size(); ++site) numbers[site] = limits.fair_share(site, offered);
  constexpr std::uint64_t sweeps = 100;
  for (std::uint64_t sweep = 0; sweep < sweeps; ++sweep) {
    for (std::size_t site = 0; site < numbers.size(); ++site) {
      numbers[site] = truncated_poisson(offered[site], limits.room(site, numbers), luck[site].uniform(Purpose::initial, tries + sweep));
    }
  }
  return numbers;
}

}  // namespace

std::vector<InitialCall> stationary_calls(const Scenario& scenario, std::uint32_t replication) {
  std::vector<DemandEquilibrium> demands;
  std::vector<double> offered(scenario.sites.size(), 0);
  for (std::uint16_t number = 0; number < scenario.demands.size(); ++number) {
    const DemandEquilibrium& demand = demands.emplace_back(scenario, number, replication);
    offered[scenario.demands[number].site] += demand.offered();
  }
  const std::vector<std::uint32_t> numbers = draw_numbers(scenario, offered, replication);
  std::vector<InitialCall> calls;
  for (std::size_t site = 0; site < numbers.size(); ++site) {
    const Luck luck(scenario.seed, "site/" + scenario.sites[site].name, replication);
    for (std::uint32_t i = 0; i < numbers[site]; ++i) {
      double share = luck.uniform(Purpose::initial, i, 1) * offered[site];
      DemandEquilibrium* chosen = nullptr;
      for (std::uint16_t number = 0; number < demands.size(); ++number) {
        if (scenario.demands[number].site != site || demands[number].offered() <= 0) continue;
        chosen = &demands[number];
        if ((share -= chosen->offered()) < 0) break;
      }
      assert(chosen != nullptr);
      calls.push_back(chosen->draw());
    }
  }
  return calls;
}

}  // namespace trunklab
