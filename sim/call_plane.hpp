// The call plane: every call of the run as events in its own calendar, handled against the state that the world holds at that instant.
#pragma once

#include <atomic>
#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/caps.hpp"
#include "models/hunting.hpp"
#include "models/record/record.hpp"
#include "scenarios/scenario.hpp"
#include "sim/calendar.hpp"
#include "sim/call_slab.hpp"
#include "sim/gauge.hpp"
#include "sim/world.hpp"
#include "traffic/demand/timetable.hpp"

namespace trunklab {

/// A level that wakes a control actor when a cap's sessions reach it. One-shot.
struct Watch {
  std::uint16_t counter = 0;  ///< index into CallPlane::cap_counters()
  std::uint32_t level = 0;
  bool rising = true;  ///< fires when sessions >= level; else when sessions <= level
};

/// One-way delays between a site and an edge's region.
struct PathDelay {
  Span out{};   ///< site -> edge
  Span back{};  ///< edge -> site; out + back = the round-trip time
};

/// A call that is there when the run starts.
struct InitialCall {
  PlannedCall call;      ///< id.window = initial_window; `at` <= run_start
  bool talking = false;  ///< else in set-up: dialled at call.at, not yet decided
  Instant answered;      ///< talking: when it was answered (<= run_start); it ends call.talk later
};

class CallPlane {
 public:
  struct Setting {
    const Scenario& scenario;
    const World& world;
    std::vector<std::vector<PathDelay>> delays;  ///< [site][region]
    Timetable timetable;
    RunSink& sink;
    Instant measure_from;
    const std::atomic<bool>* stop = nullptr;
  };
  explicit CallPlane(Setting setting);

  /// Puts the calls of a stationary start in place. Before the first run_until().
  void place(std::span<const InitialCall> calls);

  /// Handles every call event up to and including `limit`. Stops early, after the event, when a watched level is reached
  /// (see take_fired()) or the user wants to stop; returns that instant then.
  std::optional<Instant> run_until(Instant limit);

  /// Writes out the calls in progress and all that is still buffered. `horizon`: nothing is counted beyond it.
  void finish(Instant horizon);

  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] bool stopped() const { return stopped_; }

  void watch(const Watch& watch) { watches_.push_back(watch); }
  /// The cap counters whose watches fired since the last call.
  std::vector<std::uint16_t> take_fired() { return std::exchange(fired_, {}); }

  /// One counter of a cap: the cap itself and what it counts over.
  struct CapCounter {
    std::uint8_t cap;      ///< index into Service::caps
    std::uint16_t entity;  ///< edge, region or site, by the cap's scope; 0 for account
    std::uint32_t sessions = 0;
    std::uint32_t sessions_max;  ///< 0xFFFFFFFF = not limited
    std::optional<TokenBucket> bucket;
  };
  [[nodiscard]] const std::vector<CapCounter>& cap_counters() const { return caps_; }

  [[nodiscard]] Occupancy total_occupancy() { return total_.finished(); }
  [[nodiscard]] Occupancy site_occupancy(std::size_t site) { return sites_[site].busy.finished(); }
  [[nodiscard]] Occupancy edge_occupancy(std::size_t edge) { return edges_[edge].carried.finished(); }

