// A short run that stands for a part of a long one.
#pragma once

#include <algorithm>
#include <vector>

#include "scenarios/scenario.hpp"
#include "sim/sinks.hpp"

namespace trunklab {

// All ours:
inline constexpr Span piece_lead = std::chrono::minutes{2};  ///< simulated before a fault
inline constexpr Span piece_tail = std::chrono::minutes{5};  ///< simulated behind the part that counts, so that its last calls are decided
inline constexpr int piece_talks = 10;                       ///< mean talks: least length of a sample, and of what runs before it from an empty start

/// The longest mean talk time of the demands; at least 1 s.
Span longest_talk(const Scenario& scenario);

/// How long after its end a fault may still be felt: hold-downs, probes, cached names, media and session time-outs, redials, and five mean talks more
/// (ours).
Span settling_of(const Scenario& scenario);

/// The scenario from `from` to `until`, which may lie beyond its horizon, with these faults (instants of the scenario) and luck of its own. It starts
/// in the steady state or, where rates vary or the scenario has a warm-up, empty and ten mean talks early; its warm-up ends at `from`.
Scenario piece_of(const Scenario& scenario, Instant from, Instant until, const std::vector<FaultSpec>& faults, std::uint64_t luck);

/// Hands on the rows of calls offered, and attempts sent, before `until`; and all of what was there at the start. `goes_on`: those who still talk at
/// the end of the piece will hang up in peace.
class Until : public PassOn {
 public:
  Until(RunSink& next, Instant until, bool goes_on) : PassOn(next), until_(until), goes_on_(goes_on) {}
  void calls(std::span<const CallRecord> rows) override {
    keep(rows, calls_, [this](const CallRecord& call) { return call.offered < until_; });
    for (CallRecord& call : calls_) {
      if (goes_on_ && call.outcome == Outcome::answered && call.ending == Ending::in_progress) call.ending = Ending::normal;
    }
    PassOn::calls(calls_);
  }
  void attempts(std::span<const Attempt> rows) override {
    keep(rows, attempts_, [this](const Attempt& attempt) { return attempt.sent < until_; });
    PassOn::attempts(attempts_);
  }
  void ghosts(std::span<const Ghost> rows) override {
    keep(rows, ghosts_, [this](const Ghost& ghost) { return ghost.given_up < until_; });
    PassOn::ghosts(ghosts_);
  }

 private:
  template <class Row, class Wanted>
  static void keep(std::span<const Row> rows, std::vector<Row>& kept, const Wanted& wanted) {
    kept.clear();
    std::ranges::copy_if(rows, std::back_inserter(kept), wanted);
  }
  Instant until_;
  bool goes_on_;
  std::vector<CallRecord> calls_;
  std::vector<Attempt> attempts_;
  std::vector<Ghost> ghosts_;
};

}  // namespace trunklab
