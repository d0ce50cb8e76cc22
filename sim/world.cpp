// Changes of the world.
#include "sim/world.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace trunklab {

namespace {

constexpr std::size_t logged_rows = 512;

/// The sites or edges that a fault names; none named = all.
template <class Index, class Visit>
void each_of(const std::vector<Index>& named, std::size_t count, const Visit& visit) {
  std::ranges::for_each(named, visit);
  for (std::size_t index = 0; named.empty() && index < count; ++index) visit(static_cast<Index>(index));
}

}  // namespace

World::World(const Scenario& scenario, RunSink& sink)
    : scenario_(scenario),
      sink_(sink),
      active_(scenario.faults.size() + scenario.random_faults.size(), false),
      edges_(scenario.service.edges.size()),
      paths_(scenario.sites.size(), std::vector<Path>(scenario.service.edges.size())),
      names_(scenario.service.regions.size()),
      sites_(scenario.sites.size()),
      marked_down_(scenario.sites.size(), std::vector<bool>(scenario.service.edges.size(), false)) {
  constexpr std::uint16_t ok = 200;
  for (Edge& edge : edges_) edge.answers.push_back({.from = Instant::min(), .value = ok});
  for (auto& row : paths_) {
    for (Path& path : row) path.seen.push_back({.from = Instant::min(), .value = {}});
  }
  for (const RegionSpec& region : scenario.service.regions) healthy_.push_back(static_cast<TargetSet>((1U << region.edges.size()) - 1U));
}

void World::apply(const RunEvent& event) {
  assert(event.at >= last_);
  last_ = event.at;
  switch (event.kind) {
    case EventKind::fault_began:
    case EventKind::fault_ended: return set_fault(event);
    case EventKind::health_down: set_healthy(event.edge, false); break;
    case EventKind::health_up: set_healthy(event.edge, true); break;
    case EventKind::probe_down:
    case EventKind::probe_up:
      marked_down_[event.site][event.edge] = event.kind == EventKind::probe_down;
      ++probe_version_;
      break;
    case EventKind::trigger: break;
    case EventKind::edge_crashed:
    case EventKind::edge_recovered:
    case EventKind::media_ordered:
    case EventKind::media_ready:
    case EventKind::media_draining:
    case EventKind::media_removed: assert(false && "an edge is lost by a fault, media addresses are the call plane's"); break;
  }
  log(event);
}

void World::log(const RunEvent& event) {
  log_.push_back(event);
  if (log_.size() >= logged_rows) flush();
}

void World::flush() {
  if (!log_.empty()) sink_.events(log_);
  log_.clear();
}

const FaultSpec& World::fault(std::size_t index) const {
  return index < scenario_.faults.size() ? scenario_.faults[index] : scenario_.random_faults[index - scenario_.faults.size()];
}

void World::set_fault(const RunEvent& event) {
  const auto index = static_cast<std::size_t>(event.value);
  const bool begins = event.kind == EventKind::fault_began;
  assert(active_[index] != begins);
  active_[index] = begins;
  if (fault(index).kind != FaultKind::crash) log(event);  // a crash is told edge by edge
  refresh(event.at);
}

void World::refresh(Instant at) {
  std::vector<EdgeState> before;
  for (Edge& edge : edges_) before.push_back(std::exchange(edge.state, EdgeState{}));
  for (auto& row : paths_) {
    for (Path& path : row) path.state = {};
  }
  const std::vector<NameState> names_before = std::exchange(names_, std::vector<NameState>(names_.size()));
  backend_ = {};
  std::ranges::fill(sites_, SiteState{});
  dead_.clear();
  paths_in_trouble_ = false;
  for (std::size_t index = 0; index < active_.size(); ++index) {
    if (active_[index]) add(fault(index));
  }
  for (std::size_t region = 0; region < names_.size(); ++region) {
    const bool was_frozen = names_before[region].is_frozen;
    names_[region].frozen = was_frozen ? names_before[region].frozen : healthy_[region];
  }
  for (auto& row : paths_) {
    for (Path& path : row) note(path.seen, at, path.state);
  }
  for (std::size_t i = 0; i < edges_.size(); ++i) {
    Edge& edge = edges_[i];
    const std::uint16_t answer = edge.state.silent ? 0 : edge.state.draining ? scenario_.service.drain.options_code : 200;
    note(edge.answers, at, answer);
    if (edge.state.silent == before[i].silent) continue;
    if (edge.state.silent) {
      edge.crashed = at;
      edge.crash_was_of_process = edge.state.refuses_tcp;
    }
    log({.at = at, .kind = edge.state.silent ? EventKind::edge_crashed : EventKind::edge_recovered, .edge = static_cast<EdgeIndex>(i)});
  }
}

template <class Value>
void World::note(std::vector<Seen<Value>>& seen, Instant at, const Value& value) {
  constexpr std::size_t kept = 64;
  if (seen.back().value == value) return;
  if (seen.size() >= kept) seen.erase(seen.begin(), seen.begin() + kept / 2);
  seen.push_back({.from = at, .value = value});
}

/// A change at `at` itself comes after it.
template <class Value>
Value World::value_at(const std::vector<Seen<Value>>& seen, Instant at) {
  auto last = std::ranges::lower_bound(seen, at, {}, &Seen<Value>::from);
  return last == seen.begin() ? last->value : std::prev(last)->value;
}

