// The first section: what a reader should know in ten seconds.
#include "reports/objectives.hpp"
#include "reports/sections/finding_sentences.hpp"
#include "reports/sections/parts.hpp"
#include "reports/sections/sections.hpp"

namespace trunklab {
namespace {

Table verdicts_table(const std::vector<Verdict>& verdicts) {
  Table table{.caption = "Objectives", .columns = {{"verdict"}, {"objective"}}, .rows = {}};
  for (const Verdict& verdict : verdicts) {
    const Tone tone = tone_of(verdict.kind);
    table.rows.push_back({.cells = {{.text = std::string(word(verdict.kind)), .tone = tone}, {.text = verdict.text}}});
  }
  return table;
}

}  // namespace

Section finding_section(const RunRecord& record) {
  Section section{.id = "finding", .title = "Finding", .blocks = {}};
  Bullets bullets;
  for (FindingSentence& sentence : finding_sentences(record)) bullets.items.push_back({.text = std::move(sentence.text), .tone = sentence.tone});
  section.blocks.push_back({std::move(bullets)});
  append(section.blocks, advice_blocks(record.advice()));
  if (const auto verdicts = record.verdicts(); !verdicts.empty()) section.blocks.push_back({verdicts_table(verdicts)});
  append(section.blocks, remark_blocks(record.remarks()));
  return section;
}

}  // namespace trunklab
