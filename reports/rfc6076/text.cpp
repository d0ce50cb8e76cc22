// The measures of RFC 6076 for a terminal.
#include <fmt/format.h>

#include <algorithm>

#include "models/clean_text.hpp"
#include "models/measures/summary.hpp"
#include "reports/rfc6076/measures.hpp"
#include "reports/rfc6076/rows.hpp"

namespace trunklab {
namespace {

using namespace rfc6076;
using Align = TextTable::Align;
using Columns = std::vector<TextTable::Column>;
using Cells = std::vector<std::string>;

/// Is there anything to say of it? The whole run is always shown, and a scope of it that has requests.
bool is_shown(const Rfc6076& counted, const Rfc6076::Entity& entity, Scope scope) {
  const bool is_whole_run = &entity == &counted.entities().front() && scope == Scope::call;
  return is_whole_run || series_of(entity, scope).sum().requests() > 0;
}

/// The entity's column only where there are several.
class MeasureTable {
 public:
  MeasureTable(bool by_entity, Columns columns) : by_entity_(by_entity), table_(with_entity(by_entity, std::move(columns))) {}
  void add(const std::string& entity, Cells cells) {
    if (by_entity_) cells.insert(cells.begin(), entity);
    table_.add(std::move(cells));
    empty_ = false;
  }
  [[nodiscard]] std::string text(Colour colour) const { return empty_ ? "" : table_.text(colour) + '\n'; }

 private:
  static Columns with_entity(bool by_entity, Columns columns) {
    if (by_entity) columns.insert(columns.begin(), TextTable::Column{.title = "entity"});
    return columns;
  }
  bool by_entity_;
  bool empty_ = true;
  TextTable table_;
};

std::string heading(const RunRecord& record) {
  const RunInfo& info = record.info();
  std::string text = record.complete() ? "" : "INCOMPLETE: the run was stopped before its end\n";
  text += wrapped(fmt::format("{}: {} from {}, {} replication{}, by {}", clean_line(info.scenario_name), duration_text(in_seconds(info.horizon)),
                              date_and_clock_text(info, run_start), info.replications, info.replications == 1 ? "" : "s", clean_line(info.who)),
                  2);
  return text + "SIP performance by RFC 6076\n\n";
}

std::string shares_text(const Rfc6076& counted, bool by_entity, Colour colour) {
  MeasureTable table(by_entity, {{"share"},
                                 {"RFC"},
                                 {"per"},
                                 {"value", Align::right},
                                 {fmt::format("{:.0f} % interval", confidence * 100), Align::right},
                                 {"taken over"},
                                 {"numerator", Align::right},
                                 {"denominator", Align::right}});
  for (const Rfc6076::Entity& entity : counted.entities()) {
    for (const ShareRow& row : share_rows) {
      for (const Scope scope : {Scope::call, Scope::attempt}) {
        if (!is_shown(counted, entity, scope)) continue;
        const SessionSeries& series = series_of(entity, scope);
        const auto made = estimate(series, row.measure);
        const Share share = row.measure(series.sum());
        table.add(entity.name,
                  {std::string(row.title), std::string(row.section), std::string(word(scope)),
                   made ? fmt::format("{:.2f} %", 100 * made->interval.mean) : "undefined",
                   made ? fmt::format("{:.2f} .. {:.2f}", 100 * made->interval.low, 100 * made->interval.high) : "",
                   made ? basis_text(*made, series, counted.over_replications()) : "", std::to_string(share.hits), std::to_string(share.of)});
      }
    }
  }
  return table.text(colour);
}

Cells figures_of(const DelayRow& row, const Delays* delays) {
  if (row.delays == nullptr) return {"not kept", "", "", ""};
  if (delays == nullptr) return {"", "", "", ""};
  const auto seconds = [](double value) { return fmt::format("{:.3f} s", value); };
  const auto about = [](double value) { return figure_text(value) + " s"; };  // no more digits than the histogram has
  return {seconds(delays->mean_s()), about(delays->percentile_s(0.5)), about(delays->percentile_s(0.95)), seconds(delays->max_s())};
}

std::string delays_text(const Rfc6076& counted, bool by_entity, Colour colour) {
  MeasureTable table(by_entity, {{"duration"},
                                 {"RFC"},
                                 {"per"},
                                 {"mean", Align::right},
                                 {"median", Align::right},
                                 {"95 % within", Align::right},
                                 {"longest", Align::right},
                                 {"counted", Align::right}});
  for (const Rfc6076::Entity& entity : counted.entities()) {
    for (const DelayRow& row : delay_rows) {
      for (const Scope scope : {Scope::call, Scope::attempt}) {
        if ((scope == Scope::attempt && !row.of_attempts) || !is_shown(counted, entity, scope)) continue;
        const DelaySeen seen_here = seen(row, series_of(entity, scope));
        Cells cells{std::string(row.title), std::string(row.section), std::string(word(scope))};
        for (const std::string& figure : figures_of(row, seen_here.delays)) cells.push_back(figure);
        cells.push_back(std::to_string(seen_here.counted));
        table.add(entity.name, cells);
      }
    }
  }
  return table.text(colour);
}

std::string idle_text(const Rfc6076& counted) {
  std::string names;
  for (const Rfc6076::Entity& entity : counted.entities()) {
    const bool is_idle =
        &entity != &counted.entities().front() && !is_shown(counted, entity, Scope::call) && !is_shown(counted, entity, Scope::attempt);
    if (is_idle) names += (names.empty() ? "no session requests: " : ", ") + entity.name;
  }
  return names.empty() ? "" : wrapped(names, 2) + '\n';
}

/// Of the whole run.
std::string counts_text(const Rfc6076& counted, Colour colour) {
  TextTable table({{"how session requests ended"}, {"calls", Align::right}, {"attempts", Align::right}});
  const Rfc6076::Entity& whole = counted.entities().front();
  const SessionCounts calls = whole.calls.sum();
  const SessionCounts attempts = whole.attempts.sum();
  for (const CountRow& row : count_rows()) {
    table.add(
        {std::string(row.title), row.of_calls ? std::to_string(row.count(calls)) : "-", row.of_attempts ? std::to_string(row.count(attempts)) : "-"});
  }
  return table.text(colour) + '\n';
}

std::string words_text(const Rfc6076& counted, const Directory& directory) {
  std::string text = "What is counted\n";
  for (const Definition& each : definitions()) text += wrapped(fmt::format("  {:<9}{}", each.measure, each.text), 11);
  text += wrapped(
      "  Intervals: jackknife over replications, or over batches of one run; \"independent\": too few of these, or fewer than 30 hits or "
      "misses: Wilson's, as if one request told nothing of the next.",
      2);
  text += "\nWhat this record cannot tell\n";
  for (const std::string& each : not_in_record(counted, directory)) text += wrapped("  " + each, 4);
  return text;
}

}  // namespace

std::string rfc6076_text(const RunRecord& record, const Rfc6076& counted, Colour colour) {
  const bool by_entity = counted.entities().size() > 1;
  return heading(record) + shares_text(counted, by_entity, colour) + delays_text(counted, by_entity, colour) + idle_text(counted) +
         counts_text(counted, colour) + words_text(counted, record.directory());
}

}  // namespace trunklab
