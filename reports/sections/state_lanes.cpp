// Events of the record as stretches of states.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "models/record/words.hpp"
#include "reports/sections/time_chart.hpp"
#include "reports/sql_values.hpp"

namespace trunklab {
namespace {

/// More would be taller than a screen.
constexpr std::size_t lanes_max = 40;

/// What begins and ends together with its opposite.
struct Begin {
  EventKind kind;
  EventKind opposite;
  Tone tone;
  const char* state;
};
constexpr Begin begins[]{{EventKind::edge_crashed, EventKind::edge_recovered, Tone::bad, "down"},
                         {EventKind::health_down, EventKind::health_up, Tone::note, "out of the name"},
                         {EventKind::probe_down, EventKind::probe_up, Tone::note, "seen down"},
                         {EventKind::fault_began, EventKind::fault_ended, Tone::bad, "fault"},
                         {EventKind::media_draining, EventKind::media_removed, Tone::note, "draining"}};

class Lanes {
 public:
  explicit Lanes(const RunRecord& record) : record_(record) {
    SQLite::Statement query(
        record.database(),
        "SELECT at, kind, edge, site, value FROM events WHERE replication = 0 AND at BETWEEN 0 AND (SELECT horizon_ns FROM run) ORDER BY at, rowid");
    while (query.executeStep()) {
      const EdgeIndex edge = query.getColumn(2).isNull() ? no_edge : static_cast<EdgeIndex>(query.getColumn(2).getInt());
      take({.at = run_start + Span{query.getColumn(0).getInt64()},
            .kind = enum_in<EventKind>(query.getColumn(1)),
            .edge = edge,
            .site = static_cast<std::uint16_t>(query.getColumn(3).getInt()),
            .value = std::clamp(query.getColumn(4).getDouble(), 0.0, 65'535.0)});
    }
  }

  [[nodiscard]] std::vector<Lane> lanes() {
    const Span end = record_.info().horizon;
    std::vector<Lane> list;
    for (auto& [key, open] : open_) {
      if (open.began) open.lane.stretches.push_back({.from = *open.began, .until = end, .state = open.state, .tone = open.tone});
      if (list.size() < lanes_max) list.push_back(std::move(open.lane));
    }
    return list;
  }

 private:
  using Key = std::tuple<EventKind, EdgeIndex, std::uint16_t, int>;
  struct Open {
    Lane lane;
    std::optional<Span> began{};
    std::string state{};
    Tone tone = Tone::bad;
  };

  [[nodiscard]] std::string name_of(const Begin& begin, const RunEvent& event) const {
    const Directory& directory = record_.directory();
    const std::string edge = event.edge == no_edge ? "" : directory.edges.at(event.edge).name;
    switch (begin.kind) {
      case EventKind::edge_crashed: return "edge " + edge;
      case EventKind::health_down: return "health check of " + edge;
      case EventKind::probe_down:
        return directory.sites.size() == 1 ? "probe of " + edge : fmt::format("probe {} {}", directory.sites.at(event.site), edge);
      case EventKind::media_draining:
        return fmt::format("media address {} of {}", event.value + 1, directory.regions.at(directory.edges.at(event.edge).region));
      default: break;
    }
    const auto fault = static_cast<std::size_t>(event.value);
    if (fault < directory.faults.size()) return directory.faults[fault].text;
    const std::size_t random = fault - directory.faults.size();
    return random < directory.random_faults.size() ? directory.random_faults[random] : "fault";
  }

  void take(const RunEvent& event) {
    for (const Begin& begin : begins) {
      if (event.kind != begin.kind && event.kind != begin.opposite) continue;
      const bool probe = begin.kind == EventKind::probe_down;
      const bool numbered = begin.kind == EventKind::fault_began || begin.kind == EventKind::media_draining;
      const Key key{begin.kind, event.edge, probe ? event.site : std::uint16_t{0}, numbered ? static_cast<int>(event.value) : 0};
      const auto found = open_.find(key);
      if (event.kind == begin.kind) {
        Open& open =
            found != open_.end() ? found->second : open_.emplace(key, Open{.lane = {.name = name_of(begin, event), .stretches = {}}}).first->second;
        if (!open.began) open.began = event.at - run_start;
        open.state = begin.state;
        open.tone = begin.tone;
      } else if (found != open_.end() && found->second.began) {
        Open& open = found->second;
        open.lane.stretches.push_back({.from = *open.began, .until = event.at - run_start, .state = open.state, .tone = open.tone});
        open.began.reset();
      }
    }
  }

  const RunRecord& record_;
  std::map<Key, Open> open_;
};

}  // namespace

std::vector<Lane> state_lanes(const RunRecord& record) {
  return Lanes(record).lanes();
}

}  // namespace trunklab
