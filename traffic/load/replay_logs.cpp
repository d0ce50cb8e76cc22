// Following logs.
#include "traffic/load/replay_logs.hpp"

#include <fmt/format.h>

#include <fstream>

#include "traffic/load/work_folder.hpp"

namespace trunklab {

namespace {

constexpr const char* list_name = "callers.txt";

}  // namespace

void ReplayLogs::add(std::uint16_t group, std::uint16_t port, const std::filesystem::path& log) {
  callers_.push_back({.group = group, .port = port, .path = log, .log = CallerLog(log)});
}

void ReplayLogs::look(const std::function<void(std::uint16_t group, std::uint16_t port, const std::string& line)>& take) {
  for (Caller& each : callers_) {
    for (std::string line; each.log.next(line);) take(each.group, each.port, line);
  }
}

void ReplayLogs::keep(const std::filesystem::path& work, double epoch_ms) const {
  std::string text = fmt::format("{:.3f}\n", epoch_ms);
  for (const Caller& each : callers_) text += fmt::format("{} {} {}\n", each.group, each.port, each.path.string());
  write_private_file(work / list_name, text);
}

bool ReplayLogs::find(const std::filesystem::path& work, double& epoch_ms) {
  std::ifstream stream(work / list_name);
  if (!(stream >> epoch_ms)) return false;
  std::uint16_t group = 0;
  std::uint16_t port = 0;
  std::string path;
  while (stream >> group >> port && stream.get() == ' ' && std::getline(stream, path)) add(group, port, path);
  return !callers_.empty();
}

}  // namespace trunklab
