// Callers and what became of them in the end: a redial is not another caller.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "scenarios/scenario.hpp"
#include "sim/sinks.hpp"

namespace trunklab {

/// Of a site, within what was counted.
struct Served {
  std::int64_t callers = 0;     ///< calls offered, redials left out
  std::int64_t not_served = 0;  ///< callers whose last try was blocked, failed, lost in set-up or given up by them
  std::int64_t cut_off = 0;     ///< talks that were dropped, or hung up in vain; those that went on at the start included
};

/// Counts calls offered, and talks ended, from `from` on. A caller who dials again is judged by the last try alone, whatever the order of the rows.
class ServedCount : public NoSink {
 public:
  ServedCount(const Scenario& scenario, Instant from);
  void calls(std::span<const CallRecord> rows) override;
  [[nodiscard]] const Served& of(std::uint16_t site) const { return sites_.at(site); }

 private:
  struct Try {
    std::uint8_t redial = 0;
    bool lost = false;
  };
  void judge(const CallRecord& call, bool lost);

  Instant from_;
  std::vector<bool> redialled_;                               ///< by demand: callers may dial again
  std::vector<std::unordered_map<std::uint64_t, Try>> last_;  ///< by demand, of callers whose last try so far was lost or a redial
  std::vector<Served> sites_;
};

}  // namespace trunklab
