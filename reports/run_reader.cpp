// The reading side of the run record.
#include "reports/run_reader.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "models/measures/summary.hpp"
#include "models/record/words.hpp"
#include "reports/record_check.hpp"
#include "reports/run_record.hpp"
#include "reports/sql_values.hpp"

namespace trunklab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t rows_at_once = 4096;

CallDetail detail_of(std::string_view text) {
  if (text == "all") return CallDetail::all;
  return text == "failed" ? CallDetail::failed : CallDetail::none;
}

CapScope scope_of(std::string_view text) {
  for (const CapScope scope : {CapScope::edge, CapScope::region, CapScope::account}) {
    if (word(scope) == text) return scope;
  }
  return CapScope::source_address;
}

/// The value of an enumeration that is spelled like this; the last one if none is.
template <class Enum>
Enum kind_of(std::string_view text) {
  int value = 0;
  while (value < static_cast<int>(Enum::last) && word(static_cast<Enum>(value)) != text) ++value;
  return static_cast<Enum>(value);
}

/// All rows of a query as values, each read by `read`.
template <class Row, class Read>
std::vector<Row> rows_of(const SQLite::Database& database, const char* sql, const Read& read) {
  std::vector<Row> rows;
  SQLite::Statement query(database, sql);
  while (query.executeStep()) {
    Columns columns(query);
    read(columns, rows.emplace_back());
  }
  return rows;
}

/// Streams a table whose first column is the replication, in the order of writing unless another is given.
template <class Row, class Read, class Give>
void stream(const SQLite::Database& database, const Directory& directory, const char* table, RunSink& sink, const Read& read, const Give& give,
            const char* order = "rowid") {
  const RowCheck check(directory);
  SQLite::Statement query(database, fmt::format("SELECT * FROM {} ORDER BY {}", table, order));
  std::vector<Row> rows;
  std::optional<std::uint32_t> current;
  const auto flush = [&] {
    if (!rows.empty()) give(std::span<const Row>(rows));
    rows.clear();
  };
  while (query.executeStep()) {
    Columns columns(query);
    std::uint32_t replication = 0;
    columns >> replication;
    if (replication != current) {
      flush();
      sink.begin_replication(replication);
      current = replication;
    }
    read(columns, rows.emplace_back());
    check(rows.back());
    if (rows.size() == rows_at_once) flush();
  }
  flush();
}

void read_call(Columns& columns, CallRecord& call) {
  columns >> call.id >> call.site;
  columns >> call.offered >> call.progressed >> call.answered >> call.ended >> call.queued >> call.stuck_site >> call.stuck_carrier;
  columns >> call.outcome >> call.ending >> call.reason >> call.released_by;
  columns.index_or_null(call.edge) >> call.attempts;
  columns.index_or_null(call.cap) >> call.code >> call.private_caller_id >> call.ports >> call.audio;
  std::optional<double> address;
  std::optional<double> r_factor;
  columns.index_or_null(call.codecs) >> address >> r_factor;
  call.media_address = address ? static_cast<std::uint16_t>(*address) : no_address;
  call.r_factor = static_cast<float>(r_factor.value_or(0));
}

void read_attempt(Columns& columns, Attempt& attempt) {
  std::uint8_t q850 = 0;
  columns >> attempt.call >> attempt.number;
  columns.index_or_null(attempt.edge) >> attempt.end;
  columns.index_or_null(attempt.cap) >> attempt.code >> q850;
  columns >> attempt.sent >> attempt.trying >> attempt.ringing >> attempt.finished;
}

void read_impact(Columns& columns, FaultImpact& impact) {
  columns >> impact.fault;
  for (ImpactGroup* group : {&impact.fresh, &impact.in_setup, &impact.talking}) {
    columns >> group->hit >> group->lost >> group->delayed >> group->orphaned >> group->gained;
  }
  columns >> impact.failover_s >> impact.not_before_repair >> impact.return_s >> impact.extra_delay_s;
  columns >> impact.stuck_site_s >> impact.stuck_carrier_s >> impact.lost_talk_s;
}

}  // namespace

struct RunRecord::Store {
  fs::path file;
  std::optional<SQLite::Database> database;
  RunInfo info;
  Directory directory;
  WallClock wall;
  bool complete = false;

