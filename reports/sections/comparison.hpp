// Several runs side by side: what differs, how sure that is, and what was changed to get there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/document/document.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {

/// What the interval of a difference rests on: the first of these that both records allow.
enum class Basis : std::uint8_t {
  pairs,        ///< Student's t of the differences between replications of the same number: same seed, so common random numbers
  independent,  ///< Welch's t of the replications of both runs
  intervals,    ///< the interval that each run gives itself, both taken as independent
  none,         ///< at least one of them gives none, or only a bound
};

/// "pairs", "independent", "intervals", "none".
std::string_view word(Basis basis);

/// One measure of two runs.
struct Difference {
  std::string name;
  std::string entity;  ///< of a fault its text, "fault/euc1/1 crash": its number may be another one in the other run
  std::string unit;
  double first = 0;
  double other = 0;
  Basis basis = Basis::none;
  std::optional<double> low{};  ///< of other - first, at `confidence`; nullopt if and only if there is no basis
  std::optional<double> high{};

  [[nodiscard]] double difference() const { return other - first; }
  /// 0 lies outside the interval. Without an interval nobody can tell: false.
  [[nodiscard]] bool differs() const { return low && high && (*low > 0 || *high < 0); }
};

/// Every measure that both runs have, in the order of the first one. The interval lies around the mean difference of the replications; that of ratios
/// of sums, which difference() is, can be slightly beside its middle.
std::vector<Difference> differences(const RunRecord& first, const RunRecord& other);

/// What differs, the findings, the verdicts, what changed in the scenarios: each run against the first. At least one record.
Document comparison_document(std::span<const RunRecord* const> records);

/// {"command": "report", "runs": [{"file", "scenario", "seed", "replications", "complete", "finding": [text], "objectives": [verdict]}],
/// "differences": [{"run", "name", "entity", "unit", "first", "other", "difference", "low", "high", "basis", "differs"}]}, one run or difference a
/// line, ending with a line feed; `run` counts from 0, and is compared with run 0. Without an interval low and high are null.
std::string comparison_json(std::span<const RunRecord* const> records);

}  // namespace trunklab
