// What the service does with a call besides taking it, as plain data: capacity of an edge, authentication, callback, draining.
#pragma once

#include <cstdint>
#include <optional>

#include "models/caps.hpp"
#include "models/distribution.hpp"
#include "models/units.hpp"

namespace trunklab {

/// How fast an edge works. Every SIP message of a call towards the service is served once: INVITE (each transmission), ACK, 18x, 200, BYE, CANCEL;
/// and every OPTIONS. Of a call from the service only the BYE costs anything. A queue, first come first served. All figures are the user's: the seed
/// names none.
struct EdgeCapacity {
  Distribution service_time = Fixed{std::chrono::milliseconds{1}};  ///< of one message; > 0 on average
  std::uint32_t workers = 1;                                        ///< >= 1
  std::optional<std::uint32_t> queue;                               ///< so many messages may wait; one more is lost. nullopt = not limited
  bool operator==(const EdgeCapacity&) const = default;
};

/// Digest authentication (RFC 3261 section 22). Defaults are ours: the seed says only that there is at least one authentication scheme.
struct AuthenticationSpec {
  enum class Challenge : std::uint8_t {
    every_call,  ///< each INVITE without credentials is challenged, and clients keep no nonce
    remembered   ///< clients send the last nonce again while it holds
  };
  enum class Scope : std::uint8_t { edge, region, service };  ///< who accepts a remembered nonce
  std::uint16_t code = 407;                                   ///< 401 or 407
  Challenge challenge = Challenge::every_call;
  Scope scope = Scope::edge;
  Span nonce_lifetime = std::chrono::minutes{5};  ///< after that, or after the edge's restart (scope edge), it is stale: one more challenge
  std::uint16_t wrong_secret_code = 403;          ///< the answer to credentials that do not fit
  bool operator==(const AuthenticationSpec&) const = default;
};

/// The customer's backend, asked at each call ("Incoming Call Event", seed). Times and policies are ours.
struct CallbackSpec {
  /// What the backend answers; shares sum to 1.
  struct Answers {
    Probability connect_pstn{1};
    Probability connect_sip{0};  ///< the call goes to a SIP endpoint: it rings and is answered like any other
    Probability hang_up{0};
    Probability none{0};  ///< a reply without instructions: the policy decides
    bool operator==(const Answers&) const = default;
  };
  /// What the service does if there is no usable answer.
  enum class Policy : std::uint8_t { hang_up, connect_pstn };
  Distribution latency = Fixed{std::chrono::milliseconds{100}};  ///< request to reply; a worker is busy for so long
  Span timeout = std::chrono::seconds{5};                        ///< for one URL
  Probability errors{0};                                         ///< share of requests that get an error instead of an answer
  std::optional<Distribution> fallback_latency;                  ///< of the fallback URL, asked after a failure; nullopt = there is none
  Answers answers;
  Policy policy = Policy::hang_up;
  std::uint16_t hang_up_code = 603;      ///< final code when the backend, or the policy, hangs up (ours)
  std::optional<std::uint32_t> workers;  ///< requests that the backend serves at the same time; more of them wait. nullopt = not limited
  bool operator==(const CallbackSpec&) const = default;
};

/// What a draining edge says (planned maintenance): new INVITEs are refused, calls go on.
struct DrainSpec {
  std::uint16_t code = 503;
  std::optional<Span> retry_after;
  std::uint16_t options_code = 503;  ///< its answer to OPTIONS, of probes and health checks
  bool operator==(const DrainSpec&) const = default;
};

/// What an edge does with a dialogue. proxy: requests inside a dialogue work again once the edge is back. b2bua: it has forgotten them, and says 481.
enum class EdgeRole : std::uint8_t { proxy, b2bua };

/// Calls from Sinch to a site. Assumed, not in the seed: one destination, given up after Timer B.
struct OriginationSpec {
  Span no_response = std::chrono::seconds{32};  ///< Timer B
  std::uint32_t invite_bytes = 1100;            ///< size of the INVITE without SetCookie headers
  std::uint32_t cookie_bytes = 0;               ///< length of all SetCookie headers together
  bool operator==(const OriginationSpec&) const = default;
};

/// An INVITE above this size over UDP is sent in fragments (RFC 3261 18.1.1 names 1300 bytes as the limit on an unknown path).
inline constexpr std::uint32_t fragment_bytes = 1300;

}  // namespace trunklab
