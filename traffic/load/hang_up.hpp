// Ends calls whose SIPp is gone: BYE where they are up, CANCEL where they are being set up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/units.hpp"
#include "traffic/load/open_calls.hpp"

namespace trunklab {

struct HungUp {
  std::uint64_t ended = 0;             ///< the other side said so, or that it knows of no such call (481)
  std::vector<std::string> left = {};  ///< names of calls of which nobody said anything, or that were refused (a challenge)
};

/// Sends the requests from `local_ip`, over UDP from the port that SIPp had, so that answers that come late come to us: a 200 of an INVITE is
/// acknowledged and ended too. Repeats them over UDP (RFC 3261 section 17.1.2.2). Returns when all is decided, after `patience` at the latest. Never
/// throws: who cannot be reached is left.
HungUp hang_up(const std::vector<OpenCall>& calls, const std::string& local_ip, Span patience = std::chrono::seconds{32});

}  // namespace trunklab
