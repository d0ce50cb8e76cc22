// The call plane: every call of the run as events in its own calendar, handled against the state that the world holds at that instant.
#pragma once

#include <atomic>
#include <cassert>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "models/caps.hpp"
#include "models/hunting.hpp"
#include "models/record/record.hpp"
#include "models/server_queue.hpp"
#include "scenarios/scenario.hpp"
#include "sim/calendar.hpp"
#include "sim/call_slab.hpp"
#include "sim/gauge.hpp"
#include "sim/media_plane.hpp"
#include "sim/plane_parts.hpp"
#include "sim/resolver.hpp"
#include "sim/world.hpp"
#include "traffic/demand/life.hpp"
#include "traffic/demand/timetable.hpp"

namespace trunklab {

/// A level that wakes a control actor when a cap's sessions reach it. One-shot; one rising and one falling watch a counter.
struct Watch {
  std::uint16_t counter = 0;  ///< index into CallPlane::cap_counters()
  std::uint32_t level = 0;
  bool rising = true;  ///< fires when sessions >= level; else when sessions <= level
};

/// A call that is there when the run starts.
struct InitialCall {
  PlannedCall call;      ///< id.window = initial_window; `at` <= run_start
  bool talking = false;  ///< else in set-up: dialled at call.at, not yet decided; past a challenge and the callback
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
    std::uint32_t replication = 0;
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

  void watch(const Watch& watch) {
    CapCounter& counter = caps_[watch.counter];
    watch.rising ? void(counter.rising_level = watch.level) : void(counter.falling_level = watch.level);
  }
  /// The cap counters whose watches fired since the last call.
  std::vector<std::uint16_t> take_fired() { return std::exchange(fired_, {}); }

  static constexpr std::int64_t no_rising_watch = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t no_falling_watch = -1;
  /// One counter of a cap: the cap itself and what it counts over.
  struct CapCounter {
    std::uint8_t cap;      ///< index into Service::caps
    std::uint16_t entity;  ///< edge, region or site, by the cap's scope; 0 for account
    std::uint32_t sessions = 0;
    std::uint32_t sessions_max;  ///< 0xFFFFFFFF = not limited
    std::optional<TokenBucket> bucket;
    std::int64_t rising_level = no_rising_watch;    ///< a watch waits for sessions >= this
    std::int64_t falling_level = no_falling_watch;  ///< a watch waits for sessions <= this
  };
  [[nodiscard]] const std::vector<CapCounter>& cap_counters() const { return caps_; }

  /// A message of somebody else's (an OPTIONS) arrives at the edge at `at`, which is not before any event handled so far: when the edge has
  /// served it; nullopt = it is lost.
  std::optional<Instant> serve(EdgeIndex edge, Instant at);
  /// A media address of a region fails, and takes the media of its calls with it; or it is back.
  void lose_media(std::uint16_t region, std::uint16_t address, MediaLoss loss, Instant at);
  void regain_media(std::uint16_t region, std::uint16_t address, Instant at);
  /// The site's own equipment is gone at `at`: its calls are over, those that talk are dropped.
  void lose_site(std::uint16_t site, Instant at);

  [[nodiscard]] Occupancy total_occupancy() { return total_.finished(); }
  [[nodiscard]] Occupancy site_occupancy(std::size_t site) { return sites_[site].busy.finished(); }
  [[nodiscard]] Occupancy edge_occupancy(std::size_t edge) { return edges_[edge].carried.finished(); }

