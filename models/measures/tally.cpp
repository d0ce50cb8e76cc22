// Counting: each call and each attempt touches one cell.
#include "models/measures/tally.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <numeric>

namespace trunklab {
namespace {

using enum Count;

Count count_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::in_progress: return in_progress;
    case Outcome::answered: return answered;
    case Outcome::busy: return busy;
    case Outcome::no_answer: return no_answer;
    case Outcome::rejected: return rejected;
    case Outcome::blocked: return blocked;
    case Outcome::failed: return failed;
    case Outcome::lost_in_setup: return lost_in_setup;
    case Outcome::abandoned: return abandoned;
  }
  assert(false);
  return in_progress;
}

/// RFC 6076 section 4.7, without the 200.
bool effective_code(std::uint16_t code) {
  return code == 480 || code == 486 || code == 600 || code == 603;
}

/// RFC 6076 section 4.8: a call that nobody answered in time counts as 408.
bool ineffective_call(const CallRecord& call) {
  if (call.code == 0) return call.reason == Reason::no_response || call.reason == Reason::no_progress;
  return call.code == 408 || call.code == 500 || call.code == 503 || call.code == 504;
}

constexpr int failed_reasons = static_cast<int>(Reason::codec) - static_cast<int>(Reason::no_response);
static_assert(static_cast<int>(failed_codec) - static_cast<int>(failed_no_response) == failed_reasons, "both lists in one order");

void count_reason(const CallRecord& call, Counts& counts) {
  if (call.outcome == Outcome::blocked) {
    counts[blocked_site_channels] += call.reason == Reason::site_channels;
    counts[blocked_cap_cps] += call.reason == Reason::cap_cps;
    counts[blocked_cap_sessions] += call.reason == Reason::cap_sessions;
    counts[blocked_site_ports] += call.reason == Reason::site_ports;
    counts[blocked_media_ports] += call.reason == Reason::media_ports;
    if (call.ports != PortRefusal::none) {
      const int place = static_cast<int>(call.ports) - static_cast<int>(PortRefusal::exhausted);
      ++counts[static_cast<Count>(static_cast<int>(ports_exhausted) + place)];
    }
  } else if (call.outcome == Outcome::failed && call.reason >= Reason::no_response) {
    const int place = static_cast<int>(call.reason) - static_cast<int>(Reason::no_response);
    ++counts[static_cast<Count>(static_cast<int>(failed_no_response) + place)];
  }
}

std::uint32_t batches_of(Span window, Span batch_length) {
  const auto fitting = static_cast<std::uint32_t>(std::min<std::int64_t>(window / batch_length, batches_max));
  return fitting < batches_min ? 1 : fitting;
}

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
  std::ranges::transform(values, other.values, values.begin(), std::plus{});
  return *this;
}

void Counts::add(const Counts& other, double weight) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += std::llround(static_cast<double>(other.values[i]) * weight);
}

Tally::Tally(const Directory& directory, Instant measure_from, Instant horizon_end, Span batch_length)
    : directory_(directory),
      from_(measure_from),
      until_(horizon_end),
      batches_(batches_of(horizon_end - measure_from, batch_length)),
      edges_(directory.edges.size() + 1),
      cells_(batches_ * directory.demands.size() * edges_),
      ratings_by_codecs_(batches_ * directory.codecs.size()) {
  assert(run_start <= measure_from && measure_from < horizon_end && batch_length > Span::zero());
  batch_length_ = (until_ - from_) / batches_ + Span{1};
}

std::uint32_t Tally::batch_of(Instant at) const {
  if (at <= from_) return 0;
  return std::min(static_cast<std::uint32_t>((at - from_) / batch_length_), batches_ - 1);
}

Tally::Cell& Tally::cell(std::uint32_t batch, std::uint16_t demand, EdgeIndex edge) {
  const std::size_t place = edge == no_edge ? edges_ - 1 : edge;
  assert(demand < directory_.demands.size() && place < edges_);
  return cells_[(batch * directory_.demands.size() + demand) * edges_ + place];
}

