// Reads `caps:`, the limits that the service applies.
#include <limits>

#include <fmt/format.h>

#include "scenarios/reader_parts.hpp"

namespace trunklab {
namespace {

using namespace std::chrono_literals;

/// Records name the refusing cap in a byte; so many are enough (ours).
constexpr std::size_t caps_max = 126;

void read_mode(Reading& reading, const Fields& fields, CapSpec& cap) {
  const YamlNode* const mode = fields.find("mode");
  if (mode) {
    set(cap.mode, reading.choice(*mode, {"reject", "queue", "drop"}, {CapSpec::Mode::reject, CapSpec::Mode::queue, CapSpec::Mode::drop}));
  }
  const bool queues = cap.mode == CapSpec::Mode::queue;
  if (mode && queues && (!fields.find("cps") || fields.find("sessions"))) {
    reading.mistake(mode->place, fields.find("sessions") ? "mode: queue beside sessions" : "mode: queue without cps",
                    "mode: queue for a limit of cps only; nobody knows when a session ends");
  }
  if (const YamlNode* wait = fields.find("longest_wait")) {
    set(cap.longest_wait, reading.span(*wait, 1ms, 10min));
    if (!queues) reading.mistake(wait->place, "longest_wait without mode: queue", "longest_wait only beside that mode");
  }
  if (const YamlNode* counts = fields.find("counts")) {
    set(cap.counts, reading.choice(*counts, {"authenticated", "every_invite"}, {CapSpec::Counts::authenticated, CapSpec::Counts::every_invite}));
  }
}

CapSpec read_cap(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, "a cap", {"scope", "cps", "burst", "sessions", "code", "retry_after", "mode", "longest_wait", "counts"});
  CapSpec cap;
  if (const YamlNode* scope = fields.need("scope", "one of edge, region, account, source_address")) {
    set(cap.scope, reading.choice(*scope, {"edge", "region", "account", "source_address"},
                                  {CapScope::edge, CapScope::region, CapScope::account, CapScope::source_address}));
  }
  const YamlNode* const cps = fields.find("cps");
  const YamlNode* const sessions = fields.find("sessions");
  if (cps) set(cap.cps, reading.rate(*cps));
  if (sessions) {
    if (const auto count = reading.whole(*sessions, 1, std::numeric_limits<std::uint32_t>::max())) cap.sessions = static_cast<std::uint32_t>(*count);
  }
  if (!cps && !sessions && node.kind == YamlNode::Kind::mapping) reading.mistake(node.place, "a cap without a limit", "cps, sessions or both");
  if (const YamlNode* burst = fields.find("burst")) {
    set(cap.burst, reading.number(*burst, 1, 1e6));
    if (!cps) reading.mistake(burst->place, "burst without cps", "burst only beside cps");
  }
  if (const YamlNode* code = fields.find("code")) set(cap.code, reading.whole(*code, 400, 699));
  if (const YamlNode* after = fields.find("retry_after")) set(cap.retry_after, reading.span(*after, 0s, day));
  read_mode(reading, fields, cap);
  return cap;
}

}  // namespace

std::vector<CapSpec> read_caps(Reading& reading, const YamlNode& node) {
  std::vector<CapSpec> caps;
  for (const YamlNode& item : reading.list(node, "caps")) caps.push_back(read_cap(reading, item));
  if (caps.size() > caps_max) reading.mistake(node.place, fmt::format("{} caps", caps.size()), fmt::format("at most {} caps", caps_max));
  return caps;
}

}  // namespace trunklab
