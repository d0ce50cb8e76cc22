// Comparing texts by the longest common subsequence of their lines.
#include "reports/sections/line_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace trunklab {
namespace {

constexpr std::size_t pairs_max = 16'000'000;
/// Kept lines shown before and after a change.
constexpr std::size_t context = 2;

using Lines = std::vector<std::string_view>;

enum class Kind : std::uint8_t { kept, removed, added };

struct Edit {
  Kind kind = Kind::kept;
  std::string_view line;
};

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// Lengths of the longest common subsequences of all pairs of tails.
class Tails {
 public:
  Tails(std::span<const std::string_view> before, std::span<const std::string_view> after)
      : columns_(after.size() + 1), lengths_((before.size() + 1) * columns_, 0) {
    for (std::size_t row = before.size(); row-- > 0;) {
      for (std::size_t column = after.size(); column-- > 0;) {
        const bool same = before[row] == after[column];
        lengths_[row * columns_ + column] = same ? (*this)(row + 1, column + 1) + 1 : std::max((*this)(row + 1, column), (*this)(row, column + 1));
      }
    }
  }
  std::uint32_t operator()(std::size_t row, std::size_t column) const { return lengths_[row * columns_ + column]; }

 private:
  std::size_t columns_;
  std::vector<std::uint32_t> lengths_;
};

class Script {
 public:
  void add(Kind kind, std::span<const std::string_view> lines) {
    for (const std::string_view line : lines) edits_.push_back({.kind = kind, .line = line});
  }
  void add_changes(std::span<const std::string_view> before, std::span<const std::string_view> after) {
    const bool few = after.empty() || before.size() <= pairs_max / after.size();
    std::size_t row = 0;
    std::size_t column = 0;
    if (few) {
      const Tails tails(before, after);
      while (row < before.size() && column < after.size()) {
        if (before[row] == after[column]) {
          add(Kind::kept, before.subspan(row, 1));
          ++row;
          ++column;
        } else if (tails(row + 1, column) >= tails(row, column + 1)) {
          add(Kind::removed, before.subspan(row++, 1));
        } else {
          add(Kind::added, after.subspan(column++, 1));
        }
      }
    }
    add(Kind::removed, before.subspan(row));
    add(Kind::added, after.subspan(column));
  }
  [[nodiscard]] const std::vector<Edit>& edits() const { return edits_; }

 private:
  std::vector<Edit> edits_;
};

std::string_view sign(Kind kind) {
  switch (kind) {
    case Kind::removed: return "- ";
    case Kind::added: return "+ ";
    case Kind::kept: break;
  }
  return "  ";
}

/// Which edits are changes, or near one.
std::vector<bool> near_changes(const std::vector<Edit>& edits) {
  std::vector<bool> shown(edits.size(), false);
  for (std::size_t place = 0; place < edits.size(); ++place) {
    if (edits[place].kind == Kind::kept) continue;
    const std::size_t until = std::min(edits.size(), place + context + 1);
    for (std::size_t near = place - std::min(place, context); near < until; ++near) shown[near] = true;
  }
  return shown;
}

std::string text_of(const std::vector<Edit>& edits, std::size_t most) {
  const std::vector<bool> shown = near_changes(edits);
  std::string text;
  std::size_t lines = 0;
  const auto add = [&](std::string_view before, std::string_view line) {
    if (++lines <= most) text += fmt::format("{}{}\n", before, line);
  };
  for (std::size_t place = 0; place < edits.size(); ++place) {
    const bool gap_begins = !shown[place] && (place == 0 || shown[place - 1]);
    if (gap_begins) add("...", "");
    if (shown[place]) add(sign(edits[place].kind), edits[place].line);
  }
  if (lines > most) text += fmt::format("... and {} lines more\n", lines - most);
  return text;
}

Script script_of(const Lines& before, const Lines& after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t head = 0;
  while (head < shorter && before[head] == after[head]) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  const std::span old_lines(before);
  const std::span new_lines(after);
  Script script;
  script.add(Kind::kept, old_lines.first(head));
  script.add_changes(old_lines.subspan(head, before.size() - head - tail), new_lines.subspan(head, after.size() - head - tail));
  script.add(Kind::kept, old_lines.last(tail));
  return script;
}

}  // namespace

std::string line_diff(std::string_view before, std::string_view after, std::size_t most) {
  const Lines old_lines = lines_of(before);
  const Lines new_lines = lines_of(after);
  return old_lines == new_lines ? "" : text_of(script_of(old_lines, new_lines).edits(), most);
}

}  // namespace trunklab
