// Comparing two runs by the best of the methods that their records allow.
#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include "models/measures/summary.hpp"
#include "models/record/words.hpp"
#include "models/statistics/intervals.hpp"
#include "models/statistics/special.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/comparison.hpp"

namespace trunklab {
namespace {

using Key = std::pair<std::string, std::string>;  ///< a measure's name and its entity

std::string entity_of(const std::string& entity, const Directory& directory) {
  if (!entity.starts_with("fault/")) return entity;
  for (std::size_t fault = 0; fault < directory.faults.size(); ++fault) {
    if (entity == entity_name(directory, EntityKind::fault, static_cast<std::uint16_t>(fault))) return "fault/" + directory.faults[fault].text;
  }
  return entity;
}

/// What a record knows, by measure. Of several faults with the same text the first one counts.
class Known {
 public:
  explicit Known(const RunRecord& record) : record_(record), measures_(known_measures(record)) {
    for (const Measure& measure : measures_) by_key_.try_emplace(key_of(measure), &measure);
    if (!record.complete()) return;  // a replication that was cut short is none to count on
    for (const auto& replication : record.replication_measures()) {
      std::map<Key, double> values;
      for (const Measure& measure : replication) values.try_emplace(key_of(measure), measure.mean);
      for (const auto& [key, value] : values) replications_[key].push_back(value);
    }
  }

  [[nodiscard]] const std::vector<Measure>& measures() const { return measures_; }
  [[nodiscard]] Key key_of(const Measure& measure) const { return {measure.name, entity_of(measure.entity, record_.directory())}; }
  [[nodiscard]] std::uint64_t seed() const { return record_.info().seed; }

  /// nullptr: it has no such measure.
  [[nodiscard]] const Measure* find(const Key& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
  }

  /// A value each replication; empty unless there are at least two and every one has the measure.
  [[nodiscard]] std::span<const double> replications(const Key& key) const {
    const auto found = replications_.find(key);
    if (found == replications_.end() || found->second.size() < 2 || found->second.size() != record_.info().replications) return {};
    return found->second;
  }

 private:
  const RunRecord& record_;
  std::vector<Measure> measures_;
  std::map<Key, const Measure*> by_key_;
  std::map<Key, std::vector<double>> replications_;
};

void set(Difference& difference, Basis basis, const Interval& interval) {
  difference.basis = basis;
  difference.low = interval.low;
  difference.high = interval.high;
}

Interval paired_interval(std::span<const double> first, std::span<const double> other) {
  std::vector<double> changes;
  for (std::size_t replication = 0; replication < first.size(); ++replication) changes.push_back(other[replication] - first[replication]);
  return t_interval(changes, confidence);
}

/// Source: B. L. Welch, Biometrika 34 (1947) 28; degrees of freedom after F. E. Satterthwaite, Biometrics Bulletin 2 (1946) 110.
Interval welch_interval(std::span<const double> first, std::span<const double> other) {
  Moments before;
  Moments after;
  for (const double value : first) before.add(value);
  for (const double value : other) after.add(value);
  double squared_error = 0;
  double parts = 0;
  for (const Moments& each : {before, after}) {
    const auto n = static_cast<double>(each.count());
    const double part = each.variance() / n;
    squared_error += part;
    parts += part * part / (n - 1);
  }
  const double mean = after.mean() - before.mean();
  if (squared_error <= 0) return {mean, mean, mean};
  const double degrees = squared_error * squared_error / parts;
  const double half = student_t_quantile((1 + confidence) / 2, degrees) * std::sqrt(squared_error);
  return {mean, mean - half, mean + half};
}

/// The measure's own interval; a bound of rare events is none.
std::optional<Interval> own_interval(const Measure& measure) {
  const bool bound = measure.note.starts_with("upper bound") || measure.note.starts_with("lower bound");
  if (bound || !measure.low || !measure.high) return std::nullopt;
  return Interval{measure.mean, *measure.low, *measure.high};
}

/// Distances to the bounds are added in quadrature, each side for itself. Source: G. Y. Zou, A. Donner, Statistics in Medicine 27 (2008) 1693.
Interval joined(const Interval& first, const Interval& other) {
  const double mean = other.mean - first.mean;
  const double below = std::hypot(other.mean - other.low, first.high - first.mean);
  const double above = std::hypot(other.high - other.mean, first.mean - first.low);
  return {mean, mean - below, mean + above};
}

void find_interval(Difference& difference, const Key& key, const Known& first, const Known& other) {
  const auto before = first.replications(key);
  const auto after = other.replications(key);
  if (!before.empty() && before.size() == after.size() && first.seed() == other.seed()) {
    return set(difference, Basis::pairs, paired_interval(before, after));
  }
  if (!before.empty() && !after.empty()) return set(difference, Basis::independent, welch_interval(before, after));
  const auto own_first = own_interval(*first.find(key));
  const auto own_other = own_interval(*other.find(key));
  if (own_first && own_other) set(difference, Basis::intervals, joined(*own_first, *own_other));
}

}  // namespace

std::string_view word(Basis basis) {
  switch (basis) {
    case Basis::pairs: return "pairs";
    case Basis::independent: return "independent";
    case Basis::intervals: return "intervals";
    case Basis::none: break;
  }
  return "none";
}

std::vector<Difference> differences(const RunRecord& first, const RunRecord& other) {
  const Known before(first);
  const Known after(other);
  std::vector<Difference> all;
  for (const Measure& measure : before.measures()) {
    const Key key = before.key_of(measure);
    const Measure* same = after.find(key);
    if (same == nullptr || before.find(key) != &measure) continue;
    Difference difference{.name = measure.name, .entity = key.second, .unit = measure.unit, .first = measure.mean, .other = same->mean};
    find_interval(difference, key, before, after);
    all.push_back(std::move(difference));
  }
  return all;
}

}  // namespace trunklab
