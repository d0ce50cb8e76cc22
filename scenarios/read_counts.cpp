// Reads `arrivals: { process: counts }`: calls counted per interval become a table of rates.
#include <algorithm>

#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"
#include "scenarios/time_text.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

constexpr double count_max = 1e9;
constexpr std::size_t points_max = 1'000'000;

/// How to turn a counts file into rates.
struct CountsPlan {
  std::size_t time_column = 0;
  std::size_t count_column = 0;
  Span every{};
  std::int64_t from_unix_ns = 0;
  double scale = 1;
  Span duration{};
};

/// Builds the table from rows in ascending order; where a row is missing, the rate is 0.
class RateTable {
 public:
  explicit RateTable(const CountsPlan& plan) : plan_(plan) {}

  void add(Span at, double count) {
    if (at > covered_) push(covered_, 0);
    push(at, count * plan_.scale / in_seconds(plan_.every));
    covered_ = at + plan_.every;
  }
  std::vector<RatePoint> finish() {
    if (covered_ < plan_.duration) push(covered_, 0);
    return std::move(points_);
  }
  [[nodiscard]] Span covered() const { return covered_; }
  [[nodiscard]] std::size_t size() const { return points_.size(); }

 private:
  void push(Span from, double rate) { points_.push_back({.from = run_start + from, .rate = CallsPerSecond{rate}}); }

  const CountsPlan& plan_;
  Span covered_{0};
  std::vector<RatePoint> points_;
};

/// false: the row is a mistake. Rows outside the window are passed over.
bool add_row(Reading& reading, const CsvReader& csv, const std::vector<std::string_view>& row, const CountsPlan& plan, RateTable& table) {
  const std::optional<std::int64_t> time = parse_iso8601_ns(row[plan.time_column]);
  const std::optional<double> count = parse_number(row[plan.count_column]);
  if (!time) {
    reading.mistake({csv.where(plan.time_column), in_quotes(row[plan.time_column]),
                     expected_time(row[plan.time_column], "a date and time such as 2003-03-03T07:00:00")});
    return false;
  }
  if (!count || *count > count_max) {
    reading.mistake({csv.where(plan.count_column), in_quotes(row[plan.count_column]), "a count of calls, 0 or more"});
    return false;
  }
  const Span at{*time - plan.from_unix_ns};
  if (at < Span{0} || at >= plan.duration) return true;
  if (at < table.covered()) {
    reading.mistake({csv.where(plan.time_column), in_quotes(row[plan.time_column]),
                     fmt::format("a time at least {} after the row before", span_text(plan.every))});
    return false;
  }
  table.add(at, *count);
  return true;
}

std::optional<std::vector<RatePoint>> read_rows(Reading& reading, const YamlNode& file, CsvReader& csv, const CountsPlan& plan) {
  RateTable table(plan);
  std::vector<std::string_view> row;
  bool sound = true;
  while (!reading.full() && table.size() < points_max && csv.next(row)) sound = add_row(reading, csv, row, plan, table) && sound;
  if (csv.problem()) reading.mistake(*csv.problem());
  if (table.size() >= points_max) reading.mistake(file.place, "too many intervals", fmt::format("fewer than {}", points_max));
  if (!sound || csv.problem()) return std::nullopt;
  std::vector<RatePoint> points = table.finish();
  if (std::ranges::any_of(points, [](const RatePoint& point) { return point.rate.value() > 0; })) return points;
  reading.mistake(file.place, described(file) + " without a call in the window", fmt::format("calls within {} after from", span_text(plan.duration)));
  return std::nullopt;
}

std::optional<CountsPlan> read_plan(Reading& reading, const Fields& fields, const Horizon& horizon) {
  CountsPlan plan{.duration = horizon.duration};
  const YamlNode* const every = fields.need("every", "the interval of a row, such as 5min");
  const YamlNode* const from = fields.need("from", "the instant of the file at which the run starts");
  const std::optional<Span> interval = every ? reading.span(*every, 1s, 366 * day) : std::nullopt;
  const std::optional<std::int64_t> start = from ? parse_iso8601_ns(from->text) : std::nullopt;
  if (from && !start) reading.mistake(from->place, described(*from), expected_time(from->text, "a date and time such as 2003-03-03T07:00:00Z"));
  if (const YamlNode* scale = fields.find("scale")) set(plan.scale, reading.factor(*scale));
  if (!interval || !start || plan.duration == Span{0}) return std::nullopt;
  plan.every = *interval;
  plan.from_unix_ns = *start;
  return plan;
}

}  // namespace

std::optional<Arrivals> read_counts(Reading& reading, const YamlNode& node, const Horizon& horizon) {
  const Fields fields(reading, node, "arrivals", {"process", "file", "time_column", "count_column", "every", "from", "scale"});
  const YamlNode* const file = fields.need("file", "a CSV file with one interval a line");
  const YamlNode* const time_word = fields.need("time_column", "the column with the beginning of each interval");
  const YamlNode* const count_word = fields.need("count_column", "the column with the calls of each interval");
  std::optional<CountsPlan> plan = read_plan(reading, fields, horizon);
  std::optional<CsvReader> csv = file ? open_csv(reading, *file) : std::nullopt;
  if (!csv) return std::nullopt;
  const std::optional<std::size_t> time_column = read_column(reading, time_word, *csv);
  const std::optional<std::size_t> count_column = read_column(reading, count_word, *csv);
  if (!plan || !time_column || !count_column) return std::nullopt;
  plan->time_column = *time_column;
  plan->count_column = *count_column;
  std::optional<std::vector<RatePoint>> table = read_rows(reading, *file, *csv, *plan);
  if (!table) return std::nullopt;
  return VaryingArrivals{.table = std::move(*table), .between = VaryingArrivals::Between::step};
}

}  // namespace trunklab
