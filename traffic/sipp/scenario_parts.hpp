// Pieces of SIPp scenarios that stand in them several times. Internal to scenario_xml.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace trunklab::sipp_parts {

/// Responses that may come to any request, but for 100..199, 200, 401 and 407: SIPp 3.6.1 knows no wildcard. Source: IANA's registry of SIP response
/// codes.
inline constexpr std::array<std::uint16_t, 64> finals{300, 301, 302, 305, 380, 400, 402, 403, 404, 405, 406, 408, 410, 412, 413, 414,
                                                      415, 416, 417, 420, 421, 422, 423, 424, 425, 428, 429, 430, 433, 436, 437, 438,
                                                      439, 440, 469, 470, 480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 491, 493,
                                                      494, 500, 501, 502, 503, 504, 505, 513, 555, 580, 600, 603, 604, 606, 607, 608};

/// `now` = milliseconds since 1970.
std::string_view now();
/// `at` = the lesser of `at` and the variable.
std::string least(std::string_view variable);
/// The recv of a 1xx. It leaves notes: `heard`, `ringing`, and `stray` if it belongs to an attempt that was given up.
std::string provisional(std::uint16_t code);
/// After an INVITE went out: when (the first time only), and when it goes out again.
std::string_view sent();
/// Takes the last message apart: code, CSeq, to which target it belongs, whether it is the one that is waited for.
std::string_view parse_final();
std::string_view invite();
/// Answerer: what an INVITE asks for.
std::string_view read_invite();
/// Answerer: headers of the INVITE that its responses need.
std::string_view keep_invite();

}  // namespace trunklab::sipp_parts
