// Sorting samples into steps.
#include "models/measures/load_curve.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace trunklab {

LoadCurve::LoadCurve(Span step, Span length, std::size_t edges) : step_(step) {
  assert(step > Span{} && length > Span{});
  const auto steps = static_cast<std::size_t>((length + step - Span{1}) / step);
  for (auto* rates : {&offered_, &answered_, &lost_}) rates->assign(steps, 0);
  concurrent_.assign(edges, std::vector<float>(steps, NAN));
}

void LoadCurve::samples(std::span<const Sample> rows) {
  const auto step_s = static_cast<float>(in_seconds(step_));
  for (const Sample& sample : rows) {
    // A sample tells of the time that ends with it.
    const auto place = std::min(static_cast<std::size_t>(std::max<Span>(sample.at - run_start - Span{1}, Span{}) / step_), size() - 1);
    const auto value = static_cast<float>(sample.value);
    if (sample.kind == EntityKind::edge && sample.metric == Metric::concurrent) concurrent_[sample.index][place] = value;
    if (sample.kind != EntityKind::site) continue;
    if (sample.metric == Metric::offered) offered_[place] += value / step_s;
    if (sample.metric == Metric::answered) answered_[place] += value / step_s;
    if (sample.metric == Metric::lost) lost_[place] += value / step_s;
  }
}

void LoadCurve::close() {
  for (std::vector<float>& edge : concurrent_) {
    float last = 0;
    for (float& value : edge) last = value = std::isnan(value) ? last : value;
  }
}

}  // namespace trunklab
