// The writing side of the run record.
#include "reports/run_record.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "models/record/words.hpp"
#include "reports/record_schema.hpp"
#include "reports/sql_values.hpp"

namespace trunklab {
namespace {

namespace fs = std::filesystem;

std::string marks(int count) {
  std::string text = "(?";
  for (int mark = 1; mark < count; ++mark) text += ",?";
  return text + ')';
}

std::string insert_into(const char* table, int columns) {
  return fmt::format("INSERT INTO {} VALUES {}", table, marks(columns));
}

const char* word_of(CallDetail detail) {
  switch (detail) {
    case CallDetail::all: return "all";
    case CallDetail::failed: return "failed";
    case CallDetail::none: return "none";
  }
  assert(false);
  return "";
}

[[noreturn]] void refuse(const fs::path& target, std::string_view why) {
  throw std::runtime_error(fmt::format("{}{}cannot write the run record: {}", target.string(), target.empty() ? "" : ": ", why));
}

/// SQLite would only say that it is unable to open a database file, and not which of these is the reason.
void refuse_bad_place(const fs::path& target) {
  if (target.empty()) refuse(target, "its name is empty");
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  std::error_code ignored;
  const fs::file_type type = fs::status(folder, ignored).type();
  if (type == fs::file_type::not_found) refuse(target, fmt::format("there is no folder {}", folder.string()));
  if (type == fs::file_type::none || type == fs::file_type::unknown)
    refuse(target, fmt::format("the folder {} cannot be looked into", folder.string()));
  if (type != fs::file_type::directory) refuse(target, fmt::format("{} is not a folder", folder.string()));
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    refuse(target, fmt::format("the folder {} cannot be written to: {}", folder.string(), std::strerror(errno)));
  }
  if (!target.has_filename() || fs::is_directory(target, ignored)) refuse(target, "it is a folder");
}

/// May a record of ours take this name? Anything else that is there stays.
void refuse_foreign_file(const fs::path& target) {
  if (!fs::exists(target)) return;
  if (access(target.c_str(), R_OK) != 0) refuse(target, "the file exists, and there is no permission to see whether it is a run record");
  std::int32_t application = 0;
  try {
    const SQLite::Database database(target.string(), SQLite::OPEN_READONLY);
    SQLite::Statement query(database, "PRAGMA application_id");
    if (query.executeStep()) application = query.getColumn(0).getInt();
  } catch (const SQLite::Exception&) {
    application = 0;
  }
  if (application != record_application_id) refuse(target, "the file exists and is not a run record");
}

/// A name of this process only: two runs that write the same record do not meet before they are finished.
fs::path partial_of(const fs::path& target) {
  return fmt::format("{}.{}.partial", target.string(), getpid());
}

/// Removes what processes left behind that were killed while they wrote this record.
void remove_orphans(const fs::path& target) {
  const std::string prefix = target.filename().string() + ".";
  constexpr std::string_view suffix = ".partial";
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(target.has_parent_path() ? target.parent_path() : ".", ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() <= prefix.size() + suffix.size()) continue;
    const std::string_view digits = std::string_view(name).substr(prefix.size(), name.size() - prefix.size() - suffix.size());
    pid_t process = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), process);
    const bool is_number = error == std::errc{} && end == digits.data() + digits.size() && process > 0;
    if (is_number && kill(process, 0) == -1 && errno == ESRCH) fs::remove(entry.path(), ignored);
  }
}

}  // namespace

struct RunRecordWriter::Store {
  fs::path target;
  fs::path partial;
  std::optional<SQLite::Database> database;
  std::optional<SQLite::Statement> call, attempt, event, sample, ghost, hit;
  std::uint32_t replication = 0;

  explicit Store(fs::path wanted) : target(std::move(wanted)), partial(partial_of(target)) {}
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store() {
    const bool unfinished = database.has_value();
    close();
    std::error_code ignored;
    if (unfinished) fs::remove(partial, ignored);
  }

