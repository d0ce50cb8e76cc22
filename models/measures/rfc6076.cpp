// Classes of final responses, delays, and who is counted where.
#include "models/measures/rfc6076.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

#include "models/measures/summary.hpp"
#include "models/measures/tally.hpp"
#include "models/record/words.hpp"
#include "models/statistics/wilson.hpp"

namespace trunklab {
namespace {

constexpr std::uint16_t timed_out = 408;
constexpr std::uint16_t unreachable = 503;

bool is_challenge(std::uint16_t code) {
  return code == 401 || code == 402 || code == 407;
}

RequestEnd end_of(std::uint16_t code) {
  if (code == 0) return RequestEnd::unheard;
  if (code < 300) return RequestEnd::established;
  if (code < 400) return RequestEnd::redirected;
  if (is_challenge(code)) return RequestEnd::challenged;
  if (code == 480 || code == 486 || code == 600 || code == 603) return RequestEnd::user_decided;
  if (code == 408 || code == 500 || code == 503 || code == 504) return RequestEnd::ineffective;
  return RequestEnd::refused;
}

std::uint16_t final_code(const CallRecord& call) {
  if (call.outcome == Outcome::answered) return 200;
  if (call.code != 0) return call.code;
  if (call.outcome != Outcome::failed) return 0;
  return call.reason == Reason::transport_error ? unreachable : timed_out;
}

std::uint16_t final_code(const Attempt& attempt) {
  if (attempt.code != 0) return attempt.code;
  switch (attempt.end) {
    case AttemptEnd::answered: return 200;
    case AttemptEnd::no_response:
    case AttemptEnd::no_progress: return timed_out;
    case AttemptEnd::transport_error: return unreachable;
    case AttemptEnd::none:
    case AttemptEnd::refused:
    case AttemptEnd::abandoned:
    case AttemptEnd::lost_in_setup: break;
  }
  return 0;
}

/// The first sign of how it goes: an 18x, else the 200 or a failure response. A redirection and a challenge are neither.
std::optional<Span> request_delay(RequestEnd end, Instant invite, Instant progress, Instant final_response) {
  if (end == RequestEnd::undecided || end == RequestEnd::redirected || end == RequestEnd::challenged) return std::nullopt;
  const Instant sign = end == RequestEnd::unheard ? progress : std::min(progress, final_response);
  return sign == never ? std::nullopt : std::optional(sign - invite);
}

SessionEnd session_end(Ending ending) {
  switch (ending) {
    case Ending::normal: return SessionEnd::completed;
    case Ending::dropped: return SessionEnd::cut_off;
    case Ending::orphaned: return SessionEnd::orphaned;
    case Ending::none:
    case Ending::in_progress: break;
  }
  return SessionEnd::talking;
}

void add_session(SessionCounts& counts, SessionEnd session) {
  counts.talking += session == SessionEnd::talking;
  counts.completed += session == SessionEnd::completed;
  counts.cut_off += session == SessionEnd::cut_off;
  counts.orphaned += session == SessionEnd::orphaned;
}

void add_request(SessionSeries& series, std::size_t part, const SessionRequest& request) {
  SessionCounts& counts = series.parts[part];
  ++counts.ends[static_cast<std::size_t>(request.end)];
  add_session(counts, request.session);
  if (request.srd) (request.end == RequestEnd::established ? series.srd_successful : series.srd_failed).add(*request.srd);
  if (request.sdt) (request.session == SessionEnd::completed ? series.sdt_successful : series.sdt_failed).add(*request.sdt);
  if (request.bye_delay) series.bye_repeated.add(*request.bye_delay);
}

}  // namespace

std::optional<SessionRequest> session_request(const CallRecord& call) {
  if (call.attempts == 0) return std::nullopt;
  SessionRequest request;
  if (call.outcome == Outcome::in_progress) return request;
  request.code = final_code(call);
  request.end = end_of(request.code);
  const bool established = request.end == RequestEnd::established;
  request.srd = request_delay(request.end, call.offered, call.progressed, established ? call.answered : call.ended);
  if (!established) return request;
  request.session = session_end(call.ending);
  if (request.session != SessionEnd::talking && call.ended != never)
    request.sdt = std::max(Span{}, call.ended - call.answered);  // the far side's hang-up may overtake its answer
  const Span stuck = std::max(call.stuck_site, call.stuck_carrier);
  if (request.session == SessionEnd::completed && stuck > Span::zero()) request.bye_delay = stuck;
  return request;
}

SessionRequest session_request(const Attempt& attempt, Instant first_sent) {
  SessionRequest request;
  if (attempt.end == AttemptEnd::none) return request;
  request.code = final_code(attempt);
  request.end = end_of(request.code);
  request.srd = request_delay(request.end, first_sent, attempt.ringing, attempt.finished);
  return request;
}

std::int64_t SessionCounts::requests() const {
  std::int64_t all = 0;
  for (const std::int64_t each : ends) all += each;
  return all - (*this)[RequestEnd::undecided];
}

SessionCounts& SessionCounts::operator+=(const SessionCounts& other) {
  std::ranges::transform(ends, other.ends, ends.begin(), std::plus{});
  not_sent += other.not_sent;
  repeated += other.repeated;
  talking += other.talking;
  completed += other.completed;
  cut_off += other.cut_off;
  orphaned += other.orphaned;
  return *this;
}

Share ser(const SessionCounts& counts) {
  return {counts[RequestEnd::established], counts.requests() - counts[RequestEnd::redirected]};
}

Share seer(const SessionCounts& counts) {
  return {counts[RequestEnd::established] + counts[RequestEnd::user_decided], counts.requests() - counts[RequestEnd::redirected]};
}

Share isa(const SessionCounts& counts) {
  return {counts[RequestEnd::ineffective], counts.requests()};
}

Share scr(const SessionCounts& counts) {
  return {counts.completed, counts.requests() - counts.talking};
}

void Delays::add(Span value) {
  const Span least = std::max(value, Span::zero());  // clocks of a measured run may disagree
  moments_.add(in_seconds(least));
  histogram_.add(least);
  max_ = std::max(max_, least);
}

double Delays::percentile_s(double share) const {
  const auto value = histogram_.percentile(share);
  assert(value);
  return std::min(in_seconds(*value), max_s());
}

SessionCounts SessionSeries::sum() const {
  SessionCounts sum;
  for (const SessionCounts& part : parts) sum += part;
  return sum;
}

std::optional<ShareEstimate> estimate(const SessionSeries& series, Share (*measure)(const SessionCounts&)) {
  const Share share = measure(series.sum());
  if (share.of <= 0) return std::nullopt;
  ShareEstimate made{.share = share, .interval = wilson_interval(share.hits, share.of, confidence)};
  std::vector<RatioTerm> terms;
  bool can_leave_out = series.parts.size() > 1 && share.hits >= events_min && share.of - share.hits >= events_min;
  for (const SessionCounts& part : series.parts) {
    const Share own = measure(part);
    can_leave_out = can_leave_out && own.of < share.of;  // all in one part: nothing to compare
    terms.push_back({static_cast<double>(own.hits), static_cast<double>(own.of)});
  }
  if (!can_leave_out) return made;
  const Interval interval = jackknife_ratio(terms, confidence);
  made.interval = {.mean = interval.mean, .low = std::max(0.0, interval.low), .high = std::min(1.0, interval.high)};
  made.basis = ShareEstimate::Basis::parts;
  return made;
}

Rfc6076::Rfc6076(const Directory& directory, std::optional<EntityKind> by, const Window& window)
    : directory_(directory), by_(by), window_(window), has_attempts_(directory.demands.size()), has_invites_(directory.demands.size()) {
  assert(run_start <= window.from && window.from < window.until && window.batch_length > Span::zero() && window.replications >= 1);
  if (!over_replications()) {
    const auto fitting = std::min<std::int64_t>((window.until - window.from) / window.batch_length, batches_max);
    batches_ = fitting < batches_min ? 1 : static_cast<std::size_t>(fitting);
  }
  const std::vector<SessionCounts> parts(over_replications() ? window.replications : batches_);
  const auto add = [&](EntityKind kind, std::size_t index) {
    const SessionSeries empty{.parts = parts, .srd_successful = {}, .srd_failed = {}, .sdt_successful = {}, .sdt_failed = {}, .bye_repeated = {}};
    entities_.push_back({.name = entity_name(directory, kind, static_cast<std::uint16_t>(index)), .calls = empty, .attempts = empty});
  };
  add(EntityKind::total, 0);
  if (!by) return;
  const std::size_t size = *by == EntityKind::site     ? directory.sites.size()
                           : *by == EntityKind::region ? directory.regions.size()
                           : *by == EntityKind::edge   ? directory.edges.size()
                                                       : directory.demands.size();
  for (std::size_t index = 0; index < size; ++index) add(*by, index);
}

std::size_t Rfc6076::part_of(Instant at) const {
  if (over_replications()) return replication_;
  const Span length = (window_.until - window_.from) / static_cast<std::int64_t>(batches_) + Span{1};
  return std::min(static_cast<std::size_t>((at - window_.from) / length), batches_ - 1);
}

template <class Visit>
void Rfc6076::visit(std::uint16_t demand, EdgeIndex edge, const Visit& each) {
  each(entities_.front());
  if (!by_) return;
  switch (*by_) {
    case EntityKind::site: return each(entities_.at(1U + directory_.demands.at(demand).site));
    case EntityKind::demand: return each(entities_.at(1U + demand));
    case EntityKind::region:
      if (edge != no_edge) each(entities_.at(1U + directory_.edges.at(edge).region));
      return;
    case EntityKind::edge:
      if (edge != no_edge) each(entities_.at(1U + edge));
      return;
    case EntityKind::total:
    case EntityKind::fault:
    case EntityKind::media_address:
    case EntityKind::codecs: break;
  }
  assert(false);
}

void Rfc6076::begin_replication(std::uint32_t replication) {
  finish_attempts();
  replication_ = replication;
}

void Rfc6076::attempts(std::span<const Attempt> rows) {
  for (const Attempt& attempt : rows) {
    if (attempt.call.window == initial_window || attempt.sent < window_.from) continue;
    has_attempts_.at(attempt.call.demand) = true;
    Attempt own = attempt;
    if (const auto before = challenged_.find(attempt.call); before != challenged_.end()) {
      if (before->second.edge == attempt.edge) {
        own.sent = before->second.sent;
        visit(attempt.call.demand, attempt.edge, [&](Entity& entity) { ++entity.attempts.parts.at(part_of(own.sent)).repeated; });
      } else {
        count(before->second, before->second.sent);
      }
      challenged_.erase(before);
    }
    if (attempt.end == AttemptEnd::refused && is_challenge(attempt.code)) {
      challenged_.emplace(attempt.call, own);
    } else {
      count(own, own.sent);
    }
  }
}

void Rfc6076::finish_attempts() {
  for (const auto& [call, attempt] : challenged_) count(attempt, attempt.sent);
  challenged_.clear();
}

void Rfc6076::count(const Attempt& attempt, Instant first_sent) {
  const SessionRequest request = session_request(attempt, first_sent);
  visit(attempt.call.demand, attempt.edge, [&](Entity& entity) { add_request(entity.attempts, part_of(first_sent), request); });
}

void Rfc6076::calls(std::span<const CallRecord> rows) {
  for (const CallRecord& call : rows) {
    if (call.initial() || call.offered < window_.from) continue;
    const auto request = session_request(call);
    const std::size_t part = part_of(call.offered);
    if (request) has_invites_.at(call.id.demand) = true;
    const bool has_attempt = request && has_attempts_.at(call.id.demand);
    visit(call.id.demand, call.edge, [&](Entity& entity) {
      if (!request) {
        ++entity.calls.parts.at(part).not_sent;
        return;
      }
      add_request(entity.calls, part, *request);
      if (has_attempt) add_session(entity.attempts.parts.at(part), request->session);
    });
  }
}

std::vector<std::uint16_t> Rfc6076::demands_without_attempts() const {
  std::vector<std::uint16_t> found;
  for (std::size_t demand = 0; demand < has_invites_.size(); ++demand) {
    if (has_invites_[demand] && !has_attempts_[demand]) found.push_back(static_cast<std::uint16_t>(demand));
  }
  return found;
}

}  // namespace trunklab