  [[nodiscard]] std::runtime_error failure(std::string_view what) const {
    return std::runtime_error(fmt::format("{}: cannot read the run record: {}", file.string(), what));
  }

  /// Runs a step; what SQLite finds wrong with the file becomes one exception that names it.
  template <class Step>
  auto attempt(const Step& step) const {
    try {
      return step();
    } catch (const SQLite::Exception& problem) {
      throw failure_of(problem);
    } catch (const std::logic_error&) {  // out of range, of an impossible length, no number
      throw failure("it is damaged: a row names something that is not there");
    }
  }

  [[nodiscard]] std::runtime_error failure_of(const SQLite::Exception& problem) const {
    if (problem.getErrorCode() == SQLITE_BUSY) return failure("another program is still writing it");
    return failure(fmt::format("it is truncated or damaged ({})", problem.what()));
  }

  void open() {
    if (access(file.c_str(), R_OK) != 0) {
      throw failure(errno == EACCES ? "there is no permission to read it" : "there is no such file");
    }
    if (fs::is_directory(file)) throw failure("it is a folder, not a run record");
    int application = 0;
    try {
      database.emplace(file.string(), SQLite::OPEN_READONLY);
      application = database->execAndGet("PRAGMA application_id").getInt();
    } catch (const SQLite::Exception& problem) {
      if (problem.getErrorCode() == SQLITE_NOTADB || problem.getErrorCode() == SQLITE_CANTOPEN) throw failure("it is not a run record");
      throw failure_of(problem);
    }
    if (application != record_application_id) throw failure("it is not a run record");
  }

  void check_version() {
    const int version = database->execAndGet("PRAGMA user_version").getInt();
    if (version == record_schema_version) return;
    throw failure(fmt::format("it has schema version {}, this build reads {}{}", version, record_schema_version,
                              version < record_schema_version ? ": simulate again, the same seed gives the same calls" : ""));
  }

  /// A record that somebody else made, or changed, may hold anything.
  void check(bool sound, std::string_view what) const {
    if (!sound) throw failure(fmt::format("it is damaged: {}", what));
  }
  void read_heading();
  void read_directory();
  void read_sites();
};

void RunRecord::Store::read_heading() {
  SQLite::Statement query(*database, "SELECT run.*, started, finished, wall_s FROM run, wall");
  if (!query.executeStep()) throw failure("it has no heading");
  std::string seed;
  std::string detail;
  std::int64_t batch = 0;
  Columns columns(query);
  columns >> info.who >> info.version >> info.scenario_name >> info.scenario_path >> info.scenario_text >> seed;
  columns >> info.replications >> info.horizon_start_unix_ns >> info.utc_offset_s >> info.horizon >> info.measure_from;
  columns >> batch >> detail >> info.series_step >> info.prices.currency >> info.prices.minute >> info.prices.lost_call >> complete >> wall.started >>
      wall.finished >> wall.wall_s;
  info.seed = std::stoull(seed);
  info.batch_length = batch == 0 ? endless : Span{batch};
  info.detail = detail_of(detail);
}

void RunRecord::Store::read_sites() {
  SQLite::Statement query(*database, "SELECT name, channels, no_response, probes FROM sites ORDER BY id");
  while (query.executeStep()) {
    std::optional<bool> probes;
    Directory::SiteSettings settings;
    Columns(query) >> directory.sites.emplace_back() >> settings.channels >> settings.no_response >> probes;
    settings.probes = probes.value_or(false);
    if (probes) directory.site_settings.push_back(settings);
  }
  SQLite::Statement names(*database, "SELECT site, region FROM site_names ORDER BY rowid");
  while (names.executeStep()) {
    std::size_t site = 0;
    std::uint16_t region = 0;
    Columns(names) >> site >> region;
    directory.site_settings.at(site).names.push_back(region);
  }
}

