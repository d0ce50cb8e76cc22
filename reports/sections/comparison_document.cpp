// Several runs side by side, for people.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "models/measures/summary.hpp"
#include "models/record/words.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/comparison.hpp"
#include "reports/sections/finding_sentences.hpp"
#include "reports/sections/line_diff.hpp"
#include "reports/sections/parts.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

/// "run 2, after.sqlite".
std::string name_of(const RunRecord& record, std::size_t place) {
  return fmt::format("run {}, {}", place + 1, record.file().filename().string());
}

/// What everybody looks at first.
constexpr auto key_measures =
    std::to_array<std::string_view>({"offered", "answered", "blocked",  "failed",    "lost_in_setup", "abandoned",       "dropped",        "orphaned",
                                     "asr",     "ner",      "blocking", "pdd_p50",   "pdd_p95",       "concurrent_mean", "concurrent_max", "cps_max",
                                     "mos_p5",  "one_way",  "no_audio", "calls_hit", "calls_lost",    "failover_s"});
constexpr auto gains =
    std::to_array<std::string_view>({"answered", "asr", "ner", "ser", "seer", "scr", "attempt_asr", "attempt_ner", "mos_p5", "mos_p50"});
constexpr auto harms =
    std::to_array<std::string_view>({"blocked",      "blocking",     "failed",          "lost_in_setup", "dropped",    "orphaned",   "isa",
                                     "pdd_p50",      "pdd_p95",      "pdd_p99",         "srd_mean",      "one_way",    "no_audio",   "ghosts",
                                     "double_rings", "stuck_s_site", "stuck_s_carrier", "calls_hit",     "calls_lost", "failover_s", "return_s"});

Tone tone_of(const Difference& difference) {
  if (!difference.differs()) return Tone::plain;
  const bool more = difference.difference() > 0;
  if (std::ranges::find(gains, difference.name) != gains.end()) return more ? Tone::good : Tone::bad;
  if (std::ranges::find(harms, difference.name) != harms.end()) return more ? Tone::bad : Tone::good;
  return Tone::note;
}

std::string figure_text(const Difference& difference, double value) {
  return measure_text({.name = "", .entity = "", .unit = difference.unit, .mean = value, .low = {}, .high = {}, .n = 1, .note = {}});
}

std::string verdict_text(const Difference& difference) {
  if (difference.differs()) return difference.difference() > 0 ? "more" : "less";
  if (difference.first == difference.other) return "equal";
  return difference.low ? "may be luck" : "not known";
}

/// Of two shares the difference is in percentage points.
std::string difference_text(const Difference& difference) {
  const bool share = difference.unit == "probability";
  const double scale = share ? 100 : 1;
  const auto scaled = [scale](const std::optional<double>& bound) { return bound ? std::optional(*bound * scale) : std::nullopt; };
  return measure_text({.name = "",
                       .entity = "",
                       .unit = share ? "points" : difference.unit,
                       .mean = difference.difference() * scale,
                       .low = scaled(difference.low),
                       .high = scaled(difference.high),
                       .n = 1,
                       .note = {}});
}

Row row_of(const Difference& difference) {
  return {.cells = {{.text = with_spaces(difference.name)},
                    {.text = difference.entity},
                    {.text = figure_text(difference, difference.first), .number = difference.first},
                    {.text = figure_text(difference, difference.other), .number = difference.other},
                    {.text = difference_text(difference), .number = difference.difference()},
                    {.text = verdict_text(difference), .tone = tone_of(difference)}}};
}

Table table_of(std::string caption, std::string first, std::string other) {
  return {.caption = std::move(caption),
          .columns = {{"measure"},
                      {"of"},
                      {std::move(first), Align::right},
                      {std::move(other), Align::right},
                      {fmt::format("difference [{:.0f} %]", confidence * 100), Align::right},
                      {"verdict"}},
          .rows = {}};
}

std::string basis_words(Basis basis) {
  switch (basis) {
    case Basis::pairs:
      return "Intervals: Student's t of the differences between replications of the same number. Both runs have the same seed, so these met the same "
             "luck, "
             "and small differences show.";
    case Basis::independent:
      return "Intervals: Welch's t of the replications of both runs, taken as independent. With the same seed and the same number of replications "
             "they "
             "could be paired, and smaller differences would show.";
    case Basis::intervals:
      return "Intervals: made from each run's own interval, as if the runs were independent. Several replications (-n) of the same seed would show "
             "smaller differences.";
    case Basis::none: break;
  }
  return "No intervals: at least one of the runs is a single one that is too short for them. Whether a difference is luck cannot be told; several "
         "replications (-n) would tell.";
}

/// The basis that most measures have. Bounds of rare events have none.
Basis usual_basis(const std::vector<Difference>& all) {
  std::array<std::size_t, 4> counts{};
  for (const Difference& each : all) ++counts.at(static_cast<std::size_t>(each.basis));
  const auto most = std::max_element(counts.begin(), counts.begin() + 3);
  return *most == 0 ? Basis::none : static_cast<Basis>(most - counts.begin());
}

