// The few things of a SIP response that ending a call needs (RFC 3261 section 7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunklab {

struct SipReply {
  std::uint16_t code = 0;
  std::string call_id;
  std::string to;       ///< value
  std::string number;   ///< of CSeq
  std::string method;   ///< of CSeq
  std::string contact;  ///< URI of the first, empty: none
  std::string route;    ///< Record-Route values in reverse order, as a Route header field with its name; empty: none
};

/// nullopt: no response, or one without Call-ID and CSeq. Header names in any case and in their short forms; folded lines are not read.
std::optional<SipReply> parse_sip_reply(std::string_view message);

}  // namespace trunklab
