// What a fault did, call by call: a disturbed run against its twin, the same timetable without the fault.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/measures/measure.hpp"
#include "models/record/record.hpp"

namespace trunklab {

/// A set-up later than this is a delay that a caller notices; less is jitter between paths (ours).
inline constexpr Span delay_noticed = std::chrono::milliseconds{100};

/// Calls that a fault changed, of one group.
struct ImpactGroup {
  std::uint64_t hit = 0;       ///< worse outcome, or set up more than delay_noticed later
  std::uint64_t lost = 0;      ///< of these: now blocked, failed, lost in set-up or abandoned, or dropped while talking
  std::uint64_t delayed = 0;   ///< of these: set up all the same, but late
  std::uint64_t orphaned = 0;  ///< of these: the hang-up did not reach the other side
  std::uint64_t gained = 0;    ///< not hit: blocked, failed, lost or abandoned in the twin, and got through now
  ImpactGroup& operator+=(const ImpactGroup& other);
  bool operator==(const ImpactGroup&) const = default;
};

/// One fault in one replication.
struct FaultImpact {
  std::uint16_t fault = 0;  ///< index into Directory::faults
  ImpactGroup fresh{};      ///< offered at or after the fault's start ("new")
  ImpactGroup in_setup{};   ///< offered before, not yet answered in the twin at the fault's start
  ImpactGroup talking{};    ///< answered in the twin at the fault's start
  /// Fault's start to the last hit new call that was offered before the repair; 0 = none. Here and in return_s calls that are now blocked do
  /// not count: where channels are scarce they may only have swapped luck with another call.
  double failover_s = 0;
  /// New calls were hit until the repair (or the run's end): the last one came within 1 s, or within ten mean gaps between
  /// such calls, of it.
  bool not_before_repair = false;
  double return_s = 0;       ///< repair to the last hit call offered after it; 0 = none
  double extra_delay_s = 0;  ///< sum over the delayed calls of set-up minus the twin's set-up
  [[nodiscard]] ImpactGroup all() const;
  bool operator==(const FaultImpact&) const = default;
};

/// Compares one replication with its twin. First all rows of the twin, then all of the disturbed run, each in any order.
/// Holds 24 bytes a call of the twin. Calls that only one of the two knows, or that one of them left undecided, are not compared.
///
/// Set-up is the answer, else the first 18x, else the end. A call counts for one of the faults that began at or before the moment at which
/// the two histories had parted: the end of a call that was dropped, orphaned or lost in set-up, else the earlier of the two set-ups.
/// Of these it is the last one on the edge where the twin went, else the last one on the edge of the disturbed call, else the last one
/// anywhere; the first fault of all if none had begun.
class TwinComparison {
 public:
  TwinComparison(const Directory& directory, Instant horizon_end);
  void twin(std::span<const CallRecord> rows);
  void disturbed(std::span<const CallRecord> rows);
  /// One row a fault, in the directory's order.
  [[nodiscard]] std::vector<FaultImpact> result() const;

 private:
  struct TwinCall {
    std::uint64_t key;  ///< window, demand, and the low 24 bits: what became of it and on which edge
    Instant set_up;
    std::uint32_t number;
  };
  struct Story {
    FaultImpact impact;
    Instant first_new = never;
    Instant last_new = run_start;
    Instant last_after_repair = run_start;
    std::uint64_t new_before_repair = 0;
  };
  [[nodiscard]] const TwinCall* find(const CallId& id);
  [[nodiscard]] Story* latest_begun(Instant moment, std::optional<EdgeIndex> edge);
  [[nodiscard]] Story& story_of(Instant moment, EdgeIndex twin_edge, EdgeIndex edge_now);
  [[nodiscard]] ImpactGroup& group_of(Story& story, const TwinCall& before, const CallRecord& now);
  void compare(const TwinCall& before, const CallRecord& now);
  void note_times(Story& story, const CallRecord& now);
  [[nodiscard]] Instant repair_of(const Story& story) const;
  [[nodiscard]] FaultImpact finished(Story story) const;

  std::vector<Directory::Fault> faults_;
  Instant horizon_end_;
  std::vector<TwinCall> twin_;
  bool sorted_ = false;
  std::vector<Story> stories_;
};

/// Measures of every fault (entity "fault/0", ...) over replications, each a vector as result() gives it: calls_hit, calls_lost,
/// calls_delayed, calls_orphaned (calls) and each of them with _new, _in_setup, _talking; calls_gained; failover_s, return_s, extra_delay_mean (s).
/// Student t over replications at `confidence`; one replication: no interval. The note of failover_s says "not before repair" if any was so.
std::vector<Measure> summarise_impacts(std::span<const std::vector<FaultImpact>> replications, const Directory& directory);

}  // namespace trunklab
