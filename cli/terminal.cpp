// Progress and signals.
#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <locale>
#include <string>

namespace trunklab::cli {

namespace {

std::atomic<bool> stop_requested{false};
std::atomic<int> signal_received{0};
std::atomic<int> signals_received{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free, "used in a signal handler");

extern "C" void on_signal(int number) {
  signal_received = number;
  ++signals_received;
  stop_requested = true;
}

void catch_signal(int number, StopSignals::Second second) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  if (second == StopSignals::Second::ends_us) action.sa_flags |= static_cast<int>(SA_RESETHAND);
  sigaction(number, &action, nullptr);
}

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3) digits.insert(static_cast<std::size_t>(place), ",");
  return digits;
}

std::string rate_text(double per_second) {
  if (per_second >= 1e6) return fmt::format("{:.1f} M calls/s", per_second / 1e6);
  if (per_second >= 1e3) return fmt::format("{:.0f} k calls/s", per_second / 1e3);
  return fmt::format("{:.0f} calls/s", per_second);
}

}  // namespace

StopSignals::StopSignals(Second second) {
  stop_requested = false;
  signal_received = 0;
  signals_received = 0;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) catch_signal(number, second);
}

StopSignals::~StopSignals() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGHUP, SIG_DFL);
}

int StopSignals::count() const {
  return signals_received;
}

const std::atomic<bool>& StopSignals::stop() const {
  return stop_requested;
}

std::optional<int> StopSignals::exit_code() const {
  const int number = signal_received;
  return number == 0 ? std::nullopt : std::optional<int>(128 + number);
}

ProgressLine::ProgressLine() : watched_(stderr_is_watched()), begun_(std::chrono::steady_clock::now()), last_(begun_) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::show(double share, std::uint64_t calls) {
  const auto now = std::chrono::steady_clock::now();
  constexpr auto between = std::chrono::milliseconds{100};
  if (!watched_ || now - last_ < between) return;
  last_ = now;
  shown_ = true;
  constexpr int width = 30;
  const int filled = std::clamp(static_cast<int>(share * width), 0, width);
  const double elapsed = std::chrono::duration<double>(now - begun_).count();
  const std::string eta = share > 0.01 ? fmt::format("ETA {:.0f} s", elapsed * (1 - share) / share) : "";
  const std::string done = calls > 0 ? fmt::format("{} calls  {}  ", with_commas(calls), rate_text(static_cast<double>(calls) / elapsed)) : "";
  fmt::print(stderr, "\r\x1b[K[{:#>{}}{:->{}}] {:3.0f} %  {}{}", "", filled, "", width - filled, share * 100, done, eta);
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  shown_ = false;
}

bool stderr_is_watched() {
  return isatty(STDERR_FILENO) == 1;
}

bool stdout_has_colour() {
  return isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
}

}  // namespace trunklab::cli
