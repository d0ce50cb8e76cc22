// Waiting for the runner's end.
#include "traffic/load/watchdog.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace trunklab {

namespace {

/// Until the other end says that it is done (true), or is gone (false).
bool is_done(int line) {
  char word = 0;
  ssize_t size = 0;
  do {
    size = read(line, &word, 1);
  } while (size < 0 && errno == EINTR);
  return size == 1;
}

}  // namespace

Watchdog::Watchdog(const std::function<void()>& last_will) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error(fmt::format("no pipe can be made: {}", std::strerror(errno)));
  id_ = fork();
  if (id_ < 0) {
    const int error = errno;
    close(ends[0]);
    close(ends[1]);
    throw std::runtime_error(fmt::format("no process can be made: {}", std::strerror(error)));
  }
  if (id_ == 0) {
    close(ends[1]);
    setsid();
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) std::signal(number, SIG_IGN);
    if (!is_done(ends[0])) last_will();
    _exit(0);
  }
  close(ends[0]);
  line_ = ends[1];
}

Watchdog::~Watchdog() {
  const char done = 'd';
  [[maybe_unused]] const ssize_t told = write(line_, &done, 1);  // if it is gone already, there is nobody to be told
  close(line_);
  while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace trunklab
