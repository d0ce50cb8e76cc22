// From log lines to rows.
#include "traffic/load/measured_run.hpp"

#include "models/record/words.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

namespace trunklab {

namespace {

/// "retail.12.34": the demand's name may have dots of its own.
std::optional<CallId> id_of(const Directory& directory, std::string_view call) {
  const std::size_t last = call.rfind('.');
  const std::size_t middle = last == std::string_view::npos || last == 0 ? std::string_view::npos : call.rfind('.', last - 1);
  if (middle == std::string_view::npos) return std::nullopt;
  const auto demand = std::ranges::find(directory.demands, call.substr(0, middle), &Directory::Demand::name);
  if (demand == directory.demands.end()) return std::nullopt;
  CallId id{.demand = static_cast<std::uint16_t>(demand - directory.demands.begin())};
  std::from_chars(call.data() + middle + 1, call.data() + last, id.window);
  std::from_chars(call.data() + last + 1, call.data() + call.size(), id.number);
  return id;
}

AttemptEnd attempt_end(std::string_view word) {
  if (word == "answered" || word == "orphaned") return AttemptEnd::answered;
  if (word == "refused") return AttemptEnd::refused;
  if (word == "no_response") return AttemptEnd::no_response;
  if (word == "no_progress") return AttemptEnd::no_progress;
  return AttemptEnd::abandoned;  // by the caller, or by Timer C after a long ringing
}

/// How a call came out: outcome, ending, reason.
void judge_call(const CallLine& line, std::uint16_t number_format_code, CallRecord& call) {
  if (line.end == "answered" || line.end == "orphaned") {
    call.outcome = Outcome::answered;
    call.ending = line.end == "answered" ? Ending::normal : Ending::orphaned;
  } else if (line.end == "abandoned") {
    call.outcome = Outcome::abandoned;
  } else if (line.end == "rang_out") {
    call.outcome = Outcome::no_answer;
  } else if (line.end == "no_response" || line.end == "no_progress") {
    call.outcome = Outcome::failed;
    call.reason = line.end == "no_response" ? Reason::no_response : Reason::no_progress;
  } else if (line.code == 486 || line.code == 480 || line.code == 603) {
    call.outcome = line.code == 486 ? Outcome::busy : line.code == 480 ? Outcome::no_answer : Outcome::rejected;
  } else {
    call.outcome = Outcome::failed;
    call.reason = line.code == number_format_code ? Reason::number_format : Reason::refused;
  }
}

bool is_lost(const CallRecord& call) {
  return call.outcome == Outcome::failed || call.outcome == Outcome::blocked || call.outcome == Outcome::lost_in_setup;
}

/// +1 where a call begins, -1 where it ends.
using Steps = std::vector<std::pair<Instant, int>>;

Occupancy occupancy_of(Steps steps, Instant until) {
  std::ranges::sort(steps);
  Occupancy seen{.observed_s = in_seconds(until - run_start)};
  int now = 0;
  Instant last = run_start;
  for (const auto& [at, step] : steps) {
    seen.call_seconds += now * in_seconds(std::clamp(at, run_start, until) - last);
    last = std::clamp(at, run_start, until);
    now += step;
    seen.max = std::max(seen.max, static_cast<std::uint32_t>(now));
  }
  seen.call_seconds += now * in_seconds(until - last);
  return seen;
}

Steps steps_of(std::span<const CallRecord> calls, const auto& wanted, Instant until) {
  Steps steps;
  for (const CallRecord& call : calls) {
    if (!wanted(call)) continue;
    steps.emplace_back(call.offered, 1);
    steps.emplace_back(call.ended == never ? until : call.ended, -1);
  }
  return steps;
}

/// Appends a sample wherever the grid finds another number than before.
void sample_level(Steps steps, EntityKind kind, std::uint16_t index, Span step, Instant until, std::vector<Sample>& samples) {
  std::ranges::sort(steps);
  int now = 0;
  int before = 0;
  std::size_t next = 0;
  for (Instant at = run_start; at <= until; at += step) {
    for (; next < steps.size() && steps[next].first <= at; ++next) now += steps[next].second;
    if (now != before) samples.push_back({.at = at, .metric = Metric::concurrent, .kind = kind, .index = index, .value = static_cast<double>(now)});
    before = now;
  }
}

/// Appends how many of the instants fell into each step of the grid, where any did.
void sample_counts(const std::vector<Instant>& instants, Metric metric, EntityKind kind, std::uint16_t index, Span step,
                   std::vector<Sample>& samples) {
  std::map<Instant, double> counts;
  for (const Instant at : instants) ++counts[run_start + ((at - run_start + step - Span{1}) / step) * step];
  for (const auto& [at, count] : counts) samples.push_back({.at = at, .metric = metric, .kind = kind, .index = index, .value = count});
}

}  // namespace

MeasuredRun::MeasuredRun(const OpenBundle& bundle, const Directory& directory, double epoch_ms)
    : bundle_(bundle), directory_(directory), epoch_ms_(epoch_ms) {
  known_.reserve(bundle.calls);
  for (const BundleShard& shard : bundle.shards) {
    for (const BundleRow& row : shard.rows) {
      const auto id = id_of(directory, row.call);
      if (!id) continue;  // the call file is not of this scenario; the checksums say that it is
      known_.emplace(row.call, Known{.id = *id, .site = bundle.groups[shard.group].site, .group = shard.group, .row = &row});
    }
  }
}

Instant MeasuredRun::instant(double unix_ms) const {
  constexpr double ns_in_ms = 1e6;
  return unix_ms <= 0 ? never : run_start + Span{std::llround((unix_ms - epoch_ms_) * ns_in_ms)};
}

EdgeIndex MeasuredRun::edge_of(std::uint16_t group, std::uint8_t target) const {
  const auto& targets = bundle_.groups[group].targets;
  if (target >= targets.size()) return no_edge;
  const auto edge = std::ranges::find(directory_.edges, targets[target].name, &Directory::Edge::name);
  return edge == directory_.edges.end() ? no_edge : static_cast<EdgeIndex>(edge - directory_.edges.begin());
}

MeasuredRun::Known* MeasuredRun::find(const std::string& call) {
  const auto known = known_.find(call);
  return known == known_.end() ? nullptr : &known->second;
}

void MeasuredRun::take(std::uint16_t group, const CallerLine& line) {
  std::visit([&](const auto& each) { take_line(group, each); }, line);
}

void MeasuredRun::take_line(std::uint16_t group, const SentLine& line) {
  Known* known = find(line.call);
  if (known == nullptr) return;
  // Said again each time that the INVITE is.
  if (std::ranges::find(known->attempts, line.attempt, &Attempt::number) != known->attempts.end()) return;
  if (!known->is_sent) {
    ++counts_.sent;
    known->sent_ms = line.at_ms;
    const double late_ms = line.at_ms - epoch_ms_ - known->row->due_ms;
    counts_.latest_ms = std::max(counts_.latest_ms, late_ms);
    lateness_ms_.push_back(late_ms);
  }
  known->is_sent = true;
  known->target = line.target;
  known->attempts.push_back({.call = known->id, .number = line.attempt, .edge = edge_of(group, line.target), .sent = instant(line.at_ms)});
}

void MeasuredRun::take_line(std::uint16_t group, const AttemptLine& line) {
  Known* known = find(line.call);
  if (known == nullptr) return;
  auto attempt = std::ranges::find(known->attempts, line.attempt, &Attempt::number);
  if (attempt == known->attempts.end()) return;
  attempt->edge = edge_of(group, line.target);
  attempt->end = attempt_end(line.end);
  attempt->code = line.code;
  if (attempt->end == AttemptEnd::refused) ++counts_.refused[line.code];
  attempt->ringing = instant(line.rang_ms);
  attempt->finished = instant(line.over_ms);
  // A final response may be the first that is heard.
  const bool decided = attempt->end == AttemptEnd::answered || attempt->end == AttemptEnd::refused;
  attempt->trying = line.heard_ms > 0 ? instant(line.heard_ms) : decided ? attempt->finished : never;
}

void MeasuredRun::take_line(std::uint16_t group, const CallLine& line) {
  Known* known = find(line.call);
  if (known == nullptr || known->is_over || !known->is_sent) return;
  known->is_over = true;
  CallRecord call{.id = known->id, .site = known->site};
  call.offered = instant(line.sent_ms);
  call.progressed = instant(line.rang_ms);
  call.answered = instant(line.answered_ms);
  call.ended = instant(line.hung_up_ms > 0 ? line.hung_up_ms : line.closed_ms);
  judge_call(line, bundle_.groups[group].number_format_code, call);
  if (call.outcome == Outcome::answered) call.released_by = known->row->caller_hangs_up ? Party::caller : Party::callee;
  if (call.outcome == Outcome::abandoned) call.released_by = Party::caller;
  call.edge = edge_of(group, known->target);
  call.attempts = line.attempts;
  const bool final_code = line.end == "answered" || line.end == "orphaned" || line.end == "refused";
  call.code = final_code ? line.code : std::uint16_t{0};
  ++counts_.over;
  if (line.attempts > 1) ++counts_.hunted;
  if (call.outcome == Outcome::answered) ++counts_.answered;
  if (line.end == "orphaned") ++counts_.orphaned;
  if (is_lost(call)) ++counts_.lost;
  counts_.recent.push_back(is_lost(call));
  if (counts_.recent.size() > recent_calls) counts_.recent.pop_front();
  if (word(call.outcome) != known->row->expected) ++counts_.otherwise;
  attempts_.insert(attempts_.end(), known->attempts.begin(), known->attempts.end());
  known->attempts.clear();
  calls_.push_back(call);
}

void MeasuredRun::take_line(std::uint16_t group, const GhostLine& line) {
  const Known* known = find(line.call);
  if (known == nullptr) return;
  const auto of_this = [&](const Attempt& each) { return each.call == known->id && each.number == line.attempt; };
  const auto attempt = std::ranges::find_if(known->attempts, of_this);
  const Instant given_up = attempt == known->attempts.end() ? never : attempt->finished;
  ghosts_.push_back({.call = known->id,
                     .number = line.attempt,
                     .edge = edge_of(group, line.target),
                     .given_up = given_up,
                     .answered = instant(line.at_ms),
                     .ended = instant(line.at_ms)});
}

double MeasuredRun::lateness_ms(double share) const {
  if (lateness_ms_.empty()) return 0;
  std::vector<double> sorted = lateness_ms_;
  const auto place = std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())));
  std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(place));
  return sorted[place];
}

