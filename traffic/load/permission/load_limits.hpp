// What a replay would do at most, held against what it may do: known before the first call, since the timetable is.
#pragma once

#include <cstdint>
#include <optional>

#include "models/result.hpp"
#include "models/units.hpp"
#include "traffic/load/open_bundle.hpp"
#include "traffic/load/permission/authorization.hpp"

namespace trunklab {

/// What a minute costs. All figures are the user's.
struct CallPrice {
  double per_minute = 0;                      ///< of both legs together, >= 0
  Span increment = std::chrono::seconds{60};  ///< talk is billed in steps of this, > 0; default ours
};

/// The most that a replay's rows come to. Nobody knows how long a stranger's phone rings: calls count as up from their due time until patience and
/// talk are over.
struct ReplayPeak {
  std::uint64_t calls = 0;
  double calls_per_second = 0;  ///< most in any second
  std::uint64_t at_once = 0;
  double over_s = 0;  ///< after the replay's start
};
ReplayPeak peak_of(const OpenBundle& bundle);

/// In the worst case all calls are answered, and all that are up at the busiest time stay up for half an hour more (RFC 4028's session interval).
double worst_cost(const OpenBundle& bundle, const CallPrice& price);

struct LoadLimits {
  std::optional<double> calls_per_second{};
  std::optional<std::uint64_t> at_once{};
  std::optional<std::uint64_t> calls{};
  std::optional<double> budget{};
  CallPrice price{};
  std::uint64_t free_sessions = 0;  ///< of the authorization's, left to production
  double free_calls_per_second = 0;
};

/// Everything that goes beyond a limit, or beyond the authorization (nullptr: none is needed). `start_unix_ns`: of the replay.
Problems beyond_limits(const OpenBundle& bundle, const LoadLimits& limits, const Authorization* authorization, std::int64_t start_unix_ns);

}  // namespace trunklab
