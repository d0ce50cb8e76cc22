// A small made-up run and a fresh folder, for the tests of the run record.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "models/record/record.hpp"
#include "reports/run_info.hpp"
#include "reports/run_reader.hpp"
#include "reports/run_record.hpp"

namespace trunklab::example {

/// A folder of its own for each test, removed afterwards.
class Folder {
 public:
  Folder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() / ("trunklab-" + std::to_string(getpid()) + "-" + test->name());
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) found.push_back(entry.path().filename().string());
    return found;
  }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline Instant at(double seconds) {
  return run_start + from_seconds(seconds);
}

inline Directory directory() {
  return {.sites = {"stockholm", "oslo"},
          .regions = {"euc1", "use1"},
          .edges = {{"euc1/1", 0}, {"euc1/2", 0}, {"use1/1", 1}},
          .demands = {{"retail", 0}, {"office", 1}},
          .faults = {{"euc1/1 crash", at(7200), at(8100), {0}}, {"use1/1 crash", at(9000), never, {2}}},
          .random_faults = {"euc1/2 crash at random"},
          .caps = {{"account cap, 10/s", CapScope::account, 10.0}, {"site cap", CapScope::source_address, {}, 200}},
          .site_settings = {{.channels = 600, .probes = true, .no_response = std::chrono::seconds{4}},
                            {.no_response = std::chrono::seconds{2}, .names = {0, 1}}},
          .codecs = {"G.711a", "G.729 - G.711a"}};
}

inline RunInfo info() {
  RunInfo run;
  run.version = "0.1.0";
  run.scenario_name = "euc1-edge-loss";
  run.scenario_path = "scenarios/library/euc1-edge-loss.yaml";
  run.scenario_text = "service: sinch\nhorizon: { start: 2026-03-02T09:00:00+01:00, duration: 4h }\n";
  run.seed = 18446744073709551615U;
  run.replications = 2;
  run.horizon_start_unix_ns = 1772438400LL * 1'000'000'000;
  run.utc_offset_s = 3600;
  run.horizon = std::chrono::hours{4};
  run.measure_from = at(60);
  run.series_step = std::chrono::seconds{1};
  run.prices = {.currency = "EUR", .minute = 0.02, .lost_call = {}};
  return run;
}

inline WallClock wall() {
  return {"2026-01-01T00:00:00Z", "2026-01-01T00:00:09Z", 9.25};
}

/// Calls of every outcome and with every kind of absent instant; the same for the same arguments.
inline std::vector<CallRecord> calls(std::uint32_t count, std::uint32_t salt = 0) {
  std::vector<CallRecord> rows;
  for (std::uint32_t number = 0; number < count; ++number) {
    const std::uint32_t luck = (number + salt) * 2654435761U >> 8;
    CallRecord call{.id = {.demand = static_cast<std::uint16_t>(luck % 2),
                           .redial = static_cast<std::uint8_t>(luck % 17 == 0 ? luck % 4 : 0),
                           .window = number % 50 == 49 ? initial_window : number / 100,
                           .number = number}};
    call.site = call.id.demand;
    call.offered = at(call.initial() ? -10.0 : 14000.0 * number / count + luck % 1000 * 1e-3);
    call.outcome = static_cast<Outcome>(luck / 7 % 9);
    call.edge = luck % 11 == 0 ? no_edge : static_cast<EdgeIndex>(luck % 3);
    call.attempts = static_cast<std::uint8_t>(luck % 3);
    call.private_caller_id = luck % 19 == 0;
    if (luck % 2 == 0 && call.edge != no_edge) {
      call.codecs = 0;
      call.media_address = static_cast<std::uint16_t>(luck % 3);
    }
    if (call.outcome == Outcome::answered) {
      call.progressed = luck % 5 == 0 ? never : call.offered + from_seconds(0.5 + luck % 100 * 0.01);
      call.answered = later(call.offered, from_seconds(2 + luck % 13));
      call.ending = static_cast<Ending>(1 + luck / 3 % 4);
      call.ended = call.ending == Ending::in_progress ? never : call.answered + from_seconds(luck % 300);
      call.queued = Span{luck % 6 == 0 ? luck : 0};
      call.stuck_site = call.ending == Ending::orphaned ? Span{luck} : Span{0};
      call.released_by = luck % 2 == 0 ? Party::caller : Party::callee;
      call.code = 200;
      if (call.codecs != no_codecs) {
        call.audio = luck % 10 == 0 ? Audio::to_site_only : Audio::both;
        call.r_factor = call.audio == Audio::both ? 70.5F + static_cast<float>(luck % 20) : 0;
      }
    } else if (call.outcome != Outcome::in_progress) {
      call.ended = call.offered + from_seconds(1 + luck % 9);
      call.code = call.outcome == Outcome::blocked ? 503 : 486;
      call.reason = call.outcome == Outcome::blocked ? Reason::cap_cps : Reason::none;
      call.cap = call.outcome == Outcome::blocked ? 0 : no_cap;
    }
    rows.push_back(call);
  }
  return rows;
}

