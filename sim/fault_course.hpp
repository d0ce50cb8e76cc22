// When random faults happen: the same course for whoever asks.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/scenario.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

/// Up, down, up, down: one random fault of a replication, each time as long as its laws and the replication's luck say.
class FaultCourse {
 public:
  /// `place`: into Scenario::random_faults. The scenario outlives this.
  FaultCourse(const Scenario& scenario, std::size_t place, std::uint32_t replication);
  struct Outage {
    Instant begins;
    Instant ends;
  };
  /// The next outage; instants beyond all time are `never`.
  Outage next();

 private:
  const FaultSpec::Random& law_;
  Luck luck_;
  std::uint64_t cycle_ = 0;
  Instant at_ = run_start;
};

/// All faults of a replication that begin before its end, as explicit ones: the scenario's own, then each outage of its random ones.
std::vector<FaultSpec> faults_of_run(const Scenario& scenario, std::uint32_t replication);

}  // namespace trunklab
