// What a run leaves behind: calls, attempts, events and samples, whoever made them (the simulator or a replay with SIPp).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/caps.hpp"
#include "models/fault_spec.hpp"
#include "models/hunting.hpp"
#include "models/media/media_spec.hpp"
#include "models/planned_call.hpp"
#include "models/units.hpp"

namespace trunklab {

inline constexpr std::uint8_t no_cap = 0xFF;
inline constexpr std::uint8_t no_codecs = 0xFF;

/// The window of calls that were already there when the run started (stationary start). They are carried, but were not offered in the run.
inline constexpr std::uint32_t initial_window = (1U << 24) - 1;

/// How a call came out, as its caller sees it.
enum class Outcome : std::uint8_t {
  in_progress,  ///< the run ended before it was decided
  answered,
  busy,           ///< 486 from the called side
  no_answer,      ///< 480 from the called side: rang out
  rejected,       ///< 603 from the called side
  blocked,        ///< refused for want of capacity: see Reason
  failed,         ///< no target took it: see Reason
  lost_in_setup,  ///< it had been accepted by an edge that then died
  abandoned,      ///< the caller hung up before an answer, nothing else being wrong
};

/// How an answered call ended.
enum class Ending : std::uint8_t { none, normal, dropped, orphaned, in_progress };

/// Why a call was blocked or failed.
enum class Reason : std::uint8_t {
  none,
  site_channels,
  cap_cps,
  cap_sessions,
  site_ports,   ///< the site had no RTP port left: see CallRecord::ports
  media_ports,  ///< no media address of the service had ports left: see CallRecord::ports
  no_response,
  no_progress,
  refused,          ///< the service refused it with another code than a cap's (draining, grey, 481, 482)
  transport_error,  ///< the connection was refused or broke
  name_not_resolved,
  unauthorized,   ///< the credentials do not fit
  number_format,  ///< the called number is not E.164
  callback,       ///< the backend hung up, or gave no usable answer and the policy hung up
  destination,    ///< the called prefix is dead
  firewall,       ///< origination: the site's firewall does not let this edge in
  fragments,      ///< origination: an INVITE in fragments on a path that drops them
  no_edge_left,   ///< origination: no edge of the region could call
  site_down,      ///< the site's own SBC is gone
  codec           ///< no common codec (488)
};

/// Which side ended an answered call.
enum class Party : std::uint8_t { nobody, caller, callee };

/// One row a call. Instants that did not happen are `never`.
struct CallRecord {
  CallId id;
  std::uint16_t site = 0;
  Instant offered = never;     ///< the caller dials; before run_start for the calls of the stationary start
  Instant progressed = never;  ///< first 18x heard by the site
  Instant answered = never;    ///< 200 heard by the site
  Instant ended = never;       ///< refused, given up or hung up, as the party saw it that did so; `never` while in progress
  Span queued{};               ///< waited for an agent of the site (answered, but nobody there yet)
  Span stuck_site{};           ///< after the hang-up: the site's channel was still held for so long
  Span stuck_carrier{};        ///< after the hang-up: the service's session (and its billing) went on for so long
  Outcome outcome = Outcome::in_progress;
  Ending ending = Ending::none;
  Reason reason = Reason::none;
  Party released_by = Party::nobody;
  EdgeIndex edge = no_edge;                  ///< last edge tried; no_edge if none was
  std::uint8_t attempts = 0;                 ///< targets tried
  std::uint8_t cap = no_cap;                 ///< which cap refused it (index into Directory::caps); no_cap otherwise
  std::uint16_t code = 0;                    ///< final SIP code heard by the site; 0 = none
  bool private_caller_id = false;            ///< the caller ID was not known to the service
  PortRefusal ports = PortRefusal::none;     ///< why there was no port
  Audio audio = Audio::not_modelled;         ///< of a talk
  std::uint8_t codecs = no_codecs;           ///< of its legs (index into Directory::codecs); no_codecs where nothing was agreed on
  std::uint16_t media_address = no_address;  ///< of the service, within the region, from 0
  float r_factor = 0;                        ///< mean rating R of the talk (G.107), 0 where there was none

