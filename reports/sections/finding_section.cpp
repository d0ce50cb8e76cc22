// The first section: what a reader should know in ten seconds.
#include <fmt/format.h>

#include "reports/finding.hpp"
#include "reports/notice_words.hpp"
#include "reports/objectives.hpp"
#include "reports/sections/finding_sentences.hpp"
#include "reports/sections/sections.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

Table verdicts_table(const std::vector<Verdict>& verdicts) {
  Table table{.caption = "Objectives", .columns = {{"verdict"}, {"objective"}}, .rows = {}};
  for (const Verdict& verdict : verdicts) {
    const Tone tone = verdict.kind == Verdict::Kind::met ? Tone::good : Tone::bad;
    table.rows.push_back({.cells = {{.text = std::string(word(verdict.kind)), .tone = tone}, {.text = verdict.text}}});
  }
  return table;
}

Table advice_table(const std::vector<AdviceRow>& advice) {
  Table table{.caption = "The same calls and faults with other settings, replication 0",
              .columns = {{"setting"}, {"calls lost", Align::right}, {"calls hit", Align::right}, {"failover", Align::right}, {"what it means"}},
              .rows = {}};
  for (const AdviceRow& row : advice) {
    table.rows.push_back({.cells = {{.text = row.setting},
                                    {.text = count_text(row.calls_lost), .number = row.calls_lost},
                                    {.text = count_text(row.calls_hit), .number = row.calls_hit},
                                    {.text = duration_text(row.failover_s), .number = row.failover_s},
                                    {.text = row.text}}});
  }
  return table;
}

void add_advice(const RunRecord& record, Blocks& blocks) {
  const auto advice = record.advice();
  const BestSetting best = best_setting(advice);
  if (best.headline.empty()) return;
  const std::string gain = best.gain.empty() ? "" : fmt::format(": {}.", best.gain);
  blocks.push_back({Paragraph{.text = best.headline + gain, .tone = gain.empty() ? Tone::plain : Tone::good}});
  if (best.table_says_more) blocks.push_back({advice_table(advice)});
}

/// A fold of the remarks of one kind; nothing if there are none.
void add_remarks(const std::vector<Remark>& remarks, Remark::Kind kind, std::string id, std::string title, Blocks& blocks) {
  Bullets bullets;
  for (const Remark& remark : remarks) {
    if (remark.kind == kind) bullets.items.push_back({.text = remark.where + ": " + remark.text});
  }
  if (bullets.items.empty()) return;
  title += fmt::format(" ({})", bullets.items.size());
  blocks.push_back({Fold{.id = std::move(id), .title = std::move(title), .blocks = {{std::move(bullets)}}}});
}

}  // namespace

Section finding_section(const RunRecord& record) {
  Section section{.id = "finding", .title = "Finding", .blocks = {}};
  Bullets bullets;
  for (FindingSentence& sentence : finding_sentences(record)) bullets.items.push_back({.text = std::move(sentence.text), .tone = sentence.tone});
  section.blocks.push_back({std::move(bullets)});
  add_advice(record, section.blocks);
  if (const auto verdicts = record.verdicts(); !verdicts.empty()) section.blocks.push_back({verdicts_table(verdicts)});
  const auto remarks = record.remarks();
  add_remarks(remarks, Remark::Kind::assumed, "assumed", "Assumed: defaults of trunklab's own, not of Sinch, that the scenario left open",
              section.blocks);
  add_remarks(remarks, Remark::Kind::seed_advice, "seed-advice",
              "What Sinch's introduction to SIP trunking recommends and the scenario does not follow", section.blocks);
  add_remarks(remarks, Remark::Kind::own_advice, "own-advice", "What we would do otherwise (our own judgement)", section.blocks);
  return section;
}

}  // namespace trunklab
