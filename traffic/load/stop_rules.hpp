// When a replay has to stop by itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/units.hpp"
#include "traffic/load/measured_run.hpp"

namespace trunklab {

/// What is left out never stops anything.
struct StopRules {
  /// Refusals of an attempt with one of these codes: credentials that are wrong, a cap.
  std::vector<std::uint16_t> codes{};
  bool byes = false;                            ///< a BYE that nobody answered
  std::optional<double> failed{};               ///< a larger share than this of the last recent_calls calls failed
  std::optional<Span> late{};                   ///< a first INVITE left so much after its due time: this machine is too slow
  std::optional<std::uint64_t> at_once{};       ///< more calls than this are up
  std::optional<std::int64_t> until_ns{};       ///< the window is over; nanoseconds since 1970
  std::optional<std::filesystem::path> file{};  ///< it exists
};

/// Why to stop now, in words; empty: go on. Looks at the file and the clock.
std::string reason_to_stop(const StopRules& rules, const LoadCounts& counts);

}  // namespace trunklab
