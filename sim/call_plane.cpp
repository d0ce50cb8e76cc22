// The call plane's frame: building it from a scenario, the order of events, samples, and the end of the run.
#include "sim/call_plane.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace trunklab {

namespace {

constexpr std::size_t buffered_rows = 512;
constexpr std::uint64_t events_between_stop_checks = 1024;

}  // namespace

CallPlane::CallPlane(Setting setting)
    : scenario_(setting.scenario),
      world_(setting.world),
      timetable_(std::move(setting.timetable)),
      sink_(setting.sink),
      stop_(setting.stop),
      replication_(setting.replication),
      measure_from_(setting.measure_from),
      calendar_(calls_),
      total_(measure_from_, run_start + scenario_.horizon.duration),
      name_server_(scenario_, world_, replication_),
      sample_every_(series_step(scenario_)),
      next_sample_(run_start) {
  build_caps();
  build_edges();
  for (const trunklab::Site& spec : scenario_.sites) build_site(spec);
  build_routes(setting.delays);
  build_demands();
  if (trunklab::has_media(scenario_)) {
    media_.emplace(MediaPlane::Setting{
        .scenario = scenario_, .world = world_, .delays = setting.delays, .replication = replication_, .measure_from = measure_from_});
  }
}

std::optional<Instant> CallPlane::run_until(Instant limit) {
  for (;;) {
    const PlannedCall* arrival = timetable_.peek();
    const bool arrives = arrival != nullptr && arrival->at <= limit;
    const Calendar::Due* due = calendar_.due_by(arrives ? arrival->at : limit);
    const Instant next = due != nullptr ? due->at() : arrives ? arrival->at : never;
    if (next_sample_ < next && next_sample_ <= limit) {
      sample(next_sample_);
      next_sample_ += sample_every_;
      continue;
    }
    if (next == never) {
      now_ = limit;
      return std::nullopt;
    }
    now_ = next;
    if (due != nullptr) {  // at the same instant a pending event comes before a new call: it was asked for earlier
      const SlotIndex slot = due->slot;
      calendar_.pop();
      handle(slot, calls_[slot].pending());
    } else {
      on_offered(*arrival);
      timetable_.pop();
    }
    if (++events_ % events_between_stop_checks == 0 && stop_ != nullptr && stop_->load(std::memory_order_relaxed)) stopped_ = true;
    if (stopped_ || !fired_.empty()) return now_;
  }
}

void CallPlane::handle(SlotIndex slot, Step step) {
  if (calls_[slot].is_void) return free_slot(slot);
  switch (step) {
    case Step::site_release: return on_site_release(slot);
    case Step::site_hangs_up: return on_site_hangs_up(slot);
    case Step::far_hangs_up: return on_far_hangs_up(slot);
    case Step::bye_at_edge: return on_bye_at_edge(slot);
    case Step::bye_from_edge: return on_bye_from_edge(slot);
    case Step::no_response: return on_no_response(slot);
    case Step::no_progress: return on_no_progress(slot);
    case Step::rang_too_long: return on_rang_too_long(slot);
    case Step::abandon: return on_abandon(slot);
    case Step::media_timeout: return on_media_timeout(slot);
    case Step::refresh: return on_refresh(slot);
    case Step::refresh_failed: return on_refresh_failed(slot);
    case Step::callee_gives_up: return on_callee_gives_up(slot);
    case Step::refusal_heard: return on_refusal_heard(slot);
    case Step::resolved: return on_resolved(slot);
    case Step::progress: return on_progress(slot);
    case Step::final_answer: return on_final_answer(slot);
    case Step::service_refuses: return on_service_refuses(slot);
    case Step::invite_arrives: return on_invite_arrives(slot);
    case Step::invite_served: return on_invite_served(slot);
    case Step::invite_again: return on_invite_again(slot);
    case Step::site_reached: return on_site_reached(slot);
    case Step::site_answers: return on_site_answers(slot);
    case Step::echo: return on_echo(slot);
    case Step::redial: return on_redial(slot);
    case Step::none: break;
  }
  assert(false && "a free slot has no pending event");
}

CallRecord CallPlane::record_of(const CallSlot& call) {
  CallRecord record;
  record.id = call.id();
  record.site = site_index(call);
  record.offered = call.offered;
  if (call.ringing) record.progressed = call.offered + Span{call.progress};
  if (call.is_answered) record.answered = call.offered + Span{call.answer_after};
  record.edge = static_cast<EdgeIndex>(call.edge);
  record.attempts = static_cast<std::uint8_t>(call.attempts);
  record.private_caller_id = call.private_caller != 0;
  if (call.set_up != no_set_up) record.queued = set_ups_[call.set_up].queued;
  return record;
}

