// Edit distance and the lists of choices in messages.
#include "scenarios/nearest_word.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace trunklab {
namespace {

constexpr std::size_t letters_max = 64;
constexpr std::size_t listed_max = 12;
/// Beyond so many words the search would cost more than its hint is worth.
constexpr std::size_t searched_max = 1000;

/// Optimal string alignment distance. Source: Damerau (1964) for the four errors; three rows of the usual table are enough.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known) {
  if (word.size() > letters_max || known.size() > searched_max) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view each : known) {
    if (each.size() > letters_max) continue;
    if (const std::size_t d = distance(word, each); d < best_distance) {
      best = each;
      best_distance = d;
    }
  }
  return best;
}

std::string listed(std::span<const std::string_view> known) {
  std::string text;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (i > 0) text += ", ";
    if (i == listed_max) return text + "...";
    text += known[i];
  }
  return text;
}

std::string choices(std::string_view word, std::span<const std::string_view> known) {
  const std::string_view nearest = nearest_word(word, known);
  std::vector<std::string_view> others;
  std::ranges::copy_if(known, std::back_inserter(others), [&](std::string_view each) { return each != nearest; });
  std::string rest = (others.size() > 1 ? "one of " : "") + listed(others);
  if (nearest.empty()) return rest;
  return others.empty() ? std::string(nearest) : std::string(nearest) + " (or " + rest + ")";
}

}  // namespace trunklab