void RunRecord::Store::read_directory() {
  const SQLite::Database& from = *database;
  read_sites();
  directory.regions =
      rows_of<std::string>(from, "SELECT name FROM regions ORDER BY id", [](Columns& columns, std::string& name) { columns >> name; });
  directory.edges = rows_of<Directory::Edge>(from, "SELECT name, region FROM edges ORDER BY id",
                                             [](Columns& columns, Directory::Edge& edge) { columns >> edge.name >> edge.region; });
  directory.demands = rows_of<Directory::Demand>(from, "SELECT name, site FROM demands ORDER BY id",
                                                 [](Columns& columns, Directory::Demand& demand) { columns >> demand.name >> demand.site; });
  directory.faults = rows_of<Directory::Fault>(from, "SELECT text, began, repaired FROM faults ORDER BY id",
                                               [](Columns& columns, Directory::Fault& fault) { columns >> fault.text >> fault.from >> fault.until; });
  SQLite::Statement touched(from, "SELECT fault, edge FROM fault_edges ORDER BY rowid");
  while (touched.executeStep()) {
    std::size_t fault = 0;
    EdgeIndex edge = no_edge;
    Columns(touched) >> fault >> edge;
    directory.faults.at(fault).edges.push_back(edge);
  }
  SQLite::Statement watchers(from, "SELECT fault, site FROM fault_watchers ORDER BY rowid");
  while (watchers.executeStep()) {
    std::size_t fault = 0;
    std::uint16_t site = 0;
    Columns(watchers) >> fault >> site;
    directory.faults.at(fault).watchers.push_back(site);
  }
  directory.random_faults =
      rows_of<std::string>(from, "SELECT text FROM random_faults ORDER BY id", [](Columns& columns, std::string& text) { columns >> text; });
  directory.codecs = rows_of<std::string>(from, "SELECT text FROM codecs ORDER BY id", [](Columns& columns, std::string& text) { columns >> text; });
  directory.caps =
      rows_of<Directory::Cap>(from, "SELECT text, scope, cps, sessions FROM caps ORDER BY id", [](Columns& columns, Directory::Cap& cap) {
        std::string scope;
        columns >> cap.text >> scope >> cap.cps >> cap.sessions;
        cap.scope = scope_of(scope);
      });
}

RunRecord::RunRecord(fs::path file) : store_(std::make_unique<Store>()) {
  store_->file = std::move(file);
  store_->open();
  store_->attempt([this] {
    store_->check_version();
    store_->read_heading();
    store_->read_directory();
    if (const auto flaw = flaw_of(store_->info, store_->directory, store_->wall)) throw store_->failure("it is damaged: " + std::string(*flaw));
  });
}

RunRecord::~RunRecord() = default;

const fs::path& RunRecord::file() const {
  return store_->file;
}
const RunInfo& RunRecord::info() const {
  return store_->info;
}
const Directory& RunRecord::directory() const {
  return store_->directory;
}
const WallClock& RunRecord::wall() const {
  return store_->wall;
}
bool RunRecord::complete() const {
  return store_->complete;
}
const SQLite::Database& RunRecord::database() const {
  return *store_->database;
}

void RunRecord::calls(RunSink& sink) const {
  store_->attempt(
      [&] { stream<CallRecord>(database(), directory(), "calls", sink, read_call, [&](std::span<const CallRecord> rows) { sink.calls(rows); }); });
}

void RunRecord::attempts(RunSink& sink) const {
  store_->attempt(
      [&] { stream<Attempt>(database(), directory(), "attempts", sink, read_attempt, [&](std::span<const Attempt> rows) { sink.attempts(rows); }); });
}

void RunRecord::events(RunSink& sink) const {
  const auto read = [](Columns& columns, RunEvent& event) {
    ((columns >> event.at >> event.kind).index_or_null(event.edge) >> event.site).index_or_null(event.cap) >> event.value;
  };
  store_->attempt([&] {
    stream<RunEvent>(
        database(), directory(), "events", sink, read, [&](std::span<const RunEvent> rows) { sink.events(rows); }, "replication, at, rowid");
  });
}

void RunRecord::samples(RunSink& sink) const {
  const auto read = [](Columns& columns, Sample& sample) { columns >> sample.at >> sample.metric >> sample.kind >> sample.index >> sample.value; };
  store_->attempt([&] { stream<Sample>(database(), directory(), "series", sink, read, [&](std::span<const Sample> rows) { sink.samples(rows); }); });
}

