// Phases of watchers and levels of alarms: pure functions of the scenario, so that tests and replays know them too.
#include <algorithm>

#include "sim/run.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

namespace {

Span phase(const Scenario& scenario, const std::string& owner, std::uint32_t replication, Span interval) {
  const double u = Luck(scenario.seed, owner, replication).uniform(Purpose::phase, 0);
  return std::chrono::floor<std::chrono::microseconds>(from_seconds(in_seconds(interval) * u));
}

}  // namespace

Span probe_phase(const Scenario& scenario, std::uint32_t replication, std::uint16_t site, EdgeIndex edge) {
  const Site& spec = scenario.sites[site];
  const Span interval = spec.routing.hunting.probe.value_or(ProbeSpec{}).every;
  return phase(scenario, "probe/" + spec.name + "/" + scenario.service.edges[edge].name, replication, interval);
}

Span health_check_phase(const Scenario& scenario, std::uint32_t replication, EdgeIndex edge) {
  return phase(scenario, "check/" + scenario.service.edges[edge].name, replication, scenario.service.names.check.every);
}

std::uint32_t alarm_level(std::uint32_t sessions) {
  return sessions - sessions / 5;
}
std::uint32_t calm_level(std::uint32_t sessions) {
  const auto seventy_percent = static_cast<std::uint32_t>(std::uint64_t{sessions} * 7 / 10);
  return std::min(seventy_percent, alarm_level(sessions) - 1);
}

}  // namespace trunklab
