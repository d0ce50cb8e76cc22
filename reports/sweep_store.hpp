// The result of a sweep: one SQLite file with a row for every point and measure, that grows point by point and can be gone on with after a kill.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/measures/measure.hpp"
#include "reports/objectives.hpp"

namespace trunklab {

/// PRAGMA application_id: "trks".
inline constexpr std::int32_t sweep_application_id = 0x74726B73;
inline constexpr int sweep_schema_version = 1;

/// What makes two sweeps the same one. A sweep goes on only if all of it is equal.
struct SweepInfo {
  std::string version;        ///< of the program
  std::string scenario_name;  ///< for people
  std::string scenario_text;
  std::uint64_t seed = 0;
  std::uint32_t replications = 1;
  std::vector<std::string> keys;                 ///< that are varied
  std::vector<std::vector<std::string>> points;  ///< each one's values, as many as there are keys
};

/// What a point came to.
struct SweepResult {
  std::uint32_t point = 0;  ///< index into SweepInfo::points
  std::uint64_t calls = 0;  ///< offered, all replications
  std::vector<Verdict> verdicts;
  std::vector<Measure> measures;
};

/// How a point was run: differs from one time to the next.
struct SweepWork {
  int rank = 0;
  double wall_s = 0;
  std::string finished;  ///< UTC, ISO 8601
};

/// One document: what was swept, and each point with its settings and measures, a point a line.
std::string sweep_json(const SweepInfo& info, std::span<const SweepResult> results);

/// The name given for the result is no good: it is something else, or another sweep's.
class NotThisSweep : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class SweepStore {
 public:
  /// Makes the file, or opens the one that a sweep left unfinished (or finished). Throws NotThisSweep naming the file and why: there is no such
  /// folder, it is something else, or another sweep (what differs is named). Throws std::runtime_error likewise: it is open in another process, or
  /// cannot be written to.
  SweepStore(const std::filesystem::path& file, const SweepInfo& info);
  ~SweepStore();
  SweepStore(const SweepStore&) = delete;
  SweepStore& operator=(const SweepStore&) = delete;

  /// One for each point: is its result there?
  [[nodiscard]] std::vector<bool> finished() const;
  /// Committed when this returns. A point that is there already stays as it is.
  void add(const SweepResult& result, const SweepWork& work);
  /// Throws std::runtime_error if the file is not there any more, or is another one.
  void check_in_place() const;
  /// All that is there, by point.
  [[nodiscard]] std::vector<SweepResult> results() const;

 private:
  struct Store;
  std::unique_ptr<Store> store_;
};

}  // namespace trunklab
