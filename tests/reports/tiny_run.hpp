// A run so small that every figure of its report can be worked out by hand, and ways to find things in a report.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "reports/document/document.hpp"
#include "tests/reports/example.hpp"

namespace trunklab::tiny {

using example::at;

/// Four hours from Monday 09:00 on the site's clock; measured from the first minute on; euc1/1 is down from 11:00 to 11:15.
inline RunInfo info() {
  RunInfo run = example::info();
  run.seed = 7;
  run.replications = 1;
  return run;
}

inline Directory directory() {
  Directory all = example::directory();
  all.faults.resize(1);
  all.random_faults.clear();
  return all;
}

inline CallRecord call(std::uint32_t number, double offered) {
  CallRecord record{.id = {.demand = 0, .window = 0, .number = number}};
  record.offered = at(offered);
  record.attempts = 1;
  return record;
}

inline CallRecord talked(CallRecord record, double answered, double ended, Ending ending, EdgeIndex edge) {
  record.answered = at(answered);
  record.ended = at(ended);
  record.outcome = Outcome::answered;
  record.ending = ending;
  record.edge = edge;
  record.code = 200;
  record.released_by = ending == Ending::dropped ? Party::nobody : Party::caller;
  return record;
}

/// One from before the run that is cut off, one of the warm-up, and four that are measured: talked; tried twice, then hung up in vain; blocked; busy.
inline std::vector<CallRecord> calls() {
  CallRecord before = talked(call(0, -10), -8, 100, Ending::dropped, 0);
  before.id.window = initial_window;
  const CallRecord warm_up = talked(call(9, 30), 32, 40, Ending::normal, 0);
  CallRecord first = talked(call(1, 100), 110, 210, Ending::normal, 0);
  first.progressed = at(102);
  CallRecord twice = talked(call(2, 7300), 7310, 7400, Ending::orphaned, 1);
  twice.progressed = at(7307);
  twice.attempts = 2;
  twice.stuck_carrier = std::chrono::seconds{60};
  CallRecord blocked = call(3, 7350);
  blocked.ended = at(7350.1);
  blocked.outcome = Outcome::blocked;
  blocked.reason = Reason::cap_cps;
  blocked.cap = 0;
  blocked.code = 503;
  blocked.edge = 1;
  CallRecord busy = call(4, 7360);
  busy.ended = at(7363);
  busy.outcome = Outcome::busy;
  busy.code = 486;
  busy.edge = 1;
  return {before, warm_up, first, twice, blocked, busy};
}

inline std::vector<Attempt> attempts() {
  const auto attempt = [](std::uint32_t number, std::uint8_t place, EdgeIndex edge, AttemptEnd end, std::uint16_t code, double sent,
                          double finished) {
    Attempt row{.call = {.demand = 0, .window = 0, .number = number}};
    row.number = place;
    row.edge = edge;
    row.end = end;
    row.code = code;
    row.sent = at(sent);
    row.finished = at(finished);
    if (code != 0) row.trying = row.sent + std::chrono::milliseconds{40};
    return row;
  };
  auto rows = std::vector{attempt(9, 0, 0, AttemptEnd::answered, 200, 30, 32),      attempt(1, 0, 0, AttemptEnd::answered, 200, 100, 110),
                          attempt(2, 0, 0, AttemptEnd::no_response, 0, 7300, 7304), attempt(2, 1, 1, AttemptEnd::answered, 200, 7304, 7310),
                          attempt(3, 0, 1, AttemptEnd::refused, 503, 7350, 7350.1), attempt(4, 0, 1, AttemptEnd::refused, 486, 7360, 7363)};
  rows[3].ringing = at(7307);
  return rows;
}

inline void write_rows(RunRecordWriter& writer) {
  writer.begin_replication(0);
  writer.calls(calls());
  writer.attempts(attempts());
  const CallId twice{.demand = 0, .window = 0, .number = 2};
  writer.ghosts(
      std::vector<Ghost>{{.call = twice, .number = 0, .edge = 0, .given_up = at(7304), .rang = at(7305), .answered = at(7306), .ended = at(7307.5)}});
  writer.hits(std::vector<Hit>{{.call = twice, .fault = 0, .effect = Effect::late, .phase = CallPhase::fresh, .later = std::chrono::seconds{4}},
                               {.call = {.demand = 0, .window = 0, .number = 3}, .fault = 0, .effect = Effect::lost}});
  writer.events(std::vector<RunEvent>{{at(7200), EventKind::edge_crashed, 0, 0, no_cap, 0},
                                      {at(7260), EventKind::probe_down, 0, 0, no_cap, 0},
                                      {at(8100), EventKind::edge_recovered, 0, 0, no_cap, 0}});
  const auto held = [](double seconds, EntityKind kind, std::uint16_t index, double value) {
    return Sample{at(seconds), Metric::concurrent, kind, index, value};
  };
  writer.samples(std::vector<Sample>{held(60, EntityKind::site, 0, 10),
                                     held(60, EntityKind::edge, 0, 10),
                                     held(7200, EntityKind::site, 0, 500),
                                     held(7200, EntityKind::edge, 0, 0),
                                     held(7200, EntityKind::edge, 1, 500),
                                     held(8100, EntityKind::site, 0, 10),
                                     held(8100, EntityKind::edge, 1, 10),
                                     {at(101), Metric::offered, EntityKind::site, 0, 3}});
}

/// An interrupted run has no measures of its own: they are found from its calls.
inline void write(const std::filesystem::path& file, RunRecordWriter::End end = RunRecordWriter::End::incomplete, const RunInfo& run = info()) {
  RunRecordWriter writer(file, run, directory());
  write_rows(writer);
  writer.finish(end, example::wall());
}

/// The blocks of this kind, in order; those in folds are left out.
template <class Kind>
std::vector<Kind> blocks_of(const Blocks& blocks) {
  std::vector<Kind> found;
  for (const Block& block : blocks) {
    if (const auto* kind = std::get_if<Kind>(&block.content)) found.push_back(*kind);
  }
  return found;
}

/// The table whose caption begins like this; an empty one if there is none.
inline Table table_of(const Blocks& blocks, std::string_view caption) {
  for (Table& table : blocks_of<Table>(blocks)) {
    if (table.caption.starts_with(caption)) return std::move(table);
  }
  return {};
}

/// The texts of a row's cells, "euc1/1|600|...".
inline std::string text_of(const Row& row) {
  std::string text;
  for (const Cell& cell : row.cells) text += (text.empty() ? "" : "|") + cell.text;
  return text;
}

inline std::vector<std::string> texts_of(const Table& table) {
  std::vector<std::string> texts;
  for (const Row& row : table.rows) texts.push_back(text_of(row));
  return texts;
}

}  // namespace trunklab::tiny
