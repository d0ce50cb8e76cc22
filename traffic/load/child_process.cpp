// Starting and ending programs.
#include "traffic/load/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace trunklab {

namespace {

constexpr int no_program = 127;  // as a shell has it

/// In the child, before the program begins: only what is safe after fork.
[[noreturn]] void become(char* const* words, const char* folder, const char* output, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(no_program);  // it died meanwhile
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (input < 0 || log < 0 || chdir(folder) != 0) _exit(no_program);
  dup2(input, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execvp(words[0], words);
  _exit(no_program);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& words, const std::filesystem::path& folder, const std::filesystem::path& output) {
  std::vector<std::string> copies = words;
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& each : copies) pointers.push_back(each.data());
  pointers.push_back(nullptr);
  const pid_t parent = getpid();
  id_ = fork();
  if (id_ < 0) throw std::runtime_error(fmt::format("{} cannot be started: {}", words.front(), std::strerror(errno)));
  if (id_ == 0) become(pointers.data(), folder.c_str(), output.c_str(), parent);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : id_(std::exchange(other.id_, -1)), code_(other.code_) {}

ChildProcess::~ChildProcess() {
  if (id_ < 0 || ended()) return;
  kill(id_, SIGKILL);
  int status = 0;
  while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
}

std::optional<int> ChildProcess::ended() {
  if (code_) return code_;
  int status = 0;
  if (waitpid(id_, &status, WNOHANG) != id_) return std::nullopt;
  constexpr int by_signal = 128;
  code_ = WIFSIGNALED(status) ? by_signal + WTERMSIG(status) : WEXITSTATUS(status);
  return code_;
}

void ChildProcess::signal(int number) {
  if (!ended()) kill(id_, number);
}

}  // namespace trunklab
