// Runs the built program as a user's shell would, and keeps what it wrote and how it ended.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace trunklab {

/// How a program ended.
struct Ended {
  int code = -1;      ///< exit code, or -1 if a signal ended it
  int signal = 0;     ///< that signal, or 0
  bool hung = false;  ///< it had to be killed at the deadline
  std::string out;
  std::string err;
};

struct Launch {
  std::filesystem::path folder;                 ///< working folder; empty: this one
  std::filesystem::path out;                    ///< a file that takes stdout instead of a pipe; empty: pipe
  std::size_t out_bytes_max = std::size_t(-1);  ///< stdout is closed after so many bytes, as `head` does
  std::chrono::seconds deadline{60};
  std::vector<std::string> with{};  ///< words in front of the program: "env", "X=1", "mpirun", "-n", "2"
};

/// A run of the program that has been started.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments, Launch launch = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  void signal(int number) const;
  [[nodiscard]] bool running() const;
  /// Reads both pipes to their ends and waits. Once.
  Ended wait();

 private:
  Launch launch_;
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

/// Starts and waits.
Ended run_trunklab(const std::vector<std::string>& arguments, const Launch& launch = {});

/// The names of all files in a folder, sorted.
std::vector<std::string> files_in(const std::filesystem::path& folder);

}  // namespace trunklab
