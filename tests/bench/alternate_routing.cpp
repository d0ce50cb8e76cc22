// Where Erlang's fixed point for alternate routing meets simulation, and where it does not: one line of CSV for each load of each network.
#include <fmt/format.h>

#include <iostream>
#include <vector>

#include "models/measures/summary.hpp"
#include "models/teletraffic/fixed_point.hpp"
#include "scenarios/reader.hpp"
#include "sim/planning/scenes.hpp"

namespace trunklab {
namespace {

constexpr std::uint32_t link_size = 50;  ///< calls at the same time that a region takes
constexpr std::uint32_t replications = 8;

/// Sites whose calls try regions in turn, each of which takes `link_size` calls.
struct Network {
  const char* name;
  std::vector<std::vector<std::size_t>> ways;  ///< of each site, regions in order
  std::size_t regions;                         ///< that are used
  std::uint32_t channels = 0;                  ///< of each site; 0: no limit
};

const char* const regions[]{"euc1", "use1", "sae1", "apse1", "apse2"};

Scenario scenario_of(const Network& network, double erlangs) {
  std::string text = fmt::format(
      "service: {{ preset: sinch, caps: [ {{ scope: region, sessions: {} }} ] }}\nhorizon: {{ duration: 100h }}\nseed: 5\nsites:\n", link_size);
  std::string demand = "demand:\n";
  for (std::size_t site = 0; site < network.ways.size(); ++site) {
    std::string list;
    for (const std::size_t region : network.ways[site]) list += std::string(list.empty() ? "" : ", ") + regions[region];
    const std::string channels = network.channels > 0 ? fmt::format("channels: {}, ", network.channels) : "";
    text += fmt::format("  s{}: {{ {}routing: {{ target: addresses, regions: [{}], probe: never, hold_down: never }} }}\n", site, channels, list);
    demand += fmt::format(
        "  d{0}: {{ site: s{0}, arrivals: {{ process: poisson, rate: {1:.6f}/s }}, holding: {{ distribution: exponential, mean: 100s }} }}\n", site,
        erlangs / 100);
  }
  return parse_scenario(text + demand, "alternate.yaml").value();
}

double by_fixed_point(const Network& network, double erlangs) {
  RoutedNetwork routed{.links = std::vector<std::uint32_t>(std::size(regions), link_size), .demands = {}};
  for (const auto& way : network.ways) {
    RoutedDemand& demand = routed.demands.emplace_back(RoutedDemand{Erlangs{erlangs}, {}});
    for (const std::size_t region : way) demand.routes.push_back({region});
    if (network.channels == 0) continue;
    for (LinkRoute& route : demand.routes) route.push_back(routed.links.size());
    routed.links.push_back(network.channels);
  }
  double lost = 0;
  for (const Probability& each : erlang_fixed_points(routed).from_empty.demands) lost += each.value();
  return lost / static_cast<double>(network.ways.size());
}

Interval by_simulation(const Network& network, double erlangs) {
  Scenario scenario = scenario_of(network, erlangs);
  scenario.warmup = std::chrono::hours{1};
  const Directory directory = directory_of(scenario);
  std::vector<RatioTerm> terms;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    const auto tally = run_scene(scenario, directory, replication, nullptr);
    const Counts counts = tally.value()->counts(EntityKind::total, 0);
    terms.push_back({static_cast<double>(counts[Count::blocked]), static_cast<double>(counts[Count::offered])});
  }
  return blocking_interval(terms);
}

}  // namespace
}  // namespace trunklab

int main() {
  using namespace trunklab;
  std::vector<std::vector<std::size_t>> pairs;
  for (std::size_t first = 0; first < std::size(regions); ++first) {
    for (std::size_t second = 0; second < std::size(regions); ++second) {
      if (first != second) pairs.push_back({first, second});
    }
  }
  const Network networks[]{
      {"no way out", {{0}}, 1},
      {"one way out", {{0, 1}}, 2},
      {"two sites, mutual", {{0, 1}, {1, 0}}, 2},
      {"three sites, a ring", {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}}, 3},
      {"five regions, spread", pairs, 5},
      {"two sites of 60 channels", {{0, 1}, {1, 0}}, 2, 60},
  };
  std::cout << "network,erlangs_per_region,fixed_point,simulated,low,high\n";
  for (const Network& network : networks) {
    const double sites = static_cast<double>(network.ways.size());
    for (double load = 0.70; load < 1.62; load += 0.05) {
      const double erlangs = load * link_size * static_cast<double>(network.regions) / sites;
      const Interval seen = by_simulation(network, erlangs);
      std::cout << fmt::format("\"{}\",{:.4g},{:.6g},{:.6g},{:.6g},{:.6g}\n", network.name, load * link_size, by_fixed_point(network, erlangs),
                               seen.mean, seen.low, seen.high)
                << std::flush;
    }
  }
  return 0;
}
