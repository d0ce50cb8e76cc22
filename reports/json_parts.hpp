// What all JSON documents of ours are made of: lists with one item a line, and the items that several of them have.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "models/measures/measure.hpp"
#include "reports/objectives.hpp"

namespace trunklab {

using Json = nlohmann::ordered_json;

/// On one line. Text that is not UTF-8 (a scenario's name) is mended, not refused.
std::string line_of(const Json& json);

/// null where there is none.
Json bound(const std::optional<double>& value);

/// Throws std::runtime_error naming the measure if a figure is not finite.
Json json_of(const Measure& measure);
Json json_of(const Verdict& verdict);

/// One item a line.
template <class Items, class ToJson>
std::string list_of(const Items& items, const ToJson& to_json) {
  std::string text = "[";
  const char* separator = "\n  ";
  for (const auto& item : items) {
    text += separator + line_of(to_json(item));
    separator = ",\n  ";
  }
  return text + "]";
}

}  // namespace trunklab
