// The measures of one entity by name.
#pragma once

#include <cmath>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "models/measures/measure.hpp"

namespace trunklab {

/// What is not there is 0. The measures outlive this.
class Figures {
 public:
  Figures(std::span<const Measure> measures, std::string entity) : measures_(measures), entity_(std::move(entity)) {}
  [[nodiscard]] const std::string& entity() const { return entity_; }
  [[nodiscard]] double operator[](std::string_view name) const {
    const Measure* found = find_measure(measures_, name, entity_);
    return found == nullptr ? 0 : found->mean;
  }
  /// The whole number nearest to it.
  [[nodiscard]] std::string count(std::string_view name) const { return fmt::format("{:.0f}", (*this)[name]); }

 private:
  std::span<const Measure> measures_;
  std::string entity_;
};

}  // namespace trunklab
