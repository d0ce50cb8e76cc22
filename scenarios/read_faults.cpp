// Reads `faults:` and `objectives:`.
#include <map>

#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr Span run_max = 36'525 * day;

std::optional<Instant> read_at(Reading& reading, const YamlNode& node, const Horizon& horizon) {
  const std::optional<Span> at = reading.span(node, 0s, run_max);
  if (!at) return std::nullopt;
  if (horizon.duration > Span{0} && *at >= horizon.duration) {
    reading.mistake(node.place, described(node), "an instant inside the horizon of " + span_text(horizon.duration));
  }
  return run_start + *at;
}

std::optional<FaultSpec> read_fault(Reading& reading, const YamlNode& node, const Service& service, const Horizon& horizon) {
  const Fields fields(reading, node, "a fault", {"at", "for", "edge", "kind"});
  const YamlNode* const at_word = fields.need("at", "the instant of the fault, such as 2h");
  const YamlNode* const edge_word = fields.need("edge", "the edge that is lost, such as euc1/1");
  const YamlNode* const kind_word = fields.need("kind", "crash");
  const YamlNode* const for_word = fields.find("for");
  const std::optional<Instant> at = at_word ? read_at(reading, *at_word, horizon) : std::nullopt;
  const std::optional<Span> duration = for_word ? reading.span(*for_word, 1ms, run_max) : std::nullopt;
  const std::optional<std::size_t> edge = edge_word ? find_named(reading, *edge_word, service.edges) : std::nullopt;
  const std::optional<FaultKind> kind = kind_word ? reading.choice(*kind_word, {"crash"}, {FaultKind::crash}) : std::nullopt;
  if (!at || !edge || !kind || (for_word && !duration)) return std::nullopt;
  FaultSpec fault;
  fault.kind = *kind;
  fault.at = *at;
  fault.duration = duration;
  fault.edges.push_back(static_cast<EdgeIndex>(*edge));
  fault.name = service.edges[edge.value_or(0)].name + " crash";
  return fault;
}

/// Reports a fault that begins before an earlier one of the same edge is over, or at the same instant.
class Overlaps {
 public:
  void add(Reading& reading, Place place, const FaultSpec& fault, const std::string& edge) {
    const Instant end = fault.duration ? later(fault.at, *fault.duration) : never;
    auto& known = ends_[fault.edges.front()];
    const auto after = known.upper_bound(fault.at);
    const bool meets_next = after != known.end() && after->first <= end;
    const bool meets_last = after != known.begin() && std::prev(after)->second >= fault.at;
    if (meets_next || meets_last) reading.mistake(place, "a fault of " + edge + " that meets another one", "faults of an edge one after the other");
    known.emplace(fault.at, end);
  }

 private:
  std::map<EdgeIndex, std::map<Instant, Instant>> ends_;
};

}  // namespace

std::vector<FaultSpec> read_faults(Reading& reading, const YamlNode& node, const Service& service, const Horizon& horizon) {
  std::vector<FaultSpec> faults;
  Overlaps overlaps;
  for (const YamlNode& item : reading.list(node, "faults such as { at: 2h, for: 15min, edge: euc1/1, kind: crash }")) {
    const std::optional<FaultSpec> fault = read_fault(reading, item, service, horizon);
    if (!fault) continue;
    overlaps.add(reading, item.place, *fault, service.edges[fault->edges.front()].name);
    faults.push_back(*fault);
  }
  return faults;
}

Objectives read_objectives(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "objectives", {"blocking", "failover", "answer_seizure_ratio"});
  Objectives objectives;
  if (const YamlNode* blocking = fields.find("blocking")) set(objectives.blocking, reading.share(*blocking));
  if (const YamlNode* failover = fields.find("failover")) set(objectives.failover, reading.span(*failover, 0s, span_max));
  if (const YamlNode* ratio = fields.find("answer_seizure_ratio")) set(objectives.answer_seizure_ratio, reading.share(*ratio));
  return objectives;
}

}  // namespace trunklab
