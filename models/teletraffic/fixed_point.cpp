// Erlang's fixed point by damped iteration from both ends.
#include "models/teletraffic/fixed_point.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/teletraffic/erlang_b.hpp"

namespace trunklab {

namespace {

enum class Fate : std::uint8_t { unknown, free, blocked };

/// Chances over independent links, some of whose fates are given.
class Chances {
 public:
  explicit Chances(std::span<const double> blocked) : blocked_(blocked), fates_(blocked.size(), Fate::unknown) {}

  /// From now on given, until forgotten: all links of `route` are free.
  void suppose_free(const LinkRoute& route) {
    for (const std::size_t link : route) fates_[link] = Fate::free;
  }
  void forget(const LinkRoute& route) {
    for (const std::size_t link : route) fates_[link] = Fate::unknown;
  }

  /// That each of these routes has a blocked link, given the fates marked.
  double all_blocked(std::span<const LinkRoute> routes) {
    if (routes.empty()) return 1;
    const LinkRoute& route = routes.front();
    if (std::ranges::any_of(route, [&](std::size_t link) { return fates_[link] == Fate::blocked; })) return all_blocked(routes.subspan(1));
    // Divided by the first of its links that is blocked.
    double chance = 0;
    double free_so_far = 1;
    LinkRoute marked;
    for (const std::size_t link : route) {
      if (fates_[link] == Fate::free) continue;
      fates_[link] = Fate::blocked;
      if (blocked_[link] > 0) chance += free_so_far * blocked_[link] * all_blocked(routes.subspan(1));
      fates_[link] = Fate::free;
      free_so_far *= 1 - blocked_[link];
      marked.push_back(link);
    }
    forget(marked);
    return chance;
  }

 private:
  std::span<const double> blocked_;
  std::vector<Fate> fates_;
};

std::vector<double> reached_by(const RoutedNetwork& network, std::span<const double> blocked) {
  std::vector<double> loads(network.links.size());
  Chances chances(blocked);
  for (const RoutedDemand& demand : network.demands) {
    const std::span<const LinkRoute> routes = demand.routes;
    for (std::size_t each = 0; each < routes.size(); ++each) {
      const LinkRoute& route = routes[each];
      chances.suppose_free(route);
      const double overflow = demand.offered.value() * chances.all_blocked(routes.first(each));
      chances.forget(route);
      for (const std::size_t link : route) {
        double others_free = 1;
        for (const std::size_t other : route) others_free *= other == link ? 1 : 1 - blocked[other];
        loads[link] += overflow * others_free;
      }
    }
  }
  return loads;
}

NetworkBlocking settle(const RoutedNetwork& network, double start) {
  constexpr int rounds_max = 20'000;
  constexpr double damping = 0.2;
  std::vector<double> blocked(network.links.size(), start);
  NetworkBlocking result;
  while (!result.settled && result.rounds < rounds_max) {
    ++result.rounds;
    const std::vector<double> loads = reached_by(network, blocked);
    double change = 0;
    for (std::size_t link = 0; link < blocked.size(); ++link) {
      const double step = erlang_b(Erlangs{loads[link]}, network.links[link]).value() - blocked[link];
      blocked[link] += damping * step;
      change = std::max(change, std::abs(step));
    }
    result.settled = change < 1e-12;
  }
  Chances chances(blocked);
  for (const double each : blocked) result.links.emplace_back(each);
  for (const RoutedDemand& demand : network.demands) result.demands.emplace_back(chances.all_blocked(demand.routes));
  return result;
}

void check(const RoutedNetwork& network) {
  for (const RoutedDemand& demand : network.demands) {
    assert(demand.offered.value() >= 0 && std::isfinite(demand.offered.value()));
    for (const LinkRoute& route : demand.routes) {
      assert(!route.empty() && std::ranges::all_of(route, [&](std::size_t link) { return link < network.links.size(); }));
      for (const std::size_t link : route) assert(std::ranges::count(route, link) == 1);
    }
  }
}

}  // namespace

FixedPoints erlang_fixed_points(const RoutedNetwork& network) {
  check(network);
  FixedPoints points{settle(network, 0), settle(network, 1)};
  for (std::size_t each = 0; each < network.demands.size(); ++each) {
    points.differ |= std::abs(points.from_full.demands[each].value() - points.from_empty.demands[each].value()) > 1e-6;
  }
  return points;
}

}  // namespace trunklab
