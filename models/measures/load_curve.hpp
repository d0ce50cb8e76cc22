// How calls came, were answered and lost in the course of time, and how many there were at the same time: a run in a few thousand figures.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "models/record/record.hpp"

namespace trunklab {

/// Fed with the samples of one replication. Rates are sums over sites, per second, averaged over a step; calls at the same time are those at a step's
/// end, as the edges carry them.
class LoadCurve {
 public:
  /// step > 0, a multiple of the samples' grid; length > 0.
  LoadCurve(Span step, Span length, std::size_t edges);
  void samples(std::span<const Sample> rows);
  /// Makes the figures ready: gauges keep their last value. After the last sample.
  void close();

  [[nodiscard]] Span step() const { return step_; }
  [[nodiscard]] std::size_t size() const { return offered_.size(); }
  [[nodiscard]] const std::vector<float>& offered() const { return offered_; }
  [[nodiscard]] const std::vector<float>& answered() const { return answered_; }
  [[nodiscard]] const std::vector<float>& lost() const { return lost_; }
  [[nodiscard]] const std::vector<float>& concurrent(EdgeIndex edge) const { return concurrent_.at(edge); }
  [[nodiscard]] std::size_t edges() const { return concurrent_.size(); }

 private:
  Span step_;
  std::vector<float> offered_;
  std::vector<float> answered_;
  std::vector<float> lost_;
  std::vector<std::vector<float>> concurrent_;
};

}  // namespace trunklab
