// A reconciliation as text and as JSON.
#include "cli/reconcile_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/clean_text.hpp"
#include "reports/text.hpp"

namespace trunklab::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string_view word(MatchedBy by) {
  switch (by) {
    case MatchedBy::call_id: return "call_id";
    case MatchedBy::number: return "number";
    case MatchedBy::start: break;
  }
  return "start";
}

/// What one side knows of a call, in one figure: how long it talked, or why it did not.
std::string fate_of(const BilledCall& call) {
  if (call.open) return "in progress";
  if (call.answered) return fmt::format("{:.3f} s", call.talk_s);
  if (call.release.sip != 0) return std::to_string(call.release.sip);
  if (call.release.q850 != 0) return fmt::format("cause {}", call.release.q850);
  return call.release.meaning ? "not answered, other reason" : "not answered";
}

const BilledCall* here_of(const ReconcileAnswer& answer, const CallPair& pair) {
  return pair.here ? &answer.here[*pair.here] : nullptr;
}

const BilledCall* there_of(const ReconcileAnswer& answer, const CallPair& pair) {
  return pair.there ? &answer.there.calls[*pair.there] : nullptr;
}

/// Our name of a call, else theirs.
std::string name_of(const ReconcileAnswer& answer, const CallPair& pair) {
  const BilledCall& call = pair.here ? answer.here[*pair.here] : answer.there.calls[*pair.there];
  const std::string name = clean_line(call.id.empty() ? call.number : call.id);
  return shortened(name.empty() ? "(no name)" : name, 60);
}

std::string example_text(const ReconcileAnswer& answer, CdrDifference difference, const CallPair& pair) {
  const BilledCall* here = here_of(answer, pair);
  const BilledCall* there = there_of(answer, pair);
  std::string text = fmt::format("  {}  {}", name_of(answer, pair), utc_text((here ? here : there)->start_ns));
  if (here) text += "  here " + fate_of(*here);
  if (there) text += fmt::format("{}there {}, line {}", here ? ", " : "  ", fate_of(*there), there->line);
  if (difference == CdrDifference::start) {
    text += fmt::format(", {:+.3f} s", static_cast<double>(there->start_ns - here->start_ns) / 1e9 - answer.found.offset_s.value_or(0));
  }
  return text + '\n';
}

std::string key_text(const ReconcileAnswer& answer) {
  const auto named = [&](const char* option) {
    return fmt::format("(--{} {}{})", option, clean_line(answer.there.key->name), answer.there.key->guessed ? ", guessed" : "");
  };
  switch (answer.found.by) {
    case MatchedBy::call_id: return "by Call-ID " + named("call-id");
    case MatchedBy::number: return "by called number and start " + named("called");
    case MatchedBy::start: break;
  }
  return "by start alone: no Call-ID there (--call-id), and a run record has no called numbers (--numbers, --called)";
}

std::string columns_text(const ReconcileAnswer& answer) {
  std::string text;
  each_column(answer.there.shape.columns, [&](std::string_view option, const CallColumn& column) {
    if (option != "number")
      text += fmt::format("{}--{} {}{}", text.empty() ? "" : ", ", option, clean_line(column.name), column.guessed ? " (guessed)" : "");
  });
  return text;
}

std::string offset_text(const Reconciliation& found) {
  if (!found.offset_s) return "not known: nothing matched";
  if (*found.offset_s == 0) return "none (median)";
  return fmt::format("theirs is {:.3f} s {} (median); taken off before starts are compared", std::abs(*found.offset_s),
                     *found.offset_s > 0 ? "ahead" : "behind");
}

std::uint64_t answered_of(const std::vector<BilledCall>& calls) {
  return static_cast<std::uint64_t>(std::ranges::count_if(calls, &BilledCall::answered));
}

std::string sides_text(const ReconcileAnswer& answer) {
  using Align = TextTable::Align;
  const Reconciliation& found = answer.found;
  TextTable table({{""}, {"here", Align::right}, {"there", Align::right}});
  table.add({"INVITE targets, rows", std::to_string(answer.here.size()), std::to_string(answer.there.calls.size())});
  table.add({"answered", std::to_string(answered_of(answer.here)), std::to_string(answered_of(answer.there.calls))});
  table.add({"matched", std::to_string(found.matched), std::to_string(found.matched)});
  table.add({"talk time, s", fmt::format("{:.1f}", found.talk_here_s), "-"});
  table.add({fmt::format("billed, s (here rounded up to {} s)", figure_text(answer.rules.increment_s)), fmt::format("{:.1f}", found.billed_here_s),
             fmt::format("{:.1f}", found.billed_there_s)});
  return table.text();
}

std::string no_differences_text(const ReconcileAnswer& answer) {
  std::string text;
  const auto add = [&text](std::uint64_t calls, const std::string& what) {
    if (calls > 0) text += wrapped(fmt::format("  {} {}", calls, what), 4);
  };
  add(answer.found.rounded_up, fmt::format("billed as ours rounded up to {} s", figure_text(answer.rules.increment_s)));
  add(answer.found.unheard, "missing there of which nothing was heard here: the INVITE may not have arrived");
  add(answer.found.unexpected, "not answered here, left out: the file has answered calls only (--answered-only)");
  add(answer.found.open, "in progress when our run ended: not compared");
  return text.empty() ? "" : "\nno differences\n" + text;
}

