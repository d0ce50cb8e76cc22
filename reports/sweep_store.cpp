// Tables of a sweep, and how they are filled.
#include "reports/sweep_store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <stdexcept>

#include "reports/sql_values.hpp"

namespace trunklab {
namespace {

namespace fs = std::filesystem;

constexpr const char* tables = R"(
CREATE TABLE sweep (version TEXT NOT NULL, scenario TEXT NOT NULL, scenario_text TEXT NOT NULL, seed INTEGER NOT NULL, replications INTEGER NOT NULL);
CREATE TABLE keys (ordinal INTEGER PRIMARY KEY, key TEXT NOT NULL);
CREATE TABLE settings (point INTEGER NOT NULL, ordinal INTEGER NOT NULL, value NUMERIC NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (point, ordinal)) WITHOUT ROWID;
CREATE TABLE points (point INTEGER PRIMARY KEY, calls INTEGER NOT NULL);
CREATE TABLE verdicts (point INTEGER NOT NULL, ordinal INTEGER NOT NULL, verdict INTEGER NOT NULL, name TEXT NOT NULL, entity TEXT NOT NULL,
  text TEXT NOT NULL, PRIMARY KEY (point, ordinal)) WITHOUT ROWID;
CREATE TABLE measures (point INTEGER NOT NULL, ordinal INTEGER NOT NULL, name TEXT NOT NULL, entity TEXT NOT NULL, unit TEXT NOT NULL,
  mean REAL, low REAL, high REAL, n INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY (point, ordinal)) WITHOUT ROWID;
CREATE TABLE work (point INTEGER PRIMARY KEY, rank INTEGER NOT NULL, wall_s REAL NOT NULL, finished TEXT NOT NULL);
)";

/// A row for every point and measure, with a column for every key.
std::string results_view(const std::vector<std::string>& keys) {
  std::string columns;
  for (std::size_t key = 0; key < keys.size(); ++key) {
    std::string quoted;
    for (const char letter : keys[key]) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
    columns += fmt::format(", (SELECT value FROM settings s WHERE s.point = m.point AND s.ordinal = {}) AS \"{}\"", key, quoted);
  }
  return fmt::format("CREATE VIEW results AS SELECT m.point{}, m.name, m.entity, m.unit, m.mean, m.low, m.high, m.n, m.note FROM measures m",
                     columns);
}

std::string refusal(const fs::path& file, std::string_view why) {
  return fmt::format("{}: cannot be the result of this sweep: {}", file.string(), why);
}

[[noreturn]] void refuse(const fs::path& file, std::string_view why) {
  throw NotThisSweep(refusal(file, why));
}

std::int64_t number(SQLite::Database& database, const char* query) {
  return database.execAndGet(query).getInt64();
}

std::string text(SQLite::Database& database, const char* query) {
  return database.execAndGet(query).getString();
}

void make(SQLite::Database& database, const SweepInfo& info) {
  SQLite::Transaction all(database);
  database.exec(tables);
  database.exec(results_view(info.keys));
  SQLite::Statement sweep(database, "INSERT INTO sweep VALUES (?, ?, ?, ?, ?)");
  (Binder(sweep) << info.version << info.scenario_name << info.scenario_text << info.seed << info.replications).run();
  SQLite::Statement key(database, "INSERT INTO keys VALUES (?, ?)");
  for (std::size_t place = 0; place < info.keys.size(); ++place) (Binder(key) << place << info.keys[place]).run();
  SQLite::Statement setting(database, "INSERT INTO settings VALUES (?, ?, ?, ?)");
  for (std::size_t point = 0; point < info.points.size(); ++point) {
    for (std::size_t place = 0; place < info.keys.size(); ++place) {
      (Binder(setting) << point << place << info.points[point][place] << info.points[point][place]).run();
    }
  }
  database.exec(fmt::format("PRAGMA application_id={}; PRAGMA user_version={};", sweep_application_id, sweep_schema_version));
  all.commit();
}

/// What is different in the file; empty: it is this sweep.
std::string difference(SQLite::Database& database, const SweepInfo& info) {
  if (const std::string version = text(database, "SELECT version FROM sweep"); version != info.version)
    return fmt::format("it was made by version {}, this is {}", version, info.version);
  if (text(database, "SELECT scenario_text FROM sweep") != info.scenario_text) return "it is of another scenario, or of an earlier text of this one";
  if (const auto seed = number(database, "SELECT seed FROM sweep"); seed != static_cast<std::int64_t>(info.seed))
    return fmt::format("its seed is {}, this sweep's is {}", seed, info.seed);
  if (const auto replications = number(database, "SELECT replications FROM sweep"); replications != info.replications)
    return fmt::format("it has {} replication{} a point, this sweep {}", replications, replications == 1 ? "" : "s", info.replications);
  std::vector<std::string> keys;
  for (SQLite::Statement query(database, "SELECT key FROM keys ORDER BY ordinal"); query.executeStep();)
    keys.push_back(query.getColumn(0).getString());
  if (keys != info.keys) return fmt::format("it varies {}; this sweep {}", fmt::join(keys, ", "), fmt::join(info.keys, ", "));
  std::vector<std::vector<std::string>> points;
  SQLite::Statement query(database, "SELECT point, text FROM settings ORDER BY point, ordinal");
  while (query.executeStep()) {
    const auto point = static_cast<std::size_t>(query.getColumn(0).getInt64());
    if (point > points.size()) return "its points are not whole";
    if (point == points.size()) points.emplace_back();
    points[point].push_back(query.getColumn(1).getString());
  }
  if (points.size() != info.points.size()) return fmt::format("it visits {} points, this sweep {}", points.size(), info.points.size());
  const auto [there, here] = std::ranges::mismatch(points, info.points);
  if (there == points.end()) return "";
  return fmt::format("its point {} is {}, this sweep's is {}", there - points.begin(), fmt::join(*there, ", "), fmt::join(*here, ", "));
}

}  // namespace

