// The calls that fared worst, with their attempts.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "models/record/words.hpp"
#include "reports/sections/causes.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/sections.hpp"
#include "reports/sql_values.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

using Align = Column::Align;

constexpr int calls_max = 200;

/// What the SQL brings of a call.
struct WorstCall {
  CallRecord call;
  std::optional<std::uint16_t> fault;
  Span later{};
};

/// Lost through a fault, cut off, blocked or failed, stuck, then the latest.
std::vector<WorstCall> worst_calls(const RunRecord& record) {
  SQLite::Statement query(
      record.database(),
      fmt::format(
          "SELECT c.demand, c.window, c.number, c.redial, c.site, c.offered, c.progressed, c.answered, c.ended, c.stuck_site, c.stuck_carrier, "
          "c.outcome, c.ending, c.reason, c.edge, c.attempts, c.code, h.fault, coalesce(h.later, 0) FROM calls c LEFT JOIN hits h ON h.replication = "
          "0 "
          "AND h.demand = c.demand AND h.window = c.window AND h.number = c.number AND h.redial = c.redial WHERE c.replication = 0 AND "
          "(h.fault IS NOT NULL OR c.outcome BETWEEN {0} AND {1} OR c.ending IN ({2}, {3})) "
          "ORDER BY CASE WHEN h.effect = {4} THEN 0 WHEN c.ending = {2} THEN 1 WHEN c.outcome BETWEEN {0} AND {1} THEN 2 WHEN c.ending = {3} THEN 3 "
          "ELSE 4 END, coalesce(h.lost_talk, 0) DESC, coalesce(h.later, 0) DESC, c.offered LIMIT {5}",
          static_cast<int>(Outcome::blocked), static_cast<int>(Outcome::lost_in_setup), static_cast<int>(Ending::dropped),
          static_cast<int>(Ending::orphaned), static_cast<int>(Effect::lost), calls_max));
  std::vector<WorstCall> calls;
  while (query.executeStep()) {
    WorstCall& row = calls.emplace_back();
    CallRecord& call = row.call;
    Columns columns(query);
    columns >> call.id >> call.site >> call.offered >> call.progressed >> call.answered >> call.ended >> call.stuck_site >> call.stuck_carrier;
    columns >> call.outcome >> call.ending >> call.reason;
    columns.index_or_null(call.edge) >> call.attempts >> call.code >> row.fault >> row.later;
  }
  return calls;
}

/// The attempts and ghosts of some calls.
struct Tries {
  std::map<CallId, std::vector<Attempt>> attempts;
  std::map<CallId, std::vector<Ghost>> ghosts;
};

/// Keys of the calls as a table of values, for a join.
std::string keys_of(const std::vector<WorstCall>& calls) {
  std::string rows;
  for (const WorstCall& each : calls) {
    const CallId& id = each.call.id;
    rows += fmt::format("{}({},{},{},{})", rows.empty() ? "" : ",", id.demand, id.window, id.number, id.redial);
  }
  return "WITH wanted(demand, window, number, redial) AS (VALUES " + rows + ") ";
}

Tries tries_of(const RunRecord& record, const std::vector<WorstCall>& calls) {
  Tries tries;
  if (calls.empty()) return tries;
  const std::string keys = keys_of(calls);
  SQLite::Statement attempts(record.database(),
                             keys +
                                 "SELECT demand, window, number, redial, attempt, edge, end, code, sent, trying, ringing, finished FROM "
                                 "attempts JOIN wanted USING (demand, window, number, redial) WHERE replication = 0 ORDER BY attempt");
  while (attempts.executeStep()) {
    Attempt attempt;
    Columns columns(attempts);
    columns >> attempt.call >> attempt.number;
    columns.index_or_null(attempt.edge) >> attempt.end >> attempt.code >> attempt.sent >> attempt.trying >> attempt.ringing >> attempt.finished;
    tries.attempts[attempt.call].push_back(attempt);
  }
  SQLite::Statement ghosts(record.database(), keys +
                                                  "SELECT demand, window, number, redial, attempt, edge, given_up, rang, answered, ended FROM ghosts "
                                                  "JOIN wanted USING (demand, window, number, redial) WHERE replication = 0 ORDER BY attempt");
  while (ghosts.executeStep()) {
    Ghost ghost;
    Columns columns(ghosts);
    columns >> ghost.call >> ghost.number;
    columns.index_or_null(ghost.edge) >> ghost.given_up >> ghost.rang >> ghost.answered >> ghost.ended;
    tries.ghosts[ghost.call].push_back(ghost);
  }
  return tries;
}