  [[nodiscard]] std::uint64_t offered() const { return offered_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::size_t bytes() const { return calls_.bytes() + calendar_.bytes(); }

 private:
  struct Target {
    EdgeIndex edge = no_edge;
    PathDelay path;
    Instant held_until = run_start;   ///< hold-down, evaluated at the call
    std::vector<std::uint16_t> caps;  ///< counters that apply to this site's calls at this edge
  };
  /// A region's name as a fqdn site resolves it.
  struct Name {
    std::uint16_t region = 0;
    unsigned first_target = 0;
    std::size_t count = 0;
    TargetSet answer = 0;
    Instant expires = Instant::min();
  };
  struct Site {
    const trunklab::Site* spec = nullptr;
    Gauge busy;
    std::uint32_t channels;
    std::vector<Target> targets;
    std::vector<Name> names;  ///< empty unless it resolves names
    TargetSet all = 0;
    TargetSet held = 0;         ///< targets whose hold-down may still run
    TargetSet marked_down = 0;  ///< as of probe_version
    std::uint32_t probe_version = 0;
    std::uint32_t offered = 0;  ///< since the last sample
    std::uint32_t answered = 0;
    std::uint32_t lost = 0;
    std::uint32_t sampled_busy = 0;
    std::vector<std::uint8_t> target_of_edge;
  };
  struct Edge {
    Gauge carried;
    std::uint32_t answered = 0;
    std::uint32_t sampled = 0;
  };
  /// What only a call beyond its first attempt needs.
  struct Aside {
    Hunt hunt;
    Instant sent;
  };

  void build_site(const trunklab::Site& spec, const std::vector<std::vector<PathDelay>>& delays);
  void build_caps();
  std::vector<std::uint16_t> caps_for(std::uint16_t site, EdgeIndex edge) const;

  // What happens, in the order of a call's life.
  void on_offered(const PlannedCall& planned);
  SlotIndex new_slot(const PlannedCall& planned);
  bool hunt(SlotIndex slot);
  void on_invite_arrives(SlotIndex slot);
  void on_silent_invite(SlotIndex slot);
  void on_accepted(SlotIndex slot);
  void on_progress(SlotIndex slot);
  void on_final_answer(SlotIndex slot);
  void on_final_lost(SlotIndex slot);
  void on_answered(SlotIndex slot);
  void on_refusal_heard(SlotIndex slot);
  void on_no_response(SlotIndex slot);
  void on_no_progress(SlotIndex slot);
  void on_rang_too_long(SlotIndex slot);
  void on_abandon(SlotIndex slot);
  void on_callee_gives_up(SlotIndex slot);
  void on_caller_hangs_up(SlotIndex slot);
  void on_bye_at_edge(SlotIndex slot);
  void on_callee_hangs_up(SlotIndex slot);
  void on_bye_from_edge(SlotIndex slot);
  void on_site_release(SlotIndex slot);
  void on_media_timeout(SlotIndex slot);

  // Steps shared by them.
  void handle(SlotIndex slot, Step step);
  /// Makes `step` at `at` the slot's pending event.
  void enter(SlotIndex slot, Instant at, Step step) {
    assert(at >= now_);
    CallSlot& call = calls_[slot];
    call.at = at;
    call.step = static_cast<std::uint8_t>(step) & 0xFU;
    calendar_.enter(slot);
  }
  void enter_or_deadline(SlotIndex slot, Instant heard, Instant at, Step step);
  bool refused_by_cap(const Target& target, CallSlot& call);
  void take_session(SlotIndex slot);
  void drop_session(SlotIndex slot);
  void end_attempt(SlotIndex slot, AttemptEnd end, std::uint16_t code);
  void advance_or_end(SlotIndex slot, AttemptEnd end, std::uint16_t code, std::optional<Span> retry_after);
  void hold_down(SlotIndex slot, std::optional<Span> span);
  void wait_for_the_caller(SlotIndex slot);
  [[nodiscard]] Instant guard_of(SlotIndex slot);
  /// A CANCEL now would be answered: the edge holds a session and lives.
  [[nodiscard]] bool heard_487(const CallSlot& call) const { return call.accepted && !world_.silent(static_cast<EdgeIndex>(call.edge)); }
  void end_after_attempt(SlotIndex slot, AttemptEnd end, std::uint16_t code);
  void end_unanswered(SlotIndex slot, Outcome outcome, Reason reason, std::uint16_t code);
  [[nodiscard]] CallRecord record_of(const CallSlot& call);
  void end_answered(SlotIndex slot, Ending ending, Span stuck);
  void report_open(SlotIndex slot);
  void free_slot(SlotIndex slot) {
    calls_[slot].step = static_cast<std::uint8_t>(Step::none) & 0xFU;
    calls_.release(slot);
  }
  void free_channel(const CallSlot& call) {
    site_of(call).busy.remove(now_);
    total_.remove(now_);
  }
  void note_levels(std::uint16_t counter);
  void sample(Instant at);
  void flush();
  void push(const CallRecord& record);
  void push(const Attempt& attempt);

  // Questions.
  [[nodiscard]] Site& site_of(const CallSlot& call) { return sites_[site_of_demand_[call.demand]]; }
  [[nodiscard]] Target& target_of(const CallSlot& call) {
    Site& site = site_of(call);
    return site.targets[site.target_of_edge[call.edge]];
  }
  [[nodiscard]] const PathDelay& path_of(const CallSlot& call) { return target_of(call).path; }
  [[nodiscard]] bool over_udp(const CallSlot& call) { return site_of(call).spec->transport == Transport::udp; }
  [[nodiscard]] TargetSet usable(Site& site) const;
  TargetSet offered_targets(Site& site, TargetSet tried, TargetSet usable);
  TargetSet resolve(Name& name, DnsCache cache) const;
  /// When the INVITE of the pending attempt was first sent.
  [[nodiscard]] Instant sent(SlotIndex slot) const {
    const CallSlot& call = calls_[slot];
    return call.attempts > 1 ? asides_.at(slot).sent : call.offered;
  }
  [[nodiscard]] static Instant patience_end(const CallSlot& call) {
    return call.patience_us == unlimited_patience ? never : call.offered + std::chrono::microseconds{call.patience_us};
  }

  const Scenario& scenario_;
  const World& world_;
  Timetable timetable_;
  RunSink& sink_;
  const std::atomic<bool>* stop_;
  Instant now_ = run_start;
  Instant measure_from_;
  CallSlab calls_;
  Calendar calendar_;
  Gauge total_;
  std::vector<Site> sites_;
  std::vector<Edge> edges_;
  std::vector<std::uint16_t> site_of_demand_;
  std::vector<CapCounter> caps_;
  std::unordered_map<SlotIndex, Aside> asides_;
  std::vector<Watch> watches_;
  std::vector<std::uint16_t> fired_;
  Span sample_every_;
  Instant next_sample_;
  std::vector<CallRecord> records_;
  std::vector<Attempt> attempts_;
  std::vector<Sample> samples_;
  std::uint64_t offered_ = 0;
  std::uint64_t events_ = 0;
  bool stopped_ = false;
};

}  // namespace trunklab
