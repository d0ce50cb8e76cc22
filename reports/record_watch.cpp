// Feeding the watches of faults from a run record.
#include "reports/record_watch.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace trunklab {
namespace {

constexpr std::size_t watches_max = 200;

/// Everything that is kept of one fault in one replication.
struct Watch {
  FaultWatch watch;
  std::array<Instant, 3> over{run_start, run_start, run_start};
};

using CallKey = std::pair<std::uint32_t, CallId>;  ///< replication and call

/// Feeds rows to the watches of their replication; replications beyond those watched are passed over.
class Watches : public RunSink {
 public:
  Watches(const RunRecord& record, std::uint32_t replications) : record_(record), replications_(replications) {
    const Directory& directory = record.directory();
    for (const Directory::Fault& fault : directory.faults) faults_.push_back(watched(directory, {&fault, 1}));
    stories_.resize(faults_.size());
    watches_.resize(replications);
    for (auto& of_replication : watches_) {
      for (const WatchedFault& fault : faults_) {
        of_replication.push_back(std::make_unique<Watch>(Watch{.watch = {directory, fault, run_start + record.info().horizon}}));
      }
    }
  }

  std::vector<FaultStory> stories() {
    record_.hits(*this);
    record_.calls(*this);
    record_.attempts(*this);
    record_.ghosts(*this);
    record_.events(*this);
    record_.samples(*this);
    for (std::size_t fault = 0; fault < stories_.size(); ++fault) finish(fault);
    return std::move(stories_);
  }

  void begin_replication(std::uint32_t replication) override { now_ = replication; }
  void hits(std::span<const Hit> rows) override {
    if (now_ >= replications_) return;
    for (const Hit& hit : rows) hits_.emplace(CallKey{now_, hit.call}, hit);
  }
  void calls(std::span<const CallRecord> rows) override {
    tell([rows](FaultWatch& watch) { watch.calls(rows); });
    if (now_ >= replications_) return;
    for (const CallRecord& call : rows) {
      if (const Hit* hit = find(call.id)) count(*hit, call);
    }
  }
  void attempts(std::span<const Attempt> rows) override {
    tell([rows](FaultWatch& watch) { watch.attempts(rows); });
    if (now_ >= replications_) return;
    for (const Attempt& attempt : rows) {
      const bool silent = attempt.trying == never && attempt.finished != never && attempt.end != AttemptEnd::answered;
      const Hit* hit = silent ? find(attempt.call) : nullptr;
      if (hit != nullptr) stories_[hit->fault].silence_s += in_seconds(attempt.finished - attempt.sent);
    }
  }
  void ghosts(std::span<const Ghost> rows) override {
    tell([rows](FaultWatch& watch) { watch.ghosts(rows); });
  }
  void events(std::span<const RunEvent> rows) override {
    tell([rows](FaultWatch& watch) { watch.events(rows); });
  }
  void samples(std::span<const Sample> rows) override {
    tell([rows](FaultWatch& watch) { watch.samples(rows); });
  }

 private:
  template <class Tell>
  void tell(const Tell& tell) {
    if (now_ >= replications_) return;
    for (const auto& watch : watches_[now_]) tell(watch->watch);
  }

  [[nodiscard]] const Hit* find(const CallId& call) const {
    const auto found = hits_.find({now_, call});
    return found == hits_.end() ? nullptr : &found->second;
  }

  void count(const Hit& hit, const CallRecord& call) {
    Watch& watch = *watches_[now_][hit.fault];
    watch.watch.hit(call);
    FaultStory& story = stories_[hit.fault];
    const bool silent =
        call.audio == Audio::to_far_only || call.audio == Audio::to_site_only || call.audio == Audio::none || call.audio == Audio::lost;
    story.silent_talks += silent;
    Instant& over = watch.over[static_cast<std::size_t>(hit.phase)];
    over = std::max(over, over_of(hit, call));
  }

  [[nodiscard]] Instant over_of(const Hit& hit, const CallRecord& call) const {
    const Instant end = run_start + record_.info().horizon;
    if (hit.effect == Effect::late) return std::min(call.answered != never ? call.answered : call.ended, end);
    return std::min(call.ended == never ? end : later(call.ended, std::max(call.stuck_site, call.stuck_carrier)), end);
  }

  void finish(std::size_t fault) {
    FaultStory& story = stories_[fault];
    for (std::size_t phase = 0; phase < story.over_s.size(); ++phase) {
      double sum_s = 0;
      std::uint32_t seen = 0;
      for (const auto& of_replication : watches_) {
        const Instant over = of_replication[fault]->over[phase];
        if (over <= faults_[fault].from) continue;
        sum_s += in_seconds(over - faults_[fault].from);
        ++seen;
      }
      if (seen > 0) story.over_s[phase] = sum_s / seen;
    }
    for (const auto& of_replication : watches_) of_replication[fault]->watch.finish(story.notice);
  }

  const RunRecord& record_;
  std::uint32_t replications_;
  std::vector<WatchedFault> faults_;
  std::vector<FaultStory> stories_;
  std::vector<std::vector<std::unique_ptr<Watch>>> watches_;  ///< [replication][fault]
  std::map<CallKey, Hit> hits_;
  std::uint32_t now_ = 0;
};

}  // namespace

std::vector<FaultStory> fault_stories(const RunRecord& record) {
  const std::size_t faults = record.directory().faults.size();
  if (faults == 0 || record.impacts().empty() || record.info().detail != CallDetail::all) return {};
  const auto most = static_cast<std::uint32_t>(std::max<std::size_t>(watches_max / faults, 1));
  return Watches(record, std::min(record.info().replications, most)).stories();
}

}  // namespace trunklab
