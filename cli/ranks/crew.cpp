// The two sides: rank 0, which hands out and works, and the others, which work.
#include "cli/ranks/crew.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <thread>

namespace trunklab::cli {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto heartbeat_every = 500ms;
constexpr auto nap = 1ms;
constexpr auto look_every = 5ms;  // at messages, while working: each look may give the processor away
constexpr auto patience = 5s;     // with ranks that shall end

std::vector<std::uint8_t> packed(std::uint32_t piece) {
  std::vector<std::uint8_t> bytes(sizeof piece);
  std::memcpy(bytes.data(), &piece, sizeof piece);
  return bytes;
}

std::uint32_t piece_of(const std::vector<std::uint8_t>& bytes) {
  std::uint32_t piece = 0;
  if (bytes.size() >= sizeof piece) std::memcpy(&piece, bytes.data(), sizeof piece);
  return piece;
}

/// Is it time for another look?
class Due {
 public:
  bool operator()() {
    const auto now = Clock::now();
    if (now - looked_ < look_every) return false;
    looked_ = now;
    return true;
  }

 private:
  Clock::time_point looked_ = Clock::now();
};

/// Rank 0.
class Foreman {
 public:
  Foreman(Ranks& ranks, const CrewWork& work) : ranks_(ranks), work_(work), left_(work.pieces.begin(), work.pieces.end()) {
    hands_.resize(static_cast<std::size_t>(ranks.size()));
    for (Hand& hand : hands_) hand.heard = Clock::now();
  }

  CrewEnd run() {
    try {
      while (!stopped() && !over()) {
        serve();
        if (left_.empty()) {
          std::this_thread::sleep_for(nap);
          continue;
        }
        const std::uint32_t piece = left_.front();
        left_.pop_front();
        const auto result = work_.run(piece, {.breathe = [this] { breathe(); }, .stop = &stop_});
        if (result.empty()) break;
        work_.take(piece, 0, result);
      }
    } catch (const std::exception& failure) {
      dismiss();
      throw PieceFailed(failure.what());
    }
    dismiss();
    return {.complete = over() && !stopped(), .lost = lost_};
  }

 private:
  struct Hand {
    bool alive = true;
    std::vector<std::uint32_t> has;
    Clock::time_point heard;
  };

  [[nodiscard]] bool stopped() const { return work_.stop != nullptr && *work_.stop; }

  /// Nothing is left, here or with anybody.
  [[nodiscard]] bool over() const {
    if (!left_.empty()) return false;
    for (const Hand& hand : hands_) {
      if (!hand.has.empty()) return false;
    }
    return true;
  }

  /// Takes in what has come, and sees to it that everybody has work.
  void serve() {
    while (auto message = ranks_.receive()) hear(*message);
    const auto now = Clock::now();
    for (int rank = 1; rank < ranks_.size(); ++rank) {
      Hand& hand = hands_[static_cast<std::size_t>(rank)];
      if (!hand.alive) continue;
      if (now - hand.heard > work_.lost_after) {
        lose(hand);
      } else if (hand.has.empty() && !left_.empty()) {
        hand.has.push_back(left_.front());
        left_.pop_front();
        ranks_.send(rank, Tag::work, packed(hand.has.back()));
      }
    }
    if (now - beaten_ > heartbeat_every) {
      beaten_ = now;
      for (int rank = 1; rank < ranks_.size(); ++rank) {
        if (hands_[static_cast<std::size_t>(rank)].alive) ranks_.send(rank, Tag::heartbeat);
      }
    }
    work_.on_progress();
    if (stopped()) stop_ = true;
  }

  /// While working.
  void breathe() {
    if (stopped() || due_()) serve();
  }

  void hear(const Message& message) {
    Hand& hand = hands_[static_cast<std::size_t>(message.from)];
    hand.heard = Clock::now();
    if (message.tag == Tag::stop) hand.alive = false;
    if (message.tag == Tag::failure) throw std::runtime_error(std::string(message.bytes.begin(), message.bytes.end()));
    if (message.tag != Tag::result) return;
    const std::uint32_t piece = piece_of(message.bytes);
    std::erase(hand.has, piece);
    work_.take(piece, message.from, {message.bytes.begin() + sizeof piece, message.bytes.end()});
  }

