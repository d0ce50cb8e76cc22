// A failover study for people and for scripts: the table of all faults, what one of them did in detail, the measures of each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/fault_spec.hpp"
#include "models/measures/fault_impact.hpp"
#include "models/measures/fault_watch.hpp"
#include "models/measures/measure.hpp"
#include "models/record/record.hpp"

namespace trunklab {

/// Another setting, and what it and the present one made of replication 0.
struct BetterSetting {
  std::string setting;  ///< "probe every 10 s, down after 2"
  std::string key;      ///< the same in one word: "probe-10s"
  FaultImpact as_it_is;
  FaultImpact better;
};

/// One fault of the catalogue.
struct FailoverRow {
  std::string id;     ///< "crash-euc1-1"
  std::string title;  ///< "the host of euc1/1 dies: silence"
  std::vector<FaultSpec> faults;
  std::vector<FaultImpact> impacts;        ///< a replication's: all faults of the row taken together; at least one
  std::vector<std::uint16_t> concerned{};  ///< sites that could see it: by their probes, or the name's health check
  FaultNotice notice;
  std::optional<BetterSetting> best{};
};

/// A row in figures, means over its replications.
struct FailoverFigures {
  double hit = 0, lost = 0, late = 0, cut = 0, stuck = 0;  ///< calls
  double failover_s = 0;
  bool not_before_repair = false;  ///< in one of them at least
  double return_s = 0;
  std::optional<double> seen_s;  ///< the earliest of the sites that could see it; nullopt: none did
  std::string best;              ///< "probe-10s -27" calls lost, "probe-10s -68s" of failover, "probe-10s -3 hit"; empty: none is better
  [[nodiscard]] bool harmless() const { return hit == 0; }
};
FailoverFigures figures_of(const FailoverRow& row);

/// A line a fault, at most 100 columns wide where the ids allow it, and what its signs mean. `longest`: the objective for the failover.
std::string failover_table(std::span<const FailoverRow> rows, std::optional<Span> longest);

/// Sentences beyond the finding: who saw it and when, what callers heard, what the sites logged, ghosts, load of the edges.
/// The directory knows how the sites are set up.
std::string failover_details(const FailoverRow& row, const Directory& directory);

/// Measures of a row, entity "fault/<id>": those of summarise_impacts(), calls_dropped, ghosts, double_rings, attempts_per_call; detection_s of
/// "fault/<id>/site/NAME" where it was seen; cps_max, concurrent_max of "fault/<id>/edge/NAME" and the same with _after for the time after the
/// repair; calls_lost_best and failover_s_best (note: the setting). Figures of the notice are means without interval.
std::vector<Measure> failover_measures(const FailoverRow& row, const Directory& directory);

/// Mean failover is longer than the objective.
bool misses(const FailoverRow& row, Span longest);

}  // namespace trunklab
