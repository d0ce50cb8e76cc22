// The customer's hunting policy: which target next, how long to wait, which answers move on. A pure state machine, written once:
// the simulator runs it, the SIPp generator compiles it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

/// OPTIONS probing of a target (also used for the health check of a name). every > 0, 0 < timeout <= every, thresholds >= 1.
struct ProbeSpec {
  Span every = std::chrono::seconds{30};
  Span timeout = std::chrono::seconds{3};
  std::uint32_t fail_after = 3;     ///< consecutive unanswered probes that mark the target down
  std::uint32_t recover_after = 1;  ///< consecutive answered probes that mark it up again
  bool operator==(const ProbeSpec&) const = default;
};

/// Which targets a site's calls may go to.
enum class TargetKind : std::uint8_t { fqdn, addresses, single_address };

/// What a site does with its calls when a target does not take them. Every default is ours, none is a fact about the service.
struct HuntingPolicy {
  Span no_response = std::chrono::seconds{4};                         ///< INVITE -> first message of any kind
  Span no_progress = std::chrono::seconds{120};                       ///< INVITE -> first response other than 100
  std::vector<std::uint16_t> advance_codes{408, 500, 502, 503, 504};  ///< sorted; any other final code stops the hunt
  std::optional<Span> hold_down = std::chrono::seconds{60};  ///< how long a target that gave no response is left out; nullopt = never left out
  std::optional<ProbeSpec> probe = ProbeSpec{};              ///< nullopt = no probing
  bool operator==(const HuntingPolicy&) const = default;

  [[nodiscard]] bool advances_on(std::uint16_t code) const;
};

/// At most this many targets in one hunt: their states fit into one word, their number into four bits.
inline constexpr std::size_t targets_max = 15;
using TargetSet = std::uint16_t;

/// How one attempt ended, as the hunter sees it.
enum class AttemptEnd : std::uint8_t {
  none,           ///< still under way
  answered,       ///< 2xx
  refused,        ///< final code >= 300
  no_response,    ///< nothing at all within no_response
  no_progress,    ///< nothing but 100 within no_progress
  abandoned,      ///< the caller hung up first
  lost_in_setup,  ///< it rang, then the target died
};

/// One call's hunt over an ordered list of targets: which of them it has tried.
class Hunt {
 public:
  Hunt() = default;
  /// A hunt that has tried these.
  explicit Hunt(TargetSet tried) : tried_(tried) {}

  /// The next target to try, lowest bit first: one of `offered` that is `usable` and untried. If none of those is left and none has been
  /// tried at all, then the first of `offered`: a call is never given up without an attempt (ours). nullopt: the hunt is over.
  /// `offered`: the targets that exist for this call; `usable`: those neither held down nor marked down.
  std::optional<std::uint8_t> next(TargetSet offered, TargetSet usable);

  /// May the hunt go on after this end of the attempt? `code` is the final code of a refusal, else 0. Never once a 18x has been heard
  /// (`ringing`): it would ring twice.
  [[nodiscard]] static bool advances(const HuntingPolicy& policy, AttemptEnd end, std::uint16_t code, bool ringing);

  /// How long the target of this attempt is left out by the following calls, counted from the end of the attempt; nullopt = not at all.
  /// No response and transport errors start the hold-down; a 503 does so for as long as its Retry-After says (RFC 3261 21.5.4).
  [[nodiscard]] static std::optional<Span> hold_down_after(const HuntingPolicy& policy, AttemptEnd end, std::uint16_t code,
                                                           std::optional<Span> retry_after);

  [[nodiscard]] TargetSet tried() const { return tried_; }

 private:
  TargetSet tried_ = 0;
};

}  // namespace trunklab