Section difference_section(const RunRecord& first, const RunRecord& other, std::size_t place) {
  Section section{
      .id = fmt::format("difference-{}", place + 1), .title = fmt::format("What differs: {} against run 1", name_of(other, place)), .blocks = {}};
  const std::vector<Difference> all = differences(first, other);
  section.blocks.push_back({Paragraph{.text = basis_words(usual_basis(all)), .tone = Tone::note}});
  const std::string column = fmt::format("run {}", place + 1);
  Table key = table_of("What everybody looks at first", "run 1", column);
  Table rest = table_of("", "run 1", column);
  std::size_t judged = 0;
  std::size_t equal = 0;
  for (const Difference& each : all) {
    const bool is_key =
        (each.entity == "total" || each.entity.starts_with("fault/")) && std::ranges::find(key_measures, each.name) != key_measures.end();
    judged += each.low.has_value();
    const bool nothing = each.first == 0 && each.other == 0;
    if (is_key && !nothing) key.rows.push_back(row_of(each));
    equal += each.first == each.other;
    if (each.first != each.other) rest.rows.push_back(row_of(each));
  }
  section.blocks.push_back({std::move(key)});
  rest.searchable = true;
  Blocks more{{std::move(rest)}};
  more.push_back(
      {Paragraph{.text = fmt::format("{} of {} measures are exactly equal and left out. Of {} that have an interval, about {:.0f} would seem to "
                                     "differ by chance alone.",
                                     equal, all.size(), judged, static_cast<double>(judged) * (1 - confidence)),
                 .tone = Tone::note}});
  section.blocks.push_back({Fold{.id = fmt::format("all-{}", place + 1), .title = "Every measure that is not equal", .blocks = std::move(more)}});
  return section;
}

Section runs_section(std::span<const RunRecord* const> records) {
  Section section{.id = "runs", .title = "The runs", .blocks = {}};
  Table table{.caption = "What was run",
              .columns = {{"run"}, {"file"}, {"scenario"}, {"time covered"}, {"seed"}, {"replications", Align::right}, {"version"}},
              .rows = {}};
  for (std::size_t place = 0; place < records.size(); ++place) {
    const RunInfo& info = records[place]->info();
    table.rows.push_back({.cells = {{.text = std::to_string(place + 1)},
                                    {.text = records[place]->file().filename().string()},
                                    {.text = info.scenario_name},
                                    {.text = duration_text(in_seconds(info.horizon)), .number = in_seconds(info.horizon)},
                                    {.text = std::to_string(info.seed)},
                                    {.text = std::to_string(info.replications), .number = info.replications},
                                    {.text = info.version + (records[place]->complete() ? "" : ", INCOMPLETE")}}});
  }
  section.blocks.push_back({std::move(table)});
  for (std::size_t place = 0; place < records.size(); ++place) {
    Bullets bullets;
    for (FindingSentence& sentence : finding_sentences(*records[place])) {
      bullets.items.push_back({.text = fmt::format("Run {}: {}", place + 1, sentence.text), .tone = sentence.tone});
    }
    if (!bullets.items.empty()) section.blocks.push_back({std::move(bullets)});
  }
  return section;
}

/// "euc1/1 crash" for "fault/0": the numbers of the same fault may differ from run to run. Other entities are what they are.
std::string fault_by_text(const Directory& directory, const std::string& entity) {
  for (std::uint16_t fault = 0; fault < directory.faults.size(); ++fault) {
    if (entity == entity_name(directory, EntityKind::fault, fault)) return directory.faults[fault].text;
  }
  return entity;
}

/// Objectives that any of the runs has, with the verdict of each run.
Section verdicts_section(std::span<const RunRecord* const> records) {
  Section section{.id = "objectives", .title = "Objectives", .blocks = {}};
  Table table{.caption = "Verdicts", .columns = {{"objective"}, {"of"}}, .rows = {}};
  std::vector<std::pair<std::string, std::string>> keys;
  std::vector<std::map<std::pair<std::string, std::string>, Verdict>> verdicts;
  for (const RunRecord* record : records) {
    auto& own = verdicts.emplace_back();
    for (Verdict& verdict : record->verdicts()) {
      const std::pair key{verdict.name, fault_by_text(record->directory(), verdict.entity)};
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
      own.emplace(key, std::move(verdict));
    }
    table.columns.push_back({fmt::format("run {}", verdicts.size())});
  }
  for (const auto& key : keys) {
    Row row{.cells = {{.text = with_spaces(key.first)}, {.text = key.second}}};
    for (const auto& own : verdicts) {
      const auto found = own.find(key);
      if (found == own.end()) {
        row.cells.push_back({.text = "-"});
        continue;
      }
      const Verdict& verdict = found->second;
      row.cells.push_back({.text = fmt::format("{}: {}", word(verdict.kind), verdict.text), .tone = tone_of(verdict.kind)});
    }
    table.rows.push_back(std::move(row));
  }
  if (!keys.empty()) section.blocks.push_back({std::move(table)});
  return section;
}

Section scenarios_section(std::span<const RunRecord* const> records) {
  Section section{.id = "scenarios", .title = "What changed in the scenario", .blocks = {}};
  for (std::size_t place = 1; place < records.size(); ++place) {
    std::string text = line_diff(records[0]->info().scenario_text, records[place]->info().scenario_text);
    if (text.empty()) {
      section.blocks.push_back({Paragraph{.text = fmt::format("Run {}: the same scenario as run 1, word for word.", place + 1)}});
    } else {
      section.blocks.push_back({Verbatim{.caption = fmt::format("From run 1 (-) to run {} (+)", place + 1), .text = std::move(text)}});
    }
  }
  return section;
}

}  // namespace

Document comparison_document(std::span<const RunRecord* const> records) {
  Document document{.title = "Comparison of runs", .subtitle = {}, .sections = {}};
  for (std::size_t place = 0; place < records.size(); ++place) {
    document.subtitle += (place == 0 ? "" : "; ") + name_of(*records[place], place);
  }
  document.sections.push_back(runs_section(records));
  for (std::size_t place = 1; place < records.size(); ++place) document.sections.push_back(difference_section(*records[0], *records[place], place));
  for (Section section : {verdicts_section(records), scenarios_section(records)}) {
    if (!section.blocks.empty()) document.sections.push_back(std::move(section));
  }
  return document;
}

}  // namespace trunklab
