// Means of impacts, and words for them.
#include "reports/mean_impact.hpp"

#include <fmt/format.h>

#include <cmath>

#include "reports/notice_words.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

std::string recovery(const MeanImpact& mean, bool repaired) {
  if (count_text(mean.fresh.hit) == "0") return "new calls noticed nothing";
  if (mean.not_before_repair) return repaired ? "new calls were not normal before the repair" : "new calls were not normal before the run ended";
  if (mean.failover_s == 0) return "new calls met nothing worse than blocking";
  return fmt::format("new calls were normal after {}", duration_text(mean.failover_s));
}

}  // namespace

void MeanGroup::add(const ImpactGroup& group, double weight) {
  hit += weight * static_cast<double>(group.hit);
  lost += weight * static_cast<double>(group.lost);
  delayed += weight * static_cast<double>(group.delayed);
  orphaned += weight * static_cast<double>(group.orphaned);
  gained += weight * static_cast<double>(group.gained);
}

MeanImpact mean_impact(std::span<const std::vector<FaultImpact>> replications, std::size_t fault) {
  MeanImpact mean;
  const double weight = 1 / static_cast<double>(replications.size());
  for (const auto& impacts : replications) {
    const FaultImpact& impact = impacts.at(fault);
    mean.fresh.add(impact.fresh, weight);
    mean.in_setup.add(impact.in_setup, weight);
    mean.talking.add(impact.talking, weight);
    mean.all.add(impact.all(), weight);
    mean.failover_s += weight * impact.failover_s;
    mean.return_s += weight * impact.return_s;
    mean.extra_delay_s += weight * impact.extra_delay_s;
    mean.lost_talk_s += weight * impact.lost_talk_s;
    mean.stuck_site_s += weight * impact.stuck_site_s;
    mean.stuck_carrier_s += weight * impact.stuck_carrier_s;
    mean.not_before_repair |= impact.not_before_repair;
  }
  return mean;
}

std::string counted_calls(double mean) {
  return count_text(mean) + (count_text(mean) == "1" ? " call" : " calls");
}

std::string harm_words(const MeanGroup& group) {
  std::vector<std::string> parts;
  if (count_text(group.lost) != "0") parts.push_back(count_text(group.lost) + " lost");
  if (count_text(group.delayed) != "0") parts.push_back(count_text(group.delayed) + " set up late");
  if (count_text(group.orphaned) != "0") parts.push_back(count_text(group.orphaned) + " hung up in vain (channel or billing ran on)");
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string fault_sentence(const Directory::Fault& fault, const MeanImpact& mean, Instant horizon_end) {
  const bool none = count_text(mean.all.hit) == "0";
  const std::string hit = none ? "no call was hit" : fmt::format("{} hit, {} lost", counted_calls(mean.all.hit), count_text(mean.all.lost));
  return fmt::format("{}: {}; {}.", fault.text, hit, recovery(mean, fault.until < horizon_end));
}

std::string gained_words(const MeanGroup& all) {
  if (count_text(all.gained) == "0") return {};
  const bool one = count_text(all.gained) == "1";
  const double net = all.lost - all.gained;
  return fmt::format("{} other {} got through that {} lost without the fault: net {} {}", count_text(all.gained), one ? "call" : "calls",
                     one ? "was" : "were", count_text(std::abs(net)), net < 0 ? "won" : "lost");
}

}  // namespace trunklab
