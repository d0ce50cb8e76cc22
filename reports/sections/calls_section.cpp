// What happened to the calls.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "models/record/words.hpp"
#include "reports/figures.hpp"
#include "reports/notice_words.hpp"
#include "reports/sections/causes.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/sections.hpp"
#include "reports/sql_values.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

struct OutcomeRow {
  std::string_view measure;
  std::string_view words;
  Tone tone;
};
constexpr auto outcomes = std::to_array<OutcomeRow>({{"answered", "answered", Tone::good},
                                                     {"busy", "busy (486)", Tone::plain},
                                                     {"no_answer", "rang out (480)", Tone::plain},
                                                     {"rejected", "rejected by the called side (603)", Tone::plain},
                                                     {"abandoned", "given up by the caller", Tone::plain},
                                                     {"blocked", "blocked: refused for want of capacity", Tone::bad},
                                                     {"failed", "failed: no target took it", Tone::bad},
                                                     {"lost_in_setup", "lost in set-up: accepted by an edge that then died", Tone::bad},
                                                     {"in_progress", "undecided when the run ended", Tone::plain}});

/// Outcomes, and below blocked and failed the reasons.
Table outcomes_table(std::span<const Measure> measures) {
  const Figures total(measures, "total");
  Table table{.caption = "Calls offered, by outcome and reason", .columns = {{"outcome"}, {"calls", Align::right}, {"of those offered"}}, .rows = {}};
  const double offered = total["offered"];
  for (const OutcomeRow& outcome : outcomes) {
    const double count = total[outcome.measure];
    table.rows.push_back({.cells = {{.text = std::string(outcome.words)},
                                    count_cell(count, outcome.tone == Tone::bad ? Tone::bad : Tone::plain),
                                    share_cell(count, offered)}});
    const std::string prefix = std::string(outcome.measure) + '_';
    for (const Measure& reason : measures) {
      if (reason.entity != "total" || !reason.name.starts_with(prefix) || reason.unit != "calls" || count_text(reason.mean) == "0") continue;
      const std::string words = "    of these: " + with_spaces(reason.name.substr(prefix.size()));
      table.rows.push_back({.cells = {{.text = words}, count_cell(reason.mean), share_cell(reason.mean, offered)}});
    }
  }
  for (const auto& [measure, words] : {std::pair{"dropped", "answered, then cut off"}, std::pair{"orphaned", "answered, then hung up in vain"}}) {
    table.rows.push_back({.cells = {{.text = words}, count_cell(total[measure], Tone::bad), {.text = "-"}}});
  }
  return table;
}

Table places_table(std::span<const Measure> measures) {
  Table table{.caption = "By site, region, edge and demand (an edge's and region's calls: those that tried it last)",
              .columns = {{"where"},
                          {"offered", Align::right},
                          {"answered", Align::right},
                          {"blocked", Align::right},
                          {"failed", Align::right},
                          {"lost in set-up", Align::right},
                          {"cut off", Align::right},
                          {"hung up in vain", Align::right},
                          {"ASR", Align::right}},
              .rows = {}};
  std::set<std::string> seen;
  for (const Measure& measure : measures) {
    const bool place = measure.entity.starts_with("site/") || measure.entity.starts_with("region/") || measure.entity.starts_with("edge/") ||
                       measure.entity.starts_with("demand/");
    if (!place || !seen.insert(measure.entity).second) continue;
    const Figures of(measures, measure.entity);
    if (of["offered"] + of["dropped"] + of["orphaned"] <= 0) continue;
    const Cell asr = of["offered"] > 0 ? Cell{.text = fmt::format("{:.1f} %", 100 * of["asr"]), .number = of["asr"]} : Cell{.text = "-"};
    table.rows.push_back({.cells = {{.text = measure.entity},
                                    count_cell(of["offered"]),
                                    count_cell(of["answered"]),
                                    count_cell(of["blocked"], Tone::bad),
                                    count_cell(of["failed"], Tone::bad),
                                    count_cell(of["lost_in_setup"], Tone::bad),
                                    count_cell(of["dropped"], Tone::bad),
                                    count_cell(of["orphaned"], Tone::bad),
                                    asr}});
  }
  return table;
}

/// The same ratios as the customer and as the carrier count them.
Table scopes(std::span<const Measure> measures) {
  Table table{.caption = "Both scopes: per call, as the customer sees it; per attempt, as the carrier's records show it",
              .columns = {{"scope"}, {"answer-seizure ratio (ASR)"}, {"network effectiveness ratio (NER)"}},
              .rows = {}};
  const auto cell = [&](std::string_view name) {
    const Measure* found = find_measure(measures, name);
    return found == nullptr ? Cell{.text = "-"} : Cell{.text = measure_text(*found), .number = found->mean};
  };
  table.rows.push_back({.cells = {{.text = "call"}, cell("asr"), cell("ner")}});
  table.rows.push_back({.cells = {{.text = "attempt"}, cell("attempt_asr"), cell("attempt_ner")}});
  return table;
}

Table attempts_table(const RunRecord& record) {
  Table table{.caption = "By attempt: how the first, second, ... INVITE of a call ended",
              .columns = {{"attempt"}, {"INVITEs", Align::right}, {"ended as"}, {"of these"}},
              .rows = {}};
  std::map<int, double> sums;
  SQLite::Statement query(record.database(),
                          fmt::format("SELECT attempt, end, count(*) FROM attempts WHERE window != {} AND sent >= {} GROUP BY attempt, end "
                                      "ORDER BY attempt, count(*) DESC",
                                      initial_window, (record.info().measure_from - run_start).count()));
  struct Ended {
    int attempt;
    AttemptEnd end;
    double count;
  };
  std::vector<Ended> all;
  while (query.executeStep()) {
    const double count = query.getColumn(2).getDouble() / record.info().replications;
    all.push_back({query.getColumn(0).getInt(), enum_in<AttemptEnd>(query.getColumn(1)), count});
    sums[all.back().attempt] += count;
  }
  for (const Ended& each : all) {
    table.rows.push_back({.cells = {{.text = fmt::format("{}", each.attempt + 1), .number = each.attempt + 1},
                                    count_cell(each.count),
                                    {.text = each.end == AttemptEnd::none ? "under way when the run ended" : with_spaces(word(each.end))},
                                    share_cell(each.count, sums[each.attempt])}});
  }
  return table;
}

