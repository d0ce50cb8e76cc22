// Who answers the calls of a replay.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "models/result.hpp"
#include "models/units.hpp"

namespace trunklab {

/// Where SIP messages go: an IPv4 address and a port of UDP or TCP.
struct SipAddress {
  std::string ip = "127.0.0.1";
  std::uint16_t port = 5060;
  bool operator==(const SipAddress&) const = default;
};

/// "127.0.0.11" or "127.0.0.11:5070". Nothing but digits and dots is taken: no name, no "127.1", no octal.
Result<SipAddress> parse_sip_address(const std::string& text, const std::string& where);

/// 127.0.0.0/8: what is sent there does not leave this machine.
bool is_loopback(const SipAddress& address);

/// Credentials of a digest (RFC 3261 section 22).
struct SipAccount {
  std::string user;
  std::string secret;
};

struct Destination {
  enum class Kind : std::uint8_t {
    loopback,  ///< answerers of the bundle, started by us on 127.0.0.1
    lab,       ///< whatever listens on given addresses of 127.0.0.0/8
    service    ///< a trunk
  };
  Kind kind = Kind::loopback;
  std::map<std::string, SipAddress> addresses{};  ///< by ReplayTarget::name; empty on loopback
  std::string local_ip = "127.0.0.1";             ///< that we send from
  SipAccount account{.user = "trunklab", .secret = "loopback"};
};

}  // namespace trunklab
