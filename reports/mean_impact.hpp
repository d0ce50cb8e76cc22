// What a fault did, as means over replications, and the words for it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "models/measures/fault_impact.hpp"
#include "models/record/record.hpp"

namespace trunklab {

/// Means over replications of one group of calls.
struct MeanGroup {
  double hit = 0, lost = 0, delayed = 0, orphaned = 0, gained = 0;
  void add(const ImpactGroup& group, double weight);
};

struct MeanImpact {
  MeanGroup fresh, in_setup, talking, all;
  double failover_s = 0;
  double return_s = 0;
  double extra_delay_s = 0;
  double lost_talk_s = 0;
  double stuck_site_s = 0;
  double stuck_carrier_s = 0;
  bool not_before_repair = false;
};

/// Of the fault at this place; one vector a replication, at least one, as TwinComparison gives them.
MeanImpact mean_impact(std::span<const std::vector<FaultImpact>> replications, std::size_t fault);

/// "1 call", "27 calls", "0.4 calls".
std::string counted_calls(double mean);

/// "3 lost, 24 set up late"; empty if nobody was hit.
std::string harm_words(const MeanGroup& group);

/// "euc1/1 crash: 423 calls hit, 27 lost; new calls were normal after 72 s."
std::string fault_sentence(const Directory::Fault& fault, const MeanImpact& mean, Instant horizon_end);

/// Where calls are blocked anyway many swap their luck with another call: only the difference is harm. Empty if none did.
std::string gained_words(const MeanGroup& all);

}  // namespace trunklab