void Tally::calls(std::span<const CallRecord> rows) {
  for (const CallRecord& call : rows) {
    if (!call.initial() && call.offered >= from_) {
      count_offered(call);
    } else if (call.ended >= from_) {
      count_ending(call, cell(batch_of(call.ended), call.id.demand, call.edge).counts);
    }
  }
}

void Tally::count_offered(const CallRecord& call) {
  const std::uint32_t batch = batch_of(call.offered);
  Cell& own = cell(batch, call.id.demand, call.edge);
  Counts& counts = own.counts;
  ++counts[offered];
  ++counts[count_of(call.outcome)];
  count_reason(call, counts);
  counts[redials] += call.id.redial > 0;
  counts[private_caller_id] += call.private_caller_id;
  counts[queued] += call.queued > Span::zero();
  counts[queued_ns] += call.queued.count();
  const bool hung_up = call.answered != never && call.ended != never;
  counts[left_queue] += call.queued > Span::zero() && hung_up && call.ended - call.answered <= call.queued;
  counts[rang_out] += call.outcome == Outcome::abandoned && call.progressed != never;
  counts[redirected] += call.code >= 300 && call.code < 400;
  counts[effective] += call.outcome == Outcome::answered || effective_code(call.code);
  counts[ineffective] += ineffective_call(call);
  counts[completed] += call.ending == Ending::normal;
  counts[open] += call.outcome == Outcome::in_progress || call.ending == Ending::in_progress;
  count_ending(call, counts);
  count_speech(call, batch, own);
  if (const Instant heard = std::min(call.progressed, call.answered); heard != never) {
    ++counts[set_up];
    counts[post_dial_ns] += (heard - call.offered).count();
    own.post_dial.add(heard - call.offered);
  }
  const auto second = static_cast<std::size_t>((call.offered - run_start) / std::chrono::seconds{1});
  if (second >= offered_per_second_.size()) offered_per_second_.resize(second + 1);
  ++offered_per_second_[second];
}

void Tally::count_speech(const CallRecord& call, std::uint32_t batch, Cell& own) {
  own.counts[one_way] += call.audio == Audio::to_far_only || call.audio == Audio::to_site_only;
  own.counts[no_audio] += call.audio == Audio::none || call.audio == Audio::lost;
  if (call.r_factor <= 0) return;
  ++own.counts[rated];
  own.ratings.add(static_cast<double>(call.r_factor));
  ratings_by_codecs_.at(batch * directory_.codecs.size() + call.codecs).add(static_cast<double>(call.r_factor));
}

void Tally::count_ending(const CallRecord& call, Counts& counts) const {
  counts[dropped] += call.ending == Ending::dropped;
  counts[orphaned] += call.ending == Ending::orphaned;
  counts[stuck_site_ns] += call.stuck_site.count();
  counts[stuck_carrier_ns] += call.stuck_carrier.count();
}

void Tally::attempts(std::span<const Attempt> rows) {
  for (const Attempt& attempt : rows) {
    if (attempt.call.window == initial_window || attempt.sent < from_) continue;
    Counts& counts = cell(batch_of(attempt.sent), attempt.call.demand, attempt.edge).counts;
    const bool rang = attempt.end == AttemptEnd::abandoned && attempt.ringing != never;
    const bool got_through = attempt.end == AttemptEnd::answered;
    ++counts[Count::attempts];
    counts[attempts_answered] += got_through;
    counts[attempts_effective] += got_through || rang || (attempt.end == AttemptEnd::refused && effective_code(attempt.code));
    counts[attempts_transport_error] += attempt.end == AttemptEnd::transport_error;
  }
}

void Tally::ghosts(std::span<const Ghost> rows) {
  for (const Ghost& ghost : rows) {
    if (ghost.call.window == initial_window || ghost.given_up < from_) continue;
    Counts& counts = cell(batch_of(ghost.given_up), ghost.call.demand, ghost.edge).counts;
    counts[double_rings] += ghost.rang != never;
    if (ghost.answered == never) continue;
    ++counts[Count::ghosts];
    counts[ghost_ns] += std::max(Span::zero(), std::min(ghost.ended, until_) - ghost.answered).count();
  }
}

