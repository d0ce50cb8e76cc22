// The call plane's frame: building it from a scenario, the order of events, samples, and the end of the run.
#include "sim/call_plane.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace trunklab {

namespace {

constexpr std::size_t buffered_rows = 512;
constexpr std::uint64_t events_between_stop_checks = 1024;
constexpr auto no_limit = std::numeric_limits<std::uint32_t>::max();

Span sample_interval(const Scenario& scenario) {
  if (scenario.series_every) return *scenario.series_every;
  return std::max<Span>(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(scenario.horizon.duration / 86400));
}

}  // namespace

CallPlane::CallPlane(Setting setting)
    : scenario_(setting.scenario),
      world_(setting.world),
      timetable_(std::move(setting.timetable)),
      sink_(setting.sink),
      stop_(setting.stop),
      measure_from_(setting.measure_from),
      calendar_(calls_),
      total_(measure_from_, run_start + scenario_.horizon.duration),
      sample_every_(sample_interval(scenario_)),
      next_sample_(run_start) {
  build_caps();
  for (const trunklab::Site& spec : scenario_.sites) build_site(spec, setting.delays);
  const Instant until = run_start + scenario_.horizon.duration;
  edges_.assign(scenario_.service.edges.size(), Edge{.carried = Gauge(measure_from_, until)});
  for (const DemandSpec& demand : scenario_.demands) site_of_demand_.push_back(demand.site);
}

void CallPlane::build_site(const trunklab::Site& spec, const std::vector<std::vector<PathDelay>>& delays) {
  const auto number = static_cast<std::uint16_t>(sites_.size());
  Site& site = sites_.emplace_back(Site{.spec = &spec,
                                        .busy = Gauge(measure_from_, run_start + scenario_.horizon.duration),
                                        .channels = spec.channels.value_or(no_limit),
                                        .targets = {},
                                        .names = {},
                                        .target_of_edge = std::vector<std::uint8_t>(scenario_.service.edges.size(), 0)});
  const auto add_target = [&](EdgeIndex edge) {
    site.target_of_edge[edge] = static_cast<std::uint8_t>(site.targets.size());
    site.targets.push_back({.edge = edge, .path = delays[number][scenario_.service.region_of_edge[edge]], .caps = caps_for(number, edge)});
  };
  if (spec.routing.target == TargetKind::single_address) {
    add_target(spec.routing.edge);
  } else {
    for (const std::uint16_t region : spec.routing.regions) {
      const auto& edges = scenario_.service.regions[region].edges;
      const auto first = static_cast<unsigned>(site.targets.size());
      if (spec.routing.target == TargetKind::fqdn) site.names.push_back({.region = region, .first_target = first, .count = edges.size()});
      for (const EdgeIndex edge : edges) add_target(edge);
    }
  }
  assert(!site.targets.empty() && site.targets.size() <= targets_max);
  site.all = static_cast<TargetSet>((1U << site.targets.size()) - 1U);
}

void CallPlane::build_caps() {
  assert(scenario_.service.caps.size() < slot_no_cap);
  const auto add = [this](std::size_t cap, std::size_t entities) {
    const CapSpec& spec = scenario_.service.caps[cap];
    for (std::size_t entity = 0; entity < entities; ++entity) {
      caps_.push_back({.cap = static_cast<std::uint8_t>(cap),
                       .entity = static_cast<std::uint16_t>(entity),
                       .sessions_max = spec.sessions.value_or(no_limit),
                       .bucket = spec.cps ? std::optional<TokenBucket>(std::in_place, *spec.cps, spec.burst) : std::nullopt});
    }
  };
  for (std::size_t cap = 0; cap < scenario_.service.caps.size(); ++cap) {
    switch (scenario_.service.caps[cap].scope) {
      case CapScope::account: add(cap, 1); break;
      case CapScope::region: add(cap, scenario_.service.regions.size()); break;
      case CapScope::edge: add(cap, scenario_.service.edges.size()); break;
      case CapScope::source_address: add(cap, scenario_.sites.size()); break;
    }
  }
}

