// Reads single values and reports what is wrong with them.
#include "scenarios/reading.hpp"

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include <fmt/format.h>

#include "scenarios/nearest_word.hpp"
#include "scenarios/quantity_text.hpp"

namespace trunklab {
namespace {

constexpr std::size_t shown_max = 60;
constexpr std::size_t name_letters_max = 64;
constexpr double rate_max = 1e6;

constexpr std::string_view a_span = "a duration such as 180s, 3min or 500ms";
constexpr std::string_view a_rate = "a rate such as 3/s, 12/min or 500/h";
constexpr std::string_view a_percentage = "a percentage such as 70%";

/// How the parts are written whose form people get wrong, by the name that messages give them.
struct Form {
  std::string_view what;
  std::string_view example;
};
constexpr Form forms[]{
    {"a horizon", "{ start: 2026-03-02T08:00:00Z, duration: 4h }"},
    {"a site", "{ routing: { target: fqdn, regions: [euc1, use1] } }"},
    {"routing", "{ target: fqdn, regions: [euc1, use1] }"},
    {"a probe", "{ every: 30s, timeout: 3s }"},
    {"names", "{ ttl: 60s, answer: one }"},
    {"a cap", "{ scope: account, cps: 10/s }"},
    {"rtt", "{ euc1: 32ms, use1: 110ms }"},
    {"a demand", "{ arrivals: { process: poisson, rate: 10/min }, holding: 180s }"},
    {"a row of the table", "{ from: 0h, rate: 1/s }"},
    {"where", "{ column: outcome, is: answered }"},
    {"answer", "{ answered: 70%, busy: 12%, no_answer: 15%, rejected: 3% }"},
    {"a fault", "{ at: 2h, for: 15min, edge: euc1/1, kind: crash }"},
    {"repeat", "{ times: 5, every: 10min }"},
    {"random", "{ mtbf: 60d, mttr: 20min }"},
    {"zones", "{ zone-a: [euc1/1, use1/1] }"},
    {"capacity", "{ service_time: 2ms, workers: 4 }"},
    {"authentication", "{ code: 407, challenge: remembered }"},
    {"a callback", "{ latency: 200ms, timeout: 5s }"},
    {"answers", "{ connect_pstn: 90%, hang_up: 10% }"},
    {"drain", "{ code: 503, retry_after: 60s }"},
    {"origination", "{ no_response: 4s, cookie_bytes: 300 }"},
    {"tcp", "{ user_timeout: 30s, keepalive: 60s }"},
    {"firewall", "{ allow: [euc1/1, euc1/2] }"},
    {"media of a firewall", "{ direction: out, ports: 10000-20000 }"},
    {"media", "{ allocator: rtpengine, addresses: { most: 4, start_up: 60s } }"},
    {"addresses", "{ least: 1, most: 4, scale_out: 80%, start_up: 60s }"},
    {"leaks", "{ offers: 2%, offer_timeout: 1h }"},
    {"taken_by_others", "{ rate: 1/s, holding: 30s }"},
    {"rtp_ports", "{ range: 16384-32767, allocator: asterisk }"},
    {"a codec", "{ codec: G.729, ptime: 30ms }"},
    {"an offer", "{ share: 70%, offer: [G.711a] }"},
    {"traits", "{ Opus: { ie: 2, bpl: 20, cores: 0.002 } }"},
    {"a contact centre", "{ agents: 40 }"},
    {"a hold-down", "{ for: 60s, on: [no_response, 503], trip: { failures: 2, of: 5 } }"},
    {"trip", "{ failures: 2, of: 5 }"},
    {"a destination", "{ prefix: 4670, share: 30% }"},
    {"redial", "{ probability: 60%, delay: 30s, most: 3 }"},
    {"lint", "{ silence: [one-region] }"},
    {"objectives", "{ blocking: 1%, failover: 10s }"},
    {"prices", "{ currency: EUR, minute: 0.02, lost_call: 5 }"},
};

std::string mapping_expected(std::string_view what, std::span<const std::string_view> keys) {
  const auto* const form = std::ranges::find(forms, what, &Form::what);
  if (form != std::end(forms)) return fmt::format("{}: a mapping such as {}", what, form->example);
  return fmt::format("{}: a mapping with keys from {}", what, listed(keys));
}

/// Keys that stand one level too high, and where they go.
struct Misplaced {
  std::string_view what;
  std::string_view key;
  std::string_view expected;
};
constexpr Misplaced misplaced[]{
    {"a scenario", "caps", "it below service: service: { preset: sinch, caps: [{ scope: account, cps: 10/s }] }"},
    {"a scenario", "names", "it below service: service: { preset: sinch, names: { ttl: 60s } }"},
    {"a scenario", "authentication", "it below service: service: { preset: sinch, authentication: { challenge: remembered } }"},
    {"a scenario", "callback", "it below service: service: { preset: sinch, callback: { latency: 200ms } }"},
    {"a scenario", "capacity", "it below service: service: { preset: sinch, capacity: { service_time: 2ms } }"},
    {"a scenario", "media", "it below service: service: { preset: sinch, media: { addresses: { most: 4 } } }"},
    {"a scenario", "zones", "it below service: service: { preset: sinch, zones: { zone-a: [euc1/1, use1/1] } }"},
    {"a scenario", "regions", "it below service: service: { preset: sinch, regions: { lab: { host_name: lab.example.com, edges: [192.0.2.1] } } }"},
};

std::string key_expected(std::string_view what, std::string_view key, std::span<const std::string_view> keys) {
  for (const Misplaced& each : misplaced) {
    if (each.what == what && each.key == key) return std::string(each.expected);
  }
  return choices(key, keys);
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string in_quotes(std::string_view text) {
  const bool cut = text.size() > shown_max;
  if (cut) text = text.substr(0, shown_max);
  // Not in the middle of a UTF-8 character.
  while (cut && !text.empty() && (static_cast<unsigned char>(text.back()) & 0x80U) != 0) text.remove_suffix(1);
  std::string shown(text);
  std::ranges::replace_if(
      shown, [](char c) { return (c >= 0 && c < ' ') || c == '\x7F'; }, ' ');
  return fmt::format("'{}{}'", shown, cut ? "..." : "");
}

std::string described(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::nothing: return "nothing";
    case YamlNode::Kind::list: return "a list";
    case YamlNode::Kind::mapping: return "a mapping";
    case YamlNode::Kind::scalar: break;
  }
  return in_quotes(node.text);
}

void Reading::mistake(Place place, std::string found, std::string expected) {
  mistake(Problem{where_text(path_, place), std::move(found), std::move(expected)});
}

void Reading::mistake(Problem problem) {
  if (full()) return;
  if (problems_.size() == problems_max) problem = {path_, fmt::format("more than {} mistakes", problems_max), "fewer"};
  problems_.push_back(std::move(problem));
}

std::optional<Span> Reading::span(const YamlNode& node, Span least, Span most) {
  const std::optional<Span> value = parse_span(node.text);
  if (value && *value >= least && *value <= most) return value;
  mistake(node.place, described(node), value ? fmt::format("a duration from {} to {}", span_text(least), span_text(most)) : std::string(a_span));
  return std::nullopt;
}

std::optional<CallsPerSecond> Reading::rate(const YamlNode& node, bool zero_too) {
  const std::optional<CallsPerSecond> value = parse_rate(node.text);
  if (value && value->value() <= rate_max && (zero_too || value->value() > 0)) return value;
  mistake(node.place, described(node),
          value ? fmt::format("a rate {} and at most {:.0f}/s", zero_too ? "from 0/s" : "above 0/s", rate_max) : std::string(a_rate));
  return std::nullopt;
}

std::optional<Probability> Reading::share(const YamlNode& node, bool zero_too) {
  const std::optional<double> value = parse_percentage(node.text);
  if (value && *value <= 1 && (zero_too || *value > 0)) return Probability{*value};
  mistake(node.place, described(node),
          value ? fmt::format("a percentage {}", zero_too ? "from 0% to 100%" : "above 0% and at most 100%") : std::string(a_percentage));
  return std::nullopt;
}

std::optional<double> Reading::factor(const YamlNode& node) {
  constexpr double factor_max = 1000;
  const std::optional<double> value = parse_percentage(node.text);
  if (value && *value <= factor_max) return value;
  mistake(node.place, described(node), value ? "a percentage from 0% to 100000%" : "a percentage such as 100% or 250%");
  return std::nullopt;
}

std::optional<double> Reading::number(const YamlNode& node, double least, double most) {
  const std::optional<double> value = node.quoted ? std::nullopt : parse_number(node.text);
  if (value && *value >= least && *value <= most) return value;
  mistake(node.place, described(node), fmt::format("a number from {} to {}, without quotes or unit", least, most));
  return std::nullopt;
}

std::optional<std::uint64_t> Reading::whole(const YamlNode& node, std::uint64_t least, std::uint64_t most) {
  const std::optional<std::uint64_t> value = node.quoted ? std::nullopt : parse_whole(node.text);
  if (value && *value >= least && *value <= most) return value;
  mistake(node.place, described(node), fmt::format("a whole number from {} to {}, without quotes or unit", least, most));
  return std::nullopt;
}

std::optional<std::uint16_t> Reading::code(const YamlNode& node, std::uint16_t least) {
  const std::optional<std::uint64_t> value = whole(node, least, 699);
  if (!value) return std::nullopt;
  return static_cast<std::uint16_t>(*value);
}

std::optional<bool> Reading::flag(const YamlNode& node) {
  const bool plain = node.kind == YamlNode::Kind::scalar && !node.quoted;
  if (plain && node.text == "true") return true;
  if (plain && node.text == "false") return false;
  mistake(node.place, described(node), "true or false, without quotes");
  return std::nullopt;
}

std::optional<std::string> Reading::text(const YamlNode& node, std::string_view expected) {
  if (node.kind == YamlNode::Kind::scalar && !node.text.empty()) return node.text;
  mistake(node.place, described(node), std::string(expected));
  return std::nullopt;
}

std::optional<std::size_t> Reading::choice(const YamlNode& node, std::span<const std::string_view> words) {
  if (node.kind == YamlNode::Kind::scalar) {
    if (const auto found = std::ranges::find(words, node.text); found != words.end()) return static_cast<std::size_t>(found - words.begin());
  }
  if (!full()) mistake(node.place, described(node), choices(node.text, words));
  return std::nullopt;
}

std::span<const YamlNode> Reading::list(const YamlNode& node, std::string_view of_what) {
  if (node.kind == YamlNode::Kind::list) return node.items;
  mistake(node.place, described(node), fmt::format("a list of {}", of_what));
  return {};
}

std::optional<std::string> Reading::file(const YamlNode& node) {
  const std::optional<std::string> name = text(node, "the path of a file, from the folder of the scenario");
  if (!name) return std::nullopt;
  return (std::filesystem::path(path_).parent_path() / *name).string();
}

bool Reading::is_name(const YamlKey& key) {
  const auto fits = [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'; };
  if (!key.text.empty() && key.text.size() <= name_letters_max && is_letter(key.text.front()) && std::ranges::all_of(key.text, fits)) return true;
  mistake(key.place, in_quotes(key.text), "a name: a letter, then letters, digits, '_', '.' or '-', at most 64 in all");
  return false;
}

Fields::Fields(Reading& reading, const YamlNode& node, std::string_view what, std::span<const std::string_view> keys)
    : reading_(reading), node_(node) {
  if (node.kind != YamlNode::Kind::mapping) {
    reading.mistake(node.place, described(node), mapping_expected(what, keys));
    return;
  }
  std::unordered_set<std::string_view> seen;
  for (const YamlKey& key : node.keys) {
    if (reading.full()) return;
    if (std::ranges::find(keys, key.text) == keys.end()) {
      reading.mistake(key.place, "unknown key " + in_quotes(key.text), key_expected(what, key.text, keys));
    } else if (!seen.insert(key.text).second) {
      reading.mistake(key.place, in_quotes(key.text) + " a second time", "every key once");
    }
  }
}

const YamlNode* find_key(const YamlNode& node, std::string_view key) {
  const auto found = std::ranges::find(node.keys, key, &YamlKey::text);
  return found == node.keys.end() ? nullptr : &node.items[static_cast<std::size_t>(found - node.keys.begin())];
}

const YamlNode* Fields::find(std::string_view key) const {
  return find_key(node_, key);
}

const YamlNode* Fields::need(std::string_view key, std::string_view expected) const {
  const YamlNode* const node = find(key);
  if (!node && node_.kind == YamlNode::Kind::mapping) reading_.mistake(node_.place, fmt::format("no '{}'", key), std::string(expected));
  return node;
}

std::vector<std::size_t> named_entries(Reading& reading, const YamlNode& node, std::string_view of_what) {
  if (node.kind != YamlNode::Kind::mapping || node.keys.empty()) {
    reading.mistake(node.place, node.kind == YamlNode::Kind::mapping ? "an empty mapping" : described(node),
                    fmt::format("a mapping from names to {}", of_what));
    return {};
  }
  std::vector<std::size_t> sound;
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    if (!reading.is_name(node.keys[i])) continue;
    if (!seen.insert(node.keys[i].text).second) {
      reading.mistake(node.keys[i].place, in_quotes(node.keys[i].text) + " a second time", "every name once");
      continue;
    }
    sound.push_back(i);
  }
  return sound;
}

}  // namespace trunklab
