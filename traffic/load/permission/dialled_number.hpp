// Telephone numbers as people write them, and which of them no load test may ever call.
#pragma once

#include <string>
#include <string_view>

#include "models/result.hpp"

namespace trunklab {

/// "+46701234567": a number in international form (ITU-T E.164: at most 15 digits), without the separators that people put between digits (RFC 3966
/// section 3). Also read from a tel: URI without parameters, and from a sip: or sips: URI whose user part is such a number. Everything else is a
/// problem, above all what means different numbers at different places: no '+', "00", letters, escapes, extensions, other alphabets' digits. Total:
/// any bytes will do. Not asked here: whether it may be called.
Result<std::string> e164_of(std::string_view written, std::string_view where);

/// Why a number in the form of e164_of() is never called, in words; empty: nothing speaks against it. Emergency and short numbers after any country
/// code, premium-rate and shared-cost numbers, satellites, islands that are charged as abroad, country codes that nobody has.
///
/// The lists are ours, a second line behind the list of own numbers: made from ITU-T E.164 (country codes, special codes) and national numbering
/// plans. They are not complete, and cannot be.
std::string why_never_called(std::string_view e164);

}  // namespace trunklab
