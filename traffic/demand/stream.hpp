// One demand's calls in time order, drawn in chunks.
#pragma once

#include <memory>
#include <vector>

#include "models/planned_call.hpp"
#include "models/result.hpp"
#include "traffic/demand/luck.hpp"

namespace trunklab {

/// Arrivals restart at every window, so that any of them can be drawn without the ones before it.
inline constexpr Span arrival_window = std::chrono::seconds{60};

/// The calls of one demand. Each call of `fill` gives the next ones.
class CallStream {
 public:
  virtual ~CallStream() = default;
  /// Clears `chunk` and fills it with the next calls, in time order, fewer than `chunk_size` only at the end; empty: there are no more.
  virtual void fill(std::vector<PlannedCall>& chunk) = 0;
  static constexpr std::size_t chunk_size = 256;
};

/// Opens the stream of `demand` (its index is `number`), ending before `horizon`. A trace file is read here: its mistakes come back.
Result<std::unique_ptr<CallStream>> open_stream(const DemandSpec& demand, std::uint16_t number, const Luck& luck, Span horizon);

}  // namespace trunklab
