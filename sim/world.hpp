// The state of the service and of what its watchers believe: read by the call plane, changed by the control plane only, through apply().
#pragma once

#include <vector>

#include "models/record/record.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab {

class World {
 public:
  explicit World(const Scenario& scenario);

  /// Makes a change at `event.at` and logs it. Instants never go back.
  void apply(const RunEvent& event);

  /// Nothing leaves the edge any more, as of the change last applied.
  [[nodiscard]] bool silent(EdgeIndex edge) const { return edges_[edge].silent; }
  /// The same for a message that passes at `at` (now or in the past): a change at that very instant comes after it.
  [[nodiscard]] bool silent_at(EdgeIndex edge, Instant at) const;
  /// When the edge last changed; run_start - 1 ns if never.
  [[nodiscard]] Instant changed(EdgeIndex edge) const;

  /// Which edges of a region its health check believes in; bit i = the i-th edge of the region.
  [[nodiscard]] TargetSet healthy(std::uint16_t region) const { return healthy_[region]; }
  /// Which edges the site's prober has marked down, as a set over all edges of the service.
  [[nodiscard]] bool marked_down(std::uint16_t site, EdgeIndex edge) const { return marked_down_[site][edge]; }
  /// Counts up whenever a site's prober changes its mind, so that readers may keep what they worked out.
  [[nodiscard]] std::uint32_t probe_version() const { return probe_version_; }

  [[nodiscard]] const std::vector<RunEvent>& log() const { return log_; }

 private:
  struct Edge {
    bool silent = false;
    std::vector<Instant> changes;  ///< each turns `silent` over
  };
  void set_silent(EdgeIndex edge, Instant at, bool silent);
  void set_healthy(EdgeIndex edge, bool healthy);

  const Scenario& scenario_;
  std::vector<Edge> edges_;
  std::vector<TargetSet> healthy_;
  std::vector<std::vector<bool>> marked_down_;
  std::uint32_t probe_version_ = 0;
  std::vector<RunEvent> log_;
};

}  // namespace trunklab
