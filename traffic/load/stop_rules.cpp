// Reasons to stop.
#include "traffic/load/stop_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace trunklab {

std::string reason_to_stop(const StopRules& rules, const LoadCounts& counts) {
  for (const std::uint16_t code : rules.codes) {
    const auto refused = counts.refused.find(code);
    if (refused != counts.refused.end()) return fmt::format("an attempt was refused with {}", code);
  }
  if (rules.byes && counts.orphaned > 0) return fmt::format("nobody answered the BYE of {} calls", counts.orphaned);
  const auto failed = std::ranges::count(counts.recent, true);
  constexpr std::size_t enough = 10;  // fewer calls say nothing (ours)
  const double share = counts.recent.empty() ? 0 : static_cast<double>(failed) / static_cast<double>(counts.recent.size());
  if (rules.failed && counts.recent.size() >= enough && share > *rules.failed) {
    return fmt::format("{} of the last {} calls failed", failed, counts.recent.size());
  }
  if (rules.late && counts.latest_ms > in_seconds(*rules.late) * 1e3) return fmt::format("a call was sent {:.0f} ms too late", counts.latest_ms);
  if (rules.at_once && counts.sent - counts.over > *rules.at_once) return fmt::format("{} calls are up", counts.sent - counts.over);
  if (rules.until_ns) {
    const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
    if (now.count() >= *rules.until_ns) return "the authorization's window is over";
  }
  std::error_code ignored;
  if (rules.file && std::filesystem::exists(*rules.file, ignored)) return fmt::format("{} is there", rules.file->string());
  return {};
}

}  // namespace trunklab
