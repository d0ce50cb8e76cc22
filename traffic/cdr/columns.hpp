// Which column of a call file is what: as told, or guessed from common names.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/result.hpp"

namespace trunklab {

/// Columns' names as the user gave them; nullopt = guess. An empty name: there is none, do not guess.
/// A column's name as names are compared: letters and digits only, in lower case.
std::string bare(std::string_view name);

struct ColumnWishes {
  std::optional<std::string> arrival;
  std::optional<std::string> holding;
  std::optional<std::string> talk;
  std::optional<std::string> outcome;
  std::optional<std::string> number;
  std::optional<std::string> count;
  bool counts = false;  ///< the file has a count per interval instead of calls
};

struct CallColumn {
  std::size_t index = 0;
  std::string name;
  bool guessed = false;
  double unit_s = 1;  ///< durations: 0.001 if the name ends in "_ms" or "_msec"
};

/// arrival is always there; count with counts, and then no other; else holding or talk.
struct CallColumns {
  CallColumn arrival;
  std::optional<CallColumn> holding;  ///< the whole call
  std::optional<CallColumn> talk;     ///< from the answer on
  std::optional<CallColumn> outcome;
  std::optional<CallColumn> number;
  std::optional<CallColumn> count;
  std::size_t in_heading = 0;  ///< columns that the file has
};

/// Calls `take(word, column)` for every column that is there, with the word of its option.
template <class Take>
void each_column(const CallColumns& columns, const Take& take) {
  take("arrival", columns.arrival);
  const std::pair<const char*, const std::optional<CallColumn>*> others[]{
      {"holding", &columns.holding}, {"talk", &columns.talk}, {"outcome", &columns.outcome}, {"number", &columns.number}, {"count", &columns.count}};
  for (const auto& [word, column] : others) {
    if (*column) take(word, **column);
  }
}

/// `where`: of the heading, for problems: a column that is not there, or whose name cannot be guessed.
Result<CallColumns> find_columns(const std::vector<std::string>& heading, const ColumnWishes& wishes, const std::string& where);

}  // namespace trunklab