void World::add(const FaultSpec& fault) {
  switch (fault.kind) {
    case FaultKind::crash:
    case FaultKind::drain:
    case FaultKind::overload:
    case FaultKind::grey: return add_to_edges(fault);
    case FaultKind::path_down:
    case FaultKind::path_loss: return add_to_paths(fault);
    case FaultKind::dns: return add_to_names(fault);
    case FaultKind::callback: return add_to_backend(fault);
    case FaultKind::destination: return dead_.push_back({.prefix = fault.destination, .code = fault.code});
    case FaultKind::secret: return each_of(fault.sites, sites_.size(), [this](std::uint16_t site) { sites_[site].secret_fits = false; });
    case FaultKind::site_down: return each_of(fault.sites, sites_.size(), [this](std::uint16_t site) { sites_[site].down = true; });
    case FaultKind::media: return;  // the call plane loses the address
  }
}

void World::add_to_edges(const FaultSpec& fault) {
  for (const EdgeIndex index : fault.edges) {
    EdgeState& edge = edges_[index].state;
    if (fault.kind == FaultKind::drain) edge.draining = true;
    if (fault.kind == FaultKind::overload) edge.slowness *= fault.factor;
    if (fault.kind == FaultKind::grey) edge.grey = {.effect = fault.grey, .share = fault.share.value(), .code = fault.code, .delay = fault.delay};
    if (fault.kind != FaultKind::crash) continue;
    const bool host_lives = fault.mode == CrashMode::process;
    edge.refuses_tcp = host_lives && (!edge.silent || edge.refuses_tcp);
    edge.silent = true;
  }
}

void World::add_to_paths(const FaultSpec& fault) {
  paths_in_trouble_ = true;
  each_of(fault.sites, sites_.size(), [&](std::uint16_t site) {
    each_of(fault.edges, edges_.size(), [&](EdgeIndex edge) {
      PathState& path = paths_[site][edge].state;
      if (fault.kind == FaultKind::path_down) path.down = true;
      if (fault.kind == FaultKind::path_loss) path.loss = 1 - (1 - path.loss) * (1 - fault.share.value());
    });
  });
}

void World::add_to_names(const FaultSpec& fault) {
  each_of(fault.regions, names_.size(), [&](std::uint16_t region) {
    names_[region].is_frozen = names_[region].is_frozen || fault.dns == DnsEffect::frozen;
    names_[region].fault = fault.dns;
    names_[region].delay = fault.delay;
  });
}

void World::add_to_backend(const FaultSpec& fault) {
  switch (fault.callback) {
    case CallbackEffect::down:
      backend_.primary_down = true;
      backend_.fallback_down = backend_.fallback_down || fault.factor == 0;
      break;
    case CallbackEffect::errors: backend_.errors = std::max(backend_.errors, fault.share.value()); break;
    case CallbackEffect::slow: backend_.slowness *= fault.factor; break;
  }
}

bool World::media_failed(std::uint16_t region, std::uint16_t address) const {
  for (std::size_t index = 0; index < active_.size(); ++index) {
    const FaultSpec& each = fault(index);
    if (active_[index] && each.kind == FaultKind::media && each.address == address && each.regions.front() == region) return true;
  }
  return false;
}

std::optional<std::uint16_t> World::dead(std::uint16_t demand, std::uint8_t destination) const {
  if (dead_.empty()) return std::nullopt;
  const auto& destinations = scenario_.demands[demand].destinations;
  if (destination >= destinations.size()) return std::nullopt;
  const auto found = std::ranges::find(dead_, destinations[destination].prefix, &DeadPrefix::prefix);
  return found == dead_.end() ? std::nullopt : std::optional(found->code);
}

void World::set_healthy(EdgeIndex edge, bool healthy) {
  const std::uint16_t region = scenario_.service.region_of_edge[edge];
  const auto& edges = scenario_.service.regions[region].edges;
  const auto place = static_cast<unsigned>(std::ranges::find(edges, edge) - edges.begin());
  const auto bit = static_cast<TargetSet>(1U << place);
  healthy_[region] = static_cast<TargetSet>(healthy ? healthy_[region] | bit : healthy_[region] & ~bit);
}

World::Sight World::sight(EdgeIndex edge, std::optional<std::uint16_t> site, Instant at) const {
  Sight sight;
  sight.code = value_at(edges_[edge].answers, at);
  if (!site) return sight;
  const PathState path = value_at(paths_[*site][edge].seen, at);
  if (path.down) sight.code = 0;
  sight.loss = path.loss;
  return sight;
}

double World::mean_loss(std::uint16_t site, EdgeIndex edge, Instant from, Instant until) const {
  const auto& seen = paths_[site][edge].seen;
  if (seen.size() == 1) return 0;
  if (until <= from) return seen.back().value.loss;
  double lost_s = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Instant begins = std::max(from, seen[i].from);
    const Instant ends = i + 1 < seen.size() ? std::min(until, seen[i + 1].from) : until;
    if (ends > begins) lost_s += seen[i].value.loss * in_seconds(ends - begins);
  }
  return std::min(1.0, lost_s / in_seconds(until - from));
}

Instant World::changed(EdgeIndex edge, std::optional<std::uint16_t> site) const {
  Instant last = run_start - Span{1};
  if (const auto& answers = edges_[edge].answers; answers.size() > 1) last = std::max(last, answers.back().from);
  if (!site) return last;
  if (const auto& seen = paths_[*site][edge].seen; seen.size() > 1) last = std::max(last, seen.back().from);
  return last;
}

}  // namespace trunklab
