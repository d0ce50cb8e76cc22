// The timetable: every call of the run in time order, streamed and merged over the demands, never held whole.
#pragma once

#include <memory>
#include <vector>

#include "models/result.hpp"
#include "scenarios/scenario.hpp"
#include "traffic/demand/stream.hpp"

namespace trunklab {

class Timetable {
 public:
  /// Opens every demand of the scenario for this replication. Problems: a trace file that cannot be read.
  static Result<Timetable> open(const Scenario& scenario, std::uint32_t replication);

  /// The next call, or nullptr after the last one. Calls at the same instant come in the order of their demands.
  /// Stays valid until pop().
  [[nodiscard]] const PlannedCall* peek() const { return head_; }
  void pop();

 private:
  struct Source {
    std::unique_ptr<CallStream> stream;
    std::vector<PlannedCall> chunk;
    std::size_t next = 0;
    bool refill();
  };
  Timetable() = default;
  [[nodiscard]] bool before(std::uint16_t left, std::uint16_t right) const;
  void find_head();

  std::vector<Source> sources_;
  std::vector<std::uint16_t> heap_;  ///< sources with calls left; the one with the earliest call on top
  const PlannedCall* head_ = nullptr;
};

/// The luck of a demand, under the name that it keeps for ever.
Luck demand_luck(const Scenario& scenario, const DemandSpec& demand, std::uint32_t replication);

}  // namespace trunklab