void MeasuredRun::close(Instant until) {
  for (auto& [name, known] : known_) {
    if (!known.is_sent || known.is_over) continue;
    CallRecord call{.id = known.id, .site = known.site, .offered = instant(known.sent_ms)};
    call.edge = edge_of(known.group, known.target);
    call.attempts = static_cast<std::uint8_t>(known.attempts.size());
    const Attempt& last = known.attempts.back();
    call.progressed = last.ringing;
    if (last.end == AttemptEnd::answered) {
      call.answered = last.finished;
      call.outcome = Outcome::answered;
      call.ending = Ending::in_progress;
      call.code = last.code;
    }
    attempts_.insert(attempts_.end(), known.attempts.begin(), known.attempts.end());
    calls_.push_back(call);
  }
  const auto ends = [until](const CallRecord& call) { return std::pair(call.ended == never ? until : call.ended, call.id); };
  std::ranges::sort(calls_, {}, ends);
}

void MeasuredRun::write(RunSink& sink, Span step, Instant until) const {
  std::vector<Sample> samples;
  for (std::uint16_t site = 0; site < directory_.sites.size(); ++site) {
    const auto here = [site](const CallRecord& call) { return call.site == site; };
    sample_level(steps_of(calls_, here, until), EntityKind::site, site, step, until, samples);
    std::vector<Instant> offered;
    std::vector<Instant> answered;
    std::vector<Instant> lost;
    for (const CallRecord& call : calls_) {
      if (!here(call)) continue;
      offered.push_back(call.offered);
      if (call.answered != never) answered.push_back(call.answered);
      if (is_lost(call)) lost.push_back(call.ended);
    }
    sample_counts(offered, Metric::offered, EntityKind::site, site, step, samples);
    sample_counts(answered, Metric::answered, EntityKind::site, site, step, samples);
    sample_counts(lost, Metric::lost, EntityKind::site, site, step, samples);
  }
  for (std::uint16_t edge = 0; edge < directory_.edges.size(); ++edge) {
    const auto there = [edge](const CallRecord& call) { return call.edge == edge; };
    sample_level(steps_of(calls_, there, until), EntityKind::edge, edge, step, until, samples);
    std::vector<Instant> answered;
    for (const CallRecord& call : calls_) {
      if (there(call) && call.answered != never) answered.push_back(call.answered);
    }
    sample_counts(answered, Metric::answered, EntityKind::edge, edge, step, samples);
  }
  std::ranges::stable_sort(samples, {}, &Sample::at);
  sink.attempts(attempts_);
  sink.calls(calls_);
  sink.ghosts(ghosts_);
  sink.samples(samples);
}

void MeasuredRun::write(Tally& tally, Instant until) const {
  tally.calls(calls_);
  tally.attempts(attempts_);
  tally.ghosts(ghosts_);
  const auto put = [&](EntityKind kind, std::uint16_t index, const auto& wanted) {
    tally.occupancy(kind, index, occupancy_of(steps_of(calls_, wanted, until), until));
  };
  put(EntityKind::total, 0, [](const CallRecord&) { return true; });
  for (std::uint16_t site = 0; site < directory_.sites.size(); ++site) {
    put(EntityKind::site, site, [site](const CallRecord& call) { return call.site == site; });
  }
  for (std::uint16_t edge = 0; edge < directory_.edges.size(); ++edge) {
    put(EntityKind::edge, edge, [edge](const CallRecord& call) { return call.edge == edge; });
  }
}

}  // namespace trunklab
