// Unavailability of some millionths by simulation of calls, 20 seeds a case, against states enumerated on paper. Calls move on at once here, so that
// the paper is exact for them.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "sim/availability/study.hpp"
#include "tests/bench/timed_run.hpp"

namespace trunklab::bench {
namespace {

struct Case {
  const char* name;
  const char* regions;
  std::vector<const char*> faults;  ///< as in a scenario, without the braces
};

const std::vector<Case>& cases() {
  static const char* const first = "edge: euc1/1, kind: crash, random: { mtbf: 999h, mttr: 1h }";
  static const char* const second = "edge: euc1/2, kind: crash, random: { mtbf: 999h, mttr: 1h }";
  static const std::vector<Case> all{
      {"two edges alike", "euc1", {first, second}},
      {"one often gone, one hardly ever",
       "euc1",
       {"edge: euc1/1, kind: crash, random: { mtbf: 9h, mttr: 1h }", "edge: euc1/2, kind: crash, random: { mtbf: 99999h, mttr: 1h }"}},
      {"both at once, in 100 years", "euc1", {first, second, "region: euc1, kind: crash, random: { mtbf: 36500d, mttr: 100min }"}},
      {"the site, in 100 years", "euc1", {first, second, "site: pbx, kind: site, random: { mtbf: 36500d, mttr: 30min }"}},
      {"four edges of two regions",
       "euc1, use1",
       {"edge: euc1/1, kind: crash, random: { mtbf: 31h, mttr: 1h }", "edge: euc1/2, kind: crash, random: { mtbf: 31h, mttr: 1h }",
        "edge: use1/1, kind: crash, random: { mtbf: 31h, mttr: 1h }", "edge: use1/2, kind: crash, random: { mtbf: 31h, mttr: 1h }"}}};
  return all;
}

Scenario scenario_for(const Case& each) {
  std::string text = "horizon: { duration: 30d }\nsites:\n  pbx: { routing: { target: addresses, regions: [" + std::string(each.regions) +
                     "], probe: never, hold_down: never, no_response: 100ms } }\n" +
                     "demand:\n  d: { arrivals: { process: poisson, rate: 6/min }, holding: { distribution: exponential, mean: 20s } }\nfaults:\n";
  for (const char* fault : each.faults) text += "  - { " + std::string(fault) + " }\n";
  return scenario_of(text);
}

}  // namespace
}  // namespace trunklab::bench

/// Exit code 1: fewer than 16 of 20 intervals cover what the paper says, or one of them is wider than 20 % each way or took more than 120 s.
int main() {
  using namespace trunklab;
  using namespace trunklab::bench;
  constexpr int seeds = 20;
  bool good = true;
  std::cout << fmt::format("{:<34}{:>9}{:>9}{:>17}{:>12}\n", "calls not served, 20 seeds", "paper", "covered", "widest", "slowest");
  for (const Case& each : cases()) {
    Scenario scenario = scenario_for(each);
    const double paper = chain_availability(scenario).value().front().chain.down.value();
    int covered = 0;
    double widest = 0;
    double slowest_s = 0;
    for (scenario.seed = 1; scenario.seed <= seeds; ++scenario.seed) {
      const double begun_s = processor_seconds();
      const auto found = simulate_availability(scenario, {});
      if (!found) throw std::logic_error(found.problems().front().text());
      const Interval share = found.value().all.not_served;
      covered += share.low <= paper && paper <= share.high;
      widest = std::max(widest, (share.high - share.mean) / share.mean);
      slowest_s = std::max(slowest_s, processor_seconds() - begun_s);
    }
    good = good && covered >= 16 && widest <= 0.2 && slowest_s <= 120;
    std::cout << fmt::format("  {:<32}{:>9.3g}{:>6}/{}{:>9} {:>4.1f} %{:>10.2f} s\n", each.name, paper, covered, seeds, "+-", widest * 100, slowest_s)
              << std::flush;
  }
  return good ? 0 : 1;
}
