// Advice and remarks as blocks.
#include "reports/sections/parts.hpp"

#include <fmt/format.h>

#include <iterator>

#include "reports/finding.hpp"
#include "reports/notice_words.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

Table advice_table(std::span<const AdviceRow> advice) {
  Table table{.caption = "The same calls and faults with other settings (first replication)",
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

/// A fold of the remarks of one kind; nothing if there are none.
void add_remarks(std::span<const Remark> remarks, Remark::Kind kind, std::string id, std::string title, Blocks& blocks) {
  Bullets bullets;
  for (const Remark& remark : remarks) {
    if (remark.kind == kind) bullets.items.push_back({.text = remark.where + ": " + remark.text});
  }
  if (bullets.items.empty()) return;
  title += fmt::format(" ({})", bullets.items.size());
  blocks.push_back({Fold{.id = std::move(id), .title = std::move(title), .blocks = {{std::move(bullets)}}}});
}

}  // namespace

void append(Blocks& blocks, Blocks more) {
  blocks.insert(blocks.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Tone tone_of(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::met: return Tone::good;
    case Verdict::Kind::missed: return Tone::bad;
    case Verdict::Kind::not_judged: break;
  }
  return Tone::note;
}

Blocks advice_blocks(std::span<const AdviceRow> advice) {
  Blocks blocks;
  const BestSetting best = best_setting(advice);
  if (best.headline.empty()) return blocks;
  const std::string gain = best.gain.empty() ? "" : fmt::format(": {}.", best.gain);
  blocks.push_back({Paragraph{.text = best.headline + gain, .tone = gain.empty() ? Tone::plain : Tone::good}});
  if (best.table_says_more) {
    blocks.push_back(
        {Fold{.id = "", .title = fmt::format("All settings that were tried ({})", advice.size() - 1), .blocks = {{advice_table(advice)}}}});
  }
  return blocks;
}

Blocks remark_blocks(std::span<const Remark> remarks) {
  Blocks blocks;
  add_remarks(remarks, Remark::Kind::assumed, "assumed", "Assumed: defaults of trunklab's own, not of Sinch, that the scenario left open", blocks);
  add_remarks(remarks, Remark::Kind::seed_advice, "seed-advice",
              "What Sinch's introduction to SIP trunking recommends and the scenario does not follow", blocks);
  add_remarks(remarks, Remark::Kind::own_advice, "own-advice", "What we would do otherwise (our own judgement)", blocks);
  return blocks;
}

}  // namespace trunklab
