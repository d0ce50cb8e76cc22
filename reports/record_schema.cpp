// SQL of the run record. RECORD.md explains it; a change here is a new record_schema_version.
#include "reports/record_schema.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "models/record/words.hpp"

namespace trunklab {
namespace {

/// CASE expression that spells out an enumeration's column.
template <class Enum>
std::string spelled(const char* column, Enum last) {
  std::string sql = fmt::format("CASE {}", column);
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    sql += fmt::format(" WHEN {} THEN '{}'", value, word(static_cast<Enum>(value)));
  }
  return sql + " END";
}

/// Instant as ISO 8601 with milliseconds, in UTC; `run` must be in the FROM clause.
std::string utc(const char* column) {
  return fmt::format(
      "strftime('%Y-%m-%dT%H:%M:%S', (start_unix_ns + {0}) / 1000000000, 'unixepoch') || "
      "printf('.%03dZ', (start_unix_ns + {0}) / 1000000 % 1000)",
      column);
}

/// The same on the site's clock, without its offset.
std::string local(const char* column) {
  return fmt::format("strftime('%Y-%m-%d %H:%M:%S', (start_unix_ns + {} + utc_offset_s * 1000000000) / 1000000000, 'unixepoch')", column);
}

/// A call's name, "retail.12.34", of its first redial "retail.12.34r1"; `d` is its demand.
std::string call_name(const char* table) {
  return fmt::format("d.name || '.' || {0}.window || '.' || {0}.number || CASE WHEN {0}.redial > 0 THEN 'r' || {0}.redial ELSE '' END", table);
}

/// G.107 equation (B-4).
std::string mos(const char* r) {
  return fmt::format("max(1, 1 + 0.035 * {0} + {0} * ({0} - 60) * (100 - {0}) * 7e-6)", r);
}

std::string calls_readable() {
  return fmt::format(
      "CREATE VIEW calls_readable AS SELECT c.replication, {} AS call, d.name AS demand, "
      "s.name AS site, {} AS offered_utc, {} AS offered_local, (c.progressed - c.offered) / 1e9 AS progress_s, "
      "(c.answered - c.offered) / 1e9 AS answer_s, (c.ended - c.offered) / 1e9 AS end_s, (c.ended - c.answered) / 1e9 AS talk_s, c.queued / 1e9 AS "
      "queued_s, "
      "c.stuck_site / 1e9 AS stuck_site_s, c.stuck_carrier / 1e9 AS stuck_carrier_s, {} AS outcome, {} AS ending, {} AS reason, "
      "{} AS released_by, e.name AS edge, c.attempts, p.text AS cap, c.code, c.private, {} AS ports, {} AS "
      "audio, k.text AS codecs, 'media/' || g.name || '/' || (c.media_address + 1) AS media_address, c.r_factor, {} AS mos FROM calls c CROSS JOIN "
      "run "
      "LEFT JOIN demands d ON d.id = c.demand LEFT JOIN sites s ON s.id = c.site LEFT JOIN edges e ON e.id = c.edge "
      "LEFT JOIN caps p ON p.id = c.cap LEFT JOIN codecs k ON k.id = c.codecs LEFT JOIN regions g ON g.id = e.region;\n",
      call_name("c"), utc("c.offered"), local("c.offered"), spelled("c.outcome", Outcome::abandoned), spelled("c.ending", Ending::in_progress),
      spelled("c.reason", Reason::codec), spelled("c.released_by", Party::callee), spelled("c.ports", PortRefusal::foreign),
      spelled("c.audio", Audio::lost), mos("c.r_factor"));
}

std::string attempts_readable() {
  return fmt::format(
      "CREATE VIEW attempts_readable AS SELECT a.replication, {} || '.' || a.attempt || '@trunklab' AS call_id, "
      " s.name AS site, e.name AS edge, {} AS sent_utc, (a.trying - a.sent) / 1e9 AS first_response_s, "
      "(a.ringing - a.sent) / 1e9 AS ringing_s, (a.finished - a.sent) / 1e9 AS finished_s, {} AS end, a.code, a.q850, p.text AS cap "
      "FROM attempts a CROSS JOIN run LEFT JOIN demands d ON d.id = a.demand LEFT JOIN sites s ON s.id = d.site "
      "LEFT JOIN edges e ON e.id = a.edge LEFT JOIN caps p ON p.id = a.cap;\n",
      call_name("a"), utc("a.sent"), spelled("a.end", AttemptEnd::transport_error));
}

std::string ghosts_readable() {
  return fmt::format(
      "CREATE VIEW ghosts_readable AS SELECT g.replication, {} || '.' || g.attempt || '@trunklab' AS call_id, s.name AS site, e.name AS edge, "
      "{} AS given_up_utc, (g.rang - g.given_up) / 1e9 AS rang_s, (g.answered - g.given_up) / 1e9 AS answered_s, "
      "(g.ended - g.answered) / 1e9 AS held_s FROM ghosts g CROSS JOIN run LEFT JOIN demands d ON d.id = g.demand "
      "LEFT JOIN sites s ON s.id = d.site LEFT JOIN edges e ON e.id = g.edge;\n",
      call_name("g"), utc("g.given_up"));
}

std::string events_readable() {
  const std::string kind = spelled("v.kind", EventKind::media_removed);
  return fmt::format(
      "CREATE VIEW events_readable AS SELECT v.replication, v.at / 1e9 AS run_s, {} AS at_utc, {} AS at_local, {} AS kind, "
      "CASE WHEN v.kind < {} THEN e.name END AS edge, CASE WHEN v.kind IN ({}, {}) THEN s.name END AS site, p.text AS cap, CASE WHEN v.kind IN ({}, "
      "{}) THEN coalesce("
      "(SELECT text FROM faults WHERE id = v.value), (SELECT text FROM random_faults WHERE id = v.value - (SELECT count(*) FROM faults))) END "
      "AS fault, CASE WHEN v.kind >= {} THEN 'media/' || g.name || '/' || CAST(v.value + 1 AS INTEGER) END AS media_address, v.value FROM events v "
      "CROSS JOIN run LEFT JOIN edges e ON e.id = v.edge LEFT JOIN sites s ON s.id = v.site LEFT JOIN caps p ON p.id = v.cap "
      "LEFT JOIN regions g ON g.id = e.region;\n",
      utc("v.at"), local("v.at"), kind, static_cast<int>(EventKind::media_ordered), static_cast<int>(EventKind::probe_down),
      static_cast<int>(EventKind::probe_up), static_cast<int>(EventKind::fault_began), static_cast<int>(EventKind::fault_ended),
      static_cast<int>(EventKind::media_ordered));
}

std::string series_readable() {
  return fmt::format(
      "CREATE VIEW series_readable AS SELECT r.replication, r.at / 1e9 AS run_s, {} AS at_utc, {} AS metric, CASE r.kind WHEN {} THEN "
      "'total' WHEN {} THEN 'site/' || s.name WHEN {} THEN 'region/' || g.name WHEN {} THEN 'edge/' || e.name WHEN {} THEN "
      "'demand/' || d.name WHEN {} THEN 'media/' || m.name || '/' || (r.entity % {} + 1) ELSE 'fault/' || r.entity END AS entity, r.value FROM "
      "series r CROSS JOIN run LEFT JOIN regions m ON m.id = r.entity / {} LEFT JOIN sites s ON s.id = r.entity LEFT JOIN regions g ON g.id = "
      "r.entity LEFT JOIN edges e ON e.id = r.entity LEFT JOIN demands d ON d.id = r.entity;\n",
      utc("r.at"), spelled("r.metric", Metric::mbit_per_s), static_cast<int>(EntityKind::total), static_cast<int>(EntityKind::site),
      static_cast<int>(EntityKind::region), static_cast<int>(EntityKind::edge), static_cast<int>(EntityKind::demand),
      static_cast<int>(EntityKind::media_address), addresses_max, addresses_max);
}

/// One row a call that a fault hit.
std::string hit_calls() {
  return fmt::format(
      "CREATE VIEW hit_calls AS SELECT h.replication, {} AS call, s.name AS site, f.text AS fault, {} AS effect, {} AS phase, h.later / 1e9 AS "
      "later_s, "
      "h.lost_talk / 1e9 AS lost_talk_s FROM hits h LEFT JOIN demands d ON d.id = h.demand LEFT JOIN sites s ON s.id = d.site "
      "LEFT JOIN faults f ON f.id = h.fault;\n",
      call_name("h"), spelled("h.effect", Effect::last), spelled("h.phase", CallPhase::last));
}

/// Joined by the call's key, not by its name: a million calls in a second or two.
std::string calls_to_call_back() {
  return fmt::format(
      "CREATE VIEW calls_to_call_back AS SELECT h.replication, {} AS call, d.name AS demand, s.name AS site, {} AS offered_utc, {} AS offered_local, "
      "{} AS outcome, {} AS ending, {} AS reason, f.text AS fault, {} AS phase, h.lost_talk / 1e9 AS lost_talk_s FROM hits h CROSS JOIN run "
      "CROSS JOIN calls c USING (replication, demand, window, number, redial) LEFT JOIN demands d ON d.id = h.demand "
      "LEFT JOIN sites s ON s.id = d.site LEFT JOIN faults f ON f.id = h.fault WHERE h.effect = {};\n",
      call_name("h"), utc("c.offered"), local("c.offered"), spelled("c.outcome", Outcome::abandoned), spelled("c.ending", Ending::in_progress),
      spelled("c.reason", Reason::codec), spelled("h.phase", CallPhase::last), static_cast<int>(Effect::lost));
}

/// Series on the clock that dashboards want: whole seconds since 1970.
constexpr const char* time_series = R"(
CREATE VIEW time_series AS SELECT CAST(start_unix_ns / 1000000000 + run_s AS INTEGER) AS time, replication, metric, entity, value
  FROM series_readable CROSS JOIN run;
)";

