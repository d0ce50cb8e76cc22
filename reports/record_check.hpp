// Is a run record sound? One that somebody else made, or changed, may hold anything.
#pragma once

#include <optional>
#include <string_view>

#include "models/record/record.hpp"
#include "reports/run_info.hpp"

namespace trunklab {

/// What is wrong with the heading or the directory: a time that cannot be, a name that is not there. nullopt: nothing.
std::optional<std::string_view> flaw_of(const RunInfo& info, const Directory& directory, const WallClock& wall);

/// Seconds that can be shown.
bool is_duration(double seconds);

/// Looks at rows: each throws std::out_of_range if the row names something that the directory does not have. The directory outlives this.
class RowCheck {
 public:
  explicit RowCheck(const Directory& directory) : directory_(directory) {}
  void operator()(const CallRecord& call) const;
  void operator()(const Attempt& attempt) const;
  void operator()(const Ghost& ghost) const;
  void operator()(const Hit& hit) const;
  void operator()(const RunEvent& event) const;
  void operator()(const Sample& sample) const;

 private:
  void check_call(const CallId& call) const;
  void check_edge(EdgeIndex edge) const;
  void check_cap(std::uint8_t cap) const;
  const Directory& directory_;
};

}  // namespace trunklab
