// One replication of a scenario: the call plane and the control plane under SimGrid's clock. No SimGrid header above sim/platform.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "models/measures/media_seen.hpp"
#include "models/measures/tally.hpp"
#include "models/record/record.hpp"
#include "models/result.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab {

/// The control plane's actors, for experiments (and tests) that leave some out.
enum class Role : std::uint8_t { fault_injector, health_check, prober, cap_watch };

struct RunOptions {
  std::uint32_t replication = 0;
  bool with_faults = true;  ///< false: the undisturbed twin, same timetable, same random faults
  std::vector<Role> left_out = {};
  const std::atomic<bool>* stop = nullptr;  ///< set by Ctrl-C: the run ends within 1024 call events
  Span heartbeat{};                         ///< > 0: on_heartbeat is called so often in simulated time; changes nothing else
  std::function<void(Instant now, std::uint64_t offered)> on_heartbeat = {};
};

/// What is known at the end besides the records.
struct RunEnd {
  bool complete = false;  ///< false: stopped by the user; the records reach up to `reached`
  Instant reached;
  std::uint64_t offered = 0;
  std::uint64_t events = 0;           ///< handled by the call plane
  std::uint64_t messages_served = 0;  ///< by edges that may be busy
  std::uint64_t messages_lost = 0;    ///< by them, for want of room
  std::size_t bytes_max = 0;          ///< of the call plane: calls and calendar
  Occupancy total;
  std::vector<Occupancy> sites;
  std::vector<Occupancy> edges;
  MediaSeen media;  ///< empty if no media was modelled
};

/// Runs one replication; all records go to `sink` (which gets no begin_replication from here). Problems: a trace that cannot be read.
/// Throws what an actor or the sink threw, after the run has been ended cleanly.
Result<RunEnd> run_once(const Scenario& scenario, const RunOptions& options, RunSink& sink);

/// When a site's prober, or a region's health check (no site), first looks at an edge: its phase within the interval, drawn per replication.
Span probe_phase(const Scenario& scenario, std::uint32_t replication, std::uint16_t site, EdgeIndex edge);
Span health_check_phase(const Scenario& scenario, std::uint32_t replication, EdgeIndex edge);

/// A cap of `sessions` (>= 1) raises an alarm at this many (80 %, ours) and is armed again at or below the second (70 %, ours; always below the
/// first).
std::uint32_t alarm_level(std::uint32_t sessions);
std::uint32_t calm_level(std::uint32_t sessions);

}  // namespace trunklab