struct SweepStore::Store {
  fs::path file;
  SQLite::Database database;
  std::size_t points;
  ino_t inode = 0;

  Store(const fs::path& path, std::size_t count)
      : file(path), database(fs::absolute(path).string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE), points(count) {}
};

SweepStore::SweepStore(const fs::path& file, const SweepInfo& info) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) refuse(file, fmt::format("there is no folder {}", folder.string()));
  if (fs::exists(file, ignored) && !fs::is_regular_file(file, ignored)) refuse(file, "it is no file");
  try {
    store_ = std::make_unique<Store>(file, info.points.size());
    SQLite::Database& database = store_->database;
    // The lock is held from here to the end: two sweeps into one file would undo each other.
    database.exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=NORMAL; BEGIN EXCLUSIVE; COMMIT");
    struct stat made {};
    if (stat(file.c_str(), &made) == 0) store_->inode = made.st_ino;
    const bool empty = number(database, "SELECT count(*) FROM sqlite_master") == 0;
    if (empty) {
      make(database, info);
      return;
    }
    if (number(database, "PRAGMA application_id") != sweep_application_id) refuse(file, "a file of this name is there, and is no sweep");
    if (const auto version = number(database, "PRAGMA user_version"); version != sweep_schema_version)
      refuse(file, fmt::format("its tables are of version {}, this program's of {}", version, sweep_schema_version));
    if (const std::string why = difference(database, info); !why.empty()) refuse(file, why);
  } catch (const SQLite::Exception& failure) {
    const bool busy = failure.getErrorCode() == 5;      // SQLITE_BUSY
    const bool foreign = failure.getErrorCode() == 26;  // SQLITE_NOTADB
    if (foreign) refuse(file, "a file of this name is there, and is no sweep");
    throw std::runtime_error(refusal(file, busy ? "another program has it open" : failure.what()));
  }
}

SweepStore::~SweepStore() = default;

void SweepStore::check_in_place() const {
  struct stat named {};
  const bool there = stat(store_->file.c_str(), &named) == 0;
  if (!there || named.st_ino != store_->inode) {
    throw std::runtime_error(store_->file.string() + ": was removed or replaced while the sweep ran; its points are lost");
  }
}

std::vector<bool> SweepStore::finished() const {
  std::vector<bool> there(store_->points, false);
  SQLite::Statement query(store_->database, "SELECT point FROM points");
  while (query.executeStep()) there.at(static_cast<std::size_t>(query.getColumn(0).getInt64())) = true;
  return there;
}

void SweepStore::add(const SweepResult& result, const SweepWork& work) try {
  SQLite::Database& database = store_->database;
  SQLite::Transaction all(database);
  SQLite::Statement point(database, "INSERT OR IGNORE INTO points VALUES (?, ?)");
  (Binder(point) << result.point << result.calls).run();
  if (database.getChanges() == 0) return;
  SQLite::Statement verdict(database, "INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?)");
  for (std::size_t place = 0; place < result.verdicts.size(); ++place) {
    const Verdict& each = result.verdicts[place];
    (Binder(verdict) << result.point << place << each.kind << each.name << each.entity << each.text).run();
  }
  SQLite::Statement measure(database, "INSERT INTO measures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (std::size_t place = 0; place < result.measures.size(); ++place) {
    const Measure& each = result.measures[place];
    (Binder(measure) << result.point << place << each.name << each.entity << each.unit << each.mean << each.low << each.high << each.n << each.note)
        .run();
  }
  SQLite::Statement how(database, "INSERT INTO work VALUES (?, ?, ?, ?)");
  (Binder(how) << result.point << work.rank << work.wall_s << work.finished).run();
  all.commit();
} catch (const SQLite::Exception& failure) {
  throw std::runtime_error(fmt::format("{}: cannot write the result of point {}: {}", store_->file.string(), result.point, failure.what()));
}

std::vector<SweepResult> SweepStore::results() const {
  std::vector<SweepResult> all;
  SQLite::Statement points(store_->database, "SELECT point, calls FROM points ORDER BY point");
  SQLite::Statement verdicts(store_->database, "SELECT verdict, name, entity, text FROM verdicts WHERE point = ? ORDER BY ordinal");
  SQLite::Statement measures(store_->database, "SELECT name, entity, unit, mean, low, high, n, note FROM measures WHERE point = ? ORDER BY ordinal");
  while (points.executeStep()) {
    SweepResult& result = all.emplace_back();
    Columns(points) >> result.point >> result.calls;
    for (verdicts.bind(1, result.point); verdicts.executeStep();) {
      Verdict& verdict = result.verdicts.emplace_back();
      verdict.kind = static_cast<Verdict::Kind>(verdicts.getColumn(0).getInt());
      verdict.name = verdicts.getColumn(1).getString();
      verdict.entity = verdicts.getColumn(2).getString();
      verdict.text = verdicts.getColumn(3).getString();
    }
    verdicts.reset();
    for (measures.bind(1, result.point); measures.executeStep();) {
      Measure& measure = result.measures.emplace_back();
      Columns(measures) >> measure.name >> measure.entity >> measure.unit >> measure.mean >> measure.low >> measure.high >> measure.n >> measure.note;
    }
    measures.reset();
  }
  return all;
}

}  // namespace trunklab
