// What a fault did, call by call: a disturbed run against its twin, the same timetable without the fault.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
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
  [[nodiscard]] ImpactGroup& operator[](CallPhase phase);
  /// Fault's start to the last hit new call that was offered before the repair; 0 = none. Here and in return_s calls that are now blocked do
  /// not count: where channels are scarce they may only have swapped luck with another call.
  double failover_s = 0;
  /// New calls were hit until the repair (or the run's end): the last one came within 1 s, or within ten mean gaps between
  /// such calls, of it.
  bool not_before_repair = false;
  double return_s = 0;         ///< repair to the last hit call offered after it; 0 = none
  double extra_delay_s = 0;    ///< sum over the delayed calls of set-up minus the twin's set-up
  double stuck_site_s = 0;     ///< sum over the calls hit: the site's channel was held after the hang-up
  double stuck_carrier_s = 0;  ///< likewise the service's session, and its billing
  double lost_talk_s = 0;      ///< sum over the calls lost: talk time of the twin, within the run, less what they still had of it
  [[nodiscard]] ImpactGroup all() const;
  bool operator==(const FaultImpact&) const = default;
};

/// Several faults of one replication taken as one: sums, and the longest failover and return.
FaultImpact taken_together(std::span<const FaultImpact> impacts);

/// What became of each call of an undisturbed run: 24 bytes a call. One table serves any number of comparisons.
class TwinTable {
 public:
  struct Call {
    std::uint64_t key;  ///< window, demand, and the low 24 bits: redial, what became of it, and on which edge
    Instant set_up;     ///< the answer, else the first 18x, else the end
    std::uint32_t number;
    std::uint32_t talk_ms;  ///< talk time within the run; at most 49 days
  };

  explicit TwinTable(Instant horizon_end) : horizon_end_(horizon_end) {}
  /// Rows in any order; calls that the run left undecided are passed over. All before close().
  void calls(std::span<const CallRecord> rows);
  /// Makes find() ready.
  void close();
  [[nodiscard]] const Call* find(const CallId& id) const;  ///< nullptr: not known
  [[nodiscard]] std::size_t size() const { return calls_.size(); }
  [[nodiscard]] Instant horizon_end() const { return horizon_end_; }

 private:
  Instant horizon_end_;
  std::vector<Call> calls_;
  bool closed_ = false;
};
static_assert(sizeof(TwinTable::Call) == 24);

/// Compares one replication with its twin, whose table is closed and outlives this. Calls that only one of the two knows, or that one of
/// them left undecided, are not compared.
///
/// Set-up is the answer, else the first 18x, else the end. A call counts for one of the faults that began at or before the moment at which
/// the two histories had parted: the end of a call that was dropped, orphaned or lost in set-up, else the earlier of the two set-ups.
/// Of these it is the last one that lasts and touches the edge where the twin went, else the edge of the disturbed call, else no edge in particular
/// (a name, the callback, a site). Where none of those lasts it is the last one that touches either edge, in the same order, or none in particular;
/// else the last one of all, and the first one if none had begun.
class TwinComparison {
 public:
  TwinComparison(const Directory& directory, const TwinTable& twin);
  /// Called with each call that a fault has hit, as it is found.
  void on_hit(std::function<void(const CallRecord& now, const Hit& hit)> listener) { on_hit_ = std::move(listener); }
  /// Rows in any order.
  void disturbed(std::span<const CallRecord> rows);
  /// One row a fault, in the directory's order.
  [[nodiscard]] std::vector<FaultImpact> result() const;

 private:
  struct Story {
    FaultImpact impact;
    Instant first_new = never;
    Instant last_new = run_start;
    Instant last_after_repair = run_start;
    std::uint64_t new_before_repair = 0;
  };
  template <class Wanted>
  [[nodiscard]] Story* latest_begun(Instant moment, const Wanted& wanted);
  [[nodiscard]] Story& story_of(Instant moment, EdgeIndex twin_edge, EdgeIndex edge_now);
  [[nodiscard]] CallPhase phase_of(const Story& story, const TwinTable::Call& before, const CallRecord& now) const;
  void compare(const TwinTable::Call& before, const CallRecord& now);
  void note_times(Story& story, const CallRecord& now);
  [[nodiscard]] const Directory::Fault& fault_of(const Story& story) const { return faults_[story.impact.fault]; }
  [[nodiscard]] Instant repair_of(const Story& story) const;
  [[nodiscard]] FaultImpact finished(Story story) const;

  std::vector<Directory::Fault> faults_;
  const TwinTable* twin_;
  std::function<void(const CallRecord& now, const Hit& hit)> on_hit_;
  std::vector<Story> stories_;
};

/// Measures of every fault (entity "fault/0", ...) over replications, each a vector as result() gives it: calls_hit, calls_lost,
/// calls_delayed, calls_orphaned (calls) and each of them with _new, _in_setup, _talking; calls_gained; failover_s, return_s, extra_delay_mean,
/// stuck_s_site, stuck_s_carrier (s); lost_minutes (min).
/// Student t over replications at `confidence`; one replication: no interval. The note of failover_s says "not before repair" if any was so.
std::vector<Measure> summarise_impacts(std::span<const std::vector<FaultImpact>> replications, const Directory& directory);

}  // namespace trunklab
