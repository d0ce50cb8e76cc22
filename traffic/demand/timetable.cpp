// Merging the demands' streams by a heap of their next calls.
#include "traffic/demand/timetable.hpp"

#include <algorithm>
#include <set>

namespace trunklab {

Luck demand_luck(const Scenario& scenario, const DemandSpec& demand, std::uint32_t replication) {
  return {scenario.seed, "demand/" + demand.name, replication};
}

Result<Timetable> Timetable::open(const Scenario& scenario, std::uint32_t replication) {
  Timetable table;
  Problems problems;
  std::set<std::uint64_t> owners;
  for (const DemandSpec& demand : scenario.demands) {
    if (!owners.insert(name_hash("demand/" + demand.name)).second) {
      problems.push_back({scenario.path, "demand '" + demand.name + "' with the luck of another", "another name"});
    }
    const auto number = static_cast<std::uint16_t>(table.sources_.size());
    auto stream = open_stream(demand, number, demand_luck(scenario, demand, replication), scenario.horizon.duration);
    if (stream) {
      table.sources_.push_back({.stream = std::move(stream).value(), .chunk = {}});
    } else {
      problems.insert(problems.end(), stream.problems().begin(), stream.problems().end());
    }
  }
  if (!problems.empty()) return problems;
  for (std::uint16_t source = 0; source < table.sources_.size(); ++source) {
    if (table.sources_[source].refill()) table.heap_.push_back(source);
  }
  std::ranges::make_heap(table.heap_, [&table](std::uint16_t left, std::uint16_t right) { return table.before(right, left); });
  table.find_head();
  return table;
}

bool Timetable::Source::refill() {
  next = 0;
  stream->fill(chunk);
  return !chunk.empty();
}

bool Timetable::before(std::uint16_t left, std::uint16_t right) const {
  const Instant at_left = sources_[left].chunk[sources_[left].next].at;
  const Instant at_right = sources_[right].chunk[sources_[right].next].at;
  return at_left != at_right ? at_left < at_right : left < right;
}

void Timetable::find_head() {
  head_ = heap_.empty() ? nullptr : &sources_[heap_.front()].chunk[sources_[heap_.front()].next];
}

void Timetable::pop() {
  const auto later_first = [this](std::uint16_t left, std::uint16_t right) { return before(right, left); };
  const bool several = heap_.size() > 1;
  if (several) std::ranges::pop_heap(heap_, later_first);
  Source& source = sources_[heap_.back()];
  if (++source.next < source.chunk.size() || source.refill()) {
    if (several) std::ranges::push_heap(heap_, later_first);
  } else {
    heap_.pop_back();
  }
  find_head();
}

}  // namespace trunklab