inline std::vector<Attempt> attempts(const std::vector<CallRecord>& of) {
  std::vector<Attempt> rows;
  for (const CallRecord& call : of) {
    for (std::uint8_t number = 0; number < call.attempts; ++number) {
      Attempt attempt{.call = call.id};
      attempt.number = number;
      attempt.edge = static_cast<EdgeIndex>(number);
      attempt.sent = call.offered + number * std::chrono::seconds{4};
      const bool last = number + 1 == call.attempts;
      attempt.end = !last ? AttemptEnd::no_response : call.outcome == Outcome::answered ? AttemptEnd::answered : AttemptEnd::refused;
      attempt.code = last ? call.code : std::uint16_t{0};
      attempt.ringing = last ? call.progressed : never;
      attempt.finished = attempt.sent + std::chrono::seconds{4};
      rows.push_back(attempt);
    }
  }
  return rows;
}

/// Late answers, late rings without one, and one that the run's end cut off.
inline std::vector<Ghost> ghosts(const std::vector<CallRecord>& of) {
  std::vector<Ghost> rows;
  for (const CallRecord& call : of) {
    if (call.attempts < 2) continue;
    Ghost ghost{.call = call.id, .number = 0, .edge = 0, .given_up = call.offered + std::chrono::seconds{4}};
    ghost.rang = rows.size() % 3 == 0 ? never : ghost.given_up + std::chrono::seconds{1};
    ghost.answered = rows.size() % 2 == 0 ? never : ghost.given_up + std::chrono::seconds{3};
    ghost.ended = rows.size() == 5 ? never : ghost.given_up + std::chrono::seconds{10};
    rows.push_back(ghost);
  }
  return rows;
}

/// Every third call, through each fault and effect.
inline std::vector<Hit> hits(const std::vector<CallRecord>& of) {
  std::vector<Hit> rows;
  for (std::size_t place = 0; place < of.size(); place += 3) {
    Hit hit{.call = of[place].id, .fault = static_cast<std::uint16_t>(place % 2)};
    hit.effect = static_cast<Effect>(place / 3 % 3);
    hit.phase = static_cast<CallPhase>(place / 9 % 3);
    if (hit.effect == Effect::late) hit.later = std::chrono::milliseconds{100 + place};
    if (hit.effect == Effect::lost) hit.lost_talk = std::chrono::seconds{place};
    rows.push_back(hit);
  }
  return rows;
}

inline std::vector<RunEvent> events() {
  return {{at(7200), EventKind::edge_crashed, 0, 0, no_cap, 0},
          {at(7263.5), EventKind::probe_down, 0, 1, no_cap, 0},
          {at(9000), EventKind::trigger, no_edge, 0, 0, 160},
          {at(9001), EventKind::media_ready, 0, 0, no_cap, 1}};
}

inline std::vector<Sample> samples() {
  return {{at(1), Metric::concurrent, EntityKind::total, 0, 540},
          {at(1), Metric::lost, EntityKind::site, 1, 0.1},
          {at(2), Metric::ports_in_use, EntityKind::media_address, addresses_max + 1, 4}};
}

inline std::vector<FaultImpact> impacts() {
  FaultImpact first{.fault = 0};
  first.fresh = {.hit = 27, .lost = 3, .delayed = 24, .orphaned = 0};
  first.in_setup = {.hit = 35, .lost = 31, .delayed = 4, .orphaned = 0};
  first.talking = {.hit = 540, .lost = 0, .delayed = 0, .orphaned = 540};
  first.failover_s = 8.5;
  first.extra_delay_s = 28 * 4.1;
  first.stuck_site_s = 7200;
  first.stuck_carrier_s = 86400;
  first.lost_talk_s = 34 * 180;
  FaultImpact second{.fault = 1};
  second.fresh = {.hit = 400, .lost = 400, .delayed = 0, .orphaned = 0, .gained = 313};
  second.failover_s = 5399.2;
  second.not_before_repair = true;
  return {first, second};
}

inline std::vector<AdviceRow> advice() {
  return {{"as it is", 1002, 434, 5399.2, "target: single-address"},
          {"target: addresses", 71, 34, 8.5, "moves on to the second edge after 4 s without an answer"},
          {"target: fqdn", 240, 110, 92, ""}};
}

/// Two replications of everything.
inline void write_all(RunRecordWriter& writer, std::uint32_t count = 300) {
  for (std::uint32_t replication = 0; replication < 2; ++replication) {
    const auto rows = calls(count, replication);
    writer.begin_replication(replication);
    writer.calls(rows);
    writer.attempts(attempts(rows));
    writer.events(events());
    writer.samples(samples());
    writer.ghosts(ghosts(rows));
    writer.hits(hits(rows));
    writer.impacts(replication, impacts());
  }
  writer.advice(advice());
}

/// A line a row, a bar after each field.
inline std::string rows_of(const RunRecord& record, const char* sql) {
  SQLite::Statement query(record.database(), sql);
  std::string text;
  while (query.executeStep()) {
    for (int place = 0; place < query.getColumnCount(); ++place) text += query.getColumn(place).getString() + '|';
    text += '\n';
  }
  return text;
}

}  // namespace trunklab::example