  /// Runs a step; a failure of the file becomes one exception that names the file and the step.
  template <class Step>
  void attempt_to(const char* what, const Step& step) {
    try {
      step();
    } catch (const std::exception& failure) {
      throw std::runtime_error(fmt::format("{}: cannot {}: {}", partial.string(), what, failure.what()));
    }
  }

  void open(const RunInfo& info, const Directory& directory);
  void add_heading(const RunInfo& info);
  void add_directory(const Directory& directory);
  void add_sites(const Directory& directory);
  void close() {
    for (auto* statement : {&call, &attempt, &event, &sample, &ghost, &hit}) statement->reset();
    database.reset();
  }
};

void RunRecordWriter::Store::open(const RunInfo& info, const Directory& directory) {
  remove_orphans(target);
  fs::remove(partial);
  database.emplace(partial.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  // The file has no name worth protecting until it is finished: no journal, no waiting for the disk.
  database->exec("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-16000;");
  database->exec(fmt::format("PRAGMA application_id={}; PRAGMA user_version={};", record_application_id, record_schema_version));
  database->exec("BEGIN");
  database->exec(record_tables());
  database->exec(record_views());
  add_heading(info);
  add_directory(directory);
  call.emplace(*database, insert_into("calls", 27));
  attempt.emplace(*database, insert_into("attempts", 15));
  event.emplace(*database, insert_into("events", 7));
  sample.emplace(*database, insert_into("series", 6));
  ghost.emplace(*database, insert_into("ghosts", 11));
  hit.emplace(*database, insert_into("hits", 10));
}

void RunRecordWriter::Store::add_heading(const RunInfo& info) {
  SQLite::Statement row(*database, insert_into("run", 18));
  Binder bind(row);
  bind << info.who << info.version << info.scenario_name << info.scenario_path << info.scenario_text << std::to_string(info.seed);
  bind << info.replications << info.horizon_start_unix_ns << info.utc_offset_s << info.horizon << info.measure_from;
  info.batch_length == endless ? bind.null() : bind << info.batch_length;
  bind << std::string{word_of(info.detail)} << info.series_step << info.prices.currency << info.prices.minute << info.prices.lost_call << 0;
  bind.run();
}

void RunRecordWriter::Store::add_sites(const Directory& directory) {
  SQLite::Statement row(*database, insert_into("sites", 5));
  SQLite::Statement name_row(*database, insert_into("site_names", 2));
  for (std::size_t site = 0; site < directory.sites.size(); ++site) {
    Binder bind(row);
    bind << site << directory.sites[site];
    if (directory.site_settings.empty()) {
      bind.null().null().null().run();
      continue;
    }
    const Directory::SiteSettings& settings = directory.site_settings.at(site);
    (bind << settings.channels << settings.probes << settings.no_response).run();
    for (const std::uint16_t region : settings.names) (Binder(name_row) << site << region).run();
  }
}

void RunRecordWriter::Store::add_directory(const Directory& directory) {
  const auto fill = [this](const char* table, int columns, const auto& items, const auto& bind_item) {
    SQLite::Statement row(*database, insert_into(table, columns));
    for (std::size_t id = 0; id < items.size(); ++id) {
      Binder bind(row);
      bind << id;
      bind_item(bind, items[id]);
      bind.run();
    }
  };
  add_sites(directory);
  fill("regions", 2, directory.regions, [](Binder& bind, const std::string& name) { bind << name; });
  fill("edges", 3, directory.edges, [](Binder& bind, const Directory::Edge& edge) { bind << edge.name << edge.region; });
  fill("demands", 3, directory.demands, [](Binder& bind, const Directory::Demand& demand) { bind << demand.name << demand.site; });
  fill("faults", 4, directory.faults, [](Binder& bind, const Directory::Fault& fault) { bind << fault.text << fault.from << fault.until; });
  fill("random_faults", 2, directory.random_faults, [](Binder& bind, const std::string& text) { bind << text; });
  fill("codecs", 2, directory.codecs, [](Binder& bind, const std::string& text) { bind << text; });
  SQLite::Statement touched(*database, insert_into("fault_edges", 2));
  SQLite::Statement watched(*database, insert_into("fault_watchers", 2));
  for (std::size_t fault = 0; fault < directory.faults.size(); ++fault) {
    for (const EdgeIndex edge : directory.faults[fault].edges) (Binder(touched) << fault << edge).run();
    for (const std::uint16_t site : directory.faults[fault].watchers) (Binder(watched) << fault << site).run();
  }
  fill("caps", 5, directory.caps,
       [](Binder& bind, const Directory::Cap& cap) { bind << cap.text << std::string{word(cap.scope)} << cap.cps << cap.sessions; });
}

RunRecordWriter::RunRecordWriter(fs::path target, const RunInfo& info, const Directory& directory)
    : store_(std::make_unique<Store>(std::move(target))) {
  refuse_bad_place(store_->target);
  refuse_foreign_file(store_->target);
  store_->attempt_to("create the run record", [&] { store_->open(info, directory); });
}

RunRecordWriter::~RunRecordWriter() = default;

void RunRecordWriter::begin_replication(std::uint32_t replication) {
  store_->replication = replication;
}

void RunRecordWriter::calls(std::span<const CallRecord> rows) {
  store_->attempt_to("add calls", [&] {
    for (const CallRecord& call : rows) {
      Binder bind(*store_->call);
      bind << store_->replication << call.id << call.site;
      bind << call.offered << call.progressed << call.answered << call.ended << call.queued << call.stuck_site << call.stuck_carrier;
      bind << call.outcome << call.ending << call.reason << call.released_by;
      bind.index_or_null(call.edge) << call.attempts;
      bind.index_or_null(call.cap) << call.code << call.private_caller_id << call.ports << call.audio;
      bind.index_or_null(call.codecs);
      call.media_address == no_address ? bind.null() : bind << call.media_address;
      call.r_factor > 0 ? bind << static_cast<double>(call.r_factor) : bind.null();
      bind.run();
    }
  });
}

void RunRecordWriter::attempts(std::span<const Attempt> rows) {
  store_->attempt_to("add attempts", [&] {
    for (const Attempt& attempt : rows) {
      Binder bind(*store_->attempt);
      bind << store_->replication << attempt.call << attempt.number;
      bind.index_or_null(attempt.edge) << attempt.end;
      bind.index_or_null(attempt.cap) << attempt.code << q850_cause(attempt.code);
      bind << attempt.sent << attempt.trying << attempt.ringing << attempt.finished;
      bind.run();
    }
  });
}

void RunRecordWriter::events(std::span<const RunEvent> rows) {
  store_->attempt_to("add events", [&] {
    for (const RunEvent& event : rows) {
      Binder bind(*store_->event);
      bind << store_->replication << event.at << event.kind;
      bind.index_or_null(event.edge) << event.site;
      bind.index_or_null(event.cap) << event.value;
      bind.run();
    }
  });
}

void RunRecordWriter::samples(std::span<const Sample> rows) {
  store_->attempt_to("add samples", [&] {
    for (const Sample& sample : rows) {
      Binder bind(*store_->sample);
      bind << store_->replication << sample.at << sample.metric << sample.kind << sample.index << sample.value;
      bind.run();
    }
  });
}

void RunRecordWriter::ghosts(std::span<const Ghost> rows) {
  store_->attempt_to("add ghosts", [&] {
    for (const Ghost& ghost : rows) {
      Binder bind(*store_->ghost);
      bind << store_->replication << ghost.call << ghost.number;
      bind.index_or_null(ghost.edge) << ghost.given_up << ghost.rang << ghost.answered << ghost.ended;
      bind.run();
    }
  });
}

void RunRecordWriter::hits(std::span<const Hit> rows) {
  store_->attempt_to("add hits", [&] {
    for (const Hit& hit : rows) {
      Binder bind(*store_->hit);
      bind << store_->replication << hit.call << hit.fault << hit.effect << hit.phase << hit.later << hit.lost_talk;
      bind.run();
    }
  });
}

void RunRecordWriter::measures(std::span<const Measure> rows) {
  store_->attempt_to("add measures", [&] {
    SQLite::Statement statement(*store_->database, insert_into("measures", 8));
    for (const Measure& row : rows) {
      Binder bind(statement);
      bind << row.name << row.entity << row.unit << row.mean << row.low << row.high << row.n << row.note;
      bind.run();
    }
  });
}

void RunRecordWriter::impacts(std::uint32_t replication, std::span<const FaultImpact> rows) {
  store_->attempt_to("add impacts", [&] {
    SQLite::Statement statement(*store_->database, insert_into("impacts", 24));
    for (const FaultImpact& row : rows) {
      Binder bind(statement);
      bind << replication << row.fault;
      for (const ImpactGroup& group : {row.fresh, row.in_setup, row.talking}) {
        bind << group.hit << group.lost << group.delayed << group.orphaned << group.gained;
      }
      bind << row.failover_s << row.not_before_repair << row.return_s << row.extra_delay_s;
      bind << row.stuck_site_s << row.stuck_carrier_s << row.lost_talk_s;
      bind.run();
    }
  });
}

void RunRecordWriter::advice(std::span<const AdviceRow> rows) {
  store_->attempt_to("add advice", [&] {
    SQLite::Statement statement(*store_->database, insert_into("advice", 6));
    for (std::size_t ordinal = 0; ordinal < rows.size(); ++ordinal) {
      const AdviceRow& row = rows[ordinal];
      Binder bind(statement);
      bind << ordinal << row.setting << row.text << row.calls_hit << row.calls_lost << row.failover_s;
      bind.run();
    }
  });
}

void RunRecordWriter::verdicts(std::span<const Verdict> rows) {
  store_->attempt_to("add objectives", [&] {
    SQLite::Statement statement(*store_->database, insert_into("objectives", 5));
    for (std::size_t ordinal = 0; ordinal < rows.size(); ++ordinal) {
      const Verdict& row = rows[ordinal];
      (Binder(statement) << ordinal << std::string{word(row.kind)} << row.name << row.entity << row.text).run();
    }
  });
}

void RunRecordWriter::remarks(std::span<const Remark> rows) {
  store_->attempt_to("add remarks", [&] {
    SQLite::Statement statement(*store_->database, insert_into("remarks", 4));
    for (std::size_t ordinal = 0; ordinal < rows.size(); ++ordinal) {
      const Remark& row = rows[ordinal];
      (Binder(statement) << ordinal << std::string{word(row.kind)} << row.where << row.text).run();
    }
  });
}

void RunRecordWriter::replication_measures(std::uint32_t replication, std::span<const Measure> rows) {
  store_->attempt_to("add measures of a replication", [&] {
    SQLite::Statement statement(*store_->database, insert_into("replication_measures", 5));
    for (const Measure& row : rows) (Binder(statement) << replication << row.name << row.entity << row.unit << row.mean).run();
  });
}

void RunRecordWriter::finish(End end, const WallClock& wall) {
  assert(store_->database);
  store_->attempt_to("finish the run record", [&] {
    SQLite::Statement statement(*store_->database, insert_into("wall", 3));
    Binder bind(statement);
    bind << wall.started << wall.finished << wall.wall_s;
    bind.run();
    store_->database->exec(fmt::format("UPDATE run SET complete={}; COMMIT", end == End::complete ? 1 : 0));
  });
  // From here on a failure leaves the whole partial file: it is worth more than nothing.
  store_->close();
  store_->attempt_to("give the run record its name", [&] { fs::rename(store_->partial, store_->target); });
}

}  // namespace trunklab
