// Random faults drawn.
#include "sim/fault_course.hpp"

namespace trunklab {

FaultCourse::FaultCourse(const Scenario& scenario, std::size_t place, std::uint32_t replication)
    : law_(*scenario.random_faults[place].random),
      luck_(scenario.seed, "fault/" + std::to_string(place) + "/" + scenario.random_faults[place].name, replication) {}

FaultCourse::Outage FaultCourse::next() {
  const auto words = luck_.block(Purpose::fault, cycle_++);
  const Instant begins = later(at_, law_.up.quantile(unit_interval(words[0])));
  at_ = later(begins, law_.down.quantile(unit_interval(words[1])));
  return {begins, at_};
}

std::vector<FaultSpec> faults_of_run(const Scenario& scenario, std::uint32_t replication) {
  const Instant end = run_start + scenario.horizon.duration;
  std::vector<FaultSpec> faults;
  for (const FaultSpec& fault : scenario.faults) {
    if (fault.at < end) faults.push_back(fault);
  }
  for (std::size_t place = 0; place < scenario.random_faults.size(); ++place) {
    FaultCourse course(scenario, place, replication);
    for (FaultCourse::Outage outage = course.next(); outage.begins < end; outage = course.next()) {
      FaultSpec& fault = faults.emplace_back(scenario.random_faults[place]);
      fault.random.reset();
      fault.at = outage.begins;
      fault.duration = outage.ends - outage.begins;
    }
  }
  return faults;
}

}  // namespace trunklab
