// Work shared by rank 0 among all ranks, itself included: whoever is free gets the next piece; what a dead rank had is given to another.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/ranks/ranks.hpp"

namespace trunklab::cli {

/// A piece that could not be done, on this rank or another; what() says why. The sweep ends.
class PieceFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a piece at work is given.
struct Breath {
  std::function<void()> breathe;            ///< to be called now and then: messages are looked at
  const std::atomic<bool>* stop = nullptr;  ///< once set, the piece shall end without a result
};

struct CrewWork {
  std::vector<std::uint32_t> pieces;  ///< still to do, in the order in which they are begun
  /// Does a piece; empty if it was stopped. Throws if it cannot be done.
  std::function<std::vector<std::uint8_t>(std::uint32_t piece, const Breath& breath)> run;
  /// On rank 0, for every piece once or more often: a rank that was taken for dead may answer yet.
  std::function<void(std::uint32_t piece, int rank, const std::vector<std::uint8_t>& result)> take;
  /// On rank 0, now and then.
  std::function<void()> on_progress;
  std::chrono::milliseconds lost_after{60'000};  ///< a rank that is silent for so long is taken for dead
  const std::atomic<bool>* stop = nullptr;       ///< the user's wish
};

/// How it ended, on every rank.
struct CrewEnd {
  bool complete = true;  ///< false: stopped
  int lost = 0;          ///< ranks that died, as rank 0 knows; on another rank: 1 if rank 0 fell silent
};

/// Runs the whole of it. Throws PieceFailed on rank 0; the others end quietly.
CrewEnd run_crew(Ranks& ranks, const CrewWork& work);

}  // namespace trunklab::cli
