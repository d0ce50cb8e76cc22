// A fault while it is read. Internal to the reader of `faults:`.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenarios/reader_parts.hpp"

namespace trunklab {

struct FaultDraft {
  Reading& reading;
  const Fields& fields;
  const Scenario& scenario;
  FaultSpec fault{};
  bool each_edge = false;  ///< `edge: all`: where it is random, every edge has its own
};

/// A kind of fault: its word in a scenario, its keys besides those that say when, and its reader, which also names the fault.
struct FaultWord {
  std::string_view word;
  std::span<const std::string_view> keys;
  void (*read)(FaultDraft& draft);
};
std::span<const FaultWord> fault_words();

/// "euc1/1", "euc1/1 and use1/1", "euc1/1 and 4 others".
template <class Named, class Index>
std::string named_text(const std::vector<Named>& things, const std::vector<Index>& indices) {
  constexpr std::size_t all_shown = 3;
  std::string text = indices.empty() ? "" : things[indices.front()].name;
  if (indices.size() > all_shown) return text + " and " + std::to_string(indices.size() - 1) + " others";
  for (std::size_t i = 1; i < indices.size(); ++i) text += (i + 1 == indices.size() ? " and " : ", ") + things[indices[i]].name;
  return text;
}

}  // namespace trunklab