Table causes_table(const RunRecord& record) {
  Table table{.caption = "Release causes: who ended the call, and the final code that the site heard",
              .columns = {{"outcome"}, {"released by"}, {"SIP code"}, {"Q.850 cause"}, {"calls", Align::right}},
              .rows = {}};
  SQLite::Statement query(record.database(), fmt::format("SELECT outcome, ending, released_by, code, count(*) FROM calls WHERE {} "
                                                         "GROUP BY outcome, ending, released_by, code ORDER BY count(*) DESC LIMIT 40",
                                                         offered_condition(record.info())));
  while (query.executeStep()) {
    const auto outcome = enum_in<Outcome>(query.getColumn(0));
    const auto ending = enum_in<Ending>(query.getColumn(1));
    const auto party = enum_in<Party>(query.getColumn(2));
    const auto code = static_cast<std::uint16_t>(query.getColumn(3).getInt());
    std::string what = with_spaces(word(outcome));
    if (ending != Ending::none) what += ", " + with_spaces(word(ending));
    table.rows.push_back({.cells = {{.text = what},
                                    {.text = std::string(word(party))},
                                    {.text = sip_code_words(code)},
                                    {.text = q850_words(code)},
                                    count_cell(query.getColumn(4).getDouble() / record.info().replications)}});
  }
  return table;
}

/// From offered to outcome to ending.
class CallFlow {
 public:
  explicit CallFlow(const RunRecord& record) {
    flow_.caption = "From offered to ended";
    flow_.nodes.push_back({.name = "offered"});
    SQLite::Statement query(record.database(),
                            fmt::format("SELECT outcome, ending, count(*) FROM calls WHERE {} GROUP BY outcome, ending ORDER BY count(*) DESC",
                                        offered_condition(record.info())));
    while (query.executeStep()) {
      add(enum_in<Outcome>(query.getColumn(0)), enum_in<Ending>(query.getColumn(1)), query.getColumn(2).getDouble() / record.info().replications);
    }
  }
  [[nodiscard]] Flow flow() const { return flow_; }

 private:
  static Tone tone_of(Outcome outcome) {
    if (outcome == Outcome::answered) return Tone::good;
    return outcome == Outcome::blocked || outcome == Outcome::failed || outcome == Outcome::lost_in_setup ? Tone::bad : Tone::plain;
  }
  static Tone tone_of(Ending ending) {
    if (ending == Ending::normal) return Tone::good;
    return ending == Ending::dropped || ending == Ending::orphaned ? Tone::bad : Tone::plain;
  }
  static std::string words_of(Ending ending) {
    switch (ending) {
      case Ending::normal: return "ended as usual";
      case Ending::dropped: return "cut off";
      case Ending::orphaned: return "hung up in vain";
      case Ending::in_progress: return "still talking at the end";
      case Ending::none: return "";
    }
    return "";
  }

  std::size_t node(const std::string& name, std::uint32_t column, Tone tone) {
    const auto same = [&](const Flow::Node& each) { return each.name == name && each.column == column; };
    const auto found = std::ranges::find_if(flow_.nodes, same);
    if (found != flow_.nodes.end()) return static_cast<std::size_t>(found - flow_.nodes.begin());
    flow_.nodes.push_back({.name = name, .column = column, .calls = 0, .tone = tone});
    return flow_.nodes.size() - 1;
  }

  void link(std::size_t from, std::size_t to, double calls) {
    flow_.nodes[to].calls += calls;
    for (Flow::Link& each : flow_.links) {
      if (each.from == from && each.to == to) {
        each.calls += calls;
        return;
      }
    }
    flow_.links.push_back({.from = from, .to = to, .calls = calls});
  }

  void add(Outcome outcome, Ending ending, double calls) {
    flow_.nodes[0].calls += calls;
    const std::size_t came_out = node(with_spaces(word(outcome)), 1, tone_of(outcome));
    link(0, came_out, calls);
    if (ending != Ending::none) link(came_out, node(words_of(ending), 2, tone_of(ending)), calls);
  }

  Flow flow_;
};

}  // namespace

Section calls_section(const RunRecord& record) {
  Section section{.id = "calls", .title = "What happened to the calls", .blocks = {}};
  const std::vector<Measure> measures = known_measures(record);
  if (measures.empty()) return section;
  section.blocks = means_note(record.info());
  section.blocks.push_back({outcomes_table(measures)});
  const bool all = record.info().detail == CallDetail::all;
  const Flow flow = all ? CallFlow(record).flow() : Flow{};
  if (flow.links.size() > 1) section.blocks.push_back({flow});
  section.blocks.push_back({places_table(measures)});
  section.blocks.push_back({scopes(measures)});
  if (all) {
    section.blocks.push_back({attempts_table(record)});
    section.blocks.push_back({causes_table(record)});
  } else {
    section.blocks.push_back({Paragraph{
        .text = "The record does not hold every call, so there is nothing here of single attempts and release causes.", .tone = Tone::note}});
  }
  return section;
}

}  // namespace trunklab
