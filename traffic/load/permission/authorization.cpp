// Reading authorizations.
#include "traffic/load/permission/authorization.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "scenarios/file_text.hpp"
#include "scenarios/reading.hpp"
#include "scenarios/time_text.hpp"
#include "scenarios/yaml_tree.hpp"

namespace trunklab {

namespace {

constexpr std::size_t bytes_max = 100'000;

std::optional<std::int64_t> read_instant(Reading& reading, const YamlNode& node) {
  const auto written = parse_iso8601(node.text);
  if (written && written->utc_offset_s) return written->unix_ns;
  reading.mistake(node.place, described(node), "an instant with its offset: 2026-03-02T09:00:00+01:00");
  return std::nullopt;
}

/// Control characters would end up in a terminal.
std::optional<std::string> read_words(Reading& reading, const YamlNode& node, const char* expected) {
  auto text = reading.text(node, expected);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  if (!text || std::ranges::none_of(*text, is_control)) return text;
  reading.mistake(node.place, described(node), expected);
  return std::nullopt;
}

void read_hosts(Reading& reading, const YamlNode& node, std::vector<std::string>& hosts) {
  for (const YamlNode& item : reading.list(node, "host names")) {
    auto host = read_words(reading, item, "a host name");
    if (!host) continue;
    std::ranges::transform(*host, host->begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    hosts.push_back(*host);
  }
  if (reading.clean() && hosts.empty()) reading.mistake(node.place, "no host name", "those that may be called");
}

}  // namespace

std::string Authorization::text() const {
  return fmt::format("{}{}, {} to {}, at most {:g} calls/s and {} calls at the same time", contact, reference.empty() ? "" : " (" + reference + ")",
                     iso8601(from_unix_ns, 0), iso8601(until_unix_ns, 0), calls_per_second.value(), sessions);
}

Result<Authorization> read_authorization(const std::filesystem::path& path) {
  const auto text = read_text(path.string(), bytes_max);
  if (!text) return text.problems();
  const auto tree = parse_yaml(text.value(), path.string());
  if (!tree) return tree.problems();
  Reading reading(path.string());
  const Fields fields(reading, tree.value(), "an authorization", {"contact", "reference", "from", "until", "hosts", "calls_per_second", "sessions"});
  Authorization given;
  if (const auto* node = fields.need("contact", "whom to call at the carrier")) set(given.contact, read_words(reading, *node, "whom to call"));
  if (const auto* node = fields.find("reference")) set(given.reference, read_words(reading, *node, "a ticket or contract"));
  if (const auto* node = fields.need("from", "the window's beginning")) set(given.from_unix_ns, read_instant(reading, *node));
  if (const auto* node = fields.need("until", "the window's end")) {
    set(given.until_unix_ns, read_instant(reading, *node));
    if (reading.clean() && given.until_unix_ns <= given.from_unix_ns) reading.mistake(node->place, described(*node), "an instant after 'from'");
  }
  if (const auto* node = fields.need("hosts", "the host names that may be called")) read_hosts(reading, *node, given.hosts);
  constexpr double rate_max = 1e6;
  constexpr std::uint64_t sessions_max = 1'000'000;
  if (const auto* node = fields.need("calls_per_second", "how many calls a second were agreed on")) {
    if (const auto rate = reading.number(*node, 0, rate_max)) {
      if (*rate > 0)
        given.calls_per_second = CallsPerSecond{*rate};
      else
        reading.mistake(node->place, described(*node), "a number above 0");
    }
  }
  if (const auto* node = fields.need("sessions", "how many calls at the same time were agreed on")) {
    set(given.sessions, reading.whole(*node, 1, sessions_max));
  }
  if (!reading.clean()) return reading.problems();
  return given;
}

}  // namespace trunklab
