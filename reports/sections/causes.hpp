// SIP codes and Q.850 causes by name.
#pragma once

#include <cstdint>
#include <string>

namespace trunklab {

/// "503 Service Unavailable" (RFC 3261 section 21); "none" for 0; the bare number for a code that is not in its list.
std::string sip_code_words(std::uint16_t code);

/// "41 temporary failure": the cause that belongs to the code by RFC 3398, by its name in ITU-T Q.850 section 2.2.7; "-" for none.
std::string q850_words(std::uint16_t sip_code);

}  // namespace trunklab
