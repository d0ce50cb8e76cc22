// Watching one replication of a fault.
#include "models/measures/fault_watch.hpp"

#include <algorithm>

namespace trunklab {
namespace {

/// Calls that were in set-up when the fault began had sent their first INVITE at most so long before (ours: few callers wait for
/// longer).
constexpr Span looked_back = std::chrono::minutes{5};

Heard heard_by(Outcome outcome, Ending ending, Reason reason, bool progressed, std::uint32_t silent) {
  if (reason == Reason::site_down) return Heard::dead_line;
  if (ending == Ending::dropped) return Heard::cut_off;
  if (ending == Ending::orphaned) return Heard::nothing_unusual;
  switch (outcome) {
    case Outcome::lost_in_setup:
    case Outcome::abandoned: return progressed ? Heard::ringback : Heard::silence_to_the_end;
    case Outcome::blocked:
    case Outcome::failed: return silent > 0 ? Heard::silence_then_busy : Heard::fast_busy;
    default: return silent > 0 ? Heard::silence_then_through : Heard::slow;
  }
}

bool is_silent(AttemptEnd end) {
  return end == AttemptEnd::no_response || end == AttemptEnd::no_progress;
}

}  // namespace

WatchedFault watched(const Directory& directory, std::span<const Directory::Fault> faults) {
  WatchedFault watch{.from = never, .until = run_start, .edges = {}, .sites = {}, .names = {}};
  for (const Directory::Fault& fault : faults) {
    watch.from = std::min(watch.from, fault.from);
    watch.until = std::max(watch.until, fault.until);
    watch.edges.insert(watch.edges.end(), fault.edges.begin(), fault.edges.end());
    watch.sites.insert(watch.sites.end(), fault.watchers.begin(), fault.watchers.end());
  }
  for (const Directory::SiteSettings& site : directory.site_settings) watch.names.push_back(site.names);
  return watch;
}

FaultWatch::FaultWatch(const Directory& directory, const WatchedFault& fault, Instant horizon_end)
    : directory_(directory),
      fault_(fault),
      until_(std::min(fault.until, horizon_end)),
      watch_end_(std::min(until_ + after_repair, horizon_end)),
      sampled_(directory.edges.size()),
      detected_(directory.sites.size(), never),
      by_name_(directory.sites.size(), false) {
  const auto seconds = static_cast<std::size_t>((watch_end_ - fault.from) / std::chrono::seconds{1}) + 1;
  invites_.assign(directory.edges.size(), std::vector<std::uint32_t>(seconds));
}

void FaultWatch::hit(const CallRecord& call) {
  hit_.push_back({call.id, call.outcome, call.ending, call.reason, call.progressed != never});
}

bool FaultWatch::touched(EdgeIndex edge) const {
  return fault_.edges.empty() || std::ranges::find(fault_.edges, edge) != fault_.edges.end();
}

void FaultWatch::calls(std::span<const CallRecord> rows) {
  for (const CallRecord& call : rows) {
    if (call.offered < fault_.from || call.offered >= until_) continue;
    ++offered_;
    tried_ += call.attempts;
  }
}

void FaultWatch::attempts(std::span<const Attempt> rows) {
  for (const Attempt& attempt : rows) {
    if (attempt.sent < fault_.from - looked_back || attempt.sent >= watch_end_) continue;
    tries_.push_back({attempt.call, {.end = attempt.end, .code = attempt.code}});
    if (attempt.sent < fault_.from || attempt.edge == no_edge) continue;
    ++invites_[attempt.edge][static_cast<std::size_t>((attempt.sent - fault_.from) / std::chrono::seconds{1})];
  }
}

void FaultWatch::note_detection(std::uint16_t site, const RunEvent& event) {
  const bool concerned = fault_.sites.empty() || std::ranges::find(fault_.sites, site) != fault_.sites.end();
  if (!concerned || event.at >= detected_[site]) return;
  detected_[site] = event.at;
  by_name_[site] = event.kind == EventKind::health_down;
}

void FaultWatch::events(std::span<const RunEvent> rows) {
  for (const RunEvent& event : rows) {
    if (event.at < fault_.from || event.at >= until_ || event.edge == no_edge || !touched(event.edge)) continue;
    if (event.kind == EventKind::probe_down) note_detection(event.site, event);
    if (event.kind != EventKind::health_down) continue;
    const std::uint16_t region = directory_.edges[event.edge].region;
    for (std::uint16_t site = 0; site < fault_.names.size(); ++site) {
      if (std::ranges::find(fault_.names[site], region) != fault_.names[site].end()) note_detection(site, event);
    }
  }
}

void FaultWatch::samples(std::span<const Sample> rows) {
  for (const Sample& sample : rows) {
    if (sample.metric != Metric::concurrent || sample.kind != EntityKind::edge) continue;
    if (sample.at < fault_.from || sample.at >= watch_end_) continue;
    FaultNotice::Peak& peak = sampled_[sample.index];
    std::uint32_t& highest = sample.at < until_ ? peak.concurrent_during : peak.concurrent_after;
    highest = std::max(highest, static_cast<std::uint32_t>(sample.value));
  }
}

void FaultWatch::ghosts(std::span<const Ghost> rows) {
  for (const Ghost& ghost : rows) {
    if (ghost.given_up < fault_.from) continue;
    ghosts_ += ghost.answered != never;
    double_rings_ += ghost.rang != never;
  }
}

void FaultWatch::finish_calls(FaultNotice& sum) const {
  std::map<CallId, std::uint32_t> silent;
  for (const HitCall& call : hit_) silent.emplace(call.id, 0);
  for (const Try& attempt : tries_) {
    const auto found = silent.find(attempt.call);
    if (found == silent.end()) continue;
    ++sum.logged[attempt.how];
    found->second += is_silent(attempt.how.end) ? 1U : 0U;
  }
  for (const HitCall& call : hit_) {
    const std::uint32_t times = silent.at(call.id);
    if (times > 0) ++sum.silent[times];
    ++sum.heard[static_cast<std::size_t>(heard_by(call.outcome, call.ending, call.reason, call.progressed, times))];
  }
}

void FaultWatch::finish_peaks(FaultNotice& sum) const {
  sum.peaks.resize(invites_.size());
  const auto repaired = static_cast<std::size_t>((until_ - fault_.from) / std::chrono::seconds{1});
  for (std::size_t edge = 0; edge < invites_.size(); ++edge) {
    FaultNotice::Peak& peak = sum.peaks[edge];
    for (std::size_t second = 0; second < invites_[edge].size(); ++second) {
      std::uint32_t& highest = second < repaired ? peak.cps_during : peak.cps_after;
      highest = std::max(highest, invites_[edge][second]);
    }
    peak.concurrent_during = std::max(peak.concurrent_during, sampled_[edge].concurrent_during);
    peak.concurrent_after = std::max(peak.concurrent_after, sampled_[edge].concurrent_after);
  }
}

void FaultWatch::finish(FaultNotice& sum) const {
  ++sum.replications;
  sum.detection.resize(detected_.size());
  for (std::size_t site = 0; site < detected_.size(); ++site) {
    if (detected_[site] == never) continue;
    ++sum.detection[site].seen;
    sum.detection[site].sum_s += in_seconds(detected_[site] - fault_.from);
    sum.detection[site].by_name = sum.detection[site].by_name || by_name_[site];
  }
  finish_calls(sum);
  finish_peaks(sum);
  sum.calls += offered_;
  sum.attempts += tried_;
  sum.ghosts += ghosts_;
  sum.double_rings += double_rings_;
}

}  // namespace trunklab