void Tally::add(std::uint32_t batch, const Tally& part, std::span<const double> weights) {
  const std::size_t demands = directory_.demands.size();
  assert(batch < batches_ && part.directory_.demands.size() == demands && part.edges_ == edges_ && weights.size() == demands);
  for (std::size_t place = 0; place < part.cells_.size(); ++place) {
    const std::size_t own = place % (demands * edges_);
    const double weight = weights[own / edges_];
    Cell& cell = cells_[batch * demands * edges_ + own];
    cell.counts.add(part.cells_[place].counts, weight);
    cell.post_dial.merge(part.cells_[place].post_dial, weight);
    cell.ratings.merge(part.cells_[place].ratings, weight);
  }
  const std::size_t codecs = directory_.codecs.size();  // counted over all demands: the mean weight has to do
  const double mean = demands == 0 ? 0 : std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(demands);
  for (std::size_t place = 0; place < part.ratings_by_codecs_.size(); ++place) {
    ratings_by_codecs_[batch * codecs + place % codecs].merge(part.ratings_by_codecs_[place], mean);
  }
  if (part.cps_max() > cps_max()) offered_per_second_.assign(1, part.cps_max());
}

std::pair<Instant, Instant> Tally::span_of(std::uint32_t batch) const {
  return {from_ + batch_length_ * batch, std::min(until_, from_ + batch_length_ * (batch + 1))};
}

void Tally::occupancy(EntityKind kind, std::uint16_t index, const Occupancy& seen) {
  assert(kind == EntityKind::total || kind == EntityKind::site || kind == EntityKind::edge);
  assert(seen.observed_s > 0);
  seen_.push_back({kind, index, seen});
}

template <class Visit>
void Tally::visit(EntityKind kind, std::uint16_t index, std::optional<std::uint32_t> batch, const Visit& each) const {
  const std::size_t demands = directory_.demands.size();
  const auto wanted = [&](std::size_t demand, std::size_t edge) {
    switch (kind) {
      case EntityKind::total: return true;
      case EntityKind::site: return directory_.demands[demand].site == index;
      case EntityKind::region: return edge + 1 < edges_ && directory_.edges[edge].region == index;
      case EntityKind::edge: return edge == index;
      case EntityKind::demand: return demand == index;
      case EntityKind::fault:
      case EntityKind::media_address:
      case EntityKind::codecs: break;
    }
    assert(false);
    return false;
  };
  for (std::size_t place = 0; place < cells_.size(); ++place) {
    const std::size_t edge = place % edges_;
    const std::size_t demand = place / edges_ % demands;
    if ((!batch || place / edges_ / demands == *batch) && wanted(demand, edge)) each(cells_[place]);
  }
}

Counts Tally::counts(EntityKind kind, std::uint16_t index, std::optional<std::uint32_t> batch) const {
  Counts sum;
  visit(kind, index, batch, [&](const Cell& each) { sum += each.counts; });
  return sum;
}

DurationHistogram Tally::post_dial(EntityKind kind, std::uint16_t index, std::optional<std::uint32_t> batch) const {
  DurationHistogram sum;
  visit(kind, index, batch, [&](const Cell& each) { sum.merge(each.post_dial); });
  return sum;
}

RatingHistogram Tally::ratings(EntityKind kind, std::uint16_t index, std::optional<std::uint32_t> batch) const {
  RatingHistogram sum;
  if (kind == EntityKind::codecs) {
    for (std::uint32_t each = 0; each < batches_; ++each) {
      if (!batch || each == *batch) sum.merge(ratings_by_codecs_[each * directory_.codecs.size() + index]);
    }
  } else {
    visit(kind, index, batch, [&](const Cell& each) { sum.merge(each.ratings); });
  }
  return sum;
}

std::optional<Occupancy> Tally::occupancy(EntityKind kind, std::uint16_t index) const {
  const auto found = std::ranges::find_if(seen_, [&](const Seen& seen) { return seen.kind == kind && seen.index == index; });
  return found == seen_.end() ? std::nullopt : std::optional{found->occupancy};
}

std::uint32_t Tally::cps_max() const {
  return offered_per_second_.empty() ? 0 : std::ranges::max(offered_per_second_);
}

}  // namespace trunklab
