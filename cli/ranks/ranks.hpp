// The processes that share a sweep's points or a replay's calls, and the messages between them: MPI where mpirun (or srun) started the program, else
// one process alone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace trunklab::cli {

enum class Tag : int {
  work = 1,   ///< rank 0 to another: a point to run
  result,     ///< the answer
  failure,    ///< or why there is none, in words
  heartbeat,  ///< either way: I am here
  stop,       ///< rank 0 to another: nothing more to do; back: the last word
  clock,      ///< rank 0 to another: what time is it? back: milliseconds since 1970
};

struct Message {
  int from = 0;
  Tag tag = Tag::heartbeat;
  std::vector<std::uint8_t> bytes{};
};

/// One in a process. No collective call is made between begin and end, so that a rank that dies holds up nobody.
class Ranks {
 public:
  /// Initialises MPI if this process was started as one of several.
  Ranks();
  /// Waits for all ranks, unless one has been lost.
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int size() const { return size_; }

  /// Returns at once. A message to a rank that died is lost.
  void send(int to, Tag tag, std::vector<std::uint8_t> bytes = {});
  /// The next message that is there, if any. Does not wait, not even for the rest of one that has begun to arrive.
  std::optional<Message> receive();
  /// A rank died: do not wait for it at the end.
  void lose_one() { lost_ = true; }

 private:
  struct Outbox;
  struct Inbox;
  int rank_ = 0;
  int size_ = 1;
  bool with_mpi_ = false;
  bool lost_ = false;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Inbox> inbox_;
};

/// What all ranks would say alike, only rank 0 says: on the others stdout and stderr are silent from here on.
void silence_all_but_first(const Ranks& ranks);

}  // namespace trunklab::cli
