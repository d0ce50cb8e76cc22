// Helpers of the demand tests: streams and timetables as plain lists, and the statistics that several tests ask for.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/statistics/intervals.hpp"
#include "scenarios/reader.hpp"
#include "traffic/demand/timetable.hpp"

namespace trunklab::testing {

using Rows = std::vector<PlannedCall>;

/// A demand whose calls differ only in their arrivals, unless more is said.
inline DemandSpec demand_with(Arrivals arrivals, std::string name = "retail") {
  DemandSpec demand;
  demand.name = std::move(name);
  demand.arrivals = std::move(arrivals);
  return demand;
}

/// All calls of a demand, in the order of its stream.
inline Rows rows_of(const DemandSpec& demand, Span horizon, std::uint64_t seed = 1, std::uint32_t replication = 0) {
  auto stream = open_stream(demand, 0, Luck(seed, "demand/" + demand.name, replication), horizon);
  if (!stream) throw std::runtime_error(stream.problems().front().text());
  Rows rows;
  Rows chunk;
  for (stream.value()->fill(chunk); !chunk.empty(); stream.value()->fill(chunk)) rows.insert(rows.end(), chunk.begin(), chunk.end());
  return rows;
}

/// All calls of a scenario, merged.
inline Rows rows_of(const Scenario& scenario, std::uint32_t replication = 0) {
  auto table = Timetable::open(scenario, replication);
  if (!table) throw std::runtime_error(table.problems().front().text());
  Rows rows;
  for (; table.value().peek() != nullptr; table.value().pop()) rows.push_back(*table.value().peek());
  return rows;
}

inline Scenario scenario_of(const std::string& text, const std::string& path = "test.yaml") {
  auto result = parse_scenario(text, path);
  if (result) return std::move(result).value();
  std::string problems = "the test's scenario is wrong:";
  for (const Problem& problem : result.problems()) problems += "\n" + problem.text();
  throw std::runtime_error(problems);
}

/// Calls offered in each of `bins` equal parts of [from, from + bins * width).
inline std::vector<double> counts_in(const Rows& rows, Instant from, Span width, std::size_t bins) {
  std::vector<double> counts(bins);
  for (const PlannedCall& row : rows) {
    if (row.at < from) continue;
    const auto bin = static_cast<std::size_t>((row.at - from) / width);
    if (bin < bins) ++counts[bin];
  }
  return counts;
}

/// How many standard errors the variance of Poisson counts is away from their mean: Fisher's index of dispersion, whose chi-square law has
/// n - 1 degrees and so a variance of 2 (n - 1).
inline double dispersion_z(const std::vector<double>& counts) {
  Moments moments;
  for (const double count : counts) moments.add(count);
  const double degrees = static_cast<double>(counts.size()) - 1;
  return (moments.variance() / moments.mean() - 1) * std::sqrt(degrees / 2);
}

/// How many standard errors successive values are away from being uncorrelated.
inline double neighbours_z(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.add(value);
  double products = 0;
  for (std::size_t i = 1; i < values.size(); ++i) products += (values[i] - moments.mean()) * (values[i - 1] - moments.mean());
  return products / moments.variance() / std::sqrt(static_cast<double>(values.size()));
}

/// D sqrt(n) of the probabilities F(x_i), in any order.
inline double ks_statistic(std::vector<double> probabilities) {
  std::ranges::sort(probabilities);
  return kolmogorov_smirnov(probabilities) * std::sqrt(static_cast<double>(probabilities.size()));
}

}  // namespace trunklab::testing
