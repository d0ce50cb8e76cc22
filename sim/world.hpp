// The state of the service and of what its watchers believe: read by the call plane, changed by the control plane only, through apply().
#pragma once

#include <optional>
#include <vector>

#include "models/record/record.hpp"
#include "scenarios/scenario.hpp"

namespace trunklab {

/// What INVITEs meet at an edge that is grey.
struct Grey {
  GreyEffect effect = GreyEffect::error;
  double share = 0;  ///< of INVITEs; 0 = the edge is sound
  std::uint16_t code = 0;
  Span delay{};
};

struct EdgeState {
  bool silent = false;       ///< nothing leaves it
  bool refuses_tcp = false;  ///< its process is gone, its host is not
  bool draining = false;
  double slowness = 1;  ///< factor on its service times
  Grey grey;
};

/// Between a site and an edge, in both directions.
struct PathState {
  bool down = false;
  double loss = 0;  ///< probability that a message is lost
  bool operator==(const PathState&) const = default;
};

struct NameState {
  std::optional<DnsEffect> fault;
  Span delay{};
  bool is_frozen = false;  ///< whatever else is wrong
  TargetSet frozen = 0;    ///< what the health check believed when answers froze
};

struct BackendState {
  bool primary_down = false;
  bool fallback_down = false;
  double errors = 0;
  double slowness = 1;
};

class World {
 public:
  /// Events go to `sink` in blocks, and the rest at flush().
  World(const Scenario& scenario, RunSink& sink);

  /// Makes a change at `event.at` and logs it. Instants never go back.
  void apply(const RunEvent& event);
  void flush();

  [[nodiscard]] const EdgeState& edge(EdgeIndex edge) const { return edges_[edge].state; }
  /// Nothing leaves the edge any more, as of the change last applied.
  [[nodiscard]] bool silent(EdgeIndex edge) const { return edges_[edge].state.silent; }
  /// What a probe sees that passes at `at`, which may be a little in the past: a change at that very instant comes after it.
  struct Sight {
    std::uint16_t code = 200;  ///< the answer to OPTIONS; 0 = none
    double loss = 0;           ///< of a message on the way
  };
  /// nullopt as site: the name's health check, which knows nothing of anybody's paths.
  [[nodiscard]] Sight sight(EdgeIndex edge, std::optional<std::uint16_t> site, Instant at) const;
  /// When that last changed; run_start - 1 ns if never.
  [[nodiscard]] Instant changed(EdgeIndex edge, std::optional<std::uint16_t> site) const;
  /// When it last fell silent; Instant::min() if never.
  [[nodiscard]] Instant crashed(EdgeIndex edge) const { return edges_[edge].crashed; }
  /// What fell silent then was the process alone: the host closed its connections.
  [[nodiscard]] bool crash_was_of_process(EdgeIndex edge) const { return edges_[edge].crash_was_of_process; }

  /// Some path is down or loses messages.
  [[nodiscard]] bool paths_in_trouble() const { return paths_in_trouble_; }
  [[nodiscard]] const PathState& path(std::uint16_t site, EdgeIndex edge) const { return paths_[site][edge].state; }
  /// Share of packets lost on that path, mean over [from, until], of the times that are remembered (the last 32 changes at least).
  [[nodiscard]] double mean_loss(std::uint16_t site, EdgeIndex edge, Instant from, Instant until) const;
  [[nodiscard]] const NameState& name(std::uint16_t region) const { return names_[region]; }
  [[nodiscard]] const BackendState& backend() const { return backend_; }
  /// Some fault that is active takes this media address away.
  [[nodiscard]] bool media_failed(std::uint16_t region, std::uint16_t address) const;
  [[nodiscard]] bool secret_fits(std::uint16_t site) const { return sites_[site].secret_fits; }
  [[nodiscard]] bool site_down(std::uint16_t site) const { return sites_[site].down; }
  /// A dead destination: its final code, or 0 for silence; nullopt = it lives.
  [[nodiscard]] std::optional<std::uint16_t> dead(std::uint16_t demand, std::uint8_t destination) const;

  /// Which edges of a region its health check believes in; bit i = the i-th edge of the region.
  [[nodiscard]] TargetSet healthy(std::uint16_t region) const { return healthy_[region]; }
  /// Has the site's prober marked the edge down?
  [[nodiscard]] bool marked_down(std::uint16_t site, EdgeIndex edge) const { return marked_down_[site][edge]; }
  /// Counts up whenever a site's prober changes its mind, so that readers may keep what they worked out.
  [[nodiscard]] std::uint32_t probe_version() const { return probe_version_; }

 private:
  /// What is so from an instant on. Only the last ones are kept: probes do not look back for longer than their time-out.
  template <class Value>
  struct Seen {
    Instant from;
    Value value;
  };
  template <class Value>
  static void note(std::vector<Seen<Value>>& seen, Instant at, const Value& value);
  template <class Value>
  static Value value_at(const std::vector<Seen<Value>>& seen, Instant at);
  struct Edge {
    EdgeState state;
    Instant crashed = Instant::min();
    bool crash_was_of_process = false;
    std::vector<Seen<std::uint16_t>> answers;  ///< to OPTIONS
  };
  struct Path {
    PathState state;
    std::vector<Seen<PathState>> seen;
  };
  struct SiteState {
    bool down = false;
    bool secret_fits = true;
  };
  [[nodiscard]] const FaultSpec& fault(std::size_t index) const;
  void set_fault(const RunEvent& event);
  /// Works the state out anew from the faults that are active.
  void refresh(Instant at);
  void add(const FaultSpec& fault);
  void add_to_edges(const FaultSpec& fault);
  void add_to_paths(const FaultSpec& fault);
  void add_to_names(const FaultSpec& fault);
  void add_to_backend(const FaultSpec& fault);
  void set_healthy(EdgeIndex edge, bool healthy);
  void log(const RunEvent& event);

  const Scenario& scenario_;
  RunSink& sink_;
  std::vector<bool> active_;  ///< faults at known instants, then random ones
  std::vector<Edge> edges_;
  std::vector<std::vector<Path>> paths_;  ///< [site][edge]
  std::vector<NameState> names_;
  BackendState backend_;
  std::vector<SiteState> sites_;
  struct DeadPrefix {
    std::string prefix;
    std::uint16_t code = 0;
  };
  std::vector<DeadPrefix> dead_;
  bool paths_in_trouble_ = false;
  std::vector<TargetSet> healthy_;
  std::vector<std::vector<bool>> marked_down_;
  std::uint32_t probe_version_ = 0;
  Instant last_ = run_start;
  std::vector<RunEvent> log_;
};

}  // namespace trunklab
