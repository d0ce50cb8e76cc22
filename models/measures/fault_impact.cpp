// Comparing a disturbed run with its twin, call by call.
#include "models/measures/fault_impact.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "models/measures/summary.hpp"
#include "models/record/words.hpp"
#include "models/statistics/intervals.hpp"

namespace trunklab {
namespace {

/// What became of a call, from best to worst.
enum class Fate : std::uint8_t { served, orphaned, dropped, given_up, refused };

Fate fate_of(const CallRecord& call) {
  switch (call.outcome) {
    case Outcome::blocked:
    case Outcome::failed:
    case Outcome::lost_in_setup: return Fate::refused;
    case Outcome::abandoned: return Fate::given_up;
    default: break;
  }
  // Some calls get a port that a firewall keeps shut, with a fault and without. Which ones is luck that changes hands, and no fault's doing.
  const bool shut_out = call.audio == Audio::to_far_only || call.audio == Audio::to_site_only || call.audio == Audio::none;
  if (call.ending == Ending::dropped && !shut_out) return Fate::dropped;
  return call.ending == Ending::orphaned ? Fate::orphaned : Fate::served;
}

Instant set_up_of(const CallRecord& call, Instant horizon_end) {
  if (call.answered != never) return call.answered;
  if (call.progressed != never) return call.progressed;
  return std::min(call.ended, horizon_end);
}

/// Talk time within the run; 0 without an answer.
Span talk_of(const CallRecord& call, Instant horizon_end) {
  return call.answered == never ? Span::zero() : std::max(Span::zero(), std::min(call.ended, horizon_end) - call.answered);
}

std::uint64_t key_of(const CallId& id) {
  return std::uint64_t{id.window} << 40 | std::uint64_t{id.demand} << 24 | std::uint64_t{id.redial & 7U} << 9;
}

constexpr std::uint64_t id_bits = ~std::uint64_t{0} << 24 | 7U << 9;
constexpr std::uint64_t answered_bit = 1U << 8;
constexpr unsigned edge_shift = 16;

Fate fate_in(std::uint64_t key) {
  return static_cast<Fate>(key & 0xFF);
}

EdgeIndex edge_in(std::uint64_t key) {
  return static_cast<EdgeIndex>(key >> edge_shift & 0xFF);
}

}  // namespace

ImpactGroup& ImpactGroup::operator+=(const ImpactGroup& other) {
  hit += other.hit;
  lost += other.lost;
  delayed += other.delayed;
  orphaned += other.orphaned;
  gained += other.gained;
  return *this;
}

ImpactGroup FaultImpact::all() const {
  ImpactGroup sum = fresh;
  sum += in_setup;
  return sum += talking;
}

ImpactGroup& FaultImpact::operator[](CallPhase phase) {
  if (phase == CallPhase::fresh) return fresh;
  return phase == CallPhase::in_setup ? in_setup : talking;
}

FaultImpact taken_together(std::span<const FaultImpact> impacts) {
  FaultImpact sum;
  for (const FaultImpact& each : impacts) {
    sum.fresh += each.fresh;
    sum.in_setup += each.in_setup;
    sum.talking += each.talking;
    sum.failover_s = std::max(sum.failover_s, each.failover_s);
    sum.not_before_repair |= each.not_before_repair;
    sum.return_s = std::max(sum.return_s, each.return_s);
    sum.extra_delay_s += each.extra_delay_s;
    sum.stuck_site_s += each.stuck_site_s;
    sum.stuck_carrier_s += each.stuck_carrier_s;
    sum.lost_talk_s += each.lost_talk_s;
  }
  return sum;
}

void TwinTable::calls(std::span<const CallRecord> rows) {
  assert(!closed_);
  for (const CallRecord& call : rows) {
    if (call.outcome == Outcome::in_progress) continue;
    const std::uint64_t became = static_cast<std::uint64_t>(fate_of(call)) | (call.answered != never ? answered_bit : 0);
    const std::uint64_t place = std::uint64_t{call.edge} << edge_shift;
    const auto talk = std::chrono::floor<std::chrono::milliseconds>(talk_of(call, horizon_end_)).count();
    calls_.push_back({.key = key_of(call.id) | became | place,
                      .set_up = set_up_of(call, horizon_end_),
                      .number = call.id.number,
                      .talk_ms = static_cast<std::uint32_t>(std::min<std::int64_t>(talk, std::numeric_limits<std::uint32_t>::max()))});
  }
}

namespace {

std::pair<std::uint64_t, std::uint32_t> place_of(const TwinTable::Call& call) {
  return {call.key & id_bits, call.number};
}

}  // namespace

void TwinTable::close() {
  std::ranges::sort(calls_, {}, place_of);
  closed_ = true;
}

const TwinTable::Call* TwinTable::find(const CallId& id) const {
  assert(closed_);
  const std::pair wanted{key_of(id), id.number};
  const auto found = std::ranges::lower_bound(calls_, wanted, {}, place_of);
  return found != calls_.end() && place_of(*found) == wanted ? &*found : nullptr;
}

TwinComparison::TwinComparison(const Directory& directory, const TwinTable& twin)
    : faults_(directory.faults), twin_(&twin), stories_(directory.faults.size()) {
  for (std::size_t fault = 0; fault < stories_.size(); ++fault) stories_[fault].impact.fault = static_cast<std::uint16_t>(fault);
}

void TwinComparison::disturbed(std::span<const CallRecord> rows) {
  if (stories_.empty()) return;
  for (const CallRecord& call : rows) {
    if (call.outcome == Outcome::in_progress) continue;
    if (const TwinTable::Call* before = twin_->find(call.id)) compare(*before, call);
  }
}

/// The last of the wanted faults that had begun; nullptr if there is none.
template <class Wanted>
TwinComparison::Story* TwinComparison::latest_begun(Instant moment, const Wanted& wanted) {
  Story* latest = nullptr;
  for (Story& story : stories_) {
    if (fault_of(story).from > moment || !wanted(fault_of(story))) continue;
    if (latest == nullptr || fault_of(story).from >= fault_of(*latest).from) latest = &story;
  }
  return latest;
}

/// A fault that lasts says more than one that is over, where the call would have gone more than when it changed: edges of a region go at
/// the same instant.
TwinComparison::Story& TwinComparison::story_of(Instant moment, EdgeIndex twin_edge, EdgeIndex edge_now) {
  using Fault = Directory::Fault;
  const auto touches = [](const Fault& fault, EdgeIndex edge) { return std::ranges::find(fault.edges, edge) != fault.edges.end(); };
  for (const EdgeIndex edge : {twin_edge, edge_now}) {
    if (Story* story = latest_begun(moment, [&](const Fault& fault) { return fault.until > moment && touches(fault, edge); })) return *story;
  }
  if (Story* story = latest_begun(moment, [&](const Fault& fault) { return fault.until > moment && fault.edges.empty(); })) return *story;
  for (const EdgeIndex edge : {twin_edge, edge_now}) {
    if (Story* story = latest_begun(moment, [&](const Fault& fault) { return fault.edges.empty() || touches(fault, edge); })) return *story;
  }
  if (Story* story = latest_begun(moment, [](const Fault&) { return true; })) return *story;
  return *std::ranges::min_element(stories_, {}, [&](const Story& story) { return fault_of(story).from; });
}

CallPhase TwinComparison::phase_of(const Story& story, const TwinTable::Call& before, const CallRecord& now) const {
  const Instant from = fault_of(story).from;
  if (now.offered >= from) return CallPhase::fresh;
  const bool talking = (before.key & answered_bit) != 0 && before.set_up <= from;
  return talking ? CallPhase::talking : CallPhase::in_setup;
}

void TwinComparison::compare(const TwinTable::Call& before, const CallRecord& now) {
  const Fate was = fate_in(before.key);
  const Fate is = fate_of(now);
  const Instant set_up = set_up_of(now, twin_->horizon_end());
  const bool worse = is > was;
  const bool late = is <= Fate::dropped && was <= Fate::dropped && set_up - before.set_up > delay_noticed;
  const bool gained = was >= Fate::given_up && is < Fate::dropped;
  if (!worse && !late && !gained) return;

  const bool cut_off = now.outcome == Outcome::lost_in_setup || (worse && (is == Fate::orphaned || is == Fate::dropped));
  const Instant moment = cut_off && !late ? now.ended : std::min(before.set_up, set_up);
  Story& story = story_of(moment, edge_in(before.key), now.edge);
  const CallPhase phase = phase_of(story, before, now);
  ImpactGroup& group = story.impact[phase];
  group.gained += gained;
  if (gained) return;
  ++group.hit;
  const bool is_lost = worse && (is == Fate::dropped || (is >= Fate::given_up && was < Fate::given_up));
  const bool is_stuck = worse && is == Fate::orphaned;
  group.lost += is_lost;
  group.orphaned += is_stuck;
  group.delayed += late;
  FaultImpact& impact = story.impact;
  Hit hit{.call = now.id, .fault = impact.fault, .effect = is_stuck ? Effect::stuck : Effect::late, .phase = phase};
  if (late) hit.later = set_up - before.set_up;
  if (is_lost) {
    hit.effect = Effect::lost;
    hit.lost_talk = std::max(Span{}, std::chrono::milliseconds{before.talk_ms} - talk_of(now, twin_->horizon_end()));
  }
  impact.extra_delay_s += in_seconds(hit.later);
  impact.lost_talk_s += in_seconds(hit.lost_talk);
  impact.stuck_site_s += in_seconds(now.stuck_site);
  impact.stuck_carrier_s += in_seconds(now.stuck_carrier);
  if (on_hit_) on_hit_(now, hit);
  if (now.outcome != Outcome::blocked) note_times(story, now);
}

/// Keeps when calls were hit: blocked ones, which may only have swapped luck, would tell nothing about the way back to normal.
void TwinComparison::note_times(Story& story, const CallRecord& now) {
  if (now.offered >= repair_of(story)) {
    story.last_after_repair = std::max(story.last_after_repair, now.offered);
  } else if (now.offered >= fault_of(story).from) {
    ++story.new_before_repair;
    story.first_new = std::min(story.first_new, now.offered);
    story.last_new = std::max(story.last_new, now.offered);
  }
}

Instant TwinComparison::repair_of(const Story& story) const {
  return std::min(fault_of(story).until, twin_->horizon_end());
}

FaultImpact TwinComparison::finished(Story story) const {
  const Instant from = fault_of(story).from;
  const Instant repair = repair_of(story);
  FaultImpact& impact = story.impact;
  if (story.last_after_repair > repair) impact.return_s = in_seconds(story.last_after_repair - repair);
  if (story.new_before_repair == 0) return impact;
  impact.failover_s = in_seconds(story.last_new - from);
  const auto gaps = static_cast<std::int64_t>(std::max<std::uint64_t>(story.new_before_repair - 1, 1));
  const Span quiet = std::max<Span>(std::chrono::seconds{1}, 10 * ((story.last_new - story.first_new) / gaps));
  impact.not_before_repair = repair - story.last_new <= quiet;
  return impact;
}

std::vector<FaultImpact> TwinComparison::result() const {
  std::vector<FaultImpact> impacts;
  for (const Story& story : stories_) impacts.push_back(finished(story));
  return impacts;
}

namespace {

Measure over_replications(std::string name, std::string entity, std::string unit, const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.add(value);
  const auto n = static_cast<std::uint32_t>(values.size());
  Measure measure{std::move(name), std::move(entity), std::move(unit), moments.mean(), std::nullopt, std::nullopt, n, {}};
  if (n < 2) return measure;
  const Interval interval = t_interval(values, confidence);
  measure.low = std::max(0.0, interval.low);
  measure.high = interval.high;
  return measure;
}

/// A count with fewer than events_min events in all gets a Poisson bound, as everywhere.
void bound_few(Measure& measure) {
  const double events = measure.mean * measure.n;
  if (events >= static_cast<double>(events_min) - 0.5) return;
  measure.low = 0;
  measure.high = poisson_upper_bound(static_cast<std::uint64_t>(std::llround(events)), confidence) / measure.n;
  measure.note = "upper bound: fewer than 30 events";
}

struct GroupRow {
  const char* suffix;
  ImpactGroup (*group)(const FaultImpact&);
};
constexpr auto group_rows = std::to_array<GroupRow>({{"", [](const FaultImpact& impact) { return impact.all(); }},
                                                     {"_new", [](const FaultImpact& impact) { return impact.fresh; }},
                                                     {"_in_setup", [](const FaultImpact& impact) { return impact.in_setup; }},
                                                     {"_talking", [](const FaultImpact& impact) { return impact.talking; }}});

struct MemberRow {
  const char* name;
  std::uint64_t ImpactGroup::*member;
};
constexpr auto member_rows = std::to_array<MemberRow>({{"calls_hit", &ImpactGroup::hit},
                                                       {"calls_lost", &ImpactGroup::lost},
                                                       {"calls_delayed", &ImpactGroup::delayed},
                                                       {"calls_orphaned", &ImpactGroup::orphaned}});

struct SumRow {
  const char* name;
  const char* unit;
  double FaultImpact::*member;
  double scale;  ///< seconds in a unit
};
constexpr auto sum_rows = std::to_array<SumRow>({{"stuck_s_site", "s", &FaultImpact::stuck_site_s, 1},
                                                 {"stuck_s_carrier", "s", &FaultImpact::stuck_carrier_s, 1},
                                                 {"lost_minutes", "min", &FaultImpact::lost_talk_s, 60}});

/// One figure of one fault, replication by replication.
template <class Figure>
std::vector<double> figures(std::span<const std::vector<FaultImpact>> replications, std::size_t fault, const Figure& figure) {
  std::vector<double> values;
  for (const auto& impacts : replications) values.push_back(static_cast<double>(figure(impacts.at(fault))));
  return values;
}

void add_fault(std::span<const std::vector<FaultImpact>> all, std::size_t fault, const std::string& entity, std::vector<Measure>& out) {
  for (const MemberRow& member : member_rows) {
    for (const GroupRow& group : group_rows) {
      const auto figure = [&](const FaultImpact& impact) { return group.group(impact).*member.member; };
      out.push_back(over_replications(std::string{member.name} + group.suffix, entity, "calls", figures(all, fault, figure)));
      bound_few(out.back());
    }
  }
  out.push_back(
      over_replications("calls_gained", entity, "calls", figures(all, fault, [](const FaultImpact& impact) { return impact.all().gained; })));
  bound_few(out.back());
  out.push_back(over_replications("failover_s", entity, "s", figures(all, fault, [](const FaultImpact& impact) { return impact.failover_s; })));
  if (std::ranges::any_of(all, [&](const auto& impacts) { return impacts[fault].not_before_repair; })) out.back().note = "not before repair";
  out.push_back(over_replications("return_s", entity, "s", figures(all, fault, [](const FaultImpact& impact) { return impact.return_s; })));
  std::vector<double> delays;
  for (const auto& impacts : all) {
    if (const auto delayed = impacts[fault].all().delayed) delays.push_back(impacts[fault].extra_delay_s / static_cast<double>(delayed));
  }
  if (!delays.empty()) out.push_back(over_replications("extra_delay_mean", entity, "s", delays));
  for (const SumRow& sum : sum_rows) {
    out.push_back(over_replications(sum.name, entity, sum.unit,
                                    figures(all, fault, [&](const FaultImpact& impact) { return impact.*sum.member / sum.scale; })));
  }
}

}  // namespace

std::vector<Measure> summarise_impacts(std::span<const std::vector<FaultImpact>> replications, const Directory& directory) {
  std::vector<Measure> measures;
  if (replications.empty()) return measures;
  for (std::size_t fault = 0; fault < directory.faults.size(); ++fault) {
    add_fault(replications, fault, entity_name(directory, EntityKind::fault, static_cast<std::uint16_t>(fault)), measures);
  }
  return measures;
}

}  // namespace trunklab