  [[nodiscard]] std::uint64_t offered() const { return offered_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::size_t bytes() const { return calls_.bytes() + calendar_.bytes() + set_ups_.bytes() + (media_ ? media_->bytes() : 0); }
  /// Empty if no media was modelled.
  [[nodiscard]] MediaSeen media_seen() { return media_ ? media_->seen() : MediaSeen{}; }
  /// Messages that edges with a capacity have served or lost for want of room, all edges together.
  [[nodiscard]] std::uint64_t messages_served() const { return messages_served_; }
  [[nodiscard]] std::uint64_t messages_lost() const { return messages_lost_; }

 private:
  using Site = plane::Site;
  using Edge = plane::Edge;
  using Demand = plane::Demand;

  // Building.
  void build_site(const trunklab::Site& spec);
  void build_routes(const std::vector<std::vector<PathDelay>>& delays);
  void build_caps();
  void build_edges();
  void build_demands();
  [[nodiscard]] bool applies(const CapCounter& counter, std::size_t site, std::size_t edge) const;

  // A call's beginning: call_plane.cpp, call_hunting.cpp.
  void on_offered(const PlannedCall& planned);
  void begin_call(const PlannedCall& planned);
  void begin_with_media(const PlannedCall& planned, Site& site);
  bool answered_at_once(const PlannedCall& planned, Site& site);
  void fill_slot(CallSlot& call, const PlannedCall& planned);
  SlotIndex new_slot(const PlannedCall& planned);
  void refuse_at_home(const PlannedCall& planned, Outcome outcome, Reason reason, PortRefusal ports = PortRefusal::none);
  Pick pick_target(SlotIndex slot);
  Pick offer_names(SlotIndex slot, TargetSet able);
  void start_attempt(SlotIndex slot, std::uint8_t target);
  void hunt_on(SlotIndex slot, const Pick& pick);
  void on_resolved(SlotIndex slot);
  void on_redial(SlotIndex slot);
  void maybe_redial(const CallSlot& call, Outcome outcome);
  [[nodiscard]] TargetSet usable(Site& site, SlotIndex slot);
  void remember(SlotIndex slot, AttemptEnd end, std::uint16_t code, std::optional<Span> retry_after);
  void advance_or_end(SlotIndex slot, AttemptEnd end, std::uint16_t code);
  void end_after_attempt(SlotIndex slot, AttemptEnd end, std::uint16_t code);
  void end_attempt(SlotIndex slot, AttemptEnd end, std::uint16_t code);
  void end_unanswered(SlotIndex slot, Outcome outcome, Reason reason, std::uint16_t code);

  // INVITE and the service's answers: call_invite.cpp, call_service.cpp.
  void on_invite_arrives(SlotIndex slot);
  void on_syn_arrives(SlotIndex slot);
  void on_invite_swallowed(SlotIndex slot);
  void on_invite_served(SlotIndex slot);
  void on_invite_again(SlotIndex slot);
  bool taken_over_tcp(SlotIndex slot);
  bool meets_grey(SlotIndex slot);
  bool admitted(SlotIndex slot);
  bool let_in_by_caps(SlotIndex slot);
  void challenge(SlotIndex slot);
  void accept(SlotIndex slot);
  void connect(SlotIndex slot, Instant from);
  void refuse(SlotIndex slot, std::uint16_t code, Reason reason, std::uint8_t cap = no_cap);
  void transport_error(SlotIndex slot);
  [[nodiscard]] CallbackVerdict ask_backend(SlotIndex slot);
  void note_provisional(SlotIndex slot);
  void on_progress(SlotIndex slot);
  void on_final_answer(SlotIndex slot);
  void on_final_lost(SlotIndex slot);
  void on_answered(SlotIndex slot);
  void on_service_refuses(SlotIndex slot);
  void on_refusal_heard(SlotIndex slot);
  void on_no_response(SlotIndex slot) { advance_or_end(slot, AttemptEnd::no_response, 0); }
  void on_no_progress(SlotIndex slot) { advance_or_end(slot, AttemptEnd::no_progress, 0); }
  void on_rang_too_long(SlotIndex slot);
  void on_abandon(SlotIndex slot);
  void on_callee_gives_up(SlotIndex slot);

  // What is left of an attempt that its site has given up: call_ghosts.cpp.
  [[nodiscard]] bool goes_on_at_service(SlotIndex slot);
  void split_ghost(SlotIndex slot);
  void start_ghost(SlotIndex slot);
  void cancel_ghost(SlotIndex slot, Instant sent);
  void ghost_answered(SlotIndex slot);
  void finish_ghost(SlotIndex slot);

  // Calls from Sinch: call_origination.cpp.
  void begin_origination(const PlannedCall& planned);
  [[nodiscard]] EdgeIndex calling_edge(std::uint16_t demand);
  void on_site_reached(SlotIndex slot);
  [[nodiscard]] Reason barred(SlotIndex slot);
  void on_site_answers(SlotIndex slot);
  void take_in(SlotIndex slot);
  void end_origination(SlotIndex slot, Outcome outcome, Reason reason, std::uint16_t code);

  // The stationary start: call_start.cpp.
  void place_call(const InitialCall& initial);
  bool place_media(SlotIndex slot, bool at_service, Span talked);
  void place_ringing_site(SlotIndex slot);
  void place_set_up(SlotIndex slot, Instant accepted);

  // Media: call_media.cpp.
  [[nodiscard]] MediaWhere where_of(const CallSlot& call) const;
  [[nodiscard]] bool has_media(const CallSlot& call) const { return media_ && media_->concerns(static_cast<std::uint16_t>(call.demand)); }
  Reason open_media(SlotIndex slot);
  void start_media(SlotIndex slot);
  void stop_media(SlotIndex slot);
  void lose_media_of(SlotIndex slot, std::uint16_t address, MediaLoss loss);
  void lose_ports_of(std::uint16_t site);
  void cut_at(SlotIndex slot, Instant at, bool by_site);
  [[nodiscard]] std::uint16_t media_refusal_code(Reason reason) const;

  // From the hang-up to the last thing freed: call_release.cpp.
  void talk(SlotIndex slot, Instant site_from, Instant far_from);
  void on_refresh(SlotIndex slot);
  void on_refresh_failed(SlotIndex slot);
  void on_site_hangs_up(SlotIndex slot);
  void on_bye_at_edge(SlotIndex slot);
  [[nodiscard]] Instant next_bye(CallSlot& call, Instant first) const;
  void on_far_hangs_up(SlotIndex slot);
  void on_bye_from_edge(SlotIndex slot);
  void on_site_release(SlotIndex slot);
  void on_media_timeout(SlotIndex slot);
  void end_answered(SlotIndex slot, Ending ending, Span stuck);
  void lose_call(SlotIndex slot);
  void forget_what_is_not_heard_yet(CallSlot& call);

  // Steps shared by them.
  void handle(SlotIndex slot, Step step);
  /// Makes `step` at `at` the slot's pending event.
  void enter(SlotIndex slot, Instant at, Step step) {
    assert(at >= now_);
    CallSlot& call = calls_[slot];
    call.at = at;
    call.step = static_cast<std::uint8_t>(step) & 0x1FU;
    calendar_.enter(slot);
  }
  /// Enters the earlier of the two clocks of a call in set-up.
  void schedule(SlotIndex slot) {
    const SetUp& up = set_up_of(calls_[slot]);
    if (up.service_at <= up.site_at) return enter(slot, up.service_at, up.service_step);
    enter(slot, std::max(up.site_at, now_), up.site_step);
  }
  void service_next(SetUp& up, Instant at, Step step) {
    up.service_at = at;
    up.service_step = step;
  }
  void service_is_silent(SetUp& up) { service_next(up, never, Step::none); }
  void set_site_clock(SlotIndex slot);
  Passage passage_at_edge(SlotIndex slot, Step step);
  std::optional<Instant> serve(const CallSlot& call, Work work, unsigned transmission);
  std::optional<Instant> serve(EdgeIndex edge, Instant at, double u);
  void start_echo(const CallSlot& call, Instant answered);
  void on_echo(SlotIndex slot);
  void take_session(SlotIndex slot);
  void drop_session(SlotIndex slot);
  [[nodiscard]] CallRecord record_of(const CallSlot& call);
  [[nodiscard]] CallRecord record_of(SlotIndex slot);
  void report_open(SlotIndex slot);
  void free_slot(SlotIndex slot);
  void free_set_up(CallSlot& call) {
    set_ups_.release(call.set_up);
    call.set_up = no_set_up;
  }
  void free_channel(SlotIndex slot) {
    const CallSlot& call = calls_[slot];
    site_of(call).busy.remove(now_);
    total_.remove(now_);
    if (media_) media_->close_at_site(media_->at(slot), where_of(call), now_);
  }
  void take_channel(Site& site) {
    site.busy.add(now_);
    total_.add(now_);
  }
  void note_level(std::uint16_t counter);
  void sample(Instant at);
  void flush();
  void push(const CallRecord& record);
  void push(const Attempt& attempt);

  // Questions.
  [[nodiscard]] SetUp& set_up_of(const CallSlot& call) { return set_ups_[call.set_up]; }
  [[nodiscard]] std::uint16_t site_index(const CallSlot& call) const { return demands_[call.demand].site; }
  [[nodiscard]] Site& site_of(const CallSlot& call) { return sites_[site_index(call)]; }
  [[nodiscard]] const HuntingPolicy& policy_of(const CallSlot& call) { return site_of(call).spec->routing.hunting; }
  [[nodiscard]] const Route& route_of(const CallSlot& call) const { return routes_[site_index(call) * edges_.size() + call.edge]; }
  [[nodiscard]] EdgeIndex edge_of(const CallSlot& call) const { return static_cast<EdgeIndex>(call.edge); }
  [[nodiscard]] bool over_udp(const CallSlot& call) { return site_of(call).spec->transport == Transport::udp; }
  [[nodiscard]] bool inbound(const CallSlot& call) const { return demands_[call.demand].inbound; }
  /// Does this message get through between the call's site and its edge, the edge's own queue apart?
  [[nodiscard]] bool passes(const CallSlot& call, Message message, unsigned transmission) {
    if (world_.silent(edge_of(call))) return false;
    return !world_.paths_in_trouble() || passes_path(call, message, transmission);
  }
  [[nodiscard]] bool passes_path(const CallSlot& call, Message message, unsigned transmission);
  /// The counters of the caps that apply to a call where it is tried.
  [[nodiscard]] std::span<const std::uint16_t> caps_of(const CallSlot& call) const {
    const Route& route = route_of(call);
    return {cap_lists_.data() + route.caps_first, route.caps_count};
  }
  /// The edge's process is gone, and its host, which can be reached, says so.
  [[nodiscard]] bool host_refuses(const CallSlot& call) const {
    return world_.edge(edge_of(call)).refuses_tcp && !world_.path(site_index(call), edge_of(call)).down;
  }
  /// Would any message get through that is repeated often enough?
  [[nodiscard]] bool reachable(const CallSlot& call) const {
    return !world_.silent(edge_of(call)) && !world_.path(site_index(call), edge_of(call)).down;
  }
  /// What TCP's own retransmissions add on a path that loses.
  [[nodiscard]] Span delay_over_tcp(const CallSlot& call, Message message);
  [[nodiscard]] Instant heard_at_site(const CallSlot& call, Message message) {
    const Instant heard = now_ + route_of(call).path.back;
    return world_.paths_in_trouble() ? std::max(heard + delay_over_tcp(call, message), last_heard(call)) : heard;
  }
  /// When the site heard the latest response so far of an attempt: nothing overtakes it.
  [[nodiscard]] Instant last_heard(const CallSlot& call) const {
    if (call.set_up == no_set_up) return now_;
    const Instant trying = set_ups_[call.set_up].trying;
    const Instant ringing = call.ringing ? call.offered + Span{call.progress} : now_;
    return std::max(ringing, trying == never ? now_ : trying);
  }
  [[nodiscard]] Instant first_heard(const CallSlot& call, Message message);
  /// The edge has forgotten a dialogue that began at `since`.
  [[nodiscard]] bool forgotten(const CallSlot& call, Instant since) const {
    return scenario_.service.role == EdgeRole::b2bua && world_.crashed(edge_of(call)) >= since;
  }
  [[nodiscard]] bool dialogue_forgotten(const CallSlot& call) const { return forgotten(call, call.offered + Span{call.answer_after}); }
  /// Which attempt of which redial: counts the luck of attempts.
  [[nodiscard]] static std::uint32_t attempt_of(const CallSlot& call) {
    return static_cast<std::uint32_t>(call.attempts) | static_cast<std::uint32_t>(call.redial) << 8U;
  }
  /// The luck of one attempt: what happens to it at the edge.
  [[nodiscard]] Luck::Block luck_of(const CallSlot& call, std::uint32_t block) const;
  [[nodiscard]] Luck::Block luck_of(const CallSlot& call, Purpose purpose, std::uint32_t block) const;
  /// Does the site believe that it has a connection to this edge?
  [[nodiscard]] bool is_open(const Site& site, EdgeIndex edge) const;
  [[nodiscard]] Nonce* nonce_of(const CallSlot& call);

  const Scenario& scenario_;
  const World& world_;
  Timetable timetable_;
  RunSink& sink_;
  const std::atomic<bool>* stop_;
  std::uint32_t replication_;
  Instant now_ = run_start;
  Instant measure_from_;
  CallSlab calls_;
  SetUps set_ups_;
  Calendar calendar_;
  Gauge total_;
  NameServer name_server_;
  std::vector<Resolver> resolvers_;
  std::vector<Site> sites_;
  std::vector<Edge> edges_;
  std::vector<Demand> demands_;
  std::vector<Route> routes_;             ///< [site][edge]
  std::vector<std::uint16_t> cap_lists_;  ///< what Route::caps_first points into
  std::vector<CapCounter> caps_;
  bool caps_count_every_invite_ = false;
  bool nothing_in_the_way_ = false;  ///< no capacity, no credentials, no callback, no caps
  std::optional<ServerQueue> backend_;
  std::optional<DurationLaw> callback_latency_;
  std::optional<DurationLaw> fallback_latency_;
  std::optional<DurationLaw> service_time_;
  std::vector<std::uint16_t> fired_;
  std::vector<CallRecord> records_;
  std::vector<Attempt> attempts_;
  std::vector<Sample> samples_;
  std::vector<Ghost> ghosts_;
  std::vector<RunEvent> media_events_;
  std::optional<MediaPlane> media_;  ///< nullopt = no demand has codecs
  Span sample_every_;
  Instant next_sample_;
  std::uint64_t offered_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t messages_served_ = 0;
  std::uint64_t messages_lost_ = 0;
  bool stopped_ = false;
};

}  // namespace trunklab
