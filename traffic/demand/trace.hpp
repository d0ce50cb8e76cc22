// Calls of a call file, cut to a window, scaled and put into time order.
#pragma once

#include <vector>

#include "models/demand_spec.hpp"
#include "models/result.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

/// One call of a trace, as it will be played.
struct TracedCall {
  Instant at;
  Span talk{};
  std::uint32_t row = 0;   ///< row of the file below the heading line, from 0
  std::uint32_t copy = 0;  ///< 0 = the call itself; 1, 2, ... = added by scaling
  bool operator==(const TracedCall&) const = default;
};

/// Reads the file whole (24 bytes a call: real call records are often sorted by their end). Rows outside the window or past `horizon` and rows
/// that `where` leaves out are skipped. Scaling: floor(scale) copies of every call and one more with the chance of the fraction, drawn for
/// each row by itself. Problems: `file:line:column` of every row that cannot be read, at most 20 of them.
Result<std::vector<TracedCall>> read_trace(const TraceArrivals& spec, const Luck& luck, Span horizon);

}  // namespace trunklab