/// A call's attempts in the order of time, as one reads a ladder diagram.
class Ladder {
 public:
  Ladder(const RunRecord& record, const WorstCall& call)
      : directory_(record.directory()), call_(call.call), end_(run_start + record.info().horizon) {}

  [[nodiscard]] Steps steps(const Tries& tries) {
    if (const auto found = tries.attempts.find(call_.id); found != tries.attempts.end()) {
      for (const Attempt& attempt : found->second) add(attempt);
    }
    if (const auto found = tries.ghosts.find(call_.id); found != tries.ghosts.end()) {
      for (const Ghost& ghost : found->second) add(ghost);
    }
    add_end();
    std::ranges::stable_sort(rungs_, {}, &Rung::at);
    Steps steps{.caption = "SIP Call-ID of the first attempt: " + call_id_text(directory_, call_.id, 0), .steps = {}};
    for (const Rung& rung : rungs_) steps.steps.push_back({.when = when(rung.at), .what = rung.what, .tone = rung.tone});
    return steps;
  }

 private:
  struct Rung {
    Instant at;
    std::string what;
    Tone tone = Tone::plain;
  };

  [[nodiscard]] std::string when(Instant at) const {
    const double after_s = in_seconds(at - call_.offered);
    return fmt::format("{}{:.3f} s", after_s < 0 ? "-" : "+", std::abs(after_s));
  }
  [[nodiscard]] std::string edge(EdgeIndex index) const { return index == no_edge ? "nowhere" : directory_.edges.at(index).name; }

  void add(Instant at, std::string what, Tone tone = Tone::plain) {
    if (at != never) rungs_.push_back({at, std::move(what), tone});
  }

  void add(const Attempt& attempt) {
    add(attempt.sent, fmt::format("INVITE to {}", edge(attempt.edge)));
    const bool silent = attempt.trying == never;
    if (attempt.ringing != never) add(attempt.ringing, fmt::format("180 from {}", edge(attempt.edge)));
    if (attempt.finished == never) return;
    const std::string waited = duration_text(std::max(0.0, in_seconds(attempt.finished - attempt.sent)));
    switch (attempt.end) {
      case AttemptEnd::answered: return add(attempt.finished, fmt::format("200 from {}", edge(attempt.edge)), Tone::good);
      case AttemptEnd::no_response: return add(attempt.finished, fmt::format("{} of silence: given up", waited), Tone::bad);
      case AttemptEnd::no_progress: return add(attempt.finished, fmt::format("nothing after 100 for {}: given up", waited), Tone::bad);
      case AttemptEnd::lost_in_setup: return add(attempt.finished, "no final response any more: lost in set-up", Tone::bad);
      case AttemptEnd::transport_error: return add(attempt.finished, "connection refused or broken", Tone::bad);
      case AttemptEnd::abandoned:
        return add(attempt.finished, silent ? fmt::format("the caller gives up, after {} of silence", waited) : "the caller gives up", Tone::bad);
      case AttemptEnd::refused:
      case AttemptEnd::none: break;
    }
    if (attempt.code != 0) add(attempt.finished, fmt::format("{} from {}", sip_code_words(attempt.code), edge(attempt.edge)), Tone::note);
  }

  void add(const Ghost& ghost) {
    add(ghost.rang, fmt::format("ghost: the attempt given up rings all the same, at {}", edge(ghost.edge)), Tone::note);
    add(ghost.answered, fmt::format("ghost: the attempt given up is answered all the same, at {}: ACK, BYE", edge(ghost.edge)), Tone::note);
    if (ghost.answered != never) add(ghost.ended, "ghost: its session is free again", Tone::note);
  }

