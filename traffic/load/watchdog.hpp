// A process that does what the runner would have done, should somebody kill it.
#pragma once

#include <sys/types.h>

#include <functional>

namespace trunklab {

/// Waits in a process of its own. If we are killed, it does `last_will` and ends; if we are done, it just ends. Signals of the terminal do not reach
/// it.
class Watchdog {
 public:
  /// Forks: `last_will` sees everything as it is now, and must not throw. Throws std::runtime_error if no process can be made. To be made before
  /// there are threads.
  explicit Watchdog(const std::function<void()>& last_will);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  /// Lets it end and waits for it.
  ~Watchdog();

 private:
  pid_t id_ = -1;
  int line_ = -1;
};

}  // namespace trunklab
