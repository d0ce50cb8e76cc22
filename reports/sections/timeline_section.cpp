// The course of the run: the chart, and what happened when in words.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>

#include "models/record/words.hpp"
#include "reports/sections/sections.hpp"
#include "reports/sections/time_chart.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

constexpr std::size_t events_max = 200;

/// "probe down: euc1/1, seen by stockholm".
std::string event_words(SQLite::Statement& row) {
  const auto text = [&row](int place) { return row.getColumn(place).getString(); };
  std::string words = text(1);
  std::ranges::replace(words, '_', ' ');
  const auto add = [&words](const std::string& more) {
    if (!more.empty()) words += (words.find(':') == std::string::npos ? ": " : ", ") + more;
  };
  add(text(2));
  if (!text(3).empty()) add("site " + text(3));
  add(text(4));
  add(text(5));
  add(text(6));
  return words;
}

Tone tone_of(const std::string& kind) {
  if (kind.ends_with("crashed") || kind.ends_with("began")) return Tone::bad;
  return kind.ends_with("recovered") || kind.ends_with("ended") || kind.ends_with("_up") ? Tone::good : Tone::note;
}

Steps events_of(const RunRecord& record) {
  Steps steps{.caption = "What happened when", .steps = {}};
  SQLite::Statement query(record.database(),
                          "SELECT run_s, kind, edge, site, cap, fault, media_address FROM events_readable WHERE replication = 0 ORDER BY run_s");
  std::size_t left_out = 0;
  while (query.executeStep()) {
    if (steps.steps.size() == events_max) {
      ++left_out;
      continue;
    }
    const Instant at = run_start + from_seconds(query.getColumn(0).getDouble());
    steps.steps.push_back({.when = fmt::format("{} (+{})", clock_text(record.info(), at), run_time_text(at)),
                           .what = event_words(query),
                           .tone = tone_of(query.getColumn(1).getString())});
  }
  if (left_out > 0)
    steps.steps.push_back({.when = "", .what = fmt::format("{} more; the view events_readable of the run record has them", left_out)});
  return steps;
}

}  // namespace

Section timeline_section(const RunRecord& record) {
  Section section{.id = "timeline", .title = "Timeline", .blocks = {}};
  TimeChart chart = time_chart(record);
  if (!chart.panels.empty()) section.blocks.push_back({std::move(chart)});
  Steps events = events_of(record);
  if (!events.steps.empty()) section.blocks.push_back({std::move(events)});
  return section;
}

}  // namespace trunklab
