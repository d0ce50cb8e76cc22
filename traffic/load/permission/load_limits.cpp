// Peaks of a timetable.
#include "traffic/load/permission/load_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "scenarios/time_text.hpp"

namespace trunklab {

namespace {

/// The call's own end, and what a call may take at most to get there: answers that come late, a BYE that is repeated (RFC 3261, 64*T1).
constexpr double tail_ms = 32'000;

}  // namespace

ReplayPeak peak_of(const OpenBundle& bundle) {
  ReplayPeak peak;
  std::vector<double> due;
  std::vector<std::pair<double, int>> steps;
  for (const BundleShard& shard : bundle.shards) {
    for (const BundleRow& row : shard.rows) {
      due.push_back(row.due_ms);
      const double over = row.due_ms + row.patience_ms + row.talk_ms;
      steps.emplace_back(row.due_ms, 1);
      steps.emplace_back(over, -1);
      peak.over_s = std::max(peak.over_s, (over + tail_ms) / 1e3);
    }
  }
  peak.calls = due.size();
  std::ranges::sort(due);
  constexpr double second_ms = 1e3;
  for (std::size_t first = 0, last = 0; last < due.size(); ++last) {
    while (due[last] - due[first] >= second_ms) ++first;
    peak.calls_per_second = std::max(peak.calls_per_second, static_cast<double>(last - first + 1));
  }
  std::ranges::sort(steps);
  std::int64_t now = 0;
  for (const auto& [at, step] : steps) {
    now += step;
    peak.at_once = std::max(peak.at_once, static_cast<std::uint64_t>(std::max<std::int64_t>(now, 0)));
  }
  return peak;
}

double worst_cost(const OpenBundle& bundle, const CallPrice& price) {
  const double increment = in_seconds(price.increment);
  double billed_s = 0;
  for (const BundleShard& shard : bundle.shards) {
    for (const BundleRow& row : shard.rows) billed_s += std::max(1.0, std::ceil(row.talk_ms / 1e3 / increment)) * increment;
  }
  constexpr double stuck_s = 1800;
  billed_s += static_cast<double>(peak_of(bundle).at_once) * std::ceil(stuck_s / increment) * increment;
  return billed_s / 60 * price.per_minute;
}

Problems beyond_limits(const OpenBundle& bundle, const LoadLimits& limits, const Authorization* authorization, std::int64_t start_unix_ns) {
  Problems problems;
  const ReplayPeak peak = peak_of(bundle);
  const auto at_most = [&problems](const std::string& where, double found, std::optional<double> most, const char* unit) {
    if (most && found > *most) problems.push_back({where, fmt::format("{:g} {}", found, unit), fmt::format("at most {:g}", *most)});
  };
  const auto number = [](const std::optional<std::uint64_t>& value) { return value ? std::optional(static_cast<double>(*value)) : std::nullopt; };
  at_most("--max-cps", peak.calls_per_second, limits.calls_per_second, "calls in the busiest second");
  at_most("--max-concurrent", static_cast<double>(peak.at_once), number(limits.at_once), "calls at the same time, each as long as it may take");
  at_most("--max-calls", static_cast<double>(peak.calls), number(limits.calls), "calls");
  if (limits.budget) at_most("--budget", worst_cost(bundle, limits.price), limits.budget, "in the worst case");
  if (authorization == nullptr) return problems;
  at_most("--authorization: calls_per_second, less what --leave-free leaves to production", peak.calls_per_second,
          authorization->calls_per_second.value() - limits.free_calls_per_second, "calls in the busiest second");
  at_most("--authorization: sessions, less what --leave-free leaves to production", static_cast<double>(peak.at_once),
          static_cast<double>(authorization->sessions) - static_cast<double>(limits.free_sessions),
          "calls at the same time, each as long as it may take");
  constexpr double ns_in_s = 1e9;
  const std::int64_t over = start_unix_ns + static_cast<std::int64_t>(peak.over_s * ns_in_s);
  if (start_unix_ns < authorization->from_unix_ns || over > authorization->until_unix_ns) {
    problems.push_back({"--authorization: window", fmt::format("calls from {} to {}", iso8601(start_unix_ns, 0), iso8601(over, 0)),
                        fmt::format("{} to {}", iso8601(authorization->from_unix_ns, 0), iso8601(authorization->until_unix_ns, 0))});
  }
  return problems;
}

}  // namespace trunklab
