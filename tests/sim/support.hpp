// Helpers of the simulator's tests: a scenario from text, a run into memory, and a ledger that a person can work out by hand.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "models/record/record.hpp"
#include "scenarios/reader.hpp"
#include "sim/run.hpp"

namespace trunklab::testing {

inline Scenario scenario_of(const std::string& text) {
  auto result = parse_scenario(text, "test.yaml");
  if (!result) {
    for (const Problem& problem : result.problems()) ADD_FAILURE() << problem.text();
    throw std::runtime_error("the test's scenario is wrong");
  }
  return std::move(result).value();
}

struct MemorySink : RunSink {
  std::vector<CallRecord> call_rows;
  std::vector<Attempt> attempt_rows;
  std::vector<RunEvent> event_rows;
  std::vector<Sample> sample_rows;
  std::vector<Ghost> ghost_rows;
  void begin_replication(std::uint32_t) override {}
  void calls(std::span<const CallRecord> rows) override { call_rows.insert(call_rows.end(), rows.begin(), rows.end()); }
  void attempts(std::span<const Attempt> rows) override { attempt_rows.insert(attempt_rows.end(), rows.begin(), rows.end()); }
  void events(std::span<const RunEvent> rows) override { event_rows.insert(event_rows.end(), rows.begin(), rows.end()); }
  void samples(std::span<const Sample> rows) override { sample_rows.insert(sample_rows.end(), rows.begin(), rows.end()); }
  void ghosts(std::span<const Ghost> rows) override { ghost_rows.insert(ghost_rows.end(), rows.begin(), rows.end()); }
  bool operator==(const MemorySink& other) const {
    return call_rows == other.call_rows && attempt_rows == other.attempt_rows && event_rows == other.event_rows && sample_rows == other.sample_rows &&
           ghost_rows == other.ghost_rows;
  }
  [[nodiscard]] std::map<CallId, CallRecord> by_id() const {
    std::map<CallId, CallRecord> calls;
    for (const CallRecord& row : call_rows) calls.emplace(row.id, row);
    return calls;
  }
};

struct Ran {
  MemorySink rows;
  RunEnd end;
};

inline Ran run(const Scenario& scenario, const RunOptions& options = {}) {
  Ran ran;
  auto result = run_once(scenario, options, ran.rows);
  if (!result) throw std::runtime_error(result.problems().front().text());
  ran.end = result.value();
  return ran;
}

/// A small scenario in parts. By itself: one call, dialled at 10 s, over euc1/1 then euc1/2, one way 50 ms, no probing, no hold-down; 18x 2 s after
/// the INVITE, 200 another 4 s later, 20 s of talk, the caller hangs up. So: "10: euc1/1 10 10.1 12.1 answered 200 @16.1 => answered normal @36.1".
struct Parts {
  std::string service = "";  ///< keys after the preset, such as "role: b2bua"
  std::string site = "";     ///< keys besides rtt and routing
  std::string routing = "target: addresses, regions: [euc1], hold_down: never, probe: never";
  std::string demand = "";  ///< keys besides those below
  std::string arrivals = "process: deterministic, every: 1000s, offset: 10s";
  std::string life = "holding: 20s, post_dial_delay: 2s, ring_time: 4s, caller_hangs_up: 100%";
  std::string faults = "";  ///< flow mappings, comma-separated
  std::string duration = "300s";
  std::string more = "";  ///< further top-level lines
};
std::string text_of(const Parts& parts);

/// A call as one line; every time in seconds, exact to the nanosecond: "OFFERED: EDGE SENT 1XX 18X END CODE @FINISHED; .. => OUTCOME REASON CODE
/// ENDING @ENDED", then what was stuck or queued, then ghosts. In the order of dialling.
std::vector<std::string> stories_of(const Scenario& scenario, const MemorySink& rows);
std::vector<std::string> stories(const Parts& parts);
/// The story of the only call.
std::string story(const Parts& parts);

/// Every call, attempt and event as lines in time order.
std::string ledger_of(const Scenario& scenario, const MemorySink& rows);

/// Compares with tests/golden/NAME; TRUNKLAB_REWRITE_GOLDEN=1 rewrites it instead.
void expect_golden(const std::string& name, const std::string& text);

}  // namespace trunklab::testing
