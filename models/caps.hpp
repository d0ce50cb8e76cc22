// Caps on calls per second and on sessions: a token bucket and what it applies to.
#pragma once

#include <cstdint>
#include <optional>

#include "models/units.hpp"

namespace trunklab {

/// What a cap is counted over. source_address is one site, as the service sees it.
enum class CapScope : std::uint8_t { edge, region, account, source_address };

/// A limit that the service applies. Every figure is the user's: the seed names none.
struct CapSpec {
  /// What happens to a call above the limit.
  enum class Mode : std::uint8_t {
    reject,  ///< final code at once
    queue,   ///< 100 at once, the call waits for a token up to `longest_wait`, then it is rejected; only for calls per second
    drop     ///< no answer at all: the site will send again, then give up
  };
  /// What takes a token.
  enum class Counts : std::uint8_t { authenticated, every_invite };
  CapScope scope = CapScope::account;
  std::optional<CallsPerSecond> cps;      ///< > 0; nullopt = not limited
  double burst = 1;                       ///< bucket depth in calls, >= 1
  std::optional<std::uint32_t> sessions;  ///< nullopt = not limited
  std::uint16_t code = 503;               ///< final code of the refusal, 400..699 (ours)
  std::optional<Span> retry_after;        ///< Retry-After of the refusal; nullopt = header absent
  Mode mode = Mode::reject;
  Span longest_wait = std::chrono::seconds{5};  ///< mode queue
  Counts counts = Counts::authenticated;        ///< every_invite: one that is only challenged counts too
  bool operator==(const CapSpec&) const = default;
};

/// Token bucket with exact integer arithmetic: a token every 1/rate (rounded to the nanosecond), at most `burst` of them; starts full.
/// Source: the virtual-scheduling form of the generic cell rate algorithm, ITU-T I.371 annex A.
class TokenBucket {
 public:
  /// rate > 0, burst >= 1.
  TokenBucket(CallsPerSecond rate, double burst);
  /// Is there a token at `now`?
  [[nodiscard]] bool has(Instant now) const { return theoretical_ <= now + tolerance_; }
  /// Takes a token if there is one at `now`. `now` never goes back.
  bool take(Instant now);
  /// When there will be a token for the next call, first come, first served; `now` if there is one already.
  [[nodiscard]] Instant next(Instant now) const { return has(now) ? now : theoretical_ - tolerance_; }

 private:
  Span interval_;
  Span tolerance_;
  Instant theoretical_ = Instant::min();
};

}  // namespace trunklab
