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
  CapScope scope = CapScope::account;
  std::optional<CallsPerSecond> cps;      ///< > 0; nullopt = not limited
  double burst = 1;                       ///< bucket depth in calls, >= 1
  std::optional<std::uint32_t> sessions;  ///< nullopt = not limited
  std::uint16_t code = 503;               ///< final code of the refusal, 400..699 (ours)
  std::optional<Span> retry_after;        ///< Retry-After of the refusal; nullopt = header absent
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

 private:
  Span interval_;
  Span tolerance_;
  Instant theoretical_ = Instant::min();
};

}  // namespace trunklab