  void lose(Hand& hand) {
    hand.alive = false;
    ++lost_;
    ranks_.lose_one();
    left_.insert(left_.begin(), hand.has.begin(), hand.has.end());
    hand.has.clear();
  }

  void dismiss() {
    for (int rank = 1; rank < ranks_.size(); ++rank) {
      if (hands_[static_cast<std::size_t>(rank)].alive) ranks_.send(rank, Tag::stop, {static_cast<std::uint8_t>(lost_ > 0)});
    }
    // What they have finished is taken in until their last word.
    const auto until = Clock::now() + patience;
    while (anybody_there() && Clock::now() < until) {
      if (const auto message = ranks_.receive()) {
        if (message->tag != Tag::failure) hear(*message);
      } else {
        std::this_thread::sleep_for(nap);
      }
    }
    if (anybody_there()) ranks_.lose_one();
  }

  [[nodiscard]] bool anybody_there() const {
    return std::any_of(hands_.begin() + 1, hands_.end(), [](const Hand& hand) { return hand.alive; });
  }

  Ranks& ranks_;
  const CrewWork& work_;
  std::deque<std::uint32_t> left_;
  std::vector<Hand> hands_;
  Clock::time_point beaten_ = Clock::now();
  Due due_;
  std::atomic<bool> stop_ = false;
  int lost_ = 0;
};

/// Any other rank.
class Worker {
 public:
  Worker(Ranks& ranks, const CrewWork& work) : ranks_(ranks), work_(work) {}

  CrewEnd run() {
    while (!over_) {
      breathe();
      if (!has_work_) {
        std::this_thread::sleep_for(nap);
        continue;
      }
      has_work_ = false;
      std::vector<std::uint8_t> bytes = packed(piece_);
      try {
        const auto result = work_.run(piece_, {.breathe =
                                                   [this] {
                                                     if (due_()) breathe();
                                                   },
                                               .stop = &over_});
        if (result.empty()) break;
        bytes.insert(bytes.end(), result.begin(), result.end());
        ranks_.send(0, Tag::result, std::move(bytes));
      } catch (const std::exception& failure) {
        const std::string why = failure.what();
        ranks_.send(0, Tag::failure, {why.begin(), why.end()});
      }
    }
    ranks_.send(0, Tag::stop);
    return {.complete = true, .lost = lost_};
  }

 private:
  void breathe() {
    const auto now = Clock::now();
    while (auto message = ranks_.receive()) {
      heard_ = now;
      if (message->tag == Tag::work) {
        piece_ = piece_of(message->bytes);
        has_work_ = true;
      } else if (message->tag == Tag::stop) {
        over_ = true;
        if (!message->bytes.empty() && message->bytes.front() != 0) lose();
      }
    }
    if (now - beaten_ > heartbeat_every) {
      beaten_ = now;
      ranks_.send(0, Tag::heartbeat);
    }
    const bool stopped = work_.stop != nullptr && *work_.stop;
    if (stopped) over_ = true;
    if (now - heard_ > work_.lost_after) {
      over_ = true;
      lose();
    }
  }

  void lose() {
    lost_ = 1;
    ranks_.lose_one();
  }

  Ranks& ranks_;
  const CrewWork& work_;
  Clock::time_point heard_ = Clock::now();
  Clock::time_point beaten_ = Clock::now();
  Due due_;
  std::uint32_t piece_ = 0;
  bool has_work_ = false;
  std::atomic<bool> over_ = false;
  int lost_ = 0;
};

}  // namespace

CrewEnd run_crew(Ranks& ranks, const CrewWork& work) {
  return ranks.rank() == 0 ? Foreman(ranks, work).run() : Worker(ranks, work).run();
}

}  // namespace trunklab::cli
