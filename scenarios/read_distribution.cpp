// Reads a distribution of durations: by name, mean and coefficient of variation, or from a column of observed values.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

constexpr double cv_max = 100;
constexpr std::size_t values_max = 10'000'000;
constexpr std::string_view kinds[]{"exponential", "lognormal", "gamma", "fixed", "empirical"};
enum class Kind : std::uint8_t { exponential, lognormal, gamma, fixed, empirical };
constexpr Kind kind_values[]{Kind::exponential, Kind::lognormal, Kind::gamma, Kind::fixed, Kind::empirical};

std::optional<Span> read_mean(Reading& reading, const Fields& fields, const DurationLimits& limits) {
  const YamlNode* const mean = fields.need("mean", "a mean such as 180s");
  return mean ? reading.span(*mean, std::max(limits.least, Span{1}), limits.mean_most) : std::nullopt;
}

template <class Shape>
std::optional<Distribution> read_mean_and_cv(Reading& reading, const YamlNode& node, const DurationLimits& limits) {
  const Fields fields(reading, node, "a distribution", {"distribution", "mean", "cv"});
  const std::optional<Span> mean = read_mean(reading, fields, limits);
  const YamlNode* const cv = fields.need("cv", "a coefficient of variation such as 1.2");
  const std::optional<double> variation = cv ? reading.number(*cv, 0.001, cv_max) : std::nullopt;
  if (!mean || !variation) return std::nullopt;
  return Shape{.mean = *mean, .cv = *variation};
}

std::optional<Distribution> read_fixed(Reading& reading, const YamlNode& node, const DurationLimits& limits) {
  const Fields fields(reading, node, "a distribution", {"distribution", "value"});
  const YamlNode* const value = fields.need("value", "a duration such as 5s");
  const std::optional<Span> span = value ? reading.span(*value, limits.least, limits.value_most) : std::nullopt;
  if (!span) return std::nullopt;
  return Fixed{*span};
}

std::optional<std::vector<Span>> read_values(Reading& reading, CsvReader& csv, std::size_t column, Span most) {
  std::vector<Span> values;
  std::vector<std::string_view> row;
  bool sound = true;
  while (!reading.full() && csv.next(row)) {
    if (values.size() == values_max) {
      reading.mistake({csv.where(column), "too many values", fmt::format("at most {}", values_max)});
      return std::nullopt;
    }
    const std::optional<double> seconds = parse_number(row[column]);
    if (seconds && *seconds <= in_seconds(most)) {
      values.push_back(from_seconds(*seconds));
    } else {
      reading.mistake({csv.where(column), in_quotes(row[column]), "seconds from 0 to " + std::to_string(most / std::chrono::seconds{1})});
      sound = false;
    }
  }
  if (csv.problem()) reading.mistake(*csv.problem());
  if (!sound || csv.problem()) return std::nullopt;
  std::ranges::sort(values);
  return values;
}

std::optional<Distribution> read_empirical(Reading& reading, const YamlNode& node, const DurationLimits& limits) {
  const Fields fields(reading, node, "a distribution", {"distribution", "file", "column"});
  const YamlNode* const file = fields.need("file", "a CSV file with one observed duration a line, in seconds");
  const YamlNode* const name = fields.need("column", "the column with the seconds");
  std::optional<CsvReader> csv = file ? open_csv(reading, *file) : std::nullopt;
  if (!csv) return std::nullopt;
  const std::optional<std::size_t> column = read_column(reading, name, *csv);
  if (!column) return std::nullopt;
  std::optional<std::vector<Span>> values = read_values(reading, *csv, *column, limits.value_most);
  if (!values) return std::nullopt;
  if (values->empty() || values->back() < limits.least) {
    reading.mistake(file->place, described(*file) + " without a duration above 0", "at least one");
    return std::nullopt;
  }
  return Empirical{std::make_shared<const std::vector<Span>>(std::move(*values))};
}

std::optional<Distribution> read_kind(Reading& reading, Kind kind, const YamlNode& node, const DurationLimits& limits) {
  switch (kind) {
    case Kind::lognormal: return read_mean_and_cv<Lognormal>(reading, node, limits);
    case Kind::gamma: return read_mean_and_cv<Gamma>(reading, node, limits);
    case Kind::fixed: return read_fixed(reading, node, limits);
    case Kind::empirical: return read_empirical(reading, node, limits);
    case Kind::exponential: break;
  }
  const Fields fields(reading, node, "a distribution", {"distribution", "mean"});
  const std::optional<Span> mean = read_mean(reading, fields, limits);
  if (!mean) return std::nullopt;
  return Exponential{*mean};
}

}  // namespace

std::optional<Distribution> read_distribution(Reading& reading, const YamlNode& node, const DurationLimits& limits) {
  if (node.kind != YamlNode::Kind::mapping) {
    const std::optional<Span> value = reading.span(node, limits.least, limits.value_most);
    if (!value) return std::nullopt;
    return Fixed{*value};
  }
  const YamlNode* const word = find_key(node, "distribution");
  if (!word) {
    reading.mistake(node.place, "no 'distribution'", "one of exponential, lognormal, gamma, fixed, empirical");
    return std::nullopt;
  }
  const std::optional<Kind> kind = reading.choice(*word, kinds, kind_values);
  return kind ? read_kind(reading, *kind, node, limits) : std::nullopt;
}

}  // namespace trunklab
