// The customer's hunting policy: which target next, how long to wait, which answers move on. A pure state machine, written once:
// the simulator runs it, the SIPp generator compiles it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

/// Probing of a target, or the health check of a name. every > 0, 0 < timeout <= every, thresholds >= 1.
struct ProbeSpec {
  /// What is sent. A connect is answered by the host's TCP stack as long as the process is there, whatever the process thinks of calls.
  enum class Method : std::uint8_t { options, tcp_connect };
  /// Which answers count as alive.
  enum class Alive : std::uint8_t {
    any,     ///< whatever comes
    ok,      ///< 2xx
    not_5xx  ///< anything below 500 or from 600
  };
  Span every = std::chrono::seconds{30};
  Span timeout = std::chrono::seconds{3};
  std::uint32_t fail_after = 3;                   ///< consecutive failed probes that mark the target down
  std::uint32_t recover_after = 1;                ///< consecutive good probes that mark it up again
  std::optional<Span> every_down = std::nullopt;  ///< interval once a probe has failed, until the target is up again; nullopt = `every`
  Method method = Method::options;
  Alive alive = Alive::any;
  bool operator==(const ProbeSpec&) const = default;

  /// Is an answer with this final code (0 = none came) a good one?
  [[nodiscard]] bool good(std::uint16_t code) const;
};

/// Which targets a site's calls may go to.
enum class TargetKind : std::uint8_t { fqdn, addresses, single_address };

/// In which order the targets of one region, or the addresses of one answer, are tried.
enum class TargetOrder : std::uint8_t {
  fixed,   ///< as they are listed
  rotate,  ///< each call begins one further (load sharing)
  random   ///< each call begins anywhere
};

/// When a target is left out by the calls that follow. Every default is ours.
struct HoldDown {
  Span span = std::chrono::seconds{60};
  bool no_response = true;                ///< an attempt without any response is a failure of the target
  bool transport_error = true;            ///< so is a refused or broken connection
  std::vector<std::uint16_t> codes = {};  ///< and so are these final codes; sorted
  bool retry_after = true;                ///< a 503 holds its sender down for as long as its Retry-After says (RFC 3261 21.5.4)
  std::uint8_t trip = 1;                  ///< so many failures ...
  std::uint8_t of = 1;                    ///< ... among the last so many attempts start the hold-down; 1 <= trip <= of <= 32
  bool half_open = false;                 ///< afterwards one call tries first; the others wait for what becomes of it
  Probability jitter{0};                  ///< the hold-down is shorter by up to this share of it, drawn anew each time
  Span return_over{};                     ///< afterwards the share of calls that use the target again grows from 0 to 1 over so long
  bool operator==(const HoldDown&) const = default;
};

/// What a site does with its calls when a target does not take them. Every default is ours, none is a fact about the service.
struct HuntingPolicy {
  Span no_response = std::chrono::seconds{4};                         ///< INVITE -> first message of any kind
  Span no_progress = std::chrono::seconds{120};                       ///< INVITE -> first response other than 100
  Span give_up_after = endless;                                       ///< no further target is tried once a call is so old
  std::vector<std::uint16_t> advance_codes{408, 500, 502, 503, 504};  ///< sorted; any other final code stops the hunt
  std::optional<HoldDown> hold_down = HoldDown{};                     ///< nullopt = no target is ever left out
  std::optional<ProbeSpec> probe = ProbeSpec{};                       ///< nullopt = no probing
  TargetOrder order = TargetOrder::fixed;                             ///< within a region
  bool across = false;  ///< the first targets of all regions before the second ones; else all of a region before the next
  bool operator==(const HuntingPolicy&) const = default;

  [[nodiscard]] bool advances_on(std::uint16_t code) const;
};

/// At most this many targets in one hunt: their states fit into one word, their number into four bits.
inline constexpr std::size_t targets_max = 15;
using TargetSet = std::uint16_t;

/// How one attempt ended, as the hunter sees it.
enum class AttemptEnd : std::uint8_t {
  none,             ///< still under way
  answered,         ///< 2xx
  refused,          ///< final code >= 300
  no_response,      ///< nothing at all within no_response
  no_progress,      ///< nothing but 100 within no_progress
  abandoned,        ///< the caller hung up first
  lost_in_setup,    ///< it rang, then the target died
  transport_error,  ///< the connection was refused or broke, or ICMP said that nobody listens
};

/// Targets that are used up before those of the next group are tried: the ones of a region, or the ones of a rank across regions.
struct TargetGroup {
  std::uint8_t first = 0;
  std::uint8_t count = 0;
};

/// The decisions of a call's hunt over an ordered list of targets. Pure: who hunts keeps what has been tried.
struct Hunt {
  /// The first of `choice` in the group at or after its place `from`, going round. `choice` holds at least one of the group's targets;
  /// from < count.
  [[nodiscard]] static std::uint8_t first_of(TargetSet choice, TargetGroup group, unsigned from);

  /// The next target to try: of the first group that has any, the first that is `usable` (neither held down nor marked down) and not `tried`,
  /// from place `first` of the group on. If nothing is usable and nothing has been tried, then the first target of all: a call is never given
  /// up without an attempt (ours). nullopt: the hunt is over.
  [[nodiscard]] static std::optional<std::uint8_t> next(std::span<const TargetGroup> groups, TargetSet usable, TargetSet tried, unsigned first);

  /// May the hunt go on after this end of the attempt? `code` is the final code of a refusal, else 0. Never once a 18x has been heard
  /// (`ringing`): it would ring twice.
  [[nodiscard]] static bool advances(const HuntingPolicy& policy, AttemptEnd end, std::uint16_t code, bool ringing);

  /// Is this end of an attempt a failure of its target, by the hold-down's list of causes?
  [[nodiscard]] static bool blames(const HoldDown& policy, AttemptEnd end, std::uint16_t code);
};

}  // namespace trunklab
