// Promising turns.
#include "models/server_queue.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace trunklab {

ServerQueue::ServerQueue(std::uint32_t servers, std::optional<std::uint32_t> queue) : servers_(servers), queue_(queue) {
  assert(servers >= 1);
}

std::optional<ServerQueue::Turn> ServerQueue::admit(Instant now, Span service, Instant patience_end) {
  if (queue_ && present(now) >= std::size_t{servers_} + *queue_) return std::nullopt;
  const bool idle = free_at_.size() < servers_;
  const Instant begins = idle ? now : std::max(now, free_at_.top());
  if (begins > patience_end) {
    if (queue_) leaving_.push(patience_end);
    return std::nullopt;
  }
  if (!idle) free_at_.pop();
  const Turn turn{.begins = begins, .ends = later(begins, service)};
  free_at_.push(turn.ends);
  if (queue_) leaving_.push(turn.ends);
  return turn;
}

void ServerQueue::stretch(Instant now, double factor) {
  const auto stretched = [&](Earliest& instants) {
    Earliest moved;
    for (; !instants.empty(); instants.pop()) {
      const Instant at = instants.top();
      moved.push(at <= now ? at : now + from_seconds(in_seconds(at - now) * factor));
    }
    instants = std::move(moved);
  };
  stretched(free_at_);
  stretched(leaving_);
}

void ServerQueue::clear() {
  free_at_ = {};
  leaving_ = {};
}

std::size_t ServerQueue::present(Instant now) {
  while (!leaving_.empty() && leaving_.top() <= now) leaving_.pop();
  return leaving_.size();
}

}  // namespace trunklab
