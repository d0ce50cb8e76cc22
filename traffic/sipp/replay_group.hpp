// Which calls are played by one pair of SIPp scenarios: those of a site in one direction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/hunting.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab {

/// Where a call may be sent to. In the files it goes by its place in the group's list, two digits.
struct ReplayTarget {
  std::string name;       ///< "euc1/1"; the site, for calls from Sinch
  std::string host_name;  ///< in Request-URIs
};

/// Calls of one site in one direction: they share targets, timers and scenario files.
struct ReplayGroup {
  std::string name;  ///< "stockholm"; "stockholm+in" for calls from Sinch
  std::uint16_t site = 0;
  Direction direction = Direction::termination;
  std::vector<ReplayTarget> targets;     ///< in hunting order, first group first
  std::vector<TargetGroup> target_sets;  ///< those that are used up before the next ones
  std::string home;                      ///< host name in From and To, and of the digest's uri
  Span no_response{};                    ///< see HuntingPolicy; calls from Sinch: OriginationSpec
  Span no_progress{};
  Span give_up_after = endless;
  std::vector<std::uint16_t> advance_codes;
  TargetOrder order = TargetOrder::fixed;
  Transport transport = Transport::udp;
  bool media = false;                      ///< some of its demands have codecs: RTP is sent
  std::uint16_t challenge_code = 0;        ///< 401 or 407; 0 = no digest
  std::uint16_t number_format_code = 484;  ///< refusal of a number that is not E.164
  std::uint32_t cookie_bytes = 0;          ///< calls from Sinch: length of the SetCookie headers' values
};

/// The groups of all demands, in the order of the sites, calls to Sinch first. Groups without a demand are left out.
std::vector<ReplayGroup> replay_groups(const Scenario& scenario);

/// The places in `group.targets` that a call tries, in order, if none of them takes it. `first` is where it begins within each set of targets
/// (Hunt::next); 0 where the order is fixed.
std::vector<std::uint8_t> hunting_order(const ReplayGroup& group, std::uint32_t first);

}  // namespace trunklab
