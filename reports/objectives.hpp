// Whether the objectives were met.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/measures/measure.hpp"
#include "models/measures/objectives.hpp"
#include "models/record/record.hpp"

namespace trunklab {

/// One objective against what was measured.
struct Verdict {
  enum class Kind : std::uint8_t {
    met,
    missed,
    not_judged,  ///< there was nothing to judge by, which is no success
    last = not_judged,
  };
  Kind kind = Kind::met;
  std::string name;    ///< of the measure: "blocking", "asr", "failover_s"
  std::string entity;  ///< "total", "fault/0"
  std::string text;    ///< "blocking 0.2 %, at most 1 %"
  bool operator==(const Verdict&) const = default;
};

/// "met", "missed", "not judged".
std::string_view word(Verdict::Kind kind);

/// A verdict for each objective; for the failover, one for each fault of the directory. An outage that lasted until the run's end (`horizon_end`) was
/// longer than anybody saw, and misses.
std::vector<Verdict> judge(const Objectives& objectives, const Directory& directory, std::span<const Measure> measures, Instant horizon_end);

/// Nothing was missed, and everything could be judged.
bool all_met(std::span<const Verdict> verdicts);

/// A line each: "objective missed: failover of euc1/1 crash 72 s, at most 10 s".
std::string verdicts_text(std::span<const Verdict> verdicts);

}  // namespace trunklab
