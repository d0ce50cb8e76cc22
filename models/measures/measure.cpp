// Looking for a measure.
#include "models/measures/measure.hpp"

#include <algorithm>

namespace trunklab {

const Measure* find_measure(std::span<const Measure> measures, std::string_view name, std::string_view entity) {
  const auto found = std::ranges::find_if(measures, [&](const Measure& each) { return each.name == name && each.entity == entity; });
  return found == measures.end() ? nullptr : &*found;
}

}  // namespace trunklab
