// The groups of a scenario.
#include "traffic/sipp/replay_group.hpp"

#include <algorithm>
#include <cassert>

namespace trunklab {

namespace {

ReplayGroup outward(const Scenario& scenario, std::uint16_t index) {
  const Site& site = scenario.sites[index];
  ReplayGroup group;
  group.name = site.name;
  group.site = index;
  const Service& service = scenario.service;
  for (const auto& edges : target_groups_of(service, site.routing)) {
    group.target_sets.push_back({.first = static_cast<std::uint8_t>(group.targets.size()), .count = static_cast<std::uint8_t>(edges.size())});
    for (const EdgeIndex edge : edges) {
      group.targets.push_back({service.edges[edge].name, service.regions[service.region_of_edge[edge]].host_name});
    }
  }
  const HuntingPolicy& policy = site.routing.hunting;
  group.home = group.targets.front().host_name;
  group.no_response = policy.no_response;
  group.no_progress = policy.no_progress;
  group.give_up_after = policy.give_up_after;
  group.advance_codes = policy.advance_codes;
  group.order = policy.order;
  group.transport = site.transport;
  group.number_format_code = service.number_format_code;
  if (service.authentication) group.challenge_code = service.authentication->code;
  return group;
}

/// The service's edge calls, the site answers: one target, no hunting.
ReplayGroup inward(const Scenario& scenario, std::uint16_t index, std::uint16_t region) {
  const Site& site = scenario.sites[index];
  ReplayGroup group;
  group.name = site.name + "+in";
  group.site = index;
  group.direction = Direction::origination;
  group.targets = {{site.name, site.name + ".example"}};
  group.target_sets = {{.first = 0, .count = 1}};
  group.home = scenario.service.regions[region].host_name;
  group.no_response = scenario.service.origination.no_response;
  group.no_progress = sip::timer_c;
  group.transport = site.transport;
  group.cookie_bytes = scenario.service.origination.cookie_bytes;
  return group;
}

}  // namespace

std::vector<ReplayGroup> replay_groups(const Scenario& scenario) {
  std::vector<ReplayGroup> groups;
  for (std::uint16_t site = 0; site < scenario.sites.size(); ++site) {
    const auto demand_of = [&](Direction direction) {
      return std::ranges::find_if(scenario.demands, [&](const DemandSpec& each) { return each.site == site && each.direction == direction; });
    };
    if (demand_of(Direction::termination) != scenario.demands.end()) groups.push_back(outward(scenario, site));
    const auto from_sinch = demand_of(Direction::origination);
    if (from_sinch != scenario.demands.end()) groups.push_back(inward(scenario, site, from_sinch->region));
  }
  for (ReplayGroup& group : groups) {
    group.media = std::ranges::any_of(scenario.demands, [&](const DemandSpec& each) {
      return each.site == group.site && each.direction == group.direction && !each.codecs.empty();
    });
  }
  return groups;
}

std::vector<std::uint8_t> hunting_order(const ReplayGroup& group, std::uint32_t first) {
  assert(group.targets.size() <= targets_max);
  std::vector<std::uint8_t> order;
  TargetSet tried = 0;
  const auto all = static_cast<TargetSet>((1U << group.targets.size()) - 1U);
  while (const auto next = Hunt::next(group.target_sets, all, tried, first)) {
    order.push_back(*next);
    tried = static_cast<TargetSet>(tried | (1U << *next));
    if (tried == all) break;
  }
  return order;
}

}  // namespace trunklab
