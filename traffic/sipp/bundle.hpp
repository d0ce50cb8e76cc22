// A bundle: a folder with everything that SIPp needs to play a scenario's calls, on loopback, without trunklab.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "traffic/sipp/not_played.hpp"
#include "traffic/sipp/replay_survey.hpp"

namespace trunklab {

struct BundleWishes {
  std::uint32_t replication = 0;
  SippLimits limits;
  std::string made_by;                                          ///< "trunklab 0.1.0"
  const std::atomic<bool>* stop = nullptr;                      ///< once set, nothing is left behind
  std::function<void(double share, std::uint64_t)> progress{};  ///< may be empty; share of the horizon, calls written
};

/// What was written.
struct BundleSummary {
  std::vector<ReplayGroup> groups;
  std::vector<GroupSurvey> surveys;  ///< by group
  std::vector<NotPlayed> left_out;
  bool stopped = false;  ///< by `stop`: nothing was written
};

/// Why the folder cannot take a bundle; empty if it can. A folder that is there must be a bundle, or empty: nothing else is ever replaced.
std::string why_no_bundle(const std::filesystem::path& folder);

/// Writes the bundle beside `folder` and renames it. Problems: the scenario's traces, or a timetable without calls.
/// Throws std::runtime_error naming the file if it cannot be written, or if why_no_bundle says so. Then nothing is left behind.
Result<BundleSummary> write_bundle(const Scenario& scenario, const std::filesystem::path& folder, const BundleWishes& wishes);

}  // namespace trunklab
