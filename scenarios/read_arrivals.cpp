// Reads `arrivals:`: when calls begin.
#include <algorithm>

#include <fmt/format.h>

#include "scenarios/quantity_text.hpp"
#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

std::optional<Arrivals> read_poisson(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "arrivals", {"process", "rate"});
  const YamlNode* const word = fields.need("rate", "a rate such as 3/s, 12/min or 500/h");
  const std::optional<CallsPerSecond> rate = word ? reading.rate(*word) : std::nullopt;
  if (!rate) return std::nullopt;
  return PoissonArrivals{*rate};
}

std::optional<Arrivals> read_deterministic(Reading& reading, const YamlNode& node, const Horizon& horizon) {
  const Fields fields(reading, node, "arrivals", {"process", "every", "offset"});
  DeterministicArrivals arrivals;
  if (const YamlNode* every = fields.need("every", "a duration such as 10s")) set(arrivals.every, reading.span(*every, 1us, 366 * day));
  if (const YamlNode* offset = fields.find("offset")) {
    set(arrivals.offset, reading.span(*offset, 0s, 366 * day));
    if (horizon.duration > Span{0} && arrivals.offset >= horizon.duration) {
      reading.mistake(offset->place, described(*offset), "an offset inside the horizon of " + span_text(horizon.duration));
    }
  }
  return arrivals;
}

std::optional<RatePoint> read_point(Reading& reading, const YamlNode& node, const std::vector<RatePoint>& before, const Horizon& horizon) {
  const Fields fields(reading, node, "a row of the table", {"from", "rate"});
  const YamlNode* const from = fields.need("from", "the instant from which the rate holds, such as 2h");
  const YamlNode* const word = fields.need("rate", "a rate such as 3/s, 12/min or 500/h");
  const std::optional<Span> at = from ? reading.span(*from, 0s, 36'525 * day) : std::nullopt;
  const std::optional<CallsPerSecond> rate = word ? reading.rate(*word, true) : std::nullopt;
  if (!at || !rate) return std::nullopt;
  const RatePoint point{.from = run_start + *at, .rate = *rate};
  if (!before.empty() && point.from <= before.back().from) {
    reading.mistake(from->place, described(*from), "an instant after " + span_text(before.back().from - run_start));
  } else if (horizon.duration > Span{0} && point.from >= run_start + horizon.duration) {
    reading.mistake(from->place, described(*from), "an instant inside the horizon of " + span_text(horizon.duration));
  }
  return point;
}

std::optional<Arrivals> read_varying(Reading& reading, const YamlNode& node, const Horizon& horizon) {
  const Fields fields(reading, node, "arrivals", {"process", "between", "table"});
  VaryingArrivals arrivals;
  if (const YamlNode* between = fields.find("between")) {
    set(arrivals.between, reading.choice(*between, {"step", "linear"}, {VaryingArrivals::Between::step, VaryingArrivals::Between::linear}));
  }
  const YamlNode* const table = fields.need("table", "a table such as [{ from: 0h, rate: 1/s }]");
  if (!table) return std::nullopt;
  bool sound = true;
  for (const YamlNode& item : reading.list(*table, "rows such as { from: 0h, rate: 1/s }")) {
    const std::optional<RatePoint> point = read_point(reading, item, arrivals.table, horizon);
    if (point) arrivals.table.push_back(*point);
    sound = sound && point;
  }
  if (!sound || table->kind != YamlNode::Kind::list) return std::nullopt;
  if (arrivals.table.empty() || arrivals.table.front().from != run_start) {
    reading.mistake(table->place, "a table that does not begin at 0s", "a first row with from: 0s");
  } else if (std::ranges::all_of(arrivals.table, [](const RatePoint& point) { return point.rate.value() == 0; })) {
    reading.mistake(table->place, "a table without calls", "at least one rate above 0/s");
  }
  return arrivals;
}

}  // namespace

std::optional<Arrivals> read_arrivals(Reading& reading, const YamlNode& node, const Horizon& horizon) {
  static constexpr std::string_view processes[]{"poisson", "varying", "counts", "deterministic", "trace"};
  const YamlNode* const process = find_key(node, "process");
  if (!process) {
    if (node.kind == YamlNode::Kind::mapping) {
      reading.mistake(node.place, "no 'process'", "arrivals with a process: one of poisson, varying, counts, deterministic, trace");
    } else {
      reading.mistake(node.place, described(node), "arrivals: a mapping such as { process: poisson, rate: 10/min }");
    }
    return std::nullopt;
  }
  switch (reading.choice(*process, processes).value_or(std::size(processes))) {
    case 0: return read_poisson(reading, node);
    case 1: return read_varying(reading, node, horizon);
    case 2: return read_counts(reading, node, horizon);
    case 3: return read_deterministic(reading, node, horizon);
    case 4: return read_trace(reading, node, horizon);
    default: return std::nullopt;
  }
}

}  // namespace trunklab
