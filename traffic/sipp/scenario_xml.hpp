// SIPp's scenario files of a group, rendered from one template for each role.
#pragma once

#include <string>

#include "traffic/sipp/replay_group.hpp"

namespace trunklab {

/// SIPp 3.6.1 reads no more of a scenario file.
inline constexpr std::size_t scenario_xml_bytes_max = 65'535;

/// The calling side: hunting by the site's policy, digest if the service asks for it, ghosts ended where they came from.
std::string caller_xml(const ReplayGroup& group);

/// The answering side: plays what a call's X-Trunklab-Play header asks for.
std::string answerer_xml(const ReplayGroup& group);

/// The name and password that the loopback answerer knows. No secret: everyone may read it here.
inline constexpr std::string_view loopback_user = "trunklab";
inline constexpr std::string_view loopback_password = "loopback";

}  // namespace trunklab
