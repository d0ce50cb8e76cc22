// The loss system without any simulator: a loop over the best event queues we know. What the simulator's speed is measured against.
#include <algorithm>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

#include "tests/bench/loss_system.hpp"

namespace trunklab::bench {
namespace {

enum class Kind : std::uint32_t { arrival, release };

struct Event {
  double at_s;
  Kind kind;
};

/// A heap with four children a node: half as deep as a binary one, and the four share a cache line.
class FourAryHeap {
 public:
  explicit FourAryHeap(const LossSystem& system) { events_.reserve(system.channels + 2U); }

  void push(const Event& event) {
    std::size_t hole = events_.size();
    events_.push_back(event);
    for (; hole > 0; hole = (hole - 1) / 4) {
      const Event& parent = events_[(hole - 1) / 4];
      if (parent.at_s <= event.at_s) break;
      events_[hole] = parent;
    }
    events_[hole] = event;
  }

  Event pop() {
    const Event first = events_.front();
    const Event last = events_.back();
    events_.pop_back();
    if (!events_.empty()) sink(last);
    return first;
  }

 private:
  void sink(const Event& event) {
    std::size_t hole = 0;
    for (;;) {
      const std::size_t child = 4 * hole + 1;
      if (child >= events_.size()) break;
      const std::size_t earliest = earliest_of(child, std::min(child + 4, events_.size()));
      if (events_[earliest].at_s >= event.at_s) break;
      events_[hole] = events_[earliest];
      hole = earliest;
    }
    events_[hole] = event;
  }

  [[nodiscard]] std::size_t earliest_of(std::size_t from, std::size_t to) const {
    std::size_t earliest = from;
    for (std::size_t i = from + 1; i < to; ++i) {
      if (events_[i].at_s < events_[earliest].at_s) earliest = i;
    }
    return earliest;
  }

  std::vector<Event> events_;
};

/// Buckets of equal width with about one release in the nearest ones; the last holds what comes later modulo their number.
/// It is told the traffic, and so never has to adapt.
class BucketedCalendar {
 public:
  explicit BucketedCalendar(const LossSystem& system)
      : first_(std::bit_ceil(std::size_t{system.channels} * buckets_per_channel), nothing),
        mask_(first_.size() - 1),
        per_second_(std::max(system.calls_per_second(), 1.0)) {
    nodes_.reserve(system.channels + 2U);
  }

  void push(const Event& event) {
    const std::uint32_t node = new_node();
    const std::uint64_t bucket = bucket_of(event.at_s);
    nodes_[node] = {.event = event, .bucket = bucket, .next = first_[bucket & mask_]};
    first_[bucket & mask_] = node;
  }

  Event pop() {
    for (;; ++today_) {
      std::uint32_t* link = earliest_of_today();
      if (link == nullptr) continue;
      const std::uint32_t node = *link;
      *link = nodes_[node].next;
      nodes_[node].next = free_;
      free_ = node;
      return nodes_[node].event;
    }
  }

 private:
  static constexpr std::size_t buckets_per_channel = 2;
  static constexpr std::uint32_t nothing = 0xFFFFFFFF;
  struct Node {
    Event event;
    std::uint64_t bucket;
    std::uint32_t next;
  };

  [[nodiscard]] std::uint64_t bucket_of(double at_s) const { return static_cast<std::uint64_t>(at_s * per_second_); }

  std::uint32_t new_node() {
    if (free_ != nothing) return std::exchange(free_, nodes_[free_].next);
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  std::uint32_t* earliest_of_today() {
    std::uint32_t* earliest = nullptr;
    double earliest_s = std::numeric_limits<double>::infinity();
    for (std::uint32_t* link = &first_[today_ & mask_]; *link != nothing; link = &nodes_[*link].next) {
      const Node& node = nodes_[*link];
      if (node.bucket != today_ || node.event.at_s >= earliest_s) continue;
      earliest = link;
      earliest_s = node.event.at_s;
    }
    return earliest;
  }

  std::vector<std::uint32_t> first_;
  std::uint64_t mask_;
  double per_second_;
  std::vector<Node> nodes_;
  std::uint32_t free_ = nothing;
  std::uint64_t today_ = 0;
};

template <class Queue>
Ledger simulate(const LossSystem& system) {
  Ledger ledger(system);
  StandardLuck luck(system);
  Queue queue(system);
  std::uint32_t busy = luck.busy_at_start(system);
  for (std::uint32_t call = 0; call < busy; ++call) queue.push({luck.holding_s(), Kind::release});
  queue.push({luck.gap_s(), Kind::arrival});
  while (!ledger.complete()) {
    const Event event = queue.pop();
    if (event.kind == Kind::release) {
      --busy;
      continue;
    }
    const bool blocked = busy == system.channels;
    ledger.offered(blocked);
    if (!blocked) {
      ++busy;
      queue.push({event.at_s + luck.holding_s(), Kind::release});
    }
    queue.push({event.at_s + luck.gap_s(), Kind::arrival});
  }
  return ledger;
}

}  // namespace
}  // namespace trunklab::bench

int main(int /*argc*/, char** argv) {
  const auto system = trunklab::bench::loss_system_from(argv);
  trunklab::bench::simulate<trunklab::bench::FourAryHeap>(system).report_as("bare-heap");
  trunklab::bench::simulate<trunklab::bench::BucketedCalendar>(system).report_as("bare-calendar");
}
