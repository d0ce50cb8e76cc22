// Opens the CSV files that a scenario names; a wrong name is reported where the scenario gives it.
#include <fmt/format.h>

#include "scenarios/nearest_word.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {

std::optional<CsvReader> open_csv(Reading& reading, const YamlNode& node) {
  const std::optional<std::string> path = reading.file(node);
  if (!path) return std::nullopt;
  Result<CsvReader> csv = CsvReader::open(*path);
  if (csv) return std::move(csv).value();
  for (const Problem& problem : csv.problems()) {
    if (problem.where == *path) {
      reading.mistake(node.place, described(node) + " (" + problem.found + ")", problem.expected);
    } else {
      reading.mistake(problem);
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> read_column(Reading& reading, const YamlNode* node, const CsvReader& csv) {
  if (!node) return std::nullopt;
  const std::vector<std::string_view> names(csv.heading().begin(), csv.heading().end());
  const bool other_delimiter = names.size() == 1 && names.front().find_first_of(";\t|") != std::string_view::npos;
  if (other_delimiter && node->kind == YamlNode::Kind::scalar && node->text != names.front()) {
    const std::string shown = in_quotes(names.front());
    reading.mistake(node->place, fmt::format("no column {}; the heading is: {}", described(*node), shown.substr(1, shown.size() - 2)),
                    "a file with commas between its columns");
    return std::nullopt;
  }
  return reading.choice(*node, names);
}

}  // namespace trunklab
