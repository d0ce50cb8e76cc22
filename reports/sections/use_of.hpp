// How long something was used how much: in normal time and while faults lasted.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/units.hpp"
#include "reports/run_reader.hpp"

namespace trunklab {

/// Times of a run that are looked at together.
struct Period {
  std::string name;
  std::vector<std::pair<Span, Span>> stretches;  ///< from and until, in order, apart from each other
};

/// Normal time first: the measured window without faults and the two minutes that follow each. Then each planned fault; more than a few of them, and
/// those that happen at random, are taken together. Of replication 0.
std::vector<Period> periods_of(const RunRecord& record);

/// What a figure was, second by second, within periods.
class Use {
 public:
  /// The periods outlive this.
  explicit Use(const std::vector<Period>& periods) : periods_(periods), times_(periods.size()) {}
  /// The figure was `value` in [from, until). Where nothing is said it was 0. Nothing is said twice.
  void add(Span from, Span until, double value);

  /// Over the period's time; 0 if it has none.
  [[nodiscard]] double mean(std::size_t period) const;
  /// The value that was not exceeded for a share of the period's time, 0 < share <= 1.
  [[nodiscard]] double percentile(std::size_t period, double share) const;
  [[nodiscard]] double most(std::size_t period) const;
  /// In any of the periods.
  [[nodiscard]] double most() const;

 private:
  const std::vector<Period>& periods_;
  std::vector<std::map<double, Span>> times_;  ///< a period: how long each value other than 0 was there
};

/// How long the period is, all its stretches together.
Span length_of(const Period& period);

}  // namespace trunklab
