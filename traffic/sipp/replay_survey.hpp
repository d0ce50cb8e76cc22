// A first look at all calls of a plan: how many SIPp processes each group takes, and how fast they must create calls.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <optional>
#include <vector>

#include "traffic/sipp/replay_plan.hpp"

namespace trunklab {

/// Limits of one SIPp process (ours; measured on two cores with caller and answerer on the same machine: docs/generate.md).
struct SippLimits {
  std::uint32_t calls_a_second = 1000;  ///< begun in any whole second
  std::uint32_t concurrent = 20'000;
  std::uint32_t concurrent_with_media = 1'000;  ///< RTP of SIPp 3.6.1 is reported to stop at some 1,250 streams (SIPp issue 568)
  Span lead = std::chrono::seconds{5};          ///< calls are created so much before the first one is due
};

/// What one group's files hold.
struct GroupSurvey {
  std::uint64_t calls = 0;
  std::uint32_t peak_a_second = 0;  ///< calls due in one second
  std::uint32_t concurrent = 0;     ///< most calls in progress
  double calls_ahead = 0;           ///< least constant rate of creation (1/s) that has every call ready when it is due
  Span last_over{};                 ///< from the start until the last call is over
  std::uint32_t shards = 1;
  std::map<Outcome, std::uint64_t> outcomes;
};

/// Reads the whole plan. nullopt: `stop` was set meanwhile.
std::optional<std::vector<GroupSurvey>> survey(ReplayPlan plan, const SippLimits& limits, const std::atomic<bool>* stop);

}  // namespace trunklab
