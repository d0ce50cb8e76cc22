// What the call plane keeps of sites, edges, demands and connections besides the calls themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/hunting.hpp"
#include "models/server_queue.hpp"
#include "models/target_memory.hpp"
#include "scenarios/scenario.hpp"
#include "sim/gauge.hpp"
#include "traffic/demand/life.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

/// One-way delays between a site and an edge's region.
struct PathDelay {
  Span out{};   ///< site -> edge
  Span back{};  ///< edge -> site; out + back = the round-trip time
};

/// From a site to an edge: the way, and the cap counters that apply there.
struct Route {
  PathDelay path;
  std::uint32_t caps_first = 0;
  std::uint32_t caps_count = 0;
};

/// Messages whose loss on a path is drawn one by one. Numbered once for ever: luck depends on them.
enum class Message : std::uint8_t { invite = 0, trying = 1, challenge = 2, progress = 3, final_answer = 4, bye = 5, far_bye = 6, site_invite = 7 };

/// A nonce that a site keeps.
struct Nonce {
  Instant issued = never;  ///< never = it has none
};

/// A TCP connection from a site to an edge, as the site believes.
struct Connection {
  Instant opened = never;   ///< never = closed
  Instant unacked = never;  ///< since when data wait for an acknowledgement
};

/// What a busy edge has to do for a call. Numbered once for ever: luck depends on it.
enum class Work : std::uint8_t { invite = 0, progress = 1, final_answer = 2, ack = 3, bye = 4, echo = 5, ack_of_refusal = 6, ack_of_challenge = 7 };

/// What becomes of a message at an edge that may be busy.
enum class Passage : std::uint8_t {
  clear,  ///< it passes now
  waits,  ///< it waits; its step comes again once it has been served
  lost    ///< it is lost for want of room
};

/// What to try next.
struct Pick {
  enum class Kind : std::uint8_t { none, target, wait };
  Kind kind = Kind::none;
  std::uint8_t target = 0;
  Instant ready;  ///< wait: when the name server has answered, or is given up
};

/// What the customer's backend, or the policy without it, makes of a call.
struct CallbackVerdict {
  bool connects = true;
  Span after{};  ///< from the request
};

namespace plane {

/// A region's name as a site uses it.
struct Name {
  std::uint16_t region = 0;
  std::uint32_t version = 0;  ///< of the answer that `pick` was made for
  std::uint8_t pick = 0;      ///< the address that stands first, for DnsChoice::resolution
};

struct Site {
  struct Target {
    EdgeIndex edge = no_edge;
    TargetMemory memory;
  };
  const trunklab::Site* spec = nullptr;
  std::uint16_t index = 0;
  Gauge busy;
  std::uint32_t channels;
  std::vector<Target> targets;
  std::vector<TargetGroup> groups;
  std::vector<Name> names;  ///< as many as groups; empty unless it resolves names
  std::size_t resolver = 0;
  bool straight = false;  ///< the first listed address is the first target, over UDP, without delay
  TargetSet all = 0;
  TargetSet troubled = 0;     ///< targets whose memory may keep calls away
  TargetSet marked_down = 0;  ///< as of probe_version
  std::uint32_t probe_version = 0;
  std::uint32_t turn = 0;               ///< calls begun, for TargetOrder::rotate
  std::vector<Connection> connections;  ///< by edge; empty unless over TCP
  std::vector<Nonce> nonces;            ///< by what the nonce's scope counts; empty unless remembered
  std::optional<ServerQueue> agents;
  std::uint32_t offered = 0;  ///< since the last sample
  std::uint32_t answered = 0;
  std::uint32_t lost = 0;
  std::uint32_t sampled_busy = 0;
  std::vector<std::uint8_t> target_of_edge;
};

struct Edge {
  Gauge carried;
  std::optional<ServerQueue> queue;  ///< nullopt = never busy
  Instant queue_from = run_start;    ///< what came before is gone
  double slowness = 1;               ///< that the queue was last used with
  std::uint64_t messages = 0;        ///< asked for, to number their luck
  std::optional<Luck> luck;
  std::uint32_t answered = 0;
  std::uint32_t sampled = 0;
};

struct Demand {
  const DemandSpec* spec = nullptr;
  std::uint16_t site = 0;
  bool inbound = false;
  Luck luck;
  LifeLaws laws;
  std::optional<DurationLaw> redial_delay;
  std::uint32_t turn = 0;  ///< origination: calls begun, to rotate over edges
};

}  // namespace plane
}  // namespace trunklab