std::vector<std::uint16_t> CallPlane::caps_for(std::uint16_t site, EdgeIndex edge) const {
  std::vector<std::uint16_t> counters;
  for (std::size_t i = 0; i < caps_.size(); ++i) {
    const auto applies_to = [&]() -> std::uint16_t {
      switch (scenario_.service.caps[caps_[i].cap].scope) {
        case CapScope::account: return 0;
        case CapScope::region: return scenario_.service.region_of_edge[edge];
        case CapScope::edge: return edge;
        case CapScope::source_address: return site;
      }
      return 0;
    }();
    if (caps_[i].entity == applies_to) counters.push_back(static_cast<std::uint16_t>(i));
  }
  return counters;
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
  switch (step) {
    case Step::site_release: return on_site_release(slot);
    case Step::caller_hangs_up: return on_caller_hangs_up(slot);
    case Step::callee_hangs_up: return on_callee_hangs_up(slot);
    case Step::bye_at_edge: return on_bye_at_edge(slot);
    case Step::bye_from_edge: return on_bye_from_edge(slot);
    case Step::no_response: return on_no_response(slot);
    case Step::no_progress: return on_no_progress(slot);
    case Step::rang_too_long: return on_rang_too_long(slot);
    case Step::abandon: return on_abandon(slot);
    case Step::media_timeout: return on_media_timeout(slot);
    case Step::callee_gives_up: return on_callee_gives_up(slot);
    case Step::refusal_heard: return on_refusal_heard(slot);
    case Step::progress: return on_progress(slot);
    case Step::final_answer: return on_final_answer(slot);
    case Step::invite_arrives: return on_invite_arrives(slot);
    case Step::none: break;
  }
  assert(false && "a free slot has no pending event");
}

CallRecord CallPlane::record_of(const CallSlot& call) {
  CallRecord record;
  record.id = call.id();
  record.site = site_of_demand_[call.demand];
  record.offered = call.offered;
  if (call.ringing) record.progressed = call.offered + Span{call.progress};
  if (call.is_answered) record.answered = call.offered + Span{call.answer_after};
  record.edge = static_cast<EdgeIndex>(call.edge);
  record.attempts = static_cast<std::uint8_t>(call.attempts);
  return record;
}

void CallPlane::push(const CallRecord& record) {
  Site& site = sites_[record.site];
  if (record.outcome == Outcome::blocked || record.outcome == Outcome::failed || record.outcome == Outcome::lost_in_setup) ++site.lost;
  records_.push_back(record);
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
  attempts_.clear();
  records_.clear();
  samples_.clear();
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
  if (samples_.size() >= buffered_rows) flush();
}

void CallPlane::finish(Instant horizon) {
  now_ = std::max(now_, horizon);
  sample(horizon);  // what came since the last instant of the grid
  for (SlotIndex slot = 0; slot < calls_.bound(); ++slot) {
    const CallSlot& call = calls_[slot];
    if (call.pending() != Step::none && !call.reported) report_open(slot);
  }
  flush();
}

/// A call that the end of the run found in progress.
void CallPlane::report_open(SlotIndex slot) {
  const CallSlot& call = calls_[slot];
  if (!call.is_answered) {
    if (call.attempts > 0) end_attempt(slot, AttemptEnd::none, 0);
    return push(record_of(call));
  }
  CallRecord record = record_of(call);
  record.outcome = Outcome::answered;
  record.code = 200;
  record.ending = Ending::in_progress;
  const Step step = call.pending();
  if (step != Step::caller_hangs_up && step != Step::callee_hangs_up) {  // hung up, and the other side not told yet
    record.ended = call.offered + Span{call.talk};
    record.released_by = call.caller_hangs_up ? Party::caller : Party::callee;
    Span& stuck = call.caller_hangs_up ? record.stuck_carrier : record.stuck_site;
    if (step == Step::media_timeout) record.ending = Ending::orphaned;
    if (step == Step::media_timeout || call.resend > 0) stuck = now_ - record.ended;
    if (step != Step::media_timeout && call.resend == 0) record.ending = Ending::normal;
  }
  push(record);
}

}  // namespace trunklab