CallRecord CallPlane::record_of(SlotIndex slot) {
  CallRecord record = record_of(calls_[slot]);
  if (media_) media_->fill(record, media_->at(slot));
  return record;
}

void CallPlane::push(const CallRecord& record) {
  Site& site = sites_[record.site];
  if (record.outcome == Outcome::blocked || record.outcome == Outcome::failed || record.outcome == Outcome::lost_in_setup) ++site.lost;
  records_.push_back(record);
  if (record.reason != Reason::site_ports && record.reason != Reason::media_ports) records_.back().ports = PortRefusal::none;
  if (records_.size() >= buffered_rows) flush();
}

void CallPlane::push(const Attempt& attempt) {
  attempts_.push_back(attempt);
  if (attempts_.size() >= buffered_rows) flush();
}

void CallPlane::flush() {
  if (!attempts_.empty()) sink_.attempts(attempts_);
  if (!records_.empty()) sink_.calls(records_);
  if (!samples_.empty()) sink_.samples(samples_);
  if (!ghosts_.empty()) sink_.ghosts(ghosts_);
  attempts_.clear();
  records_.clear();
  samples_.clear();
  ghosts_.clear();
  if (!media_) return;
  media_->take_events(media_events_);
  if (!media_events_.empty()) sink_.events(media_events_);
  media_events_.clear();
}

/// Only what differs from the sample before is written: a number that stays, or a count of nothing, costs no row.
void CallPlane::sample(Instant at) {
  const auto put = [&](Metric metric, EntityKind kind, std::size_t index, std::uint32_t value) {
    samples_.push_back({.at = at, .metric = metric, .kind = kind, .index = static_cast<std::uint16_t>(index), .value = static_cast<double>(value)});
  };
  const auto put_count = [&](Metric metric, EntityKind kind, std::size_t index, std::uint32_t& count) {
    if (count != 0) put(metric, kind, index, std::exchange(count, 0));
  };
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    Site& site = sites_[i];
    if (site.busy.now() != site.sampled_busy) put(Metric::concurrent, EntityKind::site, i, site.sampled_busy = site.busy.now());
    put_count(Metric::offered, EntityKind::site, i, site.offered);
    put_count(Metric::answered, EntityKind::site, i, site.answered);
    put_count(Metric::lost, EntityKind::site, i, site.lost);
  }
  for (std::size_t i = 0; i < edges_.size(); ++i) {
    Edge& edge = edges_[i];
    if (edge.carried.now() != edge.sampled) put(Metric::concurrent, EntityKind::edge, i, edge.sampled = edge.carried.now());
    put_count(Metric::answered, EntityKind::edge, i, edge.answered);
  }
  if (media_) media_->sample(at, samples_);
  if (samples_.size() >= buffered_rows) flush();
}

void CallPlane::finish(Instant horizon) {
  now_ = std::max(now_, horizon);
  sample(horizon);  // what came since the last instant of the grid
  for (SlotIndex slot = 0; slot < calls_.bound(); ++slot) {
    const CallSlot& call = calls_[slot];
    if (call.pending() != Step::none && call.pending() != Step::redial && !call.reported && !call.is_void) report_open(slot);
  }
  flush();
}

/// A call that the end of the run found in progress.
void CallPlane::report_open(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  if (!call.is_answered) {
    if (!inbound(call) && set_up_of(call).began != never) end_attempt(slot, AttemptEnd::none, 0);
    return push(record_of(slot));
  }
  if (media_) stop_media(slot);
  CallRecord record = record_of(slot);
  record.outcome = Outcome::answered;
  record.code = 200;
  record.ending = Ending::in_progress;
  const Step step = call.pending();
  if (!talks(step)) {  // hung up, and the other side not told yet
    record.ended = call.offered + Span{call.talk};
    const bool by_caller = (call.site_hangs_up != 0) != inbound(call);
    record.released_by = by_caller ? Party::caller : Party::callee;
    Span& stuck = call.site_hangs_up ? record.stuck_carrier : record.stuck_site;
    if (step == Step::media_timeout) record.ending = Ending::orphaned;
    if (step == Step::media_timeout || call.resend > 0) stuck = now_ - record.ended;
    if (step != Step::media_timeout && call.resend == 0) record.ending = Ending::normal;
    if (call.cut) record.ending = Ending::dropped;
  }
  push(record);
}

void CallPlane::free_slot(SlotIndex slot) {
  CallSlot& call = calls_[slot];
  if (call.set_up != no_set_up) free_set_up(call);
  call.step = static_cast<std::uint8_t>(Step::none) & 0x1FU;
  if (media_) {
    assert(!media_->at(slot).holds_ports());
    media_->at(slot) = {};
  }
  calls_.release(slot);
}

}  // namespace trunklab
