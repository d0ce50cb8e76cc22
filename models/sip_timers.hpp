// The timers of RFC 3261 (section 17 and table 4) that decide how long a silent peer is waited for.
#pragma once

#include <array>

#include "models/units.hpp"

namespace trunklab {

enum class Transport : std::uint8_t { udp, tcp };

namespace sip {

using namespace std::chrono_literals;

inline constexpr Span t1 = 500ms;         ///< round-trip estimate (RFC 3261 17.1.1.1)
inline constexpr Span t2 = 4s;            ///< longest interval between retransmissions of other requests and of 200 (17.1.2.2, 13.3.1.4)
inline constexpr Span timer_b = 64 * t1;  ///< INVITE transaction without any response (17.1.1.2)
inline constexpr Span timer_c =
    3min + 1s;  ///< proxy's limit on an INVITE that only rings: "MUST be larger than 3 minutes" (16.6 item 11); the second is ours
inline constexpr Span timer_f = 64 * t1;  ///< other request without a final response (17.1.2.2)

/// When an unanswered INVITE is sent over UDP, counted from the first time (Timer A doubles from T1; 17.1.1.2).
inline constexpr std::array<Span, 7> invite_sends{0ms, 500ms, 1500ms, 3500ms, 7500ms, 15500ms, 31500ms};

/// When any other unanswered request is sent over UDP (Timer E doubles from T1 up to T2; 17.1.2.2). The 200 to an INVITE
/// is repeated at the same intervals until the ACK arrives (13.3.1.4), over TCP too.
inline constexpr std::array<Span, 11> other_sends{0ms, 500ms, 1500ms, 3500ms, 7500ms, 11500ms, 15500ms, 19500ms, 23500ms, 27500ms, 31500ms};

}  // namespace sip
}  // namespace trunklab