void RunRecord::ghosts(RunSink& sink) const {
  const auto read = [](Columns& columns, Ghost& ghost) {
    (columns >> ghost.call >> ghost.number).index_or_null(ghost.edge) >> ghost.given_up >> ghost.rang >> ghost.answered >> ghost.ended;
  };
  store_->attempt([&] { stream<Ghost>(database(), directory(), "ghosts", sink, read, [&](std::span<const Ghost> rows) { sink.ghosts(rows); }); });
}

void RunRecord::hits(RunSink& sink) const {
  const auto read = [](Columns& columns, Hit& hit) { columns >> hit.call >> hit.fault >> hit.effect >> hit.phase >> hit.later >> hit.lost_talk; };
  store_->attempt([&] { stream<Hit>(database(), directory(), "hits", sink, read, [&](std::span<const Hit> rows) { sink.hits(rows); }); });
}

std::vector<Measure> RunRecord::measures() const {
  return store_->attempt([this] {
    return rows_of<Measure>(database(), "SELECT * FROM measures ORDER BY rowid", [](Columns& columns, Measure& row) {
      columns >> row.name >> row.entity >> row.unit >> row.mean >> row.low >> row.high >> row.n >> row.note;
    });
  });
}

std::vector<std::vector<FaultImpact>> RunRecord::impacts() const {
  struct Row {
    std::uint32_t replication = 0;
    FaultImpact impact;
  };
  const auto read = [](Columns& columns, Row& row) {
    columns >> row.replication;
    read_impact(columns, row.impact);
  };
  return store_->attempt([&] {
    std::vector<std::vector<FaultImpact>> replications;
    std::optional<std::uint32_t> current;
    for (const Row& row : rows_of<Row>(database(), "SELECT * FROM impacts ORDER BY rowid", read)) {
      const FaultImpact& impact = row.impact;
      for (const double seconds :
           {impact.failover_s, impact.return_s, impact.extra_delay_s, impact.stuck_site_s, impact.stuck_carrier_s, impact.lost_talk_s}) {
        store_->check(is_duration(seconds), "a duration of what a fault did");
      }
      if (row.replication != current) replications.emplace_back();
      current = row.replication;
      replications.back().push_back(row.impact);
    }
    return replications;
  });
}

std::vector<AdviceRow> RunRecord::advice() const {
  return store_->attempt([this] {
    return rows_of<AdviceRow>(database(), "SELECT setting, text, calls_hit, calls_lost, failover_s FROM advice ORDER BY ordinal",
                              [this](Columns& columns, AdviceRow& row) {
                                columns >> row.setting >> row.text >> row.calls_hit >> row.calls_lost >> row.failover_s;
                                store_->check(is_duration(row.failover_s), "the failover of a setting that was tried");
                              });
  });
}

std::vector<Verdict> RunRecord::verdicts() const {
  return store_->attempt([this] {
    return rows_of<Verdict>(database(), "SELECT verdict, name, entity, text FROM objectives ORDER BY ordinal", [](Columns& columns, Verdict& row) {
      std::string kind;
      columns >> kind >> row.name >> row.entity >> row.text;
      row.kind = kind_of<Verdict::Kind>(kind);
    });
  });
}

std::vector<Remark> RunRecord::remarks() const {
  return store_->attempt([this] {
    return rows_of<Remark>(database(), "SELECT kind, place, text FROM remarks ORDER BY ordinal", [](Columns& columns, Remark& row) {
      std::string kind;
      columns >> kind >> row.where >> row.text;
      row.kind = kind_of<Remark::Kind>(kind);
    });
  });
}

std::vector<std::vector<Measure>> RunRecord::replication_measures() const {
  return store_->attempt([this] {
    std::vector<std::vector<Measure>> replications;
    SQLite::Statement query(database(), "SELECT replication, name, entity, unit, value FROM replication_measures ORDER BY replication, rowid");
    while (query.executeStep()) {
      std::size_t replication = 0;
      Measure row;
      Columns(query) >> replication >> row.name >> row.entity >> row.unit >> row.mean;
      if (replication >= replications.size()) replications.resize(replication + 1);
      replications[replication].push_back(std::move(row));
    }
    return replications;
  });
}

}  // namespace trunklab
