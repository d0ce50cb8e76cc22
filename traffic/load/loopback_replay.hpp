// Plays a bundle on this machine: an answerer for each target, callers for the call files, all of them on 127.0.0.1.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "traffic/load/caller_log.hpp"
#include "traffic/load/child_process.hpp"
#include "traffic/load/measured_run.hpp"
#include "traffic/load/open_bundle.hpp"

namespace trunklab {

/// Everything that it starts or writes is gone when it is destroyed: SIPp processes, work folder. If we are killed, the kernel ends the processes.
class LoopbackReplay {
 public:
  /// Starts the answerers, then the callers. Throws std::runtime_error: no SIPp, no free port, a process that did not start, a folder that cannot
  /// be written.
  explicit LoopbackReplay(const OpenBundle& bundle);
  LoopbackReplay(const LoopbackReplay&) = delete;
  LoopbackReplay& operator=(const LoopbackReplay&) = delete;
  ~LoopbackReplay();

  /// The replay's start, milliseconds since 1970: when the row with due time 0 is due.
  [[nodiscard]] double epoch_ms() const { return epoch_ms_; }
  /// Hands on what was logged since; true while callers run.
  bool look(MeasuredRun& run);
  /// Processes that ended although they should not have: "the answerer of stockholm, euc1/1, ended (137)". Each is told once.
  std::vector<std::string> mishaps();

 private:
  struct Answerer {
    std::string name;
    ChildProcess process;
    bool told = false;
  };
  struct Caller {
    std::string name;
    std::uint16_t group;
    ChildProcess process;
    CallerLog log;
    bool told = false;
  };
  void start_answerers();
  void start_caller(const BundleShard& shard);
  [[nodiscard]] std::filesystem::path folder_of(std::uint16_t group) const;

  const OpenBundle& bundle_;
  std::filesystem::path work_;
  double epoch_ms_ = 0;
  std::vector<Answerer> answerers_;
  std::vector<Caller> callers_;
};

}  // namespace trunklab
