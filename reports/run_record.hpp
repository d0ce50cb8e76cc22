// Writes a run record: one SQLite file with every call, attempt, event and measure of a run. RECORD.md describes its tables.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "models/measures/fault_impact.hpp"
#include "models/measures/measure.hpp"
#include "models/record/record.hpp"
#include "reports/objectives.hpp"
#include "reports/run_info.hpp"

namespace trunklab {

/// PRAGMA user_version of the records that this build writes, and the only one that it reads.
inline constexpr int record_schema_version = 4;
/// PRAGMA application_id: "trkl".
inline constexpr std::int32_t record_application_id = 0x74726B6C;

/// Rows go to a temporary file beside the target (`NAME.PID.partial`), which finish() completes and renames: nothing half-written ever
/// carries the target's name. Every failure is a std::runtime_error naming the file and the attempt.
class RunRecordWriter : public RunSink {
 public:
  enum class End : std::uint8_t {
    complete,
    incomplete,  ///< interrupted: readable, and marked as such; measures may be missing
  };

  /// Throws if the target's name is empty, if it exists and is no run record of ours, or if its folder is missing or cannot be written to.
  RunRecordWriter(std::filesystem::path target, const RunInfo& info, const Directory& directory);
  /// Without finish() nothing is left behind, and an older record of this name stays.
  ~RunRecordWriter() override;
  RunRecordWriter(const RunRecordWriter&) = delete;
  RunRecordWriter& operator=(const RunRecordWriter&) = delete;

  void begin_replication(std::uint32_t replication) override;
  void calls(std::span<const CallRecord> rows) override;
  void attempts(std::span<const Attempt> rows) override;
  void events(std::span<const RunEvent> rows) override;
  void samples(std::span<const Sample> rows) override;
  void ghosts(std::span<const Ghost> rows) override;
  void hits(std::span<const Hit> rows) override;

  void measures(std::span<const Measure> rows);
  /// The impacts of one replication, as TwinComparison gives them.
  void impacts(std::uint32_t replication, std::span<const FaultImpact> rows);
  void advice(std::span<const AdviceRow> rows);
  void verdicts(std::span<const Verdict> rows);
  void remarks(std::span<const Remark> rows);
  /// The measures of one replication alone.
  void replication_measures(std::uint32_t replication, std::span<const Measure> rows);

  /// Closes the file and gives it its name. Nothing may be written afterwards.
  void finish(End end, const WallClock& wall);

 private:
  struct Store;
  std::unique_ptr<Store> store_;
};

}  // namespace trunklab
