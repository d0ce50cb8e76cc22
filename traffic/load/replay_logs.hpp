// All that the callers of a replay have logged, for whoever follows it: the runner, or the watchdog after it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "traffic/load/caller_log.hpp"

namespace trunklab {

class ReplayLogs {
 public:
  /// Of a caller that was started from this port.
  void add(std::uint16_t group, std::uint16_t port, const std::filesystem::path& log);
  /// Hands on the lines that are new: of which group, sent from which port.
  void look(const std::function<void(std::uint16_t group, std::uint16_t port, const std::string& line)>& take);

  /// Writes which callers there are and when the replay began into the work folder. Throws std::runtime_error.
  void keep(const std::filesystem::path& work, double epoch_ms) const;
  /// Reads it; false: no caller had been started.
  bool find(const std::filesystem::path& work, double& epoch_ms);

 private:
  struct Caller {
    std::uint16_t group;
    std::uint16_t port;
    std::filesystem::path path;
    CallerLog log;
  };
  std::vector<Caller> callers_;
};

}  // namespace trunklab