Json release_json(const BilledCall& call) {
  return {{"start", utc_text(call.start_ns)},
          {"answered", call.answered},
          {"talk_s", call.answered && !call.open ? Json(call.talk_s) : Json(nullptr)},
          {"sip_code", call.release.sip == 0 ? Json(nullptr) : Json(call.release.sip)},
          {"q850_cause", call.release.q850 == 0 ? Json(nullptr) : Json(call.release.q850)}};
}

Json example_json(const ReconcileAnswer& answer, const CallPair& pair) {
  const BilledCall* here = here_of(answer, pair);
  const BilledCall* there = there_of(answer, pair);
  Json json{
      {"call", name_of(answer, pair)}, {"here", here ? release_json(*here) : Json(nullptr)}, {"there", there ? release_json(*there) : Json(nullptr)}};
  if (there) json["line"] = there->line;
  return json;
}

/// What to look at first where so much differs that the sides were likely laid wrong; empty if not.
std::string doubt_text(const ReconcileAnswer& answer) {
  const Reconciliation& found = answer.found;
  const std::size_t fewer = std::min(answer.here.size(), answer.there.calls.size());
  if (fewer == 0) return "";
  if (found.matched < fewer / 2 + fewer % 2) {
    return fmt::format(
        "only {} of {} matched: are --call-id or --called what our record has, numbers written alike, and the hours the same (--timezone)?",
        found.matched, fewer);
  }
  if (found[CdrDifference::start].calls > found.matched / 10)
    return "a tenth of the starts do not agree, whatever the clocks' offset: is it larger than --match-within (--timezone, a longer one)?";
  return "";
}

}  // namespace

std::string reconcile_text(const ReconcileAnswer& answer) {
  const Reconciliation& found = answer.found;
  std::string text =
      wrapped(fmt::format("{}, replication {}, against {}", clean_line(answer.record_file), answer.replication, clean_line(answer.call_file)), 2);
  if (!answer.complete) text += "INCOMPLETE: the run was stopped before its end\n";
  text += wrapped("matched   " + key_text(answer), 10);
  text += wrapped("columns   " + columns_text(answer), 10);
  text += wrapped("clock     " + offset_text(found), 10);
  if (!answer.there.shape.columns.outcome) text += "codes     not compared: the file has no column with them (--outcome)\n";
  if (answer.there.unread > 0)
    text += wrapped(fmt::format("codes     {} rows not compared: no code and no word that is known", answer.there.unread), 10);
  if (const std::string doubt = doubt_text(answer); !doubt.empty()) text += wrapped("doubt     " + doubt, 10);
  text += '\n' + sides_text(answer) + fmt::format("\ndifferences: {}\n", found.all());
  for (std::size_t place = 0; place < differences; ++place) {
    const auto difference = static_cast<CdrDifference>(place);
    if (found[difference].calls == 0) continue;
    text += fmt::format("{}: {}\n", text_of(difference), found[difference].calls);
    for (const CallPair& pair : found[difference].first) text += example_text(answer, difference, pair);
    if (found[difference].calls > found[difference].first.size())
      text += fmt::format("  and {} more\n", found[difference].calls - found[difference].first.size());
  }
  text += no_differences_text(answer);
  if (!answer.defaults.empty()) text += '\n' + wrapped(fmt::format("Defaults of ours: {}", fmt::join(answer.defaults, ", ")), 2);
  return text;
}

std::string reconcile_json(const ReconcileAnswer& answer) {
  const Reconciliation& found = answer.found;
  Json columns;
  each_column(answer.there.shape.columns, [&](const char* option, const CallColumn& column) {
    if (std::string_view(option) != "number") columns[option] = {{"name", column.name}, {"guessed", column.guessed}};
  });
  if (answer.there.key)
    columns[answer.there.key->is_call_id ? "call_id" : "called"] = {{"name", answer.there.key->name}, {"guessed", answer.there.key->guessed}};
  Json all = Json::array();
  for (std::size_t place = 0; place < differences; ++place) {
    const auto difference = static_cast<CdrDifference>(place);
    Json examples = Json::array();
    for (const CallPair& pair : found[difference].first) examples.push_back(example_json(answer, pair));
    all.push_back({{"reason", trunklab::word(difference)}, {"calls", found[difference].calls}, {"first", examples}});
  }
  const Json json{
      {"command", "reconcile"},
      {"record", answer.record_file},
      {"complete", answer.complete},
      {"replication", answer.replication},
      {"file", answer.call_file},
      {"matched_by", word(answer.found.by)},
      {"columns", columns},
      {"matched", found.matched},
      {"clock_offset_s", found.offset_s ? Json(*found.offset_s) : Json(nullptr)},
      {"here",
       {{"targets", answer.here.size()}, {"answered", answered_of(answer.here)}, {"talk_s", found.talk_here_s}, {"billed_s", found.billed_here_s}}},
      {"there", {{"rows", answer.there.calls.size()}, {"answered", answered_of(answer.there.calls)}, {"billed_s", found.billed_there_s}}},
      {"differences", found.all()},
      {"reasons", all},
      {"rounded_up", found.rounded_up},
      {"unheard", found.unheard},
      {"codes_unread", answer.there.unread},
      {"doubt", doubt_text(answer)},
      {"not_expected", found.unexpected},
      {"open", found.open},
      {"defaults", answer.defaults}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace trunklab::cli