constexpr const char* question_views = R"(
CREATE VIEW failed_calls AS SELECT * FROM calls_readable
  WHERE outcome IN ('blocked', 'failed', 'lost_in_setup') OR ending IN ('dropped', 'orphaned');
CREATE VIEW faults_readable AS SELECT f.id, f.text, f.began / 1e9 AS began_s, f.repaired / 1e9 AS repaired_s,
  (SELECT group_concat(e.name, ' ') FROM fault_edges x JOIN edges e ON e.id = x.edge WHERE x.fault = f.id) AS edges FROM faults f;
CREATE VIEW outcomes_by_site AS SELECT replication, site, outcome, ending, reason, count(*) AS calls
  FROM calls_readable GROUP BY replication, site, outcome, ending, reason;
CREATE VIEW failures_by_minute AS SELECT replication, substr(offered_utc, 1, 16) || 'Z' AS minute_utc, site, outcome, ending, reason,
  count(*) AS calls FROM failed_calls GROUP BY replication, minute_utc, site, outcome, ending, reason;
)";

constexpr const char* tables = R"(
CREATE TABLE run (who TEXT NOT NULL, version TEXT NOT NULL, scenario_name TEXT NOT NULL, scenario_path TEXT NOT NULL,
  scenario_text TEXT NOT NULL, seed TEXT NOT NULL, replications INTEGER NOT NULL, start_unix_ns INTEGER NOT NULL,
  utc_offset_s INTEGER NOT NULL, horizon_ns INTEGER NOT NULL, measure_from INTEGER NOT NULL, batch_ns INTEGER,
  detail TEXT NOT NULL, series_step_ns INTEGER NOT NULL, currency TEXT NOT NULL, price_minute REAL, price_lost_call REAL,
  complete INTEGER NOT NULL);
