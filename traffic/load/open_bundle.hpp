// A bundle read back: checked against its checksums, with the rows that shall be played.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/result.hpp"
#include "scenarios/scenario.hpp"
#include "traffic/sipp/replay_group.hpp"

namespace trunklab {

/// Which calls of a bundle are played.
struct LoadShape {
  Span from{};           ///< calls due before are left out; the replay begins here
  Span until = endless;  ///< calls due from here on are left out
  Span ramp{};           ///< the share grows evenly from 0 to `scale` in the first so long
  Probability scale{1};  ///< this share of the calls. Nested: whoever is played at 0.3 is played at 0.5 too
};

/// One call of a bundle's call file.
struct BundleRow {
  std::string call;        ///< "retail.12.34"
  double due_ms = 0;       ///< after the replay's start
  double patience_ms = 0;  ///< the caller gives up so long after the due time
  double talk_ms = 0;
  double over_ms = 0;    ///< when it is over if all goes well
  std::string expected;  ///< how it ends if nothing comes in between: "answered", "busy", ...
  bool caller_hangs_up = true;
  std::string line;  ///< for SIPp; its due time is that of the replay
};

/// What one SIPp process plays.
struct BundleShard {
  std::uint16_t group = 0;  ///< index into OpenBundle::groups
  std::uint32_t number = 0;
  std::vector<BundleRow> rows;
  double rate = 0;  ///< least constant rate of creation (1/s) that has every call ready when it is due
};

struct OpenBundle {
  std::filesystem::path folder;
  Scenario scenario;  ///< with the bundle's seed
  std::uint32_t replication = 0;
  std::vector<ReplayGroup> groups;
  std::vector<BundleShard> shards;  ///< those with rows
  std::uint64_t calls = 0;          ///< rows in all shards
  Span lead{};                      ///< calls are created so much before the first one is due
};

/// Problems: no bundle, files that are not those that were generated, a row that is not one of ours (a number that does not begin with 999), no call
/// left by the shape.
Result<OpenBundle> open_bundle(const std::filesystem::path& folder, const LoadShape& shape);

/// Leaves the bundle every `parts`-th call of each shard, beginning with the `part`-th: part in [0, parts). A shard may be left without any.
void keep_part(OpenBundle& bundle, std::size_t part, std::size_t parts);

/// The shard's first call that is expected to be answered (else its first), due at once, hung up by us after two seconds of talk.
BundleRow canary_row(const BundleShard& shard);

/// The first calls of each shard at one even rate in all, with half a second of talk: what a self-test plays. calls_per_second > 0. Fewer calls than
/// the duration holds if the bundle has no more.
OpenBundle at_even_rate(const OpenBundle& bundle, double calls_per_second, Span duration);

/// The share in [0, 1) that stands for a call: played if it is below LoadShape::scale. A function of its name alone.
double share_of(std::string_view call);

}  // namespace trunklab
