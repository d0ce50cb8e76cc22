// Counting the calls of a plan.
#include "traffic/sipp/replay_survey.hpp"

#include <algorithm>
#include <functional>
#include <queue>

namespace trunklab {

namespace {

/// One group's calls in progress and those of the second under way.
struct Running {
  std::priority_queue<Instant, std::vector<Instant>, std::greater<>> ends;
  std::int64_t second = -1;
  std::uint32_t in_second = 0;
};

std::uint32_t processes(std::uint32_t amount, std::uint32_t limit) {
  return (amount + limit - 1) / limit;
}

void look_at(const ReplayCall& call, const SippLimits& limits, GroupSurvey& seen, Running& running) {
  ++seen.calls;
  ++seen.outcomes[call.fate.outcome];
  const Instant due = call.planned.at;
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(due - run_start).count();
  if (second != running.second) running.in_second = 0;
  running.second = second;
  seen.peak_a_second = std::max(seen.peak_a_second, ++running.in_second);
  seen.calls_ahead = std::max(seen.calls_ahead, static_cast<double>(seen.calls) / (in_seconds(due) + in_seconds(limits.lead)));
  while (!running.ends.empty() && running.ends.top() <= due) running.ends.pop();
  const Span talk = call.fate.outcome == Outcome::answered ? call.planned.talk : Span::zero();
  running.ends.push(due + call.fate.decided + talk);
  seen.concurrent = std::max(seen.concurrent, static_cast<std::uint32_t>(running.ends.size()));
  seen.last_over = std::max(seen.last_over, due + call.fate.decided + talk - run_start);
}

}  // namespace

std::optional<std::vector<GroupSurvey>> survey(ReplayPlan plan, const SippLimits& limits, const std::atomic<bool>* stop) {
  const std::vector<ReplayGroup> specs = plan.groups();
  std::vector<GroupSurvey> groups(specs.size());
  std::vector<Running> running(groups.size());
  constexpr unsigned calls_between_looks = 0xFFF;
  ReplayCall call;
  for (unsigned count = 0; plan.next(call); ++count) {
    if ((count & calls_between_looks) == 0 && stop != nullptr && *stop) return std::nullopt;
    look_at(call, limits, groups[call.group], running[call.group]);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    GroupSurvey& group = groups[i];
    const std::uint32_t concurrent = specs[i].media ? limits.concurrent_with_media : limits.concurrent;
    group.shards = std::max({1U, processes(group.peak_a_second, limits.calls_a_second), processes(group.concurrent, concurrent)});
  }
  return groups;
}

}  // namespace trunklab
