// Reads a run record back, in the order in which it was written.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <SQLiteCpp/Database.h>

#include "models/measures/fault_impact.hpp"
#include "models/measures/measure.hpp"
#include "models/record/record.hpp"
#include "reports/objectives.hpp"
#include "reports/run_info.hpp"

namespace trunklab {

/// A run record opened read-only. Every failure is a std::runtime_error naming the file: it is missing, may not be read, is no run record, truncated,
/// or of another version than this build writes.
class RunRecord {
 public:
  explicit RunRecord(std::filesystem::path file);
  ~RunRecord();
  RunRecord(const RunRecord&) = delete;
  RunRecord& operator=(const RunRecord&) = delete;

  [[nodiscard]] const std::filesystem::path& file() const;
  [[nodiscard]] const RunInfo& info() const;
  [[nodiscard]] const Directory& directory() const;
  [[nodiscard]] const WallClock& wall() const;
  /// False: the run was interrupted.
  [[nodiscard]] bool complete() const;

  /// Each streams one table into the sink, in spans, with begin_replication where the replication changes.
  void calls(RunSink& sink) const;
  void attempts(RunSink& sink) const;
  void events(RunSink& sink) const;
  void samples(RunSink& sink) const;
  void ghosts(RunSink& sink) const;
  void hits(RunSink& sink) const;

  /// As stored.
  [[nodiscard]] std::vector<Measure> measures() const;
  /// One vector a replication, as stored; empty if the run had no twin.
  [[nodiscard]] std::vector<std::vector<FaultImpact>> impacts() const;
  [[nodiscard]] std::vector<AdviceRow> advice() const;
  /// The objectives, and whether they were met.
  [[nodiscard]] std::vector<Verdict> verdicts() const;
  [[nodiscard]] std::vector<Remark> remarks() const;
  /// The measures of each replication alone, without intervals, in the order of measures(); empty if there was but one.
  [[nodiscard]] std::vector<std::vector<Measure>> replication_measures() const;

  /// The tables themselves, for exports that go by column rather than by meaning.
  [[nodiscard]] const SQLite::Database& database() const;

 private:
  struct Store;
  std::unique_ptr<Store> store_;
};

/// The measures of the calls, attempts and ghosts tables, recomputed by the code that the simulator uses online (all but concurrent_*, which it
/// integrates as it goes). Of an interrupted run the last replication counts as far as it went. Throws std::runtime_error if the record does not hold
/// every call.
std::vector<Measure> recompute(const RunRecord& record);

/// The stored measures, with recomputed ones where the run was interrupted before there were any.
std::vector<Measure> measures_of(const RunRecord& record);

}  // namespace trunklab
