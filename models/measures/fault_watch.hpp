// What people and machines noticed of a fault: when probes saw it, what callers heard, what the sites' equipment would have logged, where the load
// went.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "models/record/record.hpp"

namespace trunklab {

/// What a caller whose call was hit heard of it. One of these a call.
enum class Heard : std::uint8_t {
  cut_off,               ///< the line went dead while talking
  nothing_unusual,       ///< the hang-up did not reach the other side; nobody heard that
  ringback,              ///< ringing that nobody can answer any more, until the caller gave up or the site did
  silence_to_the_end,    ///< no answer and no tone until the caller gave up
  silence_then_busy,     ///< attempts without an answer, then fast busy
  fast_busy,             ///< a refusal at once
  silence_then_through,  ///< attempts without an answer, then the call was set up
  slow,                  ///< set up late for another reason: refused and tried elsewhere, or a slow service
  dead_line,             ///< the SBC of their own site was gone
  last = dead_line,
};

/// How an attempt of a call that was hit ended, as its site's equipment logs it.
struct Logged {
  AttemptEnd end = AttemptEnd::none;
  std::uint16_t code = 0;
  auto operator<=>(const Logged&) const = default;
};

/// Sums over replications; peaks are the highest of all.
struct FaultNotice {
  /// When a site's probes, or the health check of the name it uses, saw an edge of the fault down for the first time.
  struct Detection {
    std::uint32_t seen = 0;  ///< replications in which it was
    double sum_s = 0;        ///< of those: from the fault to then
    bool by_name = false;    ///< by the name's health check, in one of them at least
    bool operator==(const Detection&) const = default;
  };
  /// Calls at the same time (as sampled) and INVITEs in a whole second, at an edge.
  struct Peak {
    std::uint32_t cps_during = 0, concurrent_during = 0;  ///< from the fault to the repair
    std::uint32_t cps_after = 0, concurrent_after = 0;    ///< in the after_repair that follow
    bool operator==(const Peak&) const = default;
  };
  std::uint32_t replications = 0;
  std::vector<Detection> detection;  ///< a site
  std::vector<Peak> peaks;           ///< an edge
  std::array<std::uint64_t, static_cast<std::size_t>(Heard::last) + 1> heard{};
  std::map<std::uint32_t, std::uint64_t> silent;  ///< number of attempts without an answer -> calls hit that had so many (> 0)
  std::map<Logged, std::uint64_t> logged;         ///< attempts of the calls hit
  std::uint64_t calls = 0;                        ///< offered while the fault lasted
  std::uint64_t attempts = 0;                     ///< theirs
  std::uint64_t ghosts = 0;                       ///< attempts given up from the fault on, and answered all the same
  std::uint64_t double_rings = 0;                 ///< likewise, and rang

  [[nodiscard]] std::uint64_t operator[](Heard what) const { return heard[static_cast<std::size_t>(what)]; }
};

/// How long the return is watched (ours): longer than DNS answers, hold-downs and probes need by default.
inline constexpr Span after_repair = std::chrono::minutes{2};

/// Where and when to look.
struct WatchedFault {
  Instant from;
  Instant until;                                  ///< never = not repaired within the run
  std::vector<EdgeIndex> edges;                   ///< that it touches; empty = any edge may be seen down
  std::vector<std::uint16_t> sites;               ///< that could see it; empty = all
  std::vector<std::vector<std::uint16_t>> names;  ///< of each site: the regions whose names it resolves
};

/// Some faults of a directory taken as one: from the first one's begin to the last one's end. At least one.
WatchedFault watched(const Directory& directory, std::span<const Directory::Fault> faults);

/// Listens to one replication, from the simulator or from a record, and is told of each call that the fault hit. finish() adds what was noticed.
class FaultWatch : public RunSink {
 public:
  /// Both outlive this.
  FaultWatch(const Directory& directory, const WatchedFault& fault, Instant horizon_end);
  void begin_replication(std::uint32_t /*replication*/) override {}
  void hit(const CallRecord& call);
  void calls(std::span<const CallRecord> rows) override;
  void attempts(std::span<const Attempt> rows) override;
  void events(std::span<const RunEvent> rows) override;
  void samples(std::span<const Sample> rows) override;
  void ghosts(std::span<const Ghost> rows) override;
  /// After the replication.
  void finish(FaultNotice& sum) const;

 private:
  struct HitCall {
    CallId id;
    Outcome outcome;
    Ending ending;
    Reason reason;
    bool progressed;
  };
  struct Try {
    CallId call;
    Logged how;
  };
  [[nodiscard]] bool touched(EdgeIndex edge) const;
  void note_detection(std::uint16_t site, const RunEvent& event);
  void finish_calls(FaultNotice& sum) const;
  void finish_peaks(FaultNotice& sum) const;

  const Directory& directory_;
  const WatchedFault& fault_;
  Instant until_;      ///< the repair, or the run's end
  Instant watch_end_;  ///< and after_repair
  std::vector<HitCall> hit_;
  std::vector<Try> tries_;
  std::vector<std::vector<std::uint32_t>> invites_;  ///< an edge: by whole second since the fault
  std::vector<FaultNotice::Peak> sampled_;           ///< an edge: concurrent_* only
  std::vector<Instant> detected_;                    ///< a site
  std::vector<bool> by_name_;
  std::uint64_t offered_ = 0;
  std::uint64_t tried_ = 0;
  std::uint64_t ghosts_ = 0;
  std::uint64_t double_rings_ = 0;
};

}  // namespace trunklab
