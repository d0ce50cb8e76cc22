// What the callers' logs say, as the rows of a run record: the same shape as the simulator's.
#pragma once

#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "models/measures/tally.hpp"
#include "models/record/record.hpp"
#include "traffic/load/caller_log.hpp"
#include "traffic/load/open_bundle.hpp"

namespace trunklab {

inline constexpr std::size_t recent_calls = 50;  // ours

/// Counts so far, for somebody who watches.
struct LoadCounts {
  std::uint64_t sent = 0;       ///< calls whose first INVITE has left
  std::uint64_t over = 0;       ///< calls that are over
  std::uint64_t answered = 0;   ///< of those over
  std::uint64_t otherwise = 0;  ///< over, but not as expected; those where patience and answer are close together are not told apart
  std::uint64_t hunted = 0;     ///< calls that tried more than one target
  std::uint64_t lost = 0;       ///< over, and failed
  std::uint64_t orphaned = 0;   ///< calls whose BYE nobody answered
  double latest_ms = 0;         ///< first INVITE against its due time: the worst
  /// Attempts refused, by final code.
  std::map<std::uint16_t, std::uint64_t> refused{};
  /// Of the last `recent_calls` calls that are over, newest last: did it fail?
  std::deque<bool> recent{};
};

/// Takes lines of the logs in the order of each log, and makes rows of them. Instants are relative to the replay's start.
class MeasuredRun {
 public:
  /// `bundle` and `directory` must outlive it. `epoch_ms`: the replay's start, milliseconds since 1970.
  MeasuredRun(const OpenBundle& bundle, const Directory& directory, double epoch_ms);
  void take(std::uint16_t group, const CallerLine& line);
  [[nodiscard]] const LoadCounts& counts() const { return counts_; }
  /// So late after its due time was the first INVITE of this share of the calls at most, milliseconds; 0 without calls. 0 <= share <= 1.
  [[nodiscard]] double lateness_ms(double share) const;

  /// Calls that had begun and are not over become rows that are in progress; nothing may be taken afterwards. `until`: the end of the run.
  void close(Instant until);
  /// All rows, in the order in which calls ended; samples on a grid of `step`.
  void write(RunSink& sink, Span step, Instant until) const;
  /// How many calls there were at the same time.
  void write(Tally& tally, Instant until) const;

 private:
  struct Known {
    CallId id;
    std::uint16_t site = 0;
    std::uint16_t group = 0;
    const BundleRow* row = nullptr;
    bool is_sent = false;
    bool is_over = false;
    double sent_ms = 0;
    std::uint8_t target = 0;
    std::vector<Attempt> attempts{};
  };
  [[nodiscard]] Instant instant(double unix_ms) const;
  [[nodiscard]] EdgeIndex edge_of(std::uint16_t group, std::uint8_t target) const;
  Known* find(const std::string& call);
  void take_line(std::uint16_t group, const SentLine& line);
  void take_line(std::uint16_t, const DialogLine&) {}  // the attempt's own line says as much
  void take_line(std::uint16_t group, const AttemptLine& line);
  void take_line(std::uint16_t group, const CallLine& line);
  void take_line(std::uint16_t group, const GhostLine& line);

  const OpenBundle& bundle_;
  const Directory& directory_;
  double epoch_ms_;
  std::unordered_map<std::string, Known> known_;
  std::vector<CallRecord> calls_;
  std::vector<Attempt> attempts_;
  std::vector<Ghost> ghosts_;
  LoadCounts counts_;
  std::vector<double> lateness_ms_;
};

}  // namespace trunklab