  void add_end() {
    if (call_.ended == never || call_.outcome != Outcome::answered) return;
    const bool dropped = call_.ending == Ending::dropped;
    const bool orphaned = call_.ending == Ending::orphaned;
    add(call_.ended,
        dropped    ? "cut off"
        : orphaned ? "BYE in vain: the other side does not hear it"
                   : "BYE",
        dropped || orphaned ? Tone::bad : Tone::plain);
    if (call_.stuck_site > Span{}) add(std::min(later(call_.ended, call_.stuck_site), end_), "the site's channel is free again", Tone::note);
    if (call_.stuck_carrier > Span{}) add(std::min(later(call_.ended, call_.stuck_carrier), end_), "the service's session is free again", Tone::note);
  }

  const Directory& directory_;
  const CallRecord& call_;
  Instant end_;
  std::vector<Rung> rungs_;
};

Cell span_cell(Instant from, Instant until) {
  if (from == never || until == never) return {.text = "-"};
  const double seconds = in_seconds(until - from);
  return {.text = duration_text(std::max(0.0, seconds)), .number = seconds};
}

/// "retail.12.34", "retail.12.34r1" for its first redial.
std::string name_of(const Directory& directory, const CallId& id) {
  const std::string call_id = call_id_text(directory, id, 0);
  return call_id.substr(0, call_id.rfind(".0@"));
}

Row row_of(const RunRecord& record, const WorstCall& worst, const Tries& tries) {
  const CallRecord& call = worst.call;
  const Directory& directory = record.directory();
  std::string came_out = with_spaces(word(call.outcome));
  if (call.ending != Ending::none) came_out += ", " + with_spaces(word(call.ending));
  const Instant set_up = call.progressed != never ? call.progressed : call.answered;
  const bool reason = call.reason != Reason::none;
  return {.cells = {{.text = name_of(directory, call.id)},
                    {.text = directory.sites.at(call.site)},
                    {.text = clock_text(record.info(), call.offered), .number = in_seconds(call.offered - run_start)},
                    {.text = came_out},
                    {.text = reason ? with_spaces(word(call.reason)) : ""},
                    {.text = call.edge == no_edge ? "-" : directory.edges.at(call.edge).name},
                    {.text = std::to_string(call.attempts), .number = call.attempts},
                    span_cell(call.offered, set_up),
                    span_cell(call.answered, call.ended),
                    {.text = worst.fault ? directory.faults.at(*worst.fault).text : "-"}},
          .detail = detail_of({{Ladder(record, worst).steps(tries)}})};
}

}  // namespace

Section worst_calls_section(const RunRecord& record) {
  Section section{.id = "worst-calls", .title = "The calls that fared worst", .blocks = {}};
  if (record.info().detail == CallDetail::none) return section;
  const auto calls = worst_calls(record);
  if (calls.empty()) return section;
  const char* first =
      calls.size() == calls_max ? "The first 200: lost through a fault, cut off, blocked or failed, hung up in vain, late" : "Calls that went wrong";
  Table table{.caption = first + std::string(record.info().replications > 1 ? ", replication 1" : ""),
              .columns = {{"call"},
                          {"site"},
                          {"dialled"},
                          {"came out"},
                          {"why"},
                          {"last edge"},
                          {"attempts", Align::right},
                          {"set-up", Align::right},
                          {"talk", Align::right},
                          {"fault"}},
              .rows = {},
              .searchable = true};
  const Tries tries = tries_of(record, calls);
  for (const WorstCall& worst : calls) table.rows.push_back(row_of(record, worst, tries));
  section.blocks.push_back({std::move(table)});
  section.blocks.push_back({Paragraph{
      .text = "All of them: trunklab report RUN --format csv --table failed_calls. Every INVITE: --table attempts_readable.", .tone = Tone::note}});
  return section;
}

}  // namespace trunklab
