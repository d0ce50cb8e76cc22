// Scenarios that the tests of planning share.
#pragma once

#include <stdexcept>
#include <string>

#include "scenarios/reader.hpp"

namespace trunklab::planned {

inline Scenario scenario_of(const std::string& text) {
  auto read = parse_scenario(text, "plan.yaml");
  if (!read) throw std::runtime_error(read.problems().front().text());
  return std::move(read).value();
}

inline Scenario five_regions() {
  return read_scenario(TRUNKLAB_SOURCE_DIR "/scenarios/library/five-regions.yaml").value();
}

inline std::string office(const std::string& demand, const std::string& routing = "target: addresses, regions: [euc1, use1]") {
  return "horizon: { duration: 4h }\nsites:\n  oslo: { channels: 20, rtt: { euc1: 100ms }, routing: { " + routing +
         " } }\ndemand:\n  calls: { site: oslo, " + demand + " }\n";
}
inline constexpr const char* plain = "arrivals: { process: poisson, rate: 6/min }, holding: { distribution: exponential, mean: 100s }";

}  // namespace trunklab::planned
