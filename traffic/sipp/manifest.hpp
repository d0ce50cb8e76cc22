// What a bundle says of itself: manifest.json for programs, README.md for people, shards.txt for run.sh.
#pragma once

#include <string>
#include <vector>

#include "traffic/sipp/bundle.hpp"
#include "traffic/sipp/bundle_file.hpp"

namespace trunklab {

/// Version of the bundle's format.
inline constexpr int bundle_version = 1;
/// A manifest begins with this text: by it a bundle is known.
std::string_view manifest_opening();

/// The SIPp that the scenario files were written for and tried with.
inline constexpr std::string_view sipp_version = "3.6.1";

std::string manifest_json(const Scenario& scenario, const BundleWishes& wishes, const BundleSummary& summary, const std::vector<FileHash>& files);
std::string bundle_readme(const Scenario& scenario, const BundleWishes& wishes, const BundleSummary& summary);

/// What run.sh starts, one line a SIPp process: `answerer GROUP SET TARGET TRANSPORT HOST_NAME` and `caller GROUP SHARD SET CALLS RATE TRANSPORT
/// HOME`, where SET says whose answerers it calls; and `lead SECONDS`.
std::string shards_text(const BundleSummary& summary, const SippLimits& limits);

/// Where a group's files are in the bundle, and its logs in a folder of logs: "groups/stockholm".
std::string group_folder(const ReplayGroup& group);

/// Calls that a shard's file holds: dealt out in turn.
std::uint64_t calls_in_shard(const GroupSurvey& group, std::uint32_t shard);

}  // namespace trunklab
