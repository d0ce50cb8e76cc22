// Several processes that play a bundle together: rank 0 leads, each plays its share of the calls.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/ranks/ranks.hpp"
#include "traffic/load/caller_log.hpp"

namespace trunklab::cli {

/// Milliseconds since 1970, by this machine's clock.
double unix_ms_now();

/// What rank 0 knows of the others. Alone it does nothing.
class LoadLeader {
 public:
  /// Of nobody.
  LoadLeader() = default;
  /// Of all other ranks. `ranks` must outlive it.
  explicit LoadLeader(Ranks& ranks);
  /// Whoever is still at it hangs up and goes.
  ~LoadLeader();
  LoadLeader(const LoadLeader&) = delete;
  LoadLeader& operator=(const LoadLeader&) = delete;

  /// Waits until all are ready, asks for their clocks, and tells each when the replay begins. Returns that instant by our own clock, at least
  /// `ahead` from now; says on stderr how far the clocks are apart. Throws std::runtime_error: a rank did not get ready.
  double begin(Span ahead);
  /// Hands on what the others have logged since, by our clock, and what went wrong there.
  void look(const std::function<void(std::uint16_t group, const CallerLine& line)>& take, const std::function<void(const std::string& text)>& mishap);
  /// Once: no further calls. Twice: hang up.
  void tell_stop();
  /// Are any of the others still at it?
  [[nodiscard]] bool anybody() const;
  /// Ranks that fell silent.
  [[nodiscard]] std::vector<int> lost() const;

 private:
  struct Member {
    int rank = 0;
    bool ready = false;
    bool over = false;
    bool lost = false;
    double ahead_ms = 0;  ///< its clock, against ours
    std::chrono::steady_clock::time_point heard{};
  };
  void wait_until_ready();
  void compare_clocks();
  Member& member(int rank) { return members_[static_cast<std::size_t>(rank - 1)]; }

  Ranks* ranks_ = nullptr;
  std::vector<Member> members_;
};

/// What another rank tells rank 0.
class LoadMember {
 public:
  explicit LoadMember(Ranks& ranks) : ranks_(ranks) {}

  /// Says that we are ready and waits for the replay's start, by our clock; 0: there will be none.
  double wait_for_start(const std::function<bool()>& give_up);
  void log(std::uint16_t group, const std::string& line);
  void mishap(const std::string& text);
  /// Sends what was logged; looks whether to stop: 0 no, 1 no further calls, 2 hang up.
  int look();
  /// The last word.
  void over();

 private:
  Ranks& ranks_;
  std::string lines_;
  int stops_ = 0;
};

}  // namespace trunklab::cli
