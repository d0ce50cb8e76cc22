// Starting by posix_spawnp, reading two pipes at once, never waiting for ever.
#include "tests/cli/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace trunklab {

namespace {

/// Made so that only the wanted end survives in the program.
std::array<int, 2> open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return ends;
}

void close_end(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

/// Reads what is there. false: the end, or enough of it.
bool read_some(int descriptor, std::string& text, std::size_t bytes_max) {
  std::array<char, 65536> buffer{};
  const auto bytes = read(descriptor, buffer.data(), std::min(buffer.size(), bytes_max - text.size()));
  if (bytes <= 0) return false;
  text.append(buffer.data(), static_cast<std::size_t>(bytes));
  return text.size() < bytes_max;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, Launch launch) : launch_(std::move(launch)) {
  std::vector<std::string> words = launch_.with;
  words.emplace_back(TRUNKLAB_BINARY_DIR "/trunklab");
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  auto out = open_pipe();
  auto err = open_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (launch_.out.empty()) {
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, launch_.out.c_str(), O_WRONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  if (!launch_.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, launch_.folder.c_str());
  const int problem = posix_spawnp(&pid_, argv.front(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close_end(out[1]);
  close_end(err[1]);
  out_ = out[0];
  err_ = err[0];
  if (problem != 0) throw std::runtime_error("cannot start " + words.front());
}

Program::~Program() {
  close_end(out_);
  close_end(err_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Program::signal(int number) const {
  kill(pid_, number);
}

bool Program::running() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

Ended Program::wait() {
  Ended ended;
  const auto until = std::chrono::steady_clock::now() + launch_.deadline;
  while (out_ >= 0 || err_ >= 0) {
    std::array<pollfd, 2> ends{{{.fd = out_, .events = POLLIN, .revents = 0}, {.fd = err_, .events = POLLIN, .revents = 0}}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0 || poll(ends.data(), ends.size(), static_cast<int>(left.count())) <= 0) {
      ended.hung = true;
      kill(pid_, SIGKILL);
      break;
    }
    if (ends[0].revents != 0 && !read_some(out_, ended.out, launch_.out_bytes_max)) close_end(out_);
    if (ends[1].revents != 0 && !read_some(err_, ended.err, std::string::npos)) close_end(err_);
  }
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  return ended;
}

Ended run_trunklab(const std::vector<std::string>& arguments, const Launch& launch) {
  return Program(arguments, launch).wait();
}

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace trunklab
