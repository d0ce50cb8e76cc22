// Plays a bundle from its first call to its last, or to where it has to stop.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/load_record.hpp"
#include "cli/load_request.hpp"
#include "cli/load_team.hpp"
#include "cli/terminal.hpp"
#include "traffic/load/measured_run.hpp"
#include "traffic/load/open_calls.hpp"
#include "traffic/load/replay.hpp"

namespace trunklab::cli {

/// Ends calls that SIPp left up and says how that went. On loopback both ends were ours, and nothing is to be done.
void end_calls(const std::vector<OpenCall>& calls, const Destination& destination);

/// The calls that this process plays.
class LoadPart {
 public:
  /// Starts answerers where they are needed; all must outlive it. Throws std::runtime_error, as Replay.
  LoadPart(const OpenBundle& bundle, const LoadPlan& plan, const std::filesystem::path& work);
  void start(double epoch_ms) { replay_.start(epoch_ms); }

  using TakeLine = std::function<void(std::uint16_t group, const CallerLine& line, const std::string& text)>;
  /// Hands on what was logged since; do callers run?
  bool look(const TakeLine& take);
  std::vector<std::string> mishaps() { return replay_.mishaps(); }
  void withhold() const { replay_.withhold(); }
  /// Nothing is up or being set up that a living SIPp would end, and no attempt may still be answered.
  bool is_drained();
  /// Ends SIPp, reads what is left, and ends the calls that are still up.
  void end(const TakeLine& take);

 private:
  const LoadPlan& plan_;
  Replay replay_;
  OpenCalls open_;
};

/// Plays this rank's part and leads the others. `whole` has the calls of all ranks.
class LoadPlayer {
 public:
  LoadPlayer(const OpenBundle& whole, const LoadPlan& plan, const StopRules& rules, const StopSignals& signals, LoadPart& part, LoadLeader& leader);
  /// `epoch_ms`: as in Replay::start(). Lines go to `run`.
  Played play(MeasuredRun& run, double epoch_ms);

 private:
  class ProgressText;
  void stop(const std::string& reason, ProgressText& line);
  void hang_up_everywhere();
  [[nodiscard]] bool wants_end_now() const;

  const OpenBundle& whole_;
  const LoadPlan& plan_;
  const StopRules& rules_;
  const StopSignals& signals_;
  LoadPart& part_;
  LoadLeader& leader_;
  int signals_at_stop_ = 0;
  bool stopping_ = false;
  bool hanging_up_ = false;
};

/// Plays a part for rank 0, which has the word.
void play_for_leader(LoadPart& part, LoadMember& member, const LoadPlan& plan, const StopSignals& signals);

/// One short call of each site, before all others: it has to be answered, and its BYE too. What was wrong, in words; empty: all is well.
std::string canary_fault(const OpenBundle& bundle, const LoadPlan& plan, const StopSignals& signals, const Directory& directory,
                         const std::filesystem::path& work);

}  // namespace trunklab::cli
