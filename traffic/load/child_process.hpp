// A program that was started by us, and that does not outlive us.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace trunklab {

/// One running program, in a process group of its own, so that Ctrl-C at the terminal reaches us alone. The kernel kills it if we die, whatever
/// kills us. The destructor kills it and waits.
class ChildProcess {
 public:
  /// Starts `words` (the program is looked up in PATH) in `folder`; what it prints goes to `output`. Throws std::runtime_error naming the program
  /// if no process can be made. A program that does not exist ends at once with 127.
  ChildProcess(const std::vector<std::string>& words, const std::filesystem::path& folder, const std::filesystem::path& output);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  /// nullopt: it is running. Else its exit code, or 128 + the signal that ended it.
  std::optional<int> ended();
  /// Does nothing once it has ended.
  void signal(int number);
  [[nodiscard]] pid_t id() const { return id_; }

 private:
  pid_t id_ = -1;
  std::optional<int> code_;
};

}  // namespace trunklab