CREATE TABLE wall (started TEXT NOT NULL, finished TEXT NOT NULL, wall_s REAL NOT NULL);
CREATE TABLE sites (id INTEGER PRIMARY KEY, name TEXT NOT NULL, channels INTEGER, probes INTEGER, no_response INTEGER);
CREATE TABLE site_names (site INTEGER NOT NULL, region INTEGER NOT NULL);
CREATE TABLE regions (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE edges (id INTEGER PRIMARY KEY, name TEXT NOT NULL, region INTEGER NOT NULL);
CREATE TABLE demands (id INTEGER PRIMARY KEY, name TEXT NOT NULL, site INTEGER NOT NULL);
CREATE TABLE faults (id INTEGER PRIMARY KEY, text TEXT NOT NULL, began INTEGER NOT NULL, repaired INTEGER);
CREATE TABLE fault_edges (fault INTEGER NOT NULL, edge INTEGER NOT NULL);
CREATE TABLE fault_watchers (fault INTEGER NOT NULL, site INTEGER NOT NULL);
CREATE TABLE random_faults (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE caps (id INTEGER PRIMARY KEY, text TEXT NOT NULL, scope TEXT NOT NULL, cps REAL, sessions INTEGER);
CREATE TABLE calls (replication INTEGER NOT NULL, demand INTEGER NOT NULL, window INTEGER NOT NULL, number INTEGER NOT NULL,
  redial INTEGER NOT NULL, site INTEGER NOT NULL, offered INTEGER, progressed INTEGER, answered INTEGER, ended INTEGER,
  queued INTEGER NOT NULL, stuck_site INTEGER NOT NULL, stuck_carrier INTEGER NOT NULL, outcome INTEGER NOT NULL, ending INTEGER NOT NULL,
  reason INTEGER NOT NULL, released_by INTEGER NOT NULL, edge INTEGER, attempts INTEGER NOT NULL, cap INTEGER, code INTEGER NOT NULL,
  private INTEGER NOT NULL, ports INTEGER NOT NULL, audio INTEGER NOT NULL, codecs INTEGER, media_address INTEGER, r_factor REAL);
CREATE TABLE codecs (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE attempts (replication INTEGER NOT NULL, demand INTEGER NOT NULL, window INTEGER NOT NULL, number INTEGER NOT NULL,
  redial INTEGER NOT NULL, attempt INTEGER NOT NULL, edge INTEGER, end INTEGER NOT NULL, cap INTEGER, code INTEGER NOT NULL, q850 INTEGER NOT NULL,
  sent INTEGER, trying INTEGER, ringing INTEGER, finished INTEGER);
CREATE TABLE ghosts (replication INTEGER NOT NULL, demand INTEGER NOT NULL, window INTEGER NOT NULL, number INTEGER NOT NULL,
  redial INTEGER NOT NULL, attempt INTEGER NOT NULL, edge INTEGER, given_up INTEGER, rang INTEGER, answered INTEGER, ended INTEGER);
CREATE TABLE hits (replication INTEGER NOT NULL, demand INTEGER NOT NULL, window INTEGER NOT NULL, number INTEGER NOT NULL,
  redial INTEGER NOT NULL, fault INTEGER NOT NULL, effect INTEGER NOT NULL, phase INTEGER NOT NULL, later INTEGER NOT NULL, lost_talk INTEGER NOT NULL);
CREATE TABLE events (replication INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL, edge INTEGER, site INTEGER NOT NULL,
  cap INTEGER, value REAL NOT NULL);
CREATE TABLE series (replication INTEGER NOT NULL, at INTEGER NOT NULL, metric INTEGER NOT NULL, kind INTEGER NOT NULL,
  entity INTEGER NOT NULL, value REAL NOT NULL);
CREATE TABLE measures (name TEXT NOT NULL, entity TEXT NOT NULL, unit TEXT NOT NULL, mean REAL NOT NULL, low REAL, high REAL,
  n INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE replication_measures (replication INTEGER NOT NULL, name TEXT NOT NULL, entity TEXT NOT NULL, unit TEXT NOT NULL, value REAL NOT NULL);
CREATE TABLE objectives (ordinal INTEGER PRIMARY KEY, verdict TEXT NOT NULL, name TEXT NOT NULL, entity TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE remarks (ordinal INTEGER PRIMARY KEY, kind TEXT NOT NULL, place TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE impacts (replication INTEGER NOT NULL, fault INTEGER NOT NULL,
  new_hit INTEGER NOT NULL, new_lost INTEGER NOT NULL, new_delayed INTEGER NOT NULL, new_orphaned INTEGER NOT NULL,
  new_gained INTEGER NOT NULL,
  in_setup_hit INTEGER NOT NULL, in_setup_lost INTEGER NOT NULL, in_setup_delayed INTEGER NOT NULL, in_setup_orphaned INTEGER NOT NULL,
  in_setup_gained INTEGER NOT NULL,
  talking_hit INTEGER NOT NULL, talking_lost INTEGER NOT NULL, talking_delayed INTEGER NOT NULL, talking_orphaned INTEGER NOT NULL,
  talking_gained INTEGER NOT NULL,
  failover_s REAL NOT NULL, not_before_repair INTEGER NOT NULL, return_s REAL NOT NULL, extra_delay_s REAL NOT NULL,
  stuck_site_s REAL NOT NULL, stuck_carrier_s REAL NOT NULL, lost_talk_s REAL NOT NULL);
CREATE TABLE advice (ordinal INTEGER PRIMARY KEY, setting TEXT NOT NULL, text TEXT NOT NULL, calls_hit REAL NOT NULL,
  calls_lost REAL NOT NULL, failover_s REAL NOT NULL);
)";

}  // namespace

std::string record_tables() {
  return tables;
}

std::string record_views() {
  return calls_readable() + attempts_readable() + ghosts_readable() + events_readable() + series_readable() + hit_calls() + calls_to_call_back() +
         time_series + question_views;
}

}  // namespace trunklab
