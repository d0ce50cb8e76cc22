// A group of servers with one queue in front, first come first served: an edge's workers, a backend's, the agents of a contact centre.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "models/units.hpp"

namespace trunklab {

/// Works out at the arrival of a customer when its service will begin and end; nothing has to happen in between. This is exact as long as
/// customers come in the order of time and a service, once promised, is not cut short.
/// Source: J. Kiefer and J. Wolfowitz, On the theory of queues with many servers, Trans. AMS 78 (1955) 1.
class ServerQueue {
 public:
  struct Turn {
    Instant begins;
    Instant ends;
  };
  /// servers >= 1; `queue` = how many may wait (nullopt = any number).
  explicit ServerQueue(std::uint32_t servers, std::optional<std::uint32_t> queue = std::nullopt);

  /// A customer who comes at `now` (never before the last one) and needs `service` of a server. nullopt: the queue is full.
  std::optional<Turn> admit(Instant now, Span service) { return admit(now, service, never); }
  /// The same for one who leaves at `patience_end` unless service has begun by then; nullopt then too. Who will leave is in the queue until then.
  std::optional<Turn> admit(Instant now, Span service, Instant patience_end);

  /// From `now` on services take so many times as long: for those who come later. Who has been promised a turn keeps it (an approximation, since
  /// nothing happens in the queue that could be moved), but the queue behind them is worked off at the new speed. factor > 0.
  void stretch(Instant now, double factor);
  /// Everybody is gone, servers and queue are empty.
  void clear();
  /// How many are there at `now`, those in service included. `now` never goes back.
  [[nodiscard]] std::size_t present(Instant now);

 private:
  using Earliest = std::priority_queue<Instant, std::vector<Instant>, std::greater<>>;
  std::uint32_t servers_;
  std::optional<std::uint32_t> queue_;
  Earliest free_at_;  ///< of each server that has ever worked
  Earliest leaving_;  ///< of all who may still be there; kept only if the queue is limited
};

}  // namespace trunklab
