// The terminal: a progress line on stderr where a person watches, and Ctrl-C.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace trunklab::cli {

/// Catches SIGINT, SIGTERM and SIGHUP while it lives: the first asks the run to stop, the second ends the process as usual.
class StopSignals {
 public:
  enum class Second : std::uint8_t { ends_us, counts };
  /// What a second signal does.
  explicit StopSignals(Second second = Second::ends_us);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  [[nodiscard]] const std::atomic<bool>& stop() const;
  /// How many signals came.
  [[nodiscard]] int count() const;
  /// 128 + the signal's number, once one came.
  [[nodiscard]] std::optional<int> exit_code() const;
};

/// `[#######-------]  47 %  1,234,567 calls  2.1 M calls/s  ETA 12 s`, rewritten in place; nothing where stderr is no terminal.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  void show(double share, std::uint64_t calls);
  void clear();

 private:
  bool watched_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point last_;
};

/// A person may be watching stderr: it is a terminal.
bool stderr_is_watched();

/// Colours are for a terminal that is not asked to do without (NO_COLOR).
bool stdout_has_colour();

}  // namespace trunklab::cli
