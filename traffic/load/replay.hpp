// Plays a bundle: SIPp callers for the call files, and answerers on 127.0.0.1 if nobody else answers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "traffic/load/child_process.hpp"
#include "traffic/load/destination.hpp"
#include "traffic/load/open_bundle.hpp"
#include "traffic/load/replay_logs.hpp"

namespace trunklab {

/// SIPp processes, all in the work folder. All are gone when it is destroyed; if we are killed, the kernel ends them.
class Replay {
 public:
  /// Starts the answerers, if it needs any. Throws std::runtime_error: no SIPp, no free port, a process that did not start, a folder that cannot be
  /// written.
  Replay(const OpenBundle& bundle, const Destination& destination, const std::filesystem::path& work);

  /// Starts the callers. `epoch_ms`: when the row with due time 0 is due, milliseconds since 1970; calls are created bundle.lead before. Once.
  void start(double epoch_ms);
  [[nodiscard]] double epoch_ms() const { return epoch_ms_; }
  /// Do any callers run?
  bool running();
  /// Does the caller that sends from this port run?
  bool runs(std::uint16_t port);
  ReplayLogs& logs() { return logs_; }
  /// From now on no further call is begun. Throws std::runtime_error.
  void withhold() const;
  /// Ends all processes at once, whatever calls they have.
  void kill();
  /// Processes that ended although they should not have: "the answerer of stockholm, euc1/1, ended (137)". Each is told once.
  std::vector<std::string> mishaps();

 private:
  struct Process {
    std::string name;
    std::uint16_t port = 0;
    ChildProcess process;
    bool told = false;
  };
  void start_answerers();
  void start_caller(const BundleShard& shard);
  std::vector<std::string> common_words(const ReplayGroup& group, const std::string& ip, std::uint16_t port,
                                        const std::filesystem::path& errors) const;
  /// Where the shard's SIPp finds the targets.
  [[nodiscard]] std::filesystem::path set_of(const BundleShard& shard) const;
  void write_targets(const BundleShard& shard, const std::vector<SipAddress>& addresses) const;

  const OpenBundle& bundle_;
  const Destination& destination_;
  std::filesystem::path work_;
  double epoch_ms_ = 0;
  std::vector<Process> answerers_;
  std::vector<Process> callers_;
  ReplayLogs logs_;
};

/// A port of this address that is free for UDP and TCP now. Throws std::runtime_error if none is.
std::uint16_t free_sip_port(const std::string& ip);

}  // namespace trunklab