  [[nodiscard]] bool initial() const { return id.window == initial_window; }
  bool operator==(const CallRecord&) const = default;
};

/// One INVITE target tried. Instants are the site's own; `never` = did not happen.
struct Attempt {
  CallId call;
  std::uint8_t number = 0;  ///< 0 = the call's first
  EdgeIndex edge = no_edge;
  AttemptEnd end = AttemptEnd::none;
  std::uint8_t cap = no_cap;
  std::uint16_t code = 0;  ///< final SIP code; 0 = none
  Instant sent = never;
  Instant trying = never;  ///< first response of any kind
  Instant ringing = never;
  Instant finished = never;  ///< final response heard, or given up
  bool operator==(const Attempt&) const = default;
};

/// What an attempt that its site had given up did all the same: the called side rang or even answered. A late answer is acknowledged and
/// ended with BYE at its own target.
struct Ghost {
  CallId call;
  std::uint8_t number = 0;  ///< of the attempt
  EdgeIndex edge = no_edge;
  Instant given_up = never;  ///< by the site
  Instant rang = never;      ///< the called side began to ring (at the edge) after that; `never` = it did not, or had done so before
  Instant answered = never;  ///< 200 passed the edge after that; `never` = it was cancelled in time
  Instant ended = never;     ///< the service's session was free again
  bool operator==(const Ghost&) const = default;
};

/// What a fault made of a call, compared with the same call of the undisturbed twin. The first that holds.
enum class Effect : std::uint8_t {
  lost,   ///< blocked, failed, lost in set-up, abandoned, or cut off while talking
  stuck,  ///< hung up in vain: the other side went on
  late,   ///< set up, but late
  last = late,
};

/// What the call was doing when the fault began.
enum class CallPhase : std::uint8_t { fresh, in_setup, talking, last = talking };

/// A call that a fault changed for the worse.
struct Hit {
  CallId call;
  std::uint16_t fault = 0;  ///< index into Directory::faults
  Effect effect = Effect::lost;
  CallPhase phase = CallPhase::fresh;
  Span later{};      ///< set up so much later; 0 unless it was late
  Span lost_talk{};  ///< talk time of the twin, within the run, that the call did not have; 0 unless it was lost
  bool operator==(const Hit&) const = default;
};

enum class EventKind : std::uint8_t {
  edge_crashed,  ///< a fault took the edge away
  edge_recovered,
  probe_down,  ///< a site's prober marked the edge down
  probe_up,
  health_down,  ///< the name's health check marked the edge down
  health_up,
  trigger,      ///< a watched level was crossed (value = the level)
  fault_began,  ///< a fault that takes no edge away, or a part of one, began (value = its place in Directory::faults, then random_faults)
  fault_ended,
  media_ordered,   ///< a media address was ordered (value = its number within the region, from 0; edge = the region's first)
  media_ready,     ///< it takes calls
  media_draining,  ///< it takes no more new calls
  media_removed,   ///< it is gone
};

/// Something that changed the world. `site` is meaningful for probe_* only; `edge` is no_edge and `cap` no_cap where none is meant.
struct RunEvent {
  Instant at;
  EventKind kind = EventKind::edge_crashed;
  EdgeIndex edge = no_edge;
  std::uint16_t site = 0;
  std::uint8_t cap = no_cap;  ///< trigger: the cap that is nearly used up (index into Directory::caps)
  double value = 0;
  bool operator==(const RunEvent&) const = default;
};

/// What is sampled on the series' grid.
enum class Metric : std::uint8_t {
  concurrent,         ///< calls at the same time: channels held (site), calls carried (edge)
  offered,            ///< calls offered since the sample before (site)
  answered,           ///< calls answered since the sample before (site, edge)
  lost,               ///< calls blocked, failed or lost in set-up since the sample before (site)
  ports_in_use,       ///< by calls (site, media_address)
  ports_quarantined,  ///< (site, media_address)
  ports_leaked,       ///< (site, media_address)
  ports_foreign,      ///< (site, media_address)
  addresses,          ///< media addresses that are there, those that start left out (region)
  mbit_per_s,         ///< RTP each way, with layer 2 (site)
};
/// media_address: index = region * addresses_max + its number there, from 0. codecs: index into Directory::codecs.
enum class EntityKind : std::uint8_t { total, site, region, edge, demand, fault, media_address, codecs };

/// One value of a series at a grid instant.
struct Sample {
  Instant at;
  Metric metric = Metric::concurrent;
  EntityKind kind = EntityKind::total;
  std::uint16_t index = 0;
  double value = 0;
  bool operator==(const Sample&) const = default;
};

/// Names of everything that records refer to by index, and how they nest.
struct Directory {
  struct Edge {
    std::string name;  ///< "euc1/1"
    std::uint16_t region = 0;
  };
  struct Demand {
    std::string name;
    std::uint16_t site = 0;
  };
  struct Fault {
    std::string text;  ///< "euc1/1 crash"
    Instant from;
    Instant until;                          ///< never = not repaired within the run
    std::vector<EdgeIndex> edges{};         ///< whose calls it touches; empty = none in particular
    std::vector<std::uint16_t> watchers{};  ///< sites whose probes, or names' health check, could see it
  };
  struct Cap {
    std::string text;  ///< "account cap, 10/s"
    CapScope scope = CapScope::account;
    std::optional<double> cps{};              ///< INVITEs a second
    std::optional<std::uint32_t> sessions{};  ///< calls at the same time
  };
  /// How a site is set up, as far as a reader must know it to understand how it fared.
  struct SiteSettings {
    std::optional<std::uint32_t> channels{};
    bool probes = false;
    Span no_response{};                  ///< an attempt without any answer is given up after so long
    std::vector<std::uint16_t> names{};  ///< regions whose health-checked names it calls; empty = it calls addresses
    bool operator==(const SiteSettings&) const = default;
  };
  std::vector<std::string> sites;
  std::vector<std::string> regions;
  std::vector<Edge> edges;
  std::vector<Demand> demands;
  std::vector<Fault> faults;
  std::vector<std::string> random_faults{};  ///< their texts; when they happen differs from replication to replication
  std::vector<Cap> caps;
  std::vector<SiteSettings> site_settings{};  ///< a site; empty = not known
  std::vector<std::string> codecs{};          ///< what calls' legs use: "G.711a", "G.729 - G.711a" if they differ
};

/// Where records go. Called with spans of many records, never one by one; the spans die with the call.
/// Calls and attempts come in the order in which calls end. Throws std::runtime_error naming the attempt if the place to write to fails.
class RunSink {
 public:
  virtual ~RunSink() = default;
  /// All that follows belongs to this replication (0, 1, ...).
  virtual void begin_replication(std::uint32_t replication) = 0;
  virtual void calls(std::span<const CallRecord> rows) = 0;
  virtual void attempts(std::span<const Attempt> rows) = 0;
  virtual void events(std::span<const RunEvent> rows) = 0;
  virtual void samples(std::span<const Sample> rows) = 0;
  /// In the order in which they end. Nobody has to care.
  virtual void ghosts(std::span<const Ghost> /*rows*/) {}
  /// After the calls that they name. Nobody has to care.
  virtual void hits(std::span<const Hit> /*rows*/) {}
};

}  // namespace trunklab
